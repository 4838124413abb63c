package certificate

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// Why says what somebody's certificate rests on, or why they have none; each is
// told by the message certificate.why.WHY.
type Why string

// The reasons for and against.
const (
	AtTheDoor  Why = "door"
	InSessions Why = "sessions"
	InLive     Why = "live"
	ByWord     Why = "word"
	ByRule     Why = "rule" // everybody with a remote place
	OnStage    Why = "stage"

	NotConfirmed Why = "unconfirmed"
	NotArrived   Why = "not_arrived"
	NoSession    Why = "no_session"
	NotRemote    Why = "not_remote" // none are given to who takes part remotely
	TooShort     Why = "too_short"
	NotByWord    Why = "not_by_word" // the organiser has not named them, or has said no
	Withdrawn    Why = "withdrawn"   // theirs was revoked, and none has been given anew
)

// Standing is how it stands with one person's certificate. Facts are what one
// given out now would say; Live how long they were in the live rooms.
type Standing struct {
	Kind         Kind
	Registration registration.Registration // for one of speaking only where there is one
	Speaker      *program.Speaker          // for one of speaking
	Name         string
	PersonID     string
	Language     text.Lang
	Entitled     bool
	Why          Why
	Facts        Facts
	Live         time.Duration
	Word         *Word
	Issued       *Issued // the one that holds, or the last that was revoked
}

func (s Standing) about() subject {
	if s.Kind == Speaking {
		return subject{Speaking, "", s.Speaker.ID}
	}
	return subject{Attendance, s.Registration.ID, ""}
}

// Changed tells whether the certificate that was given out says something else
// than one would that is given out now.
func (s Standing) Changed() bool {
	return s.Issued != nil && s.Issued.Holds() && s.Entitled && !s.same()
}

func (s Standing) same() bool {
	return s.Issued.Name == s.Name && s.Issued.PersonID == s.PersonID && s.Issued.Facts.equal(s.Facts)
}

// Withdrawn tells whether theirs was revoked by hand.
func (s Standing) Withdrawn() bool { return s.Issued != nil && !s.Issued.Holds() }

// book is all that decides on an edition's certificates of attendance.
type book struct {
	edition  edition.Edition
	rules    Rules
	arrived  map[string]bool
	sessions map[string][]Part
	presence map[string]time.Duration
	words    map[string]Word
	issued   map[subject]*Issued
}

