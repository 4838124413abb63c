package public

import (
	"html/template"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// ticketPage is what a registration shows: the code for the door, the position in
// the waiting list, the offer to answer, or that it is over.
type ticketPage struct {
	Reg      registration.Registration
	View     string
	Material bool // there is some that the holder sees
	Tabs     ticketTabs
	Notice   *templates.Notice
	Edition  page.Words
	City     page.Words
	Venue    page.Words
	When     string
	Day      time.Time
	QR       template.HTML
	Hall     template.HTML
	Others   int64
	Position int64
	Waiting  int64
	Base     string
	Self     string
	Watch    string
	Zone     string
	Party    []partyMember
	// Mark changes with everything that makes the ticket look another way.
	Mark     string
	Looks    bool // the open page looks whether it has changed
	Deadline templates.Countdown
	// RemoteFree tells whether a remote place is to be had, OnsiteOffered whether
	// the edition has seats at all, Fixed that nothing about the place can be
	// changed any more.
	RemoteFree, OnsiteOffered bool
	Fixed                     bool
	Attended                  bool
	Own                       []ownCertificate
	Counted                   int64 // minutes that a certificate for remote people asks for, while they count
	Unanswered                bool
	Again                     bool // one can register anew
}

// partyMember is a colleague who was registered along.
type partyMember struct {
	Name    string
	State   registration.State
	Pending bool
	Kind    registration.Kind
	Self    bool
}

// Ticket shows a registration to who holds its address.
func (s Pages) Ticket(v *page.Visit) error {
	h, err := s.holding(v)
	if fail.Is(err, fail.Gone) {
		v.C.Status(page.Statuses[fail.Gone])
		return v.Render("registration/ticket", v.T("ticket.handed"), ticketPage{View: viewHanded, Base: v.Edition.Path()})
	}
	if err != nil {
		return err
	}
	return s.ticketPage(v, h, nil)
}

func (s Pages) ticketPage(v *page.Visit, h holding, notice *templates.Notice) error {
	e, r := v.Edition, h.Reg
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	remote := places[registration.Remote]
	p := ticketPage{
		Reg: r, View: h.view(), Notice: notice, Edition: v.Words(e.Title), City: v.Words(e.City), Venue: v.Words(e.Venue), Day: e.Local(e.StartsAt),
		When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)), Zone: v.ZoneWords(),
		Base: e.Path(), Self: h.Self, Waiting: places[r.Kind].Waiting, Watch: e.StreamURL, RemoteFree: r.Meanwhile || !remote.Full(),
		OnsiteOffered: slices.Contains(offered(places), registration.Onsite),
		Fixed:         h.fixed() != nil, Attended: h.Arrived, Unanswered: h.unanswered(), Again: e.Takes(v.Now),
		Mark: h.mark(), Looks: h.unsettled(),
	}
	if p.Tabs, err = s.ticketTabs(v, h); err != nil {
		return err
	}
	if p.Position, err = s.Registrations.Position(v.Ctx, r); err != nil {
		return err
	}
	if p.Party, err = s.party(v, r); err != nil {
		return err
	}
	if err := s.ownCertificates(v, h, &p); err != nil {
		return err
	}
	if p.Material, err = s.anyMaterial(v, r.State == registration.Confirmed); err != nil {
		return err
	}
	if p.View == viewOffered && r.OfferUntil != nil {
		p.Deadline = templates.Countdown{Until: r.OfferUntil.UnixMilli(), Now: v.Now.UnixMilli(), OpenText: v.T("ticket.lapsed"),
			Text: v.T("ticket.answer_by", "when", longMoment(v.Lang, e.Local(*r.OfferUntil)))}
	}
	if r.State == registration.Confirmed && r.Kind == registration.Onsite {
		if err := s.drawTicket(v, &p, places[registration.Onsite]); err != nil {
			return err
		}
	}
	return v.Render("registration/ticket", v.T("ticket.title"), p)
}

// drawTicket draws what the door reads, and the hall with its holder in it.
func (s Pages) drawTicket(v *page.Visit, p *ticketPage, on registration.Place) (err error) {
	p.Others = max(0, on.Taken-1)
	if p.QR, err = templates.QR(s.DoorAddress(v.Edition, p.Reg), v.T("ticket.qr_label", "code", p.Reg.Code)); err != nil {
		return err
	}
	capacity := 0
	if on.Capacity != nil {
		capacity = int(*on.Capacity)
	}
	p.Hall = templates.Hall(capacity, int(on.Taken), page.SeatOf(p.Reg, on.Taken), v.T("ticket.hall_label", "n", p.Others)).SVG
	return nil
}

// party lists those whom the holder registered along, if any.
func (s Pages) party(v *page.Visit, r registration.Registration) ([]partyMember, error) {
	rows, err := s.Registrations.PartyOf(v.Ctx, r)
	if len(rows) < 2 {
		return nil, err
	}
	var list []partyMember
	for _, m := range rows {
		list = append(list, partyMember{Name: m.Name, State: m.State, Pending: m.Pending, Kind: m.Kind, Self: m.ID == r.ID})
	}
	return list, nil
}

// Moved tells whether somebody has come nearer since they joined the line.
func (p ticketPage) Moved() bool { return p.Position > 0 && p.Position < p.Reg.Joined }

// Asked tells whether the holder was asked if they come and has not said.
func (p ticketPage) Asked() bool {
	return p.View == viewConfirmed && p.Reg.AskedAt != nil && p.Reg.ComingAt == nil
}

// SaidYes tells whether they have said that they come.
func (p ticketPage) SaidYes() bool { return p.View == viewConfirmed && p.Reg.ComingAt != nil }

// Streams tells whether the holder takes part from where they are.
func (p ticketPage) Streams() bool {
	return p.View == viewRemote || p.Reg.Meanwhile && p.View != viewPast
}

// Heading and Lead are the keys of what is said on top.
func (p ticketPage) Heading() string {
	if p.View == viewRemote {
		return "ticket.confirmed_remote"
	}
	return "ticket." + p.View
}

// Lead: see Heading.
func (p ticketPage) Lead() string {
	switch {
	case p.View == viewConfirmed:
		return "ticket.show"
	case p.View == viewPast && p.Attended:
		return "ticket.past_attended_how"
	}
	return "ticket." + p.View + "_how"
}

func (p ticketPage) Shape(f *page.Frame) {
	if p.QR != "" {
		f.Scripts = append(f.Scripts, "ticket-offline") // it is shown at a door
	}
	if p.Looks {
		f.Scripts = append(f.Scripts, "ticket")
	}
	if p.Deadline.Until != 0 {
		f.Scripts = append(f.Scripts, "countdown")
	}
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
	v.C.Set(fiber.HeaderContentType, kindICS)
	v.C.Set(fiber.HeaderContentDisposition, `attachment; filename="`+v.Edition.Acronym()+`.ics"`)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.Send(body)
}
