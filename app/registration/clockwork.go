package registration

import (
	"context"
	"time"
)

// LapseOffers lets the offers move on that nobody answered in time.
func (s *Service) LapseOffers(ctx context.Context) error {
	var due []Registration
	err := s.db.Read.NewSelect().Model(&due).Where("state = 'offered' AND offer_until <= ?", s.now()).Order("offer_until", "id").Scan(ctx)
	if err != nil || len(due) == 0 {
		return err
	}
	byEdition := map[string][]string{}
	for _, r := range due {
		byEdition[r.EditionID] = append(byEdition[r.EditionID], r.ID)
	}
	for id, ids := range byEdition {
		e, err := s.editions.ByID(ctx, id)
		if err != nil {
			return err
		}
		a := act{edition: e, at: s.now(), targets: ids}
		a.decide = func(t *turn, a *act) (Result, error) {
			for _, id := range a.targets {
				if r := t.known[id]; r != nil {
					t.hall.lapse(r)
				}
			}
			return Result{}, nil
		}
		if _, err := s.group.Do(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// ReleaseHolds gives to everybody what is left of the holds whose date has come.
func (s *Service) ReleaseHolds(ctx context.Context) error {
	var due []Hold
	err := s.db.Read.NewSelect().Model(&due).Where("released_at IS NULL AND release_at <= ?", s.now()).Order("release_at", "id").Scan(ctx)
	if err != nil {
		return err
	}
	for _, h := range due {
		e, err := s.editions.ByID(ctx, h.EditionID)
		if err != nil {
			return err
		}
		if err := s.Release(ctx, e, "", h.ID); err != nil {
			return err
		}
	}
	return nil
}

// purgeSet is how many registrations are looked at in one transaction.
const purgeSet = 500

// PurgeAnswers deletes answers that have been kept for as long as their field
// says, and tells of how many registrations.
func (s *Service) PurgeAnswers(ctx context.Context) (n int64, err error) {
	var editions []string
	err = s.db.Read.NewRaw(`SELECT DISTINCT r.edition_id FROM registration r JOIN edition e ON e.id = r.edition_id
		WHERE e.ends_at < ? AND r.answers <> '{}'`, s.now()).Scan(ctx, &editions)
	if err != nil {
		return 0, err
	}
	for _, id := range editions {
		done, err := s.purgeAnswers(ctx, id)
		n += done
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (s *Service) purgeAnswers(ctx context.Context, editionID string) (n int64, err error) {
	setup, err := readSetup(ctx, s.db.Read, editionID)
	if err != nil {
		return 0, err
	}
	var ended time.Time
	if err := s.db.Read.NewRaw("SELECT ends_at FROM edition WHERE id = ?", editionID).Scan(ctx, &ended); err != nil {
		return 0, err
	}
	for last := ""; ; {
		var rows []Registration
		err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND answers <> '{}' AND id > ?", editionID, last).
			Order("id").Limit(purgeSet).Scan(ctx)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		last = rows[len(rows)-1].ID
		for _, r := range rows {
			kept, gone := setup.Form.Outlived(r.Answers, ended, s.now())
			if !gone {
				continue
			}
			// What was corrected this moment is looked at again next time.
			_, err := s.db.Write.NewUpdate().Model((*Registration)(nil)).Set("answers = ?", kept).
				Where("id = ? AND changed_at = ?", r.ID, r.ChangedAt).Exec(ctx)
			if err != nil {
				return n, err
			}
			n++
		}
	}
}
