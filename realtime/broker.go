package realtime

import (
	"crypto/rand"
	"slices"
	"sync"
)

// Message is what nodes tell each other: that a room has a version (its state everyone reads for itself), a saying or
// counts that pass, or how many watch on one node.
type Message struct {
	Room    string           `json:"room,omitempty"`
	Version int64            `json:"version,omitempty"`
	Urgent  bool             `json:"urgent,omitempty"`
	Rooms   []string         `json:"rooms,omitempty"` // those that Say is for
	Say     *Saying          `json:"say,omitempty"`
	Counts  map[string]int64 `json:"counts,omitempty"`
	Here    []int            `json:"here,omitempty"`
	Node    string           `json:"node"`
}

// Broker carries messages between the hubs of several processes: Memory or NATS.
type Broker interface {
	// Start gives every message of others to receive, and calls missed when some may have been lost.
	Start(receive func(Message), missed func())
	// Send never waits; what cannot be sent is dropped, because every node also looks by itself.
	Send(m Message)
	// Health is the broker's name, whether other nodes are heard, and if not, why.
	Health() (name string, ok bool, detail string)
	Close()
}

func newNode() string { return rand.Text()[:10] }

// send tells other nodes.
func (h *Hub) send(m Message) {
	if h.opt.Broker != nil {
		m.Node = h.node
		h.opt.Broker.Send(m)
	}
}

// tell says a version at once, and what comes within the same tick once at its end.
func (h *Hub) tell(name string, version int64) {
	if h.opt.Broker == nil {
		return
	}
	h.mu.Lock()
	before, toldNow := h.told[name]
	toldNow = toldNow && version > 0
	if toldNow {
		h.told[name] = max(before, version)
	} else {
		h.told[name] = before
	}
	h.mu.Unlock()
	if !toldNow {
		h.send(Message{Room: name, Version: version})
	}
}

// receive takes what another node says.
func (h *Hub) receive(m Message) {
	switch {
	case m.Node == h.node:
	case m.Here != nil:
		h.hearCrowd(m)
	case m.Counts != nil:
		h.hearTally(m)
	case m.Say != nil:
		h.say(m.Rooms, *m.Say)
	default:
		h.changed(m.Room, m.Version, m.Urgent)
	}
}

// Memory joins hubs of one process, as tests of several nodes need it.
type Memory struct {
	mu      sync.Mutex
	members []func(Message)
}

// Join gives one hub's end.
func (m *Memory) Join() Broker { return &memoryEnd{all: m} }

type memoryEnd struct{ all *Memory }

func (e *memoryEnd) Start(receive func(Message), _ func()) {
	e.all.mu.Lock()
	defer e.all.mu.Unlock()
	e.all.members = append(e.all.members, receive)
}

func (e *memoryEnd) Send(m Message) {
	e.all.mu.Lock()
	members := slices.Clone(e.all.members)
	e.all.mu.Unlock()
	for _, receive := range members {
		receive(m)
	}
}

func (e *memoryEnd) Health() (string, bool, string) { return "memory", true, "" }

func (e *memoryEnd) Close() {}
