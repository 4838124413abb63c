package realtime

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// changed marks a room. A room that nobody watches is forgotten instead: whoever comes next loads it anew.
func (h *Hub) changed(name string, version int64, urgent bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[name]
	if r == nil || r.knows(version) {
		return
	}
	if r.forget(h) {
		return
	}
	if urgent {
		h.load(r)
		return
	}
	h.dirty[r] = struct{}{}
}

// knows tells whether the mirror has the version already; version 0 is never known.
func (r *room) knows(version int64) bool {
	l := r.live.Load()
	return l != nil && version > 0 && version <= l.now
}

// forget drops a room without viewers; h.mu is held, which joining needs too.
func (r *room) forget(h *Hub) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.viewers) > 0 || r.loading {
		return false
	}
	delete(h.rooms, r.name)
	delete(h.dirty, r)
	return true
}

// tick loads what changed since the last one and tells other nodes what they were not told yet.
func (h *Hub) tick() {
	h.mu.Lock()
	for r := range h.dirty {
		delete(h.dirty, r)
		h.load(r)
	}
	var late []Message
	for name, version := range h.told {
		delete(h.told, name)
		if version > 0 {
			late = append(late, Message{Room: name, Version: version})
		}
	}
	h.mu.Unlock()
	for _, m := range late {
		h.send(m)
	}
}

// lookAgain marks every room: messages may have been missed.
func (h *Hub) lookAgain() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		if !r.forget(h) {
			h.dirty[r] = struct{}{}
		}
	}
}

// load reads a room in a goroutine of its own, so that one slow reading delays no other room; h.mu is held. A room
// that is being read is read once more afterwards.
func (h *Hub) load(r *room) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h.stopping {
		return
	}
	if r.loading {
		r.again = true
		return
	}
	r.loading = true
	h.work.Go(func() {
		for r.refresh() {
		}
	})
}

// refresh reads the room once and hands the news to everybody. It reports whether to do it again.
func (r *room) refresh() bool {
	h := r.hub
	c, whole, err := h.changes(r)
	if err != nil {
		r.unreadable(err)
		return r.readAgain(false)
	}
	news := r.take(c, whole)
	if !r.opened {
		r.opened = true
		close(r.ready)
	}
	if news {
		r.fanOut()
		if h.opt.spread != nil {
			h.opt.spread()
		}
	}
	r.refreshMine(c.Touched, whole)
	return r.readAgain(true)
}

// readAgain ends a reading.
func (r *room) readAgain(well bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.again && well && r.hub.ctx.Err() == nil {
		r.again = false
		return true
	}
	r.loading, r.again = false, false
	return false
}

// changes asks the source, and once more for everything when the epoch is another.
func (h *Hub) changes(r *room) (c Changes, whole bool, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, LoadTime)
	defer cancel()
	defer h.rescue(&err)
	r.mu.Lock()
	since, epoch, loaded := r.m.version, r.m.epoch, r.gen > 0
	r.mu.Unlock()
	if !loaded {
		since = 0
	}
	h.loads.Add(1)
	c, err = h.opt.Source.Changes(ctx, r.name, since)
	if err != nil || loaded && c.Epoch == epoch {
		return c, false, err
	}
	if since > 0 {
		c, err = h.opt.Source.Changes(ctx, r.name, 0)
	}
	return c, true, err
}

// unreadable tells the waiting that the room cannot be read. Those who have a state keep it; the next beat tries
// again.
func (r *room) unreadable(err error) {
	h := r.hub
	code := CodeUnavailable
	if errors.Is(err, ErrNoRoom) {
		code = CodeNoRoom
	} else if h.ctx.Err() == nil {
		h.opt.Log.Warn("live room could not be read", "room", r.name, "error", err)
	}
	r.mu.Lock()
	waiting := r.gen == 0
	r.mu.Unlock()
	if !waiting {
		h.mu.Lock()
		r.retry = true
		h.mu.Unlock()
		return
	}
	// Nobody may join this room any more: the next one starts a new load.
	h.mu.Lock()
	if h.rooms[r.name] == r {
		delete(h.rooms, r.name)
	}
	delete(h.dirty, r)
	h.mu.Unlock()
	r.mu.Lock()
	r.failed = code
	r.mu.Unlock()
	close(r.ready)
}

// rescue turns a panic of the consumer into an error: one broken act must not end everybody's room.
func (h *Hub) rescue(err *error) {
	if p := recover(); p != nil {
		h.opt.Log.Error("live room: consumer panicked", "panic", p, "stack", string(debug.Stack()))
		*err = fmt.Errorf("realtime: consumer panicked: %v", p)
	}
}
