package public

import (
	"fmt"
	"strconv"
	"time"

	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// proposePage tells of a call in every state of its clock.
type proposePage struct {
	Phase  proposal.Phase
	Text   page.Words
	Closes string
	Facts  []templates.Fact
	Notice *templates.Notice
	// Form is nil while nothing can be sent in and nothing was typed.
	Form     *proposalForm
	Problems []templates.Problem
	Lost     templates.Field
	LostOpen bool
	Links    string // where the form of lost links goes
}

// proposalForm asks for a proposal: a new one, or one that is changed.
type proposalForm struct {
	Action, Key, Begun, Version string
	Kind                        templates.Choice
	Spoken                      templates.Choice
	Track                       *templates.Field
	Title, Abstract             templates.Field
	Own                         []ownQuestion
	Name, Email, Biography      templates.Field
	Others                      []coSpeaker
	Rows                        int
	More                        bool
	OthersErrors                []string
	Note                        templates.Field
	// Draft says that it can be kept without being sent.
	Draft     bool
	Anonymous bool
	Kept      string // until when it all is kept
	Limits    string // for scripts: how long each text may be
}

type coSpeaker struct {
	Legend      string
	Name, Email templates.Field
}

func (p proposePage) Shape(f *page.Frame) {
	f.Scripts = append(f.Scripts, "register", "propose")
}

func (s Pages) proposePage(v *page.Visit, c proposal.Call, f *page.Form, notice *templates.Notice) error {
	p := proposePage{Phase: c.Phase(v.Now), Text: v.Words(c.Text), Closes: v.SentenceTime(c.ClosesAt), Notice: notice, Links: v.Edition.Path() + "/propose/links"}
	p.Facts = callFacts(v, c)
	if p.Phase == proposal.Open || f.Has("key") {
		form, err := s.newProposalForm(v, c, f)
		if err != nil {
			return err
		}
		form.Action, form.Draft = v.Edition.Path()+"/propose", true
		p.Form = &form
	}
	p.Lost = f.Field("lost", "email", "propose.lost_email")
	p.Lost.Autocomplete, p.LostOpen = "email", len(f.Problems["lost"]) > 0
	p.Problems = f.Summary()
	return v.Render("proposal/propose", v.T("propose.title"), p)
}

// callFacts are what a call is about, in a few words.
func callFacts(v *page.Visit, c proposal.Call) []templates.Fact {
	e := v.Edition
	facts := []templates.Fact{{Term: v.T("propose.fact_day"), Text: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)), Note: v.Words(e.City).Text},
		{Term: v.T("propose.fact_closes"), Text: v.SentenceTime(c.ClosesAt), Note: v.T("propose.zone", "zone", e.Zone)}}
	if c.Phase(v.Now) == proposal.Before {
		facts = append(facts[:1], templates.Fact{Term: v.T("propose.fact_opens"), Text: v.SentenceTime(c.OpensAt), Note: v.T("propose.zone", "zone", e.Zone)}, facts[1])
	}
	return facts
}

// newProposalForm draws the fields in the order of the page.
func (s Pages) newProposalForm(v *page.Visit, c proposal.Call, f *page.Form) (proposalForm, error) {
	settleOthers(f)
	p := proposalForm{Key: f.Key(), Begun: f.Get("begun"), Version: f.Get("version"), Anonymous: c.Rules.Anonymous,
		Kept:   text.Date(v.Lang, proposal.KeptUntil(v.Edition)),
		Limits: fmt.Sprintf("title:%d abstract:%d biography:%d note:%d", proposal.MaxTitle, proposal.MaxAbstract, proposal.MaxBiography, proposal.MaxNote)}
	p.Title = limited(f, "title", "text", "propose.title_field", proposal.MaxTitle)
	p.Abstract = limited(f, "abstract", "textarea", "propose.abstract", proposal.MaxAbstract)
	p.Abstract.Rows = 8
	p.Kind = f.Choice("kind", "propose.kind", offerOptions(v, c)...)
	p.Spoken = f.Choice("spoken", "propose.spoken", spokenOptions(v)...)
	if c.Rules.Tracks {
		track, err := s.trackField(v, f)
		if err != nil {
			return p, err
		}
		p.Track = track
	}
	p.Own = ownQuestions(v, f, c.Form, false)
	p.Name, p.Email = f.Field("name", "text", "propose.name"), f.Field("email", "email", "propose.email")
	p.Name.Required, p.Name.Autocomplete, p.Email.Required, p.Email.Autocomplete = true, "name", true, "email"
	p.Biography = limited(f, "biography", "textarea", "propose.biography", proposal.MaxBiography)
	p.Biography.Rows = 4
	p.others(v, f)
	p.Note = limited(f, "note", "textarea", "propose.note", proposal.MaxNote)
	p.Note.Rows, p.Note.Optional, p.Note.Required = 3, true, false
	return p, nil
}

