package page

import (
	"slices"
	"strings"

	"agora/app/account"
)

// deskNav is the desk's own list of places: only those this visitor may open.
func (v *Visit) deskNav() []NavLink {
	links := []NavLink{{Href: "/desk", Text: v.T("desk.nav_all")}}
	if v.Edition.ID != "" {
		base := "/desk" + v.Edition.Path()
		add := func(role account.Role, path, key string) {
			if v.May(role) {
				links = append(links, NavLink{Href: path, Text: v.T(key)})
			}
		}
		add(account.Moderator, base, "desk.nav_overview")
		add(account.Organiser, base+"/registrations", "desk.nav_registrations")
		add(account.Organiser, base+"/places", "desk.nav_places")
		add(account.Organiser, base+"/form", "desk.nav_form")
		if !v.May(account.Organiser) { // organisers find it among the registrations
			add(account.Catering, base+"/needs", "desk_people.needs")
		}
		add(account.Organiser, base+"/program", "desk.nav_program")
		add(account.Organiser, base+"/proposals", "proposal_desk.title")
		if !v.May(account.Organiser) { // organisers find it among the proposals
			add(account.Reviewer, base+"/review", "review.title")
		}
		add(account.Organiser, base+"/speakers", "speakers_desk.title")
		add(account.Organiser, base+"/material", "chase.title")
		add(account.Organiser, base+"/workshops", "desk.nav_workshops")
		add(account.Moderator, base+"/live", "desk.nav_live")
		add(account.Moderator, base+"/now", "desk_now.title")
		if v.May(account.Organiser) {
			add(account.Organiser, base+"/door", "desk.nav_door")
		} else {
			add(account.DoorStaff, "/door"+v.Edition.Path(), "desk.nav_door")
		}
		add(account.Organiser, base+"/paper", "desk.nav_paper")
		add(account.Organiser, base+"/notice", "notice.title")
		add(account.Organiser, base+"/messages", "desk.nav_messages")
		add(account.Organiser, base+"/mail", "desk.nav_mail")
		add(account.Organiser, base+"/people", "desk.nav_people")
		add(account.Organiser, base+"/thanks", "thanks.title")
		add(account.Organiser, base+"/settings", "desk.nav_settings")
		add(account.Organiser, base+"/log", "desk.nav_log")
	} else if v.Roles.Owner() {
		links = append(links, NavLink{Href: "/desk/mail", Text: v.T("desk.nav_mail")})
	}
	// Rooms, tracks and what is done to the programme belong to its page.
	path, base := v.C.Path(), "/desk"+v.Edition.Path()
	if slices.Contains([]string{base + "/rooms", base + "/tracks", base + "/release", base + "/import", base + "/import/table", base + "/import/take"}, path) {
		path = base + "/program"
	}
	if path == base+"/materials" { // how often it was opened is part of what is owed
		path = base + "/material"
	}
	if under(path, base+"/certificates") { // they are reached from what is printed
		path = base + "/paper"
	}
	if path == base+"/needs" && v.May(account.Organiser) {
		path = base + "/registrations"
	}
	if under(path, base+"/badges") || under(path, base+"/printing") {
		path = base + "/paper"
	}
	if v.May(account.Organiser) && (under(path, base+"/review") || under(path, base+"/call")) {
		path = base + "/proposals"
	}
	markCurrent(links, path)
	return links
}

// markCurrent marks the link nearest to the path: a page under "Programme" is
// still in the programme.
func markCurrent(links []NavLink, path string) {
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
