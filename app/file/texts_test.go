package file

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/uptrace/bun"
)

// Words are read once a file was taken up; what cannot be read is noted, and
// harms nobody.
func TestReadTexts(t *testing.T) {
	each(t, func(h *house) {
		keep := func(f File) File {
			h.t.Helper()
			h.must(h.db.Tx(h.ctx, func(c ctx, tx bun.Tx) error { _, err := Keep(c, tx, f.ID, edition, scope); return err }))
			return f
		}
		good, harmed, loose := keep(h.take("a.pptx", deck(h.t, "Tekoälyä kouluihin"))), keep(h.take("b.pdf", pdf(1000))), h.take("c.txt", []byte("sanoja"))
		gone := keep(h.take("d.txt", []byte("poissa")))
		h.must(h.store.Remove(h.ctx, stored(gone.ID)))
		if n, err := h.ReadTexts(h.ctx); n != 0 || err != nil {
			h.t.Errorf("without a reader: %d %v", n, err)
		}
		h.ReadWith(os.Args[0], "read-text")
		if n, err := h.ReadTexts(h.ctx); n != 3 || err != nil {
			h.t.Errorf("%d %v", n, err)
		}
		for id, want := range map[string]Reading{good.ID: Read, harmed.ID: Failed, loose.ID: Wanted, gone.ID: Failed} {
			if f, err := h.ByID(h.ctx, id); err != nil || f.Reading != want {
				h.t.Errorf("%s: %s, want %s", f.Name, f.Reading, want)
			}
		}
		var texts []Text
		h.must(h.db.Read.NewSelect().Model(&texts).Scan(h.ctx))
		if len(texts) != 1 || texts[0].FileID != good.ID || texts[0].Text != "Tekoälyä kouluihin" {
			h.t.Errorf("%+v", texts)
		}
		if n, err := h.ReadTexts(h.ctx); n != 0 || err != nil {
			h.t.Errorf("again: %d %v", n, err)
		}
		// The text goes with its file.
		_, err := h.db.Write.ExecContext(h.ctx, "DELETE FROM file")
		h.must(err)
		if h.rows("file_text") != 0 {
			h.t.Error("words without a file")
		}
	})
}

// A process that says too much is not listened to, one that gets nothing of ours
// cannot tell it, and a site that stops leaves the file for the next time.
func TestReaderIsBounded(t *testing.T) {
	each(t, func(h *house) {
		h.t.Setenv("AGORA_SECRET", "a secret of the site")
		script := func(text string) File {
			h.t.Helper()
			_, err := h.db.Write.ExecContext(h.ctx, "DELETE FROM file")
			h.must(err)
			f := h.take("a.txt", []byte("x"))
			_, err = h.db.Write.ExecContext(h.ctx, "UPDATE file SET kept = TRUE")
			h.must(err)
			h.ReadWith("/bin/sh", "-c", text)
			return f
		}
		read := func(f File) (Reading, string) {
			h.t.Helper()
			f, err := h.ByID(h.ctx, f.ID)
			h.must(err)
			var text []string
			h.must(h.db.Read.NewRaw("SELECT text FROM file_text").Scan(h.ctx, &text))
			return f.Reading, strings.Join(text, "")
		}
		f := script("env")
		_, err := h.ReadTexts(h.ctx)
		h.must(err)
		if _, text := read(f); strings.Contains(text, "secret") || !strings.Contains(text, "GOMAXPROCS=1") {
			h.t.Errorf("it gets %q", text)
		}
		f = script("yes sana; exit 1")
		_, err = h.ReadTexts(h.ctx)
		h.must(err)
		if reading, text := read(f); reading != Read || len(text) == 0 || len(text) > 1<<20 {
			h.t.Errorf("too much: %s, %d bytes", reading, len(text))
		}
		f = script("exit 1")
		_, err = h.ReadTexts(h.ctx)
		h.must(err)
		if reading, text := read(f); reading != Failed || text != "" {
			h.t.Errorf("nothing: %s %q", reading, text)
		}
		f = script("echo a word; read forever < /dev/zero")
		stopping, stop := context.WithCancel(h.ctx)
		stop()
		if _, err := h.ReadTexts(stopping); !errors.Is(err, context.Canceled) {
			h.t.Errorf("while stopping: %v", err)
		}
		if reading, _ := read(f); reading != Wanted {
			h.t.Errorf("while stopping: %s", reading)
		}
	})
}
