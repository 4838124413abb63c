package web

import (
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

// workshopDay is an edition with two sessions, one after the other, and people.
type workshopDay struct {
	*webHouse
	e           edition.Edition
	first, next program.Session
}

func newWorkshopDay(t *testing.T) *workshopDay {
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	d := &workshopDay{webHouse: h, e: h.newEdition("2028", nil, nil)}
	d.first, d.next = d.session("Aamun työpaja", 1), d.session("Illan työpaja", 3)
	return d
}

// session starts so many hours after the day.
func (d *workshopDay) session(title string, hour int) program.Session {
	d.t.Helper()
	from := d.e.StartsAt.Add(time.Duration(hour) * time.Hour)
	x, err := d.Program.SaveSession(d.t.Context(), "", d.e, "", program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Workshop, Language: "fi",
		StartsAt: from, EndsAt: from.Add(time.Hour)})
	d.must(err)
	return x
}

// comes registers somebody and signs them up.
func (d *workshopDay) comes(name, place string, workshops ...workshop.Workshop) {
	d.t.Helper()
	ticket := d.register("2028", person(name, place))
	r, err := d.Registrations.ByToken(d.t.Context(), ticket[strings.LastIndex(ticket, "/")+1:])
	d.must(err)
	for _, w := range workshops {
		_, err := d.Workshops.SignUp(d.t.Context(), d.e, r, w.ID, db.Key{})
		d.must(err)
	}
}

func (d *workshopDay) list() []workshop.Workshop {
	d.t.Helper()
	list, err := d.Workshops.List(d.t.Context(), d.e.ID)
	d.must(err)
	return list
}

// unchanged compares all but the edition, whose revision an act raises before it
// is decided.
func (d *workshopDay) unchanged(before map[string]string) {
	d.t.Helper()
	if diff := differing(before, d.dump()); diff != "" && diff != "edition" {
		d.t.Errorf("%s changed", diff)
	}
}

