package desk

import (
	"strconv"
	"time"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// editionFormPage makes or changes an edition.
type editionFormPage struct {
	New       bool
	Problems  []templates.Problem
	Rule      string
	Action    string
	Slug      templates.Field
	Titles    page.TextGroup
	Leads     page.TextGroup
	Cities    page.TextGroup
	Venues    page.TextGroup
	Times     []templates.Field
	Zone      templates.Field
	Capacity  []templates.Field // of a new edition; later they have a page of their own
	Places    string
	Stream    templates.Field
	Languages templates.Choice
	Practical []practicalFields
}

type practicalFields struct {
	Title         string
	Filled, Wrong bool
	Fields        []templates.Field
}

const usualZone = "Europe/Helsinki"

// EditionForm proposes the next date by the series' rule, nine to five, with
// registration from two months to one week before.
func (s Pages) EditionForm(v *page.Visit) error {
	f := v.Blank().Set("zone", usualZone).Set("capacity_onsite", "300")
	loc, err := time.LoadLocation(usualZone)
	if err != nil {
		return err
	}
	for _, l := range text.Langs {
		f.Set("languages_"+string(l), "1")
	}
	day, ok, err := s.nextDay(v, loc)
	if err != nil {
		return err
	}
	if ok {
		at := func(days, hour, minute int) time.Time {
			return time.Date(day.Year(), day.Month(), day.Day()+days, hour, minute, 0, 0, loc)
		}
		f.Set("slug", strconv.Itoa(day.Year()))
		for name, t := range map[string]time.Time{"starts_at": at(0, 9, 0), "ends_at": at(0, 17, 0), "opens_at": at(-63, 9, 0), "closes_at": at(-7, 23, 59)} {
			f.SetTime(name, t, loc)
		}
		for _, l := range text.Langs {
			f.Set(page.TextName("title", l), v.SeriesName()+" "+strconv.Itoa(day.Year()))
		}
	}
	return newEditionFormPage(v, f, true)
}

// nextDay is the first day by the series' rule whose year has no edition yet.
func (s Pages) nextDay(v *page.Visit, loc *time.Location) (day time.Time, ok bool, err error) {
	editions, err := s.Editions.Of(v.Ctx, v.Edition.Series)
	if err != nil {
		return day, false, err
	}
	taken := map[string]bool{}
	for _, e := range editions {
		taken[e.Slug] = true
	}
	for day, ok = v.Edition.Series.DateRule.Next(v.Now, loc); ok && taken[strconv.Itoa(day.Year())]; {
		day, ok = v.Edition.Series.DateRule.Next(day.AddDate(0, 0, 1), loc)
	}
	return day, ok, nil
}

// EditionCreate makes a new edition.
func (s Pages) EditionCreate(v *page.Visit) error {
	f := v.Sent()
	in := editionInput(f)
	capacity := map[registration.Kind]*int64{registration.Onsite: f.Count("capacity_onsite"), registration.Remote: f.Count("capacity_remote")}
	var e edition.Edition
	err := f.Unsaid(in.Check(), registration.CheckCapacity(capacity))
	if err == nil && len(f.Problems) == 0 {
		e, err = s.Registrations.NewEdition(v.Ctx, v.Person.ID, v.Edition.Series, in, capacity)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newEditionFormPage(v, f, true)
	}
	v.Say("success", "flash.saved")
	return v.Redirect("/desk" + e.Path())
}

// SettingsForm shows an edition's settings.
func (s Pages) SettingsForm(v *page.Visit) error {
	f := v.Blank()
	fillEdition(f, v.Edition)
	return newEditionFormPage(v, f, false)
}

// SettingsSave changes them. The numbers of places are set on the page about
// places.
func (s Pages) SettingsSave(v *page.Visit) error {
	f := v.Sent()
	in := editionInput(f)
	in.Slug = v.Edition.Slug
	err := f.Unsaid(in.Check())
	if err == nil && len(f.Problems) == 0 {
		err = s.Registrations.Settings(v.Ctx, v.Edition, v.Person.ID, in, nil)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newEditionFormPage(v, f, false)
	}
	v.Say("success", "flash.saved")
	return v.Redirect("/desk" + v.Edition.Path() + "/settings")
}

// editionInput reads the form. Problems of single fields are noted as they are found.
func editionInput(f *page.Form) edition.Input {
	loc, err := time.LoadLocation(f.Get("zone"))
	if err != nil || f.Get("zone") == "" {
		loc = time.UTC // the area names the problem with the zone
	}
	in := edition.Input{
		Slug: f.Get("slug"), Title: f.Texts("title"), Lead: f.Texts("lead"), City: f.Texts("city"), Venue: f.Texts("venue"),
		Zone: f.Get("zone"), StartsAt: f.At("starts_at", loc), EndsAt: f.At("ends_at", loc),
		OpensAt: f.At("opens_at", loc), ClosesAt: f.At("closes_at", loc), StreamURL: f.Get("stream_url"), Practical: edition.Practical{},
	}
	for _, l := range text.Langs {
		if f.Has("languages_" + string(l)) {
			in.Languages = append(in.Languages, l)
		}
	}
	for _, topic := range edition.Topics {
		in.Practical[topic] = f.Texts("practical_" + topic)
	}
	return in
}

func fillEdition(f *page.Form, e edition.Edition) {
	loc := e.Location()
	f.Set("slug", e.Slug).Set("zone", e.Zone).Set("stream_url", e.StreamURL)
	for name, t := range map[string]text.Texts{"title": e.Title, "lead": e.Lead, "city": e.City, "venue": e.Venue} {
		f.SetTexts(name, t)
	}
	for name, t := range map[string]time.Time{"starts_at": e.StartsAt, "ends_at": e.EndsAt, "opens_at": e.OpensAt, "closes_at": e.ClosesAt} {
		f.SetTime(name, t, loc)
	}
	for _, l := range e.Languages {
		f.Set("languages_"+string(l), "1")
	}
	for topic, t := range e.Practical {
		f.SetTexts("practical_"+topic, t)
	}
}

func newEditionFormPage(v *page.Visit, f *page.Form, isNew bool) error {
	langs := page.FormLangs(v.Edition)
	p := editionFormPage{New: isNew, Rule: v.RuleWords(v.Edition.Series.DateRule), Action: v.C.Path(), Places: "/desk" + v.Edition.Path() + "/places"}
	// In the order of the page, which the summary of problems keeps.
	p.Titles, p.Slug, p.Languages = f.TextGroup("title", "text", "edition_form.name"), f.Field("slug", "text", "edition_form.slug"), languages(f)
	p.Leads = f.TextGroup("lead", "textarea", "edition_form.lead")
	for _, name := range []string{"starts_at", "ends_at", "opens_at", "closes_at"} {
		p.Times = append(p.Times, f.Field(name, "datetime-local", "edition_form."+name))
	}
	p.Zone = f.Field("zone", "text", "edition_form.zone")
	p.Cities, p.Venues = f.TextGroup("city", "text", "edition_form.city"), f.TextGroup("venue", "text", "edition_form.venue")
	p.Stream = f.Field("stream_url", "url", "edition_form.stream")
	if isNew {
		p.Capacity = []templates.Field{f.Field("capacity_onsite", "text", "edition_form.onsite"), f.Field("capacity_remote", "text", "edition_form.remote")}
	}
	for _, topic := range edition.Topics {
		one := practicalFields{Title: v.T("practical." + topic), Fields: f.TextFields("practical_"+topic, "textarea", "practical."+topic, langs), Filled: !f.Texts("practical_" + topic).Empty()}
		for _, x := range one.Fields {
			one.Wrong = one.Wrong || len(x.Errors) > 0
		}
		p.Practical = append(p.Practical, one)
	}
	p.Problems = f.Summary()
	title := v.T("desk.nav_settings")
	if isNew {
		title = v.T("desk.new_edition")
	}
	return v.Render("desk/edition_form", title, p)
}

// languages draws a box per language; each is a field of its own.
func languages(f *page.Form) templates.Choice {
	c := templates.Choice{Name: "languages", Legend: f.V.T("edition_form.languages"), Hint: f.V.T("edition_form.languages_hint"), Errors: f.Errors("languages"), Several: true}
	f.Draws("languages", c.Legend, "languages")
	for _, l := range text.Langs {
		c.Options = append(c.Options, templates.Option{Value: string(l), Text: l.Name(), Checked: f.Has("languages_" + string(l))})
	}
	return c
}
