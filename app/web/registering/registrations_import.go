package registering

import (
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/registration/sheet"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// listImportPage takes a list of people, shows what was understood of it, and
// what became of it. Which of the three is told by what is set.
type listImportPage struct {
	Problems []templates.Problem
	Notice   string
	Action   string
	Back     string
	File     templates.Field
	Paste    templates.Field
	Place    templates.Field
	Language templates.Field
	Consent  templates.Field
	Max      int
	Report   *listReport
	Taken    *listTaken
}

// listReport is what a list holds, by line.
type listReport struct {
	Take    string // the id to say yes with; empty when nobody can be registered
	Rows    int
	Good    int
	Known   []page.ListLine
	Bad     []page.ListLine
	MoreBad int
	BadRows int
	Columns []templates.Fact
	Left    []string
	// Unkept tells of how many diet and access needs were left out, because
	// nobody said that the people have agreed.
	Unkept int
}

// listTaken is what became of a list.
type listTaken struct {
	Confirmed, Waiting, Known int
	Failed                    []page.ListLine
}

// mostLines is how many lines a report spells out; beyond it a list is mended by
// its first ones.
const mostLines = 1000

// ImportForm asks for a list.
func (s Pages) ImportForm(v *page.Visit) error {
	return newListImportPage(v, usualForm(v), listImportPage{})
}

func newListImportPage(v *page.Visit, f *page.Form, p listImportPage) error {
	base := "/desk" + v.Edition.Path() + "/registrations"
	p.Action, p.Back, p.Max = base+"/import", base, sheet.MaxRows
	p.File, p.Paste = f.Field("file", "file", "desk_people.file"), f.Field("paste", "textarea", "desk_people.paste")
	p.Place, p.Language = f.Field("place", "select", "desk_people.usual_place"), f.Field("language", "select", "desk_people.usual_language")
	p.Consent = f.Field("consent", "checkbox", "desk_people.consent")
	p.Place.Options, p.Language.Options = kindOptions(v), langOptions()
	p.Paste.Rows = 8
	p.Problems = f.Summary()
	return v.Render("desk/registrations_import", v.T("desk_people.import"), p)
}

// ImportRead reads a list and reports on it. Nobody is registered before the
// report's button is pressed; sending the list again only makes another report.
func (s Pages) ImportRead(v *page.Visit) error {
	f, name, content, err := v.SentWith("file")
	if err != nil {
		return err
	}
	if pasted := f.Values["paste"]; content == nil && pasted != "" {
		name, content = "", []byte(pasted)
	}
	if content == nil {
		f.Note("file", "desk_people.file_missing")
	}
	place, language := registration.Kind(f.Get("place")), text.Lang(f.Get("language"))
	if place != registration.Onsite && place != registration.Remote {
		f.Note("place", "registration.place_unknown")
	}
	if _, ok := text.ParseLang(string(language)); !ok {
		f.Note("language", "sheet.language")
	}
	if bad, err := f.Failed(nil); bad {
		if err != nil {
			return err
		}
		return newListImportPage(v, f, listImportPage{})
	}
	report, err := s.readList(v, name, content, sheet.Defaults{Place: string(place), Language: string(language)}, f.Has("consent"))
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return newListImportPage(v, f, listImportPage{})
	}
	return newListImportPage(v, f, listImportPage{Report: report})
}

