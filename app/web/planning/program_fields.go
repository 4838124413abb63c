package planning

import (
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// newSessionFormPage draws the form of a session, x being nil for a new one, and
// below it its material.
func newSessionFormPage(v *page.Visit, f *page.Form, draft *program.Programme, x *program.Session, notice *templates.Notice) error {
	base := "/desk" + v.Edition.Path() + "/program"
	p := sessionFormPage{BackHref: base, New: base + "/new", Action: base + "/new", Notice: notice, Zone: v.ZoneWords(),
		Version: f.Get("version")}
	title := v.T("session_form.new")
	if x == nil {
		p.Key = f.Key()
	}
	if x != nil {
		p.Session, p.Action, title = x.Name(v.Lang), base+"/"+x.Slug, x.Name(v.Lang)
		public, err := v.Site.Program.Programme(v.Ctx, v.Edition)
		if err != nil {
			return err
		}
		if public.BySlug(x.Slug) != nil {
			p.PublicHref = v.SessionHref(x)
		}
		if p.Material, err = v.MaterialOf(x); err != nil {
			return err
		}
	}
	sessionTextFields(v, &p, f)
	sessionPlaceFields(v, &p, f, draft)
	p.Problems = f.Summary()
	return v.Render("program/session_form", title, p)
}

func sessionTextFields(v *page.Visit, p *sessionFormPage, f *page.Form) {
	for _, name := range sessionTexts {
		kind := "text"
		if name == "abstract" || name == "description" {
			kind = "textarea"
		}
		group := f.TextGroup(name, kind, "session_form."+name)
		for i := range group.Fields {
			group.Fields[i].Optional = name != "title" && group.Legend == ""
			if name == "description" {
				group.Fields[i].Rows = 8
			}
		}
		p.Texts = append(p.Texts, group)
	}
	p.Speakers = f.Field("speakers", "textarea", "session_form.speakers")
	p.Speakers.Rows, p.Speakers.Optional = 3, true
}

func sessionPlaceFields(v *page.Visit, p *sessionFormPage, f *page.Form, draft *program.Programme) {
	p.Kind = f.Field("kind", "", "session_form.kind")
	for _, k := range program.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(k), Text: v.T("program.kind." + string(k))})
	}
	none := templates.Option{Text: v.T("session_form.none")}
	p.Track, p.Room = f.Field("track", "", "session_form.track"), f.Field("room", "", "session_form.room")
	p.Track.Options, p.Room.Options = []templates.Option{none}, []templates.Option{none}
	for _, t := range draft.Tracks {
		p.Track.Options = append(p.Track.Options, templates.Option{Value: t.ID, Text: v.Words(t.Name).Text})
	}
	for _, r := range draft.Rooms {
		p.Room.Options = append(p.Room.Options, templates.Option{Value: r.ID, Text: v.Words(r.Name).Text})
	}
	p.Language = f.Field("language", "", "session_form.language")
	p.Language.Options = languageOptions(v, p.Language.Value)
	p.Starts = f.Field("starts_at", "datetime-local", "session_form.starts")
	p.Ends = f.Field("ends_at", "datetime-local", "session_form.ends")
	p.Capacity = f.Field("capacity", "number", "session_form.capacity")
	p.Capacity.Min, p.Capacity.Optional = "1", true
	p.Cancelled = f.Field("cancelled", "checkbox", "session_form.cancelled")
	p.NoRecord = f.Field("no_record", "checkbox", "session_form.no_record")
}

// languageOptions are the program's languages, and what a file said beside them.
func languageOptions(v *page.Visit, value string) []templates.Option {
	list := []templates.Option{{Text: v.T("session_form.language_none")}}
	known := value == ""
	for _, l := range text.Langs {
		list = append(list, templates.Option{Value: string(l), Text: page.LanguageNames(v.Lang, string(l))})
		known = known || value == string(l)
	}
	if !known {
		list = append(list, templates.Option{Value: value, Text: page.LanguageNames(v.Lang, value)})
	}
	return list
}
