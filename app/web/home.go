package web

import (
	"html/template"
	"time"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// homePage lists the series and what is coming in each.
type homePage struct {
	Series  []homeSeries
	MayMake bool
}

type homeSeries struct {
	Name, About words
	Href        string
	Next        *editionCard
	Hall        template.HTML // of the next edition; only the first few have one
}

// hallsAtHome bounds the halls drawn on the front page, and so its queries.
const hallsAtHome = 3

// editionCard is an edition in a list.
type editionCard struct {
	Name, City words
	When, Href string
	Phase      edition.Phase
	Past       bool
}

func (s *Site) home(v *visit) error {
	list, err := s.Editions.AllSeries(v.ctx)
	if err != nil {
		return err
	}
	all, err := s.Editions.All(v.ctx, list)
	if err != nil {
		return err
	}
	p := homePage{MayMake: len(v.roles) > 0}
	for i, one := range list {
		v.edition = edition.Edition{}
		row := homeSeries{Name: v.words(one.Title), About: v.words(one.About), Href: "/" + one.Slug}
		if editions := all[one.ID]; len(editions) > 0 {
			card := v.card(editions[0])
			row.Next = &card
			if i < hallsAtHome {
				if row.Hall, err = v.hall(editions[0]); err != nil {
					return err
				}
			}
		}
		p.Series = append(p.Series, row)
	}
	return v.render("web/home", v.t("home.title"), p)
}

// hall draws an edition's seats as they are taken.
func (v *visit) hall(e edition.Edition) (template.HTML, error) {
	places, err := v.site.Registrations.Places(v.ctx, e.ID)
	if err != nil {
		return "", err
	}
	on := countOf(places[registration.Onsite])
	label := v.t("edition.hall_label", "taken", on.Taken, "capacity", on.Capacity)
	return templates.Hall(int(on.Capacity), int(on.Taken), 0, label).SVG, nil
}

// card shows an edition; its languages decide what its texts fall back to.
func (v *visit) card(e edition.Edition) editionCard {
	before := v.edition
	v.edition = e
	defer func() { v.edition = before }()
	return editionCard{
		Name: v.words(e.Title), City: v.words(e.City), Href: e.Path(),
		When:  text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Phase: e.Phase(v.now, false), Past: e.Phase(v.now, false) == edition.Archive,
	}
}

// seriesPage tells what a series is and shows all its editions.
type seriesPage struct {
	Name, About words
	Hashtag     string
	Rule        string
	Coming      []editionCard
	Past        []editionCard
}

func (s *Site) series(v *visit) error {
	one := v.edition.Series
	editions, err := s.Editions.Of(v.ctx, one)
	if err != nil {
		return err
	}
	p := seriesPage{Name: v.words(one.Title), About: v.words(one.About), Hashtag: one.Hashtag, Rule: v.ruleWords(one.DateRule)}
	for _, e := range editions {
		card := v.card(e)
		if card.Past {
			p.Past = append(p.Past, card)
		} else {
			p.Coming = append(p.Coming, card)
		}
	}
	return v.render("edition/series", p.Name.Text, p)
}

// ruleWords says a series' rule in words: the fourth Monday of January.
func (v *visit) ruleWords(r edition.Rule) string {
	month, week, day, ok := r.Parts()
	if !ok {
		return ""
	}
	return v.t("rule.sentence",
		"week", v.t("rule.week_"+weekName(week)),
		"day", v.t("rule.day_"+dayName(day)),
		"month", v.t("rule.month_"+monthName(month)))
}

func weekName(week int) string {
	return [...]string{"last", "", "first", "second", "third", "fourth", "fifth"}[week+1]
}

func dayName(d time.Weekday) string {
	return [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}[d]
}

func monthName(m time.Month) string {
	return [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}[m-1]
}

// privacyPage says what is kept of people, and for how long.
func (s *Site) privacy(v *visit) error {
	return v.render("web/privacy", v.t("privacy.title"), struct{}{})
}
