package desk

import (
	"strings"

	"agora/app/paper"
	"agora/app/registration"
	"agora/app/web/page"
)

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

// badges turns registrations into what is printed on their badges.
func badges(v *page.Visit, people []registration.Registration) ([]paper.Badge, error) {
	speakers, err := v.Site.Speaking.Attending(v.Ctx, v.Edition.ID)
	list := make([]paper.Badge, len(people))
	for i, r := range people {
		role := paper.RoleAttendee
		if _, speaks := speakers[r.ID]; speaks {
			role = paper.RoleSpeaker
		}
		list[i] = paper.Badge{
			Name: r.Name, Given: givenName(r.Name), Organisation: r.Organisation,
			Role: v.T("paper.role_" + string(role)), RoleKind: role,
			QR: v.Site.DoorAddress(v.Edition, r), Code: r.Code,
			Photo: paper.PhotoConsent(r.Photo), PhotoWord: v.T("paper.photo_" + string(r.Photo)),
		}
	}
	return list, err
}

// givenName is what is printed larger: the first of two words or more.
func givenName(name string) string {
	if words := strings.Fields(name); len(words) > 1 && strings.HasPrefix(name, words[0]) {
		return words[0]
	}
	return ""
}
