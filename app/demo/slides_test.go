package demo

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/file"
	kinds "agora/app/file/content"
	"agora/app/material"
)

// filesOf makes a store of files in a folder of the test's own.
func filesOf(t testing.TB, d *db.DB, now time.Time) *file.Service {
	t.Helper()
	store, err := file.NewDisk(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	return file.New(d, func() time.Time { return now }, store, t.TempDir())
}

// testSlides: two speakers' slides are files, at the addresses that the links had.
func testSlides(t *testing.T, h *house) {
	by, err := h.material.OfEdition(t.Context(), find(t, h, Archive))
	if err != nil {
		t.Fatal(err)
	}
	var slugs []string
	for _, list := range by {
		for _, m := range list {
			if m.FileID != "" {
				slugs = append(slugs, m.Slug)
				if m.Kind != material.Slides || m.Version != 2 {
					t.Errorf("%s is %s, version %d", m.Slug, m.Kind, m.Version)
				}
			}
		}
	}
	if len(slugs) != 2 {
		t.Errorf("files: %v", slugs)
	}
}

// TestSlidesAreRead: the words of the printed slides come out again, letters
// beyond ASCII as well, so that the search finds them.
func TestSlidesAreRead(t *testing.T) {
	var decks []deckText
	if err := read("2016-slides", &decks); err != nil {
		t.Fatal(err)
	}
	for _, d := range decks {
		pdf, err := d.print(testNow)
		if err != nil {
			t.Fatal(err)
		}
		if size := len(pdf); size > 64<<10 {
			t.Errorf("%s has %d bytes", d.Name, size)
		}
		var words strings.Builder
		if err := kinds.Words(kinds.PDF, strings.NewReader(string(pdf)), int64(len(pdf)), &words); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(words.String()), " ")
		for _, page := range d.Pages {
			for _, line := range append(page.Lines, page.Heading) {
				if !strings.Contains(got, line) {
					t.Errorf("%s: %q is not in %q", d.Name, line, got)
				}
			}
		}
	}
}
