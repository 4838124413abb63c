package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

var pressed = regexp.MustCompile(`<button class="star"[^>]* value="([^"]+)" aria-pressed="true">`)

// sessionsOf are the demo's sessions that can be marked.
func (h *webHouse) sessionsOf(slug string) []*program.Session {
	h.t.Helper()
	p, err := h.Program.Programme(h.t.Context(), h.find(slug))
	h.must(err)
	return slices.DeleteFunc(slices.Clone(p.Sessions), func(x *program.Session) bool { return x.Kind == program.Break })
}

func TestStarsAreOnesOwn(t *testing.T) {
	h := demoHouse(t)
	list := h.sessionsOf(demo.Coming)
	a, b := list[len(list)-1], list[len(list)-2]
	stranger := h.get(asStranger, "/cmadfi/2027/program?view=list&day=all")
	r := h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {a.Slug}, "next": {"/cmadfi/2027/program?view=list"}})
	if r.status != http.StatusSeeOther || r.location() != "/cmadfi/2027/program?view=list#s-"+a.Slug {
		t.Errorf("%d %s", r.status, r.location())
	}
	if got := found(pressed, h.page(asAttendee, "/cmadfi/2027/program?view=list&day=all")); !slices.Equal(got, []string{a.Slug}) {
		t.Errorf("pressed: %v", got)
	}
	if got := found(pressed, h.page(asSpeaker, "/cmadfi/2027/program?view=list&day=all")); got != nil {
		t.Errorf("somebody else has %v", got)
	}
	// A stranger's page is the same as before, kept, and has no star in it.
	again := h.get(asStranger, "/cmadfi/2027/program?view=list&day=all", "If-None-Match", stranger.header.Get("ETag"))
	if again.status != http.StatusNotModified || strings.Contains(stranger.body, `class="star"`) {
		t.Errorf("strangers: status %d", again.status)
	}
	// What the device kept is united with it, in one call; what there is not is passed over.
	r = h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {b.Slug, a.Slug, "nothing"}}, "Accept", "application/json")
	var answer struct{ Sessions []string }
	h.must(json.Unmarshal([]byte(r.body), &answer))
	if slices.Sort(answer.Sessions); !slices.Equal(answer.Sessions, slices.Sorted(slices.Values([]string{a.Slug, b.Slug}))) {
		t.Errorf("%d %v", r.status, answer)
	}
	h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"unmark": {a.Slug}})
	if n := h.count("SELECT count(*) FROM favourite"); n != 1 {
		t.Errorf("%d marks are left", n)
	}
	for _, next := range []string{"https://example.org/cmadfi/2027/x", "//example.org/cmadfi/2027/", "/desk", "/cmadfi/20270", "\x7f"} {
		if r := h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {b.Slug}, "next": {next}}); r.location() != "/cmadfi/2027/agenda" {
			t.Errorf("%q leads to %s", next, r.location())
		}
	}
	// Sessions of another edition are not marked under this one's address.
	old := h.sessionsOf("2016")[0]
	h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {old.ID, old.Slug}})
	if n := h.count("SELECT count(*) FROM favourite WHERE session_id = ?", old.ID); n != 0 {
		t.Error("a session of another edition is marked")
	}
}

func TestAgendaOfADevice(t *testing.T) {
	h := demoHouse(t)
	list := h.sessionsOf(demo.Coming)
	before := h.dump()
	want := []string{"/cmadfi/2027/sessions/" + list[2].Slug, "/cmadfi/2027/sessions/" + list[5].Slug}
	slices.Sort(want)
	r := h.post(asStranger, "/cmadfi/2027/agenda", url.Values{"mark": {list[5].Slug, list[2].Slug, "nothing"}})
	if got := found(rowTitle, r.body); r.status != http.StatusOK || !slices.Equal(got, want) {
		t.Errorf("%d %v", r.status, got)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("looking changed %s", diff)
	}
	body := h.page(asStranger, "/cmadfi/2027/agenda")
	if found(rowTitle, body) != nil || strings.Contains(body, ".ics") || !strings.Contains(body, "<noscript>") {
		t.Error("a stranger's page is not empty")
	}
}

