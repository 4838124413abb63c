package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// shelved is the coming day with a piece of material for each who may see it.
type shelved struct {
	*webHouse
	e     edition.Edition
	x     *program.Session
	opens time.Time // of what comes later
}

// The titles of the pieces; each is in no other text of the site.
const (
	forAll    = "Aineistokaikille"
	forPlaces = "Aineistopaikoille"
	forNobody = "Aineistopiilossa"
	forLater  = "Aineistomyohemmin"
)

func newShelved(t *testing.T) *shelved {
	t.Helper()
	h := demoHouse(t)
	s := &shelved{webHouse: h, e: h.find(demo.Coming), opens: siteNow.Add(time.Hour)}
	p, err := h.Program.Programme(t.Context(), s.e)
	h.must(err)
	s.x = p.Sessions[0]
	s.add(forAll, func(*material.Input) {})
	s.add(forPlaces, func(in *material.Input) { in.Visibility = material.Registered })
	s.add(forNobody, func(in *material.Input) { in.Visibility = material.Hidden })
	s.add(forLater, func(in *material.Input) { in.Shown, in.ShownAt = material.At, s.opens })
	return s
}

func (s *shelved) add(title string, change func(*material.Input)) material.Material {
	s.t.Helper()
	in := material.Input{Kind: material.Slides, Title: text.One(text.Finnish, title), URL: "https://example.org/" + title}
	change(&in)
	m, err := s.Material.Add(s.t.Context(), material.Author{}, s.e, s.x.ID, in)
	s.must(err)
	return m
}

func (s *shelved) address(title string) string {
	return s.e.Path() + "/materials/" + s.x.Slug + "-" + strings.ToLower(title)
}

// shows says which of the pieces a text names.
func shows(body string) string {
	var list []string
	for _, title := range []string{forAll, forPlaces, forNobody, forLater} {
		if strings.Contains(body, title) {
			list = append(list, title)
		}
	}
	return strings.Join(list, " ")
}

// lists are all places where material is named.
func (s *shelved) lists() []string {
	return []string{s.e.Path() + "/materials", s.e.Path() + "/materials?kind=slides", s.e.Path() + "/sessions/" + s.x.Slug, s.e.Path() + "/feed.xml",
		s.e.Path() + "/schedule.xml", s.e.Path() + "/schedule.json", "/api/v1/editions" + s.e.Path() + "/materials"}
}

func TestMaterialIsForWhomItIsFor(t *testing.T) {
	s := newShelved(t)
	// Those who see more come first, so that nothing of theirs may be kept for others.
	for _, who := range []string{asOrganiser, asAttendee, asStranger, asOtherOrganiser, asModerator} {
		for _, path := range s.lists() {
			want := forAll
			if who == asAttendee && (strings.Contains(path, "/materials") && !strings.HasPrefix(path, "/api") || strings.Contains(path, "/sessions/")) {
				want = forAll + " " + forPlaces
			}
			if got := shows(s.page(who, path)); got != want {
				t.Errorf("%s as %s shows %q, want %q", path, who, got, want)
			}
		}
		statuses := map[string]int{forAll: 302, forPlaces: 403, forNobody: 404, forLater: 404}
		switch who {
		case asAttendee:
			statuses[forPlaces] = 302
		case asOrganiser:
			statuses = map[string]int{forAll: 302, forPlaces: 302, forNobody: 302, forLater: 302}
		}
		for title, want := range statuses {
			a := s.get(who, s.address(title))
			if a.status != want || want == 302 && a.location() != "https://example.org/"+title {
				t.Errorf("%s as %s: status %d, want %d, to %s", title, who, a.status, want, a.location())
			}
			if want != 302 && (strings.Contains(a.body, title) || strings.Contains(a.body, "example.org")) {
				t.Errorf("the refusal of %s to %s tells of it", title, who)
			}
			if !strings.Contains(a.header.Get("Cache-Control"), "no-store") {
				t.Errorf("%s as %s may be kept: %s", title, who, a.header.Get("Cache-Control"))
			}
		}
	}
}

