package rehearse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// viewer is somebody with the live room open.
type viewer struct {
	h       *hall
	ws      *websocket.Conn
	patches atomic.Int64
	saw     int64 // the newest number of the probe; the reader's alone
	asks    int   // the actor's alone, as is wants
	wants   map[int]bool
	acts    int

	writing sync.Mutex
	mu      sync.Mutex
	holds   map[int]bool // the votes that were confirmed
	probed  int64
}

// greeted waits for the first frame, which holds the whole room.
func (v *viewer) greeted() error {
	if err := v.ws.SetReadDeadline(v.h.r.Stopwatch().Add(callTime)); err != nil {
		return err
	}
	_, frame, err := v.ws.ReadMessage()
	if err != nil {
		return shortly(err)
	}
	if !bytes.Contains(frame, []byte(`"snapshot"`)) {
		return errors.New("no state of the room came first")
	}
	return v.ws.SetReadDeadline(time.Time{})
}

// read looks at everything that comes until the socket ends.
func (v *viewer) read() {
	var frame bytes.Buffer
	for {
		_, body, err := v.ws.NextReader()
		if err == nil {
			frame.Reset()
			_, err = frame.ReadFrom(body)
		}
		if err != nil {
			v.h.ended(err)
			_ = v.ws.Close()
			return
		}
		v.note(frame.Bytes(), v.h.r.Stopwatch())
	}
}

// ended counts a viewer that was cut off.
func (h *hall) ended(err error) {
	if h.closing.Load() {
		return
	}
	h.live.Add(-1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reasons = append(h.reasons, shortly(err).Error())
}

// shortly leaves out addresses and ports, which differ for everybody.
func shortly(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return fmt.Errorf("closed with %d %s", closed.Code, closed.Text)
	}
	text := err.Error()
	return errors.New(text[strings.LastIndex(text, ": ")+1:])
}

var (
	patchStart    = []byte(`{"t":"patch"`)
	snapshotStart = []byte(`{"t":"snapshot"`)
	ackPart       = []byte(`"t":"ack"`)
	votesPart     = []byte(`"votes":`)
)

// note looks at a frame no longer than it must: there are tens of thousands a
// second, on the machine that is being measured.
func (v *viewer) note(frame []byte, at time.Time) {
	patch := bytes.HasPrefix(frame, patchStart)
	switch {
	case patch || bytes.HasPrefix(frame, snapshotStart):
		if patch && v.h.measuring.Load() {
			v.patches.Add(1)
			v.h.frames.Add(1)
		}
		v.look(frame, at)
	case bytes.Contains(frame, ackPart):
		v.answered(frame, at)
	}
}

// look finds the probe in a frame and counts down when its number is the one
// that is waited for.
func (v *viewer) look(frame []byte, at time.Time) {
	i := bytes.Index(frame, []byte(v.h.p.probe))
	if i < 0 {
		return
	}
	j := bytes.Index(frame[i:], votesPart)
	if j < 0 {
		return
	}
	digits := frame[i+j+len(votesPart):]
	end := 0
	for end < len(digits) && digits[end] >= '0' && digits[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(string(digits[:end]), 10, 64)
	if wanted := v.h.watch.number.Load(); err != nil || n < wanted || v.saw >= wanted {
		return
	}
	v.saw = n
	if v.h.watch.left.Add(-1) == 0 {
		give(v.h.watch.all, at)
	}
}

func give(c chan time.Time, at time.Time) {
	select {
	case c <- at:
	default:
	}
}

func drain(c chan time.Time) {
	select {
	case <-c:
	default:
	}
}

// answered takes the answer to an act of one's own; the op says which it was.
func (v *viewer) answered(frame []byte, at time.Time) {
	var ack struct {
		Op    string
		OK    bool
		Error struct{ Code string }
	}
	if json.Unmarshal(frame, &ack) != nil || ack.Op == "" {
		return
	}
	h := v.h
	if !ack.OK {
		h.mu.Lock()
		h.codes = append(h.codes, ack.Error.Code)
		h.mu.Unlock()
		h.answered.Add(1)
		return
	}
	kind, rest := ack.Op[0], ack.Op[1:]
	switch kind {
	case 'p':
		v.mu.Lock()
		v.probed++
		v.mu.Unlock()
		give(h.watch.acked, at)
	case 'a':
		h.mu.Lock()
		h.asked++
		h.mu.Unlock()
	default:
		parts := strings.Split(rest, ".")
		if which, err := strconv.Atoi(parts[0]); err == nil && len(parts) == 3 {
			v.mu.Lock()
			v.holds[which] = parts[1] == "on"
			v.mu.Unlock()
		}
	}
	h.answered.Add(1)
}

// votes counts the confirmed ones.
func (v *viewer) votes() int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.probed
	for _, on := range v.holds {
		if on {
			n++
		}
	}
	return n
}

// vote turns one's vote for a question around.
func (v *viewer) vote(which int) {
	on := !v.wants[which]
	v.wants[which] = on
	v.acts++
	word := "off"
	if on {
		word = "on"
	}
	v.send(fmt.Sprintf("v%d.%s.%d", which, word, v.acts), fmt.Sprintf(`"do":"vote","question":%q,"on":%t`, v.h.p.questions[which], on))
}

func (v *viewer) ask() {
	v.asks++
	v.acts++
	v.send("a"+strconv.Itoa(v.acts), fmt.Sprintf(`"do":"ask","text":"A question of the practice, number %d","name":null`, v.acts))
}

// send writes an act. A socket that takes nothing shows as an act that was never
// answered.
func (v *viewer) send(op, act string) {
	v.h.sent.Add(1)
	v.writing.Lock()
	defer v.writing.Unlock()
	_ = v.ws.SetWriteDeadline(v.h.r.Stopwatch().Add(seeTime))
	_ = v.ws.WriteMessage(websocket.TextMessage, []byte(`{"op":"`+op+`",`+act+`}`))
}

// leave says goodbye and closes.
func (v *viewer) leave() {
	_ = v.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), v.h.r.Stopwatch().Add(seeTime))
	_ = v.ws.Close()
}
