package program

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"agora/app/apptest"
	"agora/app/edition"
	"agora/app/program/exchange"
	"agora/app/text"
)

var writings = []string{"", "Avaus", "Öppning & lunch", "<b>x</b> ]]> &amp;", "👩‍👩‍👧", "日本語", strings.Repeat("pitkä ", 30), "a\"b'c", "-", "Väli\ttabs"}

// anyEdition makes rows as organisers may leave them: with or without colours, tracks, rooms, speakers and texts, in
// one language or three, on one day or several, over midnight and through both nights when the clock changes.
func anyEdition(r *rand.Rand) (edition.Edition, rows) {
	say := func() text.Texts {
		t := text.Texts{}
		for _, l := range text.Langs {
			if s := writings[r.IntN(len(writings))]; s != "" && r.IntN(2) == 0 {
				t[l] = s
			}
		}
		return t
	}
	named := func(n int) text.Texts {
		t := say()
		t[text.Langs[r.IntN(3)]] = fmt.Sprint(writings[r.IntN(len(writings))], n)
		return t
	}
	day := []string{"2027-01-25 09:00", "2027-03-27 20:00", "2027-10-30 20:00"}[r.IntN(3)]
	e := edition.Edition{ID: "e", Slug: []string{"2027", "x", "syksy-2027"}[r.IntN(3)], Zone: []string{"Europe/Helsinki", "UTC", "America/St_Johns"}[r.IntN(3)],
		Title: named(0), Lead: say(), StartsAt: at(day), EndsAt: at(day).Add(time.Duration(1+r.IntN(60)) * time.Hour)}
	e.Series.Slug = []string{"cmadfi", "a", "long-name-of-a-series"}[r.IntN(3)]
	e.Languages = edition.Languages(text.Langs[:1+r.IntN(3)])
	rs := rows{release: Release{Number: int64(r.IntN(3)), Name: writings[r.IntN(len(writings))]}}
	for i := range r.IntN(4) {
		rs.rooms = append(rs.rooms, Room{ID: fmt.Sprint("r", i), GUID: fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", i), Slug: fmt.Sprint("r", i), Name: named(i), Description: say()})
		rs.tracks = append(rs.tracks, Track{ID: fmt.Sprint("t", i), Slug: []string{"", "web", "3d"}[r.IntN(3)], Name: named(i), Color: []string{"", "#aabbcc"}[r.IntN(2)]})
		rs.speakers = append(rs.speakers, Speaker{ID: fmt.Sprint("s", i), GUID: fmt.Sprintf("00000000-0000-4000-8000-0000000001%02d", i), Slug: fmt.Sprint("s", i), Name: fmt.Sprint("Nimi ", i), Biography: say()})
	}
	for i := range r.IntN(9) {
		x := Session{ID: fmt.Sprint("x", i), GUID: fmt.Sprintf("00000000-0000-4000-8000-0000000002%02d", i), Slug: fmt.Sprint("x", i), Title: named(i), Subtitle: say(), Abstract: say(), Description: say(),
			Language: []string{"", "fi", "fi, sv", "de", "en-GB"}[r.IntN(5)], Kind: Kinds[r.IntN(len(Kinds))], Cancelled: r.IntN(5) == 0}
		x.Extra = Extra{Number: int64(r.IntN(4)), Word: writings[r.IntN(len(writings))], RecordingLicense: writings[r.IntN(len(writings))], DoNotRecord: r.IntN(2) == 0}
		start := e.StartsAt.Add(time.Duration(r.IntN(40*60)) * time.Minute)
		slot := Slot{ID: x.ID, SessionID: x.ID, StartsAt: start, EndsAt: start.Add(time.Duration(1+r.IntN(600)) * time.Minute)}
		for n := range len(rs.rooms) {
			if r.IntN(2) == 0 {
				slot.RoomID, x.TrackID = &rs.rooms[n].ID, &rs.tracks[n].ID
				rs.who = append(rs.who, sessionSpeaker{SessionID: x.ID, SpeakerID: rs.speakers[n].ID, Rank: int64(n)})
			}
		}
		rs.sessions, rs.slots = append(rs.sessions, x), append(rs.slots, slot)
	}
	return e, rs
}

// TestEveryEditionCanBeExported writes editions of all kinds in all formats, has the official schemas judge them and
// reads them again.
func TestEveryEditionCanBeExported(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	judge, err := compiler.Compile(apptest.RealFile(t, "schedule.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	lint := []string{"--noout", "--nonet", "--schema", apptest.RealFile(t, "schedule.xsd")}
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(2027, 4))
	for i := range 200 {
		e, rs := anyEdition(r)
		x := Schedule(build(e, rs, false), "https://agora.example")
		var inXML, inJSON, inICS bytes.Buffer
		for _, err := range []error{exchange.WriteXML(&inXML, x), exchange.WriteJSON(&inJSON, x), exchange.WriteICS(&inICS, exchange.CalendarOf(x, at("2027-01-01 00:00")))} {
			if err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(dir, fmt.Sprint(i, ".xml"))
		if err := os.WriteFile(path, inXML.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		lint = append(lint, path)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(inJSON.Bytes()))
		if err == nil {
			err = judge.Validate(value)
		}
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		staged := 0
		for _, s := range rs.sessions {
			if !s.Cancelled {
				staged++
			}
		}
		for name, file := range map[string][]byte{"x.xml": inXML.Bytes(), "x.json": inJSON.Bytes(), "x.ics": inICS.Bytes()} {
			want := staged
			if name == "x.ics" {
				want = len(rs.sessions)
			}
			if back, _, err := exchange.Read(bytes.NewReader(file), name); err != nil || len(back.Sessions) != want {
				t.Fatalf("%d: %s gives %d of %d sessions back: %v", i, name, len(back.Sessions), want, err)
			}
		}
	}
	if out, err := exec.Command(apptest.Program(t, "xmllint"), lint...).CombinedOutput(); err != nil {
		for line := range strings.SplitSeq(string(out), "\n") {
			if !strings.HasSuffix(line, " validates") {
				t.Error(line)
			}
		}
	}
}
