package sheet

import (
	"slices"
	"strings"
	"unicode/utf8"

	"agora/app/account"
	"agora/app/registration/form"
	"agora/app/text"
)

// The longest texts that a registration takes.
const (
	maxName  = 120 // and an organisation's
	maxNeeds = 500
)

// Person is a row as a person who could be registered.
type Person struct {
	Line         int
	Name         string
	Email        string
	Organisation string
	Place        string // onsite or remote
	Language     string // fi, sv or en
	Photo        string // yes, ask, no or empty
	Needs        string
	Answers      form.Answers
}

// Problem is what is wrong with one cell, or with a whole line when it names no
// field. Field is a Column.
type Problem struct {
	Line  int
	Field string
	Key   string
	Args  []any
}

// Defaults stand where a list says nothing.
type Defaults struct {
	Place    string
	Language string
}

// People makes people of a list's rows. A line with problems gives no person. The
// organiser answers for others, so required fields of the form may stay empty; a
// list without a column for names or addresses is refused as a whole.
func People(t Table, f form.Form, d Defaults) ([]Person, []Problem, error) {
	found := Match(t.Header, f)
	_, name := found[Name]
	_, first := found[FirstName]
	_, last := found[LastName]
	if _, ok := found[Email]; !ok {
		return nil, nil, refuse("sheet.no_email")
	}
	if !name && !first && !last {
		return nil, nil, refuse("sheet.no_name")
	}
	var people []Person
	var problems []Problem
	lines, options := map[string]int{}, map[string]choices{}
	for _, field := range f.Fields {
		options[field.Key] = choicesOf(field)
	}
	for _, row := range t.Rows {
		r := reading{row: row, found: found, width: len(t.Header), choices: options}
		p := r.person(f, d)
		if at, twice := lines[p.Email]; twice && p.Email != "" {
			r.wrong(Email, "sheet.doubled", "line", at)
		} else {
			lines[p.Email] = row.Line
		}
		if len(r.problems) > 0 {
			problems = append(problems, r.problems...)
			continue
		}
		people = append(people, p)
	}
	return people, problems, nil
}

// reading is one row while it becomes a person.
type reading struct {
	row      Row
	found    map[Column]int
	width    int
	choices  map[string]choices // by the key of their field
	problems []Problem
}

func (r *reading) wrong(column Column, key string, args ...any) {
	r.problems = append(r.problems, Problem{Line: r.row.Line, Field: string(column), Key: key, Args: args})
}

func (r *reading) cell(column Column) string {
	i, ok := r.found[column]
	if !ok || i >= len(r.row.Cells) {
		return ""
	}
	return r.row.Cells[i]
}

func (r *reading) person(f form.Form, d Defaults) Person {
	if len(r.row.Cells) > r.width {
		r.wrong("", "sheet.extra")
	}
	p := Person{
		Line: r.row.Line, Name: r.name(),
		Organisation: r.text(Organisation, maxName, false),
		Needs:        r.text(Needs, maxNeeds, true),
		Place:        r.oneOf(Place, places, d.Place, "sheet.place"),
		Language:     r.oneOf(Language, languages, d.Language, "sheet.language"),
		Photo:        r.oneOf(Photo, photos, "", "sheet.photo"),
	}
	email, problem := account.ParseEmail(r.cell(Email))
	if problem != "" {
		r.wrong(Email, problem)
	}
	p.Email = email
	p.Answers = r.answers(f)
	return p
}

// name takes the whole name, or else puts it together.
func (r *reading) name() string {
	before, column := len(r.problems), Name
	name := r.text(Name, maxName, false)
	if name == "" {
		first, last := r.text(FirstName, maxName, false), r.text(LastName, maxName, false)
		name = strings.TrimSpace(first + " " + last)
		if _, ok := r.found[Name]; !ok {
			column = FirstName
		}
	}
	switch {
	case name == "" && len(r.problems) == before:
		r.wrong(column, "field.required")
	case utf8.RuneCountInString(name) > maxName:
		r.wrong(column, "field.long", "max", maxName)
	}
	return name
}

func (r *reading) text(column Column, most int, lines bool) string {
	s, ok := text.Clean(r.cell(column))
	if !lines {
		s = strings.Join(strings.Fields(s), " ")
	}
	switch {
	case !ok:
		r.wrong(column, "field.characters")
	case utf8.RuneCountInString(s) > most:
		r.wrong(column, "field.long", "max", most)
		return ""
	}
	return s
}

// oneOf finds which value a cell's words mean.
func (r *reading) oneOf(column Column, meanings map[string][]string, otherwise, problem string) string {
	said := form.Fold(r.cell(column))
	if said == "" {
		return otherwise
	}
	for value, ways := range meanings {
		if slices.Contains(ways, said) {
			return value
		}
	}
	r.wrong(column, problem)
	return ""
}

var (
	places = map[string][]string{
		"onsite": {"onsite", "on site", "paikan paalla", "paikalla", "salissa", "lasna", "lahi", "lahiosallistuminen", "pa plats", "i salen", "in person", "hall", "in the hall"},
		"remote": {"remote", "remotely", "etana", "eta", "etaosallistuminen", "verkossa", "pa distans", "distans", "online", "virtual", "stream"},
	}
	languages = map[string][]string{
		string(text.Finnish): {"fi", "fin", "suomi", "suomeksi", "finska", "pa finska", "finnish", "fi fi"},
		string(text.Swedish): {"sv", "swe", "se", "ruotsi", "ruotsiksi", "svenska", "pa svenska", "swedish", "sv fi", "sv se"},
		string(text.English): {"en", "eng", "englanti", "englanniksi", "engelska", "pa engelska", "english", "en gb", "en us"},
	}
	photos = map[string][]string{
		"yes": append([]string{"saa kuvata", "photos yes", "far fotograferas"}, yeses...),
		"ask": {"ask", "ask first", "kysy", "kysy ensin", "kysy ennen kuvaamista", "ask before photos", "fraga fore foto", "fraga", "fraga forst"},
		"no":  append([]string{"ei saa kuvata", "ei kuvia", "no photos", "inga foton"}, noes...),
	}
	yeses = []string{"yes", "y", "true", "tosi", "1", "x", "kylla", "k", "joo", "ja", "j", "sant", "on"}
	noes  = []string{"no", "n", "false", "epatosi", "0", "ei", "e", "nej", "falskt", "off"}
)
