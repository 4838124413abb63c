package program

import (
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/text"
)

func TestDraftIsReleased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		if !k.programme().Empty() {
			t.Fatal("something is public before any release")
		}
		if _, err := k.Release(t.Context(), "org", k.e, "", nil); key(err) != "program.nothing_new" {
			t.Fatalf("an empty draft was released: %v", err)
		}
		a := k.session(talk("Äänestä öljystä", "10:00", "10:45", aula, "Åsa Öhman", "Bo"))
		b := k.session(talk("Toinen", "10:00", "11:00", sali, "bo"))
		c := k.session(talk("Ilman aikaa", "", "", Room{}, "Salainen"))
		if a.Slug != "aanesta-oljysta" || b.Slug != "toinen" {
			t.Errorf("slugs %s, %s", a.Slug, b.Slug)
		}
		first := k.release()
		p := k.programme()
		if got := titles(p.Sessions); got != "Äänestä öljystä, Toinen" || p.Release.Number != 1 || first.Number != 1 {
			t.Fatalf("public: %s, release %d", got, p.Release.Number)
		}
		x := p.BySlug(a.Slug)
		if x.Room.ID != aula.ID || !x.StartsAt.Equal(at("2027-01-25 10:00")) || x.StartsAt.Hour() != 10 || names(x.Speakers) != "Åsa Öhman, Bo" {
			t.Errorf("session %+v", x)
		}
		if names(p.Speakers) != "Bo, Åsa Öhman" || p.SpeakerBySlug("salainen") != nil || p.BySlug(c.Slug) != nil {
			t.Errorf("speakers in public: %s", names(p.Speakers))
		}
		if got := titles(p.SpeakerBySlug("bo").Sessions); got != "Äänestä öljystä, Toinen" {
			t.Errorf("Bo speaks at %s", got)
		}
		if got := k.draft(); titles(got.Waiting) != "Ilman aikaa" || got.SpeakerBySlug("salainen") == nil {
			t.Errorf("draft waits for %s", titles(got.Waiting))
		}

		// Time and room wait for the next release, texts do not.
		in := talk("Parempi nimi", "13:00", "13:30", sali)
		if _, err := k.SaveSession(t.Context(), "org", k.e, a.ID, in); err != nil {
			t.Fatal(err)
		}
		x = k.programme().BySlug(a.Slug)
		if x.Name(text.Finnish) != "Parempi nimi" || x.StartsAt.Hour() != 10 || x.Room.ID != aula.ID {
			t.Errorf("before the second release: %s at %v", x.Name(text.Finnish), x.StartsAt)
		}
		if k.release().Number != 2 {
			t.Error("the second release is not number 2")
		}
		if x = k.programme().BySlug(a.Slug); x.StartsAt.Hour() != 13 || x.Room.ID != sali.ID {
			t.Errorf("after the second release: %v", x.StartsAt)
		}
		if list, err := k.Releases(t.Context(), k.e); err != nil || len(list) != 2 || list[0].Number != 2 {
			t.Errorf("releases %v %v", list, err)
		}
	})
}

func TestEveryProblemAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		elsewhere, err := k.SaveRoom(t.Context(), "org", k.other(), "", RoomInput{Name: text.One(text.Finnish, "Muualla")})
		if err != nil {
			t.Fatal(err)
		}
		none := int64(0)
		_, err = k.SaveSession(t.Context(), "org", k.e, "", SessionInput{
			Abstract: text.One(text.Swedish, strings.Repeat("å", maxAbstract+1)), Description: text.One(text.Finnish, "a\x00b"),
			Kind: "party", Language: "klingon!", TrackID: "none", RoomID: elsewhere.ID, Capacity: &none,
			StartsAt: at("2027-02-25 10:00"), EndsAt: at("2027-02-25 09:00"),
			Speakers: []SpeakerRef{{ID: "nobody"}},
		})
		for field, want := range map[string]string{
			"title": "field.required", "abstract": "field.long", "description": "field.characters", "kind": "program.kind_unknown",
			"language": "program.language_unknown", "track": "program.track_missing", "room": "program.room_missing",
			"capacity": "program.capacity_range", "starts_at": "program.outside_days", "ends_at": "program.ends_before",
			"speakers": "program.speaker_missing",
		} {
			if got := problem(err, field); got != want {
				t.Errorf("%s: %q, want %q", field, got, want)
			}
		}
		if p := k.draft(); len(p.Sessions)+len(p.Waiting)+len(p.Speakers) != 0 {
			t.Error("something was saved")
		}
	})
}

