package public

import (
	"html/template"
	"slices"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// homePage lists the series and what is coming in each.
type homePage struct {
	Series  []homeSeries
	MayMake bool
}

type homeSeries struct {
	Name, About page.Words
	Href        string
	Next        *page.EditionCard
	Hall        template.HTML // of the next edition; only the first few have one
}

// hallsAtHome bounds the halls drawn on the front page, and so its queries.
const hallsAtHome = 3

// Home is the front page.
func (s Pages) Home(v *page.Visit) error {
	front, err := s.Editions.Front(v.Ctx)
	if err != nil {
		return err
	}
	p := homePage{MayMake: len(v.Roles) > 0}
	for i, one := range front.Series {
		row := homeSeries{Name: v.Words(one.Title), About: v.Words(one.About), Href: "/" + one.Slug}
		if editions := front.Editions[one.ID]; len(editions) > 0 {
			e := comingOf(v, editions)
			card := v.Card(e)
			row.Next = &card
			if i < hallsAtHome {
				if row.Hall, err = hall(v, e); err != nil {
					return err
				}
			}
		}
		p.Series = append(p.Series, row)
	}
	return v.Render("web/home", v.T("home.title"), p)
}

// comingOf is the edition that is to come soonest or is today, else the last one;
// the newest of them stands first.
func comingOf(v *page.Visit, editions []edition.Edition) edition.Edition {
	for _, e := range slices.Backward(editions) {
		if e.Phase(v.Now, false) != edition.Archive {
			return e
		}
	}
	return editions[0]
}

// hall draws an edition's seats as they are taken.
func hall(v *page.Visit, e edition.Edition) (template.HTML, error) {
	places, err := v.Site.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return "", err
	}
	on := page.CountOf(places[registration.Onsite])
	label := v.T("edition.hall_label", "taken", on.Taken, "capacity", on.Capacity)
	return templates.Hall(int(on.Capacity), int(on.Taken), 0, label).SVG, nil
}

// Privacy says what is kept of people, and for how long.
func (s Pages) Privacy(v *page.Visit) error {
	return v.Render("web/privacy", v.T("privacy.title"), struct{}{})
}
