package message_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	letters "agora/app/mail"
	"agora/app/message"
	"agora/app/registration"
	"agora/app/text"
)

// What the desk tells of the letters to come is when they really come.
func TestThePlanIsWhatHappens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.rules(func(r *registration.Rules) { r.ConfirmDays, r.QuietFrom, r.QuietTo = 10, 20, 9 })
		w.add("Aino", nil)
		setup, err := w.reg.Setup(t.Context(), w.edition.ID)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for _, one := range message.Plan(w.edition, setup.Rules) {
			if !one.On || w.edition.Local(one.At).Hour() != 9 {
				t.Errorf("%+v", one)
			}
			w.at(one.At.Add(-time.Minute), false)
			early := len(w.written(one.Kind))
			w.at(one.At, false)
			if early != 0 || len(w.written(one.Kind)) != 1 {
				t.Errorf("%s: %d before its time, %d then", one.Kind, early, len(w.written(one.Kind)))
			}
			seen++
		}
		w.rules(func(r *registration.Rules) { r.ConfirmDays, r.RemindWeek, r.RemindDay = 0, false, false })
		setup, err = w.reg.Setup(t.Context(), w.edition.ID)
		for _, one := range message.Plan(w.edition, setup.Rules) {
			if err != nil || one.On {
				t.Errorf("%v, %+v although it is switched off", err, one)
			}
		}
		if seen != 3 {
			t.Errorf("%d letters are planned", seen)
		}
	})
}

// The plan counts calendar days, also over the nights when the clocks change.
func TestThePlanOverClockChanges(t *testing.T) {
	for _, starts := range []string{"2027-03-29T09:00", "2027-11-01T09:00"} {
		e := edition.Edition{Zone: "Europe/Helsinki"}
		at, err := time.ParseInLocation("2006-01-02T15:04", starts, e.Location())
		if err != nil {
			t.Fatal(err)
		}
		e.StartsAt = at.UTC()
		for i, one := range message.Plan(e, registration.UsualRules) {
			local := e.Local(one.At)
			if days := e.DaysLeft(one.At); local.Hour() != 8 || local.Minute() != 0 || days != []int{7, 7, 1}[i] {
				t.Errorf("%s of %s goes %s, %d days before", one.Kind, starts, local, days)
			}
		}
	}
}

// Before sending, the writer sees who reads what.
func TestSharesTellWhoReadsWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		in := func(l text.Lang) func(*registration.Registration) {
			return func(r *registration.Registration) { r.Language = l }
		}
		w.addMany(3, "Aino", in(text.Finnish))
		w.addMany(2, "Bo", in(text.Swedish))
		w.addMany(1, "Ann", in(text.English))
		w.addMany(4, "Väinö", func(r *registration.Registration) { r.State = registration.Waiting })
		draft := message.Draft{Audience: message.Confirmed, Subject: text.Texts{text.Finnish: "a", text.Swedish: "b"}, Body: text.Texts{text.Finnish: "a", text.Swedish: "b"}}
		got, err := w.svc.Shares(t.Context(), w.edition, draft)
		want := []message.Share{{Reads: text.Finnish, Gets: text.Finnish, People: 3}, {Reads: text.Swedish, Gets: text.Swedish, People: 2}, {Reads: text.English, Gets: text.Finnish, People: 1}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v %v", got, err)
		}
	})
}

// A form sent twice makes one draft; its key gives nobody another's message.
func TestOneFormMakesOneDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		in := draft(message.Confirmed)
		in.Key = db.NewID()
		first := w.save(in)
		again := w.save(in)
		if first.ID != in.Key || again.ID != first.ID || w.count("SELECT count(*) FROM message") != 1 {
			t.Errorf("%s, then %s", first.ID, again.ID)
		}
		in.Body = fi("Jotain muuta")
		if _, err := w.svc.Save(t.Context(), w.edition, w.organiser().ID, in); err == nil {
			t.Error("another text under the same key is taken for saved")
		}
		other := w.newEdition(w.edition.Series, "toinen", january.AddDate(0, 1, 0))
		if m, err := w.svc.Save(t.Context(), other, w.organiser().ID, in); err == nil || m.ID != "" {
			t.Errorf("the key of another edition: %+v %v", m, err)
		}
		in.Key = "../../x"
		if m, err := w.svc.Save(t.Context(), w.edition, w.organiser().ID, in); err != nil || m.ID == in.Key {
			t.Errorf("a key that is no id: %+v %v", m, err)
		}
	})
}

// What became of a message is told by its letters, and by no others.
func TestWhatBecameOfAMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.addMany(3, "Aino", nil)
		words, err := text.Load()
		post, later := letters.New(d, w.clock.now, words, nil, "", "https://agora.example")
		if err := errors.Join(err, later); err != nil {
			t.Fatal(err)
		}
		by := w.organiser().ID
		var sent []message.Message
		for range 2 {
			w.clock.set(w.clock.now().Add(time.Minute))
			m := w.save(draft(message.Confirmed))
			if m, err = w.svc.Send(t.Context(), w.edition, by, m.ID, m.Version); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, m)
		}
		if _, err := d.Write.NewRaw("UPDATE mail SET sent_at = created_at WHERE created_at = ?", *sent[0].SentAt).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, want := range []letters.Tally{{Kind: letters.OrganisersOwn, Letters: 3}, {Kind: letters.OrganisersOwn, Letters: 3, Unsent: 3}} {
			if got, err := post.Became(t.Context(), w.edition.ID, letters.OrganisersOwn, *sent[i].SentAt); err != nil || got != want {
				t.Errorf("%+v %v, want %+v", got, err, want)
			}
		}
	})
}
