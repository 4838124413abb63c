package program

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program/exchange"
	"agora/app/text"
)

// in runs fn with the desk moved to another edition.
func (k *desk) in(e edition.Edition, fn func()) {
	was := k.e
	k.e = e
	fn()
	k.e = was
}

// where names the editions in which a human speaks, and on what.
func (k *desk) spoke(who string) string {
	k.t.Helper()
	list, err := k.Elsewhere(k.t.Context(), who)
	if err != nil {
		k.t.Fatal(err)
	}
	var said []string
	for _, a := range list {
		titles := []string{a.Edition.Slug}
		for _, x := range a.Speaker.Sessions {
			titles = append(titles, x.Name(text.Finnish))
		}
		said = append(said, strings.Join(titles, " "))
	}
	return strings.Join(said, ", ")
}

func (k *desk) speakerOf(e edition.Edition, slug string) *Speaker {
	k.t.Helper()
	p, err := k.Draft(k.t.Context(), e)
	if err != nil {
		k.t.Fatal(err)
	}
	who := p.SpeakerBySlug(slug)
	if who == nil {
		k.t.Fatal("no speaker ", slug)
	}
	return who
}

func TestTheSameHumanInSeveralEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, early := t.Context(), k.other()
		first := k.edition(k.e.Series, "2025")
		for _, x := range []struct {
			e     edition.Edition
			title string
			who   []string
		}{{k.e, "Uusi", []string{"Åsa Öhman", "Bo"}}, {early, "Vanha", []string{"Asa Ohman"}}, {first, "Ensimmäinen", []string{"Åsa Ö."}}} {
			k.in(x.e, func() {
				k.session(talk(x.title, "10:00", "11:00", Room{}, x.who...))
				k.release()
			})
		}
		asa, old, oldest := k.speakerOf(k.e, "asa-ohman"), k.speakerOf(early, "asa-ohman"), k.speakerOf(first, "asa-o")
		if asa.Who != asa.ID || asa.Version != 1 {
			t.Errorf("a new speaker: who %q, version %d", asa.Who, asa.Version)
		}
		if got := k.spoke(asa.Who); got != "2027 Uusi" {
			t.Errorf("alone %q", got)
		}
		revisions := k.es
		before, _ := revisions.ByID(ctx, early.ID)
		// 2026 is 2025; then 2027 is 2026, and so 2025 too.
		if err := k.Same(ctx, "org", early, old.ID, oldest.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.Same(ctx, "org", k.e, asa.ID, old.ID); err != nil {
			t.Fatal(err)
		}
		for range 2 { // saying it again changes nothing
			who := k.speakerOf(k.e, "asa-ohman").Who
			// All are on one day here; the last made of the editions comes first.
			if got := k.spoke(who); strings.Count(got, "20") != 3 || !strings.Contains(got, "2026 Vanha") || !strings.Contains(got, "2027 Uusi") {
				t.Errorf("together %q", got)
			}
			if err := k.Same(ctx, "org", k.e, asa.ID, oldest.ID); err != nil {
				t.Fatal(err)
			}
		}
		if after, _ := revisions.ByID(ctx, early.ID); after.Revision <= before.Revision {
			t.Error("pages of the earlier edition do not learn of it")
		}
		// Nobody is twice in one programme.
		if err := k.Same(ctx, "org", k.e, k.speakerOf(k.e, "bo").ID, old.ID); key(err) != "program.speaker_here_twice" {
			t.Errorf("twice in one programme: %v", err)
		}
		// A speaker of another edition is not to be changed from here.
		if err := k.Apart(ctx, "org", k.e, old.ID); key(err) != "program.speaker_missing" {
			t.Errorf("another edition's: %v", err)
		}
		if err := k.Same(ctx, "org", k.e, asa.ID, "nobody"); key(err) != "program.speaker_missing" {
			t.Errorf("nobody: %v", err)
		}
		if err := k.Apart(ctx, "org", k.e, asa.ID); err != nil {
			t.Fatal(err)
		}
		if got := k.spoke(k.speakerOf(k.e, "asa-ohman").Who); got != "2027 Uusi" {
			t.Errorf("apart %q", got)
		}
		if got := k.spoke(k.speakerOf(early, "asa-ohman").Who); strings.Count(got, "20") != 2 {
			t.Errorf("the others after it %q", got)
		}
	})
}

