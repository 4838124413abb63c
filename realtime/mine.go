package realtime

import (
	"context"
	"encoding/json"
	"hash/maphash"
)

var mineSeed = maphash.MakeSeed()

// sendMine reads a viewer's own state and sends it when it is another than the one it has.
func (h *Hub) sendMine(v *viewer) {
	if h.opt.Acts == nil {
		return
	}
	h.mining <- struct{}{}
	defer func() { <-h.mining }()
	v.mineLock.Lock()
	defer v.mineLock.Unlock()
	frame, err := h.readMine(v.Viewer)
	if err != nil {
		if h.ctx.Err() == nil {
			h.opt.Log.Warn("own state of a viewer could not be read", "room", v.Room, "error", err)
		}
		return
	}
	if frame == nil {
		return
	}
	if sum := maphash.Bytes(mineSeed, frame); sum != v.mine {
		v.mine = sum
		v.give(textFrame(frame))
	}
}

func (h *Hub) readMine(who Viewer) (frame json.RawMessage, err error) {
	defer h.rescue(&err)
	ctx, cancel := context.WithTimeout(h.ctx, MineTime)
	defer cancel()
	return h.opt.Acts.Mine(ctx, who)
}

// refreshMine has the own state read again of the voters given, or of everybody after an epoch change.
func (r *room) refreshMine(voters []string, everybody bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if everybody {
		for _, v := range r.viewers {
			r.mineDue(v)
		}
	}
	for _, voter := range voters {
		for _, v := range r.voters[voter] {
			r.mineDue(v)
		}
	}
}

// refreshOthers has the own state read again of a voter's other tabs, after an act in one of them.
func (r *room) refreshOthers(actor *viewer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range r.voters[actor.Voter] {
		if v != actor {
			r.mineDue(v)
		}
	}
}

// mineDue puts a viewer on the list; r.mu is held. A few goroutines per room work the list off, and live only while
// there is one.
func (r *room) mineDue(v *viewer) {
	if !v.mineDue.CompareAndSwap(false, true) {
		return
	}
	r.due = append(r.due, v)
	if r.mining < MineAtOnce {
		r.mining++
		r.hub.work.Go(r.mineAll) // whoever calls is counted there itself
	}
}

func (r *room) mineAll() {
	for {
		r.mu.Lock()
		if len(r.due) == 0 || r.hub.ctx.Err() != nil {
			r.mining--
			r.mu.Unlock()
			return
		}
		v := r.due[0]
		r.due[0] = nil
		if r.due = r.due[1:]; len(r.due) == 0 {
			r.due = nil
		}
		r.mu.Unlock()
		v.mineDue.Store(false)
		if v.settled.Load() {
			r.hub.sendMine(v)
		}
	}
}
