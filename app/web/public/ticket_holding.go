package public

import (
	"time"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// holding is a registration as its holder meets it on every page of the ticket.
type holding struct {
	Reg     registration.Registration
	Setup   registration.Setup
	Self    string
	Arrived bool
	Over    bool // the day is
	now     time.Time
}

// holding opens the ticket of the address.
func (s Pages) holding(v *page.Visit) (h holding, err error) {
	if h.Reg, err = v.Holder(); err != nil {
		return h, err
	}
	h.Self, h.now, h.Over = "/ticket/"+v.Param("token"), v.Now, !v.Now.Before(v.Edition.EndsAt)
	if h.Setup, err = s.Registrations.Setup(v.Ctx, v.Edition.ID); err != nil {
		return h, err
	}
	h.Arrived, err = s.Door.Arrived(v.Ctx, h.Reg.ID)
	return h, err
}

// holdingWhere opens the ticket of the address for what may says nothing against.
func (s Pages) holdingWhere(v *page.Visit, may func(holding) error) (holding, error) {
	h, err := s.holding(v)
	if err == nil {
		err = may(h)
	}
	return h, err
}

// fixed says why the place cannot be given up, switched or handed over any more:
// the day is over, or its holder is in the hall.
func (h holding) fixed() error {
	switch {
	case h.Over:
		return fail.Clash("registration.is_over")
	case h.Arrived:
		return fail.Clash("ticket.is_arrived")
	}
	return nil
}

// The ways a ticket looks.
const (
	viewConfirmed = "confirmed"
	viewRemote    = "remote"
	viewWaiting   = "waiting"
	viewPending   = "pending"
	viewOffered   = "offered"
	viewLapsed    = "lapsed"
	viewCancelled = "cancelled"
	viewArrived   = "arrived"
	viewPast      = "past"
	viewHanded    = "handed"
)

// view tells which way it looks now. An offer whose deadline has passed is none,
// also before the seat has gone to the next.
func (h holding) view() string {
	r := h.Reg
	switch {
	case !r.Live():
		return viewCancelled
	case h.Over:
		return viewPast
	case r.Pending:
		return viewPending
	case r.State == registration.Waiting:
		return viewWaiting
	case r.State == registration.Offered && r.OfferUntil != nil && !h.now.Before(*r.OfferUntil):
		return viewLapsed
	case r.State == registration.Offered:
		return viewOffered
	case h.Arrived:
		return viewArrived
	case r.Kind == registration.Remote:
		return viewRemote
	}
	return viewConfirmed
}

// unsettled tells whether time or somebody else may still change it, so that an
// open page looks again.
func (h holding) unsettled() bool {
	switch h.view() {
	case viewWaiting, viewPending, viewOffered, viewLapsed:
		return true
	}
	return false
}

// attends reports whether the person takes part, and so meets workshops and others.
func (h holding) attends() bool {
	_, attends := h.Reg.Attends()
	return attends
}

// unanswered tells whether questions of the edition's own wait for an answer: of
// those whom others registered, or who took over a place.
func (h holding) unanswered() bool {
	_, err := h.Setup.Form.Check(h.Reg.Answers)
	return err != nil && h.Reg.Live() && !h.Over
}

// ticketTabs lead through the pages of one ticket.
type ticketTabs []page.NavLink

func (s Pages) ticketTabs(v *page.Visit, h holding) (ticketTabs, error) {
	if !h.Reg.Live() {
		return nil, nil
	}
	tabs := ticketTabs{{Href: h.Self, Text: v.T("ticket.tab_ticket")}}
	if !h.Over {
		tabs = append(tabs, page.NavLink{Href: h.Self + "/details", Text: v.T("ticket.tab_details")})
	}
	if h.attends() {
		list, err := s.Workshops.List(v.Ctx, v.Edition.ID)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			tabs = append(tabs, page.NavLink{Href: h.Self + "/workshops", Text: v.T("ticket.tab_workshops")})
		}
		if h.Setup.Rules.Meet {
			tabs = append(tabs, page.NavLink{Href: h.Self + "/people", Text: v.T("ticket.tab_people")})
		}
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == v.C.Path()
	}
	return tabs, nil
}

// longMoment writes a moment with its weekday: maanantaina 25.1.2027 klo 9.05.
func longMoment(l text.Lang, t time.Time) string {
	return text.Weekday(l, t) + " " + text.DateTime(l, t)
}
