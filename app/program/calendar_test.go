package program

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
)

func (k *desk) entries(only func(string) bool) map[string]string {
	k.t.Helper()
	c, err := k.Calendar(context.Background(), k.fresh(), "https://agora.example", only)
	if err != nil {
		k.t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range c.Events {
		got[e.Title] = fmt.Sprint(e.Start.Format("15:04"), " ", e.Sequence, " ", e.Cancelled, " ", e.Location)
	}
	return got
}

func TestCalendarFollowsReleases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		hall := k.room("Sali")
		a := k.session(talk("Eka", "10:00", "11:00", hall))
		b := k.session(talk("Toka", "11:00", "12:00", hall))
		k.release()
		first := k.entries(nil)
		if len(first) != 2 || !strings.HasPrefix(first["Eka"], "08:00 ") || strings.Contains(first["Eka"], "true") {
			t.Fatal(first)
		}
		in := talk("Eka", "13:00", "14:00", hall)
		if _, err := k.SaveSession(t.Context(), "org", k.e, a.ID, in); err != nil {
			t.Fatal(err)
		}
		away := talk("Toka", "", "", Room{})
		if _, err := k.SaveSession(t.Context(), "org", k.e, b.ID, away); err != nil {
			t.Fatal(err)
		}
		between := k.entries(nil)
		k.release()
		second := k.entries(nil)
		if !strings.HasPrefix(between["Eka"], "08:00 ") || !strings.HasPrefix(second["Eka"], "11:00 ") || second["Toka"][:5] != "09:00" || !strings.Contains(second["Toka"], "true Sali") {
			t.Errorf("%v\n%v\n%v", first, between, second)
		}
		for _, title := range []string{"Eka", "Toka"} {
			if sequence(second[title]) <= sequence(between[title]) || sequence(between[title]) < sequence(first[title]) {
				t.Errorf("%s: %s, %s, %s", title, first[title], between[title], second[title])
			}
		}
		if only := k.entries(func(id string) bool { return id == b.ID }); len(only) != 1 || only["Toka"] != second["Toka"] {
			t.Errorf("%v", only)
		}
		if _, err := k.SaveSession(t.Context(), "org", k.e, b.ID, talk("Toka", "11:00", "12:00", hall)); err != nil {
			t.Fatal(err)
		}
		k.release()
		if back := k.entries(nil); strings.Contains(back["Toka"], "true") || sequence(back["Toka"]) <= sequence(second["Toka"]) {
			t.Errorf("%v", back)
		}
	})
}

func sequence(s string) (n int) {
	fmt.Sscanf(s[6:], "%d", &n)
	return n
}
