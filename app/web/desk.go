package web

import (
	"slices"
	"strings"

	"agora/app/account"
	"agora/app/edition"
)

// deskPage lists the series and editions the visitor works for.
type deskPage struct {
	Series []deskSeries
	Owner  bool
}

type deskSeries struct {
	Name     words
	Href     string
	MayMake  bool
	Editions []editionCard
}

func (s *Site) desk(v *visit) error {
	list, err := s.Editions.AllSeries(v.ctx)
	if err != nil {
		return err
	}
	p := deskPage{Owner: v.roles.Owner()}
	for _, one := range list {
		row := deskSeries{Name: v.words(one.Title), Href: "/desk/" + one.Slug, MayMake: v.roles.May(account.Organiser, one.ID, "")}
		editions, err := s.Editions.Of(v.ctx, one)
		if err != nil {
			return err
		}
		for _, e := range editions {
			if v.roles.May(account.Moderator, one.ID, e.ID) {
				card := v.card(e)
				card.Href = "/desk" + e.Path()
				row.Editions = append(row.Editions, card)
			}
		}
		if row.MayMake || len(row.Editions) > 0 {
			p.Series = append(p.Series, row)
		}
	}
	return v.render("desk/desk", v.t("desk.title"), p)
}

func (s *Site) deskSeries(v *visit) error { return v.redirect("/desk") }

// deskNav is the desk's own list of places: only those this visitor may open.
func (v *visit) deskNav() []navLink {
	links := []navLink{{Href: "/desk", Text: v.t("desk.nav_all")}}
	if v.edition.ID != "" {
		base := "/desk" + v.edition.Path()
		add := func(w who, path, key string) {
			if w.admit(v) == nil {
				links = append(links, navLink{Href: path, Text: v.t(key)})
			}
		}
		add(moderator, base, "desk.nav_overview")
		add(organiser, base+"/registrations", "desk.nav_registrations")
		add(organiser, base+"/program", "desk.nav_program")
		add(moderator, base+"/live", "desk.nav_live")
		add(doorStaff, "/door"+v.edition.Path(), "desk.nav_door")
		add(organiser, base+"/paper", "desk.nav_paper")
		add(organiser, base+"/mail", "desk.nav_mail")
		add(organiser, base+"/people", "desk.nav_people")
		add(organiser, base+"/settings", "desk.nav_settings")
	} else if v.roles.Owner() {
		links = append(links, navLink{Href: "/desk/mail", Text: v.t("desk.nav_mail")})
	}
	// Rooms, tracks and what is done to the programme belong to its page.
	path, base := v.c.Path(), "/desk"+v.edition.Path()
	if slices.Contains([]string{base + "/rooms", base + "/tracks", base + "/release", base + "/import"}, path) {
		path = base + "/program"
	}
	markCurrent(links, path)
	return links
}

// markCurrent marks the link nearest to the path: a page under "Programme" is
// still in the programme.
func markCurrent(links []navLink, path string) {
	best := -1
	for i, l := range links {
		if (path == l.Href || strings.HasPrefix(path, l.Href+"/")) && (best < 0 || len(l.Href) > len(links[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		links[best].Current = true
	}
}

// langsOf gives the languages a form asks for: the edition's, or all.
func langsOf(e edition.Edition) edition.Languages {
	if len(e.Languages) > 0 {
		return e.Languages
	}
	return edition.Languages{"fi", "sv", "en"}
}
