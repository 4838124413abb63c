package proposal

import (
	"context"
	"fmt"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

// Words are what organisers add to a decision's letters, by decision and in the
// languages of those who get them.
type Words map[State]text.Texts

// For gives the words added to one proposal's letter: those for all with its
// decision, then those for it alone.
func (w Words) For(p Proposal) string {
	said, _ := w[p.State].In(p.Language)
	if p.Words == "" || said == "" {
		return said + p.Words
	}
	return said + "\n\n" + p.Words
}

// Untold lists the proposals with a decision that was not told, those of one
// decision together.
func (s *Service) Untold(ctx context.Context, editionID string) ([]Proposal, error) {
	var list []Proposal
	err := ofEdition(s.db.Read.NewSelect().Model(&list), editionID).Where("state IN (?)", bun.List(Decisions[:])).Where("state <> told").
		OrderExpr("state, title, id").Scan(ctx)
	return list, err
}

// Tell tells the decisions about those picked, each with one letter, and makes
// sessions with their speakers of those accepted. What was changed since it was
// picked is left as it is. A decision is told once, whoever presses.
func (s *Service) Tell(ctx context.Context, by string, e edition.Edition, picks []Pick, words Words) (Decided, error) {
	if err := words.check(); err != nil {
		return Decided{}, err
	}
	d, err := s.tellOnly(ctx, by, e, picks, words)
	if err != nil {
		return Decided{}, err
	}
	s.editions.Forget()
	// The decisions are told by now. Who could not be invited is tried again by
	// the clock, which writes down why.
	d.Late = s.Invite(ctx, by, e) != nil
	return d, nil
}

func (w Words) check() error {
	f := fail.Fields{}
	for state, said := range w {
		for l, one := range said {
			many(f, string(state)+"_"+string(l), &one, MaxNote, false)
			said[l] = one
		}
	}
	return f.Err()
}

func (s *Service) tellOnly(ctx context.Context, by string, e edition.Edition, picks []Pick, words Words) (d Decided, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		d = Decided{}
		if _, err := hold(ctx, tx, e.ID); err != nil {
			return err
		}
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		if err := d.each(picks, func(pick Pick) (bool, error) { return s.tell(ctx, tx, by, e, pick, words) }); err != nil || d.Done == 0 {
			return err
		}
		return s.log(ctx, tx, by, e, "proposal.tell", fmt.Sprint(d.Done))
	})
	return d, err
}

// tell takes the telling of one decision, so that nobody else does, and then
// does what it means.
func (s *Service) tell(ctx context.Context, tx bun.IDB, by string, e edition.Edition, pick Pick, words Words) (bool, error) {
	var p Proposal
	err := tx.NewRaw(`UPDATE proposal SET told = state, told_at = ?, version = version + 1
		WHERE edition_id = ? AND code = ? AND version = ? AND state IN (?) AND state <> told RETURNING *`,
		s.now(), e.ID, pick.Code, pick.Version, bun.List(Decisions[:])).Scan(ctx, &p)
	if none(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	p.Words = strings.TrimSpace(words.For(p))
	if p.State == Accepted {
		if err := s.adopt(ctx, tx, by, e, &p); err != nil {
			return false, err
		}
	}
	_, err = tx.NewUpdate().Model(&p).Column("words", "session_id").Where("id = ?", p.ID).Exec(ctx)
	if err != nil {
		return false, err
	}
	return true, mail.Queue(ctx, tx, s.now(), s.decision(e, p))
}
