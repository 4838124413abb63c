package desk

import (
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
