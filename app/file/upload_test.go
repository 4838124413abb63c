package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// A file comes in parts, over breaks, from two windows and by any node, and is
// whole once.
func TestUpload(t *testing.T) {
	each(t, func(h *house) {
		body := pdf(3*MaxPart/2 + 1000)
		u, err := h.Begin(h.ctx, edition, scope, "C:\\talks\\Päivän  \"esitys\"\u202e.pdf", int64(len(body)))
		h.must(err)
		first, rest := body[:MaxPart], body[MaxPart:]
		refuse := func(what, key string, kind fail.Kind, id, scope string, offset int64, part []byte) {
			h.t.Helper()
			if _, err := h.Append(h.ctx, id, scope, offset, part); !fail.Is(err, kind) || keyOf(err) != key {
				h.t.Errorf("%s: %v", what, err)
			}
		}
		refuse("another scope", "file.upload_gone", fail.NotFound, u.ID, "session:2", 0, first)
		refuse("another sending", "file.upload_gone", fail.NotFound, "nothing", scope, 0, first)
		refuse("a later part first", "file.offset", fail.Conflict, u.ID, scope, MaxPart, rest)
		refuse("too large a part", "file.part_too_large", fail.TooLarge, u.ID, scope, 0, append(bytes.Clone(first), 1))
		u, err = h.Append(h.ctx, u.ID, scope, 0, first)
		h.must(err)
		if u.Received != MaxPart || u.FileID != "" || h.rows("file") != 0 {
			h.t.Errorf("after one part: %+v", u)
		}
		refuse("the same part again", "file.offset", fail.Conflict, u.ID, scope, 0, first)
		// Another node goes on, and its answer is lost: the last part comes twice.
		other := New(h.db, h.now, h.store, h.temp)
		whole, err := other.Append(h.ctx, u.ID, scope, MaxPart, rest)
		h.must(err)
		refuse("the last part again", "file.offset", fail.Conflict, u.ID, scope, MaxPart, rest)
		again, err := h.Uploading(h.ctx, u.ID, scope)
		h.must(err)
		if again.FileID == "" || again.FileID != whole.FileID || again.Received != int64(len(body)) {
			h.t.Errorf("asked again: %+v, was %+v", again, whole)
		}
		f, err := h.ByID(h.ctx, whole.FileID)
		h.must(err)
		sum := sha256.Sum256(body)
		want := File{ID: f.ID, EditionID: edition, Scope: scope, Name: "Päivän esitys.pdf", Kind: "pdf", Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:]),
			Reading: Wanted, CreatedAt: f.CreatedAt}
		if f != want {
			h.t.Errorf("%+v\nwant %+v", f, want)
		}
		if !bytes.Equal(h.bytesOf(f), body) {
			h.t.Error("other bytes come out than went in")
		}
		r, err := h.Open(h.ctx, f, 5, 3)
		h.must(err)
		if b, err := io.ReadAll(r); err != nil || string(b) != "1.7" {
			h.t.Errorf("a part of it: %q %v", b, err)
		}
		h.must(r.Close())
		if names := h.stored(); !slices.Equal(names, []string{stored(f.ID)}) {
			h.t.Errorf("stored are %q", names)
		}
	})
}

// What is refused is refused as early as it can be, and leaves nothing.
func TestUploadRefused(t *testing.T) {
	each(t, func(h *house) {
		for size, key := range map[int64]string{0: "file.refused.empty", -1: "file.refused.empty", MaxFile + 1: "file.too_large", 400 << 20: "file.too_large"} {
			if _, err := h.Begin(h.ctx, edition, scope, "a.pdf", size); !fail.Is(err, fail.Invalid) || keyOf(err) != key {
				h.t.Errorf("%d bytes: %v", size, err)
			}
		}
		h.nothing("too large")
		program := append([]byte("MZ\x90"), make([]byte, MaxPart)...)
		for name, c := range map[string]struct {
			parts [][]byte
			size  int
			want  string
		}{
			"a program, at its first part": {[][]byte{program[:MaxPart]}, 10 * MaxPart, "file.refused.program"},
			"a cut PDF, at its last":       {[][]byte{pdf(MaxPart), make([]byte, 200<<10)}, MaxPart + 200<<10, "file.refused.cut"},
			"more than was said":           {[][]byte{pdf(1000)}, 999, "file.longer_than_said"},
			"a wrong type behind the name": {[][]byte{[]byte("just words")}, 10, "file.refused.mislabelled"},
		} {
			u, err := h.Begin(h.ctx, edition, scope, "a.pdf", int64(c.size))
			h.must(err)
			offset := int64(0)
			for _, part := range c.parts {
				u, err = h.Append(h.ctx, u.ID, scope, offset, part)
				offset += int64(len(part))
			}
			if !fail.Is(err, fail.Invalid) || keyOf(err) != c.want {
				h.t.Errorf("%s: %v", name, err)
			}
			h.nothing(name)
		}
		u, err := h.Begin(h.ctx, edition, scope, "a.pdf", 10000)
		h.must(err)
		_, err = h.Append(h.ctx, u.ID, scope, 0, pdf(5000))
		h.must(err)
		if err := h.Abort(h.ctx, u.ID, "session:2"); !fail.Is(err, fail.NotFound) {
			h.t.Errorf("somebody else ends it: %v", err)
		}
		h.must(h.Abort(h.ctx, u.ID, scope))
		h.nothing("an end")
	})
}

