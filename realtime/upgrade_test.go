package realtime

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

func TestUpgradeSelectsTheProtocolOnly(t *testing.T) {
	n := startNode(t, newBoard())
	ws, answer, err := n.dial(dialing{})
	must(t, err)
	defer ws.Close()
	if got := answer.Header.Get("Sec-WebSocket-Protocol"); got != Protocol {
		t.Fatalf("selected %q", got)
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", answer.StatusCode)
	}
}

func TestRefusedBeforeTheUpgrade(t *testing.T) {
	n := startNode(t, newBoard(), func(o *Options) { o.SocketsPerVoter = 1 })
	full := n.join(t, dialing{})
	full.want("snapshot")
	for name, tc := range map[string]struct {
		dial dialing
		want int
	}{
		"foreign origin":   {dialing{origin: "https://evil.test"}, http.StatusForbidden},
		"no protocol":      {dialing{protocols: []string{"other"}}, http.StatusBadRequest},
		"no pass":          {dialing{protocols: []string{Protocol}}, http.StatusUnauthorized},
		"one tab too many": {dialing{}, http.StatusTooManyRequests},
	} {
		_, answer, err := n.dial(tc.dial)
		if err == nil || answer == nil || answer.StatusCode != tc.want {
			t.Errorf("%s: %v, answer %v, want %d", name, err, answer, tc.want)
		}
	}
	answer, err := http.Get("http://" + n.addr + "/api/v1/live/aula")
	must(t, err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("a plain request got %d", answer.StatusCode)
	}
	if n.hub.Health().Sockets != 1 {
		t.Errorf("places were lost: %+v", n.hub.Health())
	}
}

func TestPassesAreSaidInTheCloseCode(t *testing.T) {
	withdrawn := fmt.Errorf("link withdrawn: %w", ErrNotAllowed)
	n := startNode(t, newBoard(), func(o *Options) {
		o.Admit = func(_ context.Context, v Viewer) error {
			if v.View == Audience {
				t.Error("an audience pass must be enough")
			}
			if v.Voter == "out" {
				return withdrawn
			}
			return nil
		}
	})
	old := Pass{Room: "aula", Voter: "a", Expires: time.Now().Add(-time.Second)}.Sign(testKey)
	foreign := Pass{Room: "aula", Voter: "a", Expires: time.Now().Add(time.Hour)}.Sign([]byte("another"))
	for name, tc := range map[string]struct {
		dial dialing
		want Code
	}{
		"forged":     {dialing{pass: "AAAA"}, CodePassBad},
		"other key":  {dialing{pass: foreign}, CodePassBad},
		"expired":    {dialing{pass: old}, CodePassExpired},
		"other room": {dialing{pass: passFor("hall", Audience, "a")}, CodeElsewhere},
		"other view": {dialing{view: Moderator, pass: passFor("aula", Audience, "a")}, CodeElsewhere},
		"withdrawn":  {dialing{view: Moderator, pass: passFor("aula", Moderator, "out")}, CodeNotAllowed},
	} {
		t.Run(name, func(t *testing.T) {
			c := n.join(t, tc.dial)
			code, reason := c.closedWith()
			if code != tc.want || !strings.HasPrefix(reason, tc.want.Word()) {
				t.Fatalf("closed with %d %q, want %d", code, reason, tc.want)
			}
		})
	}
	n.join(t, dialing{view: Moderator}).want("snapshot")
	eventually(t, "nobody else holds a place", func() bool { return n.hub.Health().Sockets == 1 })
}

func TestWithdrawnRightEndsWithinAMinute(t *testing.T) {
	allowed := make(chan error, 2)
	allowed <- nil
	allowed <- ErrNotAllowed
	n := startNode(t, newBoard(), func(o *Options) {
		o.Admit = func(context.Context, Viewer) error { return <-allowed }
	})
	c := n.join(t, dialing{view: Moderator})
	c.want("snapshot")
	for range ReadmitBeats {
		n.send(n.beat)
	}
	if code, _ := c.closedWith(); code != CodeNotAllowed {
		t.Fatalf("closed with %d", code)
	}
}

func TestDismissAndCloseFromAnotherGoroutine(t *testing.T) {
	n := startNode(t, newBoard())
	out := n.join(t, dialing{pass: passFor("aula", Audience, "out")})
	in := n.join(t, dialing{pass: passFor("aula", Audience, "in")})
	out.want("snapshot")
	in.want("snapshot")
	n.hub.Dismiss("aula", func(v Viewer) bool { return v.Voter == "out" })
	if code, _ := out.closedWith(); code != CodeNotAllowed {
		t.Fatalf("closed with %d", code)
	}
	n.hub.Notice("aula", "still here")
	in.want("notice")
}

