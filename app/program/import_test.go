package program

import (
	"context"
	"errors"
	"reflect"
	"slices"
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

const guid = "00000000-0000-4000-8000-00000000000"

// file is a small schedule that uses every field.
func dayFile() exchange.Schedule {
	bo := exchange.Speaker{GUID: guid + "a", Name: "Bo", Biography: "Kirjoittaa.", URL: "https://example.org/bo",
		Links: []exchange.Link{{Title: "Blogi", URL: "https://example.org/blogi", Kind: "blog"}}}
	return exchange.Complete(exchange.Schedule{
		Acronym: "cmadfi2027", Title: "CMADFI", TimeZone: "Europe/Helsinki",
		Tracks: []exchange.Track{{Name: "Yhteisöt", Slug: "yhteisot", Color: "#aa0000"}},
		Rooms:  []exchange.Room{{Name: "Aula", GUID: guid + "1", Capacity: 300, Description: "Pohjakerros"}, {Name: "Sali", GUID: guid + "2"}},
		Sessions: []exchange.Session{
			{GUID: guid + "3", ID: 7, Slug: "avaus", Title: "Avaus", Subtitle: "Ja tervetuloa", Abstract: "Lyhyt", Description: "Pitkä",
				Language: "fi", Track: "Yhteisöt", Kind: "Keynote 45 min", Room: "Aula", Start: at("2027-01-25 10:00").UTC(), Duration: 45 * time.Minute,
				Speakers: []exchange.Speaker{bo, {GUID: guid + "b", Name: "Åsa"}}, URL: "https://example.org/avaus", RecordingURL: "https://example.org/avaus.webm",
				RecordingLicense: "CC-BY-4.0", DoNotRecord: true,
				Links:       []exchange.Link{{Title: "Kirjoitus", URL: "https://example.org/k", Kind: "web"}, {URL: "mailto:bo@example.org"}},
				Attachments: []exchange.Link{{Title: "Kalvot", URL: "https://example.org/k.pdf", Kind: "slides"}}},
			{GUID: guid + "4", ID: 8, Slug: "pause", Title: "Pause", Language: "de, en", Kind: "", Room: "Sali",
				Start: at("2027-01-25 10:45").UTC(), Duration: 15 * time.Minute, Speakers: []exchange.Speaker{bo}},
		},
	})
}

func TestImportAndExportLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		done := k.load(dayFile(), ImportOptions{Release: true})
		if len(done.Added) != 2 || done.Rooms != 2 || done.Tracks != 1 || done.Speakers != 2 || done.Release.Number != 1 {
			t.Fatalf("imported %+v", done)
		}
		p := k.programme()
		x := p.BySlug("avaus")
		if x.Kind != Keynote || *x.Room.Capacity != 300 || x.Track.Color != "#aa0000" {
			t.Errorf("session %+v", x)
		}
		if s, l := p.BySlug("pause").In(p.BySlug("pause").Title, text.English); s != "Pause" || l != "de" {
			t.Errorf("a German title shows as %q in %s", s, l)
		}
		want := dayFile()
		want.Sessions[1].URL = "https://agora.example/cmadfi/2027/sessions/pause" // a session without an address gets ours
		equal(t, Schedule(p, "https://agora.example/"), want)
		if v := Schedule(p, "https://agora.example"); v.Acronym != "cmadfi2027" || v.Version != "1" || v.URL != "https://agora.example/cmadfi/2027" {
			t.Errorf("heading %q %q %q", v.Acronym, v.Version, v.URL)
		}
	})
}

// equal compares all that a session, room or track carries.
func equal(t *testing.T, got, want exchange.Schedule) {
	t.Helper()
	if !reflect.DeepEqual(got.Rooms, want.Rooms) {
		t.Errorf("rooms\n%+v\n%+v", got.Rooms, want.Rooms)
	}
	if !reflect.DeepEqual(got.Tracks, want.Tracks) {
		t.Errorf("tracks\n%+v\n%+v", got.Tracks, want.Tracks)
	}
	if len(got.Sessions) != len(want.Sessions) {
		t.Fatalf("%d sessions, want %d", len(got.Sessions), len(want.Sessions))
	}
	wrong := 0
	for i := range want.Sessions {
		if !reflect.DeepEqual(got.Sessions[i], want.Sessions[i]) {
			if wrong++; wrong < 4 {
				t.Errorf("session %d\n%+v\n%+v", i, got.Sessions[i], want.Sessions[i])
			}
		}
	}
	if wrong > 0 {
		t.Errorf("%d sessions differ", wrong)
	}
}

