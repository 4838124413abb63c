package proposal

import (
	"cmp"
	"context"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
)

// MaxComment bounds what a reviewer writes.
const MaxComment = 2000

// Stance is how a reviewer answers.
type Stance string

// The stances.
const (
	Scored    Stance = "score"
	Abstained Stance = "abstain"
	Conflict  Stance = "conflict" // too close to judge, and to see what others say
)

// Review is one reviewer's word on a proposal.
type Review struct {
	bun.BaseModel `bun:"table:review"`

	ProposalID string `bun:",pk"`
	PersonID   string `bun:",pk"`
	Stance     Stance
	Score      *int64
	Comment    string
	ChangedAt  time.Time

	Reviewer string `bun:"-"` // what the person is called
}

// Task is a proposal as one reviewer has it before them.
type Task struct {
	Proposal // without what reviewers are not to see
	Mine     *Review
	// Changed says that the proposal changed after Mine.
	Changed bool
	// Reviews is how many others have given a score.
	Reviews int
}

// Done reports whether the reviewer has had their word.
func (t Task) Done() bool { return t.Mine != nil }

// Tasks lists what a reviewer may review, those they have not had their word on
// first: the least reviewed before others, and for each reviewer in another
// order, so that the last ones are not always read by tired eyes. Their own
// proposals are not among them.
func (s *Service) Tasks(ctx context.Context, c Call, who account.Person) ([]Task, error) {
	rows, _, err := s.List(ctx, c.EditionID, Filter{})
	if err != nil {
		return nil, err
	}
	var mine []Review
	if err := s.db.Read.NewSelect().Model(&mine).Where("person_id = ?", who.ID).Scan(ctx); err != nil {
		return nil, err
	}
	own := map[string]*Review{}
	for i := range mine {
		own[mine[i].ProposalID] = &mine[i]
	}
	var list []Task
	for _, row := range rows {
		if !c.reviewable(row.Proposal, who) {
			continue
		}
		t := Task{Proposal: c.blind(row.Proposal), Mine: own[row.ID], Reviews: len(row.Scores)}
		t.Changed = t.Mine != nil && t.Mine.ChangedAt.Before(row.ChangedAt)
		if t.Mine != nil && t.Mine.Stance == Scored {
			t.Reviews--
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(a, b Task) int {
		if a.Done() != b.Done() {
			return cmp.Compare(order(a.Done()), order(b.Done()))
		}
		return cmp.Or(cmp.Compare(a.Reviews, b.Reviews), cmp.Compare(shuffled(who.ID, a.ID), shuffled(who.ID, b.ID)))
	})
	return list, nil
}

func order(done bool) int {
	if done {
		return 1
	}
	return 0
}

func shuffled(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p)) // never fails
	}
	return h.Sum32()
}

// reviewable: what was sent in and not withdrawn, by somebody else.
func (c Call) reviewable(p Proposal, who account.Person) bool {
	return p.State != Draft && p.State != Withdrawn && !p.By(who.Email)
}

// blind leaves out what reviewers are not to see: words for the organisers,
// answers kept from them and, where the review is anonymous, who it is.
func (c Call) blind(p Proposal) Proposal {
	p.Note, p.Words, p.Email = "", "", ""
	answers := map[string]any{}
	for key, answer := range p.Answers {
		if !slices.Contains(c.Rules.Unseen, key) {
			answers[key] = answer
		}
	}
	p.Answers = answers
	others := make(Others, len(p.Others))
	for i, o := range p.Others {
		others[i] = Other{Name: o.Name}
	}
	p.Others = others
	if c.Rules.Anonymous {
		p.Name, p.Biography, p.Others = "", "", nil
	}
	return p
}

// Task gives one proposal to a reviewer. Others are what the other reviewers
// say: nothing before the reviewer has had their own word, or when they are too
// close to it.
func (s *Service) Task(ctx context.Context, c Call, who account.Person, code string) (t Task, others []Review, err error) {
	p, err := s.byCode(ctx, c.EditionID, code)
	if err != nil {
		return t, nil, err
	}
	if !c.reviewable(p, who) {
		return t, nil, fail.Missing("proposal.missing")
	}
	all, err := s.reviewsOf(ctx, p.ID)
	if err != nil {
		return t, nil, err
	}
	t.Proposal = c.blind(p)
	for i, one := range all {
		switch {
		case one.PersonID == who.ID:
			t.Mine, t.Changed = &all[i], one.ChangedAt.Before(p.ChangedAt)
		case one.Stance != Conflict:
			others = append(others, one)
		}
		if one.PersonID != who.ID && one.Stance == Scored {
			t.Reviews++
		}
	}
	if t.Mine == nil || t.Mine.Stance == Conflict {
		others = nil
	}
	return t, others, nil
}

// Review takes a reviewer's word, over the one they gave before.
func (s *Service) Review(ctx context.Context, e edition.Edition, who account.Person, code string, in Review) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		c, err := hold(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		var p Proposal
		err = ofEdition(tx.NewSelect().Model(&p), e.ID).Where("code = ?", code).Scan(ctx)
		if none(err) || err == nil && !c.reviewable(p, who) {
			return fail.Missing("proposal.missing")
		}
		if err != nil {
			return err
		}
		if err := in.check(c); err != nil {
			return err
		}
		in.ProposalID, in.PersonID, in.ChangedAt = p.ID, who.ID, s.now()
		_, err = tx.NewInsert().Model(&in).On("CONFLICT (proposal_id, person_id) DO UPDATE").Set("stance = EXCLUDED.stance").
			Set("score = EXCLUDED.score").Set("comment = EXCLUDED.comment").Set("changed_at = EXCLUDED.changed_at").Exec(ctx)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: who.ID, Edition: e.ID, Act: "proposal.review", Subject: p.ID})
	})
}

func (r *Review) check(c Call) error {
	f := fail.Fields{}
	many(f, "comment", &r.Comment, MaxComment, false)
	switch r.Stance {
	case Scored:
		if r.Score == nil || *r.Score < 1 || *r.Score > c.Rules.Best {
			f.Add("score", "proposal.score_range", "max", c.Rules.Best)
		}
	case Abstained, Conflict:
		r.Score = nil
	default:
		f.Add("score", "proposal.score_missing")
	}
	return f.Err()
}

// reviewed is a review with its reviewer's name.
type reviewed struct {
	Review `bun:",extend"`
	Called string
}

func (s *Service) reviewsOf(ctx context.Context, proposalID string) ([]Review, error) {
	by, err := s.readReviews(ctx, "r.proposal_id = ?", proposalID)
	return by[proposalID], err
}

// reviews gives an edition's reviews by proposal.
func (s *Service) reviews(ctx context.Context, editionID string) (map[string][]Review, error) {
	return s.readReviews(ctx, "r.proposal_id IN (SELECT id FROM proposal WHERE edition_id = ?)", editionID)
}

func (s *Service) readReviews(ctx context.Context, where, id string) (map[string][]Review, error) {
	var rows []reviewed
	err := s.db.Read.NewSelect().TableExpr("review AS r").ColumnExpr("r.*, COALESCE(NULLIF(p.name, ''), p.email, '') AS called").
		Join("LEFT JOIN person AS p ON p.id = r.person_id").Where(where, id).OrderExpr("r.changed_at, r.person_id").Scan(ctx, &rows)
	by := map[string][]Review{}
	for _, r := range rows {
		if !strings.HasPrefix(r.Called, "erased:") {
			r.Review.Reviewer = r.Called
		}
		by[r.ProposalID] = append(by[r.ProposalID], r.Review)
	}
	return by, err
}
