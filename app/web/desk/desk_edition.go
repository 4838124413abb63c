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
	Charts   []deskCurve
	Arrived  int64
	Sessions int
	Released int64
	Latest   []page.RegistrationRow
	Base     string
	Public   string
	Manage   bool
	Pending  int64
	Offered  int64
	NoMail   bool
	Ready    *readyList
	Plan     string // where the next edition is planned, for those who may
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
	p.Plan = planFrom(v, e)
	if p.Ready, err = newReady(v, p.Phase, draft, public, places); err != nil {
		return err
	}
	if p.Charts, err = curves(v, places); err != nil {
		return err
	}
	counts, err := s.Registrations.Counts(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	p.Pending, p.Offered = counts.Pending, counts.Offered
	rows, _, err := s.Registrations.List(v.Ctx, e.ID, registration.Filter{Limit: latestShown})
	if err != nil {
		return err
	}
	for _, r := range rows {
		p.Latest = append(p.Latest, v.RegistrationRow(r))
	}
	return v.Render("desk/edition", v.T("desk.nav_overview"), p)
}

// deskCurve is how one kind of place filled.
type deskCurve struct {
	Kind  registration.Kind
	Chart templates.Chart
}

// curves draw how the places were taken, what was left and who waited, by the
// hour at first and by the day later. Places without a limit have none, save for
// seats; one point is no curve.
func curves(v *page.Visit, places registration.Places) ([]deskCurve, error) {
	var list []deskCurve
	for _, kind := range registration.Kinds {
		place := places[kind]
		if kind == registration.Remote && place.Capacity == nil {
			continue
		}
		points, err := v.Site.Registrations.Curve(v.Ctx, v.Edition, kind)
		if err != nil {
			return nil, err
		}
		if len(points) < 2 {
			continue
		}
		list = append(list, deskCurve{Kind: kind, Chart: curve(v, place, points)})
	}
	return list, nil
}

func curve(v *page.Visit, place registration.Place, points []registration.Point) templates.Chart {
	c := templates.Chart{Label: v.T("desk.curve"), Capacity: int(page.CountOf(place).Capacity)}
	hourly := points[1].At.Sub(points[0].At) <= time.Hour
	for _, at := range points {
		day, left := text.DayMonth(v.Lang, at.At), -1
		if hourly {
			day += " " + text.At(v.Lang, at.At)
		}
		if at.Capacity != nil {
			left = int(max(0, *at.Capacity-at.Taken))
		}
		c.Days, c.Values = append(c.Days, day), append(c.Values, int(at.Taken))
		c.Left, c.Waiting = append(c.Left, left), append(c.Waiting, int(at.Waiting))
	}
	return c
}
