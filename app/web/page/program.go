package page

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/app/program"
	"agora/app/text"
)

// Tab is one choice among views of the same page.
type Tab struct {
	Href    string
	Text    Words
	Class   string
	Count   string // of what is behind it, where that is told
	Current bool
}

// DayTab is a day as short as a tab: ma 27.12.
func (v *Visit) DayTab(date time.Time) string {
	return v.T("programme.day_"+DayName(date.Weekday())) + " " + text.DayMonth(v.Lang, date)
}

// SessionHref is where a session has its page.
func (v *Visit) SessionHref(x *program.Session) string {
	return v.Edition.Path() + "/sessions/" + x.Slug
}

// SessionWords is a text of a session in the visitor's language; an imported one
// may be in a language that the program does not speak.
func (v *Visit) SessionWords(x *program.Session, t text.Texts) Words {
	s, l := x.In(t, v.Lang)
	if l == v.Lang {
		return Words{Text: s}
	}
	return Words{Text: s, Lang: string(l)}
}

// OnDay puts a session's time after its date, as each language does.
func (v *Visit) OnDay(date string, from, to time.Time) string {
	if v.Lang == text.English {
		return date + ", " + v.Span(from, to)
	}
	return date + " " + v.Span(from, to)
}

// Span is a session's time after its date: klo 9.40–10.20.
func (v *Visit) Span(from, to time.Time) string {
	return text.At(v.Lang, from) + "–" + text.Clock(v.Lang, to)
}

// ZoneWords says whose clock the times are on.
func (v *Visit) ZoneWords() string {
	if v.Edition.Zone == "Europe/Helsinki" {
		return v.T("programme.zone_finland")
	}
	return v.T("programme.zone", "zone", strings.ReplaceAll(v.Edition.Zone, "_", " "))
}

// StreamOf is where a session can be watched: its room's stream, or the edition's.
func (v *Visit) StreamOf(x *program.Session) string {
	if x.Room != nil && x.Room.StreamURL != "" {
		return x.Room.StreamURL
	}
	return v.Edition.StreamURL
}

// LanguageNames writes language tags as their names: "suomi, englanti".
func LanguageNames(l text.Lang, tags string) string {
	namer := display.Languages(language.Make(string(l)))
	var names []string
	for part := range strings.SplitSeq(tags, ",") {
		tag, err := language.Parse(strings.TrimSpace(part))
		if err != nil {
			continue
		}
		base, _ := tag.Base()
		if name := namer.Name(language.Make(base.String())); name != "" {
			names = append(names, name)
		}
	}
	return UpperFirst(strings.Join(names, ", "))
}

// UpperFirst begins a line with a capital letter.
func UpperFirst(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}

// Shorten cuts a text between words.
func Shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// ShownURL is an address as people write it.
func ShownURL(address string) string {
	s := strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	return Shorten(strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/"), 60)
}

// AnswerRow is one written answer to a question.
type AnswerRow struct{ By, Text string }
