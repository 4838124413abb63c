package planning

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/web/page"
	"agora/templates"
)

// programImportPage takes a schedule file or a spreadsheet, has the columns of
// the latter matched, and shows what became of either.
type programImportPage struct {
	Problems   []templates.Problem
	Notice     *templates.Notice
	Base       string
	File       templates.Field
	Paste      templates.Field
	AndRelease templates.Field
	Table      *importTable
	Report     *importReport
}

// importReport is what became of a file: every session is counted, every remark
// of the reader is shown.
type importReport struct {
	File     string
	Figures  []figure
	Released string
	Lists    []importList
	Notices  []importNotice
	// Waiting is the file's id, for taking more of it; Conflicts are what can be taken.
	Waiting   string
	Release   bool
	Conflicts []importConflict
}

// importConflict is a value that differs between here and the file.
type importConflict struct{ Name, What, Here, File string }

// importList is sessions by title, folded: added, changed, gone …
type importList struct {
	Text   string
	Titles []string
	More   int
	Open   bool
}

type importNotice struct {
	Text     string
	Examples []string
}

const (
	// maxTitles is how many titles a list of the report spells out.
	maxTitles = 200
	// shortList is up to how many a list that needs a look stands open.
	shortList = 10
)

// ProgramImportForm asks for a file.
func (s Pages) ProgramImportForm(v *page.Visit) error {
	return newProgramImportPage(v, v.Blank(), programImportPage{})
}

func newProgramImportPage(v *page.Visit, f *page.Form, p programImportPage) error {
	p.Base = "/desk" + v.Edition.Path()
	p.File, p.Paste = f.Field("file", "file", "program_import.file"), f.Field("paste", "textarea", "program_import.paste")
	p.Paste.Optional, p.Paste.Rows, p.Paste.Hint = true, 6, v.T("program_import.paste_hint")
	p.AndRelease = f.Field("release", "checkbox", "program_desk.and_release")
	if p.Table != nil {
		p.Table.draw(v, f)
	}
	p.Problems = f.Summary()
	return v.Render("program/desk_import", v.T("program_import.title"), p)
}

// ProgramImport takes a schedule file into the draft. Its report is the page
// that answers: importing the same again changes nothing, so a reload is harmless.
// A table is only read: its columns are looked at first.
func (s Pages) ProgramImport(v *page.Visit) error {
	f, name, content, err := v.SentWith("file")
	if err != nil {
		return err
	}
	if pasted := f.Values["paste"]; content == nil && strings.TrimSpace(pasted) != "" {
		name, content = "", []byte(pasted)
	}
	if content == nil {
		f.Note("file", "program_import.missing")
		v.C.Status(page.Statuses[fail.Invalid])
		return newProgramImportPage(v, f, programImportPage{})
	}
	if !exchange.Known(content, name) {
		return s.tableRead(v, f, name, content)
	}
	schedule, found, err := exchange.ReadIn(bytes.NewReader(content), name, v.Edition.Zone)
	if err != nil {
		return fileRefused(v, f, err)
	}
	return s.takeIn(v, f, incoming{name: name, schedule: schedule, found: found})
}

// incoming is a schedule on its way into the draft.
type incoming struct {
	id, name string // id when the file is kept already
	schedule exchange.Schedule
	found    exchange.Report
	take     map[string]bool
	all      bool
}

// takeIn imports a schedule and reports. While something of the file is kept out
// because it was changed here too, the file waits for the organiser's word.
func (s Pages) takeIn(v *page.Visit, f *page.Form, in incoming) error {
	done, err := s.Program.Import(v.Ctx, v.Person.ID, v.Edition, in.schedule, program.ImportOptions{
		Release: f.Has("release"), Material: s.Material.Adopt, Take: in.take, TakeAll: in.all})
	if err != nil {
		return fileRefused(v, f, err)
	}
	// The page below shows what was written just now.
	if v.Edition, err = s.Editions.Find(v.Ctx, v.Edition.Series.Slug, v.Edition.Slug); err != nil {
		return err
	}
	report := newImportReport(v, in.name, in.found, done)
	strays(v, report, in.schedule)
	report.Release = f.Has("release")
	if report.Waiting, err = s.keepWaiting(v, in, done); err != nil {
		return err
	}
	return newProgramImportPage(v, v.Blank(), programImportPage{Report: report})
}

// fileGone says that a file is dealt with already.
func fileGone(v *page.Visit, err error) error {
	if !fail.Is(err, fail.NotFound) {
		return err
	}
	v.C.Status(page.Statuses[fail.NotFound])
	return newProgramImportPage(v, v.Blank(), programImportPage{Notice: &templates.Notice{Kind: "info", Text: v.T("program_import.gone")}})
}

// strays tells of sessions on days that are not the edition's: it may be another
// year's file, or the edition's dates are not right yet.
func strays(v *page.Visit, r *importReport, schedule exchange.Schedule) {
	first, last := v.Edition.Local(v.Edition.StartsAt).Format(time.DateOnly), v.Edition.Local(v.Edition.EndsAt).AddDate(0, 0, 1).Format(time.DateOnly)
	var titles []string
	for _, x := range schedule.Sessions {
		if day := v.Edition.Local(x.Start).Format(time.DateOnly); !x.Start.IsZero() && (day < first || day > last) {
			titles = append(titles, x.Title)
		}
	}
	r.add(v, "program_desk.import_strays", true, titles)
}

// fileRefused shows the form again with what is wrong with the file beside its field.
func fileRefused(v *page.Visit, f *page.Form, err error) error {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid && e.Kind != fail.TooLarge {
		return err
	}
	if len(e.Fields) == 0 {
		f.Note("file", e.Key, e.Args...)
	}
	f.Refused(err)
	v.C.Status(page.Statuses[e.Kind])
	return newProgramImportPage(v, f, programImportPage{})
}

// add puts a list of sessions on the report, unless it is empty.
func (r *importReport) add(v *page.Visit, key string, bad bool, titles []string) {
	if len(titles) == 0 {
		return
	}
	shown := titles[:min(len(titles), maxTitles)]
	r.Lists = append(r.Lists, importList{Text: v.T(key, "n", len(titles)), Titles: shown, More: len(titles) - len(shown), Open: bad && len(titles) <= shortList})
}

func newImportReport(v *page.Visit, name string, found exchange.Report, done program.Imported) *importReport {
	r := &importReport{File: name}
	if found.Sessions > 0 { // else the file was told of before
		r.Figures = []figure{
			{found.Sessions, v.T("program_desk.n_sessions", "n", found.Sessions)},
			{found.Rooms, v.T("program_desk.n_rooms", "n", found.Rooms)},
			{found.Tracks, v.T("program_desk.n_tracks", "n", found.Tracks)},
			{found.Speakers, v.T("program_desk.n_speakers", "n", found.Speakers)},
		}
	}
	r.conflicts(v, done.Conflicts)
	if done.Release.Number > 0 {
		r.Released = v.T("program.import.released", "number", fmt.Sprint(done.Release.Number))
	}
	r.add(v, "program.import.added", false, done.Added)
	r.add(v, "program.import.changed", false, done.Changed)
	r.add(v, "program.import.kept", true, done.Kept)
	r.add(v, "program.import.gone", true, done.Gone)
	if done.Unchanged > 0 {
		r.Lists = append(r.Lists, importList{Text: v.T("program.import.unchanged", "n", done.Unchanged)})
	}
	for _, n := range found.Notices {
		r.Notices = append(r.Notices, importNotice{Text: v.T(n.Kind, "n", n.Count), Examples: n.Examples})
	}
	return r
}
