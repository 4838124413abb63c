package public

import (
	"html/template"
	"strconv"

	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// moreLinks is how many empty rows for links a form offers, mostLinks the most.
const (
	moreLinks = 2
	mostLinks = 12
)

// speakProfilePage is what is told of a speaker.
type speakProfilePage struct {
	Top       speakTop
	Version   string
	Name      templates.Field
	Biography []templates.Field
	Links     []speakLink
	Previews  []speakPreview
}

type speakLink struct{ Title, URL templates.Field }

// speakPreview is a text as its page will show it.
type speakPreview struct {
	Label, Lang string
	HTML        template.HTML
}

func (p speakProfilePage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "speak") }

// SpeakProfile shows what is told of the speaker, to be changed.
func (s Pages) SpeakProfile(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Blank()
		fillProfile(f, k.Who)
		return s.profilePage(v, k, f, nil)
	})
}

func fillProfile(f *page.Form, who *program.Speaker) {
	f.Set("version", strconv.FormatInt(who.Version, 10)).Set("name", who.Name)
	f.SetTexts("biography", who.Biography)
	for i, l := range who.Extra.Links {
		f.Set(linkName("title", i), l.Title).Set(linkName("url", i), l.URL)
	}
}

func linkName(part string, i int) string { return "link_" + part + "_" + strconv.Itoa(i) }

// SpeakProfileSave takes it, or shows how it will look.
func (s Pages) SpeakProfileSave(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Sent()
		if f.Has("preview") {
			return s.profilePage(v, k, f, nil)
		}
		in := speaking.ProfileInput{Name: f.Get("name"), Biography: theirTexts(v, f, "biography")}
		in.Version, _ = strconv.ParseInt(f.Get("version"), 10, 64) // a version that is none is nobody's
		in.Version = max(in.Version, 1)
		for i := range mostLinks {
			if url, title := f.Get(linkName("url", i)), f.Get(linkName("title", i)); url != "" || title != "" {
				switch {
				case url == "":
					f.Note(linkName("url", i), "field.required")
				case !program.WebAddress(url):
					f.Note(linkName("url", i), "field.url")
				default:
					in.Links = append(in.Links, program.Link{Title: title, URL: url})
				}
			}
		}
		err := in.Check()
		if err == nil && len(f.Problems) == 0 {
			_, err = s.Speaking.SaveProfile(v.Ctx, v.Edition, k.X, in)
		}
		if notice, ok := clashed(v, err); ok {
			notice.Text = v.T("speaking.meanwhile")
			f.Set("version", strconv.FormatInt(k.Who.Version, 10))
			return s.profilePage(v, k, f, notice)
		}
		if bad, err := f.Failed(err); bad {
			if err != nil {
				return err
			}
			return s.profilePage(v, k, f, nil)
		}
		return k.saved(v)
	})
}

func (s Pages) profilePage(v *page.Visit, k ownSide, f *page.Form, notice *templates.Notice) error {
	p := speakProfilePage{Version: f.Get("version"), Name: f.Field("name", "text", "speak.name")}
	p.Name.Required, p.Name.Autocomplete = true, "name"
	p.Biography = f.TextFields("biography", "textarea", "speak.biography", asksIn(v))
	for i := range p.Biography {
		p.Biography[i].Rows = 7
		p.Previews = previews(v, f, p.Previews, p.Biography[i])
	}
	rows := len(k.Who.Extra.Links) + moreLinks
	for f.Has(linkName("url", rows-1)) && rows < mostLinks {
		rows++
	}
	for i := range min(rows, mostLinks) {
		p.Links = append(p.Links, speakLink{Title: numbered(v, f, linkName("title", i), "text", "speak.link_title", i+1), URL: numbered(v, f, linkName("url", i), "url", "speak.link_url", i+1)})
	}
	for i := range p.Links {
		p.Links[i].Title.Optional, p.Links[i].URL.Optional, p.Links[i].URL.Placeholder = true, true, "https://"
	}
	if len(p.Links) > 0 { // the area tells of links as a whole
		p.Links[0].URL.Errors = append(p.Links[0].URL.Errors, f.Errors("links")...)
		f.Draws("links", v.T("speak.links"), linkName("url", 0))
	}
	p.Top = k.top(v, f, "speak.profile")
	p.Top.Notice = notice
	if notice != nil {
		saved := v.Blank()
		fillProfile(saved, k.Who)
		p.Top.Theirs = theirs(v, f, saved, append([]templates.Field{p.Name}, p.Biography...))
	}
	return v.Render("speak/profile", p.Top.Title, p)
}

// numbered is a field of row n; its name says which.
func numbered(v *page.Visit, f *page.Form, name, kind, label string, n int) templates.Field {
	said := v.T(label, "n", n)
	f.Draws(name, said, name) // before the field itself, whose words lack the number
	t := f.Field(name, kind, label)
	t.Label = said
	return t
}

// previews adds how the text of a field will look, where that was asked for.
func previews(v *page.Visit, f *page.Form, list []speakPreview, t templates.Field) []speakPreview {
	if !f.Has("preview") || t.Value == "" {
		return list
	}
	return append(list, speakPreview{Label: t.Label, Lang: t.Lang, HTML: text.Prose(t.Value)})
}

// theirs lists what is saved in the fields where the form says something else.
func theirs(v *page.Visit, f, saved *page.Form, fields []templates.Field) []templates.Fact {
	var facts []templates.Fact
	for _, t := range fields {
		if f.Get(t.Name) != saved.Get(t.Name) {
			said := saved.Get(t.Name)
			if said == "" {
				said = v.T("speak.theirs_empty")
			}
			facts = append(facts, templates.Fact{Term: t.Label, Text: said})
		}
	}
	return facts
}
