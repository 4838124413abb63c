// Package apptest is what tests of several packages share: a clock that stands
// still, and what they need beside Go itself. What is not installed here is
// skipped by name; with AGORA_TEST_COMPULSORY set it fails instead, so that no
// check goes missing unseen.
package apptest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Compulsory reports whether what is missing must fail instead of being skipped.
func Compulsory() bool { return os.Getenv("AGORA_TEST_COMPULSORY") != "" }

// Missing ends a test that cannot go on without something.
func Missing(t testing.TB, what string) {
	t.Helper()
	if Compulsory() {
		t.Fatalf("%s is compulsory here", what)
	}
	t.Skipf("without %s", what)
}

// Program gives the path of the first of these programs that is installed.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, names[0])
	return ""
}

// Chromium starts a browser with these flags besides the usual ones. Windows are
// opened in the context it gives; it ends with the test.
func Chromium(t testing.TB, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path := Program(t, "chromium", "chromium-browser", "google-chrome")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	t.Cleanup(cancel)
	return ctx
}

// RealFile gives the path of a real schedule or an official schema. They are no
// part of the project: the folder lies beside it or is absent, but where it is
// it has to be whole.
func RealFile(t testing.TB, name string) string {
	t.Helper()
	root, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for !present(filepath.Join(root, "go.mod")) && root != filepath.Dir(root) {
		root = filepath.Dir(root)
	}
	folder := filepath.Join(filepath.Dir(root), "shared", "data")
	path := filepath.Join(folder, name)
	switch {
	case !present(folder):
		t.Skipf("without the folder of real files, and so without %s", name)
	case !present(path):
		Missing(t, path)
	}
	return path
}

func present(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Helsinki is a moment, written as 2006-01-02 15:04, on the clock of Helsinki.
func Helsinki(s string) time.Time {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		panic(err)
	}
	return at
}

// Clock is a time that stands still until a test moves it.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock gives a clock that shows at.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now tells the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock to a time.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// Move lets time pass.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
