package desk

import (
	"html/template"
	"strconv"
	"time"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/message"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// reviewPage shows a message as it will be read, and to how many it goes,
// before it is sent; or, once it was, the same with what became of it.
type reviewPage struct {
	Problems []templates.Problem
	Notice   *templates.Notice
	Letters  []writtenLetter
	Audience string
	Shares   []shareRow
	People   int64
	Fine     bool // nothing keeps it from being sent
	NoMail   bool
	Version  string
	Action   string
	Edit     string
	Back     string
	MyEmail  string
	TestKey  string

	Sent                 bool
	At                   time.Time
	By                   string
	Became               mail.Tally
	Left                 int64
	SentHref, UnsentHref string
}

// writtenLetter is the letter as somebody who reads the language gets it.
type writtenLetter struct {
	Lang, LangName, Subject, Text string
	HTML                          template.HTML
}

// shareRow says how many read a language and in which they get the message.
type shareRow struct {
	Lang, Gets string // Gets is empty when it is their own
	People     int64
}

// MessageReview shows a draft before it is sent.
func (s Pages) MessageReview(v *page.Visit) error {
	m, err := s.Messages.Get(v.Ctx, v.Edition.ID, v.Param("message"))
	if err != nil {
		return err
	}
	if m.SentAt != nil {
		return v.Redirect(messageHref(v, m.ID))
	}
	return s.reviewPage(v, m, nil)
}

func (s Pages) reviewPage(v *page.Visit, m message.Message, notice *templates.Notice) error {
	p, err := s.newReview(v, m)
	if err != nil {
		return err
	}
	p.Notice = notice
	shares, err := s.Messages.Shares(v.Ctx, v.Edition, m.Draft())
	if err != nil {
		return err
	}
	for _, one := range shares {
		row := shareRow{Lang: inLanguage(v, one.Reads), People: one.People}
		if one.Gets != one.Reads {
			row.Gets = inLanguage(v, one.Gets)
		}
		p.Shares = append(p.Shares, row)
		p.People += one.People
	}
	f, status := v.Blank(), v.C.Response().StatusCode()
	if err := m.Draft().Problems(v.Edition); err != nil && !f.Refused(err) {
		return err
	}
	for _, l := range text.Langs {
		for _, name := range []string{"subject", "body"} {
			f.Draws(page.TextName(name, l), v.T("desk_messages."+name)+" ("+l.Name()+")", "")
		}
	}
	p.Problems, p.Fine = f.Summary(), len(f.Problems) == 0
	v.C.Status(status) // looking at what is not finished is no mistake
	return v.Render("desk/message_review", v.T("desk_messages.review"), p)
}

// newReview draws the letters of a message.
func (s Pages) newReview(v *page.Visit, m message.Message) (reviewPage, error) {
	p := reviewPage{Audience: v.T("message.audience." + string(m.Audience)), NoMail: !s.Config.SMTP, MyEmail: v.Person.Email, TestKey: db.NewID(),
		Version: strconv.FormatInt(m.Version, 10), Action: messageHref(v, m.ID), Edit: messageHref(v, m.ID), Back: "/desk" + v.Edition.Path() + "/messages"}
	for _, l := range writtenIn(v.Edition, m.Draft()) {
		w := s.Messages.Preview(v.Edition, m.Draft(), l)
		p.Letters = append(p.Letters, writtenLetter{Lang: v.OtherLang(l), LangName: l.Name(), Subject: w.Subject, HTML: w.HTML, Text: w.Text})
	}
	return p, nil
}

// MessageTest sends the message to the organiser alone, once per page however
// often it is pressed.
func (s Pages) MessageTest(v *page.Visit) error {
	m, err := s.Messages.Get(v.Ctx, v.Edition.ID, v.Param("message"))
	if err != nil {
		return err
	}
	switch err := s.Messages.Test(v.Ctx, v.Edition, v.Person.ID, m.ID, page.ActKey("message-test:"+m.ID, v.Sent().Get("key"))); {
	case fail.Is(err, fail.Invalid):
		v.C.Status(page.Statuses[fail.Invalid])
		return s.reviewPage(v, m, nil)
	case err != nil:
		return err
	}
	v.Say("success", "flash.message_tested")
	return v.Redirect(messageHref(v, m.ID) + "/review")
}

// MessageSend sends the message to everybody. A second press finds it sent, and
// shows the same.
func (s Pages) MessageSend(v *page.Visit) error {
	id := v.Param("message")
	m, err := s.Messages.Send(v.Ctx, v.Edition, v.Person.ID, id, v.Sent().Version())
	e, known := fail.As(err)
	switch {
	case err == nil:
		v.Say("success", "flash.message_sent")
		return v.Redirect(messageHref(v, m.ID))
	case known && (e.Kind == fail.Conflict || e.Kind == fail.Invalid):
		// What there is now is shown, with why it did not go.
		if m, err = s.Messages.Get(v.Ctx, v.Edition.ID, id); err != nil {
			return err
		}
		v.C.Status(page.Statuses[e.Kind])
		notice := &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)}
		if m.SentAt != nil {
			return s.sentPage(v, m, notice)
		}
		if e.Kind == fail.Invalid {
			notice = nil // the summary says it
		}
		return s.reviewPage(v, m, notice)
	}
	return err
}

// sentPage shows a message that was sent.
func (s Pages) sentPage(v *page.Visit, m message.Message, notice *templates.Notice) error {
	p, err := s.newReview(v, m)
	if err != nil {
		return err
	}
	p.Notice, p.Sent, p.People, p.At = notice, true, m.Letters, v.Edition.Local(*m.SentAt)
	if m.PersonID != "" {
		by, err := s.Accounts.ByID(v.Ctx, m.PersonID)
		if err != nil {
			return err
		}
		p.By = by.Label()
	}
	if p.Became, err = s.Mail.Became(v.Ctx, v.Edition.ID, mail.OrganisersOwn, *m.SentAt); err != nil {
		return err
	}
	p.Left = p.Became.Letters - p.Became.Unsent
	p.SentHref, p.UnsentHref = outboxHref(v, "", mail.OrganisersOwn), outboxHref(v, unsent, mail.OrganisersOwn)
	subject, _ := subjectOf(v, m)
	return v.Render("desk/message_review", subject, p)
}
