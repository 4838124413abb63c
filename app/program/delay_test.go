package program

import (
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// board is what the rooms show at a moment: now, then next, with real times.
func board(p *Programme, at time.Time, l Delays) string {
	var rooms []string
	show := func(r *Running) string {
		if r == nil {
			return "-"
		}
		return r.Session.Name(text.Finnish) + " " + r.StartsAt.Format("15:04") + "–" + r.EndsAt.Format("15:04")
	}
	for _, one := range p.NowNext(at, l) {
		name := "(none)"
		if one.Room != nil {
			name = one.Room.Name.String()
		}
		if one.Delay > 0 {
			name += " +" + strings.TrimSuffix(one.Delay.String(), "0s")
		}
		rooms = append(rooms, name+": "+show(one.Now)+", "+show(one.Next))
	}
	return strings.Join(rooms, "; ")
}

func (k *desk) delay(room Room, minutes int64, since time.Time) {
	k.t.Helper()
	if err := k.SetDelay(k.t.Context(), "org", k.e, room.ID, minutes, since); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) delays() Delays {
	k.t.Helper()
	l, err := k.Delays(k.t.Context(), k.e.ID)
	if err != nil {
		k.t.Fatal(err)
	}
	return l
}

func TestARoomRunsLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		k.session(talk("A", "10:00", "10:30", aula))
		k.session(talk("B", "10:30", "11:00", aula))
		k.session(talk("C", "11:00", "11:30", aula))
		k.session(talk("D", "10:30", "11:00", sali))
		k.session(talk("Kahvi", "11:00", "11:30", Room{}))
		k.release()
		p, revision := k.programme(), k.fresh().Revision
		k.delay(aula, 10, clock27("10:25"))
		if k.fresh().Revision <= revision {
			t.Error("public pages do not learn of the delay")
		}
		l := k.delays()
		for at, want := range map[string]string{
			"10:20": "Aula: A 10:00–10:40, B 10:40–11:10; Sali: -, D 10:30–11:00; (none): -, Kahvi 11:00–11:30",
			"10:35": "Aula +10m: A 10:00–10:40, B 10:40–11:10; Sali: D 10:30–11:00, -; (none): -, Kahvi 11:00–11:30",
			"10:40": "Aula +10m: B 10:40–11:10, C 11:10–11:40; Sali: D 10:30–11:00, -; (none): -, Kahvi 11:00–11:30",
			"11:35": "Aula +10m: C 11:10–11:40, -; Sali: -, -",
			"11:40": "Aula +10m: -, -; Sali: -, -",
		} {
			if got := board(p, clock27(at), l); got != want {
				t.Errorf("%s:\n %s, want\n %s", at, got, want)
			}
		}
		// Said a little late, of a session that should just have begun: it has not.
		k.delay(aula, 15, clock27("10:33"))
		l = k.delays()
		if got := board(p, clock27("10:40"), l); len(l) != 1 || !strings.HasPrefix(got, "Aula +15m: A 10:00–10:45, B 10:45–11:15; ") {
			t.Errorf("a second word: %s", got)
		}
		// What is over stays over.
		k.delay(aula, 15, clock27("10:50"))
		if got := board(p, clock27("10:50"), k.delays()); !strings.HasPrefix(got, "Aula +15m: B 10:30–11:15, C 11:15–11:45; ") {
			t.Errorf("a third word: %s", got)
		}
		k.delay(aula, 0, clock27("10:55"))
		if got := board(p, clock27("10:55"), k.delays()); !strings.HasPrefix(got, "Aula: B 10:30–11:00, C 11:00–11:30; ") {
			t.Errorf("on time again: %s", got)
		}
	})
}

func TestADelayEndsWithItsDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		// The clocks go back in the second night: 04:00 becomes 03:00.
		if _, err := d.Write.NewUpdate().Model((*edition.Edition)(nil)).Set("starts_at = ?", at("2027-10-30 09:00")).
			Set("ends_at = ?", at("2027-10-31 17:00")).Where("id = ?", k.e.ID).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.es.Forget()
		k.e = k.fresh()
		aula := k.room("Aula")
		slot := func(title, from, to string) {
			in := talk(title, "", "", aula)
			in.StartsAt, in.EndsAt = at("2027-"+from), at("2027-"+to)
			k.session(in)
		}
		slot("Ilta", "10-30 23:30", "10-31 00:30")
		slot("Yö", "10-31 02:30", "10-31 04:30") // three hours
		slot("Aamu", "10-31 09:00", "10-31 10:00")
		k.release()
		p := k.programme()
		k.delay(aula, 20, at("2027-10-31 00:10"))
		l := k.delays()
		if len(l) != 1 || l[0].Day != "2027-10-30" {
			t.Fatalf("delays %+v", l)
		}
		for i, want := range []string{"Ilta 23:30–00:50", "Yö 02:50–04:50", "Aamu 09:00–10:00"} {
			r := l.Shift(p.Sessions[i])
			if got := r.Session.Name(text.Finnish) + " " + r.StartsAt.Format("15:04") + "–" + r.EndsAt.Format("15:04"); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if r.EndsAt.Sub(p.Sessions[i].EndsAt) != r.Late {
				t.Errorf("%s is late by %v", want, r.Late)
			}
		}
		k.delay(aula, 5, at("2027-10-31 09:00"))
		if l = k.delays(); len(l) != 2 || l.Shift(p.Sessions[2]).Late != 5*time.Minute || l.Shift(p.Sessions[1]).Late != 20*time.Minute {
			t.Errorf("two days: %+v", l)
		}
		k.delay(aula, 0, at("2027-10-31 11:00"))
		if l = k.delays(); len(l) != 1 || l[0].Minutes != 20 {
			t.Errorf("one day's delay ended another's: %+v", l)
		}
	})
}

func TestWrongDelays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, other := k.room("Aula"), k.other()
		err := k.SetDelay(t.Context(), "org", k.e, "nowhere", -1, at("2027-03-01 10:00"))
		for field, want := range map[string]string{"room": "program.room_missing", "minutes": "program.delay_range", "since": "program.outside_days"} {
			if got := problem(err, field); got != want {
				t.Errorf("%s: %q, want %q", field, got, want)
			}
		}
		if err := k.SetDelay(t.Context(), "org", k.e, aula.ID, MaxDelay+1, clock27("10:00")); problem(err, "minutes") == "" {
			t.Errorf("too long: %v", err)
		}
		if err := k.SetDelay(t.Context(), "org", k.e, aula.ID, 10, time.Time{}); problem(err, "since") == "" {
			t.Errorf("now is long before the edition: %v", err)
		}
		if err := k.SetDelay(t.Context(), "org", other, aula.ID, 10, clock27("10:00")); problem(err, "room") == "" {
			t.Errorf("through another edition: %v", err)
		}
		if len(k.delays()) != 0 {
			t.Error("something was saved")
		}
		k.delay(aula, 10, clock27("10:00"))
		if l, err := k.Delays(t.Context(), other.ID); err != nil || len(l) != 0 {
			t.Errorf("another edition's delays: %v %v", l, err)
		}
		if err := k.DeleteRoom(t.Context(), "org", k.e, aula.ID); err != nil || fail.Is(err, fail.Conflict) || len(k.delays()) != 0 {
			t.Errorf("a room with a delay: %v", err)
		}
	})
}
