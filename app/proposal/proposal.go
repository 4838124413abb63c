// Package proposal is the open call: anybody may propose a session without an
// account, reviewers give scores, organisers decide and tell everybody at once.
// What is accepted becomes a session of the draft programme with its speakers.
//
// A decision and the telling of it are two things: State is what was decided,
// Told is what the proposer knows. Proposers are known by their addresses only
// and hold a link; nothing of it is stored, it is an HMAC of the proposal and
// the number of its link.
//
// Tables: call, proposal, review.
package proposal

import (
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/program"
	"agora/app/registration/form"
	"agora/app/text"
)

// State is what has become of a proposal.
type State string

// The states. Their names in the catalogue are proposal.state.<state>.
const (
	Draft     State = "draft" // begun and kept, not sent in yet
	Sent      State = "sent"  // nothing decided
	Accepted  State = "accepted"
	Waiting   State = "waiting" // good, and no room for it yet
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
)

// States lists those that organisers see, in the order of their filter. Drafts
// are their writers' own.
var States = [...]State{Sent, Accepted, Waiting, Declined, Withdrawn}

// Decisions are those that organisers take.
var Decisions = [...]State{Accepted, Waiting, Declined}

func (s State) decision() bool { return slices.Contains(Decisions[:], s) }

// Proposal is what somebody would like to bring to an edition.
type Proposal struct {
	bun.BaseModel `bun:"table:proposal"`

	ID        string `bun:",pk"`
	EditionID string
	Code      string // names it to organisers and reviewers
	Link      int64  // raised when its link shall end
	Version   int64  // counts changes and decisions
	State     State
	Told      State  // the decision its proposer has been told; empty: none
	Words     string // the organisers' own words with the decision

	Name      string
	Email     string
	Others    Others
	Language  text.Lang // of letters and of the texts
	Biography string

	Title    string
	Abstract string
	Kind     program.Kind
	Minutes  int64
	Spoken   text.Lang // the language it is held in
	TrackID  string
	Note     string // for the organisers only
	Answers  form.Answers

	SessionID string // what it became
	CreatedAt time.Time
	SentAt    *time.Time
	ChangedAt time.Time // by the proposer
	DecidedAt *time.Time
	ToldAt    *time.Time
}

// Shown is the state as its proposer may know it: what was decided and not told
// is still open.
func (p Proposal) Shown() State {
	switch {
	case !p.State.decision():
		return p.State
	case p.Told != "":
		return p.Told
	}
	return Sent
}

// Untold reports whether there is a decision its proposer does not know.
func (p Proposal) Untold() bool { return p.State.decision() && p.State != p.Told }

// By reports whether an address is the proposer's or a co-speaker's.
func (p Proposal) By(email string) bool {
	return email != "" && (strings.EqualFold(p.Email, email) ||
		slices.ContainsFunc(p.Others, func(o Other) bool { return strings.EqualFold(o.Email, email) }))
}

// Speakers are all who would speak, the proposer first.
func (p Proposal) Speakers() []Other {
	return append([]Other{{Name: p.Name, Email: p.Email}}, p.Others...)
}

// Other is somebody who would speak too.
type Other struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Others are the co-speakers of a proposal.
type Others = db.List[Other]
