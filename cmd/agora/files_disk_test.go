package main

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestFullDiskWhileSending: a disk that is full is told in a sentence, nothing is
// left half-done, and the sending goes on when there is room again.
func TestFullDiskWhileSending(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	s := newSite(t, "", siteSeats, nil)
	link := ownerLink(ctx, s) // before the site's data moves to a disk of its own
	disk := onDiskOfItsOwn(s)
	s.start(ctx)
	o := newSender(ctx, s, link)
	body := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), 6<<20)...)
	body = append(body, "\nstartxref\n9\n%%EOF\n"...)
	base := "/desk" + siteEdition + "/uploads?for=edition:" + o.edition
	res := o.send(ctx, http.MethodPost, base, nil, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(len(body)), "Upload-Metadata", "filename YS5wZGY=")
	res.Body.Close()
	place := res.Header.Get("Location")
	if res.StatusCode != http.StatusCreated {
		t.Fatal(res.Status)
	}
	part := func(offset, end int) (int, string) {
		res := o.send(ctx, http.MethodPatch, place, bytes.NewReader(body[offset:end]), "Tus-Resumable", "1.0.0", "Accept-Language", "en",
			"Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b) + res.Header.Get("Upload-Offset")
	}
	if status, said := part(0, 4<<20); status != http.StatusNoContent {
		t.Fatal(status, said)
	}
	before := tree(t, disk())
	filler := filepath.Join(disk(), "filler")
	if err := fill(filler); err != nil {
		t.Fatal(err)
	}
	if status, said := part(4<<20, len(body)); status != http.StatusServiceUnavailable || !strings.Contains(said, "no room for the file") || !strings.HasSuffix(said, strconv.Itoa(4<<20)) {
		t.Errorf("a part on a full disk: %d %s", status, said)
	}
	if status, said := o.whole(ctx, bytes.Repeat(body, 5)); status != http.StatusServiceUnavailable || !strings.Contains(said, "There is no room for the file on the server") {
		t.Errorf("a form on a full disk: %d %.900s\n%s", status, said, s.log)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if after := tree(t, disk()); after != before {
		t.Errorf("left behind: %s, before: %s", after, before)
	}
	if status, said := part(4<<20, len(body)); status != http.StatusNoContent {
		t.Errorf("with room again: %d %s", status, said)
	}
}

// sender is an organiser who sends files for the edition.
type sender struct {
	*organiser
	edition string
}

// newSender opens the link and finds the edition.
func newSender(ctx context.Context, s *site, link string) *sender {
	s.t.Helper()
	o := enter(ctx, s, link)
	page := s.get(ctx, o.client, "/desk"+siteEdition+"/thanks/new")
	_, rest, _ := strings.Cut(string(page.Body), "uploads?for=edition:")
	id, _, found := strings.Cut(rest, `"`)
	if !found {
		s.t.Fatalf("%d %v\n%s", page.Status, page.Err, page.Body)
	}
	return &sender{o, id}
}

// whole sends a form with a file.
func (o *sender) whole(ctx context.Context, body []byte) (int, string) {
	o.site.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("logo_upload", "a.png")
	if err == nil {
		_, err = part.Write(body)
	}
	if err != nil || w.Close() != nil {
		o.site.t.Fatal(err)
	}
	res := o.send(ctx, http.MethodPost, "/desk"+siteEdition+"/thanks/new", &form, "Content-Type", w.FormDataContentType(), "Accept-Language", "en")
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(b)
}

// tree lists what lies in the folders of files.
func tree(t *testing.T, data string) string {
	t.Helper()
	var names []string
	for _, folder := range []string{"files", "temp"} {
		if err := filepath.WalkDir(filepath.Join(data, folder), func(path string, e os.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				names = append(names, filepath.Base(path))
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return strings.Join(names, " ")
}
