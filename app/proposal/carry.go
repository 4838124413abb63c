package proposal

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// leastOpen is how long a call that was carried over late is open at least.
const leastOpen = 28 * 24 * time.Hour

// CarryOver gives a planned edition the call of another, in the transaction that
// plans it: its text, kinds, questions and rules, and its times as far from the
// day as they were. One whose opening has passed meanwhile opens the next
// morning but one: nothing is announced before somebody has looked at it. What
// was proposed stays where it was.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, from, to edition.Edition) (n int, err error) {
	c, err := callOf(ctx, tx, from.ID)
	if err != nil || c.EditionID == "" {
		return 0, err
	}
	c.EditionID, c.Version = to.ID, 1
	c.OpensAt, c.ClosesAt = edition.Moved(from, to, c.OpensAt).UTC(), edition.Moved(from, to, c.ClosesAt).UTC()
	if !c.OpensAt.After(now) {
		y, m, d := to.Local(now).Date()
		c.OpensAt = edition.On(to.Location(), y, m, d+2, 9, 0, 0).UTC()
	}
	if !c.ClosesAt.After(c.OpensAt) {
		c.ClosesAt = c.OpensAt.Add(leastOpen)
	}
	_, err = tx.NewInsert().Model(&c).Exec(ctx)
	return 1, err
}
