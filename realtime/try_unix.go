//go:build unix

package realtime

import (
	"sync"
	"syscall"
)

const canTry = true

// attempt is one write that does not wait. It is pooled together with its bound function, so that sending a frame
// allocates nothing.
type attempt struct {
	b   []byte
	n   int
	err error
	do  func(fd uintptr) bool
}

var attempts = sync.Pool{New: func() any {
	a := &attempt{}
	a.do = a.write
	return a
}}

func (a *attempt) write(fd uintptr) bool {
	for {
		a.n, a.err = syscall.Write(int(fd), a.b)
		if a.err != syscall.EINTR {
			return true
		}
	}
}

// try sends what the socket takes at once: all of b, a part, or nothing.
func (l *line) try(b []byte) (int, error) {
	if l.raw == nil {
		return 0, nil
	}
	a := attempts.Get().(*attempt)
	a.b = b
	err := l.raw.Write(a.do)
	n, werr := a.n, a.err
	a.b = nil
	attempts.Put(a)
	if err != nil {
		return 0, err
	}
	if werr == syscall.EAGAIN {
		return 0, nil
	}
	return max(n, 0), werr
}