func TestWhoSpokeHereBefore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, early := t.Context(), k.other()
		for _, p := range []string{"p", "q"} {
			if _, err := d.Write.NewRaw("INSERT INTO person (id, email, name, language, created_at) VALUES (?, ?, '', 'fi', ?)", p, p+"@example.org", noon).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		k.in(early, func() {
			k.session(talk("Vanha", "10:00", "11:00", Room{}, "ÅSA ÖHMAN", "Bo", "Cecilia Ennen"))
		})
		k.session(talk("Uusi", "10:00", "11:00", Room{}, "Åsa Öhman", "Bosse", "Cecilia Nyt"))
		for _, one := range []struct {
			e          edition.Edition
			slug, name string
		}{{early, "cecilia-ennen", "Cecilia Ennen"}, {k.e, "cecilia-nyt", "Cecilia Nyt"}} {
			who := k.speakerOf(one.e, one.slug)
			if _, err := k.SaveSpeaker(ctx, "org", one.e, who.ID, SpeakerInput{Name: one.name, PersonID: "p"}); err != nil {
				t.Fatal(err)
			}
		}
		// One address, two names: it may be an assistant's, so an organiser says.
		cecilia := k.speakerOf(k.e, "cecilia-nyt")
		if cecilia.Who != cecilia.ID {
			t.Error("two names were made one by an address")
		}
		found, err := k.SpokeBefore(ctx, k.e)
		if err != nil || len(found) != 2 {
			t.Fatalf("%d found, %v", len(found), err)
		}
		asa := k.speakerOf(k.e, "asa-ohman")
		for id, want := range map[string]Earlier{
			asa.ID:     {SpeakerID: k.speakerOf(early, "asa-ohman").ID, Slug: "asa-ohman", Name: "ÅSA ÖHMAN", ByName: true},
			cecilia.ID: {SpeakerID: k.speakerOf(early, "cecilia-ennen").ID, Slug: "cecilia-ennen", Name: "Cecilia Ennen", ByAddress: true},
		} {
			if got := found[id]; len(got) != 1 || got[0].Edition.ID != early.ID {
				t.Errorf("%+v", got)
			} else if got[0].Edition = (edition.Edition{}); !reflect.DeepEqual(got[0], want) {
				t.Errorf("%+v, not %+v", got[0], want)
			}
		}
		if err := k.Same(ctx, "org", k.e, asa.ID, found[asa.ID][0].SpeakerID); err != nil {
			t.Fatal(err)
		}
		if found, err = k.SpokeBefore(ctx, k.e); err != nil || len(found) != 1 || found[asa.ID] != nil {
			t.Errorf("after linking %v %v", found, err)
		}
		// The same address and name are the same human without asking.
		for _, e := range []edition.Edition{early, k.e} {
			who, err := k.SaveSpeaker(ctx, "org", e, "", SpeakerInput{Name: "Doris"})
			if err == nil {
				err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return Recognise(ctx, tx, e.ID, who.ID, "q") })
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if a, b := k.speakerOf(early, "doris"), k.speakerOf(k.e, "doris"); a.Who != b.Who || *b.PersonID != "q" {
			t.Errorf("who %q and %q", a.Who, b.Who)
		}
		// Erasing the person leaves names that lead to nobody, here and there.
		if err := d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return k.Erase(ctx, tx, "q") }); err != nil {
			t.Fatal(err)
		}
		if a, b := k.speakerOf(early, "doris"), k.speakerOf(k.e, "doris"); a.Who == b.Who || b.PersonID != nil {
			t.Errorf("after erasure %q and %q", a.Who, b.Who)
		}
	})
}

// A file's identifier of a person is the same in every edition's file.
func TestFilesTellWhoIsTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		early := k.other()
		who := exchange.Speaker{GUID: guid + "a", Name: "Bo"}
		for _, e := range []edition.Edition{early, k.e} {
			file := exchange.Schedule{Sessions: []exchange.Session{{GUID: guid + "1", Title: "Avaus", Start: at("2027-01-25 10:00").UTC(),
				Duration: 30 * time.Minute, Speakers: []exchange.Speaker{who}}}}
			if _, err := k.Import(t.Context(), "org", e, file, ImportOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if a, b := k.speakerOf(early, "bo"), k.speakerOf(k.e, "bo"); a.Who != b.Who || a.Who == "" {
			t.Errorf("who %q and %q", a.Who, b.Who)
		}
	})
}

func TestTwoWhoSaveASpeaker(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx := t.Context()
		links := []Link{{Title: " Mastodon ", URL: "https://example.org/@bo"}, {Title: "tyhjä"}}
		bo, err := k.SaveSpeaker(ctx, "org", k.e, "", SpeakerInput{Name: "Bo", Links: links})
		if err != nil || bo.Version != 1 || len(bo.Extra.Links) != 1 || bo.Extra.Links[0].Title != "Mastodon" {
			t.Fatalf("%+v %v", bo, err)
		}
		again, err := k.SaveSpeaker(ctx, "org", k.e, bo.ID, SpeakerInput{Version: 1, Name: "Bo B"})
		if err != nil || again.Version != 2 || len(again.Extra.Links) != 1 {
			t.Fatalf("%+v %v", again, err)
		}
		if _, err = k.SaveSpeaker(ctx, "org", k.e, bo.ID, SpeakerInput{Version: 1, Name: "Bo C"}); key(err) != "program.speaker_meanwhile" {
			t.Errorf("from an older form: %v", err)
		}
		if _, err = k.SaveSpeaker(ctx, "org", k.e, bo.ID, SpeakerInput{Name: "Bo", Links: []Link{{URL: "javascript:alert(1)"}}}); problem(err, "links") == "" {
			t.Errorf("a link that is a script: %v", err)
		}
		err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return SetPicture(ctx, tx, k.e.ID, bo.ID, "file") })
		if now := k.speakerOf(k.e, "bo"); err != nil || now.Picture != "file" || now.Name != "Bo B" || now.Version != 3 {
			t.Errorf("%+v %v", now, err)
		}
		other := k.other()
		err = d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return SetPicture(ctx, tx, other.ID, bo.ID, "") })
		if key(err) != "program.speaker_missing" {
			t.Errorf("another edition's speaker: %v", err)
		}
	})
}
