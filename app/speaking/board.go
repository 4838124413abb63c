package speaking

import (
	"cmp"
	"slices"
	"time"

	"agora/app/material"
	"agora/app/program"
)

// Need is something that is still owed; each is called by the message
// speaking.need.NEED.
type Need string

// The needs: of a speaker, then of a session. A recording is owed by the
// organisers, once the session is over; questions are those left open after it.
const (
	NeedAnswer       Need = "answer"
	NeedBiography    Need = "biography"
	NeedPicture      Need = "picture"
	NeedConsent      Need = "consent"
	NeedAvailability Need = "availability"
	NeedAbstract     Need = "abstract"
	NeedSlides       Need = "slides"
	NeedWriteup      Need = "writeup"
	NeedRecording    Need = "recording"
	NeedQuestions    Need = "questions"
)

// OfSpeaker and OfSession list the needs that may be asked, in the order they are
// shown.
var (
	OfSpeaker = [...]Need{NeedAnswer, NeedBiography, NeedPicture, NeedConsent, NeedAvailability}
	OfSession = [...]Need{NeedAbstract, NeedSlides, NeedWriteup, NeedRecording}
)

// remindEvery is how long nobody is reminded again.
const remindEvery = 24 * time.Hour

// SessionOwes is what one of a speaker's sessions still lacks.
type SessionOwes struct {
	Session *program.Session
	Needs   []Need
	// Spared are those others of its kind owe and this one does not.
	Spared []Need
	// Questions is how many of the audience's questions were left open.
	Questions int64
}

// Owe is one speaker's line on the board.
type Owe struct {
	Speaker  *program.Speaker
	Speaking Speaking // the zero value: never asked
	Needs    []Need
	Sessions []SessionOwes // all of theirs, also those that lack nothing
	Seat     Seat
	Due      time.Time // zero: no date was given
	Late     bool
	// Mute says why no reminder can go out, as the name of a message
	// speaking.mute.MUTE: nothing, unasked, address, declined, today.
	Mute string
}

// Owes reports whether the speaker themselves still owes anything.
func (o Owe) Owes() bool {
	return len(o.Needs) > 0 || slices.ContainsFunc(o.Sessions, SessionOwes.theirs)
}

// theirs reports whether any of what a session lacks is for its speakers to bring.
func (x SessionOwes) theirs() bool {
	return slices.ContainsFunc(x.Needs, func(n Need) bool { return n != NeedRecording })
}

// facts are all that the board is made of.
type facts struct {
	rules     Rules
	now       time.Time
	programme *program.Programme // the draft
	speaking  map[string]Speaking
	seats     map[string]Seat
	material  map[string][]material.Material
	spared    map[string][]Need
	questions map[string]int64 // left open, by session
}

// board tells who owes what: first who owes something, the latest of all who have
// declined, else by name.
func (f facts) board(less func(a, b string) int) []Owe {
	var list []Owe
	for _, who := range f.programme.Speakers {
		x, asked := f.speaking[who.ID]
		owes := f.owe(who, x)
		if asked || len(owes.Sessions) > 0 {
			list = append(list, owes)
		}
	}
	rank := func(o Owe) int {
		switch {
		case o.Speaking.State == Declined:
			return 2
		case !o.Owes():
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b Owe) int { return cmp.Or(rank(a)-rank(b), less(a.Speaker.Name, b.Speaker.Name)) })
	return list
}

func (f facts) owe(who *program.Speaker, x Speaking) Owe {
	o := Owe{Speaker: who, Speaking: x, Seat: f.seats[who.ID], Due: f.rules.Due}
	if x.State != Declined {
		for _, n := range f.rules.Speaker {
			if f.due(n) && !has(who, x, n) {
				o.Needs = append(o.Needs, n)
			}
		}
	}
	for _, session := range who.Sessions {
		if !session.Cancelled {
			o.Sessions = append(o.Sessions, f.lacks(session, x.State == Declined))
		}
	}
	o.Late = !o.Due.IsZero() && f.now.After(o.Due) && o.Owes()
	switch {
	case x.State == Declined:
		o.Mute = "declined"
	case !o.Owes():
		o.Mute = "nothing"
	case x.SpeakerID == "":
		o.Mute = "unasked"
	case x.Email == "":
		o.Mute = "address"
	case x.RemindedAt != nil && f.now.Sub(*x.RemindedAt) < remindEvery:
		o.Mute = "today"
	}
	return o
}

// due tells whether there is still use in something: who comes, and when, is not
// asked after the day.
func (f facts) due(n Need) bool {
	return n != NeedAnswer && n != NeedAvailability || f.now.Before(f.programme.Edition.EndsAt)
}

// has tells whether a speaker has done their part of a need.
func has(who *program.Speaker, x Speaking, n Need) bool {
	switch n {
	case NeedAnswer:
		return x.Answered()
	case NeedBiography:
		return !who.Biography.Empty()
	case NeedPicture:
		return who.Picture != "" || x.Withheld != "" || x.Consent.Refuses(Picture)
	case NeedConsent:
		return x.Consent.Complete()
	case NeedAvailability:
		return len(who.Availability) > 0 || x.PracticalAt != nil
	}
	return true
}

// lacks tells what a session still lacks, and what it is spared.
func (f facts) lacks(session *program.Session, declined bool) SessionOwes {
	x := SessionOwes{Session: session}
	for _, n := range f.rules.Session[session.Kind] {
		switch {
		case slices.Contains(f.spared[session.ID], n):
			x.Spared = append(x.Spared, n)
		case !declined && !f.brought(session, n):
			x.Needs = append(x.Needs, n)
		}
	}
	over := session.Scheduled() && !session.EndsAt.After(f.now)
	if x.Questions = f.questions[session.ID]; over && x.Questions > 0 && !declined {
		x.Needs = append(x.Needs, NeedQuestions)
	}
	return x
}

// brought tells whether a session has what it needs, or need not have it any more:
// a recording is due only after the session, and nothing that is refused is.
func (f facts) brought(session *program.Session, n Need) bool {
	kind := func(k material.Kind) bool {
		return slices.ContainsFunc(f.material[session.ID], func(m material.Material) bool { return m.Kind == k })
	}
	refused := func(what Subject) int {
		n := 0
		for _, who := range session.Speakers {
			if f.speaking[who.ID].Consent.Refuses(what) {
				n++
			}
		}
		return n
	}
	switch n {
	case NeedAbstract:
		return !session.Abstract.Empty() || !session.Description.Empty()
	case NeedSlides:
		return kind(material.Slides) || len(session.Speakers) > 0 && refused(Slides) == len(session.Speakers)
	case NeedWriteup:
		return kind(material.Writeup)
	case NeedRecording:
		over := session.Scheduled() && !session.EndsAt.After(f.now)
		return !over || kind(material.Recording) || session.Extra.DoNotRecord || session.Extra.RecordingURL != "" || refused(Recording) > 0
	}
	return true
}
