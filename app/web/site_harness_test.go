package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/agenda"
	"agora/app/carry"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/demo"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/mail"
	"agora/app/material"
	"agora/app/meet"
	"agora/app/message"
	"agora/app/notice"
	"agora/app/paper"
	"agora/app/printing"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/search"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/desk"
	"agora/app/web/live"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/migrations"
	"agora/realtime"
)

func TestMain(m *testing.M) {
	code := dbtest.Run(m)
	if stock.folder != "" {
		_ = os.RemoveAll(stock.folder)
	}
	os.Exit(code)
}

// The identities that every route is tried as. The other organiser has a series
// of their own and nothing to do with the demo's.
const (
	asStranger       = "stranger"
	asAttendee       = "attendee"
	asSpeaker        = "speaker"
	asModerator      = "moderator"
	asDoorStaff      = "door staff"
	asCatering       = "catering"
	asReviewer       = "reviewer"
	asOrganiser      = "organiser"
	asOtherOrganiser = "other organiser"
	asOwner          = "owner"
)

var identities = []string{asStranger, asAttendee, asSpeaker, asModerator, asDoorStaff, asCatering, asReviewer, asOrganiser, asOtherOrganiser, asOwner}

// siteNow is the moment the tests' site stands at until a test moves its clock:
// the demo's registration is open and one of its sessions is on.
var siteNow = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const (
	siteBase   = "http://agora.test"
	siteSecret = "a secret of the site's tests, long enough"
	siteTime   = 60 * time.Second
)

// stock is the demo's content with people of every role signed in, made once
// and copied for each test that asks.
var stock struct {
	once   sync.Once
	folder string
	cast   demo.Cast
	logins map[string]string
	err    error
}

func fillStock() (err error) {
	ctx := context.Background()
	if stock.folder, err = os.MkdirTemp("", "agora-web-"); err != nil {
		return err
	}
	d, err := db.Open(ctx, filepath.Join(stock.folder, "stock.db"))
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err = db.Migrate(ctx, d, migrations.For(string(d.Engine))); err != nil {
		return err
	}
	if stock.cast, err = demo.Seed(ctx, d, nil, siteNow, []byte(siteSecret), siteBase); err != nil {
		return err
	}
	if stock.logins, err = signInAll(ctx, d); err != nil {
		return err
	}
	now := func() time.Time { return siteNow }
	if _, err = search.New(d, now, edition.New(d, now)).Refresh(ctx); err != nil {
		return err
	}
	// The copies are of the file alone.
	_, err = d.Write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// signInAll gives every identity a login, and the other organiser a series.
func signInAll(ctx context.Context, d *db.DB) (map[string]string, error) {
	now := func() time.Time { return siteNow }
	accounts, editions := account.New(d, now, siteBase), edition.New(d, now)
	places := registration.New(d, now, editions, []byte(siteSecret), siteBase)
	defer places.Close()
	e, err := editions.Find(ctx, demo.Series, demo.Coming)
	if err != nil {
		return nil, err
	}
	other, err := editions.NewSeries(ctx, "", edition.SeriesInput{Slug: "toinen", Title: text.One(text.Finnish, "Toinen sarja")})
	if err != nil {
		return nil, err
	}
	if _, err := places.NewEdition(ctx, "", other, plainEdition("2027"), nil); err != nil {
		return nil, err
	}
	logins := map[string]string{asStranger: ""}
	for who, role := range map[string]account.Held{
		asAttendee: {}, asOwner: {}, asSpeaker: {Scope: account.OfEdition(e.ID), Role: account.Speaker},
		asModerator: {Scope: account.OfEdition(e.ID), Role: account.Moderator}, asDoorStaff: {Scope: account.OfEdition(e.ID), Role: account.DoorStaff},
		asCatering: {Scope: account.OfEdition(e.ID), Role: account.Catering}, asReviewer: {Scope: account.OfEdition(e.ID), Role: account.Reviewer},
		asOrganiser: {Scope: account.OfSeries(e.SeriesID), Role: account.Organiser}, asOtherOrganiser: {Scope: account.OfSeries(other.ID), Role: account.Organiser},
	} {
		email := strings.ReplaceAll(who, " ", "-") + "@agora.test"
		if who == asAttendee {
			email = stock.cast.Attendee.Email
		}
		token, person, err := accounts.MakeLink(ctx, account.Invite{Email: email, Name: "Nimi " + who, Language: text.Finnish, Owner: who == asOwner})
		if err != nil {
			return nil, err
		}
		login, err := accounts.Redeem(ctx, token, "tests")
		if err != nil {
			return nil, err
		}
		if logins[who] = login.Token; role.Role != "" {
			err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
				return accounts.Grant(ctx, tx, "", person.ID, role.Scope, role.Role)
			})
		}
		if err != nil {
			return nil, err
		}
	}
	return logins, nil
}

