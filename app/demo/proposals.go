package demo

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/proposal"
	"agora/app/registration/form"
	"agora/app/text"
)

// callText is content/2027-proposals.json.
type callText struct {
	Text      text.Texts
	Kinds     proposal.Offers
	Form      form.Form
	Unseen    []string
	Proposals []proposalText
}

// proposalText is one proposal, in the one language of its proposer: how many
// days ago it came, what was decided, and what the reviewers gave.
type proposalText struct {
	proposal.Input
	Called, About, Who               string
	Audience, Travel, Other, Comment string
	Days                             int
	State                            proposal.State
	Scores                           []int64
}

// callFor is for how many days the call stays open.
const callFor = 5

// call opens the call of the coming edition for what room there still is, with
// proposals in every state but told: nothing that is shown depends on it yet.
func (h *house) call(ctx context.Context, e edition.Edition, moderator Member) error {
	var t callText
	if err := read("2027-proposals", &t); err != nil {
		return err
	}
	reviewers, err := h.reviewers(ctx, e, moderator)
	if err != nil {
		return err
	}
	h.clock.set(h.now.AddDate(0, 0, -21))
	c, err := h.proposals.SaveCall(ctx, h.organiser, e, 0, proposal.CallInput{OpensAt: h.day(h.now, -20, 9, 0), ClosesAt: h.day(h.now, callFor, 20, 0), Text: t.Text, Kinds: t.Kinds,
		Rules: proposal.Rules{Best: 5, Each: 3}})
	if err != nil {
		return err
	}
	if _, err = h.proposals.SaveForm(ctx, h.organiser, e, c.Version, t.Form, t.Unseen); err != nil {
		return err
	}
	for i, one := range t.Proposals {
		if err := h.propose(ctx, e, i, one, reviewers); err != nil {
			return err
		}
	}
	return nil
}

// reviewers are the organiser, the moderator and somebody who only reviews.
func (h *house) reviewers(ctx context.Context, e edition.Edition, moderator Member) (list []account.Person, err error) {
	const third = "Ilmari Koelma"
	err = h.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, h.clock.now(), []account.NewPerson{{Email: address(third), Name: third, Language: text.Finnish}})
		if err != nil {
			return err
		}
		list = []account.Person{people[address(third)]}
		return errors.Join(h.accounts.Grant(ctx, tx, h.organiser, list[0].ID, account.OfEdition(e.ID), account.Reviewer),
			h.accounts.Grant(ctx, tx, h.organiser, moderator.ID, account.OfEdition(e.ID), account.Reviewer))
	})
	for _, id := range []string{h.organiser, moderator.ID} {
		one, bad := h.accounts.ByID(ctx, id)
		err = errors.Join(err, bad)
		list = append(list, one)
	}
	return list, err
}

func (h *house) propose(ctx context.Context, e edition.Edition, i int, t proposalText, reviewers []account.Person) error {
	at := h.day(h.now, -t.Days, 12, 7*i)
	if !at.Before(h.now) {
		at = h.now.Add(-time.Hour)
	}
	h.clock.set(at)
	t.Title, t.Abstract, t.Biography = t.Called, t.About, t.Who
	t.Email, t.Language, t.Answers = address(t.Name), t.Spoken, form.Answers{}
	if t.Other != "" {
		t.Others = proposal.Others{{Name: t.Other, Email: address(t.Other)}}
	}
	for key, said := range map[string]string{"audience": t.Audience, "travel": t.Travel} {
		if said != "" {
			t.Answers[key] = said
		}
	}
	p, err := h.proposals.Propose(ctx, e, t.Input, at, t.State != proposal.Draft, db.Key{})
	if err != nil {
		return err
	}
	for j, score := range t.Scores {
		h.clock.set(at.Add(time.Duration(j+1) * 5 * time.Hour))
		if h.clock.now().After(h.now) {
			h.clock.set(h.now)
		}
		r := proposal.Review{Stance: proposal.Scored, Score: &score}
		if j == 0 {
			r.Comment = t.Comment
		}
		if err := h.proposals.Review(ctx, e, reviewers[j], p.Code, r); err != nil {
			return err
		}
	}
	if t.State == proposal.Sent || t.State == proposal.Draft {
		return nil
	}
	_, err = h.proposals.Decide(ctx, h.organiser, e, []proposal.Pick{{Code: p.Code}}, t.State)
	return err
}
