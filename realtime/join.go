package realtime

import (
	"slices"
	"time"
)

// full is why a socket is not taken; it is answered before the upgrade.
type full uint8

const (
	roomLeft full = iota
	fullServer
	fullRoom
	fullVoter
	fullAddress
	fullStopping
)

// reserve takes a place for a socket or says why not. Persons are counted before addresses: a hall is one address.
func (h *Hub) reserve(pass Pass, address string) full {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.stopping:
		return fullStopping
	case h.sockets >= h.opt.Sockets:
		return fullServer
	case address != "" && h.addresses[address] >= h.opt.SocketsPerAddress:
		return fullAddress
	}
	if r := h.rooms[pass.Room]; r != nil {
		r.mu.Lock()
		inRoom, ofVoter := len(r.viewers), len(r.voters[pass.Voter])
		r.mu.Unlock()
		if inRoom >= h.opt.SocketsPerRoom {
			return fullRoom
		}
		if pass.Voter != "" && ofVoter >= h.opt.SocketsPerVoter {
			return fullVoter
		}
	}
	h.sockets++
	if address != "" {
		h.addresses[address]++
	}
	return roomLeft
}

// release gives a reserved place back.
func (h *Hub) release(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sockets--
	if address != "" {
		if h.addresses[address]--; h.addresses[address] <= 0 {
			delete(h.addresses, address)
		}
	}
	if h.stopping && h.sockets == 0 {
		close(h.empty)
	}
}

// join puts a viewer into its room, which is loaded for the first of them. A stopping hub takes nobody.
func (h *Hub) join(v *viewer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopping {
		return false
	}
	r := h.rooms[v.Room]
	if r == nil {
		r = &room{hub: h, name: v.Room, ready: make(chan struct{}), voters: make(map[string][]*viewer)}
		h.rooms[v.Room] = r
		h.load(r)
	}
	v.room, v.Room, v.slot = r, r.name, h.slots.Add(1)
	v.counts = r.counts.Load()
	h.work.Add(1) // ended by end
	r.mu.Lock()
	defer r.mu.Unlock()
	v.index = len(r.viewers)
	r.viewers = append(r.viewers, v)
	r.views[v.View]++
	if v.Voter != "" {
		r.voters[v.Voter] = append(r.voters[v.Voter], v)
	}
	return true
}

// leave takes a viewer out of its room.
func (r *room) leave(v *viewer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.viewers) - 1
	r.viewers[v.index] = r.viewers[last]
	r.viewers[v.index].index = v.index
	r.viewers[last] = nil
	r.viewers = r.viewers[:last]
	r.views[v.View]--
	if v.Voter == "" {
		return
	}
	tabs := r.voters[v.Voter]
	if i := slices.Index(tabs, v); i >= 0 {
		tabs = slices.Delete(tabs, i, i+1)
	}
	if len(tabs) == 0 {
		delete(r.voters, v.Voter)
		return
	}
	r.voters[v.Voter] = tabs
}

func (r *room) everybody() []*viewer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.viewers)
}

// beat does what is slower than delivery.
func (h *Hub) beat() {
	h.beats++
	poll := false
	if h.opt.Broker != nil {
		_, well, _ := h.opt.Broker.Health()
		poll = !well || h.beats%SafetyBeats == 0
	}
	if poll {
		h.lookAgain()
	}
	h.mu.Lock()
	rooms := make([]*room, 0, len(h.rooms))
	for _, r := range h.rooms {
		rooms = append(rooms, r)
		if r.retry {
			r.retry = false
			h.dirty[r] = struct{}{}
		}
	}
	h.mu.Unlock()
	now := h.opt.Now()
	for _, r := range rooms {
		r.beat(h.beats, now)
	}
	h.trim()
}

func (r *room) beat(n int, now time.Time) {
	all := r.everybody()
	r.shareCrowd(n, now)
	counted := r.spreadTally()
	if len(all) == 0 {
		if r.emptyFor++; r.emptyFor >= EmptyBeats {
			r.hub.mu.Lock()
			r.forget(r.hub)
			r.hub.mu.Unlock()
		}
		return
	}
	r.emptyFor = 0
	if moved := r.countCrowd(now); moved || counted {
		r.hub.background(r.fanOut)
	}
	for _, v := range all {
		if v.View != Audience && (n+int(v.slot))%ReadmitBeats == 0 {
			r.hub.readmit(v, now)
		}
		if (n+int(v.slot))%PingBeats == 0 {
			v.mu.Lock()
			v.ping = true
			v.mu.Unlock()
			v.wake()
		}
	}
}
