package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// roomViewer is a page of the live room. It follows the protocol: it comes back
// by itself with what it saw last, and repeats every act that was not answered.
type roomViewer struct {
	h          *hall
	n          int
	site       *site
	view, pass string
	forgetful  atomic.Bool // it comes back as if it had seen nothing
	keeping    bool        // it takes every frame apart

	mu      sync.Mutex
	ws      *websocket.Conn
	epoch   string
	version int64
	things  map[string]string // questions and polls as they are shown
	room    string
	waiting map[string]chan liveFrame
	unsaid  map[string][]byte // acts without an answer
	acts    int
	patches int64
	probed  int64 // the newest probe that was seen
	frame   int   // length of the last patch

	told viewerTold
}

// liveFrame is what a frame may hold.
type liveFrame struct {
	T         string
	Epoch     string
	V         int64
	Room      json.RawMessage
	Questions []json.RawMessage
	Polls     []json.RawMessage
	Gone      []string
	Op        string
	OK        bool
	ID        string
	Secret    string
	Votes     []string
	Ballots   map[string][]string
	Error     *struct{ Code, Message string }
	RetryMS   *int64 `json:"retry_ms"`
}

// enter opens the room for a viewer who stays until the test ends.
func (h *hall) enter(s *site, view, pass string) *roomViewer {
	h.mu.Lock()
	v := &roomViewer{h: h, n: len(h.viewers), site: s, view: view, pass: pass, waiting: map[string]chan liveFrame{}, unsaid: map[string][]byte{},
		told: viewerTold{votes: map[string]bool{}, asked: map[string]string{}}}
	h.viewers = append(h.viewers, v)
	h.mu.Unlock()
	v.keeping = h.keeping || view != "audience"
	h.all.Go(func() { v.stay(h.ctx) })
	return v
}

// stay keeps the page open.
func (v *roomViewer) stay(ctx context.Context) {
	tries := 0
	for wait := time.Duration(0); pause(ctx, wait); tries++ {
		greeted, retry := v.watch(ctx)
		if greeted {
			tries = 0
		}
		most := min(30*time.Second, time.Second<<min(tries, 5))
		if wait = time.Duration(rand.Int64N(int64(most))); retry != nil { // spreads load; nothing secret
			wait = *retry
		}
	}
}

// watch is one socket from its opening to its end.
func (v *roomViewer) watch(ctx context.Context) (greeted bool, retry *time.Duration) {
	ws, res, err := v.dial(ctx)
	v.h.mu.Lock()
	v.h.tries++
	if err != nil && res != nil {
		v.h.statuses[res.StatusCode]++
	}
	v.h.mu.Unlock()
	if err != nil {
		return false, nil
	}
	end := context.AfterFunc(ctx, func() { ws.Close() })
	defer func() {
		end()
		ws.Close()
		v.mu.Lock()
		v.ws = nil
		v.mu.Unlock()
		if greeted {
			v.h.live.Add(-1)
		}
	}()
	var frame bytes.Buffer
	for {
		_, body, err := ws.NextReader()
		if err == nil {
			frame.Reset()
			_, err = frame.ReadFrom(body)
		}
		if err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) && closed.Code >= 4500 && ctx.Err() == nil {
				v.h.fault("viewer %d was sent away for good: %v", v.n, err)
			}
			return greeted, retry
		}
		v.h.frames.Add(1)
		if ms := v.take(frame.Bytes()); ms != nil {
			d := time.Duration(*ms) * time.Millisecond
			retry = &d
		}
		if !greeted {
			greeted = true
			v.arrived(ws, frame.Bytes())
		}
	}
}

func (v *roomViewer) dial(ctx context.Context) (*websocket.Conn, *http.Response, error) {
	from := net.Dialer{Timeout: answerTime}
	if n := v.n / perAddress; n > 0 {
		from.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n))}
	}
	since := ""
	v.mu.Lock()
	if v.epoch != "" && !v.forgetful.Load() {
		since = v.epoch + "." + strconv.FormatInt(v.version, 10)
	}
	v.mu.Unlock()
	d := websocket.Dialer{Subprotocols: []string{"agora.v1", v.pass}, HandshakeTimeout: answerTime, NetDialContext: from.DialContext,
		ReadBufferSize: 2 << 10, WriteBufferSize: 512, WriteBufferPool: &pagesWriting}
	return d.DialContext(ctx, "ws"+v.site.base[len("http"):]+"/api/v1/live/"+v.h.session+"?view="+v.view+"&since="+since, nil)
}

var pagesWriting sync.Pool

