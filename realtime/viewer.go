package realtime

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// viewer is one socket. At any moment at most one goroutine writes to it: whoever took the turn. Everybody else
// leaves what is new where the one with the turn will find it.
type viewer struct {
	Viewer
	room *room
	line *line
	slot uint32 // spreads pings over the beats

	// since is what the client had when it came; only the first frame looks at it.
	sinceEpoch   string
	sinceVersion int64

	mu      sync.Mutex
	busy    bool // somebody has the turn
	greeted bool // the first state is on its way
	closed  bool // nothing may be written any more
	ping    bool
	gen     uint64 // state handed over last: generation and version
	at      int64
	own     [][]byte // frames for this viewer alone
	last    [][]byte // bye and close; after them nothing
	crowd   *[]byte  // presence frame handed over last
	counts  *[]byte  // frame of counts handed over last

	mineLock sync.Mutex
	mine     uint64      // hash of the last "mine" frame, guarded by mineLock
	settled  atomic.Bool // its own state was sent for the first time, or is about to be
	mineDue  atomic.Bool // its own state is to be read again
	refused  int         // acts over the limit in a row; reader only
	acts     bucket      // reader only
	index    int         // place in the room's list, guarded by the room
	expires  int64       // of the pass, in seconds
	address  string
}

// wake writes what is new, as far as the socket takes it at once. What it does not take is left to a goroutine that
// ends with the viewer's backlog, so waking costs the caller one system call and never a wait.
func (v *viewer) wake() {
	v.mu.Lock()
	if v.busy || v.closed {
		v.mu.Unlock()
		return
	}
	b := v.next()
	v.busy = b != nil
	v.mu.Unlock()
	for b != nil {
		n, err := v.line.try(b)
		if err != nil {
			v.cut()
			return
		}
		if n < len(b) {
			go v.push(b[n:])
			return
		}
		b = v.more()
	}
}

// push is wake for a viewer that is behind: it may wait, in a goroutine of its own. When one frame is through, the
// next holds the newest state, whatever happened meanwhile.
func (v *viewer) push(b []byte) {
	for b != nil {
		if err := v.line.write(b, v.room.hub.opt.Stall, FrameTime); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				v.room.hub.stalled.Add(1)
			}
			v.cut()
			return
		}
		b = v.more()
	}
}

// more is the next frame for the one who has the turn; nil ends the turn.
func (v *viewer) more() []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	b := v.next()
	v.busy = b != nil
	return b
}

// next picks what to send; mu is held. The order matters: a farewell ends everything, and nothing comes before the
// first state.
func (v *viewer) next() []byte {
	switch {
	case v.closed:
		return nil
	case v.last != nil:
		return v.farewell()
	case !v.greeted:
		if b := v.room.greet(v); b != nil {
			v.greeted = true
			return b
		}
		return nil
	case len(v.own) > 0:
		b := v.own[0]
		v.own[0] = nil
		if v.own = v.own[1:]; len(v.own) == 0 {
			v.own = nil
		}
		return b
	case v.ping:
		v.ping = false
		return pingFrame
	}
	if b := v.room.follow(v); b != nil {
		return b
	}
	if crowd := v.room.crowd.Load(); crowd != v.crowd {
		v.crowd = crowd
		return *crowd
	}
	if counts := v.room.counts.Load(); counts != v.counts {
		v.counts = counts
		return *counts
	}
	return nil
}

func (v *viewer) farewell() []byte {
	if len(v.last) == 0 {
		v.closed = true
		v.line.shut()
		return nil
	}
	b := v.last[0]
	v.last = v.last[1:]
	return b
}

// give queues a frame for this viewer alone. A viewer that lets so many lie is sent away to come back.
func (v *viewer) give(frame []byte) {
	v.mu.Lock()
	full := len(v.own) >= OwnQueue
	if !full && v.last == nil && !v.closed {
		v.own = append(v.own, frame)
	}
	v.mu.Unlock()
	if full {
		v.part(CodeBehind, 0)
		return
	}
	v.wake()
}

// part sends the viewer away after what is being sent now. retry is told when the code says to come back.
func (v *viewer) part(code Code, retry time.Duration) {
	last := [][]byte{closeFrame(code, -1)}
	if code.ComeBack() {
		last = [][]byte{byeFrame(retry.Milliseconds()), closeFrame(code, retry.Milliseconds())}
	}
	v.leaveWith(last)
}

func (v *viewer) leaveWith(last [][]byte) {
	v.mu.Lock()
	if v.last == nil {
		v.last, v.own, v.ping = last, nil, false
	}
	v.mu.Unlock()
	v.wake()
}

// cut ends a socket that cannot be written to.
func (v *viewer) cut() {
	v.mu.Lock()
	v.closed = true
	v.mu.Unlock()
	v.line.drop()
}

// heard gives the viewer its time again, unless it is being sent away.
func (v *viewer) heard() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last == nil && !v.closed {
		_ = v.line.SetReadDeadline(time.Now().Add(SilenceTime)) // a dead socket shows at the next read
	}
}
