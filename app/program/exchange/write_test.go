package exchange

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"agora/app/apptest"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// xmlJudge hands a file to xmllint with the official schema.
func xmlJudge(t *testing.T) func(t *testing.T, file []byte) {
	schema := apptest.RealFile(t, "schedule.xsd")
	xmllint := apptest.Program(t, "xmllint")
	return func(t *testing.T, file []byte) {
		t.Helper()
		lint := exec.Command(xmllint, "--noout", "--nonet", "--schema", schema, "-")
		lint.Stdin = bytes.NewReader(file)
		if out, err := lint.CombinedOutput(); err != nil {
			t.Fatalf("the schema refuses: %s\n%s", out, clipFile(file))
		}
	}
}

func jsonJudge(t *testing.T) func(t *testing.T, file []byte) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(apptest.RealFile(t, "schedule.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, file []byte) {
		t.Helper()
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Fatalf("the schema refuses: %v\n%s", err, clipFile(file))
		}
	}
}

func clipFile(file []byte) []byte { return file[:min(len(file), 6000)] }

// oddities are texts that broke something somewhere: markup, controls, joined emoji, right-to-left, wrong bytes.
var oddities = []string{
	"", "", "Plain words", "Äö & <Å> \"quoted\" 'x'", "]]>&amp;&#0;", "Tab\there", " around ", "Two\nlines\r\nthree\rfour",
	"\x00\x01\x1f\x7f", "bad \xff\xfe bytes", "👩‍👩‍👧 ok", "שלום עולם", "\u202eoverride", "日本語の題名", strings.Repeat("long ", 60),
	"<p>Para <b>bold</b></p><p>1 < 2</p>", "<script>alert(1)</script>", "a_b*c`d[e]", "\ufeffmark", "12", "-", "_", "<p>",
}

