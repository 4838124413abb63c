package door

import (
	"agora/app/account"
	entrance "agora/app/door"
	"agora/app/fail"
	"agora/app/web/page"
)

// joinPage asks whether this phone shall keep the door: mail and chat programs open
// links by themselves, so joining takes a press.
type joinPage struct {
	Name    string
	Place   string
	Edition page.Words
	Action  string
}

// Shape leaves the public pages out.
func (p joinPage) Shape(f *page.Frame) { f.Nav, f.SignInHref = nil, "" }

// JoinForm shows what somebody is about to join.
func (s Pages) JoinForm(v *page.Visit) error {
	d, err := s.joining(v)
	if err != nil {
		return err
	}
	roster, err := s.Door.Roster(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := joinPage{Name: d.Name, Place: v.T("door.place_door"), Edition: v.Words(v.Edition.Title), Action: v.C.Path()}
	for _, place := range roster.Places {
		if place.ID == d.SessionID {
			p.Place, _ = v.Edition.In(place.Title, v.Lang)
		}
	}
	return v.Render("door/join", v.T("door.join_title"), p)
}

// joining finds the device of the link. One of another edition is none here.
func (s Pages) joining(v *page.Visit) (entrance.Device, error) {
	d, err := s.Door.ByLink(v.Ctx, v.Param("link"))
	if err == nil && d.EditionID != v.Edition.ID {
		err = fail.Missing("door.link_over")
	}
	return d, err
}

// Join makes the browser a device of the door.
func (s Pages) Join(v *page.Visit) error {
	if _, err := s.joining(v); err != nil {
		return err
	}
	d, secret, err := s.Door.Join(v.Ctx, v.Param("link"))
	if err != nil {
		return err
	}
	v.StartDevice(d, secret)
	return v.Redirect("/door" + v.Edition.Path())
}

// codePage is what a ticket's code shows to anybody but the door: nothing of whose
// it is.
type codePage struct {
	Edition page.Words
	Base    string
}

// Shape keeps the code's page to what it says.
func (p codePage) Shape(f *page.Frame) { f.SignInHref = "" }

// Code opens the address in a ticket's QR code: at the door with this ticket for who
// keeps it, and a word of where to show it for everybody else.
func (s Pages) Code(v *page.Visit) error {
	code := v.Param("code")
	ticket, err := entrance.Read(code)
	if err != nil {
		return fail.Missing("door.code_unknown")
	}
	r, err := s.Registrations.ByID(v.Ctx, ticket.Registration)
	if fail.Is(err, fail.NotFound) {
		return fail.Missing("door.code_unknown")
	}
	if err != nil {
		return err
	}
	e, err := s.Editions.ByID(v.Ctx, r.EditionID)
	if err != nil {
		return err
	}
	if _, err := s.Seal.Open(code, e.ID); err != nil {
		return fail.Missing("door.code_unknown")
	}
	v.Edition = e
	keeps := v.May(account.DoorStaff)
	if device, err := v.Doorkeeper(); err == nil && device {
		keeps = true
	}
	if keeps {
		return v.Redirect("/door" + e.Path() + "?code=" + code)
	}
	return v.Render("door/code", v.T("door.code_title"), codePage{Edition: v.Words(e.Title), Base: e.Path()})
}
