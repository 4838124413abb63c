package registration

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/mail"
)

// The values of Registration.Reminded.
const (
	RemindedWeek int64 = 1
	RemindedDay  int64 = 2
)

// Round is who is written to before the day. Those whose registration changed
// at or after Settled just had a letter; a zero time leaves out nobody.
type Round struct {
	Reminder int64 // RemindedWeek or RemindedDay, or 0 when none is due
	Settled  time.Time
	// Ask says that people are asked now whether they come, AskSettled whom that
	// leaves out. Who is asked gets the reminder in the same letter.
	Ask        bool
	AskSettled time.Time
}

// Letter writes a letter of a kind about a registration, for areas that add
// what theirs says beside.
func (s *Service) Letter(e edition.Edition, r Registration, kind string, position int64) mail.Letter {
	return s.letter(e, news{reg: r, kind: kind, pos: position})
}

// DueReminder marks up to limit people as reminded in the caller's transaction,
// and gives them as they were before. Two callers never get the same person.
func DueReminder(ctx context.Context, tx bun.IDB, editionID string, r Round, limit int) ([]Registration, error) {
	return due(ctx, tx, editionID, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = settled(q.Where("reminded < ?", r.Reminder), r.Settled).
			Where("(state = ? OR (meanwhile AND state IN (?, ?)))", Confirmed, Waiting, Offered)
		if r.Ask {
			q = q.Where("NOT (kind = ? AND asked_at IS NULL AND coming_at IS NULL AND changed_at < ?)", Onsite, r.AskSettled)
		}
		return q
	}, func(q *bun.UpdateQuery) *bun.UpdateQuery {
		return q.Set("reminded = ?", r.Reminder).Where("reminded < ?", r.Reminder)
	})
}

// DueQuestion marks up to limit people with a seat as asked whether they come,
// in the caller's transaction, and gives them as they were before.
func DueQuestion(ctx context.Context, tx bun.IDB, editionID string, now time.Time, r Round, limit int) ([]Registration, error) {
	return due(ctx, tx, editionID, limit, func(q *bun.SelectQuery) *bun.SelectQuery {
		return settled(q, r.AskSettled).Where("kind = ? AND state = ?", Onsite, Confirmed).
			Where("asked_at IS NULL AND coming_at IS NULL")
	}, func(q *bun.UpdateQuery) *bun.UpdateQuery {
		return q.Set("asked_at = ?", now).Where("asked_at IS NULL").
			Set("reminded = CASE WHEN reminded < ? THEN ? ELSE reminded END", r.Reminder, r.Reminder)
	})
}

func settled(q *bun.SelectQuery, before time.Time) *bun.SelectQuery {
	if before.IsZero() {
		return q
	}
	return q.Where("changed_at < ?", before)
}

// due takes the edition's lock, so that nobody loses a place between being
// chosen and being marked; the conditional update is what makes it once.
func due(ctx context.Context, tx bun.IDB, editionID string, limit int, who func(*bun.SelectQuery) *bun.SelectQuery,
	mark func(*bun.UpdateQuery) *bun.UpdateQuery) ([]Registration, error) {
	if err := Lock(ctx, tx, editionID); err != nil {
		return nil, err
	}
	var rows []Registration
	q := tx.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Where("email <> '' AND NOT pending").Order("id").Limit(int64(limit))
	if err := who(q).Scan(ctx); err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var marked []string
	err := mark(tx.NewUpdate().Model((*Registration)(nil)).Where("id IN (?)", bun.List(ids))).Returning("id").Scan(ctx, &marked)
	return slices.DeleteFunc(rows, func(r Registration) bool { return !slices.Contains(marked, r.ID) }), err
}
