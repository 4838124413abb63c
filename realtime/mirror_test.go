package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
)

// state takes frames in as a client does.
type state struct {
	version int64
	items   map[string]string
}

func (s *state) take(t *testing.T, sealed []byte) {
	t.Helper()
	var f frameIn
	must(t, json.Unmarshal(payload(sealed), &f))
	if f.T == "snapshot" {
		s.items = map[string]string{}
	}
	s.version = f.V
	for _, q := range append(f.Questions, f.Polls...) {
		s.items[q.ID] = q.Text
	}
	for _, id := range f.Gone {
		delete(s.items, id)
	}
}

// payload takes the header off a frame of the server.
func payload(sealed []byte) []byte {
	switch sealed[1] {
	case 126:
		return sealed[4:]
	case 127:
		return sealed[10:]
	}
	return sealed[2:]
}

// Viewers that wander between nodes, each of which loads when it likes, hold after every frame exactly what that node
// would show to a newcomer.
func TestAnyViewerConvergesOnAnyNode(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		truth := newBoard()
		nodes := make([]mirror, 3)
		viewers := make([]state, 8)
		load := func(m *mirror) {
			c, err := truth.Changes(context.Background(), "aula", m.version)
			must(t, err)
			for i := range c.Items {
				if c.Items[i].ID > "q4" { // these stand in a list of their own
					c.Items[i].List = "polls"
				}
			}
			if m.byID == nil {
				m.replace(c)
				return
			}
			m.apply(c)
		}
		for i := range nodes {
			load(&nodes[i])
		}
		for step := range 600 {
			switch m := &nodes[rng.IntN(len(nodes))]; rng.IntN(4) {
			case 0, 1:
				truth.put(fmt.Sprint("q", rng.IntN(7)), fmt.Sprint("text ", step), rng.IntN(2) == 0)
			case 2:
				load(m)
			default:
				i := rng.IntN(len(viewers))
				v, view := &viewers[i], View(i%Views)
				if v.items == nil || v.version > m.version {
					v.take(t, m.snapshot(view, "questions"))
				} else {
					b, _ := m.patch(view, v.version, "questions")
					v.take(t, b)
				}
				var fresh state
				fresh.take(t, m.snapshot(view, "questions"))
				if !maps.Equal(v.items, fresh.items) || v.version != fresh.version {
					t.Fatalf("seed %d, step %d, %s: has %v, a newcomer gets %v", seed, step, view, v.items, fresh.items)
				}
			}
		}
	}
}

// A further list is there only when it holds something; the room's own always is.
func TestListsStandApart(t *testing.T) {
	var m mirror
	view := [Views]json.RawMessage{json.RawMessage(`{"id":"p"}`)}
	m.replace(Changes{Epoch: "e", Version: 1, Items: []Item{{ID: "p", List: "polls", Version: 1, Views: view}}})
	for got, want := range map[string]string{
		string(payload(m.snapshot(Audience, "questions"))):  `{"t":"snapshot","epoch":"e","v":1,"room":null,"questions":[],"polls":[{"id":"p"}]}`,
		string(payload(m.snapshot(Moderator, "questions"))): `{"t":"snapshot","epoch":"e","v":1,"room":null,"questions":[]}`,
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	m.apply(Changes{Epoch: "e", Version: 2, Items: []Item{{ID: "p", List: "polls", Version: 2}}})
	if b, some := m.patch(Audience, 1, "questions"); !some || string(payload(b)) != `{"t":"patch","epoch":"e","v":2,"questions":[],"gone":["p"]}` {
		t.Errorf("%s", payload(b))
	}
}

func TestFrameHeaders(t *testing.T) {
	for _, n := range []int{0, 125, 126, 0xffff, 0x10000} {
		f := textFrame(make([]byte, n))
		if f[0] != opText || len(payload(f)) != n {
			t.Errorf("%d bytes: header % x", n, f[:len(f)-n])
		}
	}
}
