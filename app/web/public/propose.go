package public

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// callOf finds the call of the edition; a page of a call that is not there is not
// there either.
func (s Pages) callOf(v *page.Visit) (proposal.Call, error) {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err == nil && c.Phase(v.Now) == proposal.None {
		err = fail.Missing("proposal.no_call")
	}
	return c, err
}

// ProposeForm tells of the call and, while it is open, asks for a proposal.
func (s Pages) ProposeForm(v *page.Visit) error {
	c, err := s.callOf(v)
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("begun", s.Proposals.Mark(v.Edition.ID)).Set("spoken", string(spokenFirst(v)))
	if v.SignedIn() {
		f.Set("name", v.Person.Name).Set("email", v.Person.Email)
	}
	return s.proposePage(v, c, f, nil)
}

// spokenFirst is the language that is chosen before anybody chooses.
func spokenFirst(v *page.Visit) text.Lang {
	if len(v.Edition.Languages) == 0 || slices.Contains(v.Edition.Languages, v.Lang) {
		return v.Lang
	}
	return v.Edition.Languages[0]
}

// Propose takes a proposal in, or keeps it for later. What became of it stands at
// its own address, which is mailed too.
func (s Pages) Propose(v *page.Visit) error {
	c, err := s.callOf(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	gatherAnswers(f)
	if f.Has("more") {
		return s.proposePage(v, c, f, nil)
	}
	p, err := s.handInProposal(v, c, f)
	if err == nil {
		v.Say("success", map[bool]string{true: "flash.proposal_kept", false: "flash.proposal_sent"}[p.State == proposal.Draft])
		return v.Redirect("/proposal/" + s.Proposals.Token(p))
	}
	return s.proposeAgain(v, c, f, err)
}

// handInProposal hands the form in. A key that stands for other words is of a
// page that somebody went back to: what is sent now is an act of its own.
func (s Pages) handInProposal(v *page.Visit, c proposal.Call, f *page.Form) (proposal.Proposal, error) {
	send := func() (proposal.Proposal, error) {
		return s.Proposals.Propose(v.Ctx, v.Edition, proposalSent(v, f, c), s.Proposals.Begun(v.Edition.ID, f.Get("begun")), f.Get("act") != "keep",
			page.ActKey(proposeScope(v.Edition), f.Key()))
	}
	p, err := send()
	if e, ok := fail.As(err); ok && len(e.Fields["idempotency_key"]) > 0 {
		f.Set("key", db.NewID())
		return send()
	}
	return p, err
}

func proposeScope(e edition.Edition) string { return "propose:" + e.ID }

// proposeAgain shows the form once more, with what was typed and why it was not
// taken: also after closing, when it can at least be copied.
func (s Pages) proposeAgain(v *page.Visit, c proposal.Call, f *page.Form, err error) error {
	err = page.OrLater(err)
	e, _ := fail.As(err)
	switch {
	case f.Refused(err):
		return s.proposePage(v, c, f, nil)
	case e != nil && (e.Kind == fail.Conflict || e.Kind == fail.Busy):
		if e.Kind == fail.Busy {
			v.PutOff(e)
		}
		v.C.Status(page.Statuses[e.Kind])
		return s.proposePage(v, c, f, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}

// ProposeLinks mails the links of an address's proposals to that address. The
// answer is the same whether there are any.
func (s Pages) ProposeLinks(v *page.Visit) error {
	c, err := s.callOf(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	email, problem := account.ParseEmail(f.Get("lost"))
	if problem != "" {
		f.Note("lost", problem)
	}
	if bad, err := f.Failed(nil); bad {
		if err != nil {
			return err
		}
		f.Set("begun", s.Proposals.Mark(v.Edition.ID)).Set("spoken", string(spokenFirst(v)))
		return s.proposePage(v, c, f, nil)
	}
	if err := s.Proposals.MailLinks(v.Ctx, v.Edition, email); err != nil {
		return err
	}
	v.Say("success", "flash.proposal_links")
	return v.Redirect(v.Edition.Path() + "/propose")
}

// proposalSent reads a proposal out of a form.
func proposalSent(v *page.Visit, f *page.Form, c proposal.Call) proposal.Input {
	in := proposal.Input{Name: f.Get("name"), Email: f.Get("email"), Language: v.Lang, Biography: f.Get("biography"), Title: f.Get("title"),
		Abstract: f.Get("abstract"), Spoken: text.Lang(f.Get("spoken")), TrackID: f.Get("track"), Note: f.Get("note"), Answers: answersOf(f, c.Form)}
	kind, minutes, _ := strings.Cut(f.Get("kind"), ":")
	in.Kind = program.Kind(kind)
	if n, err := strconv.ParseInt(minutes, 10, 64); err == nil {
		in.Minutes = n
	}
	for i := range othersSent(f) {
		in.Others = append(in.Others, proposal.Other{Name: f.Get(proposal.OtherField(i, "name")), Email: f.Get(proposal.OtherField(i, "email"))})
	}
	return in
}

// othersSent is how many rows for co-speakers the form has. A row is asked for by
// a press; the last of them may stay empty.
func othersSent(f *page.Form) int {
	n, err := strconv.Atoi(f.Get("others"))
	if err != nil {
		n = 0
	}
	if f.Has("more") {
		n++
	}
	return min(max(n, 0), proposal.MaxOthers)
}

// settleOthers puts the rows that were filled in at the places which the problems
// are told of: the area leaves out empty ones.
func settleOthers(f *page.Form) {
	at := 0
	for i := range othersSent(f) {
		name, email := f.Get(proposal.OtherField(i, "name")), f.Get(proposal.OtherField(i, "email"))
		if name == "" && email == "" {
			continue
		}
		f.Set(proposal.OtherField(at, "name"), name).Set(proposal.OtherField(at, "email"), email)
		at++
	}
	for i := at; i < proposal.MaxOthers; i++ {
		delete(f.Values, proposal.OtherField(i, "name"))
		delete(f.Values, proposal.OtherField(i, "email"))
	}
	if f.Has("more") {
		at++
	}
	f.Set("others", strconv.Itoa(min(at, proposal.MaxOthers)))
	delete(f.Values, "more")
}

// fillProposal fills in what proposalSent reads.
func fillProposal(f *page.Form, in proposal.Input, c proposal.Call) {
	f.Set("name", in.Name).Set("email", in.Email).Set("biography", in.Biography).Set("title", in.Title).Set("abstract", in.Abstract).
		Set("spoken", string(in.Spoken)).Set("track", in.TrackID).Set("note", in.Note)
	if in.Kind != "" {
		f.Set("kind", offerValue(in.Kind, in.Minutes))
	}
	for i, o := range in.Others {
		f.Set(proposal.OtherField(i, "name"), o.Name).Set(proposal.OtherField(i, "email"), o.Email)
	}
	f.Set("others", strconv.Itoa(len(in.Others)))
	setAnswers(f, c.Form, in.Answers)
}

func offerValue(k program.Kind, minutes int64) string {
	return string(k) + ":" + strconv.FormatInt(minutes, 10)
}
