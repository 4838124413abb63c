package public

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ticketPage is what a registration shows: the code for the door, or the
// position in the waiting list, or that it is over.
type ticketPage struct {
	Reg        registration.Registration
	Edition    page.Words
	City       page.Words
	Venue      page.Words
	When       string
	Day        time.Time
	QR         template.HTML
	Hall       template.HTML
	Others     int64
	Position   int64
	Waiting    int64
	Base       string
	Self       string
	Watch      string
	RemoteFree bool
	Past       bool
	Attended   bool
}

// Ticket shows a registration to who holds its address.
func (s Pages) Ticket(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	e := v.Edition
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	on, remote := places[registration.Onsite], places[registration.Remote]
	p := ticketPage{
		Reg: r, Edition: v.Words(e.Title), City: v.Words(e.City), Venue: v.Words(e.Venue), Day: e.Local(e.StartsAt),
		When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Base: e.Path(), Self: v.C.Path(), Waiting: on.Waiting,
		Watch: e.StreamURL, RemoteFree: !remote.Full(), Past: e.Phase(v.Now, false) == edition.Archive,
	}
	if p.Position, err = s.Registrations.Position(v.Ctx, r); err != nil {
		return err
	}
	if p.Attended, err = s.Door.Arrived(v.Ctx, r.ID); err != nil {
		return err
	}
	if r.State == registration.Confirmed && r.Kind == registration.Onsite {
		p.Others = max(0, on.Taken-1)
		if p.QR, err = templates.QR(s.DoorAddress(e, r), v.T("ticket.qr_label", "code", r.Code)); err != nil {
			return err
		}
		capacity := 0
		if on.Capacity != nil {
			capacity = int(*on.Capacity)
		}
		label := v.T("ticket.hall_label", "n", p.Others)
		p.Hall = templates.Hall(capacity, int(on.Taken), page.SeatOf(r, on.Taken), label).SVG
	}
	return v.Render("registration/ticket", v.T("ticket.title"), p)
}

// TicketICS is the day as a calendar entry.
func (s Pages) TicketICS(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	body, err := s.Registrations.Calendar(v.Edition, r)
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	v.C.Set(fiber.HeaderContentDisposition, `attachment; filename="`+v.Edition.Acronym()+`.ics"`)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.Send(body)
}

// TicketCancel gives the place back.
func (s Pages) TicketCancel(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	if v.Now.After(v.Edition.EndsAt) {
		return fail.Clash("registration.is_over")
	}
	if _, err := s.Registrations.Cancel(v.Ctx, v.Edition, "", r); err != nil {
		return err
	}
	v.Say("success", "flash.cancelled")
	return v.Redirect("/ticket/" + v.Param("token"))
}

// TicketSwitch asks for the other kind of place.
func (s Pages) TicketSwitch(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	if v.Now.After(v.Edition.EndsAt) {
		return fail.Clash("registration.is_over")
	}
	res, err := s.Registrations.Switch(v.Ctx, v.Edition, r, registration.Kind(v.Sent().Get("place")))
	switch {
	case err != nil:
		return err
	case res.Registration.State == registration.Waiting:
		v.Say("info", "flash.switched_waiting")
	default:
		v.Say("success", "flash.switched")
	}
	return v.Redirect("/ticket/" + v.Param("token"))
}
