package realtime

// arrivals watches crowds come. Handshakes leave several times more garbage than what stays of a viewer, and an idle
// process would hold on to it for minutes: once a crowd is in, its memory is given back to the system.
type arrivals struct {
	settled int // sockets when memory was given back last
	last    int // sockets at the last beat
	quiet   int // beats without more of them
}

// over counts a beat. It reports when a crowd has come and nobody followed for a while.
func (a *arrivals) over(sockets, crowd int) bool {
	if sockets > a.last {
		a.quiet = 0
	} else {
		a.quiet++
	}
	a.last = sockets
	// Those who left make room for others to come.
	a.settled = min(a.settled, sockets)
	if a.quiet < TrimBeats || sockets-a.settled < crowd {
		return false
	}
	a.settled = sockets
	return true
}

// trim gives memory back after a crowd came; the beat alone calls it.
func (h *Hub) trim() {
	h.mu.Lock()
	sockets := h.sockets
	h.mu.Unlock()
	if h.arrivals.over(sockets, h.opt.trimCrowd) {
		h.background(h.opt.trim)
	}
}
