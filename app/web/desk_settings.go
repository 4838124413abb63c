package web

import (
	"strconv"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/templates"
)

// editionFormPage makes or changes an edition.
type editionFormPage struct {
	New       bool
	Problems  []templates.Problem
	Rule      string
	Action    string
	Slug      templates.Field
	Titles    []templates.Field
	Leads     []templates.Field
	Cities    []templates.Field
	Venues    []templates.Field
	Times     []templates.Field
	Zone      templates.Field
	Onsite    templates.Field
	Remote    templates.Field
	Stream    templates.Field
	Languages templates.Choice
	Practical []practicalFields
}

type practicalFields struct {
	Title  string
	Fields []templates.Field
}

const usualZone = "Europe/Helsinki"

// editionForm proposes the next date by the series' rule, nine to five, with
// registration from two months to one week before.
func (s *Site) editionForm(v *visit) error {
	f := v.blank().set("zone", usualZone).set("capacity_onsite", "300")
	loc, err := time.LoadLocation(usualZone)
	if err != nil {
		return err
	}
	for _, l := range text.Langs {
		f.set("languages_"+string(l), "1")
	}
	if day, ok := v.edition.Series.DateRule.Next(v.now, loc); ok {
		at := func(days, hour, minute int) time.Time {
			return time.Date(day.Year(), day.Month(), day.Day()+days, hour, minute, 0, 0, loc)
		}
		f.set("slug", strconv.Itoa(day.Year()))
		for name, t := range map[string]time.Time{"starts_at": at(0, 9, 0), "ends_at": at(0, 17, 0), "opens_at": at(-63, 9, 0), "closes_at": at(-7, 23, 59)} {
			f.setTime(name, t, loc)
		}
		for _, l := range text.Langs {
			f.set(textName("title", l), v.seriesName()+" "+strconv.Itoa(day.Year()))
		}
	}
	return v.editionFormPage(f, true)
}

func (s *Site) editionCreate(v *visit) error {
	f := v.sent()
	in, capacity := f.edition()
	var e edition.Edition
	err := f.allProblems(in, capacity)
	if err == nil && len(f.problems) == 0 {
		e, err = s.Registrations.NewEdition(v.ctx, v.person.ID, v.edition.Series, in, capacity)
	}
	if bad, err := f.failed(err); bad {
		if err != nil {
			return err
		}
		return v.editionFormPage(f, true)
	}
	v.say("success", "flash.saved")
	return v.redirect("/desk" + e.Path())
}

func (s *Site) settingsForm(v *visit) error {
	f := v.blank()
	places, err := s.Registrations.Places(v.ctx, v.edition.ID)
	if err != nil {
		return err
	}
	f.fillEdition(v.edition, places)
	return v.editionFormPage(f, false)
}

func (s *Site) settingsSave(v *visit) error {
	f := v.sent()
	in, capacity := f.edition()
	in.Slug = v.edition.Slug
	err := f.allProblems(in, capacity)
	if err == nil && len(f.problems) == 0 {
		err = s.Registrations.Settings(v.ctx, v.edition, v.person.ID, in, capacity)
	}
	if bad, err := f.failed(err); bad {
		if err != nil {
			return err
		}
		return v.editionFormPage(f, false)
	}
	v.say("success", "flash.saved")
	return v.redirect("/desk" + v.edition.Path() + "/settings")
}

// allProblems asks the areas for what else is wrong, so that one try tells
// everything. What could not be read is named already, so its field is left out.
func (f *form) allProblems(in edition.Input, capacity map[registration.Kind]*int64) error {
	all := fail.Fields{}
	for _, err := range []error{in.Check(), registration.CheckCapacity(capacity)} {
		e, ok := fail.As(err)
		if err != nil && !ok {
			return err
		}
		if ok {
			for name, list := range e.Fields {
				if len(f.problems[name]) == 0 {
					all[name] = list
				}
			}
		}
	}
	return all.Err()
}

