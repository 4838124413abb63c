package realtime

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Tallies count what passes: a wave of applause, not who clapped. They are gathered for a beat, sent once, and of no
// consequence: nothing keeps them, and a viewer that is behind misses some.

// talliesKept bounds what one beat of a room may count apart.
const talliesKept = 16

// Tally is asked of every act, given by the consumer. It tells whether the act only adds one to a count, and to which;
// a code refuses it. Acts that are none of its own go on to Acts.
type Tally func(ctx context.Context, v Viewer, act Act) (count, code string, is bool)

// passing is what a room counted since its last beat; guarded by the room.
type passing struct {
	own   map[string]int64 // by viewers of this node
	heard map[string]int64 // by those of others
	paced map[string]int   // how often each viewer added
}

// tally does an act that only adds to a count. It reports false for every other act.
func (v *viewer) tally(act Act) (ack json.RawMessage, is bool, err error) {
	h := v.room.hub
	if h.opt.Tally == nil {
		return nil, false, nil
	}
	defer h.rescue(&err)
	ctx, cancel := context.WithTimeout(h.ctx, ActTime)
	defer cancel()
	count, code, is := h.opt.Tally(ctx, v.Viewer, act)
	if !is {
		return nil, false, nil
	}
	if code == "" && !v.room.count(v, count) {
		code = ErrorSlowDown
	}
	if code != "" {
		return AckError(act.Op, code, h.opt.Say(v.Lang, code)), true, nil
	}
	return AckOK(act.Op, "", nil), true, nil
}

// count adds one for a viewer, whose tabs count together, unless it is too much for one beat.
func (r *room) count(v *viewer, name string) bool {
	who := v.Voter
	if who == "" {
		who = strconv.FormatUint(uint64(v.slot), 10)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.passing.paced == nil {
		r.passing.paced = make(map[string]int)
	}
	if r.passing.paced[who] >= TalliesPerBeat {
		return false
	}
	r.passing.paced[who]++
	add(&r.passing.own, name, 1)
	return true
}

// hearTally takes what another node counted.
func (h *Hub) hearTally(m Message) {
	r := h.room(m.Room)
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, n := range m.Counts {
		add(&r.passing.heard, name, n)
	}
}

func add(counts *map[string]int64, name string, n int64) {
	if *counts == nil {
		*counts = make(map[string]int64)
	}
	if _, known := (*counts)[name]; n > 0 && (known || len(*counts) < talliesKept) {
		(*counts)[name] += n
	}
}

// spreadTally ends a beat's counting: other nodes are told what was counted here, and everybody here gets the whole in
// one frame. It reports whether there is one.
func (r *room) spreadTally() bool {
	r.mu.Lock()
	p := r.passing
	r.passing = passing{}
	r.mu.Unlock()
	if len(p.own) > 0 {
		r.hub.send(Message{Room: r.name, Counts: maps.Clone(p.own)})
	}
	for name, n := range p.heard {
		add(&p.own, name, n)
	}
	if len(p.own) == 0 {
		return false
	}
	frame := tallyFrame(r.hub.opt.TallyType, p.own)
	r.counts.Store(&frame)
	return true
}

// tallyFrame tells what is new since the frame before.
func tallyFrame(kind string, counts map[string]int64) []byte {
	b := append(newFrame(120), `{"t":`...)
	b = strconv.AppendQuote(b, kind)
	b = append(b, `,"counts":{`...)
	for i, name := range slices.Sorted(maps.Keys(counts)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, encode(name)...)
		b = strconv.AppendInt(append(b, ':'), counts[name], 10)
	}
	return seal(opText, append(b, "}}"...))
}
