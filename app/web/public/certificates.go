package public

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// ownCertificate is a certificate as its holder meets it.
type ownCertificate struct {
	Kind   certificate.Kind
	PDF    string
	Verify string // the page that proves it, once it was given out
	Was    string // the name on it, where that is not today's
	Renew  string
}

// ownCertificates finds what the holder of a ticket can have once the day is over,
// and whether minutes count now.
func (s Pages) ownCertificates(v *page.Visit, h holding, p *ticketPage) error {
	if kind, attends := h.Reg.Attends(); attends && kind == registration.Remote {
		counts, err := s.Certificates.Counts(v.Ctx, v.Edition)
		if err != nil {
			return err
		}
		if counts {
			rules, err := s.Certificates.Rules(v.Ctx, v.Edition.ID)
			if err != nil {
				return err
			}
			p.Counted = rules.RemoteMinutes
		}
	}
	if !certificate.Ready(v.Edition, v.Now) {
		return nil
	}
	list, err := s.Certificates.Of(v.Ctx, v.Edition, h.Reg)
	for _, st := range list {
		if !st.Entitled {
			continue
		}
		own := ownCertificate{Kind: st.Kind, PDF: h.Self + "/certificate.pdf"}
		if st.Kind == certificate.Speaking {
			own.PDF += "?kind=speaking"
		}
		if st.Issued != nil && st.Issued.Holds() {
			own.Verify = "/verify/" + st.Issued.Code
			if st.Kind == certificate.Attendance && st.Issued.Name != h.Reg.Name && st.Issued.PersonID == h.Reg.PersonID {
				own.Was, own.Renew = st.Issued.Name, h.Self+"/certificate"
			}
		}
		p.Own = append(p.Own, own)
	}
	return err
}

const (
	// hereCookie proves whose minutes a page of the live rooms counts. It is sent to
	// one edition's pages alone, and does not open the ticket.
	hereCookie = "agora_here"
	hereLife   = 5 * 24 * time.Hour
	// countingCookie tells scripts that there is something to count.
	countingCookie = "agora_counting"
)

// TicketLive opens the live rooms with the holder's minutes counted.
func (s Pages) TicketLive(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	if _, err := s.Certificates.Here(v.Ctx, v.Edition, r); err != nil {
		return err
	}
	for name, value := range map[string]string{hereCookie: certificate.Mark(s.Config.Secret, r), countingCookie: "1"} {
		v.C.Cookie(&fiber.Cookie{Name: name, Value: value, Path: v.Edition.Path(), MaxAge: int(hereLife.Seconds()),
			Secure: s.Secure, HTTPOnly: name == hereCookie, SameSite: fiber.CookieSameSiteLaxMode})
	}
	return v.Redirect(v.Edition.Path() + "/live")
}

// hereAnswer tells a page what has been counted, and when to say so again.
type hereAnswer struct {
	Say  string `json:"say"`
	Next int64  `json:"next_ms"`
}

// Here counts the minutes of a page of the live rooms that is open. A page that has
// nothing to count is told so and stops.
func (s Pages) Here(v *page.Visit) error {
	r, err := s.Certificates.Marked(v.Ctx, s.Config.Secret, v.Edition, v.C.Cookies(hereCookie))
	var d time.Duration
	if err == nil {
		d, err = s.Certificates.Here(v.Ctx, v.Edition, r)
	}
	if fail.Is(err, fail.NotFound) || fail.Is(err, fail.Conflict) {
		return v.C.SendStatus(http.StatusNoContent)
	}
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(http.StatusOK, hereAnswer{Say: v.T("certificates.counted", "length", text.Length(d)), Next: certificate.Pulse.Milliseconds()})
}

// myCertificates lists a person's certificates on their own page.
func (s Pages) myCertificates(v *page.Visit) ([]myCertificate, error) {
	list, err := s.Certificates.OfPerson(v.Ctx, v.Person.ID)
	if err != nil {
		return nil, err
	}
	var mine []myCertificate
	for _, i := range list {
		e, err := s.Editions.ByID(v.Ctx, i.EditionID)
		if err != nil {
			return nil, err
		}
		mine = append(mine, myCertificate{Kind: i.Kind, Edition: v.Card(e).Name, Verify: "/verify/" + i.Code, PDF: "/verify/" + i.Code + "/certificate.pdf"})
	}
	return mine, nil
}

// myCertificate is one that was given out.
type myCertificate struct {
	Kind        certificate.Kind
	Edition     page.Words
	Verify, PDF string
}

// SpeakCertificate is a speaker's own download.
func (s Pages) SpeakCertificate(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		i, err := s.Certificates.OfSpeaker(v.Ctx, v.Edition, k.X.SpeakerID)
		if err != nil {
			return err
		}
		return v.SendCertificate(i)
	})
}
