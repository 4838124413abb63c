package web

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/text"
	"agora/app/web/page"
)

const tusParts = "application/offset+octet-stream"

// tus sends a request as a program does that speaks the protocol of parts, signed
// in as somebody.
func (h *webHouse) tus(who, method, path, body string, headers ...string) reply {
	h.t.Helper()
	all := []string{"Tus-Resumable", "1.0.0", "Sec-Fetch-Site", "same-origin", "Accept-Language", "en", "Content-Type", tusParts}
	if c := h.login(who); c != "" {
		all = append(all, "Cookie", c)
	}
	return h.ask(method, path, body, append(all, headers...)...)
}

// uploadsOf is where an organiser sends files for an edition.
func uploadsOf(e edition.Edition) string {
	return "/desk" + e.Path() + "/uploads?for=edition%3A" + e.ID
}

func (h *webHouse) begin(e edition.Edition, name string, size int) reply {
	h.t.Helper()
	return h.tus(asOrganiser, http.MethodPost, uploadsOf(e), "", "Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
}

// somePDF is a document of some size, as far as one looks.
func somePDF(size int) string {
	return "%PDF-1.7\n" + strings.Repeat("%agora\n", size/7+1)[:size-9-23] + "\nstartxref\n9\n%%EOF     "
}

// TestUploadInParts: a file is sent part by part, over a break, and its id comes
// with the last.
func TestUploadInParts(t *testing.T) {
	h := demoHouse(t)
	e, body := h.find(demo.Coming), somePDF(300_000)
	made := h.begin(e, "Päivän diat.pdf", len(body))
	place := made.location()
	if made.status != http.StatusCreated || !strings.HasPrefix(place, "/desk/cmadfi/2027/uploads/") || made.header.Get("Tus-Resumable") != "1.0.0" || made.header.Get("Upload-Offset") != "0" {
		t.Fatalf("%d %v %s", made.status, made.header, made.body)
	}
	part := func(offset int, body string) reply {
		return h.tus(asOrganiser, http.MethodPatch, place, body, "Upload-Offset", strconv.Itoa(offset))
	}
	for _, c := range []struct {
		what   string
		a      reply
		status int
		offset string
	}{
		{"the first part", part(0, body[:100_000]), http.StatusNoContent, "100000"},
		{"again", part(0, body[:100_000]), http.StatusConflict, "100000"},
		{"too far", part(200_000, body[200_000:]), http.StatusConflict, "100000"},
		{"asked how far", h.tus(asOrganiser, http.MethodHead, place, ""), http.StatusOK, "100000"},
		{"the next", part(100_000, body[100_000:200_000]), http.StatusNoContent, "200000"},
		{"the last", part(200_000, body[200_000:]), http.StatusNoContent, "300000"},
		{"asked once more", h.tus(asOrganiser, http.MethodHead, place, ""), http.StatusOK, "300000"},
	} {
		if c.a.status != c.status || c.a.header.Get("Upload-Offset") != c.offset || c.a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, offset %s, %s", c.what, c.a.status, c.a.header.Get("Upload-Offset"), c.a.body)
		}
		if id := c.a.header.Get(page.FileHeader); (id != "") != (c.offset == "300000") {
			t.Errorf("%s: the file is %q", c.what, id)
		}
	}
	f, err := h.Files.ByID(t.Context(), h.tus(asOrganiser, http.MethodHead, place, "").header.Get(page.FileHeader))
	if err != nil || f.Name != "Päivän diat.pdf" || f.Kind != "pdf" || f.Size != 300_000 || f.EditionID != e.ID || f.Scope != "edition:"+e.ID {
		t.Errorf("%+v %v", f, err)
	}
	other := h.begin(e, "a.pdf", 1000).location()
	if a := h.tus(asOrganiser, http.MethodDelete, other, ""); a.status != http.StatusNoContent {
		t.Errorf("ended: %d %s", a.status, a.body)
	}
	if a := h.tus(asOrganiser, http.MethodHead, other, ""); a.status != http.StatusNotFound {
		t.Errorf("after its end: %d", a.status)
	}
}

