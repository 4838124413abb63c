package registering

import (
	"net/url"

	"agora/app/text"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/templates"
)

// workshopsPage lists what people sign up to within the day, and who cannot be
// at both of what they chose.
type workshopsPage struct {
	Sessions, Tables []workshopRow
	Clashes          []clashRow
	Base             string
}

type workshopRow struct {
	Name           page.Words
	When, Room     string
	Audience       string
	Meter          templates.Meter
	CalledOff      bool
	Href, ListHref string
}

type clashRow struct {
	Person        string
	First, Second workshopRow
}

// signedUpPage is who has signed up to one of them, to look at and to print.
type signedUpPage struct {
	Workshop       workshopRow
	Coming, Line   []signedUpRow
	Base           string
	About          page.Words
	Total, Waiting int
}

type signedUpRow struct {
	Name, Organisation, Code, Kind string
	Position                       int64
}

// WorkshopsPage lists them.
func (s Pages) WorkshopsPage(v *page.Visit) error {
	list, err := s.Workshops.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	clashes, err := s.Workshops.Clashes(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := workshopsPage{Base: "/desk" + v.Edition.Path() + "/workshops"}
	for _, w := range list {
		if row := newWorkshopRow(v, w); w.Table() {
			p.Tables = append(p.Tables, row)
		} else {
			p.Sessions = append(p.Sessions, row)
		}
	}
	for _, c := range clashes {
		p.Clashes = append(p.Clashes, clashRow{Person: c.Name, First: newWorkshopRow(v, c.First), Second: newWorkshopRow(v, c.Second)})
	}
	return v.Render("desk/workshops", v.T("workshops.title"), p)
}

func newWorkshopRow(v *page.Visit, w workshop.Workshop) workshopRow {
	base := "/desk" + v.Edition.Path() + "/workshops/" + url.PathEscape(w.ID)
	row := workshopRow{Name: v.Words(w.Called()), Room: v.Words(w.Room).Text, CalledOff: w.CalledOff, Href: base, ListHref: base + "/people",
		Meter: templates.Meter{Taken: int(w.Taken), Waiting: int(w.Waiting)}}
	if w.Capacity != nil {
		row.Meter.Capacity = int(*w.Capacity)
	}
	if w.Scheduled() {
		from, to := v.Edition.Local(w.StartsAt), v.Edition.Local(w.EndsAt)
		row.When = text.LongDate(v.Lang, from) + " " + text.At(v.Lang, from) + "–" + text.Clock(v.Lang, to)
	}
	if w.Audience != "" {
		row.Audience = v.T("workshops.only_" + string(w.Audience))
	}
	return row
}

// WorkshopPeople lists who has signed up, by name, and then who waits, in order.
func (s Pages) WorkshopPeople(v *page.Visit) error {
	w, err := s.Workshops.One(v.Ctx, v.Edition.ID, v.Param("workshop"))
	if err != nil {
		return err
	}
	people, err := s.Workshops.SignedUp(v.Ctx, v.Edition.ID, w.ID)
	if err != nil {
		return err
	}
	p := signedUpPage{Workshop: newWorkshopRow(v, w), Base: "/desk" + v.Edition.Path() + "/workshops", About: v.Words(w.About)}
	for _, one := range people {
		row := signedUpRow{Name: one.Name, Organisation: one.Organisation, Code: one.Code, Kind: v.T("place." + string(one.Kind)), Position: one.Position}
		if one.State == workshop.Waiting {
			p.Line = append(p.Line, row)
		} else {
			p.Coming = append(p.Coming, row)
		}
	}
	p.Total, p.Waiting = len(p.Coming), len(p.Line)
	return v.Render("desk/workshop_people", p.Workshop.Name.Text, p)
}
