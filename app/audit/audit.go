// Package audit keeps the log of organisers' acts: who did what to which thing,
// and when. A line is written in the transaction of the act, so that neither
// exists without the other.
//
// People stand in it by their id alone, and who came by a link without an account
// as ByLink says; Detail must not name anybody, so that erasing a person needs no
// change here.
//
// Table: audit.
package audit

import (
	"context"
	"strings"
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
	ID          string
	At          time.Time
	PersonName  string
	PersonEmail string
	// SubjectName is what the subject is called, where it is a person.
	SubjectName string
	// Link is whose link it was done by, where it was done without an account.
	Link string
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

// Write adds entries in the transaction of their acts.
func Write(ctx context.Context, tx bun.IDB, now time.Time, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	rows := make([]row, len(entries))
	for i, e := range entries {
		rows[i] = row{
			ID: db.NewID(), At: now, PersonID: e.Person, EditionID: e.Edition,
			Act: e.Act, Subject: e.Subject, Detail: e.Detail,
		}
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// byLink begins what stands for a person in an act done by a link. No id holds a colon.
const byLink = "link:"

// ByLink stands for the person in an act that was done by a link without an account.
func ByLink(view string) string { return byLink + view }

// Query says which lines are wanted.
type Query struct {
	Edition string // empty: those of no edition
	// Acts are the beginnings of their names, such as "session."; none is all.
	Acts []string
	// Subject is what they are about; empty is anything.
	Subject string
	// Before is the id of the line that those wanted are older than, if any.
	Before string
	Limit  int
}

// Find gives the newest lines that match.
func Find(ctx context.Context, idb bun.IDB, want Query) ([]Line, error) {
	var rows []struct {
		row         `bun:",extend"`
		PersonName  string
		PersonEmail string
		SubjectName string
	}
	q := idb.NewSelect().TableExpr("audit AS a").
		ColumnExpr("a.*, COALESCE(NULLIF(p.name, ''), p.email, '') AS person_name, COALESCE(p.email, '') AS person_email").
		ColumnExpr("COALESCE(NULLIF(s.name, ''), s.email, '') AS subject_name").
		Join("LEFT JOIN person AS p ON p.id = a.person_id").
		Join("LEFT JOIN person AS s ON s.id = a.subject").
		Where("a.edition_id = ?", want.Edition).
		OrderExpr("a.at DESC, a.id DESC").
		Limit(int64(min(max(want.Limit, 1), maxLines)))
	if want.Before != "" {
		q = q.Where("(a.at, a.id) < (SELECT b.at, b.id FROM audit AS b WHERE b.id = ? AND b.edition_id = a.edition_id)", want.Before)
	}
	if want.Subject != "" {
		q = q.Where("a.subject = ?", want.Subject)
	}
	if len(want.Acts) > 0 {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			for _, act := range want.Acts {
				q = q.WhereOr("a.act LIKE ?", act+"%")
			}
			return q
		})
	}
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, err
	}
	lines := make([]Line, len(rows))
	for i, r := range rows {
		_, link, _ := strings.Cut(r.PersonID, byLink)
		lines[i] = Line{
			Link:  link,
			Entry: Entry{Person: r.PersonID, Edition: r.EditionID, Act: r.Act, Subject: r.Subject, Detail: r.Detail},
			ID:    r.ID, At: r.At, PersonName: r.PersonName, PersonEmail: r.PersonEmail, SubjectName: r.SubjectName,
		}
	}
	return lines, nil
}