// TestUploadRefusals are sentences in the sender's language, and change nothing.
func TestUploadRefusals(t *testing.T) {
	h := demoHouse(t)
	e, old := h.find(demo.Coming), h.find("2016")
	place := h.begin(e, "a.pdf", 1000).location()
	patch := func(who, path, body string, headers ...string) reply {
		return h.tus(who, http.MethodPatch, path, body, append([]string{"Upload-Offset", "0"}, headers...)...)
	}
	before := h.dump()
	for what, c := range map[string]struct {
		a      reply
		status int
		says   string
	}{
		"400 MB":                       {h.begin(e, "a.pdf", 400<<20), http.StatusRequestEntityTooLarge, "at most 250 MB"},
		"nothing":                      {h.begin(e, "a.pdf", 0), http.StatusUnprocessableEntity, "empty"},
		"no size":                      {h.tus(asOrganiser, http.MethodPost, uploadsOf(e), ""), http.StatusUnprocessableEntity, "could not be sent"},
		"another version":              {patch(asOrganiser, place, "x", "Tus-Resumable", "0.2.2"), http.StatusPreconditionFailed, ""},
		"another kind of body":         {patch(asOrganiser, place, "x", "Content-Type", "text/plain"), http.StatusUnsupportedMediaType, ""},
		"no offset":                    {patch(asOrganiser, place, "x", "Upload-Offset", "-1"), http.StatusUnprocessableEntity, "could not be sent"},
		"too large a part":             {patch(asOrganiser, place, strings.Repeat("x", file.MaxPart+1)), http.StatusRequestEntityTooLarge, ""},
		"from another site":            {patch(asOrganiser, place, "x", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden, "another site"},
		"from nowhere":                 {patch(asOrganiser, place, "x", "Sec-Fetch-Site", ""), http.StatusForbidden, "another site"},
		"an end from another site":     {h.tus(asOrganiser, http.MethodDelete, place, "", "Sec-Fetch-Site", "same-site"), http.StatusForbidden, "another site"},
		"for another scope":            {patch(asOrganiser, strings.Replace(place, "edition", "session", 1), "x"), http.StatusNotFound, "over or too old"},
		"under another edition":        {patch(asOrganiser, strings.Replace(place, "2027", "2016", 1), "x"), http.StatusNotFound, "over or too old"},
		"begun for another's edition":  {h.tus(asOrganiser, http.MethodPost, "/desk"+e.Path()+"/uploads?for=edition:"+old.ID, "", "Upload-Length", "9"), http.StatusNotFound, ""},
		"begun for another's session":  {h.tus(asOrganiser, http.MethodPost, "/desk"+e.Path()+"/uploads?for=session:"+h.aSession(old), "", "Upload-Length", "9"), http.StatusNotFound, ""},
		"begun for nothing":            {h.tus(asOrganiser, http.MethodPost, "/desk"+e.Path()+"/uploads", "", "Upload-Length", "9"), http.StatusNotFound, ""},
		"a part by another organiser":  {patch(asOtherOrganiser, place, "x"), http.StatusForbidden, ""},
		"a part by the moderator":      {patch(asModerator, place, "x"), http.StatusForbidden, ""},
		"a part by a stranger":         {patch(asStranger, place, "x"), http.StatusUnauthorized, ""},
		"a large part by a stranger":   {patch(asStranger, place, strings.Repeat("x", 100<<10)), http.StatusRequestEntityTooLarge, ""},
		"asked by another organiser":   {h.tus(asOtherOrganiser, http.MethodHead, place, ""), http.StatusForbidden, ""},
		"ended by another organiser":   {h.tus(asOtherOrganiser, http.MethodDelete, place, ""), http.StatusForbidden, ""},
		"another method at the place":  {h.tus(asOrganiser, http.MethodPut, place, "x"), http.StatusNotFound, ""},
		"a part to nothing":            {patch(asOrganiser, "/desk"+e.Path()+"/uploads/nothing?for=edition:"+e.ID, "x"), http.StatusNotFound, "over or too old"},
		"a sending of a large headers": {h.begin(e, strings.Repeat("a", 2000), 400<<20), http.StatusRequestEntityTooLarge, "250"},
	} {
		if c.a.status != c.status || !strings.Contains(c.a.body, c.says) || c.a.header.Get(page.FileHeader) != "" {
			t.Errorf("%s: status %d, want %d: %s", what, c.a.status, c.status, c.a.body)
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("what was refused changed %s", diff)
	}
	// A program under the name of a document is refused at its first part, for good.
	bad := h.begin(e, "diat.pdf", 100_000).location()
	if a := patch(asOrganiser, bad, "MZ\x90\x00"+strings.Repeat("x", 1000)); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "really a program") {
		t.Errorf("a program: %d %s", a.status, a.body)
	}
	if a := h.tus(asOrganiser, http.MethodHead, bad, ""); a.status != http.StatusNotFound {
		t.Errorf("a program, then: %d", a.status)
	}
}

func (h *webHouse) aSession(e edition.Edition) string {
	h.t.Helper()
	programme, err := h.Program.Programme(h.t.Context(), e)
	h.must(err)
	return programme.Sessions[0].ID
}

// TestLargeForm: a form with 400 MB is answered by its head, before its body is
// read, and a sender that goes on sending still gets the sentence.
func TestLargeForm(t *testing.T) {
	h := demoHouse(t)
	path := "/desk/cmadfi/2027/thanks/new"
	for _, c := range []struct {
		who    string
		size   int
		status string
		says   string
	}{
		{asOrganiser, 400 << 20, "413", "enintään 250 Mt"},
		{asOrganiser, file.MaxFile + 1<<20, "413", "enintään 250 Mt"},
		{asStranger, 100 << 10, "413", ""},
		{asAttendee, 100 << 10, "413", ""},
	} {
		conn, err := net.DialTimeout("tcp", h.address, siteTime)
		h.must(err)
		defer conn.Close()
		h.must(conn.SetDeadline(time.Now().Add(siteTime)))
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: agora.test\r\nSec-Fetch-Site: same-origin\r\nAccept-Language: fi\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n--b\r\n",
			path, h.login(c.who), c.size)
		sent := make(chan int, 1)
		go func() { // a browser that does not listen while it sends
			n := 0
			for chunk := make([]byte, 64<<10); n < 20<<20; {
				written, err := conn.Write(chunk)
				if n += written; err != nil {
					break
				}
			}
			sent <- n
		}()
		if n := <-sent; n < 20<<20 {
			t.Errorf("%s: cut off after %d bytes", c.who, n)
		}
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: no answer: %v", c.who, err)
			continue
		}
		b, err := io.ReadAll(res.Body)
		if err != nil || !strings.HasPrefix(res.Status, c.status) || !strings.Contains(string(b), c.says) || !res.Close {
			t.Errorf("%s, %d bytes: %s %v %v\n%.300s", c.who, c.size, res.Status, res.Header, err, b)
		}
		res.Body.Close()
	}
}

