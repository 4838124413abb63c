package public

import (
	"strconv"
	"time"

	"agora/app/fail"
	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// proposalPage is a proposal as its proposer has it: what it says, how it stands
// and what can be done.
type proposalPage struct {
	Shown       proposal.State
	Kind        string // of the notice that says how it stands
	Title, Lang string
	Abstract    string
	Facts       []templates.Fact
	Speakers    []templates.Person
	Biography   string
	Own         []templates.Fact
	Note        string
	Words       string
	Until       string // while it can be changed
	Change      bool
	Take        bool // it can be withdrawn
	Speak       string
	Session     string
	Self        string
	Again       string // another proposal, while the call is open
	Kept        string
	Email       string
}

// mine opens the proposal of the address and finds its edition and its call.
func (s Pages) mine(v *page.Visit) (proposal.Proposal, proposal.Call, error) {
	p, err := s.Proposals.ByToken(v.Ctx, v.Param("token"))
	if err != nil {
		return p, proposal.Call{}, err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, p.EditionID); err != nil {
		return p, proposal.Call{}, err
	}
	c, err := s.Proposals.Call(v.Ctx, p.EditionID)
	return p, c, err
}

// Proposal shows how it stands.
func (s Pages) Proposal(v *page.Visit) error {
	p, c, err := s.mine(v)
	if err != nil {
		return err
	}
	out := proposalPage{Shown: p.Shown(), Title: p.Title, Lang: otherThan(v, p.Spoken), Abstract: p.Abstract, Biography: p.Biography, Note: p.Note, Email: p.Email,
		Self: "/proposal/" + s.Proposals.Token(p), Kept: text.Date(v.Lang, proposal.KeptUntil(v.Edition)), Change: s.Proposals.Changeable(c, p)}
	out.Kind = "info"
	if out.Shown == proposal.Accepted {
		out.Kind = "success"
	}
	if out.Change {
		out.Until = v.SentenceTime(c.ClosesAt)
	}
	out.Take = out.Shown == proposal.Sent || out.Shown == proposal.Draft || out.Shown == proposal.Waiting
	if c.Phase(v.Now) == proposal.Open {
		out.Again = v.Edition.Path() + "/propose"
	}
	if p.Told != "" {
		out.Words = p.Words
	}
	out.Facts = s.proposalFacts(v, p)
	for _, o := range p.Speakers() {
		if o.Name != "" {
			out.Speakers = append(out.Speakers, templates.Person{Name: o.Name, Initials: page.Initials(o.Name), Line: o.Email, Size: "small"})
		}
	}
	for _, field := range c.Form.Fields {
		if said := field.Words(v.Lang, v.Edition.Languages, p.Answers[field.Key], v.T("register.answer_yes"), v.T("register.answer_no")); said != "" {
			out.Own = append(out.Own, templates.Fact{Term: v.Words(field.Label).Text, Text: said})
		}
	}
	if err := s.accepted(v, p, &out); err != nil {
		return err
	}
	return v.Render("proposal/proposal", p.Title, out)
}

// accepted leads on from what was accepted: to its public page, once it has one.
func (s Pages) accepted(v *page.Visit, p proposal.Proposal, out *proposalPage) error {
	if out.Shown != proposal.Accepted || p.SessionID == "" {
		return nil
	}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if x := programme.ByID(p.SessionID); x != nil {
		out.Session = v.Edition.Path() + "/sessions/" + x.Slug
	}
	return nil
}

func (s Pages) proposalFacts(v *page.Visit, p proposal.Proposal) []templates.Fact {
	var facts []templates.Fact
	if p.Kind != "" {
		facts = append(facts, templates.Fact{Term: v.T("propose.kind"), Text: v.T("program.kind." + string(p.Kind)), Note: text.Length(time.Duration(p.Minutes) * time.Minute)})
	}
	if p.Spoken != "" {
		facts = append(facts, templates.Fact{Term: v.T("propose.fact_spoken"), Text: p.Spoken.Name()})
	}
	if p.SentAt != nil {
		facts = append(facts, templates.Fact{Term: v.T("propose.fact_sent"), Text: v.SentenceTime(*p.SentAt)})
	}
	return facts
}

// otherThan is the lang attribute of a text that is not in the page's language.
func otherThan(v *page.Visit, l text.Lang) string {
	if l == v.Lang {
		return ""
	}
	return string(l)
}

// proposalEditPage changes a proposal.
type proposalEditPage struct {
	Title    string
	Draft    bool
	Back     string
	Until    string
	Notice   *templates.Notice
	Problems []templates.Problem
	Form     proposalForm
}

func (p proposalEditPage) Shape(f *page.Frame) {
	f.Scripts = append(f.Scripts, "register", "propose")
}

// ProposalForm shows the proposal to be changed.
func (s Pages) ProposalForm(v *page.Visit) error {
	p, c, err := s.mine(v)
	if err != nil {
		return err
	}
	if !s.Proposals.Changeable(c, p) {
		return v.Redirect("/proposal/" + s.Proposals.Token(p))
	}
	f := v.Blank().Set("version", strconv.FormatInt(p.Version, 10))
	fillProposal(f, p.Input(), c)
	return s.proposalEdit(v, p, c, f, nil)
}

// ProposalSave writes it anew.
func (s Pages) ProposalSave(v *page.Visit) error {
	p, c, err := s.mine(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	gatherAnswers(f)
	if f.Has("more") {
		return s.proposalEdit(v, p, c, f, nil)
	}
	in := proposalSent(v, f, c)
	in.Language = p.Language
	now, err := s.Proposals.Change(v.Ctx, v.Edition, p.ID, in, proposalVersion(f), f.Get("act") != "keep")
	e, _ := fail.As(err)
	switch {
	case err == nil:
		v.Say("success", map[bool]string{true: "flash.proposal_kept", false: "flash.proposal_saved"}[now.State == proposal.Draft])
		return v.Redirect("/proposal/" + s.Proposals.Token(now))
	case f.Refused(err):
		return s.proposalEdit(v, p, c, f, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(p.Version, 10)) // sending once more is a decision
		return s.proposalEdit(v, p, c, f, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}

func (s Pages) proposalEdit(v *page.Visit, p proposal.Proposal, c proposal.Call, f *page.Form, notice *templates.Notice) error {
	form, err := s.newProposalForm(v, c, f)
	if err != nil {
		return err
	}
	out := proposalEditPage{Title: p.Title, Draft: p.State == proposal.Draft, Back: "/proposal/" + s.Proposals.Token(p), Until: v.SentenceTime(c.ClosesAt),
		Notice: notice, Form: form, Problems: f.Summary()}
	out.Form.Action, out.Form.Draft = out.Back+"/edit", out.Draft
	return v.Render("proposal/edit", v.T("propose.edit"), out)
}

// ProposalWithdraw takes it back.
func (s Pages) ProposalWithdraw(v *page.Visit) error {
	p, _, err := s.mine(v)
	if err != nil {
		return err
	}
	if p, err = s.Proposals.Withdraw(v.Ctx, v.Edition, p.ID); err != nil {
		return err
	}
	v.Say("success", "flash.proposal_withdrawn")
	return v.Redirect("/proposal/" + s.Proposals.Token(p))
}
