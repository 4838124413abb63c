package web

import (
	"time"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// deskEditionPage is how an edition stands, and what waits for its organiser.
type deskEditionPage struct {
	Title    words
	City     words
	When     string
	Phase    edition.Phase
	Days     int
	Onsite   placeCount
	Remote   placeCount
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

func (v *visit) deskRow(r registration.Registration) deskRegistration {
	return deskRegistration{Name: r.Name, Organisation: r.Organisation, Email: r.Email, Code: r.Code, State: r.State, Kind: r.Kind,
		Meanwhile: r.Meanwhile, At: v.edition.Local(r.CreatedAt), Photo: r.Photo, Needs: r.Needs}
}

// latestShown is how many of the newest registrations the overview shows.
const latestShown = 6

func (s *Site) deskEdition(v *visit) error {
	e := v.edition
	places, err := s.Registrations.Places(v.ctx, e.ID)
	if err != nil {
		return err
	}
	on := countOf(places[registration.Onsite])
	p := deskEditionPage{
		Title: v.words(e.Title), City: v.words(e.City), When: text.Days(v.lang, e.Local(e.StartsAt), e.Local(e.EndsAt)),
		Phase: e.Phase(v.now, on.Full), Days: e.DaysLeft(v.now), Onsite: on, Remote: countOf(places[registration.Remote]),
		Meter: templates.Meter{Taken: int(on.Taken), Capacity: int(on.Capacity), Waiting: int(on.Waiting)},
		Base:  "/desk" + e.Path(), Public: e.Path(), Manage: v.may(account.Organiser), NoMail: !s.Config.SMTP,
	}
	if p.Arrived, err = s.Door.Count(v.ctx, e.ID); err != nil {
		return err
	}
	draft, err := s.Program.Draft(v.ctx, e)
	if err != nil {
		return err
	}
	public, err := s.Program.Programme(v.ctx, e)
	if err != nil {
		return err
	}
	p.Sessions, p.Released = len(draft.Sessions), public.Release.Number
	if !p.Manage {
		return v.render("desk/edition", v.t("desk.nav_overview"), p)
	}
	if p.Chart, err = v.curve(on); err != nil {
		return err
	}
	rows, _, err := s.Registrations.List(v.ctx, e.ID, registration.Filter{Limit: latestShown})
	for _, r := range rows {
		p.Latest = append(p.Latest, v.deskRow(r))
	}
	if err != nil {
		return err
	}
	return v.render("desk/edition", v.t("desk.nav_overview"), p)
}

// curve draws how the seats were taken day by day; one day is no curve.
func (v *visit) curve(on placeCount) (*templates.Chart, error) {
	days, err := v.site.Registrations.PerDay(v.ctx, v.edition)
	if err != nil || len(days) < 2 {
		return nil, err
	}
	c := &templates.Chart{Label: v.t("desk.curve"), Capacity: int(on.Capacity)}
	for _, d := range days {
		c.Values = append(c.Values, int(d.Total))
		c.Days = append(c.Days, text.DayMonth(v.lang, d.Date))
	}
	return c, nil
}
