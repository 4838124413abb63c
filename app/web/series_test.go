package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

// rowsOf are the cells of a page's first table, row by row, tags left out.
func rowsOf(body string) (rows [][]string) {
	body = between(body, "<tbody>", "</tbody>", "")
	for _, tr := range strings.Split(body, "<tr>")[1:] {
		var row []string
		for _, cell := range regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`).FindAllStringSubmatch(tr, -1) {
			row = append(row, strings.Join(strings.Fields(textOf(strings.ReplaceAll(cell[1], "<", " <"))), " "))
		}
		rows = append(rows, row)
	}
	return rows
}

// The series' page compares what is there, tells where the days were and leads to
// the next one.
func TestSeriesPage(t *testing.T) {
	h := demoHouse(t)
	body := h.page(asStranger, "/cmadfi")
	count := func(slug, query string) string {
		n := h.count(query, h.find(slug).ID)
		return text.Number(text.Finnish, n)
	}
	asked := "SELECT count(*) FROM question q JOIN session x ON x.id = q.session_id WHERE x.edition_id = ? AND q.state NOT IN ('new', 'rejected', 'withdrawn')"
	material := "SELECT count(*) FROM material WHERE edition_id = ? AND visibility = 'public'"
	want := [][]string{
		{"2027 Ilmoittautuminen auki", "25.1.2027", "Tampere", count("2027", "SELECT taken FROM place WHERE edition_id = ? AND kind = 'onsite'"), "–",
			count("2027", "SELECT taken FROM place WHERE edition_id = ? AND kind = 'remote'"), "", "", count("2027", asked), "", "", ""},
		{"2016", "25.1.2016", "Jyväskylä", "290", "240", "160", "8", "7", count("2016", asked), count("2016", asked+" AND q.state = 'answered'"), count("2016", material)},
	}
	got := rowsOf(body)
	if len(got) != 2 || !slices.Equal(got[0][:6], want[0][:6]) || got[0][8] != want[0][8] || !slices.Equal(got[1][:11], want[1]) {
		t.Errorf("the table:\n%q\nwant\n%q", got, want)
	}
	for _, part := range []string{`<h2 class="series-city">Tampere</h2>`, `href="/cmadfi/2027"`, `<svg class="land"`, `>Jyväskylä</text>`, `>Tampere</text>`, `class="land-pin next"`, `class="bar-1"`} {
		if !strings.Contains(body, part) {
			t.Errorf("no %s", part)
		}
	}
	if strings.Contains(body, "/desk/cmadfi/new") {
		t.Error("a stranger is asked to plan")
	}
	if body := h.page(asOrganiser, "/cmadfi"); !strings.Contains(body, `href="/desk/cmadfi/new/2027"`) {
		t.Error("the organiser does not get to the plan")
	}
	// One who registers shows within the time figures are kept.
	h.at(siteNow.Add(21 * 1e9))
	h.post(asStranger, "/cmadfi/2027/register", url.Values{"name": {"Uusi"}, "email": {"uusi@agora.test"}, "place": {"onsite"}, "photo": {"ask"}, "key": {db.NewID()}})
	h.at(siteNow.Add(60 * 1e9))
	before, now := got[0][3], rowsOf(h.page(asStranger, "/cmadfi"))[0][3]
	taken := h.count("SELECT taken FROM place WHERE edition_id = ? AND kind = 'onsite'", h.find("2027").ID)
	if before != fmt.Sprint(taken-1) || now != fmt.Sprint(taken) {
		t.Errorf("before %s, now %s", before, now)
	}
}

// While 2028 is planned, 2027 is still what people are led to.
func TestTheComingDayStaysInFront(t *testing.T) {
	h := demoHouse(t)
	if a := h.post(asOrganiser, "/desk/cmadfi/new/2027", h.planForm(asOrganiser, "/desk/cmadfi/new/2027")); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	h.Editions.Forget()
	for _, path := range []string{"/", "/cmadfi"} {
		if body := h.page(asStranger, path); between(body, `<a class="btn" href="`, `"`, "") != "/cmadfi/2027" {
			t.Errorf("%s leads elsewhere", path)
		}
	}
	h.at(h.find("2027").EndsAt.AddDate(0, 0, 2))
	for _, path := range []string{"/", "/cmadfi"} {
		if body := h.page(asStranger, path); between(body, `<a class="btn" href="`, `"`, "") != "/cmadfi/2028" {
			t.Errorf("%s leads elsewhere after the day", path)
		}
	}
}

// A series of nothing, and one of a single day without a city.
func TestSeriesPageEmpty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		_, err := h.Editions.NewSeries(t.Context(), "", seriesNamed("cmadfi", "CMADFI"))
		h.must(err)
		body := h.page(asStranger, "/cmadfi")
		if !strings.Contains(body, "Ensimmäistä päivää suunnitellaan") || strings.Contains(body, "<table") {
			t.Error("an empty series")
		}
		h.newEdition("2027", seats(10), nil, func(in *edition.Input) { in.City = nil })
		body = h.page(asStranger, "/cmadfi")
		if got := rowsOf(body); len(got) != 1 || got[0][2] != "–" || strings.Contains(body, `class="land"`) || strings.Contains(body, "chart-plot") {
			t.Errorf("one day without a city: %q", got)
		}
	})
}

// The series' page asks the database as often for many editions as for one, and
// not at all while nothing has changed.
func TestSeriesPageQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := openHouse(t, d)
		for i := range 12 {
			h.newEdition(fmt.Sprint(2001+i), seats(10), nil, func(in *edition.Input) {
				in.StartsAt, in.EndsAt = in.StartsAt.AddDate(-i, 0, 0), in.EndsAt.AddDate(-i, 0, 0)
				in.OpensAt, in.ClosesAt = in.OpensAt.AddDate(-i, 0, 0), in.ClosesAt.AddDate(-i, 0, 0)
			})
		}
		var q queries
		h.DB.Read = h.DB.Read.WithQueryHook(&q)
		h.Editions.Forget()
		h.page(asStranger, "/cmadfi")
		if n := q.n.Swap(0); n > 4 {
			t.Errorf("%d queries for twelve editions", n)
		}
		h.page(asStranger, "/cmadfi")
		if n := q.n.Load(); n != 0 {
			t.Errorf("%d queries for a page that was kept", n)
		}
	})
}

// Every public address of the archive answers after next years are planned, with
// the same content; its own address cannot be changed.
func TestTheArchiveKeepsItsAddresses(t *testing.T) {
	h := demoHouse(t)
	addresses := h.addressesOf("/cmadfi/2016")
	if len(addresses) < 25 {
		t.Fatalf("only %d addresses: %v", len(addresses), addresses)
	}
	for i, from := range []string{"2016", "2028"} {
		form := h.planForm(asOrganiser, "/desk/cmadfi/new/"+from)
		for _, part := range []string{"rooms", "messages", "partners", "thanked"} {
			form.Add("parts", part)
		}
		if a := h.post(asOrganiser, "/desk/cmadfi/new/"+from, form); a.location() != fmt.Sprint("/desk/cmadfi/", 2028+i) {
			t.Fatalf("%d %q %q", a.status, a.location(), summary(a.body))
		}
	}
	settings := h.planForm(asOrganiser, "/desk/cmadfi/2016/settings")
	settings.Set("slug", "vanha")
	if a := h.post(asOrganiser, "/desk/cmadfi/2016/settings", settings); a.status >= 500 {
		t.Fatal(a.status)
	}
	if a := h.get(asStranger, "/cmadfi/vanha"); a.status != http.StatusNotFound {
		t.Error("an address was changed")
	}
	for path, was := range addresses {
		a := h.get(asStranger, path)
		if a.status != was {
			t.Errorf("%s: %d, was %d", path, a.status, was)
		}
	}
}

// addressesOf are all public addresses below a path that its pages link to, with
// their status; every one answers well.
func (h *webHouse) addressesOf(base string) map[string]int {
	h.t.Helper()
	seen, queue := map[string]int{}, []string{base, base + "/schedule.xml", base + "/schedule.json", base + "/schedule.ics", base + "/feed.xml", base + "/practical", base + "/live"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if _, known := seen[path]; known {
			continue
		}
		a := h.get(asStranger, path)
		if seen[path] = a.status; a.status >= 400 {
			h.t.Errorf("%s: %d", path, a.status)
		}
		for _, g := range tagsOf(a.body) {
			for _, attr := range []string{"href", "src"} {
				next, _, _ := strings.Cut(g.attrs[attr], "#")
				if next, _, _ = strings.Cut(next, "?"); strings.HasPrefix(next, base+"/") {
					queue = append(queue, next)
				}
			}
		}
	}
	return seen
}

// An archive leads with what the day left behind; the editions lead to each other.
func TestArchivePage(t *testing.T) {
	h := demoHouse(t)
	body := h.page(asStranger, "/cmadfi/2016")
	order := []string{`class="archive"`, `href="/cmadfi/2016/materials"`, `href="/cmadfi/2016/materials?kind=recording"`, `href="/cmadfi/2016/materials?kind=answers"`, `href="/cmadfi/2016/speakers"`,
		`class="figs"`, `id="thanks"`, `class="facts"`, `class="slots"`, `class="years"`}
	_, rest, _ := strings.Cut(body, `class="pic"`)
	for _, part := range order {
		at := strings.Index(rest, part)
		if at < 0 {
			t.Fatalf("no %s, or before its turn", part)
		}
		rest = rest[at:]
	}
	answered := h.count("SELECT count(*) FROM question q JOIN session x ON x.id = q.session_id WHERE x.edition_id = ? AND q.state = 'answered'", h.find("2016").ID)
	want := fmt.Sprintf("<li><b>290</b>Paikkoja varattu</li><li><b>240</b>Tuli paikalle</li><li><b>160</b>Etänä</li><li><b>8</b>Puheenvuoroja</li><li><b>7</b>Puhujia</li><li><b>%d</b>Kysymyksiä</li><li><b>%d</b>Vastattuja</li>", answered, answered)
	if got := between(body, `<ul class="figs">`, "</ul>", ""); !strings.HasPrefix(got, want) {
		t.Error(got)
	}
	if got := thankedIn(body); len(got) != 8 || got[0] != "Esimerkkileipomo Pulla &amp; Pojat" {
		t.Error(got)
	}
	years := between(body, `<nav class="years"`, "</nav>", "")
	if !strings.Contains(years, `href="/cmadfi/2027" rel="next"`) || strings.Contains(years, `rel="prev"`) {
		t.Error(years)
	}
	coming := h.page(asStranger, "/cmadfi/2027")
	if years := between(coming, `<nav class="years"`, "</nav>", ""); !strings.Contains(years, `href="/cmadfi/2016" rel="prev"`) || strings.Contains(years, `rel="next"`) {
		t.Error(years)
	}
	if strings.Contains(coming, `class="archive"`) {
		t.Error("2027 is no archive yet")
	}
}

// Speakers who come again are told with the years they spoke in, and only when
// both programmes are public.
func TestReturningSpeakers(t *testing.T) {
	h := demoHouse(t)
	var old, now struct{ ID, Slug, Name string }
	pick := "SELECT k.id, k.slug, k.name FROM speaker k WHERE k.edition_id = ? AND EXISTS (SELECT 1 FROM session_speaker w JOIN slot t ON t.session_id = w.session_id AND t.release_id IS NOT NULL WHERE w.speaker_id = k.id) ORDER BY k.slug LIMIT 1"
	h.must(h.DB.Read.NewRaw(pick, h.find("2016").ID).Scan(t.Context(), &old))
	h.must(h.DB.Read.NewRaw(pick, h.find("2027").ID).Scan(t.Context(), &now))
	same := func(who string) {
		_, err := h.DB.Write.NewRaw("UPDATE speaker SET who = ? WHERE id = ?", who, now.ID).Exec(t.Context())
		h.must(err)
		h.must(edition.Touch(t.Context(), h.DB.Write, h.find("2027").ID))
		h.Editions.Forget()
	}
	var before string
	h.must(h.DB.Read.NewRaw("SELECT who FROM speaker WHERE id = ?", old.ID).Scan(t.Context(), &before))
	if part := between(h.page(asStranger, "/cmadfi/2027"), `class="returning"`, "</section>", ""); strings.Contains(part, "/speakers/"+now.Slug) {
		t.Error("they are there already")
	}
	same(before)
	part := between(h.page(asStranger, "/cmadfi/2027"), `class="returning"`, "</section>", "")
	if !strings.Contains(part, `href="/cmadfi/2027/speakers/`+now.Slug+`"`) || !strings.Contains(part, `href="/cmadfi/2016/speakers/`+old.Slug+`">2016</a>`) {
		t.Errorf("%q", part)
	}
	if part := between(h.page(asStranger, "/cmadfi/2016"), `class="returning"`, "</section>", ""); part != "" {
		t.Errorf("nobody returned to 2016: %q", part)
	}
	same(now.ID)
	if strings.Contains(between(h.page(asStranger, "/cmadfi/2027"), `class="returning"`, "</section>", ""), "/speakers/"+now.Slug) {
		t.Error("they are still there")
	}
}
