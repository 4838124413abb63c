package public

import (
	"slices"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// registerPage is the form of a registration, in every state of the clock: it
// may be filled in before the opening.
type registerPage struct {
	When      string
	City      page.Words
	Closed    string
	Countdown templates.Countdown
	Problems  []templates.Problem
	Notices   []templates.Notice
	Code      *codePart
	Place     templates.Choice
	Only      *templates.Option // the one kind of place there is
	Name      templates.Field
	Email     templates.Field
	Org       templates.Field
	Said      saidPart
	Meanwhile *templates.Field
	Party     *partyPart
	Submit    string
	After     string
	Saved     bool
	Key       string
	Action    string
}

// codePart asks for a code: in sight where nobody comes without one, folded
// otherwise.
type codePart struct {
	Field  templates.Field
	Folded bool
	Open   bool
}

// registering is what a registration depends on at this moment.
type registering struct {
	setup  registration.Setup
	places registration.Places
	kinds  []registration.Kind // those on offer
	hold   *registration.Hold  // what the code opens
}

func newRegistering(v *page.Visit) (*registering, error) {
	r := &registering{}
	var err error
	if r.setup, err = v.Site.Registrations.Setup(v.Ctx, v.Edition.ID); err != nil {
		return r, err
	}
	r.places, err = v.Site.Registrations.Places(v.Ctx, v.Edition.ID)
	r.kinds = offered(r.places)
	return r, err
}

// offered are the kinds of place an edition has: one with no places at all is
// not offered, as on site at a webinar.
func offered(places registration.Places) []registration.Kind {
	var list []registration.Kind
	for _, kind := range registration.Kinds {
		if p := places[kind]; p.Capacity == nil || *p.Capacity+p.Overbook > 0 {
			list = append(list, kind)
		}
	}
	if len(list) == 0 {
		return registration.Kinds[:]
	}
	return list
}

// kind is the kind of place chosen in the form, else the first there is.
func (r *registering) kind(f *page.Form) registration.Kind {
	if kind := registration.Kind(f.Get("place")); slices.Contains(r.kinds, kind) {
		return kind
	}
	return r.kinds[0]
}

// free is how many places somebody who comes now finds; -1 is unlimited.
func (r *registering) free(kind registration.Kind) int64 {
	p := r.places[kind]
	n, unlimited := p.Free()
	switch {
	case unlimited:
		return -1
	case p.Full():
		n = 0
	}
	if r.hold != nil && r.hold.Kind == kind {
		n += r.hold.Left()
	}
	return n
}

// newRegisterPage draws the form with what is typed in it. Without a place chosen
// it is the first there is, or the one that the code opens.
func newRegisterPage(v *page.Visit, f *page.Form, notice *templates.Notice) error {
	r, err := newRegistering(v)
	if err != nil {
		return err
	}
	r.openCode(v, f)
	if f.Get("place") == "" && len(f.Problems["place"]) == 0 {
		f.Set("place", string(r.kinds[0]))
		if r.hold != nil {
			f.Set("place", string(r.hold.Kind))
		}
	}
	e := v.Edition
	p := registerPage{City: v.Words(e.City), When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Key: f.Key(), Action: e.Path() + "/register", Saved: f.Has(fromDraft)}
	if notice != nil {
		p.Notices = append(p.Notices, *notice)
	}
	p.fields(v, f, r)
	p.Problems = f.Summary()
	p.clock(v, r)
	return v.Render("registration/register", v.T("register.title"), p)
}

// fields draws them in the order of the page, which is that of the summary.
func (p *registerPage) fields(v *page.Visit, f *page.Form, r *registering) {
	invited := r.setup.Rules.InvitedOnly
	if invited {
		p.Code = newCodePart(f, true)
	}
	p.Place = f.Choice("place", "register.place", placeOptions(v, r)...)
	if len(r.kinds) == 1 {
		p.Only = &p.Place.Options[0]
	}
	p.Name, p.Email, p.Org = f.Field("name", "text", "register.name"), f.Field("email", "email", "register.email"), f.Field("organisation", "text", "register.organisation")
	p.Name.Required, p.Name.Autocomplete = true, "name"
	p.Email.Required, p.Email.Autocomplete = true, "email"
	p.Org.Optional, p.Org.Autocomplete = true, "organization"
	p.Said = newSaidPart(v, f, r.setup)
	p.Said.Needs.Hint = v.T("register.needs_example")
	if len(r.kinds) > 1 {
		field := f.Field("meanwhile", "checkbox", "register.meanwhile")
		p.Meanwhile = &field
	}
	p.Party = newPartyPart(v, f, r)
	if !invited {
		p.Code = newCodePart(f, false)
	}
}

// clock decides by the time and the places what the page says and what its
// button does.
func (p *registerPage) clock(v *page.Visit, r *registering) {
	e, rules, first := v.Edition, r.setup.Rules, page.CountOf(r.places[r.kinds[0]])
	p.Submit, p.After = v.T("register.submit"), v.T("register.after")
	if first.Full && r.hold == nil {
		p.Submit = v.T("register.submit_waiting")
	}
	if rules.Approval && r.hold == nil {
		p.Submit, p.After = v.T("register.submit_ask"), v.T("register.after_ask")
		p.Notices = append(p.Notices, templates.Notice{Kind: "info", Text: v.T("register.approval")})
	}
	if rules.InvitedOnly && r.hold == nil {
		p.Notices = append(p.Notices, templates.Notice{Kind: "info", Text: v.T("edition.invited")})
	}
	switch {
	case v.Now.Before(e.OpensAt):
		p.Countdown = countdown(v)
	case !e.Takes(v.Now):
		p.Closed = v.Sentence("registration.closed", []any{"closed", e.ClosesAt})
	case rules.Approval || rules.InvitedOnly || r.hold != nil:
	case first.Full:
		p.Notices = append(p.Notices, templates.Notice{Kind: "info", Text: v.T("register.full", "n", first.Waiting)})
	}
	if r.hold != nil {
		p.Notices = append(p.Notices, templates.Notice{Kind: "success", Text: r.holdWords(v)})
	}
}

// placeOptions shows each kind with its own counter and waiting list.
func placeOptions(v *page.Visit, r *registering) []templates.Option {
	var list []templates.Option
	for _, kind := range r.kinds {
		o := templates.Option{Value: string(kind), Text: v.T("place." + string(kind)), Icon: "pin"}
		lead := v.Words(v.Edition.Venue).Text
		if kind == registration.Remote {
			o.Icon, lead = "screen", v.T("register.remote_hint")
		}
		var parts []string
		if lead = strings.TrimRight(lead, "."); lead != "" {
			parts = append(parts, lead+".")
		}
		switch c := page.CountOf(r.places[kind]); {
		case c.Unlimited:
		case c.Full:
			parts = append(parts, v.T("register.full_hint", "n", c.Waiting))
		default:
			parts = append(parts, v.T("register.free_hint", "n", c.Free))
		}
		o.Hint = strings.Join(parts, " ")
		list = append(list, o)
	}
	return list
}

func newCodePart(f *page.Form, needed bool) *codePart {
	c := &codePart{Field: f.Field("code", "text", "register.code"), Folded: !needed}
	c.Field.Required, c.Field.Optional, c.Field.Autocomplete = needed, !needed, "off"
	c.Open = c.Field.Value != "" || len(c.Field.Errors) > 0
	return c
}

// openCode finds what the code in the form opens, or notes why it opens nothing.
func (r *registering) openCode(v *page.Visit, f *page.Form) {
	code := f.Get("code")
	if code == "" || len(f.Problems["code"]) > 0 {
		return
	}
	hold, err := v.Site.Registrations.HoldByCode(v.Ctx, v.Edition.ID, code)
	switch {
	case fail.Is(err, fail.NotFound):
		f.Note("code", "registration.code_unknown")
	case err != nil:
		// The page is worth more than the notice: what was typed must not be lost
		// while the database is away.
		v.Site.Log.Warn("a code was not looked up", "error", err.Error())
	case hold.Left() <= 0 || hold.ReleaseAt != nil && !v.Now.Before(*hold.ReleaseAt):
		f.Note("code", "registration.code_used")
	default:
		r.hold = &hold
	}
}

// holdWords says what the code opens: what it is, how many places, until when.
func (r *registering) holdWords(v *page.Visit) string {
	said := v.T("register.code_"+string(r.hold.Kind), "name", r.hold.Name, "n", r.hold.Left())
	if at := r.hold.ReleaseAt; at != nil {
		said += " " + v.Sentence("register.code_until", []any{"when", *at})
	}
	return said
}

// saidPart is what a person tells of themselves: on the form, and on the ticket's
// page that corrects it.
type saidPart struct {
	Photo templates.Choice
	Needs templates.Field
	// Own are the edition's own questions, Special those among them that are kept
	// with a consent of their own, like Needs.
	Own, Special []ownQuestion
	Consent      templates.Field
}

// newSaidPart draws it in the order of the page.
func newSaidPart(v *page.Visit, f *page.Form, setup registration.Setup) saidPart {
	p := saidPart{Photo: f.Choice("photo", "register.photo",
		templates.Option{Value: "yes", Text: v.T("photo.yes"), Icon: "camera-yes"},
		templates.Option{Value: "ask", Text: v.T("photo.ask"), Icon: "camera-ask"},
		templates.Option{Value: "no", Text: v.T("photo.no"), Icon: "camera-no"})}
	p.Own = ownQuestions(v, f, setup.Form, false)
	p.Needs = f.Field("needs", "textarea", "register.needs")
	p.Needs.Optional, p.Needs.Rows = true, 2
	p.Special = ownQuestions(v, f, setup.Form, true)
	p.Consent = f.Field("consent", "checkbox", "register.consent")
	p.Consent.Hint = v.T("register.consent_terms", "when", text.Date(v.Lang, specialUntil(v, setup)))
	return p
}

// specialUntil is when the last of what is special is deleted.
func specialUntil(v *page.Visit, setup registration.Setup) time.Time {
	days := needsDays
	for _, field := range setup.Form.Fields {
		if field.Special {
			days = max(days, field.KeepDays)
		}
	}
	return v.Edition.Local(v.Edition.EndsAt).AddDate(0, 0, days)
}

// needsDays is for how many days after the day diet and access needs are kept.
const needsDays = 7

func (p registerPage) Shape(f *page.Frame) {
	f.Scripts = append(f.Scripts, "register")
	if p.Countdown.Until != 0 {
		f.Scripts = append(f.Scripts, "countdown")
	}
}