func TestUnpreparedServerIsRefused(t *testing.T) {
	n := startNode(t, newBoard())
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/live", func(c *fiber.Ctx) error { return n.hub.Serve(c, "aula") })
	req, err := http.NewRequest(http.MethodGet, "http://agora.test/live", nil)
	must(t, err)
	answer, err := app.Test(req)
	must(t, err)
	if answer.StatusCode != http.StatusInternalServerError {
		t.Fatalf("status %d", answer.StatusCode)
	}
}

// rawHandshake speaks the handshake by hand, to send what no library would.
func (n *node) rawHandshake(t *testing.T, extra string, after []byte) (net.Conn, *bufio.Reader) {
	t.Helper()
	conn, err := net.Dial("tcp", n.addr)
	must(t, err)
	t.Cleanup(func() { conn.Close() })
	must(t, conn.SetDeadline(time.Now().Add(patience)))
	request := "GET /api/v1/live/aula HTTP/1.1\r\nHost: agora.test\r\nOrigin: https://agora.test\r\n" +
		"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + extra +
		"Sec-WebSocket-Protocol: " + Protocol + ", " + passFor("aula", Audience, "v") + "\r\n\r\n"
	_, err = conn.Write(append([]byte(request), after...))
	must(t, err)
	return conn, bufio.NewReader(conn)
}

const goodKey = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

func TestBytesSentWithTheHandshakeAreNotLost(t *testing.T) {
	n := startNode(t, newBoard())
	act := []byte(`{"op":"early","do":"ask","text":"` + strings.Repeat("so early ", 100) + `"}`)
	frame := []byte{opText, 0x80 | 126, byte(len(act) >> 8), byte(len(act)), 0, 0, 0, 0} // a mask of zeros changes nothing
	_, answer := n.rawHandshake(t, goodKey, append(frame, act...))
	head, err := http.ReadResponse(answer, nil)
	must(t, err)
	if head.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("status %d", head.StatusCode)
	}
	var got string
	for !strings.Contains(got, `"op":"early"`) {
		b, err := answer.ReadByte()
		must(t, err)
		got += string(b)
	}
	if !strings.Contains(got, `"snapshot"`) {
		t.Fatalf("the first state must come first: %q", got)
	}
}

func TestBrokenHandshakeIsAnsweredAndClosed(t *testing.T) {
	n := startNode(t, newBoard())
	_, answer := n.rawHandshake(t, "Sec-WebSocket-Key: short\r\n", nil)
	head, err := http.ReadResponse(answer, nil)
	must(t, err)
	if head.StatusCode != http.StatusBadRequest {
		t.Fatalf("status %d", head.StatusCode)
	}
	if _, err := answer.ReadByte(); err != io.EOF {
		t.Fatalf("the connection must end: %v", err)
	}
	eventually(t, "the place is given back", func() bool { return n.hub.Health().Sockets == 0 })
}

func TestAbruptEndFreesThePlace(t *testing.T) {
	n := startNode(t, newBoard())
	c := n.join(t, dialing{})
	c.want("snapshot")
	must(t, c.ws.NetConn().(*net.TCPConn).SetLinger(0))
	c.ws.NetConn().Close()
	eventually(t, "the viewer is gone", func() bool { return n.hub.Health().Sockets == 0 })
	n.join(t, dialing{}).want("snapshot")
}

func TestPlacesByAddressAndRoom(t *testing.T) {
	n := startNode(t, newBoard(), func(o *Options) {
		o.Address = func(*fiber.Ctx) string { return "192.0.2.1" }
		o.SocketsPerAddress, o.SocketsPerRoom = 2, 1
	})
	first := n.join(t, dialing{})
	first.want("snapshot")
	if _, answer, err := n.dial(dialing{pass: passFor("aula", Audience, "b")}); err == nil || answer.StatusCode != 503 {
		t.Fatal("the room was full")
	}
	n.join(t, dialing{room: "hall"}).want("snapshot")
	if _, answer, err := n.dial(dialing{room: "yard"}); err == nil || answer.StatusCode != 429 {
		t.Fatal("the address was full")
	}
	must(t, first.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "")))
	eventually(t, "a place is free", func() bool { return n.hub.Health().Sockets == 1 })
	n.join(t, dialing{room: "yard"}).want("snapshot")
}
