package message_test

import (
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/message"
	"agora/app/text"
)

func TestProblemsAreNamedBesideTheirFields(t *testing.T) {
	e := edition.Edition{Languages: edition.Languages{text.Finnish, text.Swedish}}
	good := message.Draft{Subject: fi("Hei"), Body: fi("{name} {edition} {when} {where} {ticket} {place}"), Audience: message.Confirmed}
	if err := good.Problems(e); err != nil {
		t.Errorf("a good draft: %v", err)
	}
	for _, c := range []struct {
		change func(*message.Draft)
		field  string
		key    string
	}{
		{func(d *message.Draft) { d.Audience = "friends" }, "audience", "field.required"},
		{func(d *message.Draft) { d.Subject = text.Texts{} }, "subject_fi", "field.required"},
		{func(d *message.Draft) { d.Body = fi(" \n ") }, "body_fi", "field.required"},
		{func(d *message.Draft) { d.Subject, d.Body = text.Texts{}, text.Texts{} }, "body_fi", "field.required"},
		{func(d *message.Draft) { d.Body = text.Texts{text.Finnish: "a", text.Swedish: "b"} }, "subject_sv", "field.required"},
		{func(d *message.Draft) { d.Subject = text.Texts{text.Finnish: "a", text.English: "b"} }, "body_en", "field.required"},
		{func(d *message.Draft) { d.Subject = fi("a\nBcc: b") }, "subject_fi", "message.one_line"},
		{func(d *message.Draft) { d.Subject = fi(strings.Repeat("ä", 151)) }, "subject_fi", "field.long"},
		{func(d *message.Draft) { d.Body = fi(strings.Repeat("ä", 8001)) }, "body_fi", "field.long"},
		{func(d *message.Draft) { d.Body = fi("a\x00b") }, "body_fi", "field.characters"},
		{func(d *message.Draft) { d.Subject = fi("Hei {nimi}") }, "subject_fi", "message.placeholder_unknown"},
		{func(d *message.Draft) { d.Body = fi("Hei {Name} {}") }, "body_fi", "message.placeholder_unknown"},
		{func(d *message.Draft) { d.Body = fi("{position}") }, "body_fi", "message.position_waiting"},
	} {
		bad := good
		c.change(&bad)
		got, ok := fail.As(bad.Problems(e))
		if !ok || !slices.ContainsFunc(got.Fields[c.field], func(p fail.Problem) bool { return p.Key == c.key }) {
			t.Errorf("%s %s was not noticed: %v", c.field, c.key, got)
		}
	}
	waiting := good
	waiting.Audience, waiting.Body = message.Waiting, fi("{position}")
	if err := waiting.Problems(e); err != nil {
		t.Errorf("those who wait have a position: %v", err)
	}
}

func TestAnUnknownPlaceholderIsNamedWithThoseThatExist(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	d := message.Draft{Subject: fi("Hei"), Body: fi("Hei {nimi}, {nimi}"), Audience: message.Confirmed}
	bad, _ := fail.As(d.Problems(edition.Edition{Languages: edition.Languages{text.Finnish}}))
	list := bad.Fields["body_fi"]
	if len(list) != 1 {
		t.Fatalf("%v", list)
	}
	want := "Merkintää {nimi} ei ole. Käytettävissä ovat {name}, {edition}, {when}, {where}, {ticket}, {position}, {place}."
	if got := words.T(text.Finnish, list[0].Key, list[0].Args...); got != want {
		t.Error(got)
	}
	for _, a := range message.Audiences {
		for _, l := range text.Langs {
			if !words.Has(l, "message.audience."+string(a)) {
				t.Errorf("%s has no name for %s", l, a)
			}
		}
	}
}

