package realtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func passFor(room string, view View, voter string) string {
	return Pass{Room: room, View: view, Voter: voter, Lang: "fi", Expires: time.Now().Add(time.Hour)}.Sign(testKey)
}

// client is one viewer that keeps what the frames say, as a page does.
type client struct {
	*testing.T
	ws      *websocket.Conn
	epoch   string
	version int64
	items   map[string]string
}

type frameIn struct {
	T         string                          `json:"t"`
	Epoch     string                          `json:"epoch"`
	V         int64                           `json:"v"`
	Room      json.RawMessage                 `json:"room"`
	Questions []struct{ ID, Text string }     `json:"questions"`
	Polls     []struct{ ID, Text string }     `json:"polls"`
	Gone      []string                        `json:"gone"`
	Op        string                          `json:"op"`
	OK        bool                            `json:"ok"`
	ID        string                          `json:"id"`
	Error     *struct{ Code, Message string } `json:"error"`
	RetryMS   *int64                          `json:"retry_ms"`
	Text      string                          `json:"text"`
	N         int                             `json:"n"`
	Views     map[string]int                  `json:"views"`
	Votes     []string                        `json:"votes"`
	Lang      string                          `json:"lang"`
}

type dialing struct {
	room, pass, since, origin string
	view                      View
	protocols                 []string
	net                       func(ctx context.Context, network, addr string) (net.Conn, error)
}

func (n *node) dial(d dialing) (*websocket.Conn, *http.Response, error) {
	if d.room == "" {
		d.room = "aula"
	}
	if d.origin == "" {
		d.origin = "https://agora.test"
	}
	if d.pass == "" {
		d.pass = passFor(d.room, d.view, "voter")
	}
	if d.protocols == nil {
		d.protocols = []string{Protocol, d.pass}
	}
	url := fmt.Sprintf("ws://%s/api/v1/live/%s?view=%s&since=%s", n.addr, d.room, d.view, d.since)
	dialer := websocket.Dialer{Subprotocols: d.protocols, HandshakeTimeout: patience, NetDialContext: d.net}
	return dialer.Dial(url, http.Header{"Origin": {d.origin}})
}

func (n *node) join(t *testing.T, d dialing) *client {
	t.Helper()
	ws, _, err := n.dial(d)
	must(t, err)
	t.Cleanup(func() { ws.Close() })
	return &client{T: t, ws: ws, items: map[string]string{}}
}

// next reads one frame and takes it in.
func (c *client) next() frameIn {
	c.Helper()
	must(c, c.ws.SetReadDeadline(time.Now().Add(patience)))
	_, raw, err := c.ws.ReadMessage()
	must(c, err)
	return c.take(raw)
}

func (c *client) take(raw []byte) frameIn {
	c.Helper()
	var f frameIn
	if err := json.Unmarshal(raw, &f); err != nil {
		c.Fatalf("frame %q: %v", raw, err)
	}
	switch f.T {
	case "snapshot":
		c.items = map[string]string{}
	case "patch":
		if f.Epoch != c.epoch {
			c.Fatalf("patch of epoch %q after %q", f.Epoch, c.epoch)
		}
	default:
		return f
	}
	c.epoch, c.version = f.Epoch, f.V
	for _, q := range f.Questions {
		c.items[q.ID] = q.Text
	}
	for _, id := range f.Gone {
		delete(c.items, id)
	}
	return f
}

// want reads the next frame, which must be of kind t.
func (c *client) want(t string) frameIn {
	c.Helper()
	f := c.next()
	if f.T != t {
		c.Fatalf("got %+v, want a frame %q", f, t)
	}
	return f
}

// until reads frames up to a version.
func (c *client) until(version int64) {
	c.Helper()
	for c.version < version {
		c.next()
	}
}

// closedWith reads up to the close and returns its code; 1006 stands for a socket that just ended.
func (c *client) closedWith() (Code, string) {
	c.Helper()
	for {
		must(c, c.ws.SetReadDeadline(time.Now().Add(patience)))
		_, _, err := c.ws.ReadMessage()
		var closed *websocket.CloseError
		var network net.Error
		switch {
		case err == nil:
		case errors.As(err, &closed):
			return Code(closed.Code), closed.Text
		case errors.As(err, &network) && network.Timeout():
			c.Fatal("socket was not closed")
		default:
			return websocket.CloseAbnormalClosure, ""
		}
	}
}

func (c *client) send(text string) {
	c.Helper()
	must(c, c.ws.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (c *client) shows(want string) {
	c.Helper()
	var got []string
	for id, text := range c.items {
		got = append(got, id+"="+text)
	}
	slices.Sort(got)
	if s := strings.Join(got, " "); s != want {
		c.Fatalf("viewer shows %q, want %q", s, want)
	}
}
