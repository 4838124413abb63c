package exchange

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"agora/app/fail"
)

const minimal = `<schedule><conference><title>Ä day</title></conference><day date="2027-01-25"><room name="A"><event id="1">` +
	`<start>10:00</start><duration>00:30</duration><title>Kahvi &amp; pulla ä</title></event></room></day></schedule>`

func TestRefused(t *testing.T) {
	bomb := `<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>` + minimal
	for _, c := range []struct {
		name, file string
		want       error
		kind       fail.Kind
		key        string
	}{
		{"nothing", "", ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"prose", "Dear all, the day begins at nine.", ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"page", "<html><body>Not found</body></html>", ErrNotSchedule, fail.Invalid, "exchange.is_page"},
		{"page with a doctype", "\n<!DOCTYPE html>\n<p>Sign in <br> here", ErrNotSchedule, fail.Invalid, "exchange.is_page"},
		{"empty schedule", "<schedule/>", ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"other JSON", `{"a":1}`, ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"list", `[1]`, ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00", ErrNotSchedule, fail.Invalid, "exchange.not_a_schedule"},
		{"entity bomb", bomb, ErrEntities, fail.Invalid, "exchange.declares_entities"},
		{"external entity", `<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + minimal, ErrEntities, fail.Invalid, "exchange.declares_entities"},
		{"cut XML", minimal[:len(minimal)-40], ErrBroken, fail.Invalid, "exchange.broken"},
		{"crossed XML", strings.Replace(minimal, "</start>", "</stop>", 1), ErrBroken, fail.Invalid, "exchange.broken"},
		{"cut JSON", `{"schedule":{"conference":{"title":"A"`, ErrBroken, fail.Invalid, "exchange.broken"},
		{"two JSONs", `{"schedule":{"conference":{}}} {}`, ErrBroken, fail.Invalid, "exchange.broken"},
		{"cut calendar", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", ErrBroken, fail.Invalid, "exchange.broken"},
		{"crossed calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VEVENT\n", ErrBroken, fail.Invalid, "exchange.broken"},
		{"deep XML", strings.Repeat("<schedule>", 500), ErrTooLarge, fail.TooLarge, "exchange.too_large"},
		{"deep JSON", `{"schedule":` + strings.Repeat("[", 500), ErrTooLarge, fail.TooLarge, "exchange.too_large"},
		{"many nodes", "<schedule>" + strings.Repeat("<a/>", maxNodes) + "</schedule>", ErrTooLarge, fail.TooLarge, "exchange.too_large"},
		{"odd encoding", "<?xml version='1.0' encoding='EBCDIC'?>\xff" + minimal, ErrEncoding, fail.Invalid, "exchange.unknown_encoding"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Read(strings.NewReader(c.file), "file")
			if !errors.Is(err, c.want) || !fail.Is(err, c.kind) {
				t.Fatalf("got %v", err)
			}
			e, _ := fail.As(err)
			equal(t, e.Key, c.key)
		})
	}
}

func TestTooManyBytes(t *testing.T) {
	_, _, err := Read(io.LimitReader(endless{}, maxFileBytes+10), "big.xml")
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestManyAlike reads a file whose every session bears the same few names; the work must not grow with the square.
func TestManyAlike(t *testing.T) {
	event := func(room string) string {
		return `<event guid="11111111-2222-3333-4444-555555555555" id="1"><start>10:00</start><room>` + room + `</room><title>Same</title></event>`
	}
	file := `<schedule><day date="2027-01-25">` + strings.Repeat(event("A")+event("B"), 20_000) + `</day></schedule>`
	s, report, err := Read(strings.NewReader(file), "same.xml")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, len(s.Sessions), 2)
	equal(t, report.Notice(sessionRepeated).Count, 39_998)
	equal(t, report.Notice(guidRepeated).Count, 1)
}

func TestFailingReaderIsNotTheFilesFault(t *testing.T) {
	if _, _, err := Read(failing{}, "x"); !errors.Is(err, io.ErrUnexpectedEOF) || fail.KindOf(err) != fail.Internal {
		t.Errorf("got %v", err)
	}
}

func utf16File(text string, big bool) []byte {
	var out []byte
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if big {
			out = append(out, byte(unit>>8), byte(unit))
		} else {
			out = append(out, byte(unit), byte(unit>>8))
		}
	}
	return out
}

func TestEncodings(t *testing.T) {
	latin := strings.ReplaceAll(strings.ReplaceAll(minimal, "ä", "\xe4"), "Ä", "\xc4")
	for _, c := range []struct {
		name string
		file []byte
		kind string // the remark expected, if any
	}{
		{"UTF-8", []byte(minimal), ""},
		{"UTF-8 with mark", []byte("\xef\xbb\xbf" + minimal), ""},
		{"UTF-16 little", utf16File(`<?xml version="1.0" encoding="UTF-16"?>`+minimal, false), ""},
		{"UTF-16 big", utf16File(minimal, true), ""},
		{"UTF-16 without mark", utf16File(minimal, false)[2:], ""},
		{"declared latin", []byte(`<?xml version="1.0" encoding="ISO-8859-1"?>` + latin), ""},
		{"declared windows", []byte(`<?xml version='1.0' encoding = 'windows-1252' ?>` + latin), ""},
		{"latin-9", []byte(`<?xml version="1.0" encoding="ISO-8859-15"?>` + latin), ""},
		{"false UTF-8", []byte(`<?xml version="1.0" encoding="utf-8"?>` + latin), badBytes},
		{"unknown name, good bytes", []byte(`<?xml version="1.0" encoding="x-mine"?>` + minimal), ""},
		{"controls", []byte(strings.ReplaceAll(minimal, "pulla", "pu\x00l\x1fla")), controlChars},
		{"bare ampersand", []byte(strings.ReplaceAll(minimal, "&amp;", "&")), bareAmpersand},
		{"reference to NUL", []byte(strings.ReplaceAll(minimal, "pulla", "pulla&#0;")), bareAmpersand},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, report, err := ReadIn(bytes.NewReader(c.file), "x.xml", "Europe/Helsinki")
			if err != nil {
				t.Fatal(err)
			}
			equal(t, s.Title+", "+s.Sessions[0].Title, "Ä day, Kahvi & pulla ä")
			equal(t, s.Sessions[0].Start, utc("2027-01-25T08:00:00Z"))
			for _, kind := range []string{badBytes, controlChars, bareAmpersand} {
				if (report.Notice(kind).Count > 0) != (kind == c.kind) {
					t.Errorf("%s: %+v", kind, report.Notice(kind))
				}
			}
		})
	}
}

func TestUndeclaredEntityStaysText(t *testing.T) {
	s, _, err := Read(strings.NewReader(strings.Replace(minimal, "&amp;", "&xxe;&nbsp;", 1)), "x")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, s.Sessions[0].Title, "Kahvi &xxe; pulla ä")
}

func TestTruncatedAnywhere(t *testing.T) {
	for _, name := range []string{"small.xml", "oldstyle.xml", "small.json", "small.ics"} {
		whole, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		whole = bytes.TrimSpace(whole)
		for i := range len(whole) - 1 {
			if s, _, err := Read(bytes.NewReader(whole[:i]), name); err == nil {
				t.Fatalf("%s cut at %d of %d was taken: %d sessions", name, i, len(whole), len(s.Sessions))
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"small.xml", "oldstyle.xml", "small.json", "small.ics"} {
		seed, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Add([]byte(minimal))
	f.Add(utf16File(minimal, true))
	f.Add([]byte(`<schedule><conference><title>End alone</title><end>2009-06-06</end></conference></schedule>`))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, _, err := Read(bytes.NewReader(file), "fuzz")
		if err != nil {
			return
		}
		equal(t, Complete(s), s)
		backAndForth(t, s)
		if err := WriteICS(io.Discard, CalendarOf(s, s.Start)); err != nil {
			t.Fatal(err)
		}
	})
}