// edition reads the form. Problems of single fields are noted as they are found.
func (f *form) edition() (edition.Input, map[registration.Kind]*int64) {
	loc, err := time.LoadLocation(f.get("zone"))
	if err != nil || f.get("zone") == "" {
		loc = time.UTC // the area names the problem with the zone
	}
	in := edition.Input{
		Slug: f.get("slug"), Title: f.texts("title"), Lead: f.texts("lead"), City: f.texts("city"), Venue: f.texts("venue"),
		Zone: f.get("zone"), StartsAt: f.at("starts_at", loc), EndsAt: f.at("ends_at", loc),
		OpensAt: f.at("opens_at", loc), ClosesAt: f.at("closes_at", loc), StreamURL: f.get("stream_url"), Practical: edition.Practical{},
	}
	for _, l := range text.Langs {
		if f.has("languages_" + string(l)) {
			in.Languages = append(in.Languages, l)
		}
	}
	for _, topic := range edition.Topics {
		in.Practical[topic] = f.texts("practical_" + topic)
	}
	return in, map[registration.Kind]*int64{registration.Onsite: f.count("capacity_onsite"), registration.Remote: f.count("capacity_remote")}
}

func (f *form) fillEdition(e edition.Edition, places registration.Places) {
	loc := e.Location()
	f.set("slug", e.Slug).set("zone", e.Zone).set("stream_url", e.StreamURL)
	for name, t := range map[string]text.Texts{"title": e.Title, "lead": e.Lead, "city": e.City, "venue": e.Venue} {
		f.setTexts(name, t)
	}
	for name, t := range map[string]time.Time{"starts_at": e.StartsAt, "ends_at": e.EndsAt, "opens_at": e.OpensAt, "closes_at": e.ClosesAt} {
		f.setTime(name, t, loc)
	}
	for _, l := range e.Languages {
		f.set("languages_"+string(l), "1")
	}
	for topic, t := range e.Practical {
		f.setTexts("practical_"+topic, t)
	}
	f.setCount("capacity_onsite", places[registration.Onsite].Capacity)
	f.setCount("capacity_remote", places[registration.Remote].Capacity)
}

func (v *visit) editionFormPage(f *form, isNew bool) error {
	langs := langsOf(v.edition)
	p := editionFormPage{New: isNew, Rule: v.ruleWords(v.edition.Series.DateRule), Action: v.c.Path()}
	// In the order of the page, which the summary of problems keeps.
	p.Titles, p.Slug, p.Languages = f.textFields("title", "text", "edition_form.name", langs), f.field("slug", "text", "edition_form.slug"), f.languages()
	for _, name := range []string{"starts_at", "ends_at", "opens_at", "closes_at"} {
		p.Times = append(p.Times, f.field(name, "datetime-local", "edition_form."+name))
	}
	p.Zone = f.field("zone", "text", "edition_form.zone")
	p.Cities, p.Venues = f.textFields("city", "text", "edition_form.city", langs), f.textFields("venue", "text", "edition_form.venue", langs)
	p.Onsite, p.Remote = f.field("capacity_onsite", "text", "edition_form.onsite"), f.field("capacity_remote", "text", "edition_form.remote")
	p.Stream, p.Leads = f.field("stream_url", "url", "edition_form.stream"), f.textFields("lead", "textarea", "edition_form.lead", langs)
	for _, topic := range edition.Topics {
		p.Practical = append(p.Practical, practicalFields{Title: v.t("practical." + topic),
			Fields: f.textFields("practical_"+topic, "textarea", "practical."+topic, langs)})
	}
	p.Problems = f.summary()
	title := v.t("desk.nav_settings")
	if isNew {
		title = v.t("desk.new_edition")
	}
	return v.render("desk/edition_form", title, p)
}

// languages draws a box per language; each is a field of its own.
func (f *form) languages() templates.Choice {
	c := templates.Choice{Name: "languages", Legend: f.v.t("edition_form.languages"), Hint: f.v.t("edition_form.languages_hint"), Errors: f.errors("languages"), Several: true}
	f.drawn = append(f.drawn, drawnField{"languages", c.Legend, "languages"})
	for _, l := range text.Langs {
		c.Options = append(c.Options, templates.Option{Value: string(l), Text: l.Name(), Checked: f.has("languages_" + string(l))})
	}
	return c
}
