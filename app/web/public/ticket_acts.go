package public

import (
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// onTicket does one thing with the ticket of the address and shows it again. What
// stands against it is said on the ticket itself, in words.
func (s Pages) onTicket(v *page.Visit, act func(h holding) error) error {
	h, err := s.holding(v)
	if fail.Is(err, fail.Gone) {
		return v.Redirect("/ticket/" + v.Param("token"))
	}
	if err != nil {
		return err
	}
	err = act(h)
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		return s.refusedTicket(v, e)
	}
	if err != nil {
		return err
	}
	return v.Redirect(h.Self)
}

// refusedTicket shows the ticket as it stands now, with why nothing was done.
func (s Pages) refusedTicket(v *page.Visit, e *fail.Error) error {
	h, err := s.holding(v)
	if err != nil {
		return err
	}
	v.C.Status(page.Statuses[fail.Conflict])
	return s.ticketPage(v, h, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
}

// TicketAccept takes up an offered seat.
func (s Pages) TicketAccept(v *page.Visit) error {
	return s.onTicket(v, func(h holding) error {
		_, err := s.Registrations.Accept(v.Ctx, v.Edition, h.Reg)
		if err == nil {
			v.Say("success", "flash.offer_accepted")
		}
		return err
	})
}

// TicketDecline leaves an offered seat to the next in line.
func (s Pages) TicketDecline(v *page.Visit) error {
	return s.onTicket(v, func(h holding) error {
		_, err := s.Registrations.Decline(v.Ctx, v.Edition, h.Reg)
		if err == nil {
			v.Say("success", "flash.offer_declined")
		}
		return err
	})
}

// TicketComing notes that the holder comes, as they were asked before the day.
func (s Pages) TicketComing(v *page.Visit) error {
	return s.onTicket(v, func(h holding) error {
		switch {
		case h.Over:
			return fail.Clash("registration.is_over")
		case h.Reg.State != registration.Confirmed || h.Reg.Kind != registration.Onsite:
			return fail.Clash("ticket.no_seat")
		}
		return s.Registrations.Coming(v.Ctx, h.Reg)
	})
}

// TicketCancel gives the place back.
func (s Pages) TicketCancel(v *page.Visit) error {
	return s.onTicket(v, func(h holding) error {
		if err := h.fixed(); err != nil {
			return err
		}
		_, err := s.Registrations.Cancel(v.Ctx, v.Edition, h.Reg)
		if err == nil {
			v.Say("success", "flash.cancelled")
		}
		return err
	})
}

// TicketSwitch asks for the other kind of place.
func (s Pages) TicketSwitch(v *page.Visit) error {
	return s.onTicket(v, func(h holding) error {
		if err := h.fixed(); err != nil {
			return err
		}
		res, err := s.Registrations.Switch(v.Ctx, v.Edition, h.Reg, registration.Kind(v.Sent().Get("place")))
		switch {
		case err != nil:
		case res.Registration.State == registration.Waiting && !res.Registration.Pending:
			v.Say("info", "flash.switched_waiting")
		default:
			v.Say("success", "flash.switched")
		}
		return err
	})
}
