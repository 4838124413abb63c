package material

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/program/exchange"
)

func TestImportedAttachmentsComeAndGoOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		x := exchange.Complete(exchange.Schedule{Title: "CMADFI", TimeZone: "Europe/Helsinki", Sessions: []exchange.Session{{
			GUID: "00000000-0000-4000-8000-000000000001", ID: 1, Slug: "puhe", Title: "Puhe", Language: "fi", Kind: "Talk",
			Start: noon, Duration: time.Hour, URL: "https://example.org/puhe", RecordingURL: "https://example.org/a.webm",
			Attachments: []exchange.Link{
				{Title: "Kalvot", URL: "https://example.org/a.pdf", Kind: "slides"},
				{Title: "Artikkeli", URL: "https://example.org/b", Kind: "paper"},
				{URL: "https://example.org/c"},
				{Title: "Posti", URL: "mailto:bo@example.org"},
			}}}})
		o := program.ImportOptions{Release: true, Material: k.Adopt}
		for range 2 {
			if _, err := k.ps.Import(ctx, "org", k.e, x, o); err != nil {
				t.Fatal(err)
			}
		}
		e, err := k.es.Find(ctx, "cmadfi", "2027")
		if err != nil {
			t.Fatal(err)
		}
		p, err := k.ps.Programme(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		session := p.BySlug("puhe")
		list, err := k.OfSession(ctx, e, session.ID)
		var kinds []string
		for _, m := range list {
			kinds = append(kinds, string(m.Kind))
		}
		if got := strings.Join(kinds, " "); err != nil || got != "slides writeup link recording" {
			t.Errorf("imported twice: %s %v", got, err)
		}
		out := program.Schedule(p, "https://agora.example")
		if err := k.Fill(ctx, p, &out); err != nil {
			t.Fatal(err)
		}
		var got exchange.Session
		for _, s := range out.Sessions {
			if s.GUID == session.GUID {
				got = s
			}
		}
		want := x.Sessions[0]
		sortLinks(got.Attachments)
		sortLinks(want.Attachments)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("out\n%+v\nin\n%+v", got, want)
		}
	})
}

// sortLinks: what material does not take stays first, so order is no promise.
func sortLinks(list []exchange.Link) {
	slices.SortFunc(list, func(a, b exchange.Link) int { return strings.Compare(a.URL, b.URL) })
}
