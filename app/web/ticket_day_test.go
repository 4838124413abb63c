package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/workshop"
)

// workshop opens sign-ups to a session of its own at hours of the day, or with no
// hours to a topic table.
func (h *webHouse) workshop(e edition.Edition, name string, from, to time.Duration, places int64, audience registration.Kind) string {
	h.t.Helper()
	in := workshop.Input{Audience: audience, Capacity: &places}
	if to == 0 {
		in.Title = text.One(text.Finnish, name)
	} else {
		x, err := h.Program.SaveSession(h.t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, name), Kind: program.Workshop,
			StartsAt: e.StartsAt.Add(from), EndsAt: e.StartsAt.Add(to)})
		h.must(err)
		in.SessionID = x.ID
	}
	w, err := h.Workshops.Open(h.t.Context(), e, "", in)
	h.must(err)
	return w.ID
}

// row is what a ticket's page says of a workshop, with what its button does.
func (h *webHouse) row(ticket, id string) string {
	h.t.Helper()
	row := between(h.page(asStranger, ticket+"/workshops"), `id="w-`+id+`">`, "</li>", "<p>")
	words := strings.Join(strings.Fields(html.UnescapeString(textOf(between(row, "<p>", "<form", "<p>")))), " ")
	return words + " [" + between(row, `name="do" value="`, `"`, "") + "]"
}

// key is the hidden key of a workshop's button.
func (h *webHouse) key(ticket, id string) string {
	row := between(h.page(asStranger, ticket+"/workshops"), `id="w-`+id+`">`, "</li>", "")
	return between(row, `name="key" value="`, `"`, "")
}

func (h *webHouse) sign(ticket, id, do string) reply {
	h.t.Helper()
	return h.post(asStranger, ticket+"/workshops", url.Values{"workshop": {id}, "do": {do}, "key": {h.key(ticket, id)}})
}

