package realtime

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
)

const (
	opMax = 64
	doMax = 32
)

// readAct takes a frame apart as far as the transport needs it. The second value is an error code for the ack, empty
// when the act may go on; Op is set whenever it could be read, so that the client knows what was refused.
func readAct(frame []byte) (Act, string) {
	var head struct {
		Op string `json:"op"`
		Do string `json:"do"`
	}
	err := json.Unmarshal(frame, &head)
	if head.Op == "" || len(head.Op) > opMax {
		return Act{}, ErrorBadAct
	}
	act := Act{Op: head.Op, Do: head.Do, Frame: frame}
	if err != nil || head.Do == "" || len(head.Do) > doMax {
		return act, ErrorBadAct
	}
	if holdsNUL(frame) {
		return act, ErrorBadText
	}
	return act, ""
}

// holdsNUL finds an escaped NUL; a bare one is no JSON. A backslash that is itself escaped starts nothing.
func holdsNUL(frame []byte) bool {
	for {
		i := bytes.IndexByte(frame, '\\')
		if i < 0 || i+1 >= len(frame) {
			return false
		}
		if bytes.HasPrefix(frame[i+1:], []byte("u0000")) {
			return true
		}
		frame = frame[i+2:]
	}
}

func validText(frame []byte) bool { return utf8.Valid(frame) }

// bucket is a token bucket kept as one number: the time at which it would be full again.
type bucket int64

// take reports whether one more act fits now.
func (b *bucket) take(now time.Time) bool {
	const each = int64(time.Second / ActsPerSecond)
	at := max(int64(*b), now.UnixNano())
	if at-now.UnixNano() > each*(ActsBurst-1) {
		return false
	}
	*b = bucket(at + each)
	return true
}
