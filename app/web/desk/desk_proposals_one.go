package desk

import (
	"agora/app/fail"
	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// proposalOnePage is all of one proposal, for those who decide.
type proposalOnePage struct {
	Row       proposalRow
	Told      proposal.State // empty: nothing
	ToldAt    string
	Abstract  string
	Biography string
	Speakers  []templates.Person
	Note      string
	Facts     []templates.Fact
	Own       []templates.Fact
	Reviews   []reviewShown
	// Own proposals' reviews are not for those who are part of them.
	Involved bool
	Said     templates.Field
	Sayable  bool
	Words    string // that were sent along
	Session  string
	Letter   bool // a letter is waiting to be told
	Problems []templates.Problem
	Base     string
}

// reviewShown is a review in a list.
type reviewShown struct {
	Reviewer string
	Stance   proposal.Stance
	Score    int64
	Comment  string
	At       string
	Old      bool // the proposal changed after it
}

// ProposalPage shows one proposal with its reviews.
func (s Pages) ProposalPage(v *page.Visit) error { return s.proposalPage(v, nil) }

func (s Pages) proposalPage(v *page.Visit, f *page.Form) error {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	row, reviews, err := s.Proposals.One(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return err
	}
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if f == nil {
		f = v.Blank().Set("words", row.Words)
	}
	p := proposalOnePage{Row: newProposalRow(v, c, draft.Tracks, row), Told: row.Told, Abstract: row.Abstract, Biography: row.Biography, Note: row.Note,
		Involved: row.By(v.Person.Email), Base: "/desk" + v.Edition.Path(), Letter: row.Untold()}
	p.facts(v, c, row.Proposal)
	if !p.Involved {
		p.Reviews = shownReviews(v, row.Proposal, reviews)
	} else {
		p.Row.Average, p.Row.Spread, p.Row.Bars, p.Row.Scores, p.Row.Aside = "", "", nil, 0, 0
	}
	p.Sayable = row.State != row.Told && row.State != proposal.Withdrawn
	p.Said = f.Field("words", "textarea", "proposal_desk.words")
	p.Said.Optional, p.Said.Rows = true, 3
	if row.ToldAt != nil {
		p.ToldAt = v.SentenceTime(*row.ToldAt)
	}
	if row.Told != "" && !p.Sayable {
		p.Words = row.Words
	}
	if x := draft.ByID(row.SessionID); x != nil {
		p.Session = p.Base + "/program/" + x.Slug
	}
	p.Problems = f.Summary()
	return v.Render("proposal/one", row.Title, p)
}

func (p *proposalOnePage) facts(v *page.Visit, c proposal.Call, one proposal.Proposal) {
	add := func(key, said string) {
		if said != "" {
			p.Facts = append(p.Facts, templates.Fact{Term: v.T(key), Text: said})
		}
	}
	add("propose.kind_short", p.Row.Kind)
	add("propose.fact_spoken", spokenName(one.Spoken))
	add("propose.track", p.Row.Track.Text)
	if one.SentAt != nil {
		add("propose.fact_sent", v.SentenceTime(*one.SentAt))
		if one.ChangedAt.After(*one.SentAt) {
			add("proposal_desk.changed_at", v.SentenceTime(one.ChangedAt))
		}
	}
	for _, o := range one.Speakers() {
		if o.Name != "" {
			p.Speakers = append(p.Speakers, templates.Person{Name: o.Name, Initials: page.Initials(o.Name), Line: o.Email, Size: "small"})
		}
	}
	p.Own = ownAnswers(v, c, one)
}

func spokenName(l text.Lang) string {
	if l == "" {
		return ""
	}
	return l.Name()
}

// ownAnswers are those to the call's own questions, in its order.
func ownAnswers(v *page.Visit, c proposal.Call, p proposal.Proposal) (list []templates.Fact) {
	for _, field := range c.Form.Fields {
		if said := v.Answer(field, p.Answers[field.Key]); said != "" {
			list = append(list, templates.Fact{Term: v.Words(field.Label).Text, Text: said})
		}
	}
	return list
}

func shownReviews(v *page.Visit, p proposal.Proposal, reviews []proposal.Review) (list []reviewShown) {
	for _, r := range reviews {
		one := reviewShown{Reviewer: r.Reviewer, Stance: r.Stance, Comment: r.Comment, At: v.SentenceTime(r.ChangedAt), Old: r.ChangedAt.Before(p.ChangedAt)}
		if one.Reviewer == "" {
			one.Reviewer = v.T("proposal_desk.somebody")
		}
		if r.Score != nil {
			one.Score = *r.Score
		}
		list = append(list, one)
	}
	return list
}

// ProposalSay keeps what the organisers write to one proposer.
func (s Pages) ProposalSay(v *page.Visit) error {
	f := v.Sent()
	err := s.Proposals.Say(v.Ctx, v.Person.ID, v.Edition, v.Param("code"), f.Get("words"))
	if fail.Is(err, fail.Conflict) {
		return err
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.proposalPage(v, f)
	}
	v.Say("success", "flash.proposal_said")
	return v.Redirect("/desk" + v.Edition.Path() + "/proposals/" + v.Param("code"))
}
