package certificate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// lock makes one at a time give out numbers of an edition. SQLite has one writer
// anyway.
func (s *Service) lock(ctx context.Context, tx bun.IDB, editionID string) error {
	if s.db.Engine != db.Postgres {
		return nil
	}
	_, err := tx.NewRaw("SELECT 1 FROM edition WHERE id = ? FOR NO KEY UPDATE", editionID).Exec(ctx)
	return err
}

// Issue gives a certificate to each who is entitled and has none, and gives theirs
// to all who are. One that was revoked by hand is not given anew.
func (s *Service) Issue(ctx context.Context, e edition.Edition, list []Standing) ([]Issued, error) {
	var given []Issued
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		given, err = s.issue(ctx, tx, e, list, false)
		return err
	})
	return given, err
}

// issue is Issue in the caller's transaction; told marks those that a letter of
// the same transaction speaks of.
func (s *Service) issue(ctx context.Context, tx bun.IDB, e edition.Edition, list []Standing, told bool) ([]Issued, error) {
	if err := s.lock(ctx, tx, e.ID); err != nil {
		return nil, err
	}
	have, last, err := newest(ctx, tx, e.ID)
	if err != nil {
		return nil, err
	}
	var given, fresh []Issued
	for _, st := range list {
		if !st.Entitled {
			continue
		}
		one := have[st.about()]
		if one == nil {
			last++
			made := s.make(e, st, last)
			if told {
				made.ToldAt = &made.IssuedAt
			}
			fresh = append(fresh, made)
			one = &made
			have[st.about()] = one
		}
		if one.Holds() {
			given = append(given, *one)
		}
	}
	if len(fresh) > 0 {
		_, err = tx.NewInsert().Model(&fresh).Exec(ctx)
	}
	return given, err
}

func (s *Service) make(e edition.Edition, st Standing, number int64) Issued {
	about := st.about()
	return Issued{ID: db.NewID(), EditionID: e.ID, Kind: st.Kind, RegistrationID: about.registrationID, SpeakerID: about.speaker,
		PersonID: st.PersonID, Code: newCode(), Number: number, Name: st.Name, Facts: st.Facts, IssuedAt: s.now()}
}

// Mine gives the holder of a registration their certificate of a kind, made now if
// there is none yet. Missing when there is none to be had.
func (s *Service) Mine(ctx context.Context, e edition.Edition, r registration.Registration, kind Kind) (Issued, error) {
	none := fail.Missing("certificate.none")
	if !Ready(e, s.now()) {
		return Issued{}, none
	}
	list, err := s.Of(ctx, e, r)
	if err != nil {
		return Issued{}, err
	}
	list = slices.DeleteFunc(list, func(st Standing) bool { return st.Kind != kind })
	given, err := s.Issue(ctx, e, list)
	if err != nil || len(given) == 0 {
		return Issued{}, errors.Join(err, ifNil(err, none))
	}
	if given[0].PersonID != r.PersonID && kind == Attendance {
		return Issued{}, none // somebody else's, from before the place changed hands
	}
	return given[0], nil
}

// ifNil is what is said where nothing else went wrong.
func ifNil(err, say error) error {
	if err == nil {
		return say
	}
	return nil
}

// ByID gives a certificate of an edition.
func (s *Service) ByID(ctx context.Context, editionID, id string) (Issued, error) {
	var list []Issued
	err := s.db.Read.NewSelect().Model(&list).Where("id = ? AND edition_id = ?", id, editionID).Scan(ctx)
	if err == nil && len(list) == 0 {
		err = fail.Missing("certificate.missing")
	}
	if err != nil {
		return Issued{}, err
	}
	return list[0], nil
}

// Revoke ends a certificate. Doing it twice changes nothing.
func (s *Service) Revoke(ctx context.Context, by string, e edition.Edition, id string, reason Reason, note string) error {
	if !slices.Contains(Reasons[:], reason) {
		return fail.Wrong("reason", "field.required")
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		ended, err := s.end(ctx, tx, e.ID, id, reason, note)
		if err != nil || ended == nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "certificate.revoke", Subject: ended.PersonID,
			Detail: fmt.Sprintf("%d %s", ended.Number, reason)})
	})
}

