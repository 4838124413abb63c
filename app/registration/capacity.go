package registration

import (
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// Hold keeps places back: for a purpose, behind a code that several may use, or
// for one person who was invited. What is left of it goes to everybody when it
// is released, by hand or by its date.
type Hold struct {
	bun.BaseModel `bun:"table:hold"`

	ID         string `bun:",pk"`
	EditionID  string
	Kind       Kind
	Name       string
	Code       string // empty: nobody can take these by themselves
	Email      string // of the one person invited, else empty
	Seats      int64
	Used       int64
	ReleaseAt  *time.Time
	ReleasedAt *time.Time
	CreatedAt  time.Time
}

// Left is how many places the hold still keeps.
func (h *Hold) Left() int64 {
	if h.ReleasedAt != nil {
		return 0
	}
	return h.Seats - h.Used
}

// opens reports whether the hold has a place of the kind to give; no hold has none.
func (h *Hold) opens(kind Kind) bool { return h != nil && h.Kind == kind && h.Left() > 0 }

// lasts reports whether places that come free go back to the hold.
func (h *Hold) lasts(now time.Time) bool {
	return h.ReleasedAt == nil && (h.ReleaseAt == nil || now.Before(*h.ReleaseAt))
}

// size is what an organiser sets of a kind of place. A nil capacity is
// unlimited.
type size struct {
	Capacity *int64 `json:"capacity"`
	Overbook int64  `json:"overbook"`
}

// offered reports whether there are places of the kind at all: an edition that is
// only remote has none on site to wait for.
func (p *Place) offered() bool { return p.Capacity == nil || *p.Capacity+p.Overbook > 0 }

// resize sets a capacity and by how much it may be overbooked. It never goes
// below what people already hold, and growth is given out in order of the line.
func (h *hall) resize(kind Kind, to size) error {
	p := h.places[kind]
	if to.Capacity != nil && *to.Capacity+to.Overbook < p.Taken+p.Held {
		return fail.Wrong("capacity_"+string(kind), "registration.capacity_below", "taken", p.Taken+p.Held)
	}
	p.Capacity, p.Overbook = to.Capacity, to.Overbook
	h.promote(kind)
	return nil
}

// keep holds places back. Only free ones can be: nobody who waits is passed and
// nobody who has a place loses it.
func (h *hall) keep(hold *Hold) error {
	p := h.places[hold.Kind]
	if n, unlimited := p.Free(); !unlimited && n < hold.Seats {
		return fail.Wrong("seats", "registration.hold_free", "n", n)
	}
	p.Held += hold.Seats
	h.put(hold)
	return nil
}

func (h *hall) put(hold *Hold) {
	h.holds[hold.ID] = hold
	h.written[hold.ID] = hold
}

// letGo releases what is left of a hold to everybody.
func (h *hall) letGo(hold *Hold) {
	if hold.ReleasedAt != nil {
		return
	}
	h.places[hold.Kind].Held -= hold.Left()
	at := h.now
	hold.ReleasedAt = &at
	h.written[hold.ID] = hold
	h.promote(hold.Kind)
}
