package proposal

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/program"
	"agora/app/registration/form"
	"agora/app/text"
)

// finishTime is how long after closing a proposal that was begun before may
// still be sent in: nobody loses an evening's work to a clock.
const finishTime = 30 * time.Minute

// Phase is where a call stands at a moment.
type Phase string

// The phases.
const (
	None   Phase = "none" // there is no call
	Before Phase = "before"
	Open   Phase = "open"
	Grace  Phase = "grace" // closed, but what was begun may be finished
	Closed Phase = "closed"
)

// Call is an edition's open call for proposals.
type Call struct {
	bun.BaseModel `bun:"table:call"`

	EditionID string `bun:",pk"`
	OpensAt   time.Time
	ClosesAt  time.Time
	Text      text.Texts
	Kinds     Offers
	Form      form.Form
	Rules     Rules
	Version   int64
}

// Offer is a kind of session that may be proposed, with its lengths in minutes.
type Offer struct {
	Kind    program.Kind `json:"kind"`
	Minutes []int64      `json:"minutes"`
}

// Offers are those of a call, in the order of program.Kinds.
type Offers []Offer

// Value stores them as JSON.
func (o Offers) Value() (driver.Value, error) { return db.ValueJSON(o) }

// Scan reads what Value stored.
func (o *Offers) Scan(src any) error {
	*o = nil
	return db.ScanJSON(src, o)
}

// Has reports whether a kind may be proposed with a length.
func (o Offers) Has(k program.Kind, minutes int64) bool {
	return slices.ContainsFunc(o, func(x Offer) bool { return x.Kind == k && slices.Contains(x.Minutes, minutes) })
}

// Rules are how proposals are asked for and reviewed.
type Rules struct {
	// Anonymous keeps from reviewers who proposes.
	Anonymous bool `json:"anonymous,omitempty"`
	// Best is the highest score; the lowest is 1.
	Best int64 `json:"best"`
	// Each is how many proposals one address may send in.
	Each int64 `json:"each"`
	// Tracks lets proposers choose one of the edition's tracks.
	Tracks bool `json:"tracks,omitempty"`
	// Unseen are the keys of the fields whose answers reviewers do not see.
	Unseen []string `json:"unseen,omitempty"`
}

// Value stores the rules as JSON.
func (r Rules) Value() (driver.Value, error) { return db.ValueJSON(r) }

// Scan reads what Value stored.
func (r *Rules) Scan(src any) error {
	*r = Rules{}
	return db.ScanJSON(src, r)
}

// Phase tells where the call stands.
func (c Call) Phase(now time.Time) Phase {
	switch {
	case c.EditionID == "":
		return None
	case now.Before(c.OpensAt):
		return Before
	case now.Before(c.ClosesAt):
		return Open
	case now.Before(c.ClosesAt.Add(finishTime)):
		return Grace
	}
	return Closed
}

// Takes reports whether a proposal that was begun at a moment may be sent in, or
// changed, now.
func (c Call) Takes(begun, now time.Time) bool {
	switch c.Phase(now) {
	case Open:
		return true
	case Grace:
		return !begun.Before(c.OpensAt) && begun.Before(c.ClosesAt)
	}
	return false
}

// Until is the last moment for what was begun in time.
func (c Call) Until() time.Time { return c.ClosesAt.Add(finishTime) }

// Call gives an edition's call; its phase is None when there is none. It may be
// a second old where another node changed it, and its lists are not to be changed.
func (s *Service) Call(ctx context.Context, editionID string) (Call, error) {
	return s.calls.Get(ctx, editionID, func(ctx context.Context) (Call, error) { return callOf(ctx, s.db.Read, editionID) })
}

func callOf(ctx context.Context, idb bun.IDB, editionID string) (Call, error) {
	var c Call
	err := idb.NewSelect().Model(&c).Where("edition_id = ?", editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Call{}, nil
	}
	return c, err
}
