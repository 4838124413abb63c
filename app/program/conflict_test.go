package program

import (
	"slices"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program/exchange"
	"agora/app/text"
)

// edit changes a session here, as an organiser does.
func (k *desk) edit(slug string, change func(in *SessionInput)) {
	k.t.Helper()
	x := k.draft().BySlug(slug)
	in := SessionInput{Title: x.Title, Subtitle: x.Subtitle, Abstract: x.Abstract, Description: x.Description, Kind: x.Kind,
		Language: x.Language, RoomID: x.Room.ID, StartsAt: x.StartsAt, EndsAt: x.EndsAt, DoNotRecord: x.Extra.DoNotRecord}
	if x.Track != nil {
		in.TrackID = x.Track.ID
	}
	for _, who := range x.Speakers {
		in.Speakers = append(in.Speakers, SpeakerRef{ID: who.ID})
	}
	change(&in)
	if _, err := k.SaveSession(k.t.Context(), "org", k.e, x.ID, in); err != nil {
		k.t.Fatal(err)
	}
}

func TestEditsAndFilesMeet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.load(dayFile(), ImportOptions{})
		k.edit("avaus", func(in *SessionInput) {
			in.Title = text.One(text.Finnish, "Avajaiset")
			in.StartsAt, in.EndsAt = at("2027-01-25 09:30"), at("2027-01-25 10:00")
			in.Speakers, in.Subtitle, in.DoNotRecord = in.Speakers[:1], nil, false
		})
		newer := dayFile()
		newer.Sessions[0].Start = at("2027-01-25 11:00")
		newer.Sessions[0].Subtitle = "Uusi alaotsikko"
		newer.Sessions[0].Abstract = "Uusi kuvaus"
		newer.Sessions[0].Room = "Sali"
		for range 2 { // as often as it comes
			done := k.load(newer, ImportOptions{})
			var asked []string
			for _, c := range done.Conflicts {
				asked = append(asked, c.Name+" "+c.Field+": "+c.Here+" | "+c.File)
			}
			want := []string{"Avajaiset subtitle:  | Uusi alaotsikko", "Avajaiset when: 2027-01-25 09:30–10:00 | 2027-01-25 11:00–11:45"}
			if !slices.Equal(asked, want) || !slices.Equal(done.Kept, []string{"Avajaiset"}) {
				t.Errorf("asked %q, kept %q", asked, done.Kept)
			}
			x := k.draft().BySlug("avaus")
			if x.Name(text.Finnish) != "Avajaiset" || x.StartsAt.Format("15:04") != "09:30" || names(x.Speakers) != "Bo" || x.Extra.DoNotRecord ||
				x.Abstract[text.Finnish] != "Uusi kuvaus" || x.Room.Name.String() != "Sali" || x.Subtitle[text.Finnish] != "" {
				t.Errorf("both sides' changes: %+v in %s", x, x.Room.Name)
			}
		}
		when := k.draft().BySlug("avaus").ID + ".when"
		done := k.load(newer, ImportOptions{Take: map[string]bool{when: true, "other.title": true}})
		x := k.draft().BySlug("avaus")
		if len(done.Conflicts) != 2 || x.StartsAt.Format("15:04") != "11:00" || x.Length() != 45*time.Minute || x.Subtitle[text.Finnish] != "" {
			t.Errorf("%+v, %+v", done.Conflicts, x)
		}
		for _, c := range done.Conflicts {
			if c.Taken != (c.Field == "when") {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestWhatWasMadeHereIsAskedAbout(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	made := k.session(talk("Oma", "12:00", "13:00", k.room("Sali"), "Bo"))
	x := exchange.Schedule{Sessions: []exchange.Session{{GUID: made.GUID, Title: "Muu", Abstract: "Kuvaus", Room: "Sali", Kind: "Talk", Language: "fi",
		Start: at("2027-01-25 12:00"), Duration: time.Hour, Speakers: []exchange.Speaker{{GUID: guid + "c", Name: "Bo"}}}}}
	done := k.load(x, ImportOptions{})
	if len(done.Conflicts) != 2 || done.Conflicts[0].Field != "title" || done.Conflicts[1].Field != "speakers" {
		t.Errorf("%+v", done.Conflicts)
	}
	if p := k.draft().BySlug("oma"); p.Name(text.Finnish) != "Oma" || p.Abstract[text.Finnish] != "Kuvaus" {
		t.Errorf("%+v", p)
	}
}

func TestRoomsAndSpeakersEditedHere(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	k.load(dayFile(), ImportOptions{})
	room := k.draft().Rooms[0]
	if _, err := k.SaveRoom(t.Context(), "org", k.e, room.ID, RoomInput{Name: text.One(text.Finnish, "Iso aula"), Description: room.Description, Capacity: room.Capacity}); err != nil {
		t.Fatal(err)
	}
	if done := k.load(dayFile(), ImportOptions{}); len(done.Conflicts) > 0 || k.draft().Rooms[0].Name.String() != "Iso aula" || len(k.draft().Rooms) != 2 {
		t.Errorf("the same file: %+v, %s", done, k.draft().Rooms[0].Name)
	}
	newer := dayFile()
	newer.Rooms[0].Name, newer.Sessions[0].Room, newer.Rooms[0].Capacity = "Pieni aula", "Pieni aula", 80
	done := k.load(newer, ImportOptions{})
	if len(done.Conflicts) != 1 || done.Conflicts[0].Here != "Iso aula" || done.Conflicts[0].File != "Pieni aula" || *k.draft().Rooms[0].Capacity != 80 {
		t.Errorf("%+v", done.Conflicts)
	}
}

// A file without identifiers finds what is there by number, or by title and speakers.
func TestFilesWithoutIdentifiers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.load(dayFile(), ImportOptions{})
		x := dayFile()
		x.ByName = true
		for i := range x.Sessions {
			x.Sessions[i].GUID, x.Sessions[i].ID, x.Sessions[i].Slug = "", 0, ""
			for n := range x.Sessions[i].Speakers {
				x.Sessions[i].Speakers[n] = exchange.Speaker{Name: x.Sessions[i].Speakers[n].Name}
			}
		}
		x.Sessions[1].Abstract = "Kahvia"
		done := k.load(x, ImportOptions{})
		if len(done.Added)+done.Speakers+done.Rooms+len(done.Conflicts) != 0 || !slices.Equal(done.Changed, []string{"Pause"}) {
			t.Errorf("%+v", done)
		}
		if again := k.load(x, ImportOptions{}); again.Unchanged != 2 {
			t.Errorf("again: %+v", again)
		}
	})
}
