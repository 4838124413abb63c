package proposal

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

// adopt makes the session of an accepted proposal, with its speakers. The
// edition's row is held.
func (s *Service) adopt(ctx context.Context, tx bun.IDB, by string, e edition.Edition, p *Proposal) error {
	people := p.Speakers()
	fresh := make([]account.NewPerson, len(people))
	for i, one := range people {
		fresh[i] = account.NewPerson{Email: one.Email, Name: one.Name, Language: p.Language}
	}
	known, err := account.Ensure(ctx, tx, s.now(), fresh)
	if err != nil {
		return err
	}
	in := program.SessionInput{Title: text.One(p.Spoken, p.Title), Abstract: text.One(p.Spoken, p.Abstract), Kind: p.Kind, Language: string(p.Spoken)}
	track, err := tx.NewSelect().Table("track").Where("id = ?", p.TrackID).Where("edition_id = ?", e.ID).Exists(ctx)
	if err != nil {
		return err
	}
	if track { // it may have gone meanwhile
		in.TrackID = p.TrackID
	}
	for i, one := range people {
		id, err := s.speaker(ctx, tx, e, *p, one, known[one.Email].ID, i == 0)
		if err != nil {
			return err
		}
		in.Speakers = append(in.Speakers, program.SpeakerRef{ID: id})
	}
	x, err := s.program.AddSession(ctx, tx, by, e, in, p.Minutes)
	p.SessionID = x.ID
	return err
}

// speaker finds somebody among the edition's speakers by address and name, for
// one address may stand for several, or makes them. What an earlier edition
// knows of the person is tied to them by the programme.
func (s *Service) speaker(ctx context.Context, tx bun.IDB, e edition.Edition, p Proposal, who Other, personID string, own bool) (string, error) {
	var there []struct{ ID, Name string }
	err := tx.NewRaw(`SELECT s.id, s.name FROM speaker AS s LEFT JOIN speaking AS k ON k.speaker_id = s.id
		WHERE s.edition_id = ? AND (s.person_id = ? OR k.email = ?) ORDER BY s.id`, e.ID, personID, who.Email).Scan(ctx, &there)
	if err != nil {
		return "", err
	}
	for _, one := range there {
		if strings.EqualFold(one.Name, who.Name) {
			return one.ID, nil
		}
	}
	in := program.SpeakerInput{Name: who.Name, PersonID: personID}
	if own {
		in.Biography = text.One(p.Spoken, p.Biography)
	}
	made, err := program.WriteSpeaker(ctx, tx, e, "", in)
	return made.ID, err
}

// inviteFor is how long after a decision was told those who speak are still
// invited by themselves; later an organiser does it.
const inviteFor = 3 * 24 * time.Hour

// Invite writes to the speakers of accepted proposals who have no link of their
// own yet. It goes after Tell, and again by the clock where that was cut off.
func (s *Service) Invite(ctx context.Context, by string, e edition.Edition) error {
	var due []struct {
		SpeakerID, Email string
		Language         text.Lang
	}
	err := s.db.Read.NewRaw(`SELECT ss.speaker_id, h.email, p.language FROM proposal AS p
		JOIN session_speaker AS ss ON ss.session_id = p.session_id
		JOIN speaker AS w ON w.id = ss.speaker_id JOIN person AS h ON h.id = w.person_id
		LEFT JOIN speaking AS k ON k.speaker_id = w.id
		WHERE p.edition_id = ? AND p.told = ? AND p.session_id <> '' AND p.told_at > ? AND k.speaker_id IS NULL
		ORDER BY p.told_at, p.id, ss.rank`, e.ID, Accepted, s.now().Add(-inviteFor)).Scan(ctx, &due)
	if err != nil {
		return err
	}
	invited := map[string]bool{}
	var failed error
	for _, one := range due {
		if invited[one.SpeakerID] {
			continue
		}
		invited[one.SpeakerID] = true
		failed = errors.Join(failed, s.invite(ctx, by, e, one.SpeakerID, one.Email, one.Language))
	}
	return failed
}

// InviteAll is Invite for every edition where it was cut off.
func (s *Service) InviteAll(ctx context.Context) error {
	var editions []string
	err := s.db.Read.NewRaw(`SELECT DISTINCT edition_id FROM proposal WHERE told = ? AND session_id <> '' AND told_at > ?`,
		Accepted, s.now().Add(-inviteFor)).Scan(ctx, &editions)
	if err != nil {
		return err
	}
	for _, id := range editions {
		e, err := s.editions.ByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Invite(ctx, "", e); err != nil {
			return err
		}
	}
	return nil
}
