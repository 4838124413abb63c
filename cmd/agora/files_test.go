package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
)

// with sets a variable over an environment.
func with(getenv func(string) string, name, value string) func(string) string {
	return func(asked string) string {
		if asked == name {
			return value
		}
		return getenv(asked)
	}
}

// TestBucketSetting: a wrong one stops the start with a sentence that names the
// variable and repeats no secret; a right one may stand in a file.
func TestBucketSetting(t *testing.T) {
	good := apptest.Bucket(t)
	for value, says := range map[string]string{
		"s3://bucket": "begin with https://", "https://host/bucket": "no key and secret", strings.Replace(good, "/files", "/other", 1): `no bucket "other"`,
		"http://key:s3cr3t@127.0.0.1:1/files": "does not answer",
	} {
		for _, command := range [][]string{{"serve", "--addr", "127.0.0.1:0"}, {"backup", filepath.Join(t.TempDir(), "a.zip")}} {
			getenv := env(t)
			if code, _, errs := agora(t, getenv, "migrate"); code != 0 {
				t.Fatal(errs)
			}
			code, out, errs := agora(t, with(getenv, "AGORA_S3_URL", value), command...)
			if code != 1 || !strings.HasPrefix(errs, "AGORA_S3_URL: ") || !strings.Contains(errs, says) || strings.Contains(out+errs, "s3cr3t") || strings.Count(errs, "\n") != 1 {
				t.Errorf("%s with %s: exit code %d\n%s%s", command[0], value, code, out, errs)
			}
		}
		code, out, errs := agora(t, with(env(t), "AGORA_S3_URL", value), "doctor")
		if code != 1 || !strings.Contains(out, "MEND  Files: in the bucket of AGORA_S3_URL\n      They cannot be kept: AGORA_S3_URL: ") || strings.Contains(out+errs, "s3cr3t") {
			t.Errorf("doctor with %s: exit code %d\n%s%s", value, code, out, errs)
		}
	}
	code, out, errs := agora(t, with(env(t), "AGORA_S3_URL_FILE", file(t, good+"\n")), "doctor")
	if code != 0 || !strings.Contains(out, "ok    Files: in the bucket of AGORA_S3_URL, which takes and gives them\n") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if code, out, errs := agora(t, env(t), "doctor"); code != 0 || !strings.Contains(out, "ok    Files: in the data folder, which takes and gives them\n") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}

const (
	largeFile = 250 << 20
	// littleMemory is what the process may grow by at most while such a file passes
	// in parts, and with a form, of which the server's library keeps the first 16 MB
	// in memory in a buffer that doubles.
	littleMemory = 32 << 20
	formMemory   = 112 << 20
)

// large is a document of the largest size, made as it is read.
func large() io.Reader {
	head, tail := "%PDF-1.7\n", "\nstartxref\n9\n%%EOF\n"
	return io.MultiReader(strings.NewReader(head), io.LimitReader(new(filler), int64(largeFile-len(head)-len(tail))), strings.NewReader(tail))
}

// filler gives the same bytes however it is read.
type filler struct{ at int }

func (f *filler) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte('a' + (f.at+i)%23)
	}
	f.at += len(b)
	return len(b), nil
}

// TestLargeFileThroughTheProgram sends 250 MB to the real program, with a form and
// in parts, and fetches them again; its memory is looked at from outside.
func TestLargeFileThroughTheProgram(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	s := newSite(t, "", siteSeats, nil)
	load := exec.CommandContext(ctx, program(t), "import", file(t, schedule), "--edition", strings.TrimPrefix(siteEdition, "/"))
	load.Env = s.env
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.start(ctx)
	o := newOrganiser(ctx, s)
	o.client.Timeout = 0
	form := "/desk" + siteEdition + "/program/opening/material/new"
	page := s.get(ctx, o.client, form)
	base := regexp.MustCompile(`data-upload="([^"]+)"`).FindStringSubmatch(string(page.Body))
	if page.Status != http.StatusOK || base == nil {
		t.Fatalf("%d %v\n%s", page.Status, page.Err, page.Body)
	}
	before := s.memory("VmRSS")
	began := time.Now()
	id := o.inParts(ctx, base[1])
	t.Logf("in parts: %v, memory at most %d MB (%d MB before)", time.Since(began).Round(time.Millisecond), s.memory("VmHWM")>>20, before>>20)
	if grown := s.memory("VmHWM") - before; grown > littleMemory {
		t.Errorf("in parts the program grew by %d MB", grown>>20)
	}
	values := fields(string(page.Body))
	values.Set("kind", "slides")
	values.Set("file", id)
	o.addMaterial(ctx, strings.TrimSuffix(form, "/new"), values, nil)
	began = time.Now()
	values.Del("file")
	values.Set("key", "another")
	o.addMaterial(ctx, strings.TrimSuffix(form, "/new"), values, large())
	t.Logf("with a form: %v, memory at most %d MB", time.Since(began).Round(time.Millisecond), s.memory("VmHWM")>>20)
	sum := sha256.New()
	if _, err := io.Copy(sum, large()); err != nil {
		t.Fatal(err)
	}
	list := s.get(ctx, o.client, siteEdition+"/sessions/opening")
	links := regexp.MustCompile(siteEdition+`/materials/[^"?]+`).FindAllString(string(list.Body), -1)
	if len(links) < 2 {
		t.Fatalf("the session shows %q", links)
	}
	began = time.Now()
	if got := o.fetch(ctx, links[0]); !bytes.Equal(got, sum.Sum(nil)) {
		t.Error("other bytes come out than went in")
	}
	t.Logf("fetched: %v, memory at most %d MB", time.Since(began).Round(time.Millisecond), s.memory("VmHWM")>>20)
	if grown := s.memory("VmHWM") - before; grown > formMemory {
		t.Errorf("the program grew by %d MB", grown>>20)
	}
}

