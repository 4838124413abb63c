package speaking

import (
	"context"
	"slices"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// Standing is how it stands with one thing that may be asked.
type Standing string

// How it may stand.
const (
	StandsHere    Standing = "here"
	StandsOwed    Standing = "owed"
	StandsLater   Standing = "later"   // due only when the session is over
	StandsSpared  Standing = "spared"  // let off by an organiser
	StandsRefused Standing = "refused" // may not be published, so nobody waits for it
	StandsUnasked Standing = "unasked"
)

// SessionStands is one session with everything that may be asked of it.
type SessionStands struct {
	Session  *program.Session
	Items    map[Need]Standing
	Declined bool // everybody who was to speak
}

// SpeakerStands is one speaker with everything that may be asked of them.
type SpeakerStands struct {
	Owe
	Items map[Need]Standing
}

// Chase is all of an edition's material and papers, here or not.
type Chase struct {
	Rules    Rules
	Speakers []SpeakerStands // as the board has them
	Sessions []SessionStands // those of which anything is asked, by their time
}

// Chase gives the organisers' board in the same number of queries however many
// speakers and sessions there are.
func (s *Service) Chase(ctx context.Context, e edition.Edition, l text.Lang) (Chase, error) {
	f, err := s.facts(ctx, e)
	if err != nil {
		return Chase{}, err
	}
	c := Chase{Rules: f.rules}
	for _, o := range f.board(text.Collator(l)) {
		c.Speakers = append(c.Speakers, SpeakerStands{Owe: o, Items: f.speakerItems(o)})
	}
	for _, x := range slices.Concat(f.programme.Sessions, f.programme.Waiting) {
		if len(f.rules.Session[x.Kind]) > 0 && !x.Cancelled {
			c.Sessions = append(c.Sessions, f.sessionItems(x))
		}
	}
	return c, nil
}

func (f facts) speakerItems(o Owe) map[Need]Standing {
	items := map[Need]Standing{}
	for _, n := range OfSpeaker {
		switch {
		case !f.rules.Asks(n), !f.due(n), o.Speaking.State == Declined && n != NeedAnswer:
			items[n] = StandsUnasked
		case !has(o.Speaker, o.Speaking, n):
			items[n] = StandsOwed
		case n == NeedPicture && o.Speaker.Picture == "":
			items[n] = StandsRefused
		default:
			items[n] = StandsHere
		}
	}
	return items
}

func (f facts) sessionItems(x *program.Session) SessionStands {
	c := SessionStands{Session: x, Items: map[Need]Standing{}}
	c.Declined = len(x.Speakers) > 0 && !slices.ContainsFunc(x.Speakers, func(who *program.Speaker) bool { return f.speaking[who.ID].State != Declined })
	for _, n := range OfSession {
		c.Items[n] = f.standing(x, n, c.Declined)
	}
	return c
}

// standing tells how it stands with one thing that a session may need.
func (f facts) standing(x *program.Session, n Need, declined bool) Standing {
	over := x.Scheduled() && !x.EndsAt.After(f.now)
	switch {
	case !slices.Contains(f.rules.Session[x.Kind], n):
		return StandsUnasked
	case f.handedIn(x, n):
		return StandsHere
	case slices.Contains(f.spared[x.ID], n):
		return StandsSpared
	case declined:
		return StandsUnasked
	case !f.brought(x, n):
		return StandsOwed
	case n == NeedRecording && !over && !x.Extra.DoNotRecord:
		return StandsLater
	}
	return StandsRefused
}

// handedIn tells whether the thing itself is there.
func (f facts) handedIn(x *program.Session, n Need) bool {
	switch n {
	case NeedAbstract:
		return f.brought(x, n)
	case NeedRecording:
		if x.Extra.RecordingURL != "" {
			return true
		}
	}
	return slices.ContainsFunc(f.material[x.ID], func(m material.Material) bool { return string(m.Kind) == string(n) })
}
