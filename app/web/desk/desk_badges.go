package desk

import (
	"cmp"
	"slices"
	"strings"

	"agora/app/account"
	"agora/app/paper"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// Which badges to print.
const (
	badgesAll     = "all"
	badgesDue     = "due"     // those that were never printed, or have changed since
	badgesNew     = "new"     // never printed
	badgesChanged = "changed" // changed since
)

// What badges are sorted by; names always decide at last.
var badgeOrders = []string{"name", "role", "organisation", "code"}

// badgeChoice says which badges are wanted and in which order. It is stored with a
// printout, so its members keep their names.
type badgeChoice struct {
	Who   string         `json:"who"`
	Role  paper.RoleKind `json:"role,omitempty"`
	Order string         `json:"order"`
}

// badgeOf is somebody with their badge.
type badgeOf struct {
	Who    registration.Registration
	Badge  paper.Badge
	Digest string
	Print  *paper.Print // the last one, if any
}

// state is how the badge stands to what was printed.
func (b badgeOf) state() string {
	switch {
	case b.Print == nil:
		return badgesNew
	case b.Print.Digest != b.Digest:
		return badgesChanged
	}
	return "printed"
}

// wants tells whether the choice takes a badge in.
func (c badgeChoice) wants(b badgeOf) bool {
	state := b.state()
	switch c.Who {
	case badgesNew, badgesChanged:
		if state != c.Who {
			return false
		}
	case badgesDue:
		if state == "printed" {
			return false
		}
	}
	return c.Role == "" || b.Badge.RoleKind == c.Role
}

// tidy puts what was not understood back to what is usual.
func (c badgeChoice) tidy() badgeChoice {
	if !slices.Contains([]string{badgesAll, badgesDue, badgesNew, badgesChanged}, c.Who) {
		c.Who = badgesAll
	}
	if !slices.Contains(paper.RoleKinds[:], c.Role) {
		c.Role = ""
	}
	if !slices.Contains(badgeOrders, c.Order) {
		c.Order = badgeOrders[0]
	}
	return c
}

// badgePeople are those whose badges are printed: who has a seat, and the speakers
// of the day, also one for whom there was none when they accepted.
func (s Pages) badgePeople(v *page.Visit) ([]registration.Registration, error) {
	people, err := s.Registrations.Attending(v.Ctx, v.Edition.ID, registration.Onsite)
	if err != nil {
		return nil, err
	}
	seatless, err := s.Speaking.Seatless(v.Ctx, v.Edition)
	if err != nil || len(seatless) == 0 {
		return people, err
	}
	people = append(people, seatless...)
	registration.ByName(people)
	return people, nil
}

// allBadges are everybody's, by name.
func (s Pages) allBadges(v *page.Visit) ([]badgeOf, error) {
	people, err := s.badgePeople(v)
	if err != nil {
		return nil, err
	}
	return badgesOf(v, people)
}

// badgesOf turns registrations into what is printed on their badges.
func badgesOf(v *page.Visit, people []registration.Registration) ([]badgeOf, error) {
	m, err := newBadgeMaker(v)
	if err != nil {
		return nil, err
	}
	list := make([]badgeOf, len(people))
	for i, r := range people {
		b := m.badge(v, r)
		list[i] = badgeOf{Who: r, Badge: b, Digest: b.Digest()}
		if p, printed := m.prints[r.ID]; printed {
			list[i].Print = &p
		}
	}
	return list, nil
}

// chosen gives the badges that a choice wants, in its order.
func (c badgeChoice) chosen(all []badgeOf) []badgeOf {
	list := slices.DeleteFunc(slices.Clone(all), func(b badgeOf) bool { return !c.wants(b) })
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(list, func(a, b badgeOf) int {
		switch c.Order {
		case "role":
			return cmp.Compare(slices.Index(badgeRanks, a.Badge.RoleKind), slices.Index(badgeRanks, b.Badge.RoleKind))
		case "organisation":
			return compare(a.Badge.Organisation, b.Badge.Organisation)
		case "code":
			return strings.Compare(a.Badge.Code, b.Badge.Code)
		}
		return 0 // they come by name
	})
	return list
}

// badgeRanks is which role stands on the badge of somebody with several: whom the
// hall most needs to find comes first.
var badgeRanks = []paper.RoleKind{paper.RoleOrganiser, paper.RoleSpeaker, paper.RoleModerator, paper.RoleDoor, paper.RoleAttendee}

// badgeRoles are the roles of the desk that show on a badge.
var badgeRoles = map[account.Role]paper.RoleKind{
	account.Owner: paper.RoleOrganiser, account.Organiser: paper.RoleOrganiser, account.Moderator: paper.RoleModerator, account.DoorStaff: paper.RoleDoor,
}

// justBadges takes the badges out, for the press.
func justBadges(list []badgeOf) []paper.Badge {
	badges := make([]paper.Badge, len(list))
	for i, b := range list {
		badges[i] = b.Badge
	}
	return badges
}

// givenName is what is printed larger: the first of two words or more.
func givenName(name string) string {
	if words := strings.Fields(name); len(words) > 1 && strings.HasPrefix(name, words[0]) {
		return words[0]
	}
	return ""
}
