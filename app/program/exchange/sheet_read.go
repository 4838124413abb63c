package exchange

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// SheetOptions say what a spreadsheet itself does not.
type SheetOptions struct {
	Acronym, Zone string
	First, Last   time.Time // the edition's days
	Columns       []Column  // of each column of the table
}

// Limits of what a session may hold, as the desk has them; longer cells are problems, not cut.
const (
	maxSheetTitle   = 200
	maxSheetName    = 120
	maxSheetPersons = 30
)

// FromTable makes a schedule of a spreadsheet. A line that cannot be understood is left out and told; one without a
// time becomes a session without a slot. Problems come in the order of the lines.
func FromTable(t Table, o SheetOptions) (Schedule, Report, []Problem) {
	r := newSheetReading(t, o)
	for _, row := range t.Rows {
		r.row(row)
	}
	s := Schedule{Acronym: o.Acronym, Title: o.Acronym, TimeZone: r.clock.loc.String(), Start: r.clock.first, End: r.clock.last,
		Sessions: r.sessions, ByName: true}
	n := &notes{}
	s = complete(s, n)
	findClashes(s, n)
	return s, Report{Format: "table", Sessions: len(s.Sessions), Rooms: len(s.Rooms), Tracks: len(s.Tracks),
		Speakers: len(s.People()), Notices: onlyClashes(n.list())}, r.problems
}

// onlyClashes leaves out what is natural for a table: it has no identifiers, and nobody wrote slugs.
func onlyClashes(list []Notice) []Notice {
	return slices.DeleteFunc(list, func(n Notice) bool {
		return n.Kind != roomClash && n.Kind != speakerClash && n.Kind != htmlTurned && n.Kind != badDuration && n.Kind != idMade
	})
}

type sheetReading struct {
	o        SheetOptions
	clock    sheetClock
	date     time.Time // the day last named: merged cells and headings stand once for many lines
	sessions []Session
	problems []Problem
	lines    map[string]int // by identity, to find doubles
	guids    map[string]bool
	line     int
	bad      bool
}

func newSheetReading(t Table, o SheetOptions) *sheetReading {
	r := &sheetReading{o: o, lines: map[string]int{}, guids: map[string]bool{}}
	r.clock = sheetClock{loc: time.UTC, first: midnight(o.First), last: midnight(o.Last), serials: t.Serials, from1904: t.From1904}
	if loc, ok := location(o.Zone); ok {
		r.clock.loc = loc
	}
	for i, c := range o.Columns {
		if c == ColumnDate || c == ColumnStart {
			r.clock.monthFirst = r.clock.monthFirst || monthsFirst(t.Rows, i)
		}
	}
	if r.clock.first.Equal(r.clock.last) {
		r.date = r.clock.first
	}
	return r
}

var slashes = regexp.MustCompile(`^\s*(\d{1,2})/(\d{1,2})/\d{2,4}\b`)

// monthsFirst tells whether a column's dates can only be meant month first.
func monthsFirst(rows []TableRow, column int) bool {
	found := false
	for _, row := range rows {
		if column >= len(row.Cells) {
			continue
		}
		if m := slashes.FindStringSubmatch(row.Cells[column]); m != nil {
			if len(m[1]) == 2 && m[1] > "12" {
				return false
			}
			found = found || len(m[2]) == 2 && m[2] > "12"
		}
	}
	return found
}

func (r *sheetReading) wrong(c Column, key string, args ...any) {
	r.problems = append(r.problems, Problem{Line: r.line, Column: c, Key: key, Args: args, Left: true})
	r.bad = true
}

func (r *sheetReading) remark(c Column, key string, args ...any) {
	r.problems = append(r.problems, Problem{Line: r.line, Column: c, Key: key, Args: args})
}

// cells gives what stands in the columns of one kind.
func (r *sheetReading) cells(row TableRow, c Column) (list []string) {
	for i, column := range r.o.Columns {
		if column == c && i < len(row.Cells) && strings.TrimSpace(row.Cells[i]) != "" {
			list = append(list, row.Cells[i])
		}
	}
	return list
}

func (r *sheetReading) cell(row TableRow, c Column) string {
	if list := r.cells(row, c); len(list) > 0 {
		return strings.TrimSpace(list[0])
	}
	return ""
}

