package public

import (
	"context"
	"strings"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// registerPage is the form of a registration, in every state of the clock: it
// may be filled in before the opening.
type registerPage struct {
	Phase     edition.Phase
	Open      bool
	When      string
	City      page.Words
	Onsite    page.PlaceCount
	Closed    string
	Countdown templates.Countdown
	Problems  []templates.Problem
	Notice    *templates.Notice
	Place     templates.Choice
	Name      templates.Field
	Email     templates.Field
	Org       templates.Field
	Photo     templates.Choice
	Needs     templates.Field
	Meanwhile templates.Field
	Waits     bool
	Key       string
	Action    string
}

// RegisterForm asks who comes.
func (s Pages) RegisterForm(v *page.Visit) error {
	f := v.Blank()
	f.Set("place", v.Query("place")).Set("photo", string(registration.PhotoAsk)).Set("meanwhile", "1")
	if v.SignedIn() {
		f.Set("name", v.Person.Name).Set("email", v.Person.Email)
	}
	if f.Get("place") == "" {
		f.Set("place", string(registration.Onsite))
	}
	return newRegisterPage(v, f, nil)
}

// Register claims a place. What was decided stands on the ticket page at once.
func (s Pages) Register(v *page.Visit) error {
	f := v.Sent()
	in := registration.Input{
		Name: f.Get("name"), Email: f.Get("email"), Place: registration.Kind(f.Get("place")),
		Meanwhile: f.Has("meanwhile"), Organisation: f.Get("organisation"), Language: v.Lang,
		Photo: registration.Photo(f.Get("photo")), Needs: f.Get("needs"), Consent: f.Has("consent"),
	}
	res, err := s.claim(v, f, in)
	switch e, _ := fail.As(err); {
	case err == nil:
		return v.Redirect("/ticket/" + s.Registrations.Token(res.Registration))
	case f.Refused(err):
		return newRegisterPage(v, f, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		return newRegisterPage(v, f, &templates.Notice{Kind: "info", Text: v.Sentence(e.Key, e.Args)})
	case e != nil && e.Kind == fail.Busy:
		// Nobody types a form again because it was crowded; the key stays too.
		v.PutOff(e)
		v.C.Status(page.Statuses[fail.Busy])
		// Waiting has used up the request's time; drawing the form takes little.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Ctx), time.Second)
		defer cancel()
		v.Ctx = ctx
		return newRegisterPage(v, f, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}

// claim hands the form in. A key that stands for other words is of a page that
// somebody went back to: what is sent now is an act of its own.
func (s Pages) claim(v *page.Visit, f *page.Form, in registration.Input) (registration.Result, error) {
	res, err := s.Registrations.Register(v.Ctx, v.Edition, in, page.ActKey(registerScope(v.Edition), f.Key()))
	if e, ok := fail.As(err); ok && len(e.Fields["idempotency_key"]) > 0 {
		delete(f.Values, "key")
		return s.Registrations.Register(v.Ctx, v.Edition, in, page.ActKey(registerScope(v.Edition), f.Key()))
	}
	return res, err
}

func newRegisterPage(v *page.Visit, f *page.Form, notice *templates.Notice) error {
	e := v.Edition
	places, err := v.Site.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	on := page.CountOf(places[registration.Onsite])
	p := registerPage{
		Phase: e.Phase(v.Now, on.Full), Open: e.Takes(v.Now), Onsite: on, City: v.Words(e.City), Notice: notice,
		When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Key:  f.Key(), Action: e.Path() + "/register", Waits: on.Full,
		Place: f.Choice("place", "register.place",
			templates.Option{Value: string(registration.Onsite), Text: v.T("place.onsite"), Icon: "pin", Hint: placeHint(v, on, v.Words(e.Venue).Text)},
			templates.Option{Value: string(registration.Remote), Text: v.T("place.remote"), Icon: "screen", Hint: v.T("register.remote_hint")}),
		Name: f.Field("name", "text", "register.name"), Email: f.Field("email", "email", "register.email"),
		Org: f.Field("organisation", "text", "register.organisation"), Needs: f.Field("needs", "textarea", "register.needs"),
		Photo: f.Choice("photo", "register.photo",
			templates.Option{Value: "yes", Text: v.T("photo.yes"), Icon: "camera-yes"},
			templates.Option{Value: "ask", Text: v.T("photo.ask"), Icon: "camera-ask"},
			templates.Option{Value: "no", Text: v.T("photo.no"), Icon: "camera-no"}),
		Meanwhile: f.Field("meanwhile", "checkbox", "register.meanwhile"),
	}
	p.Problems = f.Summary()
	p.Name.Required, p.Name.Autocomplete = true, "name"
	p.Email.Required, p.Email.Autocomplete = true, "email"
	p.Org.Optional, p.Org.Autocomplete = true, "organization"
	p.Needs.Optional, p.Needs.Rows = true, 2
	if v.Now.Before(e.OpensAt) {
		p.Countdown = countdown(v)
	} else if !p.Open {
		p.Closed = v.Sentence("registration.closed", []any{"closed", e.ClosesAt})
	}
	return v.Render("registration/register", v.T("register.title"), p)
}

// placeHint says how many seats are free, or what waiting means.
func placeHint(v *page.Visit, c page.PlaceCount, venue string) string {
	parts := []string{venue}
	switch {
	case c.Unlimited:
	case c.Full:
		parts = append(parts, v.T("register.full_hint", "n", c.Waiting))
	default:
		parts = append(parts, v.T("register.free_hint", "n", c.Free))
	}
	return strings.Join(parts, ". ")
}

// Before tells templates whether the opening is still to come.
func (p registerPage) Before() bool { return p.Phase == edition.Before }

func (p registerPage) Shape(f *page.Frame) {
	if p.Countdown.Until != 0 {
		f.Scripts = append(f.Scripts, "countdown")
	}
}

func (p editionPage) Shape(f *page.Frame) {
	f.Title = p.Title.Text
	f.Description = p.Lead.Text
	if p.Phase == edition.Before {
		f.Scripts = append(f.Scripts, "countdown")
	}
}

func registerScope(e edition.Edition) string { return "register:" + e.ID }
