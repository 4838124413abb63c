package registration

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/registration/form"
)

// Promotion is how a free place reaches the first in line.
type Promotion string

// The ways of promotion.
const (
	Direct  Promotion = "direct" // the place is theirs at once
	ByOffer Promotion = "offer"  // it is offered until a deadline
)

// Rules are how an edition takes registrations.
type Rules struct {
	Promotion  Promotion `json:"promotion"`
	OfferHours int       `json:"offer_hours"`
	// QuietFrom and QuietTo are hours of the edition's clock between which no
	// offer lapses; equal hours mean that no hour is quiet.
	QuietFrom int `json:"quiet_from"`
	QuietTo   int `json:"quiet_to"`
	// NearDays is how many days before the start places go out only as offers.
	NearDays int `json:"near_days"`
	// Approval lets an organiser decide on everybody by hand.
	Approval bool `json:"approval"`
	// InvitedOnly takes only those who hold a code.
	InvitedOnly bool `json:"invited_only"`
	// GroupMost is how many colleagues may come in one go; below two there are
	// no groups.
	GroupMost int `json:"group_most"`
	// ConfirmDays is how many days before the start people are asked whether they
	// come; 0 asks nobody.
	ConfirmDays int  `json:"confirm_days"`
	RemindWeek  bool `json:"remind_week"`
	RemindDay   bool `json:"remind_day"`
	// Meet shows who is coming to those who come.
	Meet bool `json:"meet"`
}

// UsualRules are those of an edition whose organiser has not chosen yet.
var UsualRules = Rules{Promotion: Direct, OfferHours: 24, QuietFrom: 21, QuietTo: 8, NearDays: 7, GroupMost: 10,
	ConfirmDays: 7, RemindWeek: true, RemindDay: true, Meet: true}

// Setup is how an edition takes registrations and what it asks. Version is
// raised by every change, so that two organisers do not overwrite each other.
type Setup struct {
	bun.BaseModel `bun:"table:registration_setup"`

	EditionID string `bun:",pk"`
	Rules     Rules
	Form      form.Form
	Version   int64
}

// Follower is what hangs on registrations in an area that stands later. It is
// told inside the transaction, after the registrations were written, so that
// what hangs on them goes along or nothing does.
type Follower interface {
	Follow(ctx context.Context, tx bun.IDB, e edition.Edition, now time.Time, moves []Move) error
}

// Move is a registration after an act that took away its place, changed by
// which kind of place it takes part, or gave it to another person.
type Move struct {
	Registration Registration
	Left         bool // it claims nothing any more
	Handed       bool // it is another person's now
}

// Value stores rules as JSON.
func (r Rules) Value() (driver.Value, error) { return db.ValueJSON(r) }

// Scan reads stored rules.
func (r *Rules) Scan(src any) error { return db.ScanJSON(src, r) }
