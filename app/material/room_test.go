package material

import (
	"strconv"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/text"
)

// TestSpeakersRoom: a speaker's link takes so many versions and bytes and no more;
// nothing of the history goes, and organisers may still add.
func TestSpeakersRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, program.SessionInput{Title: text.One(text.Finnish, "Oma"), Kind: program.Talk,
			Speakers: []program.SpeakerRef{{Name: "Aino"}}}); err != nil {
			t.Fatal(err)
		}
		draft, err := k.ps.Draft(ctx, k.e)
		if err != nil {
			t.Fatal(err)
		}
		aino, files := Author{Speaker: draft.BySlug(k.session.Slug).Speakers[0].ID}, k.files()
		m, err := k.Add(ctx, aino, k.e, k.session.ID, deck("https://example.org/1"))
		for n := 2; n <= MaxVersions && err == nil; n++ {
			m, err = k.NewVersion(ctx, aino, k.e, m.ID, Source{URL: "https://example.org/" + strconv.Itoa(n)})
		}
		if err != nil || m.Version != MaxVersions {
			t.Fatalf("version %d, %v", m.Version, err)
		}
		more := Source{URL: "https://example.org/more"}
		if _, err = k.NewVersion(ctx, aino, k.e, m.ID, more); problem(err, "url") != keyVersions || !Full(err) {
			t.Errorf("one version too many: %v", err)
		}
		in := InputOf(m)
		in.Title = text.One(text.Finnish, "Toinen nimi")
		if _, err := k.Change(ctx, aino, k.e, m.ID, in); err != nil {
			t.Errorf("a new title is no version: %v", err)
		}
		if got, err := k.NewVersion(ctx, org, k.e, m.ID, more); err != nil || got.Version != MaxVersions+1 {
			t.Errorf("an organiser's: %d, %v", got.Version, err)
		}

		large := k.send(files, k.e, aino.Scope(k.session.ID), "valtava")
		piece, err := k.Add(ctx, aino, k.e, k.session.ID, Input{Kind: Handout, FileID: large.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write.NewRaw("UPDATE file SET size = ? WHERE id = ?", int64(MaxSent-3), large.ID).Exec(ctx); err != nil {
			t.Fatal(err)
		}
		small, next := k.send(files, k.e, aino.Scope(k.session.ID), "abc"), k.send(files, k.e, aino.Scope(k.session.ID), "d")
		if _, err := k.NewVersion(ctx, aino, k.e, piece.ID, Source{FileID: small.ID}); err != nil {
			t.Errorf("up to the limit: %v", err)
		}
		for what, err := range map[string]error{
			"a version": second(k.NewVersion(ctx, aino, k.e, piece.ID, Source{FileID: next.ID})),
			"a piece":   second(k.Add(ctx, aino, k.e, k.session.ID, Input{Kind: Handout, FileID: next.ID})),
		} {
			if problem(err, "file") != keySent || !Full(err) {
				t.Errorf("%s beyond it: %v", what, err)
			}
		}
		if k.kept()[next.ID] {
			t.Error("what was refused is kept")
		}
		if list, err := k.Versions(ctx, k.e, piece.ID); err != nil || len(list) != 2 {
			t.Errorf("the history: %v %v", list, err)
		}
		theirs := k.send(files, k.e, org.Scope(k.session.ID), "järjestäjän")
		if _, err := k.NewVersion(ctx, org, k.e, piece.ID, Source{FileID: theirs.ID}); err != nil {
			t.Errorf("an organiser's file: %v", err)
		}
	})
}
