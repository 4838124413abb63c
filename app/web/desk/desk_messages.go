package desk

import (
	"strings"
	"time"

	"agora/app/mail"
	"agora/app/message"
	"agora/app/text"
	"agora/app/web/page"
)

// recentDays is how far back the page counts the letters that went by themselves.
const recentDays = 7

// messagesPage is what organisers have written, and what goes by itself.
type messagesPage struct {
	Drafts, Sent []messageRow
	Timed        []timedRow
	OneLetter    bool // the question whether they come and the week's reminder fall on one day
	Recent       int64
	Unsent       int64
	Failed       int64
	Base, New    string
	Places       string
	Outbox       string
	UnsentHref   string
	Zone         string
	NoMail       bool
}

type messageRow struct {
	Subject, Audience, Href string
	Lang                    string
	People                  int64 // now, of a draft; written to, of what was sent
	At                      time.Time
}

// timedRow is a letter of the edition's rules.
type timedRow struct {
	Kind    string
	On      bool
	Begun   bool
	At      time.Time
	Letters int64
	Href    string
}

// MessagesPage lists an edition's messages and the letters that go by themselves.
func (s Pages) MessagesPage(v *page.Visit) error {
	list, err := s.Messages.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	counts, err := s.Messages.Counts(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	base := "/desk" + v.Edition.Path()
	p := messagesPage{Base: base + "/messages", New: base + "/messages/new", Places: base + "/places", Outbox: base + "/mail",
		UnsentHref: outboxHref(v, unsent, ""), Zone: v.ZoneWords(), NoMail: !s.Config.SMTP}
	for _, m := range list {
		subject, l := subjectOf(v, m)
		row := messageRow{Subject: subject, Lang: v.OtherLang(l), Audience: v.T("message.audience." + string(m.Audience)),
			Href: p.Base + "/" + m.ID, People: counts[m.Audience], At: v.Edition.Local(m.ChangedAt)}
		if m.SentAt != nil {
			row.People, row.At = m.Letters, v.Edition.Local(*m.SentAt)
			p.Sent = append(p.Sent, row)
			continue
		}
		p.Drafts = append(p.Drafts, row)
	}
	if err := s.timed(v, &p); err != nil {
		return err
	}
	return v.Render("desk/messages", v.T("desk_messages.title"), p)
}

// timed fills in what goes by itself: when, and how many letters went already.
func (s Pages) timed(v *page.Visit, p *messagesPage) error {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	all, err := s.Mail.Tallies(v.Ctx, v.Edition.ID, time.Time{})
	if err != nil {
		return err
	}
	went := map[string]int64{}
	for _, t := range all {
		went[t.Kind] = t.Letters
		p.Unsent += t.Unsent
		p.Failed += t.Failed
	}
	recent, err := s.Mail.Tallies(v.Ctx, v.Edition.ID, v.Now.AddDate(0, 0, -recentDays))
	if err != nil {
		return err
	}
	for _, t := range recent {
		if t.Kind != mail.OrganisersOwn {
			p.Recent += t.Letters
		}
	}
	days := map[string]time.Time{}
	for _, t := range message.Plan(v.Edition, setup.Rules) {
		row := timedRow{Kind: t.Kind, On: t.On, Begun: !v.Now.Before(t.At), At: v.Edition.Local(t.At), Letters: went[t.Kind], Href: outboxHref(v, "", t.Kind)}
		p.Timed = append(p.Timed, row)
		if t.On {
			days[t.Kind] = t.At
		}
	}
	asked, on := days[mail.Confirm]
	p.OneLetter = on && asked.Equal(days[mail.ReminderWeek])
	return nil
}

// subjectOf names a message: its subject without what differs from one reader
// to the next.
func subjectOf(v *page.Visit, m message.Message) (string, text.Lang) {
	subject, l := m.Subject.In(v.Lang, v.Edition.Languages...)
	for _, name := range mail.Placeholders {
		subject = strings.ReplaceAll(subject, "{"+name+"}", "…")
	}
	return subject, l
}
