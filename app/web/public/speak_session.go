package public

import (
	"slices"
	"strconv"

	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakSessionPage is one session's texts, as far as they are the speakers' to
// change.
type speakSessionPage struct {
	Top      speakTop
	Session  page.Words
	Version  string
	Action   string
	Groups   []speakGroup
	Fixed    []templates.Fact // texts that organisers keep
	Previews []speakPreview
	Public   string
}

// speakGroup are the texts in one language. Legend is empty where there is but one.
type speakGroup struct {
	Legend string
	Open   bool
	Fields []templates.Field
}

func (p speakSessionPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "speak") }

// SpeakSession shows the texts of one of the speaker's sessions.
func (s Pages) SpeakSession(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		x, err := k.session(v)
		if err != nil {
			return err
		}
		f := v.Blank()
		fillSession(f, x.Session)
		return s.sessionPage(v, k, x.Session, f, nil)
	})
}

func fillSession(f *page.Form, x *program.Session) {
	f.Set("version", strconv.FormatInt(x.Version, 10))
	f.SetTexts("title", x.Title)
	f.SetTexts("subtitle", x.Subtitle)
	f.SetTexts("abstract", x.Abstract)
	f.SetTexts("description", x.Description)
}

// SpeakSessionSave takes them, or shows how they will look.
func (s Pages) SpeakSessionSave(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		x, err := k.session(v)
		if err != nil {
			return err
		}
		f := v.Sent()
		if f.Has("preview") {
			return s.sessionPage(v, k, x.Session, f, nil)
		}
		in := program.TextsInput{Title: theirTexts(v, f, "title"), Subtitle: theirTexts(v, f, "subtitle"),
			Abstract: theirTexts(v, f, "abstract"), Description: theirTexts(v, f, "description")}
		in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64) // one that is none is nobody's
		in.Version = max(in.Version, 1)
		_, err = s.Speaking.SaveTexts(v.Ctx, v.Edition, k.X, x.Session.ID, in)
		if notice, ok := clashed(v, err); ok {
			notice.Text = v.T("speaking.meanwhile")
			f.Set("version", strconv.FormatInt(x.Session.Version, 10))
			return s.sessionPage(v, k, x.Session, f, notice)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.sessionPage(v, k, x.Session, f, nil)
		}
		return k.saved(v)
	})
}

func (s Pages) sessionPage(v *page.Visit, k ownSide, x *program.Session, f *page.Form, notice *templates.Notice) error {
	p := speakSessionPage{Session: v.SessionWords(x, x.Title), Version: f.Get("version"), Action: k.Self + "/sessions/" + x.Slug}
	saved := v.Blank()
	fillSession(saved, x)
	var all []templates.Field
	for _, name := range speaking.Texts {
		if !k.Rules.Allows(name) {
			for _, l := range asksIn(v) {
				if said := saved.Get(page.TextName(name, l)); said != "" {
					p.Fixed = append(p.Fixed, templates.Fact{Term: v.T("speaking.field."+name) + inLanguage(v, l), Text: said})
				}
			}
			continue
		}
		kind := "text"
		if name == "abstract" || name == "description" {
			kind = "textarea"
		}
		fields := f.TextFields(name, kind, textLabel(name), asksIn(v))
		for i := range fields {
			fields[i].Optional = name != "title"
			if kind == "textarea" {
				fields[i].Rows = map[string]int{"abstract": 5, "description": 9}[name]
				p.Previews = previews(v, f, p.Previews, fields[i])
			}
		}
		all = append(all, fields...)
	}
	p.Groups = byLanguage(v, all)
	p.Top = k.top(v, f, "speak.session")
	if p.Top.Notice = notice; notice != nil {
		p.Top.Theirs = theirs(v, f, saved, all)
	}
	return v.Render("speak/session", p.Top.Title, p)
}

// byLanguage groups fields by the language they are in. Open are those in which
// something is written or wrong, and the visitor's own.
func byLanguage(v *page.Visit, all []templates.Field) []speakGroup {
	langs := asksIn(v)
	switch {
	case len(all) == 0:
		return nil
	case len(langs) < 2:
		return []speakGroup{{Fields: all}}
	}
	groups := make([]speakGroup, len(langs))
	for i, l := range langs {
		groups[i] = speakGroup{Legend: l.Name(), Open: l == v.Lang}
		for _, t := range all {
			if t.Lang == string(l) {
				groups[i].Fields = append(groups[i].Fields, t)
				groups[i].Open = groups[i].Open || t.Value != "" || len(t.Errors) > 0
			}
		}
	}
	if !slices.ContainsFunc(groups, func(g speakGroup) bool { return g.Open }) {
		groups[0].Open = true
	}
	return groups
}

// inLanguage names a language behind a label, where there are several.
func inLanguage(v *page.Visit, l text.Lang) string {
	if len(asksIn(v)) < 2 {
		return ""
	}
	return " (" + l.Name() + ")"
}

// textLabel is what a session's text is called on its form.
func textLabel(name string) string {
	if name == "title" {
		return "speaking.field.title"
	}
	return "speak." + name
}