// TestTicketWorkshops: signing up, waiting, leaving, clashes beside the workshop
// they are about, and only for those who take part.
func TestTicketWorkshops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		e := h.newEdition("2028", seats(2), nil)
		eka, toka := h.register("2028", person("Eka Henkilö", "onsite")), h.register("2028", person("Toka Henkilö", "onsite"))
		waits, etä := h.register("2028", person("Jono Henkilö", "onsite")), h.register("2028", person("Etä Henkilö", "remote"))
		if body := h.says(eka+"/workshops", "ticket.workshops_title"); !strings.Contains(body, h.said("ticket.workshops_none")) {
			t.Error("nothing says that there are none")
		}
		if strings.Contains(h.page(asStranger, eka), eka+"/workshops") {
			t.Error("the ticket leads to no workshops")
		}
		a := h.workshop(e, "Aamupaja", time.Hour, 2*time.Hour, 1, "")
		b := h.workshop(e, "Bonuspaja", 90*time.Minute, 3*time.Hour, 5, registration.Onsite)
		p1, p2 := h.workshop(e, "Pöytä yksi", 0, 0, 4, ""), h.workshop(e, "Pöytä kaksi", 0, 0, 4, "")
		later := h.said("ticket.workshop_no_time")
		if got := h.row(eka, a); got != later+" Aamupaja "+h.said("ticket.workshop_free", "n", 1)+" [sign-up]" {
			t.Errorf("before the release: %q", got)
		}
		_, err := h.Program.Release(t.Context(), "", e, "", nil)
		h.must(err)
		span := func(from, to time.Duration) string {
			return text.Span(text.Finnish, e.Local(e.StartsAt.Add(from)), e.Local(e.StartsAt.Add(to)))
		}
		free := span(time.Hour, 2*time.Hour) + " Aamupaja "
		if got := h.row(eka, a); got != free+h.said("ticket.workshop_free", "n", 1)+" [sign-up]" {
			t.Errorf("after the release: %q", got)
		}
		first := url.Values{"workshop": {a}, "do": {"sign-up"}, "key": {h.key(eka, a)}}
		for range 2 { // pressed twice
			h.leads(h.post(asStranger, eka+"/workshops", first), eka+"/workshops")
		}
		h.leads(h.sign(toka, a, "sign-up"), toka+"/workshops")
		if got := h.row(eka, a); got != free+h.said("ticket.workshop_full", "n", 1)+" "+h.said("ticket.workshop_in")+" [leave]" {
			t.Errorf("signed up: %q", got)
		}
		if got := h.row(toka, a); got != free+h.said("ticket.workshop_full", "n", 1)+" "+h.said("ticket.workshop_waiting", "position", int64(1))+" [leave]" {
			t.Errorf("waiting: %q", got)
		}
		clash := h.sign(eka, b, "sign-up")
		want := h.said("workshop.clash", "other", "Aamupaja", "when", text.At(text.Finnish, e.Local(e.StartsAt.Add(time.Hour)))+"–"+text.Clock(text.Finnish, e.Local(e.StartsAt.Add(2*time.Hour))))
		h.refusedWith(clash, want)
		if beside := between(clash.body, `id="w-`+b+`-error"`, "</p>", "<"); html.UnescapeString(textOf(beside)) != want || strings.Count(clash.body, `role="alert"`) != 1 {
			t.Errorf("beside the workshop stands %q", textOf(beside))
		}
		h.leads(h.sign(eka, p1, "sign-up"), eka+"/workshops")
		h.refusedWith(h.sign(eka, p2, "sign-up"), h.said("workshop.one_table", "other", "Pöytä yksi"))
		if got := h.row(etä, b); !strings.HasSuffix(got, h.said("ticket.workshop_for_onsite")+" []") {
			t.Errorf("for those on site only, it offers somebody remote %q", got)
		}
		h.refusedWith(h.post(asStranger, etä+"/workshops", url.Values{"workshop": {b}, "do": {"sign-up"}, "key": {db.NewID()}}), h.said("workshop.only_onsite"))
		if body := h.says(waits+"/workshops", "ticket.workshops_title"); strings.Contains(body, "Aamupaja") || !strings.Contains(body, h.said("ticket.workshops_closed")) {
			t.Error("who waits for a place sees the workshops")
		}
		h.refusedWith(h.post(asStranger, waits+"/workshops", url.Values{"workshop": {a}, "do": {"sign-up"}, "key": {db.NewID()}}), h.said("workshop.not_attending"))
		if r := h.post(asStranger, eka+"/workshops", url.Values{"workshop": {"nothing"}, "do": {"sign-up"}, "key": {db.NewID()}}); r.status != http.StatusNotFound {
			t.Errorf("no such workshop: status %d", r.status)
		}
		h.leads(h.sign(eka, a, "leave"), eka+"/workshops")
		if got := h.row(toka, a); got != free+h.said("ticket.workshop_full_none")+" "+h.said("ticket.workshop_in")+" [leave]" {
			t.Errorf("promoted: %q", got)
		}
		// A key that was used for another act is of a page gone back to.
		h.leads(h.post(asStranger, eka+"/workshops", url.Values{"workshop": {b}, "do": {"sign-up"}, "key": {first.Get("key")}}), eka+"/workshops")
		if got := h.row(eka, b); !strings.HasSuffix(got, " [leave]") {
			t.Errorf("with an old key: %q", got)
		}
		h.at(e.StartsAt.Add(4 * time.Hour))
		if got := h.row(eka, b) + h.row(toka, b); strings.Contains(got, "sign-up") || strings.Contains(got, "leave") {
			t.Errorf("what has begun offers %q", got)
		}
	})
}

