package desk

import (
	"time"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// deskEditionPage is how an edition stands, and what waits for its organiser.
type deskEditionPage struct {
	Title    page.Words
	City     page.Words
	When     string
	Phase    edition.Phase
	Days     int
	Onsite   page.PlaceCount
	Remote   page.PlaceCount
	Meter    templates.Meter
	Chart    *templates.Chart
	Arrived  int64
	Sessions int
	Released int64
	Latest   []deskRegistration
	Base     string
	Public   string
	Manage   bool
	NoMail   bool
}

type deskRegistration struct {
	Name, Organisation, Email, Code string
	State                           registration.State
	Kind                            registration.Kind
	Meanwhile                       bool
	At                              time.Time
	Photo                           registration.Photo
	Needs                           string
}

func deskRow(v *page.Visit, r registration.Registration) deskRegistration {
	return deskRegistration{Name: r.Name, Organisation: r.Organisation, Email: r.Email, Code: r.Code, State: r.State, Kind: r.Kind,
		Meanwhile: r.Meanwhile, At: v.Edition.Local(r.CreatedAt), Photo: r.Photo, Needs: r.Needs}
}

// latestShown is how many of the newest registrations the overview shows.
const latestShown = 6

// Edition shows where an edition stands.
func (s Pages) Edition(v *page.Visit) error {
	e := v.Edition
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	on := page.CountOf(places[registration.Onsite])
	p := deskEditionPage{
		Title: v.Words(e.Title), City: v.Words(e.City), When: text.Days(v.Lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Phase: e.Phase(v.Now, on.Full), Days: e.DaysLeft(v.Now), Onsite: on, Remote: page.CountOf(places[registration.Remote]),
		Meter: templates.Meter{Taken: int(on.Taken), Capacity: int(on.Capacity), Waiting: int(on.Waiting)},
		Base:  "/desk" + e.Path(), Public: e.Path(), Manage: v.May(account.Organiser), NoMail: !s.Config.SMTP,
	}
	if p.Arrived, err = s.Door.Count(v.Ctx, e.ID); err != nil {
		return err
	}
	draft, err := s.Program.Draft(v.Ctx, e)
	if err != nil {
		return err
	}
	public, err := s.Program.Programme(v.Ctx, e)
	if err != nil {
		return err
	}
	p.Sessions, p.Released = len(draft.Sessions), public.Release.Number
	if !p.Manage {
		return v.Render("desk/edition", v.T("desk.nav_overview"), p)
	}
	if p.Chart, err = curve(v, on); err != nil {
		return err
	}
	rows, _, err := s.Registrations.List(v.Ctx, e.ID, registration.Filter{Limit: latestShown})
	for _, r := range rows {
		p.Latest = append(p.Latest, deskRow(v, r))
	}
	if err != nil {
		return err
	}
	return v.Render("desk/edition", v.T("desk.nav_overview"), p)
}

// curve draws how the seats were taken day by day; one day is no curve.
func curve(v *page.Visit, on page.PlaceCount) (*templates.Chart, error) {
	days, err := v.Site.Registrations.PerDay(v.Ctx, v.Edition)
	if err != nil || len(days) < 2 {
		return nil, err
	}
	c := &templates.Chart{Label: v.T("desk.curve"), Capacity: int(on.Capacity)}
	for _, d := range days {
		c.Values = append(c.Values, int(d.Total))
		c.Days = append(c.Days, text.DayMonth(v.Lang, d.Date))
	}
	return c, nil
}
