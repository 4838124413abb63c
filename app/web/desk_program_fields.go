package web

import (
	"agora/app/program"
	"agora/app/text"
	"agora/templates"
)

// sessionFormPage draws the form of a session, x being nil for a new one, and
// below it the form for its material.
func (v *visit) sessionFormPage(f, added *form, draft *program.Programme, x *program.Session, notice *templates.Notice) error {
	base := "/desk" + v.edition.Path() + "/program"
	p := sessionFormPage{BackHref: base, New: base + "/new", Action: base + "/new", Notice: notice, Zone: v.zoneWords(),
		Version: f.get("version")}
	title := v.t("session_form.new")
	if x == nil {
		p.Key = f.key()
	}
	if x != nil {
		p.Session, p.Action, title = x.Name(v.lang), base+"/"+x.Slug, x.Name(v.lang)
		public, err := v.site.Program.Programme(v.ctx, v.edition)
		if err != nil {
			return err
		}
		if public.BySlug(x.Slug) != nil {
			p.PublicHref = v.sessionHref(x)
		}
		if p.Material, err = v.materialForm(added, x); err != nil {
			return err
		}
	}
	v.sessionTextFields(&p, f)
	v.sessionPlaceFields(&p, f, draft)
	p.Problems = append(f.summary(), added.summary()...)
	return v.render("program/session_form", title, p)
}

func (v *visit) sessionTextFields(p *sessionFormPage, f *form) {
	for _, name := range sessionTexts {
		kind := "text"
		if name == "abstract" || name == "description" {
			kind = "textarea"
		}
		group := v.textGroup(f, name, kind, "session_form."+name)
		for i := range group.Fields {
			group.Fields[i].Optional = name != "title" && group.Legend == ""
			if name == "description" {
				group.Fields[i].Rows = 8
			}
		}
		p.Texts = append(p.Texts, group)
	}
	p.Speakers = f.field("speakers", "textarea", "session_form.speakers")
	p.Speakers.Rows, p.Speakers.Optional = 3, true
}

func (v *visit) textGroup(f *form, name, kind, label string) textGroup {
	langs := v.edition.Languages
	g := textGroup{Fields: f.textFields(name, kind, label, langs)}
	if len(langs) < 2 {
		return g
	}
	g.Legend, g.Hint = v.t(label), g.Fields[0].Hint
	g.Fields[0].Hint = ""
	for i, l := range langs {
		g.Fields[i].Label = l.Name()
	}
	return g
}

func (v *visit) sessionPlaceFields(p *sessionFormPage, f *form, draft *program.Programme) {
	p.Kind = f.field("kind", "", "session_form.kind")
	for _, k := range program.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(k), Text: v.t("program.kind." + string(k))})
	}
	none := templates.Option{Text: v.t("session_form.none")}
	p.Track, p.Room = f.field("track", "", "session_form.track"), f.field("room", "", "session_form.room")
	p.Track.Options, p.Room.Options = []templates.Option{none}, []templates.Option{none}
	for _, t := range draft.Tracks {
		p.Track.Options = append(p.Track.Options, templates.Option{Value: t.ID, Text: v.words(t.Name).Text})
	}
	for _, r := range draft.Rooms {
		p.Room.Options = append(p.Room.Options, templates.Option{Value: r.ID, Text: v.words(r.Name).Text})
	}
	p.Language = f.field("language", "", "session_form.language")
	p.Language.Options = v.languageOptions(p.Language.Value)
	p.Starts = f.field("starts_at", "datetime-local", "session_form.starts")
	p.Ends = f.field("ends_at", "datetime-local", "session_form.ends")
	p.Capacity = f.field("capacity", "number", "session_form.capacity")
	p.Capacity.Min, p.Capacity.Optional = "1", true
	p.Cancelled = f.field("cancelled", "checkbox", "session_form.cancelled")
	p.NoRecord = f.field("no_record", "checkbox", "session_form.no_record")
}

// languageOptions are the program's languages, and what a file said beside them.
func (v *visit) languageOptions(value string) []templates.Option {
	list := []templates.Option{{Text: v.t("session_form.language_none")}}
	known := value == ""
	for _, l := range text.Langs {
		list = append(list, templates.Option{Value: string(l), Text: languageNames(v.lang, string(l))})
		known = known || value == string(l)
	}
	if !known {
		list = append(list, templates.Option{Value: value, Text: languageNames(v.lang, value)})
	}
	return list
}
