package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"strconv"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/file"
)

// aPicture is one that was taken up, so that everybody may see it.
func (h *webHouse) aPicture(e edition.Edition, scope string, keep bool) file.File {
	h.t.Helper()
	var b bytes.Buffer
	h.must(png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 60, 40))))
	f, err := h.Files.TakePicture(h.t.Context(), e.ID, scope, `Åsa "kuva"; x.png`, &b, file.Crop{})
	h.must(err)
	if keep {
		h.must(h.DB.Tx(h.t.Context(), func(ctx context.Context, tx bun.Tx) error {
			_, err := file.Keep(ctx, tx, f.ID, e.ID, scope)
			return err
		}))
	}
	return f
}

// TestPictures: only what was drawn anew and taken up has a public address, under
// its own edition.
func TestPictures(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	shown, loose, other := h.aPicture(e, "picture:1", true), h.aPicture(e, "picture:1", false), h.aPicture(e, "session:1", true)
	for path, want := range map[string]int{
		"/cmadfi/2027/pictures/" + shown.ID: http.StatusOK, "/cmadfi/2016/pictures/" + shown.ID: http.StatusNotFound,
		"/cmadfi/2027/pictures/" + loose.ID: http.StatusNotFound, "/cmadfi/2027/pictures/" + other.ID: http.StatusNotFound, "/cmadfi/2027/pictures/x": http.StatusNotFound,
	} {
		if a := h.get(asStranger, path); a.status != want {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// TestSendFile: ranges, names and what keeps a file from acting.
func TestSendFile(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	f := h.aPicture(e, "picture:1", true)
	path := "/cmadfi/2027/pictures/" + f.ID
	whole := h.get(asStranger, path)
	n := len(whole.body)
	if int64(n) != f.Size || whole.header.Get("Content-Length") != strconv.Itoa(n) || n < 50 {
		t.Fatalf("%d bytes of %d", n, f.Size)
	}
	etag, modified := whole.header.Get("ETag"), whole.header.Get("Last-Modified")
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Disposition":     `attachment; filename="_sa kuva_ x.png"; filename*=UTF-8''%C3%85sa%20kuva%3B%20x.png`,
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
	} {
		if got := whole.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	last := strconv.Itoa(n - 1)
	for _, c := range []struct {
		headers []string
		status  int
		body    string
		span    string
	}{
		{[]string{"Range", "bytes=0-3"}, 206, whole.body[:4], "bytes 0-3/"},
		{[]string{"Range", "bytes=10-"}, 206, whole.body[10:], "bytes 10-" + last + "/"},
		{[]string{"Range", "bytes=-5"}, 206, whole.body[n-5:], fmt.Sprintf("bytes %d-%s/", n-5, last)},
		{[]string{"Range", "bytes=-99999999"}, 206, whole.body, "bytes 0-" + last + "/"},
		{[]string{"Range", "bytes=5-99999999"}, 206, whole.body[5:], "bytes 5-" + last + "/"},
		{[]string{"Range", "bytes=99999999-"}, 416, "", "bytes */"},
		{[]string{"Range", "bytes=-0"}, 416, "", "bytes */"},
		{[]string{"Range", "bytes=0-1,4-5"}, 200, whole.body, ""},
		{[]string{"Range", "bytes=5-2"}, 200, whole.body, ""},
		{[]string{"Range", "bytes=x-2"}, 200, whole.body, ""},
		{[]string{"Range", "bytes=-"}, 200, whole.body, ""},
		{[]string{"Range", "lines=0-1"}, 200, whole.body, ""},
		{[]string{"Range", "bytes=0-3", "If-Range", etag}, 206, whole.body[:4], "bytes 0-3/"},
		{[]string{"Range", "bytes=0-3", "If-Range", modified}, 206, whole.body[:4], "bytes 0-3/"},
		{[]string{"Range", "bytes=0-3", "If-Range", `"other"`}, 200, whole.body, ""},
		{[]string{"If-None-Match", etag}, 304, "", ""},
		{[]string{"If-None-Match", `"other", ` + etag, "Range", "bytes=0-3"}, 304, "", ""},
		{[]string{"If-None-Match", `"other"`}, 200, whole.body, ""},
	} {
		a := h.get(asStranger, path, c.headers...)
		span := c.span
		if span != "" {
			span += strconv.Itoa(n)
		}
		if a.status != c.status || a.status < 400 && a.body != c.body || a.header.Get("Content-Range") != span {
			t.Errorf("%q: %d, %d bytes, %q", c.headers, a.status, len(a.body), a.header.Get("Content-Range"))
		}
	}
	head := h.ask(http.MethodHead, path, "", "Range", "bytes=0-3")
	if head.status != http.StatusOK || head.header.Get("Content-Length") != strconv.Itoa(n) || head.body != "" || head.header.Get("ETag") != etag {
		t.Errorf("HEAD: %d %v", head.status, head.header)
	}
	// The bytes were lost: said plainly, and written down.
	h.must(h.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*file.File)(nil)).Set("id = '0192-aaaa'").Where("id = ?", f.ID).Exec(ctx)
		return err
	}))
	if a := h.get(asStranger, "/cmadfi/2027/pictures/0192-aaaa"); a.status != http.StatusNotFound {
		t.Errorf("lost bytes: %d", a.status)
	}
}
