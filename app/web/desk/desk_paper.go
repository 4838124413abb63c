package desk

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"agora/app/paper"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// deskPaperPage leads to what can be printed.
type deskPaperPage struct {
	Base   string
	Badges int
	// Entitled is how many certificates there are to be had.
	Entitled int
	Program  bool // there is one to print
	Public   string
}

// PaperPage leads to what can be printed.
func (s Pages) PaperPage(v *page.Visit) error {
	people, err := s.badgePeople(v)
	if err != nil {
		return err
	}
	all, err := s.Certificates.All(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p := deskPaperPage{Base: "/desk" + v.Edition.Path(), Badges: len(people)}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p.Program, p.Public = !programme.Empty(), v.Edition.Path()
	for _, st := range all {
		if st.Entitled {
			p.Entitled++
		}
	}
	return v.Render("desk/paper", v.T("desk.nav_paper"), p)
}

// accent is the series' colour, darkened until white words on it can be read.
func accent(v *page.Visit) paper.Colour {
	c, err := paper.Hex(page.OnWhite(v.Edition.Series.Accent))
	if err != nil {
		return paper.Colour{}
	}
	return c
}

// seats is the number of dots in the quiet hall of a paper.
func seats(v *page.Visit) int {
	places, err := v.Site.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil || places[registration.Onsite].Capacity == nil {
		return 0
	}
	return int(min(*places[registration.Onsite].Capacity, templates.MaxDots))
}

// sendPDF prints into memory and sends the file whole: an error never leaves
// half a document behind.
func sendPDF(v *page.Visit, name string, print func(context.Context, *bytes.Buffer) (paper.Report, error)) error {
	var b bytes.Buffer
	report, err := print(v.Ctx, &b)
	if err != nil {
		return err
	}
	if n := len(report.NeedsLook()); n > 0 {
		v.Site.Log.Info("printed with remarks", "file", name, "remarks", n)
	}
	v.C.Set(fiber.HeaderContentType, "application/pdf")
	v.C.Set(fiber.HeaderContentDisposition, `inline; filename="`+v.Edition.Acronym()+"-"+name+`.pdf"`)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.Send(b.Bytes())
}