var addresses = []string{
	"", "", "https://example.org/a", "http://example.org/ä ö?q=a b|c#x#y", "https://[::1]:8080/", "javascript:alert(1)", "/relative",
	"mailto:someone@example.org", "https://exa mple.org", "http://", "ftp://example.org/x", "HTTPS://Example.ORG/%zz[1]", "//host/path",
	"https://user:pa ss@example.org/", "http://example.org:99999999/", "\x00",
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// wild makes schedules with everything that could be wrong in them.
func wild(r *rand.Rand) Schedule {
	guids := []string{"", "none", "11111111-2222-3333-4444-555555555555", "{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}"}
	guid := func() string {
		if r.IntN(3) == 0 {
			return pick(r, guids)
		}
		return madeGUID(fmt.Sprint(r.Uint64()))
	}
	s := Schedule{
		Acronym: pick(r, append(oddities, "cmadfi-2027", "ab")), Title: pick(r, oddities), Version: pick(r, oddities),
		Description: pick(r, oddities), BaseURL: pick(r, addresses), URL: pick(r, addresses), SlotMinutes: r.IntN(40) - 5,
		TimeZone: pick(r, []string{"", "UTC", "Europe/Helsinki", "CET", "US/Eastern", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "Mars/One", "Local"}),
	}
	if r.IntN(3) > 0 {
		s.Start = utc("2027-01-25T00:00:00Z").AddDate(0, 0, r.IntN(400))
		s.End = s.Start.AddDate(0, 0, r.IntN(5)-1)
	}
	for range r.IntN(5) {
		s.Tracks = append(s.Tracks, Track{
			Name: pick(r, oddities), Slug: pick(r, oddities), Color: pick(r, []string{"", "#AbCdEf", "red", "#12", "fff"}),
		})
		s.Rooms = append(s.Rooms, Room{Name: pick(r, oddities), GUID: guid(), Capacity: r.IntN(300) - 50, Description: pick(r, oddities)})
	}
	links := func() (list []Link) {
		for range r.IntN(3) {
			list = append(list, Link{pick(r, oddities), pick(r, addresses), pick(r, []string{"", "slides", "WEB", "odd"})})
		}
		return list
	}
	for range r.IntN(12) {
		x := Session{
			GUID: guid(), ID: int64(r.IntN(30)) - 3, Slug: pick(r, oddities), Title: pick(r, oddities), Subtitle: pick(r, oddities),
			Abstract: pick(r, oddities), Description: pick(r, oddities), Language: pick(r, append(oddities, "fi", "de, en", "Suomi")),
			Track: pick(r, oddities), Kind: pick(r, oddities), Room: pick(r, oddities), Links: links(), Attachments: links(),
			Duration: time.Duration(r.IntN(200)-20) * time.Minute, URL: pick(r, addresses), RecordingURL: pick(r, addresses),
			RecordingLicense: pick(r, oddities), DoNotRecord: r.IntN(2) == 0, Cancelled: r.IntN(9) == 0,
		}
		if r.IntN(8) > 0 {
			x.Start = utc("2027-01-25T05:00:00Z").Add(time.Duration(r.IntN(86400*400)) * time.Second)
		}
		for range r.IntN(3) {
			x.Speakers = append(x.Speakers, Speaker{
				GUID: guid(), Name: pick(r, oddities), Biography: pick(r, oddities), URL: pick(r, addresses), Links: links(),
			})
		}
		s.Sessions = append(s.Sessions, x)
	}
	return s
}

func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asXML(t *testing.T, s Schedule) []byte {
	return written(t, func(b *bytes.Buffer) error { return WriteXML(b, s) })
}

func asJSON(t *testing.T, s Schedule) []byte {
	return written(t, func(b *bytes.Buffer) error { return WriteJSON(b, s) })
}

func TestEverySchemaAcceptsEverything(t *testing.T) {
	judgeJSON := jsonJudge(t)
	cases := []Schedule{{}, {Title: "Only a title"}, {Sessions: []Session{{}}}}
	r := rand.New(rand.NewPCG(7, 2027))
	for range 300 {
		cases = append(cases, wild(r))
	}
	var files [][]byte
	for _, s := range cases {
		files = append(files, asXML(t, s))
		judgeJSON(t, asJSON(t, s))
	}
	judgeAll(t, files)
}

// held is what a format can hold of a schedule.
func held(s Schedule, format string) Schedule {
	s = Complete(s)
	var kept []Session
	for _, x := range s.Sessions {
		if x.Start.IsZero() || x.Cancelled {
			continue
		}
		if format == "json" {
			x.RecordingURL = ""
		} else {
			x.Speakers = append([]Speaker(nil), x.Speakers...)
			for i, p := range x.Speakers {
				x.Speakers[i] = Speaker{GUID: p.GUID, Name: p.Name}
			}
		}
		kept = append(kept, x)
	}
	s.Sessions = kept
	if format == "xml" {
		s.Description = ""
		for i := range s.Rooms {
			s.Rooms[i].Capacity, s.Rooms[i].Description = 0, ""
		}
	}
	return s
}

// backAndForth checks that reading what was written gives the same, with nothing to remark.
func backAndForth(t *testing.T, s Schedule) {
	t.Helper()
	for format, file := range map[string][]byte{"xml": asXML(t, s), "json": asJSON(t, s)} {
		got, report, err := Read(bytes.NewReader(file), "x."+format)
		if err != nil {
			t.Fatalf("%s: %v\n%s", format, err, clipFile(file))
		}
		want := held(s, format)
		if want.Title == "" {
			want.Title = "x" // a nameless schedule takes the name of its file
		}
		equal(t, got, Complete(want))
		for _, n := range report.Notices {
			switch n.Kind {
			case zoneMissing, roomMissing, noTitle, nothingScheduled, roomClash, speakerClash, speakerNamesakes, outsideDay:
			default:
				t.Errorf("%s remarks on our own file: %+v", format, n)
			}
		}
	}
}

// titled gives every session a title: one without is left out of an import, and rightly so.
func titled(s Schedule) Schedule {
	s.Acronym = "cmadfi2027"
	for i := range s.Sessions {
		if cleanLine(s.Sessions[i].Title) == "" {
			s.Sessions[i].Title = fmt.Sprint("Session ", i)
		}
	}
	return s
}

func TestImportOfExportIsTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 1))
	for range 200 {
		s := titled(wild(r))
		equal(t, Complete(Complete(s)), Complete(s))
		backAndForth(t, s)
		if t.Failed() {
			return
		}
	}
}

func TestRealSchedules(t *testing.T) {
	for _, c := range []struct {
		file                              string
		sessions, rooms, tracks, speakers int
		roomClashes, speakerClashes       int
	}{
		{"38c3.xml", 1007, 72, 7, 571, 2, 140},
		{"fosdem-2025.xml", 943, 29, 74, 992, 0, 1},
		{"democon.json", 36, 2, 2, 27, 0, 1},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := os.Open(apptest.RealFile(t, c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			s, report, err := Read(f, c.file)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, [4]int{report.Sessions, report.Rooms, report.Tracks, report.Speakers}, [4]int{c.sessions, c.rooms, c.tracks, c.speakers})
			equal(t, report.Notice(roomClash).Count, c.roomClashes)
			equal(t, report.Notice(speakerClash).Count, c.speakerClashes)
			backAndForth(t, s)
			t.Run("XML", func(t *testing.T) { xmlJudge(t)(t, asXML(t, s)) })
			t.Run("JSON", func(t *testing.T) { jsonJudge(t)(t, asJSON(t, s)) })
		})
	}
}