// What the preview shows is what goes out.
func TestThePreviewIsTheLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.add(w.words.T(text.Finnish, "message.sample_name"), nil)
		m := w.save(message.Input{Draft: message.Draft{Subject: fi("{name}: {edition}"), Audience: message.Confirmed,
			Body: fi("## Hei {name}\n\n{when}, {where}, *{place}*\n\n- <script>x</script>a\n- b")}})
		seen := w.svc.Preview(w.edition, m.Draft(), text.English)
		if _, err := w.svc.Send(t.Context(), w.edition, "", m.ID, m.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := w.outbox.Deliver(t.Context()); err != nil || len(w.box.sent) != 1 {
			t.Fatal(err)
		}
		got := w.box.sent[0]
		if got.Subject != seen.Subject || !strings.HasPrefix(got.Text, seen.Text+"\n\n-- \n") || !strings.Contains(got.HTML, string(seen.HTML)) {
			t.Errorf("seen\n%s\n%s\n%s\nsent\n%s\n%s\n%s", seen.Subject, seen.Text, seen.HTML, got.Subject, got.Text, got.HTML)
		}
		if !strings.Contains(seen.Text, "Agora, Jyväskylä, paikan päällä") || strings.Contains(string(seen.HTML), "script") {
			t.Errorf("%s\n%s", seen.Text, seen.HTML)
		}
		waiting := m.Draft()
		waiting.Audience, waiting.Body = message.Waiting, fi("{position} {ticket}")
		if p := w.svc.Preview(w.edition, waiting, text.Finnish); p.Text != "14 https://agora.example/cmadfi/2026" {
			t.Errorf("%q", p.Text)
		}
		if p := w.svc.Preview(w.edition, message.Draft{}, text.Swedish); p.Subject != "" || p.Text != "" {
			t.Errorf("an empty draft shows %+v", p)
		}
	})
}

func TestATrialGoesOnlyToItsWriter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		w.add("Aino", nil)
		m, me := w.save(message.Input{Draft: message.Draft{Audience: message.Confirmed, Subject: text.Texts{text.Finnish: "Hei {name}", text.Swedish: "Hej {name}"},
			Body: text.Texts{text.Finnish: "{ticket}", text.Swedish: "{ticket}"}}}), w.organiser()
		for range 2 { // the second press of the same page sends nothing
			if err := w.svc.Test(t.Context(), w.edition, me.ID, m.ID, db.Key{Scope: "test", Key: "press"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.outbox.Deliver(t.Context()); err != nil || len(w.box.sent) != 2 {
			t.Fatalf("%d letters, %v", len(w.box.sent), err)
		}
		subjects := []string{w.box.sent[0].Subject, w.box.sent[1].Subject}
		slices.Sort(subjects)
		if !slices.Equal(subjects, []string{"Kokeilu: Hei Järjestäjä", "Test: Hej Järjestäjä"}) || w.box.sent[0].To.Address != me.Email {
			t.Errorf("%v to %v", subjects, w.box.sent[0].To)
		}
		if got, err := w.svc.Get(t.Context(), w.edition.ID, m.ID); err != nil || got.SentAt != nil || got.Version != m.Version {
			t.Errorf("a trial changed the draft: %+v %v", got, err)
		}
	})
}

func TestWhoWroteIsExportedErasedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, january)
		m, me := w.save(draft(message.Waiting)), w.organiser()
		got, err := w.svc.Export(t.Context(), me.ID)
		if list := got.([]message.Exported); err != nil || len(list) != 1 || list[0].Subject[text.Finnish] != "Hei {name}" {
			t.Errorf("%v %v", got, err)
		}
		if err := w.svc.Erase(t.Context(), d.Write, me.ID); err != nil {
			t.Fatal(err)
		}
		if kept, err := w.svc.Get(t.Context(), w.edition.ID, m.ID); err != nil || kept.PersonID != "" {
			t.Errorf("%+v %v", kept, err)
		}
		if err := message.RemoveEdition(t.Context(), d.Write, w.edition.ID); err != nil || w.count("SELECT count(*) FROM message") != 0 {
			t.Errorf("messages stayed: %v", err)
		}
	})
}
