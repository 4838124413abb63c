package door

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// newPage registers somebody on the spot, or finds a seat for somebody who has a
// registration without one.
type newPage struct {
	Action   string
	Back     string
	Free     string // how many seats there are to give
	Unused   bool   // those of who did not come are given too
	Known    string // of whom a seat is looked for
	Code     string
	Key      string
	Fields   []templates.Field
	Problems []templates.Problem
	Said     *templates.Notice
}

// Shape leaves the public pages out.
func (p newPage) Shape(f *page.Frame) { f.Nav, f.SignInHref = nil, "" }

// New shows the form.
func (s Pages) New(v *page.Visit) error {
	f := v.Blank().Set("photo", string(registration.PhotoAsk)).Set("code", v.Query("code"))
	return s.newForm(v, f, nil)
}

func (s Pages) newForm(v *page.Visit, f *page.Form, said *templates.Notice) error {
	base := "/door" + v.Edition.Path()
	p := newPage{Action: base + "/new", Back: base, Key: f.Key(), Said: said}
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	if p.Unused, err = s.unused(v); err != nil {
		return err
	}
	if n, unlimited := places[registration.Onsite].Free(); unlimited {
		p.Free = v.T("door.new_unlimited")
	} else {
		p.Free = v.T("door.new_free", "n", n)
	}
	if code := f.Get("code"); code != "" {
		r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
		if err != nil {
			return err
		}
		p.Known, p.Code = r.Name, r.Code
		return v.Render("door/new", v.T("door.seat_for", "name", r.Name), p)
	}
	name, email := f.Field("name", "text", "door.new_name"), f.Field("email", "email", "door.new_email")
	organisation, photo := f.Field("organisation", "text", "door.new_organisation"), f.Field("photo", "select", "door.new_photo")
	name.Required, email.Required, organisation.Optional = true, true, true
	name.Autocomplete, email.Autocomplete, organisation.Autocomplete = "off", "off", "off"
	for _, answer := range []registration.Photo{registration.PhotoYes, registration.PhotoAsk, registration.PhotoNo} {
		photo.Options = append(photo.Options, templates.Option{Value: string(answer), Text: v.T("photo." + string(answer))})
	}
	p.Fields, p.Problems = []templates.Field{name, email, organisation, photo}, f.Summary()
	return v.Render("door/new", v.T("door.new_title"), p)
}

// unused tells whether the time has come at which unused seats are given away.
func (s Pages) unused(v *page.Visit) (bool, error) {
	at, err := s.Door.ReleaseAt(v.Ctx, v.Edition.ID)
	return !at.IsZero() && !v.Now.Before(at), err
}

// NewSave gives whoever stands there a seat by registration's own rules, and lets
// them in with it.
func (s Pages) NewSave(v *page.Visit) error {
	f := v.Sent()
	unused, err := s.unused(v)
	if err != nil {
		return err
	}
	src := v.DoorSource()
	w := registration.AtDoor{Unused: unused, Arrive: func(ctx context.Context, tx bun.IDB, r registration.Registration) error {
		return s.Door.EnterWith(ctx, tx, v.Edition, src, r)
	}}
	if code := f.Get("code"); code != "" {
		r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
		if err != nil {
			return err
		}
		w.ID = r.ID
	} else {
		w.Input = registration.Input{Name: f.Get("name"), Email: f.Get("email"), Organisation: f.Get("organisation"),
			Photo: registration.Photo(f.Get("photo")), Language: v.Lang}
		w.Key = page.ActKey("door "+v.Edition.ID, f.Key())
	}
	res, err := s.Registrations.Seat(v.Ctx, v.Edition, s.by(v), w)
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.newForm(v, f, nil)
	}
	return s.seated(v, f, res)
}

// by is who registers somebody, for the log.
func (s Pages) by(v *page.Visit) string {
	if v.Person.ID != "" {
		return v.Person.ID
	}
	return audit.ByLink("door")
}

// seated welcomes who got a seat and is let in with it, and says how it stands to who did not.
func (s Pages) seated(v *page.Visit, f *page.Form, res registration.Result) error {
	// A repeated act is answered without the person's data.
	r, err := s.Registrations.ByID(v.Ctx, res.Registration.ID)
	if err != nil {
		return err
	}
	if r.State != registration.Confirmed || r.Kind != registration.Onsite {
		said := templates.Notice{Kind: "bad", Text: v.T("door.new_full")}
		if r.State == registration.Waiting && res.Position > 0 {
			said.Text = v.T("door.new_line", "name", r.Name, "n", res.Position)
		}
		return s.newForm(v, f.Set("code", r.Code), &said)
	}
	said := s.about(v, r)
	said.Title, said.In = v.T("door.welcome"), true
	return s.show(v, said, "")
}
