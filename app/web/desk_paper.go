package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// deskPaperPage offers badges and certificates, and lists what needs a look
// before anything is printed.
type deskPaperPage struct {
	Base    string
	Badges  int
	Arrived int
	Remarks []paperRemark
	People  []deskRegistration
}

type paperRemark struct{ Who, Text string }

// previewed is how many badges the page looks over before printing; beyond it
// the report still comes with the file.
const previewed = 1000

func (s *Site) deskPaper(v *visit) error {
	people, err := s.Registrations.Attending(v.ctx, v.edition.ID, registration.Onsite)
	if err != nil {
		return err
	}
	arrived, err := s.Paper.Arrived(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	p := deskPaperPage{Base: "/desk" + v.edition.Path(), Badges: len(people), Arrived: len(arrived)}
	if len(people) <= previewed && len(people) > 0 {
		var b bytes.Buffer
		report, err := s.Paper.Press.Badges(v.ctx, &b, paper.A6(), v.badges(people), v.badgeOptions())
		if err != nil {
			return err
		}
		for _, r := range report.NeedsLook() {
			p.Remarks = append(p.Remarks, paperRemark{Who: r.Who, Text: v.t("paper.remark_"+string(r.Kind), "detail", r.Detail)})
		}
	}
	for _, r := range people {
		p.People = append(p.People, v.deskRow(r))
	}
	return v.render("desk/paper", v.t("desk.nav_paper"), p)
}

// badges turns registrations into what is printed on their badges.
func (v *visit) badges(people []registration.Registration) []paper.Badge {
	list := make([]paper.Badge, len(people))
	for i, r := range people {
		list[i] = paper.Badge{
			Name: r.Name, Given: givenName(r.Name), Organisation: r.Organisation,
			Role: v.t("paper.role_attendee"), RoleKind: paper.RoleAttendee,
			QR: v.site.doorAddress(v.edition, r), Code: r.Code,
			Photo: paper.PhotoConsent(r.Photo), PhotoWord: v.t("paper.photo_" + string(r.Photo)),
		}
	}
	return list
}

// givenName is what is printed larger: the first of two words or more.
func givenName(name string) string {
	if words := strings.Fields(name); len(words) > 1 && strings.HasPrefix(name, words[0]) {
		return words[0]
	}
	return ""
}

func (v *visit) badgeOptions() paper.BadgeOptions {
	e := v.edition
	city := v.words(e.City).Text
	return paper.BadgeOptions{
		Series: v.seriesName(), Edition: strings.TrimSpace(city + " " + e.Local(e.StartsAt).Format("2006")),
		Title: v.t("paper.badges_title", "edition", e.Name(v.lang)), Accent: v.accent(), Seats: v.seats(), Date: e.StartsAt,
	}
}

// accent is the series' colour, darkened until white words on it can be read.
func (v *visit) accent() paper.Colour {
	if !hexColor.MatchString(v.edition.Series.Accent) {
		return paper.Colour{}
	}
	c, err := paper.Hex(readable(v.edition.Series.Accent, lighter, darker))
	if err != nil {
		return paper.Colour{}
	}
	return c
}

// seats is the number of dots in the quiet hall of a paper.
func (v *visit) seats() int {
	places, err := v.site.Registrations.Places(v.ctx, v.edition.ID)
	if err != nil || places[registration.Onsite].Capacity == nil {
		return 0
	}
	return int(min(*places[registration.Onsite].Capacity, templates.MaxDots))
}

func (s *Site) badgesPDF(v *visit) error {
	people, err := s.Registrations.Attending(v.ctx, v.edition.ID, registration.Onsite)
	if err != nil {
		return err
	}
	design := paper.A6()
	if v.query("design") == "sheet" {
		design = paper.Sheet8()
	}
	return v.printBadges(design, people, "badges")
}

func (s *Site) badgePDF(v *visit) error {
	code, _ := strings.CutSuffix(v.param("code"), ".pdf")
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, code)
	if err != nil {
		return err
	}
	return v.printBadges(paper.A6(), []registration.Registration{r}, "badge-"+r.Code)
}