// readList keeps the good ones of a list for the organiser's yes and reports on
// all of it.
func (s Pages) readList(v *page.Visit, name string, content []byte, d sheet.Defaults, consent bool) (*listReport, error) {
	table, err := sheet.Read(name, content)
	if err != nil {
		return nil, err
	}
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	people, problems, err := sheet.People(table, setup.Form, d)
	if err != nil {
		return nil, err
	}
	known, err := s.Registrations.Known(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	r := &listReport{Rows: len(table.Rows)}
	var good []registration.Input
	for _, p := range people {
		if known[p.Email] {
			r.Known = append(r.Known, page.ListLine{Line: p.Line, Text: p.Name + " · " + p.Email})
			continue
		}
		in, kept := personInput(p, setup.Form, consent)
		if !kept {
			r.Unkept++
		}
		good = append(good, in)
	}
	r.Good = len(good)
	r.columns(v, table.Header, setup.Form)
	r.problems(v, problems, setup.Form)
	if len(good) > 0 {
		r.Take, err = s.Registrations.PutList(v.Ctx, v.Edition, v.Person.ID, good)
	}
	return r, err
}

// personInput makes a registration of a person of a list. What is special is
// kept only with consent; kept is false when it was left out.
func personInput(p sheet.Person, own form.Form, consent bool) (in registration.Input, kept bool) {
	in = registration.Input{Name: p.Name, Email: p.Email, Organisation: p.Organisation, Place: registration.Kind(p.Place),
		Language: text.Lang(p.Language), Photo: registration.Photo(p.Photo), Needs: p.Needs, Answers: p.Answers}
	if p.Needs == "" && !own.HasSpecial(p.Answers) {
		return in, true
	}
	if consent {
		in.Consent = true
		return in, true
	}
	in.Needs = ""
	for _, f := range own.Fields {
		if f.Special {
			delete(in.Answers, f.Key)
		}
	}
	return in, false
}

// columns tells how each heading was understood, and which were not.
func (r *listReport) columns(v *page.Visit, header []string, own form.Form) {
	found := sheet.Match(header, own)
	byIndex := map[int]sheet.Column{}
	for column, i := range found {
		byIndex[i] = column
	}
	for i, heading := range header {
		if column, ok := byIndex[i]; ok {
			r.Columns = append(r.Columns, templates.Fact{Term: heading, Text: columnName(v, column, own)})
		}
	}
	r.Left = sheet.Unmatched(header, found)
}

// columnName is what a column is called, the form's own by its label.
func columnName(v *page.Visit, column sheet.Column, own form.Form) string {
	for _, f := range own.Fields {
		if sheet.Answer(f.Key) == column {
			return v.Words(f.Label).Text
		}
	}
	if key := "sheet_column." + string(column); v.Site.Words.Has(v.Lang, key) {
		return v.T(key)
	}
	return ""
}

// problems puts what is wrong into sentences, in the order of the lines.
func (r *listReport) problems(v *page.Visit, problems []sheet.Problem, own form.Form) {
	last := 0
	for i, p := range problems {
		if p.Line != last {
			r.BadRows++
		}
		last = p.Line
		if i >= mostLines {
			r.MoreBad++
			continue
		}
		r.Bad = append(r.Bad, page.ListLine{Line: p.Line, Field: columnName(v, sheet.Column(p.Field), own), Text: v.Sentence(p.Key, p.Args)})
	}
}

// ImportTake registers the good ones of a list that its organiser has seen the
// report of. A list taken already is gone, and nobody is registered twice.
func (s Pages) ImportTake(v *page.Visit) error {
	taken, err := s.Registrations.TakeList(v.Ctx, v.Edition, v.Person.ID, v.Sent().Get("list"))
	if fail.Is(err, fail.NotFound) {
		v.C.Status(page.Statuses[fail.NotFound])
		return newListImportPage(v, usualForm(v), listImportPage{Notice: v.T("desk_people.list_gone")})
	}
	if err != nil {
		return err
	}
	done := &listTaken{Confirmed: taken.Confirmed, Waiting: taken.Waiting, Known: taken.Known}
	for i := 0; len(done.Failed) < len(taken.Failed) && i < sheet.MaxRows; i++ {
		if why, ok := taken.Failed[i]; ok {
			done.Failed = append(done.Failed, page.ListLine{Line: i + 1, Text: whyFailed(v, why)})
		}
	}
	return newListImportPage(v, usualForm(v), listImportPage{Taken: done})
}

// whyFailed is the first thing wrong with somebody of a list.
func whyFailed(v *page.Visit, err error) string {
	e, ok := fail.As(err)
	if !ok {
		return v.T("desk_people.failed")
	}
	for _, list := range e.Fields {
		for _, p := range list {
			return v.Sentence(p.Key, p.Args)
		}
	}
	return v.Sentence(e.Key, e.Args)
}
