package message_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/message"
	"agora/app/registration"
	"agora/app/text"
)

var january = time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)

// crowd is one person of every sort and who of them each audience holds.
func crowd(w *world) map[message.Audience][]string {
	type r = registration.Registration
	seat := w.add("Paikka", nil).Email
	asked := w.add("Kysytty", func(p *r) { p.AskedAt = &long }).Email
	coming := w.add("Tulossa", func(p *r) { p.AskedAt, p.ComingAt = &long, &long }).Email
	remote := w.add("Etä", func(p *r) { p.Kind = registration.Remote }).Email
	waiting := w.add("Jono", func(p *r) { p.State, p.Line = registration.Waiting, 7 }).Email
	meanwhile := w.add("Jono ja etä", func(p *r) { p.State, p.Line, p.Meanwhile = registration.Waiting, 9, true }).Email
	offered := w.add("Tarjous", func(p *r) { p.State, p.OfferUntil = registration.Offered, &january }).Email
	pending := w.add("Päätös", func(p *r) { p.State, p.Pending = registration.Waiting, true }).Email
	w.add("Peruttu", func(p *r) { p.State = registration.Cancelled })
	w.add("Perui päätöstä odottaen", func(p *r) { p.State, p.Pending = registration.Cancelled, true })
	w.add("", func(p *r) { p.Email = "" }) // erased
	return map[message.Audience][]string{
		message.Confirmed: {seat, asked, coming}, message.Remote: {remote, meanwhile}, message.Waiting: {waiting, meanwhile},
		message.Offered: {offered}, message.Unanswered: {asked}, message.Pending: {pending},
		message.Everybody: {seat, asked, coming, remote, waiting, meanwhile, offered, pending},
	}
}

func TestEachAudienceIsWhoItSays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		want := crowd(w)
		for _, a := range message.Audiences {
			n, err := w.svc.Count(t.Context(), w.edition, a)
			if err != nil || n != int64(len(want[a])) {
				t.Errorf("%s counts %d, %v; want %d", a, n, err, len(want[a]))
			}
			m := w.save(draft(a))
			sent, err := w.svc.Send(t.Context(), w.edition, w.organiser().ID, m.ID, m.Version)
			if err != nil || sent.Letters != n {
				t.Errorf("%s: %d letters, %v", a, sent.Letters, err)
			}
			got := slices.Sorted(maps.Keys(w.written()))
			slices.Sort(want[a])
			if !slices.Equal(got, want[a]) {
				t.Errorf("%s reached %v, want %v", a, got, want[a])
			}
			if _, err := d.Write.NewRaw("DELETE FROM mail").Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAMessageGoesOutOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.addMany(450, "Aino", nil)
		m, by := w.save(draft(message.Confirmed)), w.organiser().ID
		_, other := w.node()
		var nodes sync.WaitGroup
		for range 3 {
			for _, s := range []*message.Service{w.svc, other} {
				nodes.Go(func() {
					sent, err := s.Send(context.WithoutCancel(t.Context()), w.edition, by, m.ID, m.Version)
					if err != nil || sent.Letters != 450 || sent.SentAt == nil {
						t.Errorf("%d letters, %v", sent.Letters, err)
					}
				})
			}
		}
		nodes.Wait()
		if n := len(w.written()); n != 450 || w.mails() != 450 {
			t.Errorf("%d letters", n)
		}
		_, err := w.svc.Send(t.Context(), w.edition, by, m.ID, m.Version+1)
		conflict(t, err, "message.sent_already")
		conflict(t, w.svc.Discard(t.Context(), w.edition, m.ID, m.Version+1), "message.sent_already")
		_, err = w.svc.Save(t.Context(), w.edition, by, message.Input{ID: m.ID, Version: m.Version + 1, Draft: m.Draft()})
		conflict(t, err, "message.sent_already")
		if lines, _ := audit.Find(t.Context(), d.Read, audit.Query{Edition: w.edition.ID, Limit: 9}); lines[0].Act != "message.send" || lines[0].Person != by ||
			lines[0].Subject != m.ID || lines[0].Detail != "confirmed 450" || len(lines) != 2 {
			t.Errorf("audit %+v", lines)
		}
		if got, err := w.svc.Get(t.Context(), w.edition.ID, m.ID); err != nil || got.Letters != 450 || got.SentAt == nil || got.PersonID != by {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestTwoOrganisersDoNotOverwriteEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.add("Aino", nil)
		m, by := w.save(draft(message.Confirmed)), w.organiser().ID
		newer := draft(message.Confirmed)
		newer.ID, newer.Version, newer.Subject = m.ID, m.Version, fi("  Uusi  ")
		if got := w.save(newer); got.Version != 2 || got.Subject[text.Finnish] != "Uusi" || got.Body[text.Finnish] != m.Body[text.Finnish] {
			t.Errorf("%+v", got)
		}
		_, err := w.svc.Save(t.Context(), w.edition, by, newer)
		conflict(t, err, "message.changed_meanwhile")
		_, err = w.svc.Send(t.Context(), w.edition, by, m.ID, m.Version)
		conflict(t, err, "message.changed_meanwhile")
		conflict(t, w.svc.Discard(t.Context(), w.edition, m.ID, m.Version), "message.changed_meanwhile")
		// Another edition's organiser reaches nothing of it.
		foreign := w.edition
		foreign.ID = "another"
		for _, err := range []error{
			w.svc.Discard(t.Context(), foreign, m.ID, 2), second(w.svc.Send(t.Context(), foreign, by, m.ID, 2)),
			second(w.svc.Get(t.Context(), foreign.ID, m.ID)), w.svc.Test(t.Context(), foreign, by, m.ID, db.Key{}),
			second(w.svc.Save(t.Context(), foreign, by, message.Input{ID: m.ID, Version: 2, Draft: m.Draft()})),
		} {
			if !fail.Is(err, fail.NotFound) {
				t.Errorf("another edition's message: %v", err)
			}
		}
		if w.mails() != 0 {
			t.Error("a refused message was sent")
		}
		if err := w.svc.Discard(t.Context(), w.edition, m.ID, 2); err != nil {
			t.Error(err)
		}
		if list, err := w.svc.List(t.Context(), w.edition.ID); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A send that is cut off in the middle has sent nothing, and can be sent again.
func TestACutSendSendsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.addMany(450, "Aino", nil)
		m, by := w.save(draft(message.Confirmed)), w.organiser().ID
		ctx, cut := context.WithCancel(t.Context())
		looks := 0
		w.clock.watch(func() {
			if looks++; looks == 2 { // taken, every letter written, and only the record of it missing
				cut()
			}
		})
		if _, err := w.svc.Send(ctx, w.edition, by, m.ID, m.Version); err == nil {
			t.Error("a cut send says it was sent")
		}
		w.clock.watch(nil)
		if looks < 2 || w.mails() != 0 {
			t.Errorf("%d letters after %d looks", w.mails(), looks)
		}
		if got, err := w.svc.Send(t.Context(), w.edition, by, m.ID, m.Version); err != nil || got.Letters != 450 || len(w.written()) != 450 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

func TestNobodyToSendTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		m := w.save(draft(message.Offered))
		_, err := w.svc.Send(t.Context(), w.edition, "", m.ID, m.Version)
		conflict(t, err, "message.nobody")
		if got, err := w.svc.Get(t.Context(), w.edition.ID, m.ID); err != nil || got.SentAt != nil || got.Version != 1 {
			t.Errorf("it is no draft any more: %+v %v", got, err)
		}
	})
}

func TestEverybodyReadsTheirLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		in := func(l text.Lang) string {
			return w.add("Aino", func(p *registration.Registration) { p.Language = l }).Email
		}
		finn, swede, briton := in(text.Finnish), in(text.Swedish), in(text.English)
		m := w.save(message.Input{Draft: message.Draft{Audience: message.Everybody,
			Subject: text.Texts{text.Finnish: "Tervetuloa", text.Swedish: "Välkommen"}, Body: text.Texts{text.Finnish: "{edition} {when} {place}", text.Swedish: "{edition} {when} {place}"}}})
		if _, err := w.svc.Send(t.Context(), w.edition, "", m.ID, m.Version); err != nil {
			t.Fatal(err)
		}
		got := w.written()
		for email, want := range map[string][3]string{
			finn: {"fi", "Tervetuloa", "CMADFI 2026 maanantaina 25.1.2027 klo\u00a09.00 paikan päällä"}, briton: {"fi", "Tervetuloa", "CMADFI 2026 maanantaina"},
			swede: {"sv", "Välkommen", "CMADFI på svenska måndag 25.1.2027 kl.\u00a09.00 på plats"},
		} {
			if m := got[email]; string(m.Language) != want[0] || m.Subject != want[1] || !strings.HasPrefix(m.Body, want[2]) {
				t.Errorf("%s %s\n%s", m.Language, m.Subject, m.Body)
			}
		}
	})
}

func TestWhatPeopleAreCalledStaysWords(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	w := newWorld(t, d, january)
	evil := []string{"**x**", "[a](http://evil.example)", "Aino\r\nBcc: b@example.com", "<b>x</b>", "{ticket}", "x0agora0ticket0x", "Å\u2028X-Evil: 1", strings.Repeat("ä", 300)}
	for _, name := range evil {
		w.add(name, nil)
	}
	m := w.save(draft(message.Confirmed))
	if _, err := w.svc.Send(t.Context(), w.edition, "", m.ID, m.Version); err != nil {
		t.Fatal(err)
	}
	if n, err := w.outbox.Deliver(t.Context()); err != nil || n != len(evil) {
		t.Fatal(n, err)
	}
	for _, m := range w.box.sent {
		if !headerSafe(m) {
			t.Errorf("headers %q %q", m.To, m.Subject)
		}
		if strings.Count(m.HTML, "<strong>") != 1 || strings.Count(m.HTML, "<a ") != 1 || strings.Contains(m.HTML, "<b>") || m.ICS != "" ||
			strings.Count(m.HTML, "https://agora.example/ticket/") != 1 || !strings.HasPrefix(m.Subject, "Hei ") {
			t.Errorf("%s\n%s", m.Subject, m.HTML)
		}
	}
}

func TestEachWaitsWithTheirOwnNumber(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		line := func(kind registration.Kind, n int64) string {
			return w.add("Aino", func(p *registration.Registration) { p.Kind, p.State, p.Line = kind, registration.Waiting, n }).Email
		}
		third, first, second, remote := line(registration.Onsite, 90), line(registration.Onsite, 4), line(registration.Onsite, 50), line(registration.Remote, 60)
		in := draft(message.Waiting)
		in.Body = fi("sija {position}")
		m := w.save(in)
		if _, err := w.svc.Send(t.Context(), w.edition, "", m.ID, m.Version); err != nil {
			t.Fatal(err)
		}
		got := w.written()
		for email, want := range map[string]string{first: "sija 1\n", second: "sija 2\n", third: "sija 3\n", remote: "sija 1\n"} {
			if !strings.HasPrefix(got[email].Body, want) {
				t.Errorf("%q, want %q", got[email].Body, want)
			}
		}
	})
}