// limited draws a text whose hint says how long it may be. No maxlength cuts off
// what somebody pastes without their noticing.
func limited(f *page.Form, name, kind, label string, most int) templates.Field {
	t := f.Field(name, kind, label)
	t.Hint = f.V.T(label+"_how", "n", most)
	t.Required = true
	return t
}

func (p *proposalForm) others(v *page.Visit, f *page.Form) {
	p.Rows = othersSent(f)
	f.Draws("others", v.T("propose.others"), "others")
	p.OthersErrors, p.More = f.Errors("others"), p.Rows < proposal.MaxOthers
	for i := range p.Rows {
		row := coSpeaker{Legend: v.T("propose.other", "count", i+1),
			Name:  f.Field(proposal.OtherField(i, "name"), "text", "propose.other_name"),
			Email: f.Field(proposal.OtherField(i, "email"), "email", "propose.other_email")}
		p.Others = append(p.Others, row)
	}
}

// offerOptions are the kinds and lengths the call names, each pair a card.
func offerOptions(v *page.Visit, c proposal.Call) []templates.Option {
	var list []templates.Option
	for _, o := range c.Kinds {
		for _, minutes := range o.Minutes {
			list = append(list, templates.Option{Value: offerValue(o.Kind, minutes), Text: v.T("program.kind." + string(o.Kind)), Hint: text.Length(time.Duration(minutes) * time.Minute)})
		}
	}
	return list
}

// spokenOptions are the edition's languages first, then the others.
func spokenOptions(v *page.Visit) []templates.Option {
	var list []templates.Option
	for _, l := range append(append([]text.Lang{}, v.Edition.Languages...), text.Langs[:]...) {
		if len(list) < len(text.Langs) && !offers(list, string(l)) {
			list = append(list, templates.Option{Value: string(l), Text: l.Name()})
		}
	}
	return list
}

func offers(list []templates.Option, value string) bool {
	for _, o := range list {
		if o.Value == value {
			return true
		}
	}
	return false
}

// trackField offers the edition's tracks; without any there is no field.
func (s Pages) trackField(v *page.Visit, f *page.Form) (*templates.Field, error) {
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil || len(draft.Tracks) == 0 {
		return nil, err
	}
	t := f.Field("track", "select", "propose.track")
	t.Optional, t.Options = true, []templates.Option{{Text: v.T("propose.track_any")}}
	for _, one := range draft.Tracks {
		t.Options = append(t.Options, templates.Option{Value: one.ID, Text: v.Words(one.Name).Text})
	}
	return &t, nil
}

// proposalVersion reads the version a form was filled from.
func proposalVersion(f *page.Form) int64 {
	n, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// callFact leads from the edition's own page to its call, while that is open.
func callFact(v *page.Visit, c proposal.Call) []templates.Fact {
	if c.Phase(v.Now) != proposal.Open {
		return nil
	}
	return []templates.Fact{{Term: v.T("propose.fact"), Text: v.T("propose.fact_until", "when", v.SentenceTime(c.ClosesAt)), Href: v.Edition.Path() + "/propose"}}
}
