package public

import (
	"fmt"
	"hash/fnv"
	"html/template"
	"slices"
	"strings"

	"agora/app/account"
	"agora/app/carry"
	"agora/app/edition"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// seriesPage tells what a series is, leads to its next edition and compares all
// of them.
type seriesPage struct {
	Name, About page.Words
	Hashtag     string
	Rule        string
	Next        *seriesNext
	Years       []seriesYear
	Columns     []string // the names of the figures that some year has
	Chart       *templates.Bars
	Map         *templates.Pins
	Cities      []seriesCity
	Plan        string // for organisers of the series
	New         string // where there is no edition yet
}

// seriesNext is the edition that is to come, or today's.
type seriesNext struct {
	page.EditionCard
	Hall     template.HTML
	LongName bool
}

// seriesYear is an edition in the table.
type seriesYear struct {
	page.EditionCard
	Year    string
	Date    string
	Figures []yearFigure
}

// yearFigure is a count under its column; Text is empty where nothing was counted.
type yearFigure struct{ Name, Text string }

// seriesCity is a city with the editions held there.
type seriesCity struct {
	Name  page.Words
	Years []page.NavLink
}

// maxBars is how many editions stand in the chart; the table holds all.
const maxBars = 10

func (p seriesPage) Shape(f *page.Frame) { f.Description = p.About.Text }

// Series shows a series' editions.
func (s Pages) Series(v *page.Visit) error {
	one := v.Edition.Series
	editions, err := s.Editions.Of(v.Ctx, one)
	if err != nil {
		return err
	}
	figures, err := s.Carry.Compare(v.Ctx, one)
	if err != nil {
		return err
	}
	sum := fnv.New64a()
	fmt.Fprint(sum, one, figures)
	for _, e := range editions {
		fmt.Fprint(sum, e.Revision, e.Phase(v.Now, false))
	}
	next, taken, err := s.nextOf(v, editions)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%x %v", sum.Sum64(), taken)
	return v.PublicPage("edition/series", v.Words(one.Title).Text, key, func() (any, error) { return newSeriesPage(v, editions, figures, next), nil })
}

// nextOf is the edition that is to come soonest, with its hall as it is taken;
// nil when all are over.
func (s Pages) nextOf(v *page.Visit, editions []edition.Edition) (*seriesNext, page.PlaceCount, error) {
	if len(editions) == 0 {
		return nil, page.PlaceCount{}, nil
	}
	e := comingOf(v, editions)
	if e.Phase(v.Now, false) == edition.Archive {
		return nil, page.PlaceCount{}, nil
	}
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return nil, page.PlaceCount{}, err
	}
	count := page.CountOf(places[offered(places)[0]])
	n := &seriesNext{EditionCard: v.Card(e)}
	n.Phase, n.LongName = e.Phase(v.Now, count.Full), longName(n.City.Text)
	n.Hall = templates.Hall(int(count.Capacity), int(count.Taken+held(count)), 0, v.T("edition.hall_label", "taken", count.Taken, "capacity", count.Capacity)).SVG
	return n, count, nil
}

func newSeriesPage(v *page.Visit, editions []edition.Edition, all map[string]carry.Figures, next *seriesNext) seriesPage {
	one := v.Edition.Series
	p := seriesPage{Name: v.Words(one.Title), About: v.Words(one.About), Hashtag: one.Hashtag, Rule: v.RuleWords(one.DateRule), Next: next}
	shown := shownFigures(editions, all)
	for i, c := range comparable(carry.Figures{}) {
		if shown[i] {
			p.Columns = append(p.Columns, v.T("series."+c.Name))
		}
	}
	for _, e := range editions {
		row := seriesYear{EditionCard: v.Card(e), Year: e.Slug, Date: text.Date(v.Lang, e.Local(e.StartsAt))}
		for i, c := range comparable(all[e.ID]) {
			if shown[i] {
				row.Figures = append(row.Figures, yearFigure{Name: v.T("series." + c.Name), Text: countText(v, e, c)})
			}
		}
		p.Years = append(p.Years, row)
	}
	p.Chart = seriesBars(v, editions, all)
	p.Cities, p.Map = seriesCities(v, editions, next)
	if v.SignedIn() && v.Roles.May(account.Organiser, one.ID, "") {
		p.New = "/desk/" + one.Slug + "/new"
		if len(editions) > 0 {
			p.Plan = p.New + "/" + editions[0].Slug
		}
	}
	return p
}

// countText is a count as it stands in the table: what has not happened yet is
// no zero.
func countText(v *page.Visit, e edition.Edition, c figure) string {
	if c.N == 0 && (e.Phase(v.Now, false) != edition.Archive || c.Name == "came" || c.Name == "downloads") {
		return ""
	}
	return text.Number(v.Lang, c.N)
}

// shownFigures are those that at least one edition has.
func shownFigures(editions []edition.Edition, all map[string]carry.Figures) []bool {
	shown := make([]bool, len(comparable(carry.Figures{})))
	for _, e := range editions {
		for i, c := range comparable(all[e.ID]) {
			shown[i] = shown[i] || c.N > 0
		}
	}
	return shown
}

// seriesBars draws the last editions beside each other, the oldest first.
func seriesBars(v *page.Visit, editions []edition.Edition, all map[string]carry.Figures) *templates.Bars {
	b := &templates.Bars{Label: v.T("series.chart"), Names: []string{v.T("series.chart_onsite"), v.T("series.chart_came"), v.T("series.chart_remote")}}
	for _, e := range slices.Backward(editions) {
		n := all[e.ID]
		if n.Onsite+n.Came+n.Remote > 0 {
			b.Groups = append(b.Groups, templates.BarGroup{Name: e.Slug, Values: []int{int(n.Onsite), int(n.Came), int(n.Remote)}})
		}
	}
	if len(b.Groups) < 2 {
		return nil // one is nothing to compare
	}
	if n := len(b.Groups); n > maxBars {
		b.Groups = b.Groups[n-maxBars:]
	}
	return b
}

// seriesCities groups the editions by city, the newest city first, and puts those
// that are known on the map.
func seriesCities(v *page.Visit, editions []edition.Edition, next *seriesNext) ([]seriesCity, *templates.Pins) {
	var list []seriesCity
	at := map[string]int{}
	pins := &templates.Pins{}
	var names []string
	for _, e := range editions {
		name := cityOf(v, e)
		if name.Text == "" {
			continue
		}
		i, known := at[name.Text]
		if !known {
			i = len(list)
			at[name.Text], list, names = i, append(list, seriesCity{Name: name}), append(names, name.Text)
			if lon, lat, found := edition.CityAt(e.City); found {
				pins.List = append(pins.List, templates.Pin{Name: name.Text, Lon: lon, Lat: lat, Next: next != nil && next.Href == e.Path()})
			}
		}
		list[i].Years = append(list[i].Years, page.NavLink{Href: e.Path(), Text: e.Slug})
	}
	if len(pins.List) == 0 {
		return list, nil
	}
	pins.Label = v.T("series.map", "cities", strings.Join(names, ", "))
	return list, pins
}