func TestFeedIsPrivate(t *testing.T) {
	h := demoHouse(t)
	x := h.sessionsOf(demo.Coming)[1]
	h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {x.Slug}})
	address := regexp.MustCompile(regexp.QuoteMeta(siteBase) + `(/cmadfi/2027/agenda/[^"]+\.ics)"`).FindStringSubmatch(h.page(asAttendee, "/cmadfi/2027/agenda"))
	if address == nil {
		t.Fatal("the page does not tell the address")
	}
	r := h.get(asStranger, address[1])
	if r.status != http.StatusOK || !strings.HasPrefix(r.header.Get("Content-Type"), "text/calendar") || !strings.Contains(r.body, "UID:"+x.GUID) ||
		r.header.Get("Cache-Control") != "private, no-cache" || r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", r.status, r.header)
	}
	file := address[1][strings.LastIndex(address[1], "/")+1:]
	for _, path := range []string{"/cmadfi/2016/agenda/" + file, strings.TrimSuffix(address[1], ".ics"), "/cmadfi/2027/agenda/x.ics",
		strings.Replace(address[1], file[:3], "AAA", 1), "/cmadfi/2027/agenda/.ics"} {
		if r := h.get(asAttendee, path); r.status != http.StatusNotFound || strings.Contains(r.body, "VEVENT") {
			t.Errorf("%s: %d", path, r.status)
		}
	}
}

func TestProgramFilters(t *testing.T) {
	h := demoHouse(t)
	list := h.sessionsOf(demo.Coming)
	all := func(takes func(x *program.Session) bool) []string {
		var want []string
		for _, x := range list {
			if takes(x) {
				want = append(want, "/cmadfi/2027/sessions/"+x.Slug)
			}
		}
		slices.Sort(want)
		return want
	}
	speaker := list[3].Speakers[0]
	room := list[3].Room
	for query, takes := range map[string]func(x *program.Session) bool{
		"kind=workshop":     func(x *program.Session) bool { return x.Kind == program.Workshop },
		"room=" + room.Slug: func(x *program.Session) bool { return x.Room == room },
		"language=en":       func(x *program.Session) bool { return strings.Contains(x.Language, "en") },
		"q=" + url.QueryEscape(strings.ToUpper(speaker.Name)): func(x *program.Session) bool { return slices.Contains(x.Speakers, speaker) },
		"q=zzzzz": func(*program.Session) bool { return false },
		"kind=workshop&q=" + url.QueryEscape(speaker.Name): func(x *program.Session) bool {
			return x.Kind == program.Workshop && slices.Contains(x.Speakers, speaker)
		},
		"day=2027-01-25&kind=keynote": func(x *program.Session) bool { return x.Kind == program.Keynote },
	} {
		for _, who := range []string{asStranger, asAttendee} {
			r := h.get(who, "/cmadfi/2027/program?"+query)
			if got, want := found(rowTitle, r.body), all(takes); r.status != http.StatusOK || !slices.Equal(got, want) {
				t.Errorf("%s as %s: %d\n%v\nwant\n%v", query, who, r.status, got, want)
			}
			if strings.Contains(r.body, "grid-scroll") {
				t.Errorf("%s came as a grid", query)
			}
		}
	}
	h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {list[0].Slug}})
	if got := found(rowTitle, h.page(asAttendee, "/cmadfi/2027/program?mine=1")); !slices.Equal(got, []string{"/cmadfi/2027/sessions/" + list[0].Slug}) {
		t.Errorf("mine: %v", got)
	}
	for _, query := range []string{"kind=talks", "room=none", "track=none"} {
		if r := h.get(asStranger, "/cmadfi/2027/program?"+query); r.status != http.StatusNotFound {
			t.Errorf("%s: %d", query, r.status)
		}
	}
}

