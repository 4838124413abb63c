package file

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// 250 MB pass through with little memory, in parts and whole, and come out again.
func TestLargeFileInLittleMemory(t *testing.T) {
	each(t, func(h *house) {
		if strings.HasSuffix(h.t.Name(), "s3") || strings.Contains(h.t.Name(), "PostgreSQL") {
			return // the bucket of the test stands in this process's memory
		}
		const most = 32 << 20
		runtime.GC()
		var start runtime.MemStats
		runtime.ReadMemStats(&start)
		peak := func(what string) {
			h.t.Helper()
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			if grown := int64(now.HeapInuse) - int64(start.HeapInuse); grown > most {
				h.t.Errorf("%s: %d MB of heap more", what, grown>>20)
			}
		}
		u, err := h.Begin(h.ctx, edition, scope, "a.pdf", MaxFile)
		h.must(err)
		part := make([]byte, MaxPart)
		for u.FileID == "" {
			next := part[:min(MaxPart, MaxFile-u.Received)]
			copy(next, "%PDF-1.7\n")
			copy(next[len(next)-32:], "\nstartxref\n9\n%%EOF\n")
			u, err = h.Append(h.ctx, u.ID, scope, u.Received, next)
			h.must(err)
			peak("a part")
		}
		f, err := h.ByID(h.ctx, u.FileID)
		h.must(err)
		r, err := h.Open(h.ctx, f, 0, -1)
		h.must(err)
		defer r.Close()
		again, err := h.Take(h.ctx, edition, scope, "a.pdf", r)
		h.must(err)
		peak("whole")
		if again.SHA256 != f.SHA256 || again.Size != MaxFile {
			h.t.Errorf("%+v became %+v", f, again)
		}
	})
}

// A day later what was cut off is gone; until then it can be gone on with.
func TestSweep(t *testing.T) {
	each(t, func(h *house) {
		body := pdf(300_000)
		cut, err := h.Begin(h.ctx, edition, scope, "a.pdf", int64(len(body)))
		h.must(err)
		_, err = h.Append(h.ctx, cut.ID, scope, 0, body[:100_000])
		h.must(err)
		loose, kept, let := h.take("loose.pdf", body), h.take("kept.pdf", body), h.take("let.pdf", body)
		tx := func(fn func(ctx, bun.Tx) error) { h.t.Helper(); h.must(h.db.Tx(h.ctx, fn)) }
		tx(func(c ctx, tx bun.Tx) error {
			if _, err := Keep(c, tx, kept.ID, edition, scope); err != nil {
				return err
			}
			for _, wrong := range [][3]string{{loose.ID, "edition-2", scope}, {loose.ID, edition, "session:2"}, {"nothing", edition, scope}} {
				if _, err := Keep(c, tx, wrong[0], wrong[1], wrong[2]); !fail.Is(err, fail.NotFound) {
					h.t.Errorf("%q: %v", wrong, err)
				}
			}
			for range 2 {
				if f, err := Keep(c, tx, let.ID, edition, scope); err != nil || !f.Kept || f.ID != let.ID {
					return errors.Join(err, errors.New("not kept"))
				}
			}
			return Drop(c, tx, let.ID)
		})
		// What a crash left in the store, and what is just being written.
		h.must(h.store.Store.Put(h.ctx, "file/0192-5555", strings.NewReader("x"), 1))
		h.must(h.store.Store.Put(h.ctx, "part/0192-5555", strings.NewReader("x"), 1))
		all := h.stored()
		h.at = h.at.Add(looseTime - time.Minute)
		if n, err := h.Sweep(h.ctx); err != nil || n != 0 || !slices.Equal(h.stored(), all) {
			h.t.Errorf("before a day: %d %v", n, err)
		}
		_, err = h.Append(h.ctx, cut.ID, scope, 100_000, body[100_000:200_000])
		h.must(err)
		h.at = h.at.Add(2 * time.Minute)
		if n, err := h.Sweep(h.ctx); err != nil || n != 4 {
			h.t.Errorf("after a day: %d %v", n, err)
		}
		if names := h.stored(); len(names) != 3 || !slices.Contains(names, stored(kept.ID)) {
			h.t.Errorf("stored %q", names)
		}
		whole, err := h.Append(h.ctx, cut.ID, scope, 200_000, body[200_000:])
		h.must(err)
		if f, err := h.ByID(h.ctx, whole.FileID); err != nil || !bytes.Equal(h.bytesOf(f), body) {
			h.t.Errorf("gone on with: %v", err)
		}
		h.at = h.at.Add(2 * looseTime)
		_, err = h.Sweep(h.ctx)
		h.must(err)
		if names := h.stored(); !slices.Equal(names, []string{stored(kept.ID)}) || h.rows("upload") != 0 || h.rows("file") != 1 {
			h.t.Errorf("in the end: %q, %d uploads, %d files", names, h.rows("upload"), h.rows("file"))
		}
		if _, err := h.ByID(h.ctx, loose.ID); !fail.Is(err, fail.NotFound) {
			h.t.Errorf("the loose one: %v", err)
		}
	})
}
