package apptest

import (
	"runtime"
	"testing"
)

// told is a test that notes how it ended.
type told struct {
	testing.TB
	failed, skipped bool
}

func (t *told) Helper()               {}
func (t *told) Fatalf(string, ...any) { t.failed = true; runtime.Goexit() }
func (t *told) Skipf(string, ...any)  { t.skipped = true; runtime.Goexit() }

// What is missing is skipped, and fails as soon as nothing may be.
func TestMissing(t *testing.T) {
	for _, c := range []struct {
		value           string
		failed, skipped bool
	}{{"", false, true}, {"1", true, false}, {"yes", true, false}} {
		t.Setenv("AGORA_TEST_COMPULSORY", c.value)
		x := &told{TB: t}
		done := make(chan struct{})
		go func() {
			defer close(done)
			Program(x, "no-such-program-anywhere")
		}()
		<-done
		if x.failed != c.failed || x.skipped != c.skipped {
			t.Errorf("%q: failed %v, skipped %v", c.value, x.failed, x.skipped)
		}
	}
}
