package desk

import (
	"bytes"
	"context"
	"html/template"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// badgePage is one person's badge as it will print.
type badgePage struct {
	Back, PDF, Mend, Action string
	Name                    string
	Picture                 template.HTML
	State                   templates.Tag
	At                      string
	Texts                   []string
	Printed                 bool
}

// BadgeOne shows one badge, what needs a look, and the way to mend it.
func (s Pages) BadgeOne(v *page.Visit) error {
	b, err := s.badgeBy(v, v.Param("code"))
	if err != nil {
		return err
	}
	design, _, err := badgeDesign(v, "")
	if err != nil {
		return err
	}
	svg, report, err := s.Paper.Press.Show(design, b.Badge, badgeOptions(v))
	if err != nil {
		return err
	}
	p := badgePage{Back: deskOf(v, "/badges/people"), PDF: deskOf(v, "/badges/"+b.Who.Code+".pdf"), Mend: deskOf(v, "/registrations/"+b.Who.Code),
		Action: deskOf(v, "/badges/people/"+b.Who.Code), Name: b.Badge.Name, Picture: picture(svg), State: badgeTag(v, b.state()), Printed: b.Print != nil}
	if b.Print != nil {
		p.At = v.SentenceTime(b.Print.At)
	}
	for _, r := range report.Remarks {
		if r.Index >= 0 && (r.NeedsLook() || r.Kind == paper.Dropped || r.Kind == paper.Condensed) {
			p.Texts = append(p.Texts, remarkWords(v, r))
		}
	}
	return v.Render("desk/badge", v.T("badge.one_title", "name", b.Badge.Name), p)
}

// picture takes a badge drawn by the press into a page: it holds numbers, colours
// and outlines, and never a text of somebody.
func picture(svg string) template.HTML { return template.HTML(svg) } // #nosec G203 -- see above

// badgeBy makes the badge of one registration.
func (s Pages) badgeBy(v *page.Visit, code string) (badgeOf, error) {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
	if err != nil {
		return badgeOf{}, err
	}
	list, err := badgesOf(v, []registration.Registration{r})
	if err != nil {
		return badgeOf{}, err
	}
	return list[0], nil
}

// BadgeAgain forgets that a badge was printed, so that the next run has it.
func (s Pages) BadgeAgain(v *page.Visit) error {
	b, err := s.badgeBy(v, v.Param("code"))
	if err != nil {
		return err
	}
	if _, err := s.Paper.Unprinted(v.Ctx, v.Edition.ID, []string{b.Who.ID}); err != nil {
		return err
	}
	v.Say("success", "badge.again_done")
	return v.Redirect(deskOf(v, "/badges/people/"+b.Who.Code))
}

// atOnce is how many badges are printed while somebody waits; more are ordered.
const atOnce = 1000

// BadgesPDF prints everybody's badge at once: the short way for a small day.
func (s Pages) BadgesPDF(v *page.Visit) error {
	all, err := s.allBadges(v)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fail.Missing("paper.nobody")
	}
	if len(all) > atOnce {
		return v.Redirect(deskOf(v, "/badges"))
	}
	design, _, err := badgeDesign(v, v.Query("design"))
	if err != nil {
		return err
	}
	return v.SendPDF("badges", func(ctx context.Context, w *bytes.Buffer) (paper.Report, error) {
		return s.Paper.Press.Badges(ctx, w, design, justBadges(all), badgeOptions(v))
	})
}

// BadgePDF prints one badge, alone on its page.
func (s Pages) BadgePDF(v *page.Visit) error {
	return s.printBadge(v, v.Query("design"))
}

// DoorBadge prints one badge at the door, right after somebody was let in: as PDF, or
// as the drawing that the door's page hands to its printer. Only who has a place gets
// one.
func (s Pages) DoorBadge(v *page.Visit) error {
	code, drawn := strings.CutSuffix(v.Param("code"), ".svg")
	code, _ = strings.CutSuffix(code, ".pdf")
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
	if err != nil {
		return err
	}
	if kind, attends := r.Attends(); !attends || kind != registration.Onsite {
		return fail.Missing("registration.missing")
	}
	if drawn {
		return s.drawBadge(v, code)
	}
	return s.printBadge(v, "")
}

func (s Pages) drawBadge(v *page.Visit, code string) error {
	b, err := s.badgeBy(v, code)
	if err != nil {
		return err
	}
	design, _, err := badgeDesign(v, "")
	if err != nil {
		return err
	}
	svg, _, err := s.Paper.Press.Show(design, b.Badge, badgeOptions(v))
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderContentType, "image/svg+xml")
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	if err := v.C.SendString(svg); err != nil {
		return err
	}
	return s.noted(v, b)
}

func (s Pages) printBadge(v *page.Visit, ref string) error {
	code, _ := strings.CutSuffix(v.Param("code"), ".pdf")
	b, err := s.badgeBy(v, code)
	if err != nil {
		return err
	}
	design, _, err := badgeDesign(v, ref)
	if err != nil {
		return err
	}
	if err := v.SendPDF("badge-"+b.Who.Code, func(ctx context.Context, w *bytes.Buffer) (paper.Report, error) {
		return s.Paper.Press.Badges(ctx, w, design.Single(), []paper.Badge{b.Badge}, badgeOptions(v))
	}); err != nil {
		return err
	}
	return s.noted(v, b)
}

// noted remembers that a badge went out to be printed.
func (s Pages) noted(v *page.Visit, b badgeOf) error {
	if v.C.Method() == fiber.MethodHead {
		return nil
	}
	return s.Paper.Printed(v.Ctx, v.Edition.ID, map[string]string{b.Who.ID: b.Digest})
}

// matcher finds people by a part of their name, organisation or code.
func matcher(words string) func(badgeOf) bool {
	fold := strings.ToLower
	want := fold(strings.TrimSpace(words))
	return func(b badgeOf) bool {
		return want == "" || strings.Contains(fold(b.Badge.Name), want) || strings.Contains(fold(b.Badge.Organisation), want) ||
			registration.CleanCode(b.Badge.Code) == registration.CleanCode(words)
	}
}

// millimetres writes a length as people do.
func millimetres(v *page.Visit, f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if v.Lang != text.English {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
