// Package speaking is the speaker's own side of an edition: the link that opens
// it without a password, their yes or no, what of theirs may be published and
// under which licence, what they still owe, and the letters about all this.
//
// Whoever holds the link acts for the speaker, an assistant as well; therefore
// every change made through it is told to the speaker's own address, and an
// organiser can end the link at any time.
//
// Tables: speaking, speaking_rules, speaking_change.
package speaking

import (
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/text"
)

// State is what has become of an invitation.
type State string

// The states; each is called by the message speaking.state.STATE.
const (
	Prepared State = "prepared" // there is a link, and nobody was written to
	Invited  State = "invited"
	Accepted State = "accepted"
	Declined State = "declined"
)

// Speaking is one speaker's own side of an edition.
type Speaking struct {
	bun.BaseModel `bun:"table:speaking"`

	SpeakerID string `bun:",pk"`
	EditionID string
	Email     string // where letters go; empty: nobody can be written to
	Language  text.Lang
	State     State
	Link      int64 // raised when the link is renewed, which ends the old one
	Version   int64 // raised by every change, for two who save at once
	// HoldID is the hold that keeps the speaker's place until they answer.
	HoldID string
	// RegistrationID is the registration the speaker attends by; Guest says that
	// accepting made it, so that declining ends it too.
	RegistrationID string
	Guest          bool
	Consent        Consent
	Licence        string // a name out of material.Licences, or empty
	ConsentAt      *time.Time
	// Withheld is a picture that was published until its consent was withdrawn.
	Withheld string
	// Original is the picture as it was handed in, upright and without what its
	// camera wrote into it, to be cut anew.
	Original  string
	Note      string // to the organisers
	Equipment string // what is wished for on stage
	// PracticalAt is when they last said when they can be there and what they need.
	PracticalAt *time.Time
	InvitedAt   *time.Time
	// AnsweredAt is when they accepted or declined, OpenedAt when something was
	// first done through the link: mail scanners open links but press nothing.
	AnsweredAt *time.Time
	OpenedAt   *time.Time
	RemindedAt *time.Time
	// Untold lists what was changed through the link and not told to the address
	// yet; UntoldAt is when that began, ToldAt when it was last told.
	Untold    Sections
	UntoldAt  *time.Time
	ToldAt    *time.Time
	CreatedAt time.Time
}

// Answered reports whether the speaker has said yes or no.
func (x Speaking) Answered() bool { return x.State == Accepted || x.State == Declined }

// Section is a part of the speaker's pages that is saved alone; each is called
// by the message speaking.section.SECTION.
type Section string

// The sections in the order in which a speaker goes through them.
const (
	SectionAnswer    Section = "answer"
	SectionProfile   Section = "profile"
	SectionPicture   Section = "picture"
	SectionSession   Section = "session"
	SectionMaterial  Section = "material"
	SectionConsent   Section = "consent"
	SectionPractical Section = "practical"
	SectionQuestions Section = "questions"
)

// Sections are several of them.
type Sections = db.List[Section]
