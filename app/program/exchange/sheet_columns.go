package exchange

import (
	"slices"
	"strconv"
	"strings"
)

// Column is what a column of a spreadsheet with a programme holds; empty for one
// that is left out.
type Column string

// The columns a programme may have, in the order they are offered.
const (
	ColumnTitle       Column = "title"
	ColumnSubtitle    Column = "subtitle"
	ColumnAbstract    Column = "abstract"
	ColumnDescription Column = "description"
	ColumnSpeakers    Column = "speakers"
	ColumnRoom        Column = "room"
	ColumnTrack       Column = "track"
	ColumnDate        Column = "date"
	ColumnStart       Column = "start"
	ColumnEnd         Column = "end"
	ColumnDuration    Column = "duration"
	ColumnLanguage    Column = "language"
	ColumnKind        Column = "kind"
	ColumnID          Column = "id"
)

// Columns lists them all.
var Columns = [...]Column{ColumnTitle, ColumnSubtitle, ColumnAbstract, ColumnDescription, ColumnSpeakers, ColumnRoom, ColumnTrack,
	ColumnDate, ColumnStart, ColumnEnd, ColumnDuration, ColumnLanguage, ColumnKind, ColumnID}

// columnWords are the headings of each column in Finnish, Swedish and English, spelled with plain letters. Where a
// heading is none of them, its single words are looked for, in this order: "Session start time" is a start.
var columnWords = [...]struct {
	column Column
	words  []string
}{
	{ColumnDuration, []string{"kesto", "pituus", "minuutit", "minuuttia", "min", "langd", "minuter", "varaktighet", "duration", "length", "minutes", "mins"}},
	{ColumnEnd, []string{"loppu", "loppuu", "paattyy", "loppuaika", "lopetus", "paattymisaika", "slut", "slutar", "sluttid", "till", "end", "ends", "end time", "finish", "to", "until"}},
	{ColumnStart, []string{"alku", "alkaa", "alkuaika", "aloitus", "aloitusaika", "klo", "kello", "kellonaika", "aika", "start", "startar", "borjar", "starttid", "kl", "klockslag", "tid", "starts", "start time", "begin", "begins", "from", "time", "when", "milloin", "nar"}},
	{ColumnDate, []string{"paiva", "paivamaara", "pvm", "ajankohta", "datum", "dag", "date", "day"}},
	{ColumnSpeakers, []string{"puhuja", "puhujat", "esiintyja", "esiintyjat", "esittaja", "esittajat", "luennoitsija", "vetaja", "vetajat", "alustaja", "talare", "forelasare", "inledare", "medverkande", "speaker", "speakers", "presenter", "presenters", "author", "authors", "host", "hosts"}},
	{ColumnRoom, []string{"sali", "huone", "tila", "paikka", "lava", "sal", "rum", "plats", "lokal", "scen", "room", "venue", "location", "stage", "place", "hall"}},
	{ColumnTrack, []string{"teema", "raita", "aihealue", "polku", "spar", "tema", "track", "theme", "stream"}},
	{ColumnLanguage, []string{"kieli", "sprak", "language", "lang"}},
	{ColumnKind, []string{"tyyppi", "laji", "muoto", "typ", "slag", "form", "type", "kind", "format", "session type"}},
	{ColumnSubtitle, []string{"alaotsikko", "underrubrik", "undertitel", "subtitle"}},
	{ColumnDescription, []string{"pitka kuvaus", "lisatiedot", "lang beskrivning", "description", "long description", "details"}},
	{ColumnAbstract, []string{"tiivistelma", "kuvaus", "abstrakti", "esittely", "sammanfattning", "beskrivning", "ingress", "abstract", "summary", "short description"}},
	{ColumnID, []string{"id", "guid", "uuid", "tunnus", "tunniste", "numero", "nro", "nr", "nummer", "kod", "code", "number", "session id", "proposal id"}},
	{ColumnTitle, []string{"otsikko", "nimi", "ohjelmanumero", "ohjelma", "esitys", "esityksen nimi", "puheenvuoro", "aihe", "sessio", "rubrik", "titel", "namn", "programpunkt", "foredrag", "amne", "title", "name", "session", "session title", "talk", "topic", "subject", "presentation", "proposal title"}},
}

// headWithin is among how many first rows the headings are looked for.
const headWithin = 6

// foldHeading spells a heading with plain letters and single spaces.
func foldHeading(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(plain(s), "_", " ")), " ")
}

func exactColumn(heading string) Column {
	for _, c := range columnWords {
		if slices.Contains(c.words, heading) {
			return c.column
		}
	}
	return ""
}

// MatchColumns proposes what each column holds: by its whole heading, then by words in it. Only speakers may have
// several columns.
func MatchColumns(header []string) []Column {
	found := make([]Column, len(header))
	taken := map[Column]bool{}
	put := func(i int, c Column) {
		if c != "" && found[i] == "" && (!taken[c] || c == ColumnSpeakers) {
			found[i], taken[c] = c, true
		}
	}
	for i, h := range header {
		put(i, exactColumn(foldHeading(h)))
	}
	for _, c := range columnWords {
		for i, h := range header {
			for _, word := range strings.Fields(foldHeading(h)) {
				if found[i] == "" && len(word) > 1 && slices.Contains(c.words, word) {
					put(i, c.column)
				}
			}
		}
	}
	if i := slices.Index(found, ColumnDescription); i >= 0 && !taken[ColumnAbstract] {
		found[i] = ColumnAbstract // one text about a session is what people read first
	}
	return found
}

// Table is a spreadsheet with its headings apart.
type Table struct {
	Header []string   `json:"header"`
	Rows   []TableRow `json:"rows"`
	// Serials says that dates and times are a spreadsheet's own numbers, From1904 from when it counts.
	Serials  bool `json:"serials,omitempty"`
	From1904 bool `json:"from_1904,omitempty"`
}

// TableRow is one line; Line is where it stands in the file, from 1.
type TableRow struct {
	Line  int      `json:"line"`
	Cells []string `json:"cells"`
}

// NewTable parts the headings from the rows. Where no row among the first looks like headings, all rows are
// sessions and the columns are called A, B, C …
func NewTable(rows []TableRow, serials, from1904 bool) Table {
	t := Table{Rows: rows, Serials: serials, From1904: from1904}
	best, most := -1, 0
	for i, r := range rows[:min(headWithin, len(rows))] {
		n := 0
		for _, c := range MatchColumns(r.Cells) {
			if c != "" {
				n++
			}
		}
		if n > most {
			best, most = i, n
		}
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r.Cells))
	}
	if most >= 2 || most == 1 && width == 1 {
		t.Header, t.Rows = slices.Clone(rows[best].Cells), rows[best+1:]
	}
	for i := range width {
		if i >= len(t.Header) {
			t.Header = append(t.Header, "")
		}
		if t.Header[i] = cleanLine(t.Header[i]); t.Header[i] == "" {
			t.Header[i] = letterOf(i)
		}
	}
	return t
}

// letterOf names a column as spreadsheets do.
func letterOf(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letterOf(i/26-1) + letterOf(i%26)
}

// Problem is what is wrong with a line of a spreadsheet. One that is Left is not taken over; the others are, without
// the cell that the problem names.
type Problem struct {
	Line   int
	Column Column
	Key    string
	Args   []any
	Left   bool
}

// Where names the line in figures, as it stands in a spreadsheet's margin.
func (p Problem) Where() string { return strconv.Itoa(p.Line) }
