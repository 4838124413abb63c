package public

import (
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ticketDetailsPage is where a person corrects what they said of themselves. The
// address stays, because tickets go there.
type ticketDetailsPage struct {
	Tabs     ticketTabs
	Problems []templates.Problem
	Self     string
	Email    string
	Name     templates.Field
	Org      templates.Field
	Said     saidPart
	Language templates.Field
}

// TicketDetails shows what the holder has said of themselves.
func (s Pages) TicketDetails(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.correctable)
	if err != nil {
		return err
	}
	r, f := h.Reg, v.Blank()
	f.Set("name", r.Name).Set("organisation", r.Organisation).Set("photo", string(r.Photo)).Set("needs", r.Needs).Set("language", string(r.Language))
	if r.ConsentAt != nil {
		f.Set("consent", "1") // given before, and to be taken back here
	}
	setAnswers(f, h.Setup.Form, r.Answers)
	return s.detailsPage(v, h, f)
}

// TicketDetailsSave takes the correction.
func (s Pages) TicketDetailsSave(v *page.Visit) error {
	h, err := s.holdingWhere(v, holding.correctable)
	if err != nil {
		return err
	}
	f := v.Sent()
	gatherAnswers(f)
	d := registration.Details{Name: f.Get("name"), Organisation: f.Get("organisation"), Photo: registration.Photo(f.Get("photo")),
		Needs: f.Get("needs"), Answers: answersOf(f, h.Setup.Form), Consent: f.Has("consent"), Language: text.Lang(f.Get("language"))}
	if bad, err := f.Failed(s.Registrations.Correct(v.Ctx, v.Edition, h.Reg, d)); bad {
		if err != nil {
			return err
		}
		return s.detailsPage(v, h, f)
	}
	v.Say("success", "flash.details_saved")
	return v.Redirect(h.Self)
}

// correctable says why nothing of the holder's data can be changed any more.
func (h holding) correctable() error {
	switch {
	case !h.Reg.Live():
		return fail.Clash("registration.is_cancelled")
	case h.Over:
		return fail.Clash("registration.is_over")
	}
	return nil
}

// setAnswers fills in what was answered before, as a browser would send it.
func setAnswers(f *page.Form, own form.Form, given form.Answers) {
	for _, field := range own.Fields {
		switch answer := given[field.Key].(type) {
		case string:
			f.Set(answers+field.Key, answer)
		case []string:
			f.Set(answers+field.Key, strings.Join(answer, among))
		case bool:
			f.Set(answers+field.Key, map[bool]string{true: "yes", false: "no"}[answer])
		case int64:
			f.Set(answers+field.Key, strconv.FormatInt(answer, 10))
		}
	}
}

// letterLangs are the languages letters are written in.
func letterLangs() []templates.Option {
	var list []templates.Option
	for _, l := range text.Langs {
		list = append(list, templates.Option{Value: string(l), Text: l.Name()})
	}
	return list
}

func (s Pages) detailsPage(v *page.Visit, h holding, f *page.Form) error {
	p := ticketDetailsPage{Self: h.Self, Email: h.Reg.Email,
		Name: f.Field("name", "text", "register.name"), Org: f.Field("organisation", "text", "register.organisation"),
		Said: newSaidPart(v, f, h.Setup)}
	p.Language = f.Field("language", "select", "ticket.language")
	p.Language.Options = letterLangs()
	p.Problems = f.Summary()
	p.Name.Required, p.Name.Autocomplete = true, "name"
	p.Org.Optional, p.Org.Autocomplete = true, "organization"
	var err error
	if p.Tabs, err = s.ticketTabs(v, h); err != nil {
		return err
	}
	return v.Render("registration/ticket_details", v.T("ticket.details_title"), p)
}

func (p ticketDetailsPage) Shape(f *page.Frame) {
	f.Scripts = append(f.Scripts, "register")
}
