package message_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/message"
	"agora/app/registration"
	"agora/app/text"
)

// rules changes how the edition takes registrations.
func (w *world) rules(change func(*registration.Rules)) {
	w.Helper()
	setup, err := w.reg.Setup(w.Context(), w.edition.ID)
	if err != nil {
		w.Fatal(err)
	}
	change(&setup.Rules)
	if err := w.reg.SaveRules(w.Context(), w.edition, "", setup.Rules, setup.Version); err != nil {
		w.Fatal(err)
	}
}

// at moves the edition's clock there and lets both jobs run, the question last
// or first.
func (w *world) at(t time.Time, questionFirst bool) {
	w.Helper()
	w.clock.set(t)
	jobs := []func(context.Context) error{w.svc.Remind, w.svc.Ask}
	if questionFirst {
		slices.Reverse(jobs)
	}
	for _, job := range jobs {
		if err := job(w.Context()); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) local(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, w.edition.Location())
}

func noQuestion(r *registration.Rules) { r.ConfirmDays = 0 }

var reminders = []string{mail.ReminderWeek, mail.ReminderDay, mail.Confirm}

// The clocks go back on Sunday 25 October 2026, the day before this edition: a
// week before is seven days on the calendar, and 169 hours.
func TestAWeekAndADayBeforeByTheCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.rules(noQuestion)
		w.add("Aino", nil)
		for _, c := range []struct {
			at        time.Time
			week, day int
		}{
			{w.local(10, 18, 12, 0), 0, 0}, {w.local(10, 19, 7, 59), 0, 0}, {w.local(10, 19, 8, 0), 1, 0}, {w.local(10, 20, 12, 0), 1, 0},
			{w.local(10, 24, 12, 0), 1, 0}, {w.local(10, 25, 7, 59), 1, 0}, {w.local(10, 25, 8, 0), 1, 1}, {w.local(10, 25, 20, 59), 1, 1},
			{w.local(10, 26, 8, 30), 1, 1}, {w.local(10, 27, 12, 0), 1, 1},
		} {
			w.at(c.at, false)
			if week, day := len(w.written(mail.ReminderWeek)), len(w.written(mail.ReminderDay)); week != c.week || day != c.day {
				t.Errorf("at %s: %d and %d letters", c.at, week, day)
			}
		}
	})
}

// In spring the night is an hour shorter.
func TestTheSpringNightToo(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d, time.Date(2027, 3, 29, 6, 0, 0, 0, time.UTC))
	w.rules(noQuestion)
	w.add("Aino", nil)
	w.at(time.Date(2027, 3, 22, 5, 59, 0, 0, time.UTC), false)
	if n := w.mails(); n != 0 {
		t.Errorf("%d letters in the quiet hours", n)
	}
	w.at(time.Date(2027, 3, 22, 6, 0, 0, 0, time.UTC), false)
	w.at(time.Date(2027, 3, 28, 5, 0, 0, 0, time.UTC), false)
	if len(w.written(mail.ReminderWeek)) != 1 || len(w.written(mail.ReminderDay)) != 1 {
		t.Errorf("%d letters", w.mails())
	}
}

func TestNoLetterInTheNight(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
	w.add("Aino", nil)
	w.rules(func(r *registration.Rules) { r.QuietFrom, r.QuietTo = 0, 0 })
	w.at(w.local(10, 19, 2, 0), false)
	w.rules(func(r *registration.Rules) { r.QuietFrom, r.QuietTo = 10, 14 })
	w.at(w.local(10, 19, 12, 0), false)
	if w.mails() != 0 {
		t.Errorf("%d letters in quiet hours", w.mails())
	}
	w.at(w.local(10, 19, 14, 0), false)
	if w.mails() != 1 {
		t.Errorf("%d letters by day", w.mails())
	}
}

func TestWhoIsReminded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type r = registration.Registration
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.rules(noQuestion)
		crowd := crowd(w)
		mark := w.local(10, 19, 0, 0)
		before := w.add("Viime hetkellä", func(p *r) { p.ChangedAt = mark.Add(-time.Second).UTC() }).Email
		after := w.add("Liian myöhään", func(p *r) { p.ChangedAt = mark.UTC() }).Email
		want := append(slices.Concat(crowd[message.Confirmed], crowd[message.Remote]), before)
		slices.Sort(want)
		w.at(w.local(10, 19, 9, 0), false)
		if got := slices.Sorted(maps.Keys(w.written(mail.ReminderWeek))); !slices.Equal(got, want) {
			t.Errorf("a week before %v, want %v", got, want)
		}
		want = append(want, after)
		slices.Sort(want)
		w.at(w.local(10, 25, 9, 0), false)
		if got := slices.Sorted(maps.Keys(w.written(mail.ReminderDay))); !slices.Equal(got, want) {
			t.Errorf("a day before %v, want %v", got, want)
		}
	})
}

func TestWhatAReminderHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type r = registration.Registration
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.rules(noQuestion)
		here := w.add("**Aino**", nil).Email
		swede := w.add("Åsa", func(p *r) { p.Language = text.Swedish }).Email
		away := w.add("Bo", func(p *r) { p.Kind = registration.Remote }).Email
		both := w.add("Cia", func(p *r) { p.State, p.Line, p.Meanwhile = registration.Waiting, 3, true }).Email
		w.at(w.local(10, 25, 9, 0), false)
		got := w.written(mail.ReminderDay)
		for email, want := range map[string][]string{
			here: {"Hei **Aino**,", "Missä: Agora, Jyväskylä\n", "Saapuminen\nBussi 5 tuo ovelle.", "Kirjoita (https://agora.example/apua) meille.", "sana …",
				"\nhttps://agora.example/cmadfi/2026/practical\n", "ovella"},
			swede: {"Hej Åsa!", "Buss 5 stannar vid dörren.", "måndag 26.10.2026 kl."},
			away:  {"\nhttps://agora.example/cmadfi/2026/live\n", "Kirjoita (https://agora.example/apua) meille."},
			both:  {"\nhttps://agora.example/cmadfi/2026/live\n"},
		} {
			for _, words := range want {
				if !strings.Contains(got[email].Body, words) {
					t.Errorf("%s lacks %q:\n%s", email, words, got[email].Body)
				}
			}
			remote := email == away || email == both
			if remote && strings.Contains(got[email].Body, "Bussi") || remote && strings.Contains(got[email].Body, "Missä") ||
				!strings.Contains(got[email].Attachment, "BEGIN:VEVENT") || strings.Contains(got[email].Attachment, "STATUS:TENTATIVE") {
				t.Errorf("%s:\n%s\n%s", email, got[email].Body, got[email].Attachment)
			}
		}
		if n := len([]rune(got[here].Body)); n > 2500 {
			t.Errorf("a reminder of %d characters", n)
		}
	})
}

// The question and the reminder of the same day are one letter, whichever job
// comes first.
func TestQuestionAndReminderAreOneLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type r = registration.Registration
		for i, questionFirst := range []bool{true, false} {
			w := newWorldIn(t, d, i, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
			seat := w.add("Aino", nil)
			said := w.add("Bo", func(p *r) { p.ComingAt = &long }).Email
			away := w.add("Cia", func(p *r) { p.Kind = registration.Remote }).Email
			w.at(w.local(10, 19, 9, 0), questionFirst)
			got := w.written(reminders...)
			if len(got) != 3 || got[seat.Email].Kind != mail.Confirm || got[said].Kind != mail.ReminderWeek || got[away].Kind != mail.ReminderWeek {
				t.Errorf("letters %v", kinds(got))
			}
			if body := got[seat.Email].Body; !strings.Contains(body, "Bussi 5") || !strings.Contains(body, "yhdellä painalluksella") || strings.Contains(body, "Tuletko?\n") {
				t.Errorf("the question\n%s", body)
			}
			w.at(w.local(10, 20, 9, 0), questionFirst)
			if w.count("SELECT count(*) FROM registration WHERE id = ? AND asked_at IS NOT NULL AND reminded = 1", seat.ID) != 1 || w.mails() != 3 {
				t.Errorf("%d letters the day after", w.mails())
			}
			if n, err := w.svc.Count(t.Context(), w.edition, message.Unanswered); err != nil || n != 1 {
				t.Errorf("%d unanswered, %v", n, err)
			}
		}
	})
}

func kinds(got map[string]mail.Shown) (list []string) {
	for email, m := range got {
		list = append(list, email+" "+m.Kind)
	}
	return list
}

// On different days they are two letters, and the second does not repeat the facts.
func TestQuestionAndReminderOnTheirOwnDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.rules(func(r *registration.Rules) { r.ConfirmDays = 5 })
		seat := w.add("Aino", nil)
		w.at(w.local(10, 19, 9, 0), true)
		if got := w.written(reminders...); len(got) != 1 || got[seat.Email].Kind != mail.ReminderWeek {
			t.Errorf("a week before %v", kinds(got))
		}
		late := w.add("Myöhäinen", func(p *registration.Registration) { p.ChangedAt = w.local(10, 21, 9, 0).UTC() })
		w.at(w.local(10, 21, 10, 0), true)
		got := w.written(mail.Confirm)
		if len(got) != 1 || strings.Contains(got[seat.Email].Body, "Bussi") || w.mails() != 2 {
			t.Errorf("five days before %v\n%s", kinds(got), got[seat.Email].Body)
		}
		w.at(w.local(10, 25, 9, 0), true)
		if got := w.written(mail.ReminderDay); len(got) != 2 || got[late.Email].Kind == "" || w.mails() != 4 {
			t.Errorf("a day before %v", kinds(got))
		}
	})
}

// After an outage the day before is for "tomorrow"; who wants to ask only then may.
func TestTheQuestionThatCameTooLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, c := range []struct {
			days int
			want string
		}{{7, mail.ReminderDay}, {1, mail.Confirm}, {0, mail.ReminderDay}} {
			w := newWorldIn(t, d, i, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
			w.rules(func(r *registration.Rules) { r.ConfirmDays = c.days })
			seat := w.add("Aino", nil)
			w.at(w.local(10, 25, 9, 0), true)
			if got := w.written(reminders...); len(got) != 1 || got[seat.Email].Kind != c.want {
				t.Errorf("asking %d days before: %v", c.days, kinds(got))
			}
			w.at(w.local(10, 26, 8, 30), true)
			if w.mails() != 1 {
				t.Errorf("%d letters on the day", w.mails())
			}
		}
	})
}

func TestPracticeAndPastEditionsAreLeftAlone(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
	series, err := edition.New(d, w.clock.now).NewPractice(t.Context(), fi("Harjoitus"))
	if err != nil {
		t.Fatal(err)
	}
	w.edition = w.newEdition(series, "2027", time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
	w.add("Aino", nil)
	for day := 18; day < 29; day++ {
		w.at(w.local(10, day, 12, 0), false)
	}
	if w.mails() != 0 {
		t.Errorf("%d letters of a rehearsal", w.mails())
	}
}
