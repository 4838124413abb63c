package public

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/web/page"
)

// mark is a word for how the ticket looks, without its place in the line.
func (h holding) mark() string {
	until := int64(0)
	if h.Reg.OfferUntil != nil {
		until = h.Reg.OfferUntil.Unix()
	}
	return fmt.Sprintf("%s-%s-%t-%d", h.view(), h.Reg.Kind, h.Reg.Meanwhile, until)
}

// ticketState is what an open page asks for again and again: nothing by which
// anybody could be known, or let in.
type ticketState struct {
	View       string     `json:"view"`
	Kind       string     `json:"place"`
	Meanwhile  bool       `json:"meanwhile"`
	Position   int64      `json:"position"`
	Joined     int64      `json:"joined"`
	OfferUntil *time.Time `json:"offer_until"`
	Mark       string     `json:"mark"`
}

// TicketState tells an open page how the ticket stands.
func (s Pages) TicketState(v *page.Visit) error {
	h, err := s.holding(v)
	if err != nil {
		return err
	}
	position, err := s.Registrations.Position(v.Ctx, h.Reg)
	if err != nil {
		return err
	}
	state := ticketState{View: h.view(), Kind: string(h.Reg.Kind), Meanwhile: h.Reg.Meanwhile, Position: position, Mark: h.mark()}
	switch state.View {
	case viewWaiting:
		state.Joined = h.Reg.Joined
	case viewOffered:
		state.OfferUntil = h.Reg.OfferUntil
	}
	v.C.Set(fiber.HeaderCacheControl, "private, no-store")
	return v.JSON(fiber.StatusOK, state)
}
