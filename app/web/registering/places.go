package registering

import (
	"strconv"

	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// placesPage tells at a glance how both kinds of place stand, and sets their
// number.
type placesPage struct {
	Tabs     []page.NavLink
	Kinds    []kindFigures
	Problems []templates.Problem
	Sizes    []sizeFields
	// Gain says what saving will do to those who wait; it is then asked once more.
	Gain []string
	Base string
}

type kindFigures struct {
	Name    string
	Meter   templates.Meter
	Figures []placeFigure
}

// placeFigure is a number with what it counts; Note adds to it.
type placeFigure struct{ Value, Label, Note string }

// sizeFields set one kind of place. Was are the numbers the form was filled in
// with: what is left as it was is not sent to the area, so that two organisers
// do not undo each other.
type sizeFields struct {
	Name                       string
	Capacity, Overbook         templates.Field
	Hint                       string
	CapacityWas, OverbookWas   string
	CapacityName, OverbookName string
}

// placeTabs are the pages about places.
func placeTabs(v *page.Visit) []page.NavLink {
	base := "/desk" + v.Edition.Path() + "/places"
	tabs := []page.NavLink{{Href: base, Text: v.T("places.tab_numbers")}, {Href: base + "/holds", Text: v.T("places.tab_holds")},
		{Href: base + "/invite", Text: v.T("places.tab_invite")}, {Href: base + "/rules", Text: v.T("places.tab_rules")}}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == v.C.Path()
	}
	return tabs
}

// PlacesPage shows the numbers.
func (s Pages) PlacesPage(v *page.Visit) error {
	f := v.Blank()
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	for _, kind := range registration.Kinds {
		p := places[kind]
		f.SetCount("capacity_"+string(kind), p.Capacity)
		f.SetCount("overbook_"+string(kind), &p.Overbook)
		for _, name := range []string{"capacity_", "overbook_"} {
			f.Set(name+string(kind)+"_was", f.Get(name+string(kind)))
		}
	}
	return s.placesPage(v, f, places, nil)
}