func TestOthersEditionsStayAsTheyAre(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, other := t.Context(), k.other()
		aula := k.room("Aula")
		x := k.session(talk("Oma", "10:00", "11:00", aula, "Bo"))
		track, err := k.SaveTrack(ctx, "org", k.e, "", TrackInput{Name: text.One(text.Finnish, "Linja"), Color: "#AA0000"})
		if err != nil || track.Color != "#aa0000" {
			t.Fatal(track, err)
		}
		who := k.draft().Speakers[0]
		for what, do := range map[string]func() error{
			"session": func() error {
				_, err := k.SaveSession(ctx, "org", other, x.ID, talk("Vieras", "", "", Room{}))
				return err
			},
			"delete": func() error { return k.DeleteSession(ctx, "org", other, x.ID) },
			"room": func() error {
				_, err := k.SaveRoom(ctx, "org", other, aula.ID, RoomInput{Name: text.One(text.Finnish, "V")})
				return err
			},
			"track": func() error {
				_, err := k.SaveTrack(ctx, "org", other, track.ID, TrackInput{Name: text.One(text.Finnish, "V")})
				return err
			},
			"speaker":        func() error { _, err := k.SaveSpeaker(ctx, "org", other, who.ID, SpeakerInput{Name: "V"}); return err },
			"delete room":    func() error { return k.DeleteRoom(ctx, "org", other, aula.ID) },
			"delete track":   func() error { return k.DeleteTrack(ctx, "org", other, track.ID) },
			"delete speaker": func() error { return k.DeleteSpeaker(ctx, "org", other, who.ID) },
		} {
			if err := do(); !fail.Is(err, fail.NotFound) {
				t.Errorf("%s through another edition: %v", what, err)
			}
		}
		if _, err := k.SaveSession(ctx, "org", other, "", SessionInput{Title: text.One(text.Finnish, "V"), Kind: Talk,
			Speakers: []SpeakerRef{{ID: who.ID}}}); problem(err, "speakers") == "" {
			t.Error("another edition's speaker was taken")
		}
		p := k.draft()
		if titles(p.Sessions) != "Oma" || names(p.Speakers) != "Bo" || p.Rooms[0].Name.String() != "Aula" || len(p.Tracks) != 1 {
			t.Error("another edition changed ours")
		}
	})
}

func TestTwoOrganisersDoNotOverwriteEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		x := k.session(talk("Alku", "", "", Room{}))
		in := talk("Eka", "", "", Room{})
		in.Version = x.Version
		if _, err := k.SaveSession(t.Context(), "org", k.e, x.ID, in); err != nil {
			t.Fatal(err)
		}
		in.Title = text.One(text.Finnish, "Toka")
		if _, err := k.SaveSession(t.Context(), "org2", k.e, x.ID, in); key(err) != "program.changed_meanwhile" {
			t.Errorf("the second writer: %v", err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := k.SaveSession(t.Context(), "org", k.e, "", talk("Sama nimi", "", "", Room{})); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		seen := map[string]bool{}
		for _, s := range k.draft().Waiting {
			seen[s.Slug] = true
		}
		if !seen["sama-nimi"] || !seen["sama-nimi-8"] || len(seen) != 9 {
			t.Errorf("slugs %v", seen)
		}
	})
}

