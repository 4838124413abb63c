package registration

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration/form"
)

const (
	maxOfferHours = 14 * 24 // two weeks; longer is no offer but a second waiting list
	maxNearDays   = 60
	maxGroup      = 50 // colleagues in one go; more is a list to import
	maxAskDays    = 30
)

// Check gives every problem of the rules at once.
func (r Rules) Check() error {
	f := fail.Fields{}
	if r.Promotion != Direct && r.Promotion != ByOffer {
		f.Add("promotion", "field.required")
	}
	for _, n := range []struct {
		name        string
		value       int
		least, most int
	}{
		{"offer_hours", r.OfferHours, 1, maxOfferHours}, {"quiet_from", r.QuietFrom, 0, 23}, {"quiet_to", r.QuietTo, 0, 23},
		{"near_days", r.NearDays, 0, maxNearDays}, {"group_most", r.GroupMost, 0, maxGroup}, {"confirm_days", r.ConfirmDays, 0, maxAskDays},
	} {
		if n.value < n.least || n.value > n.most {
			f.Add(n.name, "registration.rule_range", "least", n.least, "most", n.most)
		}
	}
	return f.Err()
}

// Setup gives an edition's rules and form, as old as Places may be.
func (s *Service) Setup(ctx context.Context, editionID string) (Setup, error) {
	return s.setups.Get(ctx, editionID, func(ctx context.Context) (Setup, error) {
		return readSetup(ctx, s.db.Read, editionID)
	})
}

// readSetup reads an edition's rules and form; an edition whose organiser has
// saved neither has the usual rules and no questions of its own.
func readSetup(ctx context.Context, tx bun.IDB, editionID string) (Setup, error) {
	setup := Setup{EditionID: editionID, Rules: UsualRules}
	err := tx.NewSelect().Model(&setup).Where("edition_id = ?", editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Setup{EditionID: editionID, Rules: UsualRules}, nil
	}
	return setup, err
}

// SaveRules changes how an edition takes registrations. version is that of the
// setup that was shown: Conflict when somebody else changed it meanwhile.
func (s *Service) SaveRules(ctx context.Context, e edition.Edition, by string, rules Rules, version int64) error {
	if err := rules.Check(); err != nil {
		return err
	}
	return s.saveSetup(ctx, e, by, version, "registration.rules", rules, func(setup *Setup) { setup.Rules = rules })
}

// SaveForm changes what an edition asks. Answers given already stay with their
// fields; those of a field that is gone are deleted after the day.
func (s *Service) SaveForm(ctx context.Context, e edition.Edition, by string, f form.Form, version int64) error {
	if err := f.Problems(); err != nil {
		return err
	}
	return s.saveSetup(ctx, e, by, version, "registration.form", nil, func(setup *Setup) { setup.Form = f })
}

func (s *Service) saveSetup(ctx context.Context, e edition.Edition, by string, version int64, what string, detail any, change func(*Setup)) error {
	text := ""
	if detail != nil {
		b, err := json.Marshal(detail)
		if err != nil {
			return err
		}
		text = string(b)
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		setup, err := readSetup(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		change(&setup)
		setup.Version = version + 1
		res, err := tx.NewInsert().Model(&setup).On("CONFLICT (edition_id) DO UPDATE").Set("rules = EXCLUDED.rules").
			Set("form = EXCLUDED.form").Set("version = EXCLUDED.version").Where("setup.version = ?", version).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fail.Clash("registration.changed_meanwhile"))
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: what, Subject: e.Path(), Detail: text})
	})
	s.setups.Forget()
	return err
}
