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
	for _, q := range f.Questions {
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

func TestFrameHeaders(t *testing.T) {
	for _, n := range []int{0, 125, 126, 0xffff, 0x10000} {
		f := textFrame(make([]byte, n))
		if f[0] != opText || len(payload(f)) != n {
			t.Errorf("%d bytes: header % x", n, f[:len(f)-n])
		}
	}
}
