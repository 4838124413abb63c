package page

import (
	"html/template"
	"time"

	"agora/app/mail"
)

// LetterRow is a letter as organisers see it.
type LetterRow struct {
	ID, To, Name, Subject, Body string
	Kind, Lang                  string
	HTML                        template.HTML
	State                       mail.State
	Problem                     string
	Attached, Again             bool
	At                          time.Time
}

// LetterRow puts a letter into a line; without an edition its time is UTC.
func (v *Visit) LetterRow(l mail.Shown) LetterRow {
	return LetterRow{ID: l.ID, To: l.Email, Name: l.Name, Subject: l.Subject, Body: l.Body, HTML: l.HTML,
		Kind: l.Kind, Lang: v.OtherLang(l.Language), State: l.State, Problem: v.Site.Mail.Problem(v.Lang, l.Row), At: v.Edition.Local(l.CreatedAt),
		Attached: l.Attachment != "", Again: l.State == mail.Failed && l.Email != "" && l.Kind != mail.SignIn && v.Edition.ID != ""}
}
