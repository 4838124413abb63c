package realtime

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
)

// A frame is kept as the bytes that go over the wire, header included, so that sending it to thousands costs nothing
// but the sending. Frames of a server are not masked, which makes their header the same for everyone.

const (
	opText  = 0x81
	opClose = 0x88
	opPing  = 0x89
	opPong  = 0x8a
)

// headRoom is the longest header of a server's frame.
const headRoom = 10

// newFrame gives a buffer that seal will turn into a frame: payload is appended to it.
func newFrame(size int) []byte { return make([]byte, headRoom, headRoom+size) }

// seal puts the header right before the payload.
func seal(op byte, b []byte) []byte {
	n := len(b) - headRoom
	var start int
	switch {
	case n < 126:
		start = headRoom - 2
		b[start+1] = byte(n)
	case n <= 0xffff:
		start = headRoom - 4
		b[start+1] = 126
		binary.BigEndian.PutUint16(b[start+2:], uint16(n))
	default:
		start = 0
		b[1] = 127
		binary.BigEndian.PutUint64(b[2:], uint64(n))
	}
	b[start] = op
	return b[start:]
}

func textFrame(payload []byte) []byte {
	return seal(opText, append(newFrame(len(payload)), payload...))
}

func pongFrame(data string) []byte { return seal(opPong, append(newFrame(len(data)), data...)) }

// closeFrame carries the code and its word; reasons may hold 123 bytes, which no word reaches.
func closeFrame(code Code, retryMS int64) []byte {
	b := binary.BigEndian.AppendUint16(newFrame(64), uint16(code))
	b = append(b, code.Word()...)
	if retryMS >= 0 {
		b = strconv.AppendInt(append(b, " retry_ms="...), retryMS, 10)
	}
	return seal(opClose, b)
}

func byeFrame(retryMS int64) []byte {
	b := append(newFrame(40), `{"t":"bye","retry_ms":`...)
	return seal(opText, append(strconv.AppendInt(b, retryMS, 10), '}'))
}

// presenceFrame tells how many are here: n in the audience, and each view's number.
func presenceFrame(here [Views]int) []byte {
	b := append(newFrame(120), `{"t":"presence","n":`...)
	b = strconv.AppendInt(b, int64(here[Audience]), 10)
	b = append(b, `,"views":{`...)
	for i, n := range here {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), viewNames[i]...), `":`...)
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return seal(opText, append(b, "}}"...))
}

// AckOK is the answer to an act that was done. More holds further members of the frame, such as the secret that
// proves an anonymous question to be one's own; it may be nil.
func AckOK(op, id string, more map[string]any) json.RawMessage {
	m := make(map[string]any, len(more)+4)
	for k, v := range more {
		m[k] = v
	}
	m["t"], m["op"], m["ok"] = "ack", op, true
	if id != "" {
		m["id"] = id
	}
	return encode(m)
}

// AckError is the answer to an act that was not done: a code for programs, a sentence for people.
func AckError(op, code, message string) json.RawMessage {
	return encode(map[string]any{
		"t": "ack", "op": op,
		"error": map[string]string{"code": code, "message": message},
	})
}

// encode is for values made in here of texts and numbers, which cannot fail to encode.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"t":"ack","op":"","error":{"code":"internal","message":"internal"}}`)
	}
	return b
}

var (
	pingFrame   = []byte{opPing, 0}
	normalClose = []byte{opClose, 2, 1000 >> 8, 1000 & 0xff}
)
