package file

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/file/content"
)

// TestMain lets the test binary be the process that reads words, as the site's is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "read-text" {
		os.Exit(content.Child(os.Args[2:], os.Stdin, os.Stdout))
	}
	os.Exit(dbtest.Run(m))
}

// ctx is short for what every transaction is given.
type ctx = context.Context

const (
	edition = "edition-1"
	scope   = "session:1"
)

// house is the service with a clock that is set by hand and a store whose faults
// can be chosen.
type house struct {
	*Service
	t     *testing.T
	ctx   context.Context
	at    time.Time
	store *faulty
	temp  string
}

// each runs a test on both engines and in both kinds of store.
func each(t *testing.T, test func(h *house)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, open := range map[string]func(*testing.T) Store{"disk": diskStore, "s3": bucketStore} {
			t.Run(name, func(t *testing.T) {
				clean(t, d)
				test(newHouse(t, d, open(t)))
			})
		}
	})
}

// clean empties the tables, and forgets whose store it was.
func clean(t *testing.T, d *db.DB) {
	t.Helper()
	for _, statement := range []string{"DELETE FROM file_text", "DELETE FROM file", "DELETE FROM upload", "DELETE FROM setting WHERE name = 'files'"} {
		if _, err := d.Write.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func newHouse(t *testing.T, d *db.DB, store Store) *house {
	t.Helper()
	h := &house{t: t, ctx: t.Context(), at: time.Now().UTC().Truncate(time.Microsecond), store: &faulty{Store: store}, temp: t.TempDir()}
	h.Service = New(d, func() time.Time { return h.at }, h.store, h.temp)
	h.must(h.Claim(h.ctx))
	return h
}

func diskStore(t *testing.T) Store {
	t.Helper()
	store, err := NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// bucketStore is a bucket behind a real socket of the loopback.
func bucketStore(t *testing.T) Store {
	t.Helper()
	store, err := NewS3(t.Context(), apptest.Bucket(t)+"/a/prefix")
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// faulty is a store that can be told to fail, or to do something first.
type faulty struct {
	Store
	mu     sync.Mutex
	fault  error
	before func(name string)
}

func (f *faulty) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	f.mu.Lock()
	fault, before := f.fault, f.before
	f.mu.Unlock()
	if before != nil {
		before(name)
	}
	if fault != nil {
		return fault
	}
	return f.Store.Put(ctx, name, r, size)
}

func (f *faulty) set(fault error, before func(string)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.before = fault, before
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// stored lists what lies in the store, besides the site's mark.
func (h *house) stored() []string {
	h.t.Helper()
	names := map[string]bool{}
	h.must(h.store.List(h.ctx, func(name string, _ int64, _ time.Time) error { names[name] = true; return nil }))
	delete(names, claimName)
	return slices.Sorted(maps.Keys(names))
}

// rows counts a table.
func (h *house) rows(table string) (n int) {
	h.t.Helper()
	h.must(h.db.Read.NewRaw("SELECT count(*) FROM "+table).Scan(h.ctx, &n))
	return n
}

// nothing sees that nothing is left anywhere.
func (h *house) nothing(after string) {
	h.t.Helper()
	left, err := os.ReadDir(h.temp)
	h.must(err)
	if stored := h.stored(); len(stored)+h.rows("file")+h.rows("upload")+len(left) > 0 {
		h.t.Errorf("after %s: %d files, %d uploads, %d temporary, stored %q", after, h.rows("file"), h.rows("upload"), len(left), stored)
	}
}

// bytesOf reads a whole file back.
func (h *house) bytesOf(f File) []byte {
	h.t.Helper()
	r, err := h.Open(h.ctx, f, 0, -1)
	h.must(err)
	b, err := io.ReadAll(r)
	h.must(errors.Join(err, r.Close()))
	return b
}

func (h *house) take(name string, body []byte) File {
	h.t.Helper()
	f, err := h.Take(h.ctx, edition, scope, name, bytes.NewReader(body))
	h.must(err)
	return f
}

// pdf is a document of some size.
func pdf(size int) []byte {
	b := bytes.Repeat([]byte("%agora\n"), size/7+1)[:size]
	copy(b, "%PDF-1.7\n")
	copy(b[size-32:], "\nstartxref\n9\n%%EOF\n")
	return b
}

// deck is a presentation with some words.
func deck(t *testing.T, words string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"[Content_Types].xml":   `application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml`,
		"ppt/slides/slide1.xml": `<a:p><a:t>` + words + `</a:t></a:p>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// keyOf gives the message an error is told by, from its only field if it has one.
func keyOf(err error) string {
	e, ok := fail.As(err)
	if !ok {
		return ""
	}
	if list := e.Fields[content.Field]; len(list) > 0 {
		return list[0].Key
	}
	return e.Key
}