func TestImportingAgainUpdates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.load(dayFile(), ImportOptions{Release: true})
		rows := everything(t, d)
		again := k.load(dayFile(), ImportOptions{Release: true})
		if again.Unchanged != 2 || len(again.Added)+len(again.Changed)+again.Rooms+again.Speakers != 0 || again.Release.Number != 0 {
			t.Errorf("the same file: %+v", again)
		}
		if now := everything(t, d); now != rows {
			t.Errorf("the same file changed rows:\n%s\n%s", rows, now)
		}

		// Somebody edits and translates; a newer file moves one and drops the other.
		x := k.draft().BySlug("avaus")
		in := SessionInput{Title: text.Texts{text.Finnish: "Avajaiset", text.Swedish: "Öppning"}, Kind: x.Kind, Language: "fi", RoomID: x.Room.ID,
			StartsAt: x.StartsAt, EndsAt: x.EndsAt, Speakers: []SpeakerRef{{ID: x.Speakers[0].ID}}}
		if _, err := k.SaveSession(t.Context(), "org", k.e, x.ID, in); err != nil {
			t.Fatal(err)
		}
		k.session(talk("Oma", "12:00", "13:00", Room{}))
		newer := dayFile()
		newer.Sessions = newer.Sessions[:1]
		newer.Sessions[0].Room, newer.Sessions[0].Start = "Sali", at("2027-01-25 14:00")
		done := k.load(newer, ImportOptions{Release: true})
		if !slices.Equal(done.Changed, []string{"Avajaiset"}) || !slices.Equal(done.Kept, []string{"Avajaiset"}) || len(done.Conflicts) > 0 || !slices.Equal(done.Gone, []string{"Pause"}) {
			t.Errorf("the newer file: %+v", done)
		}
		p := k.programme()
		x = p.BySlug("avaus")
		if x.Name(text.Swedish) != "Öppning" || x.Name(text.Finnish) != "Avajaiset" || x.Room.Name.String() != "Sali" || x.StartsAt.Hour() != 14 || names(x.Speakers) != "Bo" {
			t.Errorf("after the newer file: %+v", x)
		}
		if titles(p.Sessions) != "Pause, Oma, Avajaiset" || p.Release.Number != 2 {
			t.Errorf("public: %s", titles(p.Sessions))
		}
	})
}

// everything counts the rows of the programme's tables and sums up what they say.
func everything(t *testing.T, d *db.DB) string {
	t.Helper()
	var all []string
	for _, table := range []string{"room", "track", "session", "speaker", "session_speaker", "release", "slot"} {
		var n string
		if err := d.Read.NewRaw("SELECT CAST(count(*) AS TEXT) FROM "+table).Scan(t.Context(), &n); err != nil {
			t.Fatal(err)
		}
		all = append(all, table+" "+n)
	}
	var versions []string
	if err := d.Read.NewRaw("SELECT slug || ' ' || version || title || extra FROM session ORDER BY id").Scan(t.Context(), &versions); err != nil {
		t.Fatal(err)
	}
	return strings.Join(append(all, versions...), "\n")
}

func TestFailedImportLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.load(dayFile(), ImportOptions{Release: true})
		before, revision := everything(t, d), k.fresh().Revision
		newer := dayFile()
		newer.Sessions[0].Title = "Muutettu"
		newer.Sessions[1].GUID = guid + "9"
		newer.Rooms[0].Name, newer.Sessions[0].Room = "Uusi", "Uusi"
		broken := errors.New("no")
		_, err := k.Import(t.Context(), "org", k.e, newer, ImportOptions{Release: true,
			Material: func(context.Context, bun.IDB, edition.Edition, []Attached) error { return broken }})
		if !errors.Is(err, broken) {
			t.Fatalf("the hook's error: %v", err)
		}
		// The log is the last statement of all.
		statements := []string{"ALTER TABLE audit ADD CHECK (act <> 'program.import') NOT VALID"}
		if d.Engine == db.SQLite {
			statements = []string{"CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'refused'); END"}
		}
		for _, s := range statements {
			if _, err := d.Write.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := k.Import(t.Context(), "org", k.e, newer, ImportOptions{Release: true}); err == nil {
			t.Fatal("the last statement did not fail")
		}
		if now := everything(t, d); now != before || k.fresh().Revision != revision {
			t.Errorf("half an import is left:\n%s\n%s", before, now)
		}
	})
}

func TestImportHandsMaterialOver(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	k := newDesk(t, d)
	var got []Attached
	o := ImportOptions{Release: true, Material: func(_ context.Context, _ bun.IDB, _ edition.Edition, list []Attached) error {
		got = list
		return nil
	}}
	k.load(dayFile(), o)
	x := k.programme().BySlug("avaus")
	want := []Attached{
		{SessionID: x.ID, Link: Link{Title: "Kalvot", URL: "https://example.org/k.pdf", Kind: "slides"}},
		{SessionID: x.ID, Link: Link{URL: "https://example.org/avaus.webm"}, Recording: true},
	}
	if !reflect.DeepEqual(got, want) || x.Extra.Attachments != nil || x.Extra.RecordingURL != "" || len(x.Extra.Links) != 2 {
		t.Errorf("handed over %+v, kept %+v", got, x.Extra)
	}
	if again := k.load(dayFile(), o); again.Unchanged != 2 {
		t.Errorf("again: %+v", again)
	}
}

func TestImportMatchesRoomsByNameAndGUID(t *testing.T) {
	d := dbtest.OpenSQLite(t)
	k := newDesk(t, d)
	k.room("Sali")
	k.load(dayFile(), ImportOptions{})
	if n := len(k.draft().Rooms); n != 2 {
		t.Errorf("%d rooms", n)
	}
	// The file renames Aula to Sali, and Sali to Aula.
	swapped := dayFile()
	swapped.Rooms[0].Name, swapped.Rooms[1].Name = "Sali", "Aula"
	swapped.Rooms[1].GUID = k.draft().Rooms[0].GUID
	for i := range swapped.Sessions {
		swapped.Sessions[i].Room = map[string]string{"Aula": "Sali", "Sali": "Aula"}[swapped.Sessions[i].Room]
	}
	k.load(swapped, ImportOptions{})
	p := k.draft()
	if len(p.Rooms) != 2 || p.BySlug("avaus").Room.Name.String() != "Sali" || p.BySlug("pause").Room.Name.String() != "Aula" {
		t.Errorf("rooms %v, avaus in %s", len(p.Rooms), p.BySlug("avaus").Room.Name)
	}
}

func TestEmptyFileIsRefused(t *testing.T) {
	k := newDesk(t, dbtest.OpenSQLite(t))
	if _, err := k.Import(t.Context(), "org", k.e, exchange.Schedule{}, ImportOptions{}); problem(err, "file") != "program.import_empty" {
		t.Errorf("%v", err)
	}
}

func TestOneFileInTwoEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.load(dayFile(), ImportOptions{Release: true})
		other := k.other()
		x := dayFile()
		x.Sessions[0].Title = "Toisen vuoden avaus"
		done, err := k.Import(t.Context(), "org", other, x, ImportOptions{})
		if err != nil || len(done.Added) != 2 || done.Speakers != 2 {
			t.Fatalf("%+v %v", done, err)
		}
		if p := k.programme(); p.BySlug("avaus").Name(text.Finnish) != "Avaus" || len(p.Sessions) != 2 {
			t.Error("the other edition's import changed ours")
		}
		if _, err := d.Write.NewRaw("DELETE FROM session WHERE edition_id = ?", other.ID).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := k.load(dayFile(), ImportOptions{Release: true}); again.Unchanged != 2 || again.Release.Number != 0 {
			t.Errorf("ours again: %+v", again)
		}
	})
}
