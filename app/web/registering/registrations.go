package registering

import (
	"agora/app/door"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// perPage is how many registrations a page of the list holds.
const perPage = 50

// registrationsPage is the organiser's list of registrations.
type registrationsPage struct {
	Rows    []listedRow
	Total   int64
	States  []page.Pill
	Hidden  []templates.Field
	Search  templates.Field
	Kind    templates.Field
	Photo   templates.Field
	Special templates.Field
	Pages   templates.Pages
	Base    string
	Decide  string
	Pending bool // somebody on the page waits for an organiser's word
	Live    bool // somebody on the page can be cancelled
	Any     bool
	Filters bool
}

// Shape adds the box that ticks all the others.
func (p registrationsPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "tick-all") }

// listedRow is a line of the list with its marks.
type listedRow struct {
	page.RegistrationRow
	Pending bool
	Marks   []string
}

// The words of the address beside a registration's own states.
const (
	statePending    = "pending"
	stateUnanswered = "unanswered"
)

// listFilter reads the filter that the address asks by; what it does not know
// filters nothing.
func listFilter(v *page.Visit) registration.Filter {
	f := registration.Filter{Search: v.Query("q")}
	switch state := v.Query("state"); state {
	case statePending:
		f.Pending = true
	case stateUnanswered:
		f.Unanswered = true
	case string(registration.Waiting):
		f.InLine = true
	case string(registration.Confirmed), string(registration.Offered), string(registration.Cancelled):
		f.State = registration.State(state)
	}
	if kind := registration.Kind(v.Query("kind")); kind == registration.Onsite || kind == registration.Remote {
		f.Kind = kind
	}
	switch photo := registration.Photo(v.Query("photo")); photo {
	case registration.PhotoYes, registration.PhotoAsk, registration.PhotoNo:
		f.Photo = photo
	}
	return f
}

// filterNames are what the address of the list asks by, its page aside.
var filterNames = []string{"q", "state", "kind", "photo"}

// filterQuery is the filter as an address asks by it, with some of it changed.
func filterQuery(v *page.Visit, changes ...string) string { return v.AskedAs(filterNames, changes...) }

// RegistrationsPage lists who has registered.
func (s Pages) RegistrationsPage(v *page.Visit) error {
	at, filter := v.LeafAt(), listFilter(v)
	filter.Limit, filter.Offset = perPage, (at-1)*perPage
	rows, total, err := s.Registrations.List(v.Ctx, v.Edition.ID, filter)
	if err != nil {
		return err
	}
	counts, err := s.Registrations.Counts(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := registrationsPage{Total: total, Base: "/desk" + v.Edition.Path(), States: statePills(v, counts), Any: counts.Total > 0,
		Filters: filterQuery(v) != ""}
	p.Decide = p.Base + "/registrations/decide" + filterQuery(v)
	p.fields(v)
	if p.Rows, err = s.listed(v, rows); err != nil {
		return err
	}
	for _, r := range rows {
		p.Pending, p.Live = p.Pending || r.Pending && r.Live(), p.Live || r.Live()
	}
	p.Pages = v.Leaf(at, int((total+perPage-1)/perPage))
	return v.Render("desk/registrations", v.T("desk.nav_registrations"), p)
}

// fields are those of the filter and of the form that takes the list away.
func (p *registrationsPage) fields(v *page.Visit) {
	f := v.Blank()
	for _, name := range filterNames {
		if f.Set(name, v.Query(name)); f.Has(name) {
			p.Hidden = append(p.Hidden, templates.Field{Type: "hidden", Name: name, Value: v.Query(name)})
		}
	}
	p.Search, p.Kind, p.Photo = f.Field("q", "search", "desk.search"), f.Field("kind", "select", "desk.kind"), f.Field("photo", "select", "desk_people.photo")
	p.Special = f.Field("special", "checkbox", "desk_people.special")
	p.Kind.Options = append([]templates.Option{{Text: v.T("desk.any_kind")}}, kindOptions(v)...)
	p.Photo.Options = []templates.Option{{Text: v.T("desk.any_kind")}}
	for _, photo := range []registration.Photo{registration.PhotoYes, registration.PhotoAsk, registration.PhotoNo} {
		p.Photo.Options = append(p.Photo.Options, templates.Option{Value: string(photo), Text: v.T("paper.photo_" + string(photo))})
	}
}

// statePills lead to each state that anybody is in.
func statePills(v *page.Visit, c registration.Counts) []page.Pill {
	var list []page.Pill
	for _, s := range []struct {
		value string
		n     int64
	}{
		{"", c.Total}, {string(registration.Confirmed), c.Confirmed}, {string(registration.Waiting), c.Waiting}, {string(registration.Offered), c.Offered},
		{statePending, c.Pending}, {stateUnanswered, c.Unanswered}, {string(registration.Cancelled), c.Cancelled},
	} {
		current := v.Query("state") == s.value
		if s.n == 0 && !current {
			continue
		}
		text := v.T("desk_people.state_all")
		if s.value != "" {
			text = v.T("desk_people.state_" + s.value)
		}
		list = append(list, page.Pill{Text: text, N: s.n, Current: current, Href: "/desk" + v.Edition.Path() + "/registrations" + filterQuery(v, "state", s.value)})
	}
	return list
}

// listed puts registrations into lines, with the same few questions to the
// database however many there are.
func (s Pages) listed(v *page.Visit, rows []registration.Registration) ([]listedRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	arrived, err := s.arrived(v, rows...)
	if err != nil {
		return nil, err
	}
	holds, err := s.holdNames(v)
	if err != nil {
		return nil, err
	}
	list := make([]listedRow, len(rows))
	for i, r := range rows {
		_, in := arrived[r.ID]
		list[i] = listedRow{RegistrationRow: v.RegistrationRow(r), Pending: r.Pending && r.Live(), Marks: marks(v, r, holds[r.HoldID], in)}
	}
	return list, nil
}

// arrived are the check-ins of some registrations, by their ids.
func (s Pages) arrived(v *page.Visit, rows ...registration.Registration) (map[string]door.CheckIn, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return s.Door.Among(v.Ctx, ids)
}

// holdNames are the names of the edition's holds by their ids.
func (s Pages) holdNames(v *page.Visit) (map[string]string, error) {
	holds, err := s.Registrations.Holds(v.Ctx, v.Edition.ID)
	names := make(map[string]string, len(holds))
	for _, h := range holds {
		names[h.ID] = h.Name
	}
	return names, err
}

// marks are what an organiser wants to see of a registration at a glance.
func marks(v *page.Visit, r registration.Registration, hold string, arrived bool) (list []string) {
	mark := func(when bool, key string, args ...any) {
		if when {
			list = append(list, v.T(key, args...))
		}
	}
	mark(arrived, "desk.arrived")
	if !r.Live() {
		return list
	}
	mark(r.Meanwhile, "desk.meanwhile")
	if r.OfferUntil != nil && r.State == registration.Offered {
		mark(true, "desk_people.mark_until", "when", v.SentenceTime(*r.OfferUntil))
	}
	if r.State == registration.Confirmed {
		mark(r.ComingAt != nil, "desk_people.mark_coming")
		mark(r.AskedAt != nil && r.ComingAt == nil, "desk_people.mark_unanswered")
	}
	mark(r.Party != "" && r.Together, "desk_people.mark_together")
	mark(r.Party != "" && !r.Together, "desk_people.mark_party")
	mark(hold != "", "desk_people.mark_hold", "name", hold)
	return list
}