// TestWorkshopsDesk opens a session and a table, changes them, and closes one
// with people only after saying how many lose their place.
func TestWorkshopsDesk(t *testing.T) {
	d := newWorkshopDay(t)
	en := func(key string, args ...any) string { return d.Words.T(text.English, key, args...) }
	page := desk2028 + "/workshops"
	send := func(path string, v url.Values) reply { return d.post(asOwner, page+path, v, "Accept-Language", "en") }
	before := d.dump()
	d.sameProblems(send("/new", url.Values{"capacity": {"x"}}), map[string]string{"session": en("field.required"), "capacity": en("field.number")})
	d.sameProblems(send("/new", url.Values{"session": {"nothing"}}), map[string]string{"session": en("workshop.session_missing")})
	r := send("/table", url.Values{"about_fi": {"Tuo omat eväät"}, "capacity": {"0"}})
	d.sameProblems(r, map[string]string{"title_fi": en("field.required"), "capacity": en("workshop.capacity_form", "max", 10000)})
	if !strings.Contains(r.body, "Tuo omat eväät</textarea>") || valuesOf(r.body)["capacity"] != "0" {
		t.Error("what was typed is lost")
	}
	if diff := differing(before, d.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	key := valuesOf(d.page(asOwner, page+"/new"))["key"]
	for range 2 {
		d.leads(send("/new", url.Values{"key": {key}, "session": {d.first.ID}, "capacity": {"1"}, "audience": {"onsite"}}), page)
	}
	d.sameProblems(send("/new", url.Values{"key": {db.NewID()}, "session": {d.first.ID}}), map[string]string{"session": en("workshop.already_open")})
	if body := d.page(asOwner, page+"/new"); strings.Contains(body, d.first.ID) || !strings.Contains(body, d.next.ID) {
		t.Error("the form offers what is open, or not what could be opened")
	}
	d.leads(send("/table", url.Values{"key": {db.NewID()}, "title_fi": {"Lounaspöytä"}, "title_sv": {"Lunchbord"}, "capacity": {"8"}}), page)
	list := d.list()
	if len(list) != 2 || *list[0].Capacity != 1 || list[0].Audience != registration.Onsite || !list[1].Table() || *list[1].Capacity != 8 {
		t.Fatalf("open: %+v", list)
	}
	d.comes("Eka Henkilö", "onsite", list[0], list[1])
	d.comes("Toka Henkilö", "onsite", list[0])
	own := "/" + list[0].ID
	before = d.dump()
	d.sameProblems(send(own, url.Values{"capacity": {"0"}}), map[string]string{"capacity": en("workshop.capacity_form", "max", 10000)})
	d.sameProblems(send(own, url.Values{"capacity": {"1"}, "audience": {"remote"}}), map[string]string{"audience": en("workshop.audience_taken", "n", 2)})
	d.unchanged(before)
	names := func() string {
		return strings.Join(headings(d.page(asOwner, page+own+"/people"), "th"), " ")
	}
	if got := names(); !strings.Contains(got, "Eka Henkilö") || !strings.Contains(got, "1. Toka Henkilö") || strings.Index(got, "Eka") > strings.Index(got, "Toka") {
		t.Errorf("the list reads %q", got)
	}
	d.leads(send(own, url.Values{"capacity": {"2"}, "audience": {"onsite"}, "about_fi": {"Ota kynä"}}), page)
	if got := names(); strings.Contains(got, "1. Toka") {
		t.Errorf("nobody moved up: %q", got)
	}
	d.letters("Toka Henkilö", "registration_confirmed", "workshop_promoted")
	d.closing(page, own)
	d.acts("2028", "workshop.open", "workshop.open", "workshop.change", "workshop.remove", "workshop.remove")
}

// closing takes both away: the session in two steps, the table in two as well,
// for one person sits there.
func (d *workshopDay) closing(page, own string) {
	d.t.Helper()
	before := d.dump()
	r := d.post(asOwner, page+own+"/remove", nil, "Accept-Language", "en")
	if force := d.Words.T(text.English, "workshops.close_force", "n", 2); r.status != http.StatusConflict || !strings.Contains(r.body, force) || valuesOf(r.body)["told"] != "2" {
		d.t.Errorf("status %d, and %q is not asked", r.status, force)
	}
	// Told of one while two have signed up: it is said again.
	if r := d.post(asOwner, page+own+"/remove", url.Values{"told": {"1"}}); r.status != http.StatusConflict {
		d.t.Errorf("told of fewer: status %d", r.status)
	}
	d.unchanged(before)
	d.leads(d.post(asOwner, page+own+"/remove", url.Values{"told": {"2"}}), page)
	d.letters("Eka Henkilö", "registration_confirmed", "workshop_removed")
	table := "/" + d.list()[0].ID
	d.leads(d.post(asOwner, page+table+"/remove", url.Values{"told": {"1"}}), page)
	if n := len(d.list()); n != 0 {
		d.t.Errorf("%d are left", n)
	}
	if r := d.get(asOwner, page+table); r.status != http.StatusNotFound {
		d.t.Errorf("what is gone: status %d", r.status)
	}
}

// TestWorkshopClashes: a release that puts two things at one time shows whom it
// hits.
func TestWorkshopClashes(t *testing.T) {
	d := newWorkshopDay(t)
	page := desk2028 + "/workshops"
	for _, x := range []program.Session{d.first, d.next} {
		d.leads(d.post(asOwner, page+"/new", url.Values{"key": {db.NewID()}, "session": {x.ID}}), page)
	}
	_, err := d.Program.Release(t.Context(), "", d.e, "", nil)
	d.must(err)
	list := d.list()
	d.comes("Eka Henkilö", "onsite", list[0], list[1])
	d.comes("Toka Henkilö", "onsite", list[0])
	title := d.Words.T(text.Finnish, "workshops.clashes")
	if strings.Contains(d.page(asOwner, page), title) {
		t.Error("clashes before there are any")
	}
	from := d.e.StartsAt.Add(time.Hour + 30*time.Minute)
	_, err = d.Program.SaveSession(t.Context(), "", d.e, d.next.ID, program.SessionInput{Title: d.next.Title, Kind: program.Workshop, Language: "fi", StartsAt: from, EndsAt: from.Add(time.Hour)})
	d.must(err)
	_, err = d.Program.Release(t.Context(), "", d.e, "", nil)
	d.must(err)
	body := d.page(asOwner, page)
	who := headings(between(body, title, "</table>", ""), "th")
	if len(who) != 4 || who[3] != "Eka Henkilö" {
		t.Errorf("those it hits: %v", who)
	}
}
