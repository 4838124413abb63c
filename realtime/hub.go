package realtime

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Options are what a hub stands on. Source, PassKey and Origin are needed (without the latter two nobody gets in), and
// Acts unless viewers only watch; the rest has defaults.
type Options struct {
	Source  Source
	Acts    Acts
	PassKey []byte
	// Origin tells, before the upgrade, whether a request comes from this site's own pages.
	Origin func(c *fiber.Ctx) bool

	// Tally takes acts that only add to a count that passes, such as applause; nil: there are none.
	Tally Tally
	// Admit is asked for every view but the audience's, at the upgrade and every ten seconds after, so that a withdrawn
	// right ends; nil admits whoever holds a pass.
	Admit func(ctx context.Context, v Viewer) error
	// Address is the client's address for the last of the limits; nil leaves that limit out.
	Address func(c *fiber.Ctx) string
	// Say gives the sentence for one of the transport's error codes; nil repeats the code.
	Say func(lang, code string) string

	ItemsKey  string // name of the items in frames; "items"
	TallyType string // "t" of the frames with counts; "tally"
	Broker    Broker // nil: this node is alone
	Log       *slog.Logger
	Now       func() time.Time

	Sockets, SocketsPerRoom, SocketsPerVoter, SocketsPerAddress int

	Stall     time.Duration // StallTime
	ByeSpread time.Duration // ByeSpread

	// Tick and Beat replace the clocks of delivery and of everything slower.
	Tick, Beat <-chan time.Time

	spread func() // told when a step was handed to everybody

	trim      func() // gives memory back; debug.FreeOSMemory
	trimCrowd int    // TrimCrowd
}

// Hub holds the rooms of one process.
type Hub struct {
	opt    Options
	node   string
	ctx    context.Context // of everything the hub does by itself
	cancel context.CancelFunc

	mu        sync.Mutex
	rooms     map[string]*room
	dirty     map[*room]struct{}
	told      map[string]int64 // rooms told of within this tick, and the version still to tell
	sockets   int
	addresses map[string]int
	stopping  bool
	stop      chan struct{} // closed when stopping
	empty     chan struct{} // closed when stopping and the last socket is gone

	work   sync.WaitGroup // goroutines of the hub
	mining chan struct{}
	beats  int
	slots  atomic.Uint32

	arrivals arrivals // the beat's alone

	snapshots, patches, stalled, loads atomic.Int64
}

// New starts a hub; Shutdown ends it.
func New(opt Options) *Hub {
	fill(&opt)
	ctx, cancel := context.WithCancel(context.Background())
	h := &Hub{
		opt: opt, node: newNode(), ctx: ctx, cancel: cancel,
		rooms:     make(map[string]*room),
		dirty:     make(map[*room]struct{}),
		told:      make(map[string]int64),
		addresses: make(map[string]int),
		stop:      make(chan struct{}),
		empty:     make(chan struct{}),
		mining:    make(chan struct{}, MineAtOnce),
	}
	if opt.Broker != nil {
		opt.Broker.Start(h.receive, h.lookAgain)
	}
	h.work.Go(h.run)
	return h
}

func fill(opt *Options) {
	setDefault(&opt.ItemsKey, "items")
	setDefault(&opt.TallyType, "tally")
	setDefault(&opt.Sockets, MaxSockets)
	setDefault(&opt.SocketsPerRoom, MaxSocketsPerRoom)
	setDefault(&opt.SocketsPerVoter, MaxSocketsPerVoter)
	setDefault(&opt.SocketsPerAddress, MaxSocketsPerAddress)
	setDefault(&opt.Stall, StallTime)
	setDefault(&opt.ByeSpread, ByeSpread)
	setDefault(&opt.trimCrowd, TrimCrowd)
	setDefault(&opt.Log, slog.New(slog.DiscardHandler))
	if opt.trim == nil {
		opt.trim = debug.FreeOSMemory
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Origin == nil {
		opt.Origin = func(*fiber.Ctx) bool { return false }
	}
	if opt.Say == nil {
		opt.Say = func(_, code string) string { return code }
	}
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// run paces the hub.
func (h *Hub) run() {
	tick, beat := h.opt.Tick, h.opt.Beat
	if tick == nil {
		t := time.NewTicker(TickEvery)
		defer t.Stop()
		tick = t.C
	}
	if beat == nil {
		t := time.NewTicker(BeatEvery)
		defer t.Stop()
		beat = t.C
	}
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick:
			h.tick()
		case <-beat:
			h.beat()
		}
	}
}

// Notify says that a room has a new version, after its commit. Everybody has it within about a tick. It never waits.
// Version 0 asks to look in any case, as after a change of epoch, whose versions may be lower.
func (h *Hub) Notify(name string, version int64) {
	h.changed(name, version, false)
	h.tell(name, version)
}

// Urgent is Notify for what must not wait for the tick, such as the question that is being answered now.
func (h *Hub) Urgent(name string, version int64) {
	h.changed(name, version, true)
	h.send(Message{Room: name, Version: version, Urgent: true})
}

// Dismiss sends away the viewers of a room on this node for whom out is true, for good. Other nodes find withdrawn
// rights by Admit.
func (h *Hub) Dismiss(name string, out func(Viewer) bool) {
	r := h.room(name)
	if r == nil {
		return
	}
	for _, v := range r.everybody() {
		if out(v.Viewer) {
			v.part(CodeNotAllowed, 0)
		}
	}
}

// room is a room that somebody watches or watched lately, nil when it is not in memory.
func (h *Hub) room(name string) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[name]
}

// Health is what a readiness page may show.
type Health struct {
	Broker  string // "alone", "memory" or "nats"
	OK      bool   // other nodes are heard; when false, rooms are read once per second instead
	Detail  string // why not, in plain words
	Rooms   int
	Sockets int
}

// Health tells how the hub is. It is ready in either case.
func (h *Hub) Health() Health {
	h.mu.Lock()
	s := Health{Broker: "alone", OK: true, Rooms: len(h.rooms), Sockets: h.sockets}
	h.mu.Unlock()
	if h.opt.Broker != nil {
		s.Broker, s.OK, s.Detail = h.opt.Broker.Health()
	}
	return s
}

// Figures count what the hub did since it started.
type Figures struct {
	Loads     int64 // readings of a room
	Snapshots int64 // snapshots made
	Patches   int64 // patches made
	Stalled   int64 // viewers cut because they took nothing
}

// Figures gives the counts, for metrics and for tests of what must not happen too often.
func (h *Hub) Figures() Figures {
	return Figures{h.loads.Load(), h.snapshots.Load(), h.patches.Load(), h.stalled.Load()}
}