// plainEdition is a day with open registration that says no more than it must.
func plainEdition(slug string) edition.Input {
	return edition.Input{Slug: slug, Title: text.Texts{text.Finnish: "Päivä " + slug, text.Swedish: "Dagen " + slug, text.English: "Day " + slug},
		City: text.One(text.Finnish, "Oulu"), Venue: text.One(text.Finnish, "Talo"), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.Swedish, text.English},
		StartsAt:  siteNow.AddDate(0, 2, 0), EndsAt: siteNow.AddDate(0, 2, 0).Add(8 * time.Hour), OpensAt: siteNow.AddDate(0, 0, -7), ClosesAt: siteNow.AddDate(0, 1, 0)}
}

// webHouse is the whole site with everything it stands on.
type webHouse struct {
	*Site
	t       testing.TB
	clock   atomic.Int64
	drain   atomic.Bool
	log     lockedBuffer
	address string
	client  *http.Client
	logins  map[string]string
	cast    demo.Cast
}

// lockedBuffer is what the site has logged.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// demoHouse is the site with a copy of the demo's content.
func demoHouse(t testing.TB, change ...func(*page.Deps)) *webHouse {
	t.Helper()
	stock.once.Do(func() { stock.err = fillStock() })
	if stock.err != nil {
		t.Fatal(stock.err)
	}
	path := filepath.Join(t.TempDir(), "agora.db")
	b, err := os.ReadFile(filepath.Join(stock.folder, "stock.db"))
	if err == nil {
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	h := openHouse(t, dbtest.Open(t, path), change...)
	h.logins, h.cast = stock.logins, stock.cast
	return h
}

// openHouse serves a database on a real port.
func openHouse(t testing.TB, d *db.DB, change ...func(*page.Deps)) *webHouse {
	t.Helper()
	h := &webHouse{t: t, logins: map[string]string{}}
	h.clock.Store(siteNow.UnixMicro())
	now := func() time.Time { return time.UnixMicro(h.clock.Load()).UTC() }
	words, err := text.Load()
	h.must(err)
	deps := page.Deps{Config: page.Config{BaseURL: siteBase, Secret: []byte(siteSecret)}, Now: now, Words: words, DB: d,
		Log: slog.New(slog.NewTextHandler(&h.log, nil))}
	for _, c := range change {
		c(&deps)
	}
	base, secret := deps.Config.BaseURL, deps.Config.Secret
	deps.Accounts, deps.Editions = account.New(d, now, base), edition.New(d, now)
	deps.Mail, err = mail.New(d, now, words, nil, "", base)
	h.must(err)
	deps.Program, deps.Material = program.New(d, now, deps.Editions), material.New(d, now, deps.Editions, deps.Config.BaseURL)
	disk, err := file.NewDisk(t.TempDir())
	h.must(err)
	deps.Files = file.New(d, now, disk, t.TempDir())
	deps.Registrations = registration.New(d, now, deps.Editions, secret, base)
	workshops := workshop.New(d, now, deps.Editions, deps.Registrations.TicketURL)
	deps.Workshops, deps.Meet = workshops, meet.New(d, now)
	deps.Registrations.Followers(workshops, deps.Meet)
	deps.Agendas = agenda.New(d, now, words, deps.Program, deps.Registrations, workshops, secret, base)
	deps.Program.Listen(deps.Agendas)
	deps.Messages = message.New(d, now, words, deps.Accounts, deps.Editions, deps.Registrations)
	deps.Notices = notice.New(d, now)
	deps.Carry = carry.New(d, now, words, deps.Editions, deps.Accounts)
	deps.Search = search.New(d, now, deps.Editions)
	announce := &live.Announcer{}
	deps.QA = qa.New(d, now, secret, announce)
	deps.Proposals = proposal.New(d, now, deps.Editions, deps.Program,
		func(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) error {
			return deps.Speaking.Ask(ctx, by, e, speakerID, email, l)
		}, secret, base)
	deps.Speaking = speaking.New(d, now, words, deps.Accounts, deps.Editions, deps.Program, deps.Material, deps.Registrations, deps.QA, secret, base)
	press, _ := paper.NewPress("")
	deps.Paper, deps.Door = paper.New(d, now, press), door.New(d, now)
	deps.Printing = printing.New(d, now, deps.Log, deps.Files, announce)
	deps.Exports = map[string]func(context.Context, string) (any, error){"account": deps.Accounts.Export, "thanks": deps.Editions.Export, "mail": deps.Mail.Export,
		"registrations": deps.Registrations.Export, "programme": deps.Program.Export, "material": deps.Material.Export, "questions": deps.QA.Export,
		"workshops": workshops.Export, "listing": deps.Meet.Export, "favourites": deps.Agendas.Export, "messages": deps.Messages.Export, "speaking": deps.Speaking.Export, "door": deps.Door.Export}
	deps.Erasers = []page.Eraser{deps.Door.Erase, deps.Speaking.Erase, deps.QA.Erase, deps.Editions.Erase, deps.Program.Erase, deps.Material.Erase, workshops.Erase, deps.Meet.Erase, deps.Agendas.Erase, deps.Messages.Erase, deps.Registrations.Erase, deps.Mail.Erase, deps.Accounts.Erase}
	withCertificates(&deps, announce, press)
	options, err := live.Options(deps)
	h.must(err)
	deps.Hub = realtime.New(options)
	announce.Connect(deps.Hub)
	h.Site, err = New(deps, h.drain.Load)
	h.must(err)
	deps.Printing.Offer(desk.Printed(h.Site.Site)...)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), siteTime)
		defer cancel()
		h.must(h.Hub.Shutdown(ctx))
		workshops.Close()
		h.Registrations.Close()
		h.QA.Stop()
	})
	h.serve()
	return h
}

