package desk

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// deskPaperPage offers badges and certificates, and lists what needs a look
// before anything is printed.
type deskPaperPage struct {
	Base   string
	Badges int
	// Entitled is how many certificates there are to be had.
	Entitled int
	Remarks  []paperRemark
	People   []page.RegistrationRow
}

type paperRemark struct{ Who, Text string }

// previewed is how many badges the page looks over before printing; beyond it
// the report still comes with the file.
const previewed = 1000

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
	for _, st := range all {
		if st.Entitled {
			p.Entitled++
		}
	}
	if len(people) <= previewed && len(people) > 0 {
		var b bytes.Buffer
		list, err := badges(v, people)
		if err != nil {
			return err
		}
		report, err := s.Paper.Press.Badges(v.Ctx, &b, paper.A6(), list, badgeOptions(v))
		if err != nil {
			return err
		}
		for _, r := range report.NeedsLook() {
			p.Remarks = append(p.Remarks, paperRemark{Who: r.Who, Text: v.T("paper.remark_"+string(r.Kind), "detail", r.Detail)})
		}
	}
	for _, r := range people {
		p.People = append(p.People, v.RegistrationRow(r))
	}
	return v.Render("desk/paper", v.T("desk.nav_paper"), p)
}

func badgeOptions(v *page.Visit) paper.BadgeOptions {
	e := v.Edition
	city := v.Words(e.City).Text
	return paper.BadgeOptions{
		Series: v.SeriesName(), Edition: strings.TrimSpace(city + " " + e.Local(e.StartsAt).Format("2006")),
		Title: v.T("paper.badges_title", "edition", e.Name(v.Lang)), Accent: accent(v), Seats: seats(v), Date: e.StartsAt,
	}
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

// BadgesPDF prints everybody's badge.
func (s Pages) BadgesPDF(v *page.Visit) error {
	people, err := s.badgePeople(v)
	if err != nil {
		return err
	}
	design := paper.A6()
	if v.Query("design") == "sheet" {
		design = paper.Sheet8()
	}
	return printBadges(v, design, people, "badges")
}

// BadgePDF prints one badge.
func (s Pages) BadgePDF(v *page.Visit) error {
	code, _ := strings.CutSuffix(v.Param("code"), ".pdf")
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
	if err != nil {
		return err
	}
	return printBadges(v, paper.A6(), []registration.Registration{r}, "badge-"+r.Code)
}

func printBadges(v *page.Visit, design paper.Design, people []registration.Registration, name string) error {
	if len(people) == 0 {
		return fail.Missing("paper.nobody")
	}
	list, err := badges(v, people)
	if err != nil {
		return err
	}
	return sendPDF(v, name, func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return v.Site.Paper.Press.Badges(ctx, b, design, list, badgeOptions(v))
	})
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