func (v *visit) printBadges(design paper.Design, people []registration.Registration, name string) error {
	if len(people) == 0 {
		return fail.Missing("paper.nobody")
	}
	return v.sendPDF(name, func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return v.site.Paper.Press.Badges(ctx, b, design, v.badges(people), v.badgeOptions())
	})
}

func (s *Site) certificatesPDF(v *visit) error {
	people, err := s.Paper.Arrived(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	return v.printCertificates(people, "certificates")
}

func (s *Site) certificatePDF(v *visit) error {
	code, _ := strings.CutSuffix(v.param("code"), ".pdf")
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, code)
	if err != nil {
		return err
	}
	return v.printCertificates([]registration.Registration{r}, "certificate-"+r.Code)
}

// ticketCertificate is the attendee's own download, in the language of the page.
func (s *Site) ticketCertificate(v *visit) error {
	r, err := v.holder()
	if err != nil {
		return err
	}
	return v.printCertificates([]registration.Registration{r}, "certificate")
}

func (v *visit) printCertificates(people []registration.Registration, name string) error {
	issued, err := v.site.Paper.Issue(v.ctx, v.edition, people)
	if err != nil {
		return err
	}
	var list []paper.Certificate
	for _, r := range people {
		if i, ok := issued[r.ID]; ok && i.RevokedAt == nil {
			list = append(list, v.certificate(r, i))
		}
	}
	if len(list) == 0 {
		return fail.Missing("paper.nobody_arrived")
	}
	e := v.edition
	return v.sendPDF(name, func(ctx context.Context, b *bytes.Buffer) (paper.Report, error) {
		return v.site.Paper.Press.Certificates(ctx, b, list, paper.CertificateOptions{
			Title: v.t("paper.certificates_title", "edition", e.Name(v.lang)), Date: e.StartsAt})
	})
}

func (v *visit) certificate(r registration.Registration, i paper.Issued) paper.Certificate {
	e := v.edition
	from, to := e.Local(e.StartsAt), e.Local(e.EndsAt)
	venue, city := v.words(e.Venue).Text, v.words(e.City).Text
	address := v.site.Config.BaseURL + "/verify/" + i.Code
	c := paper.Certificate{
		Series: v.seriesName(), Edition: strings.TrimSpace(city + " " + from.Format("2006")),
		Title: v.t("paper.certificate_title"), Before: v.t("paper.certificate_before"), Name: r.Name,
		After: v.t("paper.certificate_after", "edition", e.Name(v.lang)),
		Facts: []paper.Fact{
			{Label: v.t("paper.fact_date"), Value: text.Days(v.lang, from, to)},
			{Label: v.t("paper.fact_place"), Value: strings.Trim(venue+", "+city, ", ")},
			{Label: v.t("paper.fact_hours"), Value: text.Span(v.lang, from, to)},
		},
		Signed: strings.Trim(city+" "+text.Date(v.lang, e.Local(i.IssuedAt)), " "), Signer: v.seriesName(), SignerTitle: v.t("paper.signer"),
		Number: v.t("paper.number", "n", fmt.Sprint(i.Number), "code", i.Code),
		Verify: v.t("paper.verify", "address", strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")), QR: address,
		Caption: v.t("paper.caption"), Seats: v.seats(), Accent: v.accent(),
	}
	if seats := max(c.Seats, 1); r.Kind == registration.Onsite {
		c.Own = seatOf(r, int64(seats))
	}
	return c
}

// sendPDF prints into memory and sends the file whole: an error never leaves
// half a document behind.
func (v *visit) sendPDF(name string, print func(context.Context, *bytes.Buffer) (paper.Report, error)) error {
	var b bytes.Buffer
	report, err := print(v.ctx, &b)
	if err != nil {
		return err
	}
	if n := len(report.NeedsLook()); n > 0 {
		v.site.Log.Info("printed with remarks", "file", name, "remarks", n)
	}
	v.c.Set(fiber.HeaderContentType, "application/pdf")
	v.c.Set(fiber.HeaderContentDisposition, `inline; filename="`+v.edition.Acronym()+"-"+name+`.pdf"`)
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	return v.c.Send(b.Bytes())
}
