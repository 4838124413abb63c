package realtime

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// masked is a frame as a client sends it, with a mask of zeros.
func masked(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}

// FuzzSocket sends a viewer's socket any bytes at all. Nothing panics, the answers are whole frames of valid JSON
// or a known close code, and the viewer's place is free again.
func FuzzSocket(f *testing.F) {
	for _, seed := range [][]byte{
		{}, {0}, {opText}, {opText, 2, '{', '}'}, {0xff, 0xff, 0xff}, {opText, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		masked(opText, `{"op":"1","do":"ask","text":"?"}`), masked(opText, `{"op":"1","do":"panic"}`), masked(opText, "\xff"), masked(0x82, "{}"),
		masked(opPing, "here"), masked(opPong, ""), masked(opClose, "\x03\xe8"), masked(opClose, "\x03"), masked(opClose, "\x00\x00\xff"),
		slices.Concat(masked(0x01, `{"op":"1",`), masked(opPing, ""), masked(0x80, `"do":"ask"}`)), masked(0x80, "alone"), masked(0xc1, "compressed"),
		masked(opText, strings.Repeat("x", MaxFrame+1)), slices.Concat(masked(opClose, "\x03\xe8"), masked(opText, `{"op":"2","do":"ask"}`)),
		// Found by fuzzing: other ways through the reader.
		[]byte("\x81\xff0"), []byte("\x89"), []byte("8\xff"), []byte("\x81\x80\xba\x97\x97\x01\x81"), []byte("\x88\x87 0^\x870"),
		[]byte("\x88\x8a\x00\x00\xdd\xff\x03\xe8"), []byte("\x81\x81D\x1e000"), []byte("\x01\x8a\x00\x0000{\x0000000000\x80\xf2\xff\xff\x8b000000000000000"),
		masked(opText, `{"ap":2.1`+"\t"+`,"o":"panic"}`), masked(opText, `{"op":"1","do":"ask","text":"?C}`), masked(opText, `{"op":"0","do":700000"}`),
	} {
		f.Add(seed)
	}
	b := newBoard()
	h := New(Options{Source: b, Acts: b, PassKey: testKey, ItemsKey: "questions", Tick: make(chan time.Time), Beat: make(chan time.Time)})
	f.Cleanup(func() { _ = h.Shutdown(f.Context()) }) // whoever is left is cut with the process
	f.Fuzz(func(t *testing.T, sent []byte) {
		out := attack(t, h, sent)
		checkAnswers(t, out)
	})
}

// attack opens a socket, sends the bytes, ends it and gives what came back.
func attack(t *testing.T, h *Hub, sent []byte) []byte {
	t.Helper()
	near, far := net.Pipe()
	pass := Pass{Room: "aula", Voter: "v", Lang: "fi", Expires: time.Now().Add(time.Hour)}
	if h.reserve(pass, "") != roomLeft {
		t.Fatal("no place: those before were not given back")
	}
	request := &http.Request{Method: http.MethodGet, Header: http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Protocol": {Protocol},
	}}
	go h.welcome(far, &handshake{request: request, pass: pass})
	got := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(near) // to the end, whichever it is
		got <- all
	}()
	must(t, near.SetWriteDeadline(time.Now().Add(patience)))
	_, _ = near.Write(sent) // it may be closed in the middle
	_, _ = near.Write(masked(opClose, "\x03\xe8"))
	near.Close()
	out := <-got
	for end := time.Now().Add(patience); h.Health().Sockets > 0; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%q: its place is never free", sent)
		}
	}
	return out
}

// checkAnswers takes the answers apart; the last may be cut off, as the socket was.
func checkAnswers(t *testing.T, out []byte) {
	t.Helper()
	_, frames, _ := strings.Cut(string(out), "\r\n\r\n")
	for b := []byte(frames); len(b) >= 2; {
		op, n, head := b[0], int(b[1]), 2
		switch {
		case n == 126 && len(b) >= 4:
			n, head = int(binary.BigEndian.Uint16(b[2:])), 4
		case n >= 126:
			t.Fatalf("a header % x", b[:2])
		}
		if len(b) < head+n {
			return
		}
		body := b[head : head+n]
		b = b[head+n:]
		switch op {
		case opText:
			if !json.Valid(body) {
				t.Fatalf("said %q", body)
			}
		case opClose:
			code := Code(binary.BigEndian.Uint16(body))
			if code.Word() == "closed" && code != websocket.CloseNormalClosure || len(b) > 0 {
				t.Fatalf("closed with %d, then %q", code, b)
			}
		case opPing, opPong:
		default:
			t.Fatalf("a frame of kind %#x", op)
		}
	}
}