// memory reads a figure of the running program, in bytes.
func (s *site) memory(name string) int64 {
	s.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		apptest.Missing(s.t, "a system that tells a process's memory in /proc")
	}
	m := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(b)
	if m == nil {
		s.t.Fatalf("no %s", name)
	}
	n, err := strconv.ParseInt(string(m[1]), 10, 64)
	if err != nil {
		s.t.Fatal(err)
	}
	return n << 10
}

// send sends a request as a page of the site does.
func (o *organiser) send(ctx context.Context, method, path string, body io.Reader, headers ...string) *http.Response {
	o.site.t.Helper()
	req, err := http.NewRequestWithContext(ctx, method, o.site.base+path, body)
	if err != nil {
		o.site.t.Fatal(err)
	}
	req.Header.Set("Origin", o.site.base)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if n := req.Header.Get("Content-Length"); n != "" {
		if req.ContentLength, err = strconv.ParseInt(n, 10, 64); err != nil {
			o.site.t.Fatal(err)
		}
	}
	res, err := o.client.Do(req)
	if err != nil {
		o.site.t.Fatal(err)
	}
	return res
}

func (o *organiser) inParts(ctx context.Context, base string) (id string) {
	o.site.t.Helper()
	res := o.send(ctx, http.MethodPost, base, nil, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(largeFile), "Upload-Metadata", "filename YS5wZGY=")
	res.Body.Close()
	place := res.Header.Get("Location")
	from, part := bufio.NewReader(large()), make([]byte, 4<<20)
	for offset := 0; id == ""; {
		n, err := io.ReadFull(from, part)
		if n == 0 {
			o.site.t.Fatalf("sent in parts, but no file: %v", err)
		}
		res := o.send(ctx, http.MethodPatch, place, bytes.NewReader(part[:n]), "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
		if res.Body.Close(); res.StatusCode != http.StatusNoContent {
			o.site.t.Fatalf("at %d: %s", offset, res.Status)
		}
		offset += n
		id = res.Header.Get("Agora-File")
	}
	return id
}

// addMaterial sends the form of material, with a file when there is one.
func (o *organiser) addMaterial(ctx context.Context, path string, values map[string][]string, with io.Reader) {
	o.site.t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for name, list := range values {
		if err := form.WriteField(name, list[0]); err != nil {
			o.site.t.Fatal(err)
		}
	}
	length := int64(0)
	if with == nil {
		with = strings.NewReader("")
	} else {
		length = largeFile
		if _, err := form.CreateFormFile("file_upload", "b.pdf"); err != nil {
			o.site.t.Fatal(err)
		}
	}
	tail := "\r\n--" + form.Boundary() + "--\r\n"
	length += int64(head.Len() + len(tail))
	res := o.send(ctx, http.MethodPost, path, io.MultiReader(&head, with, strings.NewReader(tail)),
		"Content-Type", form.FormDataContentType(), "Content-Length", strconv.FormatInt(length, 10))
	body, _ := io.ReadAll(res.Body)
	if res.Body.Close(); res.StatusCode != http.StatusSeeOther {
		o.site.t.Fatalf("%s\n%s", res.Status, body)
	}
}

// fetch gives the sum of what lies at an address.
func (o *organiser) fetch(ctx context.Context, path string) []byte {
	o.site.t.Helper()
	res := o.send(ctx, http.MethodGet, path, nil)
	defer res.Body.Close()
	sum := sha256.New()
	if n, err := io.Copy(sum, res.Body); err != nil || n != largeFile || res.StatusCode != http.StatusOK {
		o.site.t.Fatalf("%s: %s, %d bytes, %v", path, res.Status, n, err)
	}
	return sum.Sum(nil)
}