// end revokes what holds; nil when it did not hold any more.
func (s *Service) end(ctx context.Context, tx bun.IDB, editionID, id string, reason Reason, note string) (*Issued, error) {
	var ended []Issued
	err := tx.NewUpdate().Model((*Issued)(nil)).Set("revoked_at = ?", s.now()).Set("reason = ?", reason).Set("note = ?", note).
		Where("id = ? AND edition_id = ? AND revoked_at IS NULL", id, editionID).Returning("*").Scan(ctx, &ended)
	if err != nil || len(ended) == 0 {
		return nil, err
	}
	return &ended[0], nil
}

// Renew gives a new certificate for one that was revoked or says something that
// has changed since; the old one ends. by is empty where the holder asks. Where
// nothing has changed, the one that holds is given.
func (s *Service) Renew(ctx context.Context, by string, e edition.Edition, id string) (Issued, error) {
	old, err := s.ByID(ctx, e.ID, id)
	if err != nil {
		return Issued{}, err
	}
	st, err := s.again(ctx, e, old)
	if err != nil {
		return Issued{}, err
	}
	if st.Issued != nil && st.Issued.Holds() && st.same() {
		return *st.Issued, nil
	}
	list, err := s.renew(ctx, by, e, []Standing{st})
	if err != nil {
		return Issued{}, err
	}
	return list[0], nil
}

// again tells how it stands with the holder of a certificate today, whatever
// became of theirs.
func (s *Service) again(ctx context.Context, e edition.Edition, old Issued) (Standing, error) {
	var list []Standing
	var err error
	if old.Kind == Speaking {
		list, err = s.Speakers(ctx, e)
	} else {
		list, err = s.Standings(ctx, e)
	}
	if err != nil {
		return Standing{}, err
	}
	i := slices.IndexFunc(list, func(st Standing) bool { return st.about() == old.about() })
	if i < 0 || !list[i].Entitled && list[i].Why != Withdrawn {
		return Standing{}, fail.Clash("certificate.no_longer")
	}
	return list[i], nil
}

// RenewChanged renews all that say something which has changed since, and tells
// how many.
func (s *Service) RenewChanged(ctx context.Context, by string, e edition.Edition) (int, error) {
	list, err := s.All(ctx, e)
	if err != nil {
		return 0, err
	}
	list = slices.DeleteFunc(list, func(st Standing) bool { return !st.Changed() })
	if len(list) == 0 {
		return 0, nil
	}
	made, err := s.renew(ctx, by, e, list)
	return len(made), err
}

// All tells how it stands with everybody: who takes part, then who spoke.
func (s *Service) All(ctx context.Context, e edition.Edition) ([]Standing, error) {
	list, err := s.Standings(ctx, e)
	if err != nil {
		return nil, err
	}
	spoke, err := s.Speakers(ctx, e)
	return append(list, spoke...), err
}

func (s *Service) renew(ctx context.Context, by string, e edition.Edition, list []Standing) (made []Issued, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.lock(ctx, tx, e.ID); err != nil {
			return err
		}
		have, last, err := newest(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		made = nil
		var log []audit.Entry
		for _, st := range list {
			var told *time.Time
			if old := have[st.about()]; old != nil {
				if _, err := s.end(ctx, tx, e.ID, old.ID, Replaced, ""); err != nil {
					return err
				}
				told = old.ToldAt
			}
			last++
			one := s.make(e, st, last)
			one.ToldAt = told
			made = append(made, one)
			log = append(log, audit.Entry{Person: by, Edition: e.ID, Act: "certificate.renew", Subject: one.PersonID, Detail: fmt.Sprint(one.Number)})
		}
		if _, err := tx.NewInsert().Model(&made).Exec(ctx); err != nil {
			return err
		}
		if by == "" {
			return nil
		}
		return audit.Write(ctx, tx, s.now(), log...)
	})
	return made, err
}
