package program

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
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
