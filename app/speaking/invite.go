package speaking

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// repeatLetter is how long the same letter is not sent again: who presses twice
// means one.
const repeatLetter = time.Minute

// maxHoldName is how much of a name stands in the table of places held back.
const maxHoldName = 80

// Outcome is what became of an act, and of the place that goes with it.
type Outcome struct {
	Speaking Speaking
	Seat     Seat
}

// invitation is what an organiser says of somebody they ask to speak.
type invitation struct {
	email  string
	lang   text.Lang
	letter bool
}

// Prepare gives the speaker a link without writing to anybody, for an organiser
// who hands it over by other means. Email may be empty.
func (s *Service) Prepare(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) (Speaking, error) {
	out, err := s.ask(ctx, by, e, speakerID, invitation{email: email, lang: l})
	return out.Speaking, err
}

// Invite writes to the speaker with their link, and keeps a place for them while
// there is one. Inviting again writes again, to the address given now.
func (s *Service) Invite(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) (Outcome, error) {
	return s.ask(ctx, by, e, speakerID, invitation{email: email, lang: l, letter: true})
}

// Ask is Invite for those whom only the invitation itself concerns.
func (s *Service) Ask(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) error {
	_, err := s.Invite(ctx, by, e, speakerID, email, l)
	return err
}

func (s *Service) ask(ctx context.Context, by string, e edition.Edition, speakerID string, in invitation) (Outcome, error) {
	if in.email != "" || in.letter {
		email, problem := account.ParseEmail(in.email)
		if problem != "" {
			return Outcome{}, fail.Wrong("email", problem)
		}
		in.email = email
	}
	in.lang = own(e, in.lang)
	who, err := speaker(ctx, s.db.Read, e, speakerID)
	if err != nil {
		return Outcome{}, err
	}
	for try := 0; ; try++ {
		out, err := s.askOnce(ctx, by, e, who, in)
		if errors.Is(err, errMeanwhile) && try < 2 {
			continue // somebody else asked at the same moment: look again
		}
		return out, err
	}
}

// errMeanwhile ends an act that was prepared from what is no longer so.
var errMeanwhile = errors.New("the speaker's side was changed meanwhile")

func (s *Service) askOnce(ctx context.Context, by string, e edition.Edition, who program.Speaker, in invitation) (out Outcome, err error) {
	before, err := s.Of(ctx, e, who.ID)
	if err != nil && !fail.Is(err, fail.NotFound) {
		return out, err
	}
	put := func(ctx context.Context, tx bun.IDB, hold registration.Hold) (err error) {
		out.Speaking, err = s.putAsked(ctx, tx, by, e, who, before, in, hold)
		return err
	}
	needs, err := s.needsHold(ctx, e, before, in.email)
	if err != nil {
		return out, err
	}
	if needs {
		_, err = s.registrations.KeepPlace(ctx, e, s.holdName(e, who), before.HoldID, put)
	} else {
		err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return put(ctx, tx, registration.Hold{ID: before.HoldID}) })
	}
	if err != nil {
		return Outcome{}, err
	}
	out.Seat, err = s.SeatOf(ctx, e, out.Speaking)
	return out, err
}

// needsHold tells whether a place has to be kept for somebody who is asked: they
// have none yet, and the day is to come.
func (s *Service) needsHold(ctx context.Context, e edition.Edition, x Speaking, email string) (bool, error) {
	if x.State == Accepted || !s.now().Before(e.EndsAt) {
		return false, nil
	}
	has, err := s.db.Read.NewSelect().Table("registration").Where("edition_id = ? AND email = ? AND state IN (?)", e.ID, email,
		bun.List([]registration.State{registration.Confirmed, registration.Offered})).Exists(ctx)
	return !has || email == "", err
}

// holdName is what the organisers find the speaker's hold under.
func (s *Service) holdName(e edition.Edition, who program.Speaker) string {
	name := []rune(s.words.T(own(e, ""), "speaking.hold", "name", who.Name))
	return string(name[:min(len(name), maxHoldName)])
}

// putAsked writes the row of somebody who is asked, with the letter.
func (s *Service) putAsked(ctx context.Context, tx bun.IDB, by string, e edition.Edition, who program.Speaker, before Speaking, in invitation, hold registration.Hold) (Speaking, error) {
	at := s.now()
	if _, err := tx.NewInsert().Model(&Speaking{SpeakerID: who.ID, EditionID: e.ID, Email: in.email, Language: in.lang, State: Prepared,
		Link: 1, Version: 1, CreatedAt: at}).On("CONFLICT (speaker_id) DO NOTHING").Exec(ctx); err != nil {
		return Speaking{}, err
	}
	var x Speaking
	if err := tx.NewRaw("UPDATE speaking SET email = ?, language = ? WHERE speaker_id = ? AND edition_id = ? RETURNING *",
		in.email, in.lang, who.ID, e.ID).Scan(ctx, &x); err != nil {
		return x, missingRow(err)
	}
	if x.HoldID != before.HoldID || x.State != before.State && before.State != "" {
		return x, errMeanwhile
	}
	if x.HoldID = hold.ID; before.Email != "" && before.Email != in.email {
		x.Link++ // the old one may lie with somebody whom it was not meant for
	}
	if x.State == Declined {
		x.State, x.AnsweredAt = Invited, nil // asked anew
	}
	if x.State == Prepared && in.letter {
		x.State = Invited
	}
	act := "speaking.prepare"
	if in.letter {
		act = "speaking.invite"
		if x.InvitedAt != nil && before.Email == in.email && at.Sub(*x.InvitedAt) < repeatLetter {
			return x, write(ctx, tx, &x)
		}
		x.InvitedAt = &at
		letter, err := s.invitationLetter(ctx, tx, e, who, x)
		if err != nil {
			return x, err
		}
		if err := mail.Queue(ctx, tx, at, letter); err != nil {
			return x, err
		}
	}
	if err := write(ctx, tx, &x); err != nil {
		return x, err
	}
	return x, audit.Write(ctx, tx, at, audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: who.ID})
}

func missingRow(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fail.Missing("speaking.missing")
	}
	return err
}

// Renew ends the speaker's link and mails the new one, where there is an address.
// The ticket, which the old link showed, ends with it.
func (s *Service) Renew(ctx context.Context, by string, e edition.Edition, speakerID string) (Speaking, error) {
	var x Speaking
	who, err := speaker(ctx, s.db.Read, e, speakerID)
	if err != nil {
		return x, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		at := s.now()
		err := tx.NewRaw("UPDATE speaking SET link = link + 1 WHERE speaker_id = ? AND edition_id = ? RETURNING *", speakerID, e.ID).Scan(ctx, &x)
		if err != nil {
			return missingRow(err)
		}
		if x.RegistrationID != "" {
			if err := s.registrations.RenewTicket(ctx, tx, e, x.RegistrationID); err != nil {
				return err
			}
		}
		if x.Email != "" {
			args := s.about(e, who, x)
			if err := mail.Queue(ctx, tx, at, s.letter(e, who, x, mail.SpeakerRenewed, args)); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, at, audit.Entry{Person: by, Edition: e.ID, Act: "speaking.renew", Subject: speakerID})
	})
	return x, err
}

// own is the language if the program speaks it, else the edition's first.
func own(e edition.Edition, l text.Lang) text.Lang {
	if known, ok := text.ParseLang(string(l)); ok {
		return known
	}
	if len(e.Languages) > 0 {
		return e.Languages[0]
	}
	return text.Finnish
}
