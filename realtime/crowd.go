package realtime

import (
	"context"
	"time"
)

// Presence is how many watch a room in each view. It is counted, not kept: unversioned, and of no consequence.

// nodeCrowd is what another node said last.
type nodeCrowd struct {
	here [Views]int
	at   time.Time
}

const (
	// crowdLife is how long another node's count holds without being said again.
	crowdLife = 15 * time.Second
	// crowdBeats is how often a node says its count although nothing changed.
	crowdBeats = 5
)

// Present is how many watch a room now in each view, on all nodes.
func (h *Hub) Present(name string) [Views]int {
	r := h.room(name)
	if r == nil {
		return [Views]int{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.total(h.opt.Now())
}

// total adds the nodes up; r.mu is held.
func (r *room) total(now time.Time) [Views]int {
	sum := r.views
	for node, c := range r.elsewhere {
		if now.Sub(c.at) > crowdLife {
			delete(r.elsewhere, node)
			continue
		}
		for i, n := range c.here {
			sum[i] += n
		}
	}
	return sum
}

// countCrowd makes a new presence frame when the number changed, at most every PresenceBeats.
func (r *room) countCrowd(now time.Time) bool {
	if r.crowdWait > 0 {
		r.crowdWait--
		return false
	}
	r.mu.Lock()
	sum := r.total(now)
	r.mu.Unlock()
	if sum == r.shown {
		return false
	}
	frame := presenceFrame(sum)
	r.shown, r.crowdWait = sum, PresenceBeats-1
	r.crowd.Store(&frame)
	return true
}

// shareCrowd tells other nodes this node's count.
func (r *room) shareCrowd(n int, now time.Time) {
	if r.hub.opt.Broker == nil {
		return
	}
	r.mu.Lock()
	here := r.views
	changed := here != r.said
	r.said = here
	r.mu.Unlock()
	if changed || n%crowdBeats == 0 {
		r.hub.send(Message{Room: r.name, Here: here[:]})
	}
}

// hearCrowd takes another node's count.
func (h *Hub) hearCrowd(m Message) {
	r := h.room(m.Room)
	if r == nil || len(m.Here) != Views {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.elsewhere == nil {
		r.elsewhere = make(map[string]nodeCrowd)
	}
	r.elsewhere[m.Node] = nodeCrowd{here: [Views]int(m.Here), at: h.opt.Now()}
}

// readmit asks again whether a viewer with rights may stay; a pass that ran out needs renewing.
func (h *Hub) readmit(v *viewer, now time.Time) {
	if now.Unix() >= v.expires {
		v.part(CodePassExpired, 0)
		return
	}
	if h.opt.Admit == nil {
		return
	}
	h.background(func() {
		ctx, cancel := context.WithTimeout(h.ctx, MineTime)
		defer cancel()
		if h.admit(ctx, v.Viewer) == CodeNotAllowed {
			v.part(CodeNotAllowed, 0)
		}
	})
}

// background runs something the hub does by itself, unless it is stopping.
func (h *Hub) background(do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.stopping {
		h.work.Go(do)
	}
}
