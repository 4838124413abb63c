package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
)

// programSite is a site with an edition whose programme the tests look at.
type programSite struct {
	*Site
	t      testing.TB
	now    time.Time
	e      edition.Edition
	cookie string
}

// queries counts what is sent to the database.
type queries struct{ n atomic.Int64 }

func (q *queries) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	q.n.Add(1)
	return ctx
}
func (q *queries) AfterQuery(context.Context, *bun.QueryEvent) {}

func newProgramSite(t testing.TB) *programSite {
	t.Helper()
	d := dbtest.OpenSQLite(t)
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := &programSite{t: t, now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	now := func() time.Time { return p.now }
	editions := edition.New(d, now)
	questions := qa.New(d, now, []byte("a secret of the tests, long enough"), nil)
	t.Cleanup(questions.Stop)
	registrations := registration.New(d, now, editions, []byte("a secret of the tests, long enough"), "http://agora.test")
	t.Cleanup(registrations.Close)
	deps := page.Deps{Config: page.Config{BaseURL: "http://agora.test"}, Now: now, Log: slog.New(slog.DiscardHandler), Words: words, DB: d,
		Accounts: account.New(d, now, "http://agora.test"), Editions: editions, Program: program.New(d, now, editions),
		Material: material.New(d, now, editions, "http://agora.test"), QA: questions, Registrations: registrations}
	disk, err := file.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deps.Files = file.New(d, now, disk, t.TempDir())
	if p.Site, err = New(deps, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	p.e = p.edition(d, series)
	p.signIn()
	return p
}

func (p *programSite) edition(d *db.DB, series edition.Series) edition.Edition {
	p.t.Helper()
	in := edition.Input{Slug: "2027", Title: text.Texts{text.Finnish: "CMADFI 2027", text.English: "CMADFI 2027"}, Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.English}, StartsAt: clockAt("2027-01-25 09:00"), EndsAt: clockAt("2027-01-26 17:00"),
		OpensAt: p.now, ClosesAt: clockAt("2027-01-25 09:00")}
	var e edition.Edition
	err := d.Tx(p.t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
		e, err = edition.Insert(ctx, tx, p.now, "", series, in)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

func (p *programSite) signIn() { p.signInAs("organiser@agora.test") }

func (p *programSite) signInAs(email string) {
	p.t.Helper()
	token, _, err := p.Accounts.MakeLink(p.t.Context(), account.Invite{Email: email, Name: "Järjestäjä", Language: text.Finnish, Owner: true})
	if err != nil {
		p.t.Fatal(err)
	}
	login, err := p.Accounts.Redeem(p.t.Context(), token, "test")
	if err != nil {
		p.t.Fatal(err)
	}
	p.cookie = p.LoginCookie() + "=" + login.Token
}

func clockAt(s string) time.Time {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", s, loc)
	if err != nil {
		panic(err)
	}
	return v
}

// save makes a session with a room of the given name.
func (p *programSite) save(title, room, from, to string, more ...func(*program.SessionInput)) program.Session {
	p.t.Helper()
	draft, err := p.Program.Draft(p.t.Context(), p.e)
	if err != nil {
		p.t.Fatal(err)
	}
	in := program.SessionInput{Title: text.One(text.Finnish, title), Kind: program.Talk}
	if room != "" {
		in.RoomID = p.room(draft, room)
	}
	if from != "" {
		in.StartsAt, in.EndsAt = clockAt(from), clockAt(to)
	}
	for _, m := range more {
		m(&in)
	}
	x, err := p.Program.SaveSession(p.t.Context(), "", p.e, "", in)
	if err != nil {
		p.t.Fatal(err)
	}
	return x
}

func (p *programSite) room(draft *program.Programme, name string) string {
	p.t.Helper()
	for _, r := range draft.Rooms {
		if r.Name[text.Finnish] == name {
			return r.ID
		}
	}
	r, err := p.Program.SaveRoom(p.t.Context(), "", p.e, "", program.RoomInput{Name: text.One(text.Finnish, name)})
	if err != nil {
		p.t.Fatal(err)
	}
	return r.ID
}

func (p *programSite) release() {
	p.t.Helper()
	if _, err := p.Program.Release(p.t.Context(), "", p.e, "", text.One(text.Finnish, "Ensimmäinen versio")); err != nil {
		p.t.Fatal(err)
	}
}

// small is a programme of two days, two rooms, a break, and what must not show.
func (p *programSite) small() {
	p.t.Helper()
	speakers := func(names ...string) func(*program.SessionInput) {
		return func(in *program.SessionInput) {
			for _, n := range names {
				in.Speakers = append(in.Speakers, program.SpeakerRef{Name: n})
			}
		}
	}
	p.save("Avaus", "Sali 1", "2027-01-25 09:00", "2027-01-25 09:30", speakers("Åsa Öhman"))
	p.save("Tiedolla <vaikuttaminen>", "Sali 1", "2027-01-25 09:40", "2027-01-25 10:20", speakers("Åsa Öhman", "Bo Exempel"), func(in *program.SessionInput) {
		in.Abstract = text.One(text.Finnish, "Miten **tieto** liikkuu </script>")
	})
	p.save("Työpaja", "Sali 2", "2027-01-25 09:40", "2027-01-25 11:00")
	p.save("Kahvi", "", "2027-01-25 10:20", "2027-01-25 10:40", func(in *program.SessionInput) { in.Kind = program.Break })
	p.save("Toinen päivä", "Sali 1", "2027-01-26 09:00", "2027-01-26 10:00")
	p.release()
	p.save("Salainen luonnos", "Sali 1", "2027-01-25 12:00", "2027-01-25 13:00")
	p.save("Ilman aikaa", "", "", "")
}

type answered struct {
	status int
	header http.Header
	body   string
}

// get asks as a stranger, with headers given as name and value.
func (p *programSite) get(path string, headers ...string) answered {
	p.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return p.do(r)
}

// post sends a form as the organiser.
func (p *programSite) post(path string, values url.Values) answered {
	p.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", p.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.do(r)
}

func (p *programSite) upload(name string, content []byte, values ...string) answered {
	p.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(values); i += 2 {
		if err := w.WriteField(values[i], values[i+1]); err != nil {
			p.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		p.t.Fatal(err)
	}
	part.Write(content)
	w.Close()
	r := httptest.NewRequest(http.MethodPost, "/desk/cmadfi/2027/import", &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Cookie", p.cookie)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return p.do(r)
}

func (p *programSite) do(r *http.Request) answered {
	p.t.Helper()
	r.Host = "agora.test"
	res, err := p.Fiber().Test(r, -1)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answered{status: res.StatusCode, header: res.Header, body: string(b)}
}

// ok fails the test unless the answer is 200 and shows no key without words.
func (p *programSite) ok(a answered) string {
	p.t.Helper()
	if a.status != http.StatusOK {
		p.t.Fatalf("status %d: %.600s", a.status, a.body)
	}
	if i := strings.Index(a.body, "⟦"); i >= 0 {
		p.t.Errorf("words are missing: %.60s", a.body[i:])
	}
	if strings.Contains(a.body, "ZgotmplZ") {
		p.t.Error("the template refused a value")
	}
	return a.body
}