// todays is an edition of today with one session on and one to come in each of
// two rooms, released.
func (h *webHouse) todays() (edition.Edition, []program.Session) {
	h.t.Helper()
	e := h.newEdition("2028", nil, nil, func(in *edition.Input) {
		in.StartsAt, in.EndsAt, in.ClosesAt = siteNow.Add(-2*time.Hour), siteNow.Add(5*time.Hour), siteNow
	})
	var list []program.Session
	for _, name := range []string{"Sali", "Studio"} {
		room, err := h.Program.SaveRoom(h.t.Context(), "", e, "", program.RoomInput{Name: text.One(text.Finnish, name)})
		h.must(err)
		for i, title := range []string{"Nyt", "Sitten"} {
			from := siteNow.Add(time.Duration(i)*time.Hour - 30*time.Minute)
			x, err := h.Program.SaveSession(h.t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, title+" "+name), Kind: program.Talk,
				RoomID: room.ID, StartsAt: from, EndsAt: from.Add(time.Hour)})
			h.must(err)
			list = append(list, x)
		}
	}
	_, err := h.Program.Release(h.t.Context(), "", e, "", nil)
	h.must(err)
	return h.find("2028"), list
}

func TestDelaysShowAtOnce(t *testing.T) {
	h := demoHouse(t)
	e, _ := h.todays()
	p, err := h.Program.Programme(t.Context(), e)
	h.must(err)
	room := p.Rooms[0]
	first := h.page(asStranger, "/cmadfi/2028/now")
	if !strings.Contains(first, "Nyt Sali") || !strings.Contains(first, "Sitten Studio") || strings.Contains(first, "min myöhässä") {
		t.Fatal(first)
	}
	set := func(who, room, minutes string) int {
		t.Helper()
		return h.post(who, "/desk/cmadfi/2028/now", url.Values{"room": {room}, "minutes": {minutes}}).status
	}
	for range 2 { // the button says how late the room is then, so twice is once
		if got := set(asOrganiser, room.ID, "10"); got != http.StatusSeeOther {
			t.Fatal(got)
		}
	}
	late := h.page(asStranger, "/cmadfi/2028/now")
	if strings.Count(late, "10 min myöhässä") != 1 || !strings.Contains(late, "14.40–15.40") || !strings.Contains(late, "14.30–15.30") || !strings.Contains(late, "piti alkaa klo\u00a014.30") {
		t.Errorf("the delay does not show: %s", late)
	}
	if !strings.Contains(h.page(asStranger, "/cmadfi/2028"), "10 min myöhässä") || !strings.Contains(h.page(asOrganiser, "/desk/cmadfi/2028/now"), `value="25"`) {
		t.Error("the edition's page or the desk does not tell it")
	}
	for _, c := range []struct {
		who, room, minutes string
		status             int
	}{{asOrganiser, "nothing", "5", http.StatusNotFound}, {asOrganiser, room.ID, "-5", http.StatusUnprocessableEntity},
		{asOrganiser, room.ID, "99999", http.StatusUnprocessableEntity}, {asOrganiser, room.ID, "x", http.StatusUnprocessableEntity},
		{asOtherOrganiser, room.ID, "5", http.StatusForbidden}, {asAttendee, room.ID, "5", http.StatusForbidden}} {
		if got := set(c.who, c.room, c.minutes); got != c.status {
			t.Errorf("%v: %d", c, got)
		}
	}
	// A room of another edition is not reached by naming it here.
	if r := h.post(asOtherOrganiser, "/desk/toinen/2027/now", url.Values{"room": {room.ID}, "minutes": {"5"}}); r.status != http.StatusNotFound {
		t.Errorf("another's room: %d", r.status)
	}
	set(asOrganiser, room.ID, "0")
	if strings.Contains(h.page(asStranger, "/cmadfi/2028/now"), "min myöhässä") {
		t.Error("the delay did not end")
	}
}

