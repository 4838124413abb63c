package desk

import (
	"agora/app/account"
	"agora/app/carry"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// readyList is what an edition still needs before its day, and what came along
// when it was planned. It is read off the edition itself: nothing is ticked by
// hand, so nothing is ticked in vain.
type readyList struct {
	Items    []readyItem
	Done     int
	Came     []string
	From     page.Words
	FromHref string
	Planned  bool
}

type readyItem struct {
	Title, Text, Href string
	Done              bool
}

// newReady looks at an edition whose day has not come. It is nil when there is
// nothing left to do, or nothing to prepare any more.
func newReady(v *page.Visit, phase edition.Phase, draft, public *program.Programme, places registration.Places) (*readyList, error) {
	if phase == edition.Today || phase == edition.Archive {
		return nil, nil
	}
	r := &readyList{Items: []readyItem{readyDate(v), readyVenue(v), readyPractical(v), readyPlaces(v, places), readyRooms(v, draft, places),
		readyProgramme(v, draft, public), readyOpening(v)}}
	call, err := readyCall(v)
	if err != nil {
		return nil, err
	}
	team, err := readyTeam(v)
	if err != nil {
		return nil, err
	}
	r.Items = append(append(r.Items, call...), team)
	for _, item := range r.Items {
		if item.Done {
			r.Done++
		}
	}
	report, planned, err := v.Site.Carry.ReportOf(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	if planned && phase == edition.Before {
		if err := r.came(v, report); err != nil {
			return nil, err
		}
	}
	if r.Done == len(r.Items) && !r.Planned {
		return nil, nil
	}
	return r, nil
}

// came tells what came along, part by part.
func (r *readyList) came(v *page.Visit, report carry.Report) error {
	from, err := v.Site.Editions.ByID(v.Ctx, report.From)
	if err != nil {
		return err
	}
	r.Planned, r.From, r.FromHref = true, v.Words(from.Title), "/desk"+from.Path()
	for _, part := range carry.Parts {
		n, took := report.Parts[part]
		switch {
		case !took:
		case part == carry.Form || part == carry.Rules || part == carry.Call || part == carry.Certificates:
			r.Came = append(r.Came, v.T("next.part."+string(part)))
		default:
			r.Came = append(r.Came, v.T("ready.came_n", "part", v.T("next.part."+string(part)), "n", n))
		}
	}
	if report.Late > 0 {
		r.Came = append(r.Came, v.T("ready.late", "n", report.Late))
	}
	return nil
}

func deskOf(v *page.Visit, path string) string { return "/desk" + v.Edition.Path() + path }

func readyDate(v *page.Visit) readyItem {
	e := v.Edition
	start := e.Local(e.StartsAt)
	day, rule := text.LongDate(v.Lang, start), e.Series.DateRule
	item := readyItem{Title: v.T("ready.date"), Href: deskOf(v, "/settings#when"), Done: true, Text: v.T("ready.date_free", "day", day)}
	if by, ok := rule.In(start.Year(), e.Location()); ok {
		key := "ready.date_rule"
		if by.YearDay() != start.YearDay() {
			key = "ready.date_own"
		}
		item.Text = v.T(key, "day", day, "rule", text.Date(v.Lang, by))
	}
	return item
}

func readyVenue(v *page.Visit) readyItem {
	e := v.Edition
	item := readyItem{Title: v.T("ready.venue"), Href: deskOf(v, "/settings#where"), Text: v.T("ready.venue_missing")}
	if item.Done = !e.City.Empty() && !e.Venue.Empty(); item.Done || !e.City.Empty() || !e.Venue.Empty() {
		item.Text = joined(v.Words(e.Venue).Text, v.Words(e.City).Text)
	}
	return item
}

// joined puts two names beside each other where both are there.
func joined(a, b string) string {
	if a != "" && b != "" {
		return a + ", " + b
	}
	return a + b
}

func readyPractical(v *page.Visit) readyItem {
	n := 0
	for _, topic := range edition.Topics {
		if !v.Edition.Practical[topic].Empty() {
			n++
		}
	}
	return readyItem{Title: v.T("ready.practical"), Href: deskOf(v, "/settings#practical"), Done: n == len(edition.Topics),
		Text: v.T("ready.practical_n", "n", n, "of", len(edition.Topics))}
}

func readyPlaces(v *page.Visit, places registration.Places) readyItem {
	item := readyItem{Title: v.T("ready.places"), Href: deskOf(v, "/places"), Done: true}
	switch c := places[registration.Onsite].Capacity; {
	case c == nil:
		item.Text = v.T("ready.places_open")
	case *c == 0:
		item.Text = v.T("ready.places_none")
	default:
		item.Text = v.T("ready.places_n", "onsite", *c)
	}
	return item
}

// readyRooms: a day online needs none.
func readyRooms(v *page.Visit, draft *program.Programme, places registration.Places) readyItem {
	c := places[registration.Onsite].Capacity
	return readyItem{Title: v.T("ready.rooms"), Href: deskOf(v, "/rooms"), Done: len(draft.Rooms) > 0 || c != nil && *c == 0,
		Text: v.T("ready.rooms_n", "n", len(draft.Rooms))}
}

func readyProgramme(v *page.Visit, draft, public *program.Programme) readyItem {
	item := readyItem{Title: v.T("ready.program"), Href: deskOf(v, "/program")}
	open := 0
	for _, x := range draft.Sessions {
		if x.Kind != program.Break && !x.Cancelled && len(x.Speakers) == 0 {
			open++
		}
	}
	switch {
	case len(draft.Sessions) == 0:
		item.Text = v.T("ready.program_none")
	case public.Release.Number > 0:
		item.Text, item.Done = v.T("ready.program_out"), true
	case open > 0:
		item.Text = v.T("ready.program_open", "n", open)
	default:
		item.Text = v.T("ready.program_draft")
	}
	return item
}

func readyOpening(v *page.Visit) readyItem {
	e := v.Edition
	item := readyItem{Title: v.T("ready.opening"), Href: deskOf(v, "/settings#when"), Done: true, Text: v.T("ready.opening_open")}
	if v.Now.Before(e.OpensAt) {
		item.Text = v.T("ready.opening_at", "when", v.SentenceTime(e.OpensAt))
	}
	return item
}

// readyCall tells when people may propose, where the edition has a call.
func readyCall(v *page.Visit) ([]readyItem, error) {
	c, err := v.Site.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil || c.Phase(v.Now) == proposal.None {
		return nil, err
	}
	item := readyItem{Title: v.T("ready.call"), Href: deskOf(v, "/proposals"), Done: true}
	item.Text = v.T("ready.call_at", "from", v.SentenceTime(c.OpensAt), "to", v.SentenceTime(c.ClosesAt))
	return []readyItem{item}, nil
}

func readyTeam(v *page.Visit) (readyItem, error) {
	holders, err := v.Site.Accounts.Holders(v.Ctx, account.OfEdition(v.Edition.ID))
	people := map[string]bool{}
	for _, h := range holders {
		if h.Role != account.Speaker {
			people[h.ID] = true
		}
	}
	return readyItem{Title: v.T("ready.team"), Href: deskOf(v, "/people"), Done: len(people) > 0, Text: v.T("ready.team_n", "n", len(people))}, err
}