// arrived is after the first frame: whatever has no answer is said again.
func (v *roomViewer) arrived(ws *websocket.Conn, first []byte) {
	v.mu.Lock()
	v.ws = ws
	for _, act := range v.unsaid {
		_ = ws.WriteMessage(websocket.TextMessage, act) // a socket that ended shows where it is read
	}
	v.mu.Unlock()
	kind, _, _ := head(first)
	v.h.mu.Lock()
	v.h.firsts[kind]++
	if !v.h.down.IsZero() {
		v.h.back = append(v.h.back, time.Since(v.h.down))
	}
	v.h.mu.Unlock()
	v.h.live.Add(1)
}

// head reads the beginning of a snapshot or patch without taking it apart.
func head(frame []byte) (kind, epoch string, version int64) {
	parts := strings.SplitN(string(frame[:min(len(frame), 120)]), `"`, 9)
	if len(parts) < 9 {
		return "", "", 0
	}
	digits, _, _ := strings.Cut(strings.TrimPrefix(parts[8], `v":`), ",")
	version, _ = strconv.ParseInt(digits, 10, 64)
	return parts[3], parts[7], version
}

var (
	stateStarts = [][]byte{[]byte(`{"t":"patch"`), []byte(`{"t":"snapshot"`)}
	countStart  = []byte(`{"t":"presence"`)
)

// take looks at a frame. It tells when to come back, if the frame does.
func (v *roomViewer) take(frame []byte) *int64 {
	state := bytes.HasPrefix(frame, stateStarts[0]) || bytes.HasPrefix(frame, stateStarts[1])
	var f liveFrame
	if state && !v.keeping {
		f.T, f.Epoch, f.V = head(frame)
	} else if bytes.HasPrefix(frame, countStart) {
		return nil
	} else if err := json.Unmarshal(frame, &f); err != nil {
		v.h.fault("viewer %d got %q: %v", v.n, frame, err)
		return nil
	}
	switch f.T {
	case "snapshot", "patch":
		v.follow(f, frame)
	case "ack":
		v.mu.Lock()
		waits := v.waiting[f.Op]
		delete(v.waiting, f.Op)
		delete(v.unsaid, f.Op)
		v.mu.Unlock()
		if waits != nil {
			waits <- f
		}
	case "bye":
		return f.RetryMS
	}
	return nil
}

// follow takes over a state. On one node nothing is ever told that is older than
// what was told before, nor a patch that builds on something else.
func (v *roomViewer) follow(f liveFrame, frame []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.h.watchFor.look(&v.probed, frame)
	if f.T == "patch" {
		v.h.patches.Add(1)
		v.patches, v.frame = v.patches+1, len(frame)
		if f.Epoch != v.epoch {
			v.h.fault("viewer %d: a patch of epoch %q on %q", v.n, f.Epoch, v.epoch)
		}
	}
	if f.Epoch == v.epoch && f.V < v.version && len(v.h.sites) == 1 {
		v.h.fault("viewer %d: version %d after %d", v.n, f.V, v.version)
	}
	v.epoch, v.version = f.Epoch, f.V
	if f.T == "snapshot" || v.things == nil {
		v.things = map[string]string{}
	}
	if f.Room != nil {
		v.room = string(f.Room)
	}
	for _, raw := range slices.Concat(f.Questions, f.Polls) {
		var thing struct{ ID string }
		if json.Unmarshal(raw, &thing) == nil {
			v.things[thing.ID] = string(raw)
		}
	}
	for _, id := range f.Gone {
		delete(v.things, id)
	}
}

// sees is everything the page shows, and of which version.
func (v *roomViewer) sees() (version int64, room string, things map[string]string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.version, v.room, maps.Clone(v.things)
}

// act says something and waits for the answer, over as many sockets as it takes.
// What the answer says to repeat is repeated.
func (v *roomViewer) act(members string) (liveFrame, error) {
	v.mu.Lock()
	v.acts++
	op := fmt.Sprintf("%d-%d", v.n, v.acts)
	v.mu.Unlock()
	frame := []byte(`{"op":"` + op + `",` + members + `}`)
	ctx, cancel := context.WithTimeout(v.h.ctx, 2*patience)
	defer cancel()
	for {
		answer := make(chan liveFrame, 1)
		v.mu.Lock()
		v.waiting[op], v.unsaid[op] = answer, frame
		if v.ws != nil {
			_ = v.ws.WriteMessage(websocket.TextMessage, frame) // as above
		}
		v.mu.Unlock()
		select {
		case f := <-answer:
			if f.Error == nil || f.Error.Code != "slow_down" && f.Error.Code != "busy" && f.Error.Code != "internal" {
				return f, nil
			}
			pause(ctx, 200*time.Millisecond)
		case <-ctx.Done():
			return liveFrame{}, fmt.Errorf("%s was never answered", frame)
		}
	}
}

// must is act where only done will do.
func (v *roomViewer) must(members string) liveFrame {
	f, err := v.act(members)
	if err != nil || !f.OK {
		v.h.fault("viewer %d: %s: %+v %v", v.n, members, f.Error, err)
	}
	return f
}
