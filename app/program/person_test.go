package program

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

func TestSpeakersExportAndErasure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx := t.Context()
		_, err := d.Write.NewRaw("INSERT INTO person (id, email, name, language, created_at) VALUES ('p', 'bo@example.org', 'Bo', 'fi', ?)", noon).Exec(ctx)
		if err != nil {
			t.Fatal(err)
		}
		k.session(talk("Puhe", "10:00", "11:00", Room{}, "Bo", "Åsa"))
		k.release()
		bo, asa := k.draft().Speakers[0], k.draft().Speakers[1]
		if _, err := k.SaveSpeaker(ctx, "org", k.e, bo.ID, SpeakerInput{Name: "Bo", PersonID: "nobody"}); problem(err, "person") == "" {
			t.Errorf("an unknown person: %v", err)
		}
		for who, person := range map[string]string{bo.ID: "p", asa.ID: ""} {
			in := SpeakerInput{Name: "Nimi", Biography: text.One(text.Finnish, "Kertoo itsestään."), PersonID: person}
			if _, err := k.SaveSpeaker(ctx, "org", k.e, who, in); err != nil {
				t.Fatal(err)
			}
		}
		out, err := k.Export(ctx, "p")
		b, _ := json.Marshal(out)
		if err != nil || strings.Count(string(b), "Kertoo itsestään.") != 1 || !strings.Contains(string(b), `"sessions":[{"fi":"Puhe"}]`) {
			t.Errorf("export %s %v", b, err)
		}
		revision := k.fresh().Revision
		if err := d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return k.Erase(ctx, tx, "p") }); err != nil {
			t.Fatal(err)
		}
		k.es.Forget()
		p := k.programme()
		if x := p.SpeakerBySlug(bo.Slug); x.PersonID != nil || !x.Biography.Empty() || x.Name != "Nimi" {
			t.Errorf("after erasure %+v", x)
		}
		if p.SpeakerBySlug(asa.Slug).Biography.Empty() || p.Edition.Revision <= revision {
			t.Error("somebody else was erased, or pages do not learn of it")
		}
		if out, err := k.Export(ctx, "p"); err != nil || len(out.([]Spoken)) != 0 {
			t.Errorf("export after erasure %v %v", out, err)
		}
	})
}

// Rows of other editions that were said to be the same human are forgotten with
// the one who signs in, and a row of somebody else is not.
func TestErasureReachesTheSameHuman(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx := t.Context()
		if _, err := d.Write.NewRaw("INSERT INTO person (id, email, name, language, created_at) VALUES ('p', 'bo@example.org', 'Bo', 'fi', ?)", noon).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		early := k.other()
		for _, e := range []edition.Edition{early, k.e} {
			k.in(e, func() {
				k.session(talk("Puhe", "10:00", "11:00", Room{}, "Bo", "Åsa"))
				k.release()
			})
		}
		for _, e := range []edition.Edition{early, k.e} {
			for _, slug := range []string{"bo", "asa"} {
				in := SpeakerInput{Name: slug, Biography: text.One(text.Finnish, "Kertoo itsestään.")}
				if e.ID == k.e.ID && slug == "bo" {
					in.PersonID = "p"
				}
				if _, err := k.SaveSpeaker(ctx, "org", e, k.speakerOf(e, slug).ID, in); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := k.Same(ctx, "org", k.e, k.speakerOf(k.e, "bo").ID, k.speakerOf(early, "bo").ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return k.Erase(ctx, tx, "p") }); err != nil {
			t.Fatal(err)
		}
		for _, e := range []edition.Edition{early, k.e} {
			if bo, asa := k.speakerOf(e, "bo"), k.speakerOf(e, "asa"); !bo.Biography.Empty() || asa.Biography.Empty() {
				t.Errorf("%s: bo %v, asa %v", e.Slug, bo.Biography, asa.Biography)
			}
		}
	})
}

// What somebody did as an organiser stays, by nobody: it can be undone by nobody
// either.
func TestOrganisersAreForgottenByTheirActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		x := k.session(talk("A", "10:00", "10:45", aula))
		for _, who := range []string{"p", "q"} {
			k.do(who, EditInput{Act: Move, Session: k.seen(x), RoomID: aula.ID, StartsAt: k.draft().Sessions[0].StartsAt.Add(time.Hour)})
		}
		if err := k.SetDelay(t.Context(), "p", k.e, aula.ID, 10, clock27("10:00")); err != nil {
			t.Fatal(err)
		}
		if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return k.Erase(ctx, tx, "p") }); err != nil {
			t.Fatal(err)
		}
		var by []string
		err := d.Read.NewRaw("SELECT person_id FROM edit WHERE act = 'move' UNION ALL SELECT person_id FROM delay ORDER BY person_id").Scan(t.Context(), &by)
		if err != nil || strings.Join(by, ",") != ",,q" {
			t.Errorf("by %q %v", by, err)
		}
		if _, err := k.Edit(t.Context(), "p", k.e, EditInput{Act: Undo}); key(err) != "program.nothing_to_undo" {
			t.Errorf("undone by who is erased: %v", err)
		}
		k.do("q", EditInput{Act: Undo})
		k.wantGrid("A Aula 11:00–11:45")
		// All of it goes with a practice edition.
		if err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return RemoveEdition(ctx, tx, k.e.ID) }); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := d.Read.NewRaw("SELECT (SELECT count(*) FROM edit) + (SELECT count(*) FROM delay)").Scan(t.Context(), &n); err != nil || n != 0 {
			t.Errorf("%d rows left %v", n, err)
		}
	})
}
