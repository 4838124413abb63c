package material

import (
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/text"
)

// TestSchedulesCarryLastingAddresses: a schedule file holds our addresses, which
// lead to every later version; taking the same file in again doubles nothing.
func TestSchedulesCarryLastingAddresses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		k.add(k.session, "kalvot", func(*Input) {})
		k.add(k.session, "tallenne", func(in *Input) { in.Kind, in.Licence = Recording, "CC BY 4.0" })
		k.add(k.session, "jaossa", func(in *Input) { in.Visibility = Registered })
		k.add(k.session, "piilossa", func(in *Input) { in.Visibility = Hidden })
		k.add(k.session, "myohemmin", func(in *Input) { in.Shown, in.ShownAt = At, noon.Add(time.Second) })
		k.release()
		out := func() exchange.Session {
			t.Helper()
			e, err := k.es.Find(ctx, "cmadfi", "2027")
			if err != nil {
				t.Fatal(err)
			}
			p, err := k.ps.Programme(ctx, e)
			if err != nil {
				t.Fatal(err)
			}
			x := program.Schedule(p, "https://agora.example")
			if err := k.Fill(ctx, p, &x); err != nil {
				t.Fatal(err)
			}
			return x.Sessions[0]
		}
		got := out()
		const base = "https://agora.example/cmadfi/2027/materials/oma-"
		if len(got.Attachments) != 1 || got.Attachments[0] != (exchange.Link{Title: "kalvot", URL: base + "kalvot", Kind: "slides"}) ||
			got.RecordingURL != base+"tallenne" || got.RecordingLicense != "CC BY 4.0" {
			t.Errorf("%+v", got)
		}
		x := exchange.Complete(exchange.Schedule{Title: "CMADFI", TimeZone: "Europe/Helsinki", Sessions: []exchange.Session{got}})
		if _, err := k.ps.Import(ctx, "org", k.e, x, program.ImportOptions{Release: true, Material: k.Adopt}); err != nil {
			t.Fatal(err)
		}
		if list, err := k.OfSession(ctx, k.e, k.session.ID); err != nil || len(list) != 5 {
			t.Errorf("%d pieces after our own file came back, %v", len(list), err)
		}
	})
}

// TestImportedTurnsOurs: what a file brought goes out as it came, until somebody
// puts another version in its place.
func TestImportedTurnsOurs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		k.release()
		x := exchange.Complete(exchange.Schedule{Title: "CMADFI", TimeZone: "Europe/Helsinki", Sessions: []exchange.Session{{
			GUID: "00000000-0000-4000-8000-000000000001", ID: 1, Slug: "puhe", Title: "Puhe", Language: "fi", Kind: "Talk", Start: noon, Duration: time.Hour,
			Attachments: []exchange.Link{{Title: "Kalvot", URL: "https://example.org/a.pdf", Kind: "slides"}, {Title: "Kalvot", URL: "https://example.org/b.pdf", Kind: "slides"}}}}})
		if _, err := k.ps.Import(ctx, "org", k.e, x, program.ImportOptions{Release: true, Material: k.Adopt}); err != nil {
			t.Fatal(err)
		}
		a, err := k.BySlug(ctx, k.e, "puhe-kalvot")
		if err != nil {
			t.Fatal(err)
		}
		if b, err := k.BySlug(ctx, k.e, "puhe-kalvot-2"); err != nil || b.URL != "https://example.org/b.pdf" {
			t.Errorf("%+v %v", b, err)
		}
		if list, err := k.Versions(ctx, k.e, a.ID); err != nil || len(list) != 1 || list[0].URL != a.URL {
			t.Errorf("%+v %v", list, err)
		}
		word := func() string {
			t.Helper()
			m, err := k.BySlug(ctx, k.e, "puhe-kalvot")
			if err != nil {
				t.Fatal(err)
			}
			session := exchange.Session{}
			k.fill(k.e, &session, []Material{m})
			return session.Attachments[0].URL
		}
		if got := word(); got != "https://example.org/a.pdf" {
			t.Error(got)
		}
		in := InputOf(a)
		in.Title = text.One(text.Finnish, "Parempi nimi")
		if _, err := k.Change(ctx, org, k.e, a.ID, in); err != nil {
			t.Fatal(err)
		}
		if got := word(); got != "https://example.org/a.pdf" {
			t.Errorf("with a new title: %s", got)
		}
		if _, err := k.NewVersion(ctx, org, k.e, a.ID, Source{URL: "https://example.org/c.pdf"}); err != nil {
			t.Fatal(err)
		}
		if got := word(); !strings.HasSuffix(got, "/cmadfi/2027/materials/puhe-kalvot") {
			t.Errorf("with a new version: %s", got)
		}
	})
}
