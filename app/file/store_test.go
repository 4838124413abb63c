package file

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
)

// Both stores do the same, and neither knows a name that is not one of ours.
func TestStores(t *testing.T) {
	for kind, open := range map[string]func(*testing.T) Store{"disk": diskStore, "s3": bucketStore} {
		t.Run(kind, func(t *testing.T) {
			s, ctx := open(t), t.Context()
			if err := s.Put(ctx, "file/01", strings.NewReader("0123456789"), 10); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				offset, length int64
				want           string
			}{{0, 10, "0123456789"}, {3, 4, "3456"}, {9, 1, "9"}, {5, 0, ""}} {
				r, err := s.Open(ctx, "file/01", c.offset, c.length)
				if err != nil {
					t.Fatal(err)
				}
				if b, err := io.ReadAll(r); err != nil || string(b) != c.want {
					t.Errorf("%+v: %q %v", c, b, err)
				}
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if err := s.Put(ctx, "file/02", strings.NewReader("short"), 10); err == nil {
				t.Error("half of something was taken")
			}
			if _, err := s.Open(ctx, "file/02", 0, 5); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("something that is not there: %v", err)
			}
			if err := errors.Join(s.Remove(ctx, "file/02"), s.Remove(ctx, "file/01"), s.Remove(ctx, "file/01")); err != nil {
				t.Errorf("taken away twice: %v", err)
			}
			for _, name := range []string{"", "file/", "file/../../etc/passwd", "file/A", "other/01", "/file/01", "file/01/02", "file/01\x00"} {
				_, errOpen := s.Open(ctx, name, 0, 1)
				for what, err := range map[string]error{"put": s.Put(ctx, name, strings.NewReader("x"), 1), "open": errOpen, "remove": s.Remove(ctx, name)} {
					if err == nil {
						t.Errorf("%s %q was done", what, name)
					}
				}
			}
			if err := Check(ctx, s); err != nil {
				t.Error(err)
			}
			n := 0
			if err := s.List(ctx, func(name string, _ int64, at time.Time) error {
				n++
				if time.Since(at).Abs() > time.Hour {
					t.Errorf("%s is of %v", name, at)
				}
				return nil
			}); err != nil || n != 0 {
				t.Errorf("%d are left, %v", n, err)
			}
		})
	}
}

// A wrong address of a bucket is told in one sentence that repeats no secret.
func TestWrongBuckets(t *testing.T) {
	good := apptest.Bucket(t)
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>`)
	}))
	defer refusing.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	secret := func(u string) string { return strings.Replace(u, "http://", "http://key:s3cr3t-word@", 1) }
	for address, want := range map[string]string{
		"":                                   "https://",
		"s3://key:s3cr3t-word@host/bucket":   "https://",
		"https://host/bucket":                "key and secret",
		"https://key@host/bucket":            "key and secret",
		"https://key:s3cr3t-word@host":       "no bucket",
		"https://key:s3cr3t-word@/bucket":    "no host",
		"https://key:s3cr3t-word@host/b?x=1": `"x"`,
		"https://key:s3cr3t-word@h ost/b":    "no address",
		secret(refusing.URL) + "/files":      "refuses the key",
		secret(gone.URL) + "/files":          "does not answer",
		good + "xx":                          `no bucket "filesxx"`,
	} {
		_, err := NewS3(t.Context(), address)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cr3t") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := NewS3(t.Context(), good+"?region=eu-north-1"); err != nil {
		t.Error(err)
	}
}

// A store that holds another site's files is not taken, nor swept.
func TestClaim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, open := range map[string]func(*testing.T) Store{"disk": diskStore, "s3": bucketStore} {
			t.Run(name, func(t *testing.T) {
				clean(t, d)
				store := open(t)
				h := newHouse(t, d, store)
				h.take("a.pdf", pdf(1000))
				h.must(h.Claim(h.ctx))
				clean(t, d)
				stranger := New(d, h.now, store, t.TempDir())
				if err := stranger.Claim(h.ctx); !errors.Is(err, ErrOtherSite) {
					t.Errorf("another site: %v", err)
				}
				h.at = h.at.Add(2 * looseTime)
				if n, err := stranger.Sweep(h.ctx); !errors.Is(err, ErrOtherSite) || n != 0 || len(h.stored()) != 1 {
					t.Errorf("swept %d, %v, %q are left", n, err, h.stored())
				}
			})
		}
	})
}

// What a crash left half-written in a folder goes after a day.
func TestHalfWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clean(t, d)
		folder := t.TempDir()
		store, err := NewDisk(folder)
		if err != nil {
			t.Fatal(err)
		}
		h := newHouse(t, d, store)
		for name, age := range map[string]time.Duration{".new-1": 2 * looseTime, ".new-2": 0} {
			path := filepath.Join(folder, "file", name)
			h.must(os.WriteFile(path, bytes.Repeat([]byte("x"), 10), 0o600))
			h.must(os.Chtimes(path, h.at.Add(-age), h.at.Add(-age)))
		}
		if n, err := h.Sweep(h.ctx); err != nil || n != 1 || strings.Join(h.stored(), " ") != "file/.new-2" {
			t.Errorf("%d %v, %q are left", n, err, h.stored())
		}
	})
}