// TestBrokenForm: a form whose file broke off is answered in its sender's
// language, although its head is forgotten by then; so is the next on the line.
func TestBrokenForm(t *testing.T) {
	h := demoHouse(t)
	const body = "--b\r\nContent-Disposition: form-data; name=\"file_upload\"; filename=\"a\r\nb.txt\"\r\n\r\nhej\r\n--b--\r\n"
	for _, c := range []struct {
		query, cookie, asks string
		want                text.Lang
	}{
		{"", "", "sv-FI,sv;q=0.9", text.Swedish},
		{"", "; " + langCookieName + "=en", "sv", text.English},
		{"?lang=fi", "; " + langCookieName + "=en", "sv", text.Finnish},
	} {
		for range 3 {
			r := h.ask(http.MethodPost, "/desk/cmadfi/2027/thanks/new"+c.query, body, "Content-Type", "multipart/form-data; boundary=b",
				"Sec-Fetch-Site", "same-origin", "Accept-Language", c.asks, "Cookie", h.login(asOrganiser)+c.cookie)
			if r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, `<html lang="`+string(c.want)+`"`) || !strings.Contains(r.body, h.Words.T(c.want, "file.refused.cut")) {
				t.Errorf("%+v: %d\n%.300s", c, r.status, r.body)
			}
		}
	}
	if r := h.ask(http.MethodPost, "/desk/cmadfi/2027/thanks/new", strings.Repeat("x", 2*maxForm), "Content-Type", "application/x-www-form-urlencoded", "Accept-Language", "sv"); !strings.Contains(r.body, `<html lang="sv"`) {
		t.Errorf("a large form: %d\n%.300s", r.status, r.body)
	}
}

// TestEveryPartAsEverybody asks, sends and ends as every identity at every address
// that takes files in parts.
func TestEveryPartAsEverybody(t *testing.T) {
	h := demoHouse(t)
	paths := h.concrete()
	tried := 0
	before := h.dump()
	for _, r := range routes(nil) {
		if r.method == get || r.method == post || r.who == bearer || r.who == anyone {
			continue
		}
		for _, who := range identities {
			a := h.tus(who, r.method, paths[r.path], "")
			in := a.status != http.StatusUnauthorized && a.status != http.StatusForbidden && a.status != http.StatusSeeOther
			if want := admittedTo(r.who, who); in != want {
				t.Errorf("%s %s as %s: status %d", r.method, paths[r.path], who, a.status)
			}
			tried++
		}
	}
	if tried < 3*len(identities) {
		t.Errorf("only %d were tried", tried)
	}
	if diff := differing(before, h.dump()); diff != "" && diff != "upload" {
		t.Errorf("it changed %s", diff)
	}
}

func admittedTo(w who, identity string) bool {
	for _, name := range admitted[w] {
		if name == identity {
			return true
		}
	}
	return false
}
