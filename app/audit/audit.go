// Package audit keeps the log of organisers' acts: who did what to which thing,
// and when. A line is written in the transaction of the act, so that neither
// exists without the other.
//
// People stand in it by their id alone; Detail must not name anybody, so that
// erasing a person needs no change here.
//
// Table: audit.
package audit

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// maxLines bounds one page of the log.
const maxLines = 500

// Entry is one act. Act is a stable name such as edition.change; Subject is the
// id of what was changed, Detail says how in a few words.
type Entry struct {
	Person  string
	Edition string
	Act     string
	Subject string
	Detail  string
}

// Line is a written entry, with what the person is called today.
type Line struct {
	Entry
	ID         string
	At         time.Time
	PersonName string
}

type row struct {
	bun.BaseModel `bun:"table:audit"`

	ID        string
	At        time.Time
	PersonID  string
	EditionID string
	Act       string
	Subject   string
	Detail    string
}

// Write adds an entry in the transaction of its act.
func Write(ctx context.Context, tx bun.IDB, now time.Time, e Entry) error {
	r := row{
		ID: db.NewID(), At: now, PersonID: e.Person, EditionID: e.Edition,
		Act: e.Act, Subject: e.Subject, Detail: e.Detail,
	}
	_, err := tx.NewInsert().Model(&r).Exec(ctx)
	return err
}

// List gives the newest lines of an edition (of no edition, when it is empty),
// older than the line with the id before when that is given.
func List(ctx context.Context, idb bun.IDB, edition, before string, limit int) ([]Line, error) {
	var rows []struct {
		row        `bun:",extend"`
		PersonName string
	}
	q := idb.NewSelect().TableExpr("audit AS a").
		ColumnExpr("a.*, COALESCE(NULLIF(p.name, ''), p.email, '') AS person_name").
		Join("LEFT JOIN person AS p ON p.id = a.person_id").
		Where("a.edition_id = ?", edition).
		OrderExpr("a.at DESC, a.id DESC").
		Limit(int64(min(max(limit, 1), maxLines)))
	if before != "" {
		q = q.Where("(a.at, a.id) < (SELECT b.at, b.id FROM audit AS b WHERE b.id = ?)", before)
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, r := range rows {
		lines[i] = Line{
			Entry: Entry{Person: r.PersonID, Edition: r.EditionID, Act: r.Act, Subject: r.Subject, Detail: r.Detail},
			ID:    r.ID, At: r.At, PersonName: r.PersonName,
		}
	}
	return lines, nil
}