func (h *webHouse) serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	h.must(err)
	h.address = listener.Addr().String()
	h.client = &http.Client{Timeout: siteTime, Transport: &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	served := make(chan error, 1)
	go func() { served <- h.Fiber().Listener(listener) }()
	h.t.Cleanup(func() {
		// A server that has not begun to serve yet would not hear that it shall stop.
		if r, err := h.client.Get("http://" + h.address + "/healthz"); err == nil {
			r.Body.Close()
		}
		h.client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(context.Background(), siteTime)
		defer cancel()
		err := h.Shutdown(ctx)
		if err := errors.Join(err, <-served); err != nil {
			h.t.Error("the site did not stop well: ", err)
		}
	})
}

func (h *webHouse) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// at moves the site's clock.
func (h *webHouse) at(t time.Time) { h.clock.Store(t.UnixMicro()) }

// reply is an answer of the site.
type reply struct {
	status int
	header http.Header
	body   string
}

// location is where a redirect leads, or nothing.
func (r reply) location() string { return r.header.Get("Location") }

// cookie gives a cookie that the answer sets.
func (r reply) cookie(name string) *http.Cookie {
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// ask sends a request with headers given as name and value; an empty value
// takes a header away.
func (h *webHouse) ask(method, path, body string, headers ...string) reply {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, "http://"+h.address+"/", strings.NewReader(body))
	h.must(err)
	r.URL = &url.URL{Scheme: "http", Host: h.address, Opaque: path} // as it is written, not cleaned
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if r.Host = "agora.test"; r.Header.Get("Host") != "" {
		r.Host = r.Header.Get("Host")
		r.Header.Del("Host")
	}
	send := h.client.Do
	if strings.HasPrefix(path, "//") {
		send = h.bare // net/http would take it for a host
	}
	res, err := send(r)
	if err != nil {
		h.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	h.must(err)
	return reply{status: res.StatusCode, header: res.Header, body: string(b)}
}

// bare writes a request line as it stands.
func (h *webHouse) bare(r *http.Request) (*http.Response, error) {
	conn, err := net.DialTimeout("tcp", h.address, siteTime)
	if err != nil {
		return nil, err
	}
	h.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", r.Method, r.URL.Opaque, r.Host)
	if err := errors.Join(r.Header.Write(conn), conn.SetDeadline(time.Now().Add(siteTime))); err != nil {
		return nil, err
	}
	fmt.Fprint(conn, "\r\n")
	return http.ReadResponse(bufio.NewReader(conn), r)
}

func (h *webHouse) login(who string) string {
	if token := h.logins[who]; token != "" {
		return h.LoginCookie() + "=" + token
	}
	return ""
}

// get opens a page as somebody, in Finnish unless the headers say otherwise.
func (h *webHouse) get(who, path string, headers ...string) reply {
	h.t.Helper()
	all := []string{"Accept-Language", "fi"}
	if c := h.login(who); c != "" {
		all = append(all, "Cookie", c)
	}
	return h.ask(http.MethodGet, path, "", append(all, headers...)...)
}

// post sends a form as a browser does.
func (h *webHouse) post(who, path string, values url.Values, headers ...string) reply {
	h.t.Helper()
	all := []string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Accept-Language", "fi"}
	if c := h.login(who); c != "" {
		all = append(all, "Cookie", c)
	}
	return h.ask(http.MethodPost, path, values.Encode(), append(all, headers...)...)
}

// page opens a page that has to be there.
func (h *webHouse) page(who, path string, headers ...string) string {
	h.t.Helper()
	r := h.get(who, path, headers...)
	if r.status != http.StatusOK {
		h.t.Fatalf("%s as %s: status %d\n%.900s", path, who, r.status, r.body)
	}
	return r.body
}

// dump is every row of every table as text, without when a login was last used.
func (h *webHouse) dump() map[string]string {
	h.t.Helper()
	return dumpTables(h.t, h.DB)
}

func dumpTables(t testing.TB, d *db.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := d.Snapshot(t.Context(), func(ctx context.Context, tx bun.Tx) error {
		for _, table := range db.Tables {
			var b bytes.Buffer
			if err := db.Dump(ctx, tx, table, &b); err != nil {
				return err
			}
			all[table] = b.String()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// count asks the database for a number.
func (h *webHouse) count(query string, args ...any) int64 {
	h.t.Helper()
	var n int64
	h.must(h.DB.Read.NewRaw(query, args...).Scan(h.t.Context(), &n))
	return n
}

// find gives an edition of the demo's series.
func (h *webHouse) find(slug string) edition.Edition {
	h.t.Helper()
	h.Editions.Forget()
	e, err := h.Editions.Find(h.t.Context(), demo.Series, slug)
	h.must(err)
	return e
}

// newEdition makes a day of its own in the demo's series; nil seats are unlimited.
func (h *webHouse) newEdition(slug string, onsite, remote *int64, change ...func(*edition.Input)) edition.Edition {
	h.t.Helper()
	series, err := h.Editions.SeriesBySlug(h.t.Context(), demo.Series)
	if err != nil {
		series, err = h.Editions.NewSeries(h.t.Context(), "", edition.SeriesInput{Slug: demo.Series, Title: text.One(text.Finnish, "CMADFI")})
	}
	h.must(err)
	in := plainEdition(slug)
	for _, c := range change {
		c(&in)
	}
	e, err := h.Registrations.NewEdition(h.t.Context(), "", series, in,
		map[registration.Kind]*int64{registration.Onsite: onsite, registration.Remote: remote})
	h.must(err)
	return h.find(e.Slug)
}

// seriesNamed is a series that says no more than it must.
func seriesNamed(slug, title string) edition.SeriesInput {
	return edition.SeriesInput{Slug: slug, Title: text.One(text.Finnish, title)}
}

// seats is a capacity.
func seats(n int64) *int64 { return &n }
