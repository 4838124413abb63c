package desk

import (
	"slices"
	"strings"

	"agora/app/account"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/speaking"
	"agora/app/web/page"
)

// badgeMaker holds what all badges of an edition need to know, read once.
type badgeMaker struct {
	speakers map[string]speaking.Speaking
	roles    map[string]paper.RoleKind // by person
	prints   map[string]paper.Print
	before   map[string]bool // people who were in an earlier edition
	earlier  bool            // there is one at all
	fields   []form.Field
}

func newBadgeMaker(v *page.Visit) (m badgeMaker, err error) {
	if m.speakers, err = v.Site.Speaking.Attending(v.Ctx, v.Edition.ID); err != nil {
		return m, err
	}
	if m.prints, err = v.Site.Paper.Prints(v.Ctx, v.Edition.ID); err != nil {
		return m, err
	}
	if m.before, m.earlier, err = v.Site.Paper.Returning(v.Ctx, v.Edition.ID); err != nil {
		return m, err
	}
	setup, err := v.Site.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return m, err
	}
	m.fields = openQuestions(setup.Form)
	m.roles = map[string]paper.RoleKind{}
	for _, scope := range []account.Scope{account.OfSeries(v.Edition.SeriesID), account.OfEdition(v.Edition.ID)} {
		holders, err := v.Site.Accounts.Holders(v.Ctx, scope)
		if err != nil {
			return m, err
		}
		for _, h := range holders {
			m.role(h.ID, badgeRoles[h.Role])
		}
	}
	return m, nil
}

// openQuestions are those whose answers may stand on a badge: diet and access
// needs never do.
func openQuestions(f form.Form) []form.Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(x form.Field) bool { return x.Special })
}

// role keeps the highest of somebody's roles.
func (m badgeMaker) role(personID string, k paper.RoleKind) {
	if k == "" {
		return
	}
	if old, known := m.roles[personID]; !known || slices.Index(badgeRanks, k) < slices.Index(badgeRanks, old) {
		m.roles[personID] = k
	}
}

// inPrint is the visit in the language that the edition's badges speak: they are the
// same whoever prints them and in whatever language the desk is read, or a badge
// would pass for changed as soon as somebody else looks at it.
func inPrint(v *page.Visit) *page.Visit {
	return v.Site.Behind(v.Ctx, v.Edition.Languages[0], v.Edition)
}

// badge is one person's.
func (m badgeMaker) badge(v *page.Visit, r registration.Registration) paper.Badge {
	v = inPrint(v)
	role := paper.RoleAttendee
	if k, known := m.roles[r.PersonID]; known {
		role = k
	}
	if _, speaks := m.speakers[r.ID]; speaks && role != paper.RoleOrganiser {
		role = paper.RoleSpeaker
	}
	b := paper.Badge{
		Name: r.Name, Given: givenName(r.Name), Organisation: r.Organisation,
		Role: v.T("paper.role_" + string(role)), RoleKind: role,
		QR: v.Site.DoorAddress(v.Edition, r), Code: r.Code,
		Photo: paper.PhotoConsent(r.Photo), PhotoWord: v.T("paper.photo_" + string(r.Photo)),
	}
	if m.earlier && !m.before[r.PersonID] {
		b.First = v.T("paper.first_time")
	}
	for _, f := range m.fields {
		if said := v.Answer(f, r.Answers[f.Key]); said != "" {
			if b.Answers == nil {
				b.Answers = map[string]string{}
			}
			b.Answers[f.Key] = said
		}
	}
	return b
}

// badgeOptions is what all badges of the edition share.
func badgeOptions(v *page.Visit) paper.BadgeOptions {
	v = inPrint(v)
	e := v.Edition
	city := v.Words(e.City).Text
	return paper.BadgeOptions{
		Series: v.SeriesName(), Edition: strings.TrimSpace(city + " " + e.Local(e.StartsAt).Format("2006")),
		Title: v.T("paper.badges_title", "edition", e.Name(v.Lang)), Accent: accent(v), Seats: seats(v), Date: e.StartsAt,
	}
}

// badgeDesign is the design the edition prints with, or the one that is asked for.
func badgeDesign(v *page.Visit, ref string) (paper.Design, string, error) {
	if ref == "" {
		var err error
		if ref, err = v.Site.Paper.Chosen(v.Ctx, v.Edition.ID); err != nil {
			return paper.Design{}, "", err
		}
	}
	d, err := v.Site.Paper.Design(v.Ctx, v.Edition.SeriesID, ref)
	return d, ref, err
}

// designName is what a design is called: the ready ones in the reader's language.
func designName(v *page.Visit, d paper.Design) string {
	if key := "badge.design." + d.Name; v.Site.Words.Has(v.Lang, key) {
		return v.T(key)
	}
	return d.Name
}
