package realtime

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func TestActsAreAnsweredAndRepeatedOnesAgain(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	c := n.join(t, dialing{})
	c.want("snapshot")
	c.send(`{"op":"a","do":"ask","text":"?"}`)
	first := c.want("ack")
	if !first.OK || first.Op != "a" || first.ID == "" {
		t.Fatalf("got %+v", first)
	}
	c.send(`{"op":"a","do":"ask","text":"?"}`)
	if again := c.want("ack"); again.ID != first.ID {
		t.Fatalf("a repeated op was done again: %+v", again)
	}
	for text, code := range map[string]string{
		`{"op":"b","do":"dance"}`:                 "unknown_act",
		`{"op":"b","do":"panic"}`:                 ErrorInternal,
		`{"op":"b","do":"ask","text":"a\u0000b"}`: ErrorBadText,
		`{"op":"b"}`:                              ErrorBadAct,
		`{"op":"b","do":7}`:                       ErrorBadAct,
		`{"do":"ask"}`:                            ErrorBadAct,
		`[]`:                                      ErrorBadAct,
		`{`:                                       ErrorBadAct,
		"":                                        ErrorBadAct,
		`{"op":"` + strings.Repeat("x", 65) + `","do":"ask"}`: ErrorBadAct,
	} {
		c.send(text)
		if f := c.want("ack"); f.Error == nil || f.Error.Code != code {
			t.Fatalf("%s: got %+v, want %s", text, f, code)
		}
	}
	c.send(`{"op":"c","do":"ask","text":"a\\u0000 is typed"}`)
	if f := c.want("ack"); !f.OK {
		t.Fatalf("a typed backslash is no NUL: %+v", f)
	}
}

func TestFloods(t *testing.T) {
	b := newBoard()
	now := time.Now()
	n := startNode(t, b, func(o *Options) { o.Now = func() time.Time { return now } })
	c := n.join(t, dialing{})
	c.want("snapshot")
	for i := range ActsBurst + 1 {
		c.send(fmt.Sprintf(`{"op":"o%d","do":"ask"}`, i))
		f := c.want("ack")
		if refused := f.Error != nil && f.Error.Code == ErrorSlowDown; refused != (i == ActsBurst) {
			t.Fatalf("act %d: %+v", i, f)
		}
	}
	for range RefusedInARow {
		if c.ws.WriteMessage(websocket.TextMessage, []byte(`{"op":"x","do":"ask"}`)) != nil {
			break
		}
	}
	if code, _ := c.closedWith(); code != CodeFlood && code != CodeBehind {
		t.Fatalf("closed with %d", code)
	}
}

func TestBrokenFramesEndTheirViewerAlone(t *testing.T) {
	b := newBoard()
	n := startNode(t, b)
	bystander := n.join(t, dialing{})
	bystander.want("snapshot")
	cases := map[string]struct {
		send func(ws *websocket.Conn) error
		want Code
	}{
		"over 8 KB": {func(ws *websocket.Conn) error {
			return ws.WriteMessage(websocket.TextMessage, []byte(strings.Repeat("x", MaxFrame+1)))
		}, CodeTooBig},
		"binary": {func(ws *websocket.Conn) error {
			return ws.WriteMessage(websocket.BinaryMessage, []byte("{}"))
		}, CodeBadFrame},
		"invalid UTF-8": {func(ws *websocket.Conn) error {
			return ws.WriteMessage(websocket.TextMessage, []byte("{\"op\":\"\xff\",\"do\":\"ask\"}"))
		}, CodeBadFrame},
		"unmasked": {func(ws *websocket.Conn) error {
			_, err := ws.NetConn().Write([]byte{opText, 2, '{', '}'})
			return err
		}, CodeBadFrame},
		"close": {func(ws *websocket.Conn) error {
			return ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		}, 1000},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := n.join(t, dialing{})
			c.want("snapshot")
			must(t, tc.send(c.ws))
			if code, _ := c.closedWith(); code != tc.want {
				t.Fatalf("closed with %d, want %d", code, tc.want)
			}
		})
	}
	eventually(t, "the broken ones are gone", func() bool { return n.hub.Health().Sockets == 1 })
	n.hub.Notify("aula", b.put("q1", "on it goes", true))
	n.turn()
	bystander.want("patch")
}

func TestPingIsAnswered(t *testing.T) {
	n := startNode(t, newBoard())
	c := n.join(t, dialing{})
	c.want("snapshot")
	// The handlers run where the frames are read.
	var pong string
	c.ws.SetPongHandler(func(data string) error { pong = data; return nil })
	pinged := false
	c.ws.SetPingHandler(func(string) error { pinged = true; return nil })
	must(t, c.ws.WriteControl(websocket.PingMessage, []byte("here"), time.Now().Add(patience)))
	c.send(`{"op":"a","do":"ask"}`)
	c.want("ack")
	if pong != "here" {
		t.Fatalf("pong %q", pong)
	}
	for range PingBeats {
		n.send(n.beat)
	}
	c.want("presence")
	for i := 0; !pinged && i < ActsBurst/2; i++ {
		c.send(`{"op":"b","do":"ask"}`)
		c.want("ack")
	}
	if !pinged {
		t.Fatal("no ping came")
	}
}

func TestAcksHoldWhatTheConsumerAdds(t *testing.T) {
	var f map[string]any
	must(t, json.Unmarshal(AckOK("o", "i", map[string]any{"secret": "s", "ok": false}), &f))
	if f["secret"] != "s" || f["ok"] != true || f["id"] != "i" || f["t"] != "ack" {
		t.Fatalf("got %v", f)
	}
}
