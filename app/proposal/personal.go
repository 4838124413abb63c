package proposal

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/registration/form"
)

// keepMonths is how many months after an edition's end its proposals and reviews
// are kept: long enough to ask those on the waiting list again, and to plan the
// next one with what was left over.
const keepMonths = 6

// KeptUntil is when an edition's proposals are deleted, as the form promises.
func KeptUntil(e edition.Edition) time.Time { return e.Local(e.EndsAt).AddDate(0, keepMonths, 0) }

// Exported is what a person is given of a proposal or a review of theirs.
type Exported struct {
	Proposals []ExportedProposal `json:"proposals"`
	Reviews   []ExportedReview   `json:"reviews"`
}

// ExportedProposal is one that they made or would speak in. State is as they may
// know it.
type ExportedProposal struct {
	EditionID string `json:"edition"`
	Code      string `json:"code"`
	State     State  `json:"state"`
	Input
	Words     string    `json:"words,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	ChangedAt time.Time `json:"changed_at"`
}

// ExportedReview is one that they gave.
type ExportedReview struct {
	EditionID string    `json:"edition"`
	Code      string    `json:"code"`
	Stance    Stance    `json:"stance"`
	Score     *int64    `json:"score"`
	Comment   string    `json:"comment"`
	ChangedAt time.Time `json:"changed_at"`
}

// Export gives everything this area keeps of a person: what they proposed, and
// what they said of others' proposals.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	out := Exported{Proposals: []ExportedProposal{}, Reviews: []ExportedReview{}}
	email, err := emailOf(ctx, s.db.Read, personID)
	if err != nil {
		return nil, err
	}
	list, err := of(ctx, s.db.Read, email)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		one := ExportedProposal{EditionID: p.EditionID, Code: p.Code, State: p.Shown(), Input: p.Input(), CreatedAt: p.CreatedAt, ChangedAt: p.ChangedAt}
		if p.Told != "" {
			one.Words = p.Words
		}
		out.Proposals = append(out.Proposals, one)
	}
	err = s.db.Read.NewRaw(`SELECT p.edition_id, p.code, r.stance, r.score, r.comment, r.changed_at FROM review AS r
		JOIN proposal AS p ON p.id = r.proposal_id WHERE r.person_id = ? ORDER BY r.changed_at, p.id`, personID).Scan(ctx, &out.Reviews)
	return out, err
}

func emailOf(ctx context.Context, idb bun.IDB, personID string) (string, error) {
	var email string
	err := idb.NewRaw("SELECT email FROM person WHERE id = ?", personID).Scan(ctx, &email)
	if none(err) {
		return "", nil
	}
	return email, err
}

// of gives the proposals that an address made or would speak in.
func of(ctx context.Context, idb bun.IDB, email string) ([]Proposal, error) {
	var some, list []Proposal
	if email == "" {
		return nil, nil
	}
	// The pattern only narrows; By decides.
	err := idb.NewSelect().Model(&some).Where("email = ? OR others LIKE ?", email, "%@%").Order("created_at", "id").Scan(ctx)
	for _, p := range some {
		if p.By(email) {
			list = append(list, p)
		}
	}
	return list, err
}

// Erase deletes what the person proposed, unless it has become a session: then
// it says nothing of them any more. They are taken off others' proposals, and
// the comments they wrote as a reviewer go; their scores stay, as nobody's.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	email, err := emailOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	list, err := of(ctx, tx, email)
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := forget(ctx, tx, p, email); err != nil {
			return err
		}
	}
	_, err = tx.NewUpdate().Table("review").Set("comment = ''").Where("person_id = ?", personID).Exec(ctx)
	return err
}

func forget(ctx context.Context, tx bun.IDB, p Proposal, email string) error {
	switch {
	case p.Email == email && p.SessionID == "":
		_, err := tx.NewDelete().Model(&p).Where("id = ?", p.ID).Exec(ctx)
		return err
	case p.Email == email:
		p.Name, p.Email, p.Biography, p.Note, p.Words, p.Answers = "", "", "", "", "", form.Answers{}
		p.Link++
	default:
		p.Others = slices.DeleteFunc(p.Others, func(o Other) bool { return o.Email == email })
	}
	_, err := tx.NewUpdate().Model(&p).Column("name", "email", "others", "biography", "note", "words", "answers", "link").Where("id = ?", p.ID).Exec(ctx)
	return err
}

// Purge deletes the proposals of editions long past with their reviews, and
// answers that have been kept for as long as was promised. It tells how many
// proposals went. What became a session stays in the programme.
func (s *Service) Purge(ctx context.Context) (int64, error) {
	var ended []string
	now := s.now()
	err := s.db.Read.NewRaw(`SELECT DISTINCT p.edition_id FROM proposal AS p JOIN edition AS e ON e.id = p.edition_id WHERE e.ends_at < ?`,
		now).Scan(ctx, &ended)
	if err != nil {
		return 0, err
	}
	gone := int64(0)
	for _, id := range ended {
		e, err := s.editions.ByID(ctx, id)
		if err != nil {
			return gone, err
		}
		if !now.Before(KeptUntil(e)) {
			res, err := s.db.Write.NewDelete().Table("proposal").Where("edition_id = ?", id).Exec(ctx)
			if err != nil {
				return gone, err
			}
			n, err := res.RowsAffected()
			if gone += n; err != nil {
				return gone, err
			}
			continue
		}
		if err := s.purgeAnswers(ctx, e); err != nil {
			return gone, err
		}
	}
	return gone, nil
}

func (s *Service) purgeAnswers(ctx context.Context, e edition.Edition) error {
	c, err := s.Call(ctx, e.ID)
	if err != nil {
		return err
	}
	var list []Proposal
	err = s.db.Read.NewSelect().Model(&list).Column("id", "answers").Where("edition_id = ?", e.ID).Where("answers <> '{}'").Scan(ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		kept, some := c.Form.Outlived(p.Answers, e.EndsAt, s.now())
		if !some {
			continue
		}
		if _, err := s.db.Write.NewUpdate().Table("proposal").Set("answers = ?", kept).Where("id = ?", p.ID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// RemoveEdition drops the call of a practice edition, before its programme.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"proposal", "call"} {
		if _, err := tx.NewDelete().Table(table).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
