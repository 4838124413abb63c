package web

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// ticketPage is what a registration shows: the code for the door, or the
// position in the waiting list, or that it is over.
type ticketPage struct {
	Reg        registration.Registration
	Edition    words
	City       words
	Venue      words
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

// holder opens the ticket of the address and finds its edition.
func (v *visit) holder() (registration.Registration, error) {
	r, err := v.site.Registrations.ByToken(v.ctx, v.param("token"))
	if err != nil {
		return r, err
	}
	v.edition, err = v.site.Editions.ByID(v.ctx, r.EditionID)
	return r, err
}

func (s *Site) ticket(v *visit) error {
	r, err := v.holder()
	if err != nil {
		return err
	}
	e := v.edition
	places, err := s.Registrations.Places(v.ctx, e.ID)
	if err != nil {
		return err
	}
	on, remote := places[registration.Onsite], places[registration.Remote]
	p := ticketPage{
		Reg: r, Edition: v.words(e.Title), City: v.words(e.City), Venue: v.words(e.Venue), Day: e.Local(e.StartsAt),
		When: text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Base: e.Path(), Self: v.c.Path(), Waiting: on.Waiting,
		Watch: e.StreamURL, RemoteFree: !remote.Full(), Past: e.Phase(v.now, false) == edition.Archive,
	}
	if p.Position, err = s.Registrations.Position(v.ctx, r); err != nil {
		return err
	}
	if p.Attended, err = s.Door.Arrived(v.ctx, r.ID); err != nil {
		return err
	}
	if r.State == registration.Confirmed && r.Kind == registration.Onsite {
		p.Others = max(0, on.Taken-1)
		if p.QR, err = templates.QR(s.doorAddress(e, r), v.t("ticket.qr_label", "code", r.Code)); err != nil {
			return err
		}
		capacity := 0
		if on.Capacity != nil {
			capacity = int(*on.Capacity)
		}
		label := v.t("ticket.hall_label", "n", p.Others)
		p.Hall = templates.Hall(capacity, int(on.Taken), seatOf(r, on.Taken), label).SVG
	}
	return v.render("registration/ticket", v.t("ticket.title"), p)
}

// doorAddress is what the ticket's QR code holds: a web address, so that a
// phone's own camera opens the right page for door staff.
func (s *Site) doorAddress(e edition.Edition, r registration.Registration) string {
	return s.Config.BaseURL + "/door" + e.Path() + "?code=" + r.Code
}

// seatOf picks the dot that stands for a person in the picture of the hall. It
// is not a reserved seat; it only stays the same from visit to visit.
func seatOf(r registration.Registration, taken int64) int {
	if taken < 1 {
		return 0
	}
	sum := 0
	for _, c := range []byte(r.ID) {
		sum = sum*31 + int(c)
	}
	return 1 + (sum&0x7fffffff)%int(taken)
}

// ticketICS is the day as a calendar entry.
func (s *Site) ticketICS(v *visit) error {
	r, err := v.holder()
	if err != nil {
		return err
	}
	body, err := s.Registrations.Calendar(v.edition, r)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+v.edition.Acronym()+`.ics"`)
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	return v.c.Send(body)
}

// ticketCancel gives the place back.
func (s *Site) ticketCancel(v *visit) error {
	r, err := v.holder()
	if err != nil {
		return err
	}
	if v.now.After(v.edition.EndsAt) {
		return fail.Clash("registration.is_over")
	}
	if _, err := s.Registrations.Cancel(v.ctx, v.edition, "", r); err != nil {
		return err
	}
	v.say("success", "flash.cancelled")
	return v.redirect("/ticket/" + v.param("token"))
}

// ticketSwitch asks for the other kind of place.
func (s *Site) ticketSwitch(v *visit) error {
	r, err := v.holder()
	if err != nil {
		return err
	}
	if v.now.After(v.edition.EndsAt) {
		return fail.Clash("registration.is_over")
	}
	res, err := s.Registrations.Switch(v.ctx, v.edition, r, registration.Kind(v.sent().get("place")))
	switch {
	case err != nil:
		return err
	case res.Registration.State == registration.Waiting:
		v.say("info", "flash.switched_waiting")
	default:
		v.say("success", "flash.switched")
	}
	return v.redirect("/ticket/" + v.param("token"))
}