// Many tiny parts are refused: they would fill a row.
func TestTinyParts(t *testing.T) {
	each(t, func(h *house) {
		u, err := h.Begin(h.ctx, edition, scope, "a.pdf", 100000)
		h.must(err)
		full := u
		full.Parts, full.Received = make(Parts, maxParts), 9
		h.must(h.db.Tx(h.ctx, func(ctx0 ctx, tx bun.Tx) error { return advance(ctx0, tx, full, 0) }))
		if _, err := h.Append(h.ctx, u.ID, scope, 9, []byte("x")); keyOf(err) != "file.parts_too_small" {
			h.t.Error(err)
		}
	})
}

// The same part from two windows at once is counted once.
func TestUploadTwice(t *testing.T) {
	each(t, func(h *house) {
		body := pdf(200_000)
		u, err := h.Begin(h.ctx, edition, scope, "a.pdf", int64(len(body)))
		h.must(err)
		for _, part := range [][]byte{body[:100_000], body[100_000:]} {
			var all sync.WaitGroup
			errs := make([]error, 4)
			offset := map[bool]int64{true: 0, false: 100_000}[bytes.Equal(part, body[:100_000])]
			for i := range errs {
				all.Go(func() { _, errs[i] = h.Append(h.ctx, u.ID, scope, offset, part) })
			}
			all.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
				} else if !fail.Is(err, fail.Conflict) {
					h.t.Error(err)
				}
			}
			if won != 1 {
				h.t.Errorf("at %d: %d won", offset, won)
			}
		}
		if h.rows("file") != 1 || len(h.stored()) != 1 {
			h.t.Errorf("%d files, stored %q", h.rows("file"), h.stored())
		}
	})
}

// A full disk, a store that is away and a sender who goes: nothing half-done, and
// what was received stays.
func TestUploadFaults(t *testing.T) {
	each(t, func(h *house) {
		body := pdf(300_000)
		u, err := h.Begin(h.ctx, edition, scope, "a.pdf", int64(len(body)))
		h.must(err)
		_, err = h.Append(h.ctx, u.ID, scope, 0, body[:100_000])
		h.must(err)
		before := h.stored()
		for fault, key := range map[error]string{
			&os.PathError{Op: "write", Err: syscall.ENOSPC}: "file.no_room", syscall.EDQUOT: "file.no_room", errors.New("no answer"): "file.away",
		} {
			h.store.set(fault, nil)
			for _, end := range []int{200_000, 300_000} {
				if _, err := h.Append(h.ctx, u.ID, scope, 100_000, body[100_000:end]); !fail.Is(err, fail.Busy) || keyOf(err) != key {
					h.t.Errorf("%v: %v", fault, err)
				}
			}
			if _, err := h.Take(h.ctx, edition, scope, "a.pdf", bytes.NewReader(body)); !fail.Is(err, fail.Busy) || keyOf(err) != key {
				h.t.Errorf("%v, whole: %v", fault, err)
			}
		}
		// The row cannot be written: its bytes go again.
		h.store.set(nil, func(string) {
			if _, err := h.db.Write.ExecContext(h.ctx, "UPDATE upload SET received = received + 1"); err != nil {
				h.t.Error(err)
			}
		})
		if _, err := h.Append(h.ctx, u.ID, scope, 100_000, body[100_000:]); !fail.Is(err, fail.Conflict) {
			h.t.Errorf("overtaken at the end: %v", err)
		}
		h.store.set(nil, nil)
		if now := h.stored(); !slices.Equal(now, before) || h.rows("file") != 0 {
			h.t.Errorf("stored %q, before %q; %d files", now, before, h.rows("file"))
		}
		_, err = h.db.Write.ExecContext(h.ctx, "UPDATE upload SET received = 100000")
		h.must(err)
		whole, err := h.Append(h.ctx, u.ID, scope, 100_000, body[100_000:])
		h.must(err)
		if f, err := h.ByID(h.ctx, whole.FileID); err != nil || !bytes.Equal(h.bytesOf(f), body) {
			h.t.Errorf("in the end: %v", err)
		}
		broken := io.MultiReader(bytes.NewReader(body[:1000]), &failing{})
		if _, err := h.Take(h.ctx, edition, scope, "a.pdf", broken); keyOf(err) != "file.refused.cut" {
			h.t.Errorf("a sender who goes: %v", err)
		}
		if _, err := h.Take(h.ctx, edition, scope, "a.pdf", io.MultiReader(bytes.NewReader(pdf(1000)), io.LimitReader(&zeros{}, MaxFile))); keyOf(err) != "file.too_large" {
			h.t.Errorf("too much: %v", err)
		}
		if n := h.rows("file"); n != 1 {
			h.t.Errorf("%d files", n)
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// One link cannot fill the disk: what waits in a scope is bounded.
func TestTooMuchWaits(t *testing.T) {
	each(t, func(h *house) {
		for range maxLoose / MaxFile {
			_, err := h.Begin(h.ctx, edition, scope, "a.pdf", MaxFile)
			h.must(err)
		}
		if _, err := h.Begin(h.ctx, edition, scope, "a.pdf", MaxFile); !fail.Is(err, fail.TooMany) {
			h.t.Error(err)
		}
		if _, err := h.Begin(h.ctx, edition, "session:2", "a.pdf", MaxFile); err != nil {
			h.t.Errorf("another scope: %v", err)
		}
	})
}