func TestTicketOpensWhatItsPlaceOpens(t *testing.T) {
	s := newShelved(t)
	ticket := s.cast.Ticket
	if got := shows(s.page(asStranger, ticket+"/materials")); got != forAll+" "+forPlaces {
		t.Errorf("the ticket's page shows %q", got)
	}
	for title, want := range map[string]int{forAll: 302, forPlaces: 302, forNobody: 404, forLater: 404} {
		a := s.get(asStranger, ticket+"/materials/"+s.x.Slug+"-"+strings.ToLower(title))
		if a.status != want {
			t.Errorf("%s with a ticket: status %d, want %d", title, a.status, want)
		}
	}
	if body := s.page(asStranger, ticket); !strings.Contains(body, ticket[strings.Index(ticket, "/ticket/"):]+"/materials") {
		t.Error("the ticket does not lead to the material")
	}
	if a := s.get(asStranger, ticket+"/materials"); a.header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("the ticket's page may be kept: %s", a.header.Get("Cache-Control"))
	}
	_, err := s.DB.Write.NewRaw("UPDATE registration SET state = 'waiting' WHERE edition_id = ?", s.e.ID).Exec(t.Context())
	s.must(err)
	if got := shows(s.page(asStranger, ticket+"/materials")); got != forAll {
		t.Errorf("without a confirmed place the ticket's page shows %q", got)
	}
	if a := s.get(asStranger, "/ticket/nothing/materials"); a.status != http.StatusNotFound {
		t.Errorf("no ticket: status %d", a.status)
	}
}

// TestHiddenLooksLikeMissing: nothing tells a hidden address from one that never was.
func TestHiddenLooksLikeMissing(t *testing.T) {
	s := newShelved(t)
	nothing := s.e.Path() + "/materials/" + s.x.Slug + "-eimitaan"
	bare := func(path string) string {
		a := s.get(asStranger, path)
		slug := path[strings.LastIndex(path, "/")+1:]
		return strings.ReplaceAll(a.body, slug, "SLUG")
	}
	for _, title := range []string{forNobody, forLater} {
		if bare(s.address(title)) != bare(nothing) {
			t.Errorf("%s answers otherwise than an address that never was", title)
		}
	}
}

// TestMaterialTurnsAtTheSecond: kept pages show it from the very second on at
// which it opens, and not one before.
func TestMaterialTurnsAtTheSecond(t *testing.T) {
	s := newShelved(t)
	for _, at := range []struct {
		now  time.Time
		want string
	}{{s.opens.Add(-time.Hour), forAll}, {s.opens.Add(-time.Second), forAll}, {s.opens, forAll + " " + forLater}, {s.opens.Add(time.Hour), forAll + " " + forLater}} {
		s.at(at.now)
		for range 2 { // the second time from what is kept
			for _, path := range s.lists() {
				if got := shows(s.page(asStranger, path)); got != at.want {
					t.Errorf("%s at %s shows %q, want %q", path, at.now, got, at.want)
				}
			}
		}
	}
	if a := s.get(asStranger, s.address(forLater)); a.status != http.StatusFound {
		t.Errorf("status %d", a.status)
	}
}

// TestPageLetsInOnlyItsHosts: what a page may show of others is what stands on
// it, also when the page is kept; nothing of it is fetched by the page itself.
func TestPageLetsInOnlyItsHosts(t *testing.T) {
	s := newShelved(t)
	base := s.get(asStranger, "/").header.Get("Content-Security-Policy")
	other := s.e.Path() + "/practical"
	s.add("Katso", func(in *material.Input) { in.Kind, in.URL = material.Recording, "https://youtu.be/dQw4w9WgXcQ" })
	s.add("Kuuntele", func(in *material.Input) { in.Kind, in.URL = material.Recording, "https://media.example.org/puhe.mp3" })
	s.add("Toinen", func(in *material.Input) { in.Kind, in.URL = material.Recording, "https://youtu.be/aaaaaaaaaaa" })
	want := base + "; frame-src https://www.youtube-nocookie.com; media-src 'self' https://media.example.org"
	for _, path := range []string{s.e.Path() + "/sessions/" + s.x.Slug, s.e.Path() + "/materials"} {
		for _, who := range []string{asStranger, asStranger, asAttendee} {
			a := s.get(who, path)
			if got := a.header.Get("Content-Security-Policy"); got != want {
				t.Errorf("%s as %s:\n%s\nwant\n%s", path, who, got, want)
			}
			for _, tag := range []string{"<iframe", "<video", "<audio", "<embed", "<object", "preconnect", "dns-prefetch"} {
				if strings.Contains(a.body, tag) {
					t.Errorf("%s holds %s before anybody pressed", path, tag)
				}
			}
			if again := s.get(who, path, "If-None-Match", a.header.Get("ETag")); who == asStranger && (again.status != http.StatusNotModified || again.header.Get("Content-Security-Policy") != want) {
				t.Errorf("%s asked again: status %d", path, again.status)
			}
		}
	}
	if got := s.get(asStranger, other).header.Get("Content-Security-Policy"); got != base {
		t.Errorf("%s: %s", other, got)
	}
}
