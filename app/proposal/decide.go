package proposal

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
)

// Pick is a proposal as an organiser saw it when deciding. Version 0 does not
// look at what has changed since.
type Pick struct {
	Code    string
	Version int64
}

// Decided tells what became of a decision about several proposals.
type Decided struct {
	Done int
	// Passed are those left as they were: somebody else was faster, or their
	// proposer changed or withdrew them, or it is settled already.
	Passed int
	// Late says that some speakers' own links could not be sent at once.
	Late bool
}

// each does something to every proposal picked, and counts those it was done to.
func (d *Decided) each(picks []Pick, do func(Pick) (bool, error)) error {
	for _, pick := range picks {
		done, err := do(pick)
		if err != nil {
			return err
		}
		if done {
			d.Done++
		} else {
			d.Passed++
		}
	}
	return nil
}

// Decide takes one decision about several proposals; to Sent takes back what was
// decided and not told. Nobody is told before Tell.
func (s *Service) Decide(ctx context.Context, by string, e edition.Edition, picks []Pick, to State) (Decided, error) {
	var d Decided
	if to != Sent && !to.decision() {
		return d, fail.Wrong("to", "proposal.decision_unknown")
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		d = Decided{}
		if _, err := hold(ctx, tx, e.ID); err != nil {
			return err
		}
		if err := d.each(picks, func(pick Pick) (bool, error) { return s.decide(ctx, tx, e, pick, to) }); err != nil || d.Done == 0 {
			return err
		}
		return s.log(ctx, tx, by, e, "proposal.decide", fmt.Sprintf("%s %d", to, d.Done))
	})
	return d, err
}

// decide writes one decision where it may still be taken: what was accepted and
// told is a session by now, and what was withdrawn is nobody's to accept.
func (s *Service) decide(ctx context.Context, tx bun.IDB, e edition.Edition, pick Pick, to State) (bool, error) {
	now := s.now()
	q := tx.NewUpdate().Table("proposal").Set("version = version + 1").
		Where("edition_id = ?", e.ID).Where("code = ?", pick.Code).Where("told <> ?", Accepted)
	if pick.Version != 0 {
		q = q.Where("version = ?", pick.Version)
	}
	if to == Sent {
		q = q.Set("state = CASE WHEN told <> '' THEN told ELSE ? END", Sent).Set("decided_at = told_at").
			Where("state IN (?)", bun.List(Decisions[:])).Where("state <> told")
	} else {
		q = q.Set("state = ?", to).Set("decided_at = ?", now).Where("state IN (?)", bun.List(append([]State{Sent}, Decisions[:]...))).Where("state <> ?", to)
	}
	res, err := q.Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Say keeps the organisers' own words for one proposal, which go out with its
// decision.
func (s *Service) Say(ctx context.Context, by string, e edition.Edition, code, words string) error {
	f := fail.Fields{}
	many(f, "words", &words, MaxNote, false)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Table("proposal").Set("words = ?", words).Where("edition_id = ?", e.ID).Where("code = ?", code).
			Where("state <> ?", Draft).Where("state <> told").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return orMissing(err, "proposal.settled")
		}
		return s.log(ctx, tx, by, e, "proposal.words", code)
	})
}

// orMissing gives the error, or says that the state of things does not allow it.
func orMissing(err error, key string) error {
	if err != nil {
		return err
	}
	return fail.Clash(key)
}

func (s *Service) log(ctx context.Context, tx bun.IDB, by string, e edition.Edition, act, detail string) error {
	return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: e.Path(), Detail: detail})
}
