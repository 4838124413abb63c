package page

import (
	"errors"
	"testing"
)

// A page that could not be made, by an error or a panic, is made again for the
// next visitor; nobody waits for the one that failed.
func TestCacheOutlivesPagesThatFail(t *testing.T) {
	c := newPageCache()
	bad := errors.New("bad")
	if _, err := c.get("page", func() (*kept, error) { return nil, bad }); !errors.Is(err, bad) {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Fatal("the panic was swallowed")
			}
		}()
		_, _ = c.get("page", func() (*kept, error) { panic("bad") })
	}()
	k, err := c.get("page", func() (*kept, error) { return newKept([]byte("good"), "text/plain"), nil })
	if err != nil || string(k.body) != "good" || len(c.making) > 0 {
		t.Error(err, k, c.making)
	}
}
