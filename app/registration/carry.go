package registration

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
)

// Carried says what a planned edition takes over of how another one registers
// people. Capacity is its own: another hall has other seats.
type Carried struct {
	Capacity map[Kind]*int64
	Rules    bool // with them how far the places are overbooked
	Form     bool
}

// CarryOver opens the places of an edition that is being planned, in the
// transaction that makes it, and gives it the rules and the form of another.
// Who registered there, what was held back and what became of it stay there.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, by string, from, to edition.Edition, w Carried) error {
	if err := CheckCapacity(w.Capacity); err != nil {
		return err
	}
	var had []Place
	if err := tx.NewSelect().Model(&had).Where("edition_id = ?", from.ID).Scan(ctx); err != nil {
		return err
	}
	overbook := map[Kind]int64{}
	for _, p := range had {
		if w.Rules && w.Capacity[p.Kind] != nil {
			overbook[p.Kind] = p.Overbook
		}
	}
	rows := make([]Place, len(Kinds))
	for i, kind := range Kinds {
		rows[i] = Place{EditionID: to.ID, Kind: kind, Capacity: w.Capacity[kind], Overbook: overbook[kind]}
	}
	if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
		return err
	}
	if !w.Rules && !w.Form {
		return nil
	}
	setup, err := readSetup(ctx, tx, from.ID)
	if err != nil {
		return err
	}
	carried := Setup{EditionID: to.ID, Rules: UsualRules, Version: 1}
	if w.Rules {
		carried.Rules = setup.Rules
	}
	if w.Form {
		carried.Form = setup.Form
	}
	if _, err := tx.NewInsert().Model(&carried).Exec(ctx); err != nil {
		return err
	}
	return audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: to.ID, Act: "registration.carried", Subject: from.Path()})
}
