package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"github.com/gorilla/websocket"
)

// read is a viewer's only lasting goroutine: it waits for acts and answers them one after the other, so that a viewer
// who sends faster than acts are done waits in its own socket. It ends with the socket and takes the viewer out.
func (v *viewer) read(ws *websocket.Conn) {
	h := v.room.hub
	defer h.end(v)
	ws.SetReadLimit(MaxFrame)
	ws.SetPongHandler(func(string) error { v.heard(); return nil })
	ws.SetPingHandler(v.pong)
	ws.SetCloseHandler(func(int, string) error { return nil })
	v.heard()
	select {
	case <-v.room.ready:
	case <-h.stop:
	}
	v.start()
	for {
		kind, body, err := ws.NextReader()
		if err != nil {
			v.ended(err)
			return
		}
		frame, err := io.ReadAll(body)
		if err != nil {
			v.ended(err)
			return
		}
		v.heard()
		if kind != websocket.TextMessage || !validText(frame) {
			v.ended(errBadFrame)
			return
		}
		if !v.act(frame) {
			v.rest()
			return
		}
	}
}

var errBadFrame = errors.New("realtime: not a text frame")

// start sends the first state and then what is this viewer's own.
func (v *viewer) start() {
	r := v.room
	r.mu.Lock()
	failed := r.failed
	r.mu.Unlock()
	if failed != 0 {
		v.part(failed, jitter(2*RetryUnavailable))
		return
	}
	v.wake()
	if !v.parting() {
		v.settled.Store(true)
		r.mu.Lock()
		defer r.mu.Unlock()
		// By others: reading it would leave this goroutine with a stack twice as large for as long as the viewer stays.
		r.mineDue(v)
	}
}

func (v *viewer) parting() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.last != nil || v.closed
}

// act answers one frame; false ends the viewer.
func (v *viewer) act(frame []byte) bool {
	if v.parting() {
		return true // it was told to come back and repeats what it has no answer to
	}
	h := v.room.hub
	act, code := readAct(frame)
	if !v.acts.take(h.opt.Now()) {
		code = ErrorSlowDown
		if v.refused++; v.refused > RefusedInARow {
			v.part(CodeFlood, 0)
			return false
		}
	} else {
		v.refused = 0
	}
	if code != "" {
		v.give(textFrame(AckError(act.Op, code, h.opt.Say(v.Lang, code))))
		return true
	}
	ack, counted, err := v.tally(act)
	if err == nil && !counted {
		ack, err = h.do(v.Viewer, act)
	}
	if err != nil {
		ack = AckError(act.Op, ErrorInternal, h.opt.Say(v.Lang, ErrorInternal))
	}
	if ack != nil {
		v.give(textFrame(ack))
	}
	if !counted {
		v.room.refreshOthers(v) // a count is nobody's own
	}
	return true
}

func (h *Hub) do(who Viewer, act Act) (ack json.RawMessage, err error) {
	defer h.rescue(&err)
	if h.opt.Acts == nil {
		return AckError(act.Op, ErrorBadAct, h.opt.Say(who.Lang, ErrorBadAct)), nil
	}
	ctx, cancel := context.WithTimeout(h.ctx, ActTime)
	defer cancel()
	return h.opt.Acts.Act(ctx, who, act), nil
}

// pong answers a ping. Pings count as acts, so that they cannot flood either.
func (v *viewer) pong(data string) error {
	v.heard()
	if v.acts.take(v.room.hub.opt.Now()) {
		v.give(pongFrame(data))
	}
	return nil
}

// ended answers the end of reading: a close with a close, a broken rule with its code, a lost socket with nothing.
func (v *viewer) ended(err error) {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed):
		if closed.Code != websocket.CloseAbnormalClosure {
			v.leaveWith([][]byte{normalClose})
		}
	case errors.Is(err, websocket.ErrReadLimit):
		v.part(CodeTooBig, 0)
		v.rest()
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
	default:
		v.part(CodeBadFrame, 0)
		v.rest()
	}
}

// rest reads what a viewer that was sent away still sends, so that its unread bytes do not destroy the close frame.
func (v *viewer) rest() {
	if v.line.SetReadDeadline(time.Now().Add(FarewellTime)) == nil {
		_, _ = io.Copy(io.Discard, v.line.Conn) // ends with the socket or its time
	}
}

// end takes a viewer out for good.
func (h *Hub) end(v *viewer) {
	defer h.work.Done()
	v.mu.Lock()
	v.closed, v.own = true, nil
	v.mu.Unlock()
	v.line.Close()
	v.room.leave(v)
	h.release(v.address)
}

func jitter(most time.Duration) time.Duration {
	return time.Duration(rand.Int64N(int64(most) + 1)) // spreads load; nothing secret
}
