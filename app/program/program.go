// Package program is an edition's programme: rooms, tracks, sessions, their
// speakers, and when and where each session takes place. Organisers work on a
// draft; a release copies it under a number, and the public sees the newest
// one. Texts are not part of a release: a mended title shows at once.
//
// Every write raises the edition's revision first and so holds the edition's
// row: writes to one programme never cross each other, on either engine.
//
// Tables: room, track, session, speaker, session_speaker, release, slot, edit,
// delay, imported, import_file.
package program

import (
	"time"

	"github.com/uptrace/bun"

	"agora/app/text"
)

// Kind is what a session is.
type Kind string

// The kinds of sessions.
const (
	Talk      Kind = "talk"
	Keynote   Kind = "keynote"
	Panel     Kind = "panel"
	Workshop  Kind = "workshop"
	Lightning Kind = "lightning"
	Meetup    Kind = "meetup"
	Break     Kind = "break"
	Other     Kind = "other"
)

// Kinds lists them in the order they are offered; each is called by the message
// program.kind.KIND.
var Kinds = [...]Kind{Talk, Keynote, Panel, Workshop, Lightning, Meetup, Break, Other}

// Room is where sessions take place.
type Room struct {
	bun.BaseModel `bun:"table:room"`

	ID          string `bun:",pk"`
	EditionID   string
	GUID        string
	Slug        string
	Name        text.Texts
	Description text.Texts
	Capacity    *int64
	StreamURL   string
	Equipment   text.Texts // what is there, in words
	Rank        int64
}

// Track groups sessions by subject. Color is #rrggbb or empty.
type Track struct {
	bun.BaseModel `bun:"table:track"`

	ID        string `bun:",pk"`
	EditionID string
	Slug      string
	Name      text.Texts
	Color     string
	Rank      int64

	Sessions []*Session `bun:"-"`
}

// Session is one item of the programme. The fields after ChangedAt are filled
// when a Programme is read: there Room and Track may be nil, and the times are
// zero as long as the session has no slot.
type Session struct {
	bun.BaseModel `bun:"table:session"`

	ID          string `bun:",pk"`
	EditionID   string
	GUID        string
	Slug        string
	Title       text.Texts
	Subtitle    text.Texts
	Abstract    text.Texts
	Description text.Texts
	Language    string // language tags with ", " between
	Kind        Kind
	TrackID     *string
	Capacity    *int64
	Cancelled   bool
	Extra       Extra
	// Version counts the changes, for whoever edits, and for calendars.
	Version   int64
	CreatedAt time.Time
	ChangedAt time.Time

	Track    *Track      `bun:"-"`
	Room     *Room       `bun:"-"`
	Speakers []*Speaker  `bun:"-"`
	StartsAt time.Time   `bun:"-"` // on the edition's clock, as is EndsAt
	EndsAt   time.Time   `bun:"-"`
	order    []text.Lang `bun:"-"`
}

// Speaker is somebody on a session. The name is written the same in every language.
type Speaker struct {
	bun.BaseModel `bun:"table:speaker"`

	ID        string `bun:",pk"`
	EditionID string
	GUID      string
	Slug      string
	Name      string
	Biography text.Texts
	Extra     Extra
	PersonID  *string
	// Availability is when the speaker can be there; empty is any time.
	Availability Spans
	// Picture is the id of a file that may be published; empty without consent.
	Picture string
	// Who is the human: rows of other editions with the same one are the same
	// speaker, come back.
	Who string
	// Version counts the changes, for two who save at once.
	Version int64

	// Sessions are filled when a Programme is read; in a draft those without a slot
	// come last.
	Sessions []*Session `bun:"-"`
}

// Slot is when and where a session takes place, in one release or, without
// one, in the draft.
type Slot struct {
	bun.BaseModel `bun:"table:slot"`

	ID        string `bun:",pk"`
	SessionID string
	ReleaseID *string
	RoomID    *string
	StartsAt  time.Time
	EndsAt    time.Time
	// Cancelled is what the session was at the release; a draft's slot does not say.
	Cancelled bool
}

// Release is a published version of the programme. Name and Note are the
// organiser's own words.
type Release struct {
	bun.BaseModel `bun:"table:release"`

	ID         string `bun:",pk"`
	EditionID  string
	Number     int64
	Name       string
	Note       text.Texts
	ReleasedAt time.Time
}

type sessionSpeaker struct {
	bun.BaseModel `bun:"table:session_speaker"`

	SessionID string `bun:",pk"`
	SpeakerID string `bun:",pk"`
	Rank      int64
}

// In gives one of the session's texts in a language, and the language it is in
// for the lang attribute, which may be one the program itself does not speak.
func (s *Session) In(t text.Texts, l text.Lang) (string, text.Lang) {
	found, in := t.In(l, s.order...)
	if s.Extra.TextLanguage != "" && in == s.Extra.TextKey {
		in = text.Lang(s.Extra.TextLanguage)
	}
	return found, in
}

// Name is the session's title in a language, falling back to the edition's own order.
func (s *Session) Name(l text.Lang) string {
	title, _ := s.Title.In(l, s.order...)
	return title
}

// Scheduled reports whether the session has a slot.
func (s *Session) Scheduled() bool { return !s.StartsAt.IsZero() }

// Length is how long the session takes.
func (s *Session) Length() time.Duration { return s.EndsAt.Sub(s.StartsAt) }

// On reports whether the session is going on at a moment.
func (s *Session) On(at time.Time) bool {
	return s.Scheduled() && !s.Cancelled && !at.Before(s.StartsAt) && at.Before(s.EndsAt)
}
