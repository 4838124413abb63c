package desk

import (
	"slices"
	"strconv"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/message"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// messagePage is where a message is written: to whom, and what, per language.
type messagePage struct {
	Problems     []templates.Problem
	Notice       *templates.Notice
	Audience     templates.Choice
	Texts        []messageTexts
	Placeholders []placeholder
	Key, Version string
	Action       string
	Discard      string // empty for a message that is not kept yet
	Back         string
}

// messageTexts are subject and body in one language.
type messageTexts struct {
	Legend, Hint  string
	Subject, Body templates.Field
}

// placeholder is what stands for something of each recipient's own.
type placeholder struct{ Mark, Means string }

// review is what the form sends when the writer wants to see the letter.
const review = "review"

// MessageForm begins a message.
func (s Pages) MessageForm(v *page.Visit) error {
	return newMessagePage(v, v.Blank(), "", nil)
}

// MessageSave keeps a new draft, or what was changed of one.
func (s Pages) MessageSave(v *page.Visit) error {
	f := v.Sent()
	id := v.Param("message")
	in := message.Input{ID: id, Key: f.Get("key"), Version: f.Version(), Draft: message.Draft{Audience: message.Audience(f.Get("audience")),
		Subject: f.Texts("subject"), Body: f.Texts("body")}}
	m, err := s.Messages.Save(v.Ctx, v.Edition, v.Person.ID, in)
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		v.C.Status(page.Statuses[fail.Conflict])
		return newMessagePage(v, f, id, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args),
			Href: messageHref(v, id), Action: v.T("desk_messages.newest")})
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newMessagePage(v, f, id, nil)
	}
	if f.Get("then") == review {
		return v.Redirect(messageHref(v, m.ID) + "/review")
	}
	v.Say("success", "flash.message_saved")
	return v.Redirect(messageHref(v, m.ID))
}

// MessageDiscard drops a draft.
func (s Pages) MessageDiscard(v *page.Visit) error {
	if err := s.Messages.Discard(v.Ctx, v.Edition, v.Param("message"), v.Sent().Version()); err != nil {
		return err
	}
	v.Say("success", "flash.message_discarded")
	return v.Redirect("/desk" + v.Edition.Path() + "/messages")
}

// Message shows a draft to go on with, or what was sent and what became of it.
func (s Pages) Message(v *page.Visit) error {
	m, err := s.Messages.Get(v.Ctx, v.Edition.ID, v.Param("message"))
	if err != nil {
		return err
	}
	if m.SentAt != nil {
		return s.sentPage(v, m, nil)
	}
	f := v.Blank().Set("audience", string(m.Audience)).Set("version", strconv.FormatInt(m.Version, 10))
	f.SetTexts("subject", m.Subject)
	f.SetTexts("body", m.Body)
	return newMessagePage(v, f, m.ID, nil)
}

func messageHref(v *page.Visit, id string) string {
	return "/desk" + v.Edition.Path() + "/messages/" + id
}

// newMessagePage draws the form; id is empty for a message that is not kept yet.
func newMessagePage(v *page.Visit, f *page.Form, id string, notice *templates.Notice) error {
	counts, err := v.Site.Messages.Counts(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := messagePage{Notice: notice, Version: f.Get("version"), Back: "/desk" + v.Edition.Path() + "/messages"}
	title := v.T("desk_messages.new")
	p.Action = p.Back + "/new"
	if id == "" {
		p.Key = f.Key()
	} else {
		title = v.T("desk_messages.edit")
		p.Action = messageHref(v, id)
		p.Discard = p.Action + "/discard"
	}
	var options []templates.Option
	for _, a := range message.Audiences {
		options = append(options, templates.Option{Value: string(a), Text: v.T("message.audience." + string(a)), Hint: v.T("desk_messages.people", "n", counts[a])})
	}
	p.Audience = f.Choice("audience", "desk_messages.to", options...)
	p.Audience.Stacked = true
	p.texts(v, f)
	for _, name := range mail.Placeholders {
		p.Placeholders = append(p.Placeholders, placeholder{Mark: "{" + name + "}", Means: v.T("desk_messages.means_" + name)})
	}
	p.Problems = f.Summary()
	return v.Render("desk/message", title, p)
}

// texts draws subject and body in every language of the edition, and in those
// in which the message has words already.
func (p *messagePage) texts(v *page.Visit, f *page.Form) {
	langs := slices.Clone(page.FormLangs(v.Edition))
	for _, l := range text.Langs {
		if !slices.Contains(langs, l) && (f.Has(page.TextName("subject", l)) || f.Has(page.TextName("body", l))) {
			langs = append(langs, l)
		}
	}
	for i, l := range langs {
		t := messageTexts{}
		of := ""
		if len(langs) > 1 {
			t.Legend, of = l.Name(), " ("+l.Name()+")"
		}
		if i > 0 {
			t.Hint = v.T("desk_messages.falls_back", "lang", inLanguage(v, langs[0]))
		}
		for _, name := range []string{"subject", "body"} {
			label := "desk_messages." + name
			f.Draws(page.TextName(name, l), v.T(label)+of, page.TextName(name, l)) // so the summary says which
			kind := "text"
			if name == "body" {
				kind = "textarea"
			}
			field := f.Field(page.TextName(name, l), kind, label)
			field.Lang = string(l)
			if name == "subject" {
				t.Subject = field
				continue
			}
			field.Rows = 12
			t.Body = field
		}
		p.Texts = append(p.Texts, t)
	}
}

// inLanguage says in which language something is read: "in Finnish".
func inLanguage(v *page.Visit, l text.Lang) string { return v.T("desk_messages.in_" + string(l)) }

// writtenIn are the languages a draft has words in, the edition's first.
func writtenIn(e edition.Edition, d message.Draft) []text.Lang {
	var list []text.Lang
	for _, l := range slices.Concat(page.FormLangs(e), text.Langs[:]) {
		if d.Body[l] != "" && !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}