// TestReleaseTellsWhomItConcerns: over HTTP, with the page that says so before.
func TestReleaseTellsWhomItConcerns(t *testing.T) {
	h := demoHouse(t)
	e, list := h.todays()
	mine, other := list[0], list[3]
	h.post(asAttendee, "/cmadfi/2028/favourites", url.Values{"mark": {mine.Slug}})
	h.post(asSpeaker, "/cmadfi/2028/favourites", url.Values{"mark": {other.Slug}})
	_, err := h.Program.SaveSession(t.Context(), "", e, mine.ID, program.SessionInput{Title: mine.Title, Kind: mine.Kind,
		StartsAt: siteNow.Add(-25 * time.Minute), EndsAt: siteNow.Add(35 * time.Minute)})
	h.must(err)
	line := "Siirtyi: ”Nyt Sali”, la 21.11. klo\u00a013.30–14.30, Sali → la 21.11. klo\u00a013.35–14.35."
	if body := h.page(asOrganiser, "/desk/cmadfi/2028/program"); !strings.Contains(body, line) || !strings.Contains(body, "Kirjeen saa yksi ihminen") {
		t.Errorf("the desk does not say what the release would do: %s", between(body, `id="changes"`, "</section>", ""))
	}
	r := h.post(asOrganiser, "/desk/cmadfi/2028/release", url.Values{"note_fi": {"Kahvi venyy."}, "name": {"Kahvi"}})
	if n := h.count("SELECT count(*) FROM mail WHERE kind = 'program_changed' AND edition_id = ?", e.ID); r.status != http.StatusSeeOther || n != 1 {
		t.Errorf("status %d, %d letters", r.status, n)
	}
	if n := h.count("SELECT count(*) FROM mail WHERE kind = 'program_changed' AND email = ?", h.cast.Attendee.Email); n != 1 {
		t.Errorf("%d letters to whom it concerns", n)
	}
	changes := h.page(asStranger, "/cmadfi/2028/changes")
	for _, want := range []string{line, "Versio 2: Kahvi</h2>", "Kahvi venyy.", "Ohjelma julkaistiin: 4 ohjelmakohtaa.", `href="/cmadfi/2028/feed.xml"`} {
		if !strings.Contains(changes, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
}

// TestQueriesDoNotGrow: one session and mark or three, a page asks as often.
func TestQueriesDoNotGrow(t *testing.T) {
	asked := func(n int) map[string]int64 {
		h := demoHouse(t)
		list := h.sessionsOf(demo.Coming)
		for _, x := range list[len(list)-n:] {
			h.post(asAttendee, "/cmadfi/2027/favourites", url.Values{"mark": {x.Slug}})
			h.must(func() error {
				e := h.find(demo.Coming)
				_, err := h.Program.SaveSession(t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, "Lisä "+x.Slug), Kind: program.Talk,
					RoomID: x.Room.ID, StartsAt: x.StartsAt, EndsAt: x.EndsAt})
				if err == nil {
					_, err = h.Program.Release(t.Context(), "", e, "", nil)
				}
				return err
			}())
		}
		var q queries
		counts := map[string]int64{}
		h.DB.Read = h.DB.Read.WithQueryHook(&q)
		for _, path := range []string{"/program?day=all", "/program?q=a", "/agenda", "/now", "/changes"} {
			h.page(asAttendee, "/cmadfi/2027"+path)
			q.n.Store(0)
			h.page(asAttendee, "/cmadfi/2027"+path)
			counts[path] = q.n.Load()
		}
		return counts
	}
	one, three := asked(1), asked(3)
	for path, n := range one {
		if three[path] != n || n > 12 {
			t.Errorf("%s: %d queries with one, %d with three", path, n, three[path])
		}
	}
	t.Log(one)
}