func (r *sheetReading) row(row TableRow) {
	r.line, r.bad = row.Line, false
	if r.heading(row) {
		return
	}
	x := Session{
		Title: cleanLine(r.cell(row, ColumnTitle)), Subtitle: cleanLine(r.cell(row, ColumnSubtitle)), Abstract: r.cell(row, ColumnAbstract),
		Description: r.cell(row, ColumnDescription), Room: cleanLine(r.cell(row, ColumnRoom)), Track: cleanLine(r.cell(row, ColumnTrack)),
		Kind: cleanLine(r.cell(row, ColumnKind)),
	}
	if x.Title == "" {
		r.wrong(ColumnTitle, "exchange.sheet.no_title")
	}
	for _, c := range []struct {
		column Column
		text   string
		max    int
	}{{ColumnTitle, x.Title, maxSheetTitle}, {ColumnSubtitle, x.Subtitle, maxSheetTitle}, {ColumnRoom, x.Room, maxSheetName},
		{ColumnTrack, x.Track, maxSheetName}, {ColumnKind, x.Kind, maxSheetName}} {
		if len([]rune(c.text)) > c.max {
			r.wrong(c.column, "exchange.sheet.long", "max", c.max)
		}
	}
	r.language(&x, row)
	r.people(&x, row)
	r.times(&x, row)
	r.identity(&x, row)
	if !r.bad {
		r.sessions = append(r.sessions, x)
	}
}

// heading takes a line that holds nothing but a day for the heading of the lines under it.
func (r *sheetReading) heading(row TableRow) bool {
	filled := ""
	for _, cell := range row.Cells {
		if strings.TrimSpace(cell) != "" {
			if filled != "" {
				return false
			}
			filled = cell
		}
	}
	date, _, dated, clocked := r.clock.when(filled, false)
	if dated && !clocked {
		r.date = date
		return true
	}
	return false
}

func (r *sheetReading) language(x *Session, row TableRow) {
	written := r.cell(row, ColumnLanguage)
	if x.Language, _ = cleanLanguage(written); x.Language == "" && written != "" {
		r.remark(ColumnLanguage, "exchange.sheet.language", "cell", shorten(written))
	}
}

var (
	nameSigns = regexp.MustCompile(`[\n;|]+`)
	nameWords = regexp.MustCompile(`\s+(?:&|and|ja|och|sekä|samt)\s+`)
)

// people parts a cell of names at line ends, semicolons and the words for "and"; at commas only where each part is a
// whole name, so that "Ek, Bo" stays one.
func (r *sheetReading) people(x *Session, row TableRow) {
	seen := map[string]bool{}
	for _, cell := range r.cells(row, ColumnSpeakers) {
		for _, part := range nameSigns.Split(cell, -1) {
			for _, some := range nameWords.Split(part, -1) {
				for _, name := range atCommas(some) {
					if name = cleanLine(name); name == "" || seen[name] {
						continue
					}
					seen[name] = true
					if len([]rune(name)) > maxSheetName {
						r.wrong(ColumnSpeakers, "exchange.sheet.long", "max", maxSheetName)
						return
					}
					x.Speakers = append(x.Speakers, Speaker{GUID: madeGUID("speaker", r.o.Acronym, name), Name: name})
				}
			}
		}
	}
	if len(x.Speakers) > maxSheetPersons {
		r.wrong(ColumnSpeakers, "exchange.sheet.crowd", "max", maxSheetPersons)
	}
}

func atCommas(s string) []string {
	parts := strings.Split(s, ",")
	for _, p := range parts {
		if len(strings.Fields(p)) < 2 {
			return []string{s}
		}
	}
	return parts
}

// identity makes the same of the same line every time: of its own identifier, or of title and speakers.
func (r *sheetReading) identity(x *Session, row TableRow) {
	if r.bad {
		return
	}
	id := r.cell(row, ColumnID)
	guid, isGUID := cleanGUID(id)
	facts := []string{"session", r.o.Acronym, "title", x.Title}
	for _, p := range x.Speakers {
		facts = append(facts, p.Name)
	}
	switch number := wholeNumber(id); {
	case isGUID:
		x.GUID = guid
	case number > 0:
		x.ID, x.GUID = number, madeGUID("session", r.o.Acronym, "id", positive(number))
	case id != "":
		x.GUID = madeGUID("session", r.o.Acronym, "id", id)
	default:
		x.GUID = madeGUID(facts...)
	}
	same := x.GUID + x.Start.String() + x.Room
	if at, twice := r.lines[same]; twice {
		r.wrong("", "exchange.sheet.doubled", "line", at)
		return
	}
	r.lines[same] = r.line
	if r.guids[x.GUID] {
		if id != "" {
			r.wrong(ColumnID, "exchange.sheet.id_doubled", "cell", shorten(id))
			return
		}
		x.GUID = madeGUID("slot", x.GUID, x.Start.Format(time.RFC3339), x.Room)
	}
	r.guids[x.GUID] = true
}

// wholeNumber reads an id such as 7, or 7.0 as spreadsheets keep it.
func wholeNumber(s string) int64 {
	whole, fraction, _ := strings.Cut(s, ".")
	if strings.Trim(fraction, "0") != "" || len(whole) > 15 {
		return 0
	}
	n := int64(0)
	for _, c := range whole {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