func TestDeleting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, aula := t.Context(), k.room("Aula")
		x := k.session(talk("Julkinen", "10:00", "11:00", aula, "Bo"))
		k.release()
		who := k.draft().Speakers[0]
		for want, err := range map[string]error{
			"program.session_public": k.DeleteSession(ctx, "org", k.e, x.ID),
			"program.room_used":      k.DeleteRoom(ctx, "org", k.e, aula.ID),
			"program.speaker_used":   k.DeleteSpeaker(ctx, "org", k.e, who.ID),
		} {
			if key(err) != want {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		k.session(talk("Muu", "12:00", "13:00", Room{}))
		if _, err := k.SaveSession(ctx, "org", k.e, x.ID, talk("Julkinen", "", "", Room{})); err != nil {
			t.Fatal(err)
		}
		k.release()
		if err := k.DeleteSession(ctx, "org", k.e, x.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.DeleteSpeaker(ctx, "org", k.e, who.ID); err != nil {
			t.Fatal(err)
		}
		if err := k.DeleteRoom(ctx, "org", k.e, aula.ID); err != nil {
			t.Fatal(err)
		}
		if p := k.programme(); titles(p.Sessions) != "Muu" || len(p.Rooms) != 0 {
			t.Errorf("left: %s", titles(p.Sessions))
		}
	})
}

func TestSlugs(t *testing.T) {
	for title, want := range map[string]string{
		"Äänestä öljystä, Åsa!":      "aanesta-oljysta-asa",
		"Łódź – Straße & Þing":       "lodz-strasse-thing",
		"Ŋuorra čáhci":               "nuorra-cahci",
		"don't":                      "dont",
		"🎉":                          "session",
		"Программа":                  "session",
		strings.Repeat("pitkä ", 40): "pitka" + strings.Repeat("-pitka", 12),
	} {
		if got := slugOf(title, "session"); got != want {
			t.Errorf("%q: %s, want %s", title, got, want)
		}
	}
	if got := given("Ei/Kelpaa", "Otsikko", "x"); got != "otsikko" {
		t.Errorf("a bad slug of a file became %s", got)
	}
}

func titles(list []*Session) string {
	var all []string
	for _, x := range list {
		all = append(all, x.Name(text.Finnish))
	}
	return strings.Join(all, ", ")
}

func names(list []*Speaker) string {
	var all []string
	for _, x := range list {
		all = append(all, x.Name)
	}
	return strings.Join(all, ", ")
}

func TestNowAndNext(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	k := newDesk(t, d)
	aula, sali := k.room("Aula"), k.room("Sali")
	k.session(talk("Avaus", "10:00", "10:30", aula))
	k.session(talk("Toka", "10:30", "11:00", aula))
	k.session(talk("Sivussa", "10:15", "11:00", sali))
	off := talk("Peruttu", "11:00", "12:00", sali)
	off.Cancelled = true
	k.session(off)
	k.session(talk("Kahvi", "11:00", "11:30", Room{}))
	k.release()
	p := k.programme()
	for _, c := range []struct{ at, now, next string }{
		{"09:00", "", "Avaus, Sivussa, Kahvi"},
		{"10:00", "Avaus", "Toka, Sivussa, Kahvi"},
		{"10:30", "Toka, Sivussa", "Kahvi"},
		{"11:00", "Kahvi", ""},
		{"12:00", "", ""},
	} {
		moment := at("2027-01-25 " + c.at)
		if now, next := titles(p.Now(moment)), titles(p.Next(moment)); now != c.now || next != c.next {
			t.Errorf("%s: now %q next %q", c.at, now, next)
		}
	}
	if x := p.NowIn(aula.ID, at("2027-01-25 10:29")); x == nil || x.Name(text.Finnish) != "Avaus" {
		t.Errorf("in Aula: %v", x)
	}
	if p.DayOn(at("2027-01-25 10:00")) != p.Days[0] || p.DayOn(at("2027-01-24 10:00").Add(time.Hour)) != nil {
		t.Error("DayOn")
	}
}
