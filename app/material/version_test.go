package material

import (
	"strings"
	"testing"

	"agora/app/db/dbtest"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/program"
	"agora/app/text"
)

// files is a store of files on the shop's database.
func (k *shop) files() *file.Service {
	k.t.Helper()
	disk, err := file.NewDisk(k.t.TempDir())
	if err != nil {
		k.t.Fatal(err)
	}
	return file.New(k.d, k.now, disk, k.t.TempDir())
}

func (k *shop) send(files *file.Service, e edition.Edition, scope, words string) file.File {
	k.t.Helper()
	f, err := files.Take(k.t.Context(), e.ID, scope, "moniste.txt", strings.NewReader(words))
	if err != nil {
		k.t.Fatal(err)
	}
	return f
}

// kept tells which files are taken up.
func (k *shop) kept() map[string]bool {
	k.t.Helper()
	var ids []string
	if err := k.d.Read.NewSelect().Table("file").Column("id").Where("kept").Scan(k.t.Context(), &ids); err != nil {
		k.t.Fatal(err)
	}
	by := map[string]bool{}
	for _, id := range ids {
		by[id] = true
	}
	return by
}

func TestVersionsKeepAddressAndHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		files, scope, ctx := k.files(), org.Scope(k.session.ID), t.Context()
		first := k.send(files, k.e, scope, "ensimmäinen")
		in := Input{Kind: Handout, Title: text.One(text.Finnish, "Työpajan runko"), FileID: first.ID}
		m, err := k.Add(ctx, org, k.e, k.session.ID, in)
		if err != nil || m.Slug != "oma-tyopajan-runko" || m.Version != 1 {
			t.Fatalf("%+v %v", m, err)
		}
		in.Title, in.Visibility = text.One(text.Finnish, "Uusi nimi"), Registered
		if m, err = k.Change(ctx, org, k.e, m.ID, in); err != nil || m.Version != 1 || m.Slug != "oma-tyopajan-runko" {
			t.Errorf("a new title made version %d at %s, %v", m.Version, m.Slug, err)
		}
		second := k.send(files, k.e, scope, "toinen")
		if m, err = k.NewVersion(ctx, org, k.e, m.ID, Source{FileID: second.ID}); err != nil || m.Version != 2 || m.Visibility != Registered {
			t.Fatalf("%+v %v", m, err)
		}
		if m, err = k.NewVersion(ctx, Organiser("other"), k.e, m.ID, Source{URL: "https://example.org/kolmas"}); err != nil || m.Version != 3 || m.FileID != "" {
			t.Fatalf("%+v %v", m, err)
		}
		list, err := k.Versions(ctx, k.e, m.ID)
		if err != nil || len(list) != 3 || list[0].URL != "https://example.org/kolmas" || list[0].PersonID != "other" || list[1].File.ID != second.ID || list[2].FileID != first.ID {
			t.Errorf("%+v %v", list, err)
		}
		if got, err := k.BySlug(ctx, k.e, "oma-tyopajan-runko"); err != nil || got.ID != m.ID || got.File != nil {
			t.Errorf("%+v %v", got, err)
		}
		if _, err := k.BySlug(ctx, k.other, m.Slug); !fail.Is(err, fail.NotFound) {
			t.Errorf("another edition has it too: %v", err)
		}
		if list, err := k.Versions(ctx, k.other, m.ID); err != nil || len(list) != 0 {
			t.Errorf("another edition sees its history: %v %v", list, err)
		}
		if kept := k.kept(); !kept[first.ID] || !kept[second.ID] {
			t.Error("what was replaced is not kept")
		}
		if err := k.Remove(ctx, org, k.e, m.ID); err != nil {
			t.Fatal(err)
		}
		if kept := k.kept(); len(kept) != 0 {
			t.Errorf("after removing, %v are kept", kept)
		}
	})
}

func TestFilesThatMayNotBeTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		files, scope, ctx := k.files(), org.Scope(k.session.ID), t.Context()
		used := k.send(files, k.e, scope, "käytetty")
		if _, err := k.Add(ctx, org, k.e, k.session.ID, Input{Kind: Handout, FileID: used.ID}); err != nil {
			t.Fatal(err)
		}
		theirs := k.send(files, k.other, "session:"+k.foreign.ID, "vieras")
		speakers := k.send(files, k.e, "speaker:somebody", "puhujan")
		loose := k.send(files, k.e, scope, "vapaa")
		for name, c := range map[string]struct {
			in         Input
			field, key string
		}{
			"used already":        {Input{Kind: Handout, FileID: used.ID}, "file", "material.file_used"},
			"another edition's":   {Input{Kind: Handout, FileID: theirs.ID}, "file", "material.file_gone"},
			"a speaker's":         {Input{Kind: Handout, FileID: speakers.ID}, "file", "material.file_gone"},
			"nothing":             {Input{Kind: Handout, FileID: db.NewID()}, "file", "material.file_gone"},
			"a recording":         {Input{Kind: Recording, FileID: loose.ID}, "file", "material.recording_file"},
			"a link":              {Input{Kind: Link, FileID: loose.ID}, "file", "material.link_file"},
			"both":                {Input{Kind: Slides, FileID: loose.ID, URL: "https://example.org"}, "url", "material.source_two"},
			"neither":             {Input{Kind: Slides}, "url", "material.source_missing"},
			"captions of words":   {Input{Kind: Recording, URL: "https://example.org/v", Captions: Captions{{"fi", loose.ID}}}, "captions", "material.captions_kind"},
			"captions twice":      {Input{Kind: Recording, URL: "https://example.org/v", Captions: Captions{{"fi", loose.ID}, {"fi", loose.ID}}}, "captions", "material.captions_twice"},
			"captions of nothing": {Input{Kind: Recording, URL: "https://example.org/v", Captions: Captions{{"", loose.ID}}}, "captions", "material.captions_language"},
			"a stranger's":        {Input{Kind: Slides, URL: "https://example.org/x", SpeakerID: "nobody"}, "speaker", "material.speaker_missing"},
		} {
			before := k.kept()
			if _, err := k.Add(ctx, org, k.e, k.session.ID, c.in); problem(err, c.field) != c.key {
				t.Errorf("%s: %v", name, err)
			}
			if after := k.kept(); len(after) != len(before) {
				t.Errorf("%s: a file was taken up all the same", name)
			}
		}
	})
}

func TestSpeakersTouchOnlyTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		in := program.SessionInput{Title: text.One(text.Finnish, "Oma"), Kind: program.Talk, Speakers: []program.SpeakerRef{{Name: "Aino"}, {Name: "Bo"}}}
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, in); err != nil {
			t.Fatal(err)
		}
		draft, err := k.ps.Draft(ctx, k.e)
		if err != nil {
			t.Fatal(err)
		}
		who := draft.BySlug(k.session.Slug).Speakers
		aino, bo := Author{Speaker: who[0].ID}, Author{Speaker: who[1].ID}
		files := k.files()
		own := k.send(files, k.e, aino.Scope(k.session.ID), "Ainon")
		m, err := k.Add(ctx, aino, k.e, k.session.ID, Input{Kind: Handout, FileID: own.ID, SpeakerID: who[1].ID})
		if err != nil || m.SpeakerID != who[0].ID {
			t.Fatalf("%+v %v", m, err)
		}
		elsewhere := k.newSession(k.e, "Toisten")
		house := k.add(k.session, "talon", func(*Input) {})
		for name, err := range map[string]error{
			"Bo changes Aino's":                  second(k.Change(ctx, bo, k.e, m.ID, deck("https://example.org/bo"))),
			"Bo replaces Aino's":                 second(k.NewVersion(ctx, bo, k.e, m.ID, Source{URL: "https://example.org/bo"})),
			"Bo moves Aino's":                    k.Move(ctx, bo, k.e, m.ID, true),
			"Bo removes Aino's":                  k.Remove(ctx, bo, k.e, m.ID),
			"Aino removes the organisers'":       k.Remove(ctx, aino, k.e, house.ID),
			"Aino adds to a session of others":   second(k.Add(ctx, aino, k.e, elsewhere.ID, deck("https://example.org/a"))),
			"Aino adds in another edition":       second(k.Add(ctx, aino, k.other, k.foreign.ID, deck("https://example.org/a"))),
			"Aino's by way of another edition":   second(k.Change(ctx, aino, k.other, m.ID, deck("https://example.org/a"))),
			"somebody who is nobody adds":        second(k.Add(ctx, Author{Speaker: "x"}, k.e, k.session.ID, deck("https://example.org/a"))),
			"an organiser, session of elsewhere": second(k.Add(ctx, org, k.e, k.foreign.ID, deck("https://example.org/a"))),
		} {
			if !fail.Is(err, fail.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if m, err = k.NewVersion(ctx, aino, k.e, m.ID, Source{URL: "https://example.org/aino"}); err != nil || m.Version != 2 {
			t.Errorf("%+v %v", m, err)
		}
		list, err := k.Versions(ctx, k.e, m.ID)
		if err != nil || list[0].SpeakerID != who[0].ID || list[0].PersonID != "" {
			t.Errorf("%+v %v", list, err)
		}
		in.Speakers = []program.SpeakerRef{{ID: who[1].ID}}
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, in); err != nil {
			t.Fatal(err)
		}
		if err := k.Remove(ctx, aino, k.e, m.ID); !fail.Is(err, fail.NotFound) {
			t.Errorf("who no longer speaks there removes it: %v", err)
		}
	})
}

// second is the error of a call that also gives material.
func second(_ Material, err error) error { return err }

func TestAddressesDoNotClash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		var got []string
		for i, title := range []string{"Kalvot", "Kalvot", "", "", "Ääkköset & muut!", "…", "Oma puhe", strings.Repeat("pitkä ", 30)} {
			m, err := k.Add(ctx, org, k.e, k.session.ID, Input{Kind: Slides, Title: text.One(text.Finnish, title), URL: "https://example.org/" + strings.Repeat("a", i+1)})
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, m.Slug)
		}
		want := "oma-kalvot oma-kalvot-2 oma-slides oma-slides-2 oma-aakkoset-muut oma-slides-3 oma-puhe oma-pitka-pitka-pitka-pitka-pitka-pitka"
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s\nwant %s", s, want)
		}
	})
}

func TestOrderIsMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		by := map[string]Material{}
		for _, title := range []string{"a", "b", "c"} {
			by[title] = k.add(k.session, title, func(*Input) {})
		}
		for _, c := range []struct {
			what string
			up   bool
			want string
		}{{"c", true, "a c b"}, {"a", true, "a c b"}, {"b", false, "a c b"}, {"a", false, "c a b"}} {
			if err := k.Move(t.Context(), org, k.e, by[c.what].ID, c.up); err != nil {
				t.Fatal(err)
			}
			list, err := k.OfSession(t.Context(), k.e, k.session.ID)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range list {
				got = append(got, m.Title.String())
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%s, up %v: %s, want %s", c.what, c.up, s, c.want)
			}
		}
	})
}
