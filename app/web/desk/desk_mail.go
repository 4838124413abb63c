package desk

import (
	"time"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/web/page"
)

// outboxShown bounds the letters on the page; the newest come first.
const outboxShown = 50

// deskMailPage is the outbox: what was written to whom, and whether it left.
type deskMailPage struct {
	Letters []letterRow
	NoMail  bool
}

type letterRow struct {
	To, Name, Subject, Body string
	State                   mail.State
	Problem                 string
	At                      time.Time
}

// MailPage shows an edition's letters, or, for an owner, all of them with the
// sign-in links they hold.
func (s Pages) MailPage(v *page.Visit) error {
	if v.Edition.ID == "" && !v.Roles.Owner() {
		return fail.New(fail.Forbidden, "web.not_yours")
	}
	letters, err := s.Mail.Outbox(v.Ctx, v.Edition.ID, outboxShown)
	if err != nil {
		return err
	}
	p := deskMailPage{NoMail: !s.Config.SMTP}
	loc := time.UTC
	if v.Edition.ID != "" {
		loc = v.Edition.Location()
	}
	for _, l := range letters {
		p.Letters = append(p.Letters, letterRow{To: l.Email, Name: l.Name, Subject: l.Subject, Body: l.Body,
			State: l.State, Problem: s.Mail.Problem(v.Lang, l.Row), At: l.CreatedAt.In(loc)})
	}
	return v.Render("desk/mail", v.T("desk.nav_mail"), p)
}
