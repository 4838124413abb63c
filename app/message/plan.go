package message

import (
	"time"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/registration"
)

// Timed is a letter that goes by itself before the day: its kind, whether the
// edition's rules send it at all, and from when on.
type Timed struct {
	Kind string
	On   bool
	At   time.Time
}

// Plan tells what goes by itself before the day, and when.
func Plan(e edition.Edition, rules registration.Rules) []Timed {
	return []Timed{
		{Kind: mail.Confirm, On: rules.ConfirmDays > 0, At: begins(e, rules, rules.ConfirmDays)},
		{Kind: mail.ReminderWeek, On: rules.RemindWeek, At: begins(e, rules, weekDays)},
		{Kind: mail.ReminderDay, On: rules.RemindDay, At: begins(e, rules, 1)},
	}
}

// begins is the first hour some days before the start in which people may be
// written to.
func begins(e edition.Edition, rules registration.Rules, days int) time.Time {
	at := before(e, days)
	for range 24 {
		if !Night(e, rules, at) {
			break
		}
		at = at.Add(time.Hour)
	}
	return at
}
