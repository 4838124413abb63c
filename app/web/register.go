package web

import (
	"context"
	"strings"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// registerPage is the form of a registration, in every state of the clock: it
// may be filled in before the opening.
type registerPage struct {
	Phase     edition.Phase
	Open      bool
	When      string
	City      words
	Onsite    placeCount
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

func (s *Site) registerForm(v *visit) error {
	f := v.blank()
	f.set("place", v.query("place")).set("photo", string(registration.PhotoAsk)).set("meanwhile", "1")
	if v.signedIn() {
		f.set("name", v.person.Name).set("email", v.person.Email)
	}
	if f.get("place") == "" {
		f.set("place", string(registration.Onsite))
	}
	return v.registerPage(f, nil)
}

// register claims a place. What was decided stands on the ticket page at once.
func (s *Site) register(v *visit) error {
	f := v.sent()
	in := registration.Input{
		Name: f.get("name"), Email: f.get("email"), Place: registration.Kind(f.get("place")),
		Meanwhile: f.has("meanwhile"), Organisation: f.get("organisation"), Language: v.lang,
		Photo: registration.Photo(f.get("photo")), Needs: f.get("needs"),
	}
	res, err := s.claim(v, f, in)
	switch e, _ := fail.As(err); {
	case err == nil:
		return v.redirect("/ticket/" + s.Registrations.Token(res.Registration))
	case f.refused(err):
		return v.registerPage(f, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.c.Status(statuses[fail.Conflict])
		return v.registerPage(f, &templates.Notice{Kind: "info", Text: v.sentence(e.Key, e.Args)})
	case e != nil && e.Kind == fail.Busy:
		// Nobody types a form again because it was crowded; the key stays too.
		v.putOff(e)
		v.c.Status(statuses[fail.Busy])
		// Waiting has used up the request's time; drawing the form takes little.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(v.ctx), time.Second)
		defer cancel()
		v.ctx = ctx
		return v.registerPage(f, &templates.Notice{Kind: "bad", Text: v.sentence(e.Key, e.Args)})
	}
	return err
}

// claim hands the form in. A key that stands for other words is of a page that
// somebody went back to: what is sent now is an act of its own.
func (s *Site) claim(v *visit, f *form, in registration.Input) (registration.Result, error) {
	res, err := s.Registrations.Register(v.ctx, v.edition, in, actKey(registerScope(v.edition), f.key()))
	if e, ok := fail.As(err); ok && len(e.Fields["idempotency_key"]) > 0 {
		delete(f.values, "key")
		return s.Registrations.Register(v.ctx, v.edition, in, actKey(registerScope(v.edition), f.key()))
	}
	return res, err
}

func (v *visit) registerPage(f *form, notice *templates.Notice) error {
	e := v.edition
	places, err := v.site.Registrations.Places(v.ctx, e.ID)
	if err != nil {
		return err
	}
	on := countOf(places[registration.Onsite])
	p := registerPage{
		Phase: e.Phase(v.now, on.Full), Open: e.Takes(v.now), Onsite: on, City: v.words(e.City), Notice: notice,
		When: text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Key:  f.key(), Action: e.Path() + "/register", Waits: on.Full,
		Place: f.choice("place", "register.place",
			templates.Option{Value: string(registration.Onsite), Text: v.t("place.onsite"), Icon: "pin", Hint: v.placeHint(on, v.words(e.Venue).Text)},
			templates.Option{Value: string(registration.Remote), Text: v.t("place.remote"), Icon: "screen", Hint: v.t("register.remote_hint")}),
		Name: f.field("name", "text", "register.name"), Email: f.field("email", "email", "register.email"),
		Org: f.field("organisation", "text", "register.organisation"), Needs: f.field("needs", "textarea", "register.needs"),
		Photo: f.choice("photo", "register.photo",
			templates.Option{Value: "yes", Text: v.t("photo.yes"), Icon: "camera-yes"},
			templates.Option{Value: "ask", Text: v.t("photo.ask"), Icon: "camera-ask"},
			templates.Option{Value: "no", Text: v.t("photo.no"), Icon: "camera-no"}),
		Meanwhile: f.field("meanwhile", "checkbox", "register.meanwhile"),
	}
	p.Problems = f.summary()
	p.Name.Required, p.Name.Autocomplete = true, "name"
	p.Email.Required, p.Email.Autocomplete = true, "email"
	p.Org.Optional, p.Org.Autocomplete = true, "organization"
	p.Needs.Optional, p.Needs.Rows = true, 2
	if v.now.Before(e.OpensAt) {
		p.Countdown = v.countdown()
	} else if !p.Open {
		p.Closed = v.sentence("registration.closed", []any{"closed", e.ClosesAt})
	}
	return v.render("registration/register", v.t("register.title"), p)
}

// placeHint says how many seats are free, or what waiting means.
func (v *visit) placeHint(c placeCount, venue string) string {
	parts := []string{venue}
	switch {
	case c.Unlimited:
	case c.Full:
		parts = append(parts, v.t("register.full_hint", "n", c.Waiting))
	default:
		parts = append(parts, v.t("register.free_hint", "n", c.Free))
	}
	return strings.Join(parts, ". ")
}

// Before tells templates whether the opening is still to come.
func (p registerPage) Before() bool { return p.Phase == edition.Before }

func (p registerPage) shape(f *frame) {
	if p.Countdown.Until != 0 {
		f.Scripts = append(f.Scripts, "countdown")
	}
}

func (p editionPage) shape(f *frame) {
	f.Title = p.Title.Text
	f.Description = p.Lead.Text
	if p.Phase == edition.Before {
		f.Scripts = append(f.Scripts, "countdown")
	}
}
