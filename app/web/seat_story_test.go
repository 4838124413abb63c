package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

// wrote gives the letters written since a moment as "name kind", in the order of
// names, and checks that those who have a place got their calendar entry along.
func (h *webHouse) wrote(since time.Time) []string {
	h.t.Helper()
	var rows []struct{ Name, Kind, Attachment string }
	h.must(h.DB.Read.NewRaw("SELECT name, kind, attachment FROM mail WHERE created_at >= ? ORDER BY name, kind", since).Scan(h.t.Context(), &rows))
	var list []string
	for _, r := range rows {
		entry := slices.Contains([]string{"registration_confirmed", "registration_promoted", "registration_remote", "confirm", "reminder_week", "reminder_day"}, r.Kind)
		if strings.HasPrefix(r.Attachment, "BEGIN:VCALENDAR\r\n") != entry {
			h.t.Errorf("%s to %s has the attachment %.40q", r.Kind, r.Name, r.Attachment)
		}
		list = append(list, r.Name+" "+r.Kind)
	}
	return list
}

// One seat and three who want it, from the opening to the day before: it is
// offered, taken, given up for a remote place and offered again, and everybody is
// told what is theirs to know and nothing twice.
func TestASeatGoesFromHandToHand(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(1), nil)
	setup, err := h.Registrations.Setup(t.Context(), e.ID)
	h.must(err)
	rules := setup.Rules
	rules.NearDays = 14
	h.must(h.Registrations.SaveRules(t.Context(), e, "", rules, setup.Version))
	job := func(work func(context.Context) error) { t.Helper(); h.must(work(t.Context())) }
	said := func(what string, since time.Time, want ...string) {
		t.Helper()
		if got := h.wrote(since); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	tickets := map[string]string{}
	stand := func(what, eka, toka, kolmas string) {
		t.Helper()
		for name, want := range map[string]string{"Eka": eka, "Toka": toka, "Kolmas": kolmas} {
			if got := h.stateOf(tickets[name]); got != want {
				t.Errorf("%s: %s is %s, want %s", what, name, got, want)
			}
		}
	}
	press := func(name, act string, v url.Values) {
		t.Helper()
		if v == nil {
			v = url.Values{}
		}
		h.leads(h.post(asStranger, tickets[name]+act, v), tickets[name])
	}

	for _, name := range []string{"Eka", "Toka", "Kolmas"} {
		tickets[name] = h.register("2028", person(name, "onsite"))
	}
	stand("at first", "onsite confirmed", "onsite waiting 1", "onsite waiting 2")
	said("at first", siteNow, "Eka registration_confirmed", "Kolmas registration_waiting", "Toka registration_waiting")

	at := e.StartsAt.AddDate(0, 0, -10)
	h.at(at)
	press("Eka", "/cancel", nil)
	stand("after the cancellation", "onsite cancelled", "onsite offered", "onsite waiting 1")
	press("Toka", "/accept", nil)
	press("Toka", "/accept", nil) // pressed twice
	stand("after the offer", "onsite cancelled", "onsite confirmed", "onsite waiting 1")
	said("the offer", at, "Eka registration_cancelled", "Toka registration_confirmed", "Toka registration_offered")

	at = e.StartsAt.AddDate(0, 0, -7)
	h.at(time.Date(at.Year(), at.Month(), at.Day(), 3, 0, 0, 0, e.Location()))
	job(h.Messages.Ask)
	job(h.Messages.Remind)
	said("at night", at.Add(-12*time.Hour))
	h.at(at)
	for range 2 {
		job(h.Messages.Ask)
		job(h.Messages.Remind)
	}
	said("a week before", at, "Toka confirm")
	at = at.Add(time.Hour)
	h.at(at)
	press("Toka", "/switch", url.Values{"place": {"remote"}})
	stand("after going remote", "onsite cancelled", "remote confirmed", "onsite offered")
	press("Kolmas", "/accept", nil)
	stand("in the end", "onsite cancelled", "remote confirmed", "onsite confirmed")
	said("going remote", at, "Kolmas registration_confirmed", "Kolmas registration_offered", "Toka registration_remote")

	at = e.StartsAt.AddDate(0, 0, -1)
	h.at(at)
	for range 2 {
		job(h.Messages.Ask)
		job(h.Messages.Remind)
		job(h.Registrations.LapseOffers)
	}
	said("the day before", at, "Kolmas reminder_day", "Toka reminder_day")
	h.makeOwner()
	outbox := h.page(asOwner, "/desk/cmadfi/2028/mail?kind=reminder_day")
	if strings.Count(outbox, "kalenterimerkintä liitteenä") != 2 || strings.Count(outbox, "Osallistut etänä.") != 1 {
		t.Error("the desk does not show both reminders with their calendar entries, one of them for a remote place")
	}
	if n := h.count("SELECT taken FROM place WHERE edition_id = ? AND kind = 'onsite'", e.ID); n != 1 {
		t.Errorf("%d seats are taken", n)
	}
}