// PlacesSave changes the numbers. When somebody who waits gets a place by it,
// that is said first: letters cannot be taken back.
func (s Pages) PlacesSave(v *page.Visit) error {
	f := v.Sent()
	sizes := sizesSent(f)
	places, err := s.Registrations.Places(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	if err = f.Unsaid(sizes.Check()); err == nil {
		belowTaken(f, places, sizes)
	}
	if err == nil && len(f.Problems) == 0 {
		gain, wrong := s.gain(v, places, sizes)
		if wrong != nil {
			return wrong
		}
		if len(gain) > 0 && !f.Has("sure") {
			return s.placesPage(v, f, places, gain)
		}
		if len(sizes.Capacity)+len(sizes.Overbook) > 0 {
			err = s.Registrations.Resize(v.Ctx, v.Edition, v.Person.ID, sizes)
		}
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.placesPage(v, f, places, nil)
	}
	v.Say("success", "flash.places_saved")
	return v.Redirect(v.C.Path())
}

// sizesSent reads what was changed in the form.
func sizesSent(f *page.Form) registration.Sizes {
	z := registration.Sizes{Capacity: map[registration.Kind]*int64{}, Overbook: map[registration.Kind]int64{}}
	for _, kind := range registration.Kinds {
		changed := func(name string) bool { return f.Get(name) != f.Get(name+"_was") }
		if name := "capacity_" + string(kind); changed(name) {
			z.Capacity[kind] = f.Count(name)
		}
		if name := "overbook_" + string(kind); changed(name) {
			z.Overbook[kind] = 0
			if n := f.Count(name); n != nil {
				z.Overbook[kind] = *n
			}
		}
	}
	return z
}

// belowTaken tells early what the area would refuse, so that one try tells
// everything. The area decides by the counts of its moment.
func belowTaken(f *page.Form, places registration.Places, z registration.Sizes) {
	for _, kind := range registration.Kinds {
		p, name := places[kind], "capacity_"+string(kind)
		n, named := z.Capacity[kind]
		if !named {
			n = p.Capacity
		}
		overbook, also := z.Overbook[kind]
		if !also {
			overbook = p.Overbook
		}
		if (named || also) && n != nil && *n+overbook < p.Taken+p.Held && len(f.Problems[name])+len(f.Problems["overbook_"+string(kind)]) == 0 {
			f.Note(name, "registration.capacity_below", "taken", p.Taken+p.Held)
		}
	}
}

// gain says, kind by kind, how many who wait get a place when the sizes are set.
func (s Pages) gain(v *page.Visit, places registration.Places, z registration.Sizes) ([]string, error) {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil || !v.Now.Before(v.Edition.EndsAt) {
		return nil, err
	}
	var list []string
	for _, kind := range registration.Kinds {
		p := places[kind]
		if n, named := z.Capacity[kind]; named {
			p.Capacity = n
		}
		if n, named := z.Overbook[kind]; named {
			p.Overbook = n
		}
		n, unlimited := p.Free()
		if unlimited || n > p.Waiting {
			n = p.Waiting
		}
		how := "given"
		if setup.Rules.Offers(v.Edition, v.Now, kind) {
			how = "offered"
		}
		if n > 0 {
			list = append(list, v.T("places.gain_"+string(kind)+"_"+how, "n", n))
		}
	}
	return list, nil
}

func (s Pages) placesPage(v *page.Visit, f *page.Form, places registration.Places, gain []string) error {
	p := placesPage{Tabs: placeTabs(v), Base: "/desk" + v.Edition.Path(), Gain: gain}
	for _, kind := range registration.Kinds {
		figures, err := s.figures(v, kind, places[kind])
		if err != nil {
			return err
		}
		p.Kinds = append(p.Kinds, figures)
		p.Sizes = append(p.Sizes, newSizeFields(v, f, kind, places[kind]))
	}
	p.Problems = f.Summary()
	return v.Render("desk/places", v.T("places.title"), p)
}

func newSizeFields(v *page.Visit, f *page.Form, kind registration.Kind, p registration.Place) sizeFields {
	z := sizeFields{Name: v.T("place." + string(kind)), CapacityName: "capacity_" + string(kind), OverbookName: "overbook_" + string(kind)}
	z.CapacityWas, z.OverbookWas = f.Get(z.CapacityName+"_was"), f.Get(z.OverbookName+"_was")
	z.Capacity, z.Overbook = f.Field(z.CapacityName, "text", "places.capacity"), f.Field(z.OverbookName, "text", "places.overbook")
	if p.Taken+p.Held > 0 {
		z.Hint = v.T("places.least", "n", p.Taken+p.Held)
	}
	return z
}

// figures are what is known of a kind of place.
func (s Pages) figures(v *page.Visit, kind registration.Kind, p registration.Place) (kindFigures, error) {
	_, offered, err := s.Registrations.List(v.Ctx, v.Edition.ID, registration.Filter{State: registration.Offered, Kind: kind, Limit: 1})
	if err != nil {
		return kindFigures{}, err
	}
	show := func(n int64) string { return text.Number(v.Lang, n) }
	taken := placeFigure{Value: show(p.Taken), Label: v.T("places.taken")}
	if offered > 0 {
		taken.Note = v.T("places.offered", "n", offered)
	}
	capacity, free := placeFigure{Label: v.T("places.of_capacity")}, placeFigure{Label: v.T("places.free")}
	meter := templates.Meter{Taken: int(p.Taken), Waiting: int(p.Waiting)}
	if n, unlimited := p.Free(); unlimited {
		capacity.Value, free.Value = v.T("places.unlimited"), v.T("places.unlimited")
	} else {
		capacity.Value, free.Value = show(*p.Capacity), show(n)
		meter.Capacity = int(*p.Capacity)
	}
	if p.Held > 0 {
		meter.Text = v.T("places.held_text", "n", p.Held)
	}
	return kindFigures{Name: v.T("place." + string(kind)), Meter: meter, Figures: []placeFigure{capacity,
		{Value: "+" + strconv.FormatInt(p.Overbook, 10), Label: v.T("places.overbooked")}, {Value: show(p.Held), Label: v.T("places.held")},
		taken, {Value: show(p.Waiting), Label: v.T("places.waiting")}, free}}, nil
}