// TestTicketPeople: who wishes is found, by those who come, until the day after.
func TestTicketPeople(t *testing.T) {
	h := openHouse(t, dbtest.OpenSQLite(t))
	e := h.newEdition("2028", seats(2), nil)
	eka, toka := h.register("2028", person("Eka Henkilö", "onsite", "organisation", "Oy Eka")), h.register("2028", person("Toka Henkilö", "onsite"))
	waits, etä := h.register("2028", person("Jono Henkilö", "onsite")), h.register("2028", person("Etä Henkilö", "remote"))
	sees := func(ticket, query, want string) {
		t.Helper()
		body := h.page(asStranger, ticket+"/people"+query)
		var names []string
		for _, person := range strings.Split(between(body, `<ul class="people listed gap">`, "</ul>", ""), `<span class="person">`)[1:] {
			names = append(names, strings.Join(strings.Fields(html.UnescapeString(textOf(strings.Replace(between(person, "</span>", "</li>", ""), "<small>", " <small>", 1)))), " "))
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s%s sees %q, want %q", ticket, query, got, want)
		}
	}
	if body := h.says(eka+"/people", "ticket.people_title"); !strings.Contains(body, h.said("ticket.people_none")) || !strings.Contains(body, text.LongDate(text.Finnish, e.Local(e.EndsAt).AddDate(0, 0, 1))) {
		t.Error("the empty list does not say what it is")
	}
	h.leads(h.post(asStranger, eka+"/people", url.Values{"wish": {"1"}, "about": {"Teen <b>podcastia</b>"}, "topics": {"Some, #Äänet ,, some"}}), eka+"/people")
	h.leads(h.post(asStranger, etä+"/people", url.Values{"wish": {"1"}, "topics": {"SOME"}}), etä+"/people")
	ekaRow, etäRow := "Eka Henkilö Oy EkaTeen <b>podcastia</b> SomeÄänet", "Etä Henkilö EtänäSOME"
	sees(toka, "", ekaRow+", "+etäRow)
	sees(toka, "?topic=%C3%84%C3%84NET", ekaRow)
	sees(toka, "?topic=muu", "")
	wrong := h.post(asStranger, eka+"/people", url.Values{"wish": {"1"}, "about": {strings.Repeat("ä", 141)}, "topics": {"1,2,3,4,5,6"}})
	if a, b := errorsBeside(wrong.body, "about"), errorsBeside(wrong.body, "topics"); wrong.status != http.StatusUnprocessableEntity || fmt.Sprint(a, b) != fmt.Sprintf("[%s] [%s]", h.said("field.long", "max", 140), h.said("meet.topics_many", "max", 5)) || !strings.Contains(wrong.body, `value="1,2,3,4,5,6"`) {
		t.Errorf("status %d, %q %q", wrong.status, a, b)
	}
	sees(waits, "", "")
	if body := h.page(asStranger, waits+"/people"); strings.Contains(body, "Oy Eka") || strings.Contains(body, "Äänet") || !strings.Contains(body, h.said("ticket.people_closed")) {
		t.Error("who waits for a place sees who comes")
	}
	h.refusedWith(h.post(asStranger, waits+"/people", url.Values{"wish": {"1"}}), h.said("meet.not_attending"))
	h.leads(h.post(asStranger, eka+"/people", url.Values{"about": {"unohda"}}), eka+"/people")
	sees(eka, "", etäRow)
	h.at(e.EndsAt)
	h.refusedWith(h.post(asStranger, toka+"/people", url.Values{"wish": {"1"}}), h.said("meet.over"))
	if strings.Contains(h.page(asStranger, toka+"/people"), `name="wish"`) {
		t.Error("after the day one can still join the list")
	}
	h.at(e.StartsAt)
	h.rules("2028", func(r *registration.Rules) { r.Meet = false })
	for _, r := range []reply{h.get(asStranger, etä+"/people"), h.post(asStranger, etä+"/people", url.Values{"wish": {"1"}})} {
		if r.status != http.StatusNotFound || !strings.Contains(r.body, h.said("meet.off")) || strings.Contains(r.body, "Eka") {
			t.Errorf("without the list: status %d", r.status)
		}
	}
	if strings.Contains(h.page(asStranger, etä), "/people") {
		t.Error("the ticket leads to a list that is not there")
	}
}
