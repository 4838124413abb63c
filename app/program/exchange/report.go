package exchange

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxExamples keeps a report readable: so many distinct cases are shown per kind, all are counted.
const maxExamples = 8

// maxExampleRunes keeps one hostile title from filling the report.
const maxExampleRunes = 160

// Report says what a file held and what became of everything that could not be taken over as it stood.
type Report struct {
	Format   string // "schedule.xml", "schedule.json" or "ics"
	Sessions int
	Rooms    int
	Tracks   int
	Speakers int
	Notices  []Notice
}

// Notice is one kind of remark. Kind is a catalogue key whose message takes n, the count. An example reads
// "line: what ×times"; it names things of the file and holds no words of ours.
type Notice struct {
	Kind     string
	Count    int
	Examples []string
}

// Notice finds the remark of one kind, its count zero when there is none.
func (r Report) Notice(kind string) Notice {
	for _, n := range r.Notices {
		if n.Kind == kind {
			return n
		}
	}
	return Notice{Kind: kind}
}

// The kinds of remarks, as catalogue keys.
const (
	unknownElement   = "exchange.notice.unknown_element"
	notKept          = "exchange.notice.not_kept"
	badBytes         = "exchange.notice.bad_bytes"
	controlChars     = "exchange.notice.control_characters"
	bareAmpersand    = "exchange.notice.bare_ampersand"
	htmlTurned       = "exchange.notice.html"
	acronymChanged   = "exchange.notice.acronym"
	zoneMissing      = "exchange.notice.zone_missing"
	zoneUnknown      = "exchange.notice.zone_unknown"
	zoneDiffers      = "exchange.notice.zone_differs"
	datesCorrected   = "exchange.notice.dates"
	trackColor       = "exchange.notice.track_color"
	trackRepeated    = "exchange.notice.track_repeated"
	roomMissing      = "exchange.notice.room_missing"
	roomDiffers      = "exchange.notice.room_differs"
	roomUnused       = "exchange.notice.room_unused"
	roomRepeated     = "exchange.notice.room_repeated"
	roomGUID         = "exchange.notice.room_guid"
	noTitle          = "exchange.notice.session_no_title"
	noTime           = "exchange.notice.session_no_time"
	sessionRepeated  = "exchange.notice.session_repeated"
	allDay           = "exchange.notice.session_all_day"
	recurring        = "exchange.notice.session_recurring"
	guidMade         = "exchange.notice.guid_made"
	guidRepeated     = "exchange.notice.guid_repeated"
	idMade           = "exchange.notice.id_made"
	slugRepeated     = "exchange.notice.slug_repeated"
	slugChanged      = "exchange.notice.slug_changed"
	badDuration      = "exchange.notice.duration"
	startDiffers     = "exchange.notice.start_differs"
	outsideDay       = "exchange.notice.outside_day"
	languageChanged  = "exchange.notice.language"
	languageUnknown  = "exchange.notice.language_unknown"
	badLink          = "exchange.notice.link"
	linkKind         = "exchange.notice.link_kind"
	speakerGUID      = "exchange.notice.speaker_guid"
	speakerDiffers   = "exchange.notice.speaker_differs"
	speakerRepeated  = "exchange.notice.speaker_repeated"
	speakerNameless  = "exchange.notice.speaker_nameless"
	speakerNamesakes = "exchange.notice.speaker_namesakes"
	roomClash        = "exchange.notice.room_clash"
	speakerClash     = "exchange.notice.speaker_clash"
	nothingScheduled = "exchange.notice.empty"
)

// notes gathers remarks while a file is read. A nil *notes listens to nothing, which is how writing uses Complete.
type notes struct {
	order []string
	kinds map[string]*tally
}

type tally struct {
	count int
	cases []*example
	index map[string]*example
}

type example struct {
	what  string
	line  int
	times int
}

// add counts one case; the same what is shown once, with the line of the first.
func (n *notes) add(kind string, line int, what string) {
	n.addMany(kind, line, what, 1)
}

func (n *notes) addMany(kind string, line int, what string, times int) {
	if n == nil || times == 0 {
		return
	}
	if n.kinds == nil {
		n.kinds = map[string]*tally{}
	}
	t := n.kinds[kind]
	if t == nil {
		t = &tally{index: map[string]*example{}}
		n.kinds[kind] = t
		n.order = append(n.order, kind)
	}
	t.count += times
	what = shorten(what)
	if e := t.index[what]; e != nil {
		e.times += times
	} else if len(t.cases) < maxExamples {
		e = &example{what: what, line: line, times: times}
		t.index[what] = e
		t.cases = append(t.cases, e)
	}
}

func (n *notes) list() []Notice {
	var list []Notice
	for _, kind := range n.order {
		t := n.kinds[kind]
		notice := Notice{Kind: kind, Count: t.count}
		for _, e := range t.cases {
			notice.Examples = append(notice.Examples, e.String())
		}
		list = append(list, notice)
	}
	return list
}

func (e *example) String() string {
	var b strings.Builder
	if e.line > 0 {
		fmt.Fprintf(&b, "%d: ", e.line)
	}
	b.WriteString(e.what)
	if e.times > 1 {
		fmt.Fprintf(&b, " ×%d", e.times)
	}
	return b.String()
}

// shorten makes a piece of a file fit to be shown: one line, no control characters, not endless.
func shorten(s string) string {
	if len(s) > 8*maxExampleRunes {
		s = s[:8*maxExampleRunes]
	}
	s = cleanLine(s)
	if utf8.RuneCountInString(s) <= maxExampleRunes {
		return s
	}
	return string([]rune(s)[:maxExampleRunes-1]) + "…"
}