// open reads the book, for one registration or, without an id, for all.
func (s *Service) open(ctx context.Context, idb bun.IDB, e edition.Edition, registrationID string) (*book, error) {
	b := &book{edition: e, arrived: map[string]bool{}, presence: map[string]time.Duration{}, words: map[string]Word{}}
	var err error
	if b.rules, err = rulesOf(ctx, idb, e.ID); err != nil {
		return nil, err
	}
	one := func(q *bun.SelectQuery) *bun.SelectQuery {
		if q = q.Where("edition_id = ?", e.ID); registrationID != "" {
			q = q.Where("registration_id = ?", registrationID)
		}
		return q
	}
	var ids []string
	if err := one(idb.NewSelect().Table("check_in").Column("registration_id")).Scan(ctx, &ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		b.arrived[id] = true
	}
	var seen []presence
	if err := one(idb.NewSelect().Model(&seen)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, p := range seen {
		b.presence[p.RegistrationID] = time.Duration(p.Seconds) * time.Second
	}
	var words []Word
	if err := one(idb.NewSelect().Model(&words)).Scan(ctx); err != nil {
		return nil, err
	}
	for _, w := range words {
		b.words[w.RegistrationID] = w
	}
	if b.rules.Basis == Sessions {
		if b.sessions, err = s.attended(ctx, e); err != nil {
			return nil, err
		}
	}
	b.issued, _, err = newest(ctx, idb, e.ID)
	return b, err
}

// newest gives of each subject the certificate that holds, or the last that was
// revoked, and the last number given out.
func newest(ctx context.Context, idb bun.IDB, editionID string) (by map[subject]*Issued, last int64, err error) {
	var rows []Issued
	err = idb.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Order("number").Scan(ctx)
	by = make(map[subject]*Issued, len(rows))
	for i := range rows {
		by[rows[i].about()], last = &rows[i], rows[i].Number
	}
	return by, last, err
}

// standing decides about one registration.
func (b *book) standing(r registration.Registration) Standing {
	st := Standing{Kind: Attendance, Registration: r, Name: r.Name, PersonID: r.PersonID, Language: r.Language, Live: b.presence[r.ID]}
	st.Issued = b.issued[st.about()]
	if w, said := b.words[r.ID]; said {
		st.Word = &w
	}
	kind, attends := r.Attends()
	switch {
	case !attends || r.Email == "" && r.Name == "":
		st.Why = NotConfirmed
	case st.Word != nil && !st.Word.Present:
		st.Why = NotByWord
	case kind == registration.Remote:
		b.remote(&st)
	default:
		b.onsite(&st)
	}
	if st.Entitled && st.Word != nil && st.Word.Minutes > 0 {
		st.Facts.Minutes, st.Facts.Sessions = st.Word.Minutes, nil
	}
	if st.Withdrawn() && st.Issued.Reason != Replaced {
		st.Entitled, st.Why = false, Withdrawn
	}
	return st
}

func (b *book) onsite(st *Standing) {
	arrived := b.arrived[st.Registration.ID]
	switch {
	case b.rules.Basis == Sessions && st.Word == nil:
		parts := b.sessions[st.Registration.ID]
		if st.Why = NoSession; len(parts) > 0 {
			st.Why, st.Facts = InSessions, Facts{Minutes: total(parts), Sessions: parts}
			st.Entitled = true
		}
	case arrived:
		st.Entitled, st.Why, st.Facts = true, AtTheDoor, Facts{Minutes: b.rules.Minutes, Door: st.Word == nil}
	case st.Word != nil:
		st.Entitled, st.Why, st.Facts = true, ByWord, Facts{Minutes: b.rules.Minutes}
	default:
		st.Why = NotArrived
	}
}

func (b *book) remote(st *Standing) {
	st.Facts = Facts{Minutes: b.rules.Minutes, Remote: true}
	switch {
	case st.Word != nil:
		st.Entitled, st.Why = true, ByWord
	case b.rules.Remote == RemoteAll:
		st.Entitled, st.Why = true, ByRule
	case b.rules.Remote == RemoteNone:
		st.Why = NotRemote
	case b.rules.Remote == RemoteWord:
		st.Why = NotByWord
	case st.Live < time.Duration(b.rules.RemoteMinutes)*time.Minute:
		st.Why = TooShort
	default:
		st.Entitled, st.Why = true, InLive
		st.Facts.Minutes = int64(st.Live / time.Minute)
	}
}

func total(parts []Part) (minutes int64) {
	for _, p := range parts {
		minutes += p.Minutes
	}
	return minutes
}

// Standings tells how it stands with everybody of an edition who takes part, by
// name, in a fixed number of queries.
func (s *Service) Standings(ctx context.Context, e edition.Edition) ([]Standing, error) {
	return s.standings(ctx, s.db.Read, e)
}

func (s *Service) standings(ctx context.Context, idb bun.IDB, e edition.Edition) ([]Standing, error) {
	b, err := s.open(ctx, idb, e, "")
	if err != nil {
		return nil, err
	}
	var people []registration.Registration
	err = idb.NewSelect().Model(&people).Where("edition_id = ? AND (state = ? OR meanwhile)", e.ID, registration.Confirmed).
		Where("name <> ''").Order("id").Scan(ctx)
	if err != nil {
		return nil, err
	}
	registration.ByName(people)
	list := make([]Standing, len(people))
	for i, r := range people {
		list[i] = b.standing(r)
	}
	return list, nil
}

// Of tells how it stands with one registration's certificates: of attendance, and
// of speaking where its holder spoke.
func (s *Service) Of(ctx context.Context, e edition.Edition, r registration.Registration) ([]Standing, error) {
	b, err := s.open(ctx, s.db.Read, e, r.ID)
	if err != nil {
		return nil, err
	}
	list := []Standing{b.standing(r)}
	spoke, err := s.speakers(ctx, s.db.Read, e)
	for _, st := range spoke {
		if st.Registration.ID == r.ID {
			list = append(list, st)
		}
	}
	return list, err
}

// Ready tells whether holders may have their certificates: the day is over.
// Organisers print before, for those who take theirs along.
func Ready(e edition.Edition, now time.Time) bool { return !now.Before(e.EndsAt) }
