package registration

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
)

// listImport is a list of people that an organiser sent in and has not said yes
// to. Nothing of it is a registration before that.
type listImport struct {
	bun.BaseModel `bun:"table:list_import"`

	ID        string `bun:",pk"`
	EditionID string
	PersonID  string
	List      string
	CreatedAt time.Time
}

// abreast is how many people of a list are handed in at a time, so that those who
// come meanwhile by themselves do not wait for the whole of it.
const abreast = 128

// PutList keeps a list until the organiser has seen what is wrong with it.
func (s *Service) PutList(ctx context.Context, e edition.Edition, by string, people []Input) (id string, err error) {
	b, err := json.Marshal(people)
	if err != nil {
		return "", err
	}
	row := listImport{ID: db.NewID(), EditionID: e.ID, PersonID: by, List: string(b), CreatedAt: s.now()}
	_, err = s.db.Write.NewInsert().Model(&row).Exec(ctx)
	return row.ID, err
}

// Known tells which of these addresses have a live registration for the edition.
func (s *Service) Known(ctx context.Context, editionID string) (map[string]bool, error) {
	var emails []string
	err := s.db.Read.NewSelect().Model((*Registration)(nil)).Column("email").
		Where("edition_id = ? AND state <> ?", editionID, Cancelled).Scan(ctx, &emails)
	known := make(map[string]bool, len(emails))
	for _, email := range emails {
		known[email] = true
	}
	return known, err
}

// Taken is what became of a list.
type Taken struct {
	Confirmed, Waiting, Known int
	// Failed are those that could not be registered, by their place in the list.
	Failed map[int]error
}

// TakeList registers everybody of a list that was put by the same person. People
// who are registered already are counted and left as they are, so a list taken
// twice, or cut off in the middle, is only completed.
func (s *Service) TakeList(ctx context.Context, e edition.Edition, by, id string) (Taken, error) {
	var row listImport
	mine := func(q bun.QueryBuilder) bun.QueryBuilder {
		return q.Where("id = ? AND edition_id = ? AND person_id = ?", id, e.ID, by)
	}
	err := s.db.Read.NewSelect().Model(&row).ApplyQueryBuilder(mine).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Taken{}, fail.Missing("registration.list_gone")
	}
	if err != nil {
		return Taken{}, err
	}
	var people []Input
	if err := json.Unmarshal([]byte(row.List), &people); err != nil {
		return Taken{}, err
	}
	sum := Taken{Failed: map[int]error{}}
	for start := 0; start < len(people); start += abreast {
		if err := s.addSome(ctx, e, by, people[start:min(start+abreast, len(people))], start, &sum); err != nil {
			return sum, err
		}
	}
	return sum, s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewDelete().Model((*listImport)(nil)).ApplyQueryBuilder(mine).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "registration.import", Subject: e.Path(),
			Detail: strconv.Itoa(sum.Confirmed + sum.Waiting)})
	})
}

// addSome hands in a part of a list as one act, decided in the order of the list.
func (s *Service) addSome(ctx context.Context, e edition.Edition, by string, people []Input, start int, sum *Taken) error {
	outs := make([]db.Outcome[Result], len(people))
	var wanted []Input
	var places []int
	for i := range people {
		if err := people[i].checkAdded(e); err != nil {
			outs[i].Err = err
			continue
		}
		wanted, places = append(wanted, people[i]), append(places, i)
	}
	if len(wanted) > 0 {
		a := s.coming(e, by, db.Key{}, false, wanted...)
		a.decide = func(t *turn, a *act) (Result, error) {
			for n, in := range wanted {
				res, err := t.come(a, false, []Input{in})
				outs[places[n]] = db.Outcome[Result]{Value: res, Err: err}
			}
			return Result{}, nil
		}
		if _, err := s.group.Do(ctx, a); err != nil {
			return err
		}
	}
	for i, out := range outs {
		switch {
		case fail.Is(out.Err, fail.Conflict):
			sum.Known++
		case out.Err != nil:
			sum.Failed[start+i] = out.Err
		case out.Value.Registration.State == Confirmed:
			sum.Confirmed++
		default:
			sum.Waiting++
		}
	}
	return nil
}
