package web

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/text"
)

// importReport is what became of a file: every session is counted, every remark
// of the reader is shown.
type importReport struct {
	File, Format string
	Figures      []figure
	Released     string
	Lists        []importList
	Notices      []importNotice
}

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

// programImport takes a schedule file into the draft. Its report is the page
// that answers: importing the same again changes nothing, so a reload is harmless.
func (s *Site) programImport(v *visit) error {
	f, name, content, err := v.upload("file")
	if err != nil {
		return err
	}
	if content == nil {
		f.note("file", "program_desk.file_missing")
		v.c.Status(statuses[fail.Invalid])
		return v.deskProgramPage(f, nil, nil)
	}
	schedule, found, err := exchange.ReadIn(bytes.NewReader(content), name, v.edition.Zone)
	if err != nil {
		return v.fileRefused(f, err)
	}
	done, err := s.Program.Import(v.ctx, v.person.ID, v.edition, schedule, program.ImportOptions{
		Release: f.has("release"), Material: s.Material.Adopt})
	if err != nil {
		return v.fileRefused(f, err)
	}
	// The page below shows what was written just now.
	if v.edition, err = s.Editions.Find(v.ctx, v.edition.Series.Slug, v.edition.Slug); err != nil {
		return err
	}
	report := v.importReport(name, found, done)
	v.strays(report, schedule)
	return v.deskProgramPage(v.blank(), nil, report)
}

// strays tells of sessions on days that are not the edition's: it may be another
// year's file, or the edition's dates are not right yet.
func (v *visit) strays(r *importReport, schedule exchange.Schedule) {
	first, last := v.edition.Local(v.edition.StartsAt).Format(time.DateOnly), v.edition.Local(v.edition.EndsAt).AddDate(0, 0, 1).Format(time.DateOnly)
	var titles []string
	for _, x := range schedule.Sessions {
		if day := v.edition.Local(x.Start).Format(time.DateOnly); !x.Start.IsZero() && (day < first || day > last) {
			titles = append(titles, x.Title)
		}
	}
	r.add(v, "program_desk.import_strays", true, titles)
}

// fileRefused shows the form again with what is wrong with the file beside its field.
func (v *visit) fileRefused(f *form, err error) error {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid && e.Kind != fail.TooLarge {
		return err
	}
	if len(e.Fields) == 0 {
		f.note("file", e.Key, e.Args...)
	}
	f.refused(err)
	v.c.Status(statuses[e.Kind])
	return v.deskProgramPage(f, nil, nil)
}

// upload reads a form with a file: its values, and the file's name and bytes.
// Without a file the bytes are nil.
func (v *visit) upload(field string) (f *form, name string, content []byte, err error) {
	f = v.blank()
	sent, err := v.c.MultipartForm()
	if err != nil { // nothing that could be read as one: the same as an empty one
		return f, "", nil, nil
	}
	for key, values := range sent.Value {
		if len(values) > 0 {
			f.values[key] = values[0]
		}
	}
	if len(sent.File[field]) == 0 || sent.File[field][0].Size == 0 {
		return f, "", nil, nil
	}
	name, content, err = readPart(sent.File[field][0])
	return f, name, content, err
}

func readPart(part *multipart.FileHeader) (string, []byte, error) {
	file, err := part.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	name, ok := text.Clean(part.Filename)
	if !ok {
		name = "file"
	}
	return name, content, err
}

// add puts a list of sessions on the report, unless it is empty.
func (r *importReport) add(v *visit, key string, bad bool, titles []string) {
	if len(titles) == 0 {
		return
	}
	shown := titles[:min(len(titles), maxTitles)]
	r.Lists = append(r.Lists, importList{Text: v.t(key, "n", len(titles)), Titles: shown, More: len(titles) - len(shown), Open: bad && len(titles) <= shortList})
}

func (v *visit) importReport(name string, found exchange.Report, done program.Imported) *importReport {
	r := &importReport{File: name, Format: found.Format, Figures: []figure{
		{found.Sessions, v.t("program_desk.n_sessions", "n", found.Sessions)},
		{found.Rooms, v.t("program_desk.n_rooms", "n", found.Rooms)},
		{found.Tracks, v.t("program_desk.n_tracks", "n", found.Tracks)},
		{found.Speakers, v.t("program_desk.n_speakers", "n", found.Speakers)},
	}}
	if done.Release.Number > 0 {
		r.Released = v.t("program.import.released", "number", fmt.Sprint(done.Release.Number))
	}
	r.add(v, "program.import.added", false, done.Added)
	r.add(v, "program.import.changed", false, done.Changed)
	r.add(v, "program.import.overwritten", true, done.Overwritten)
	r.add(v, "program.import.gone", true, done.Gone)
	if done.Unchanged > 0 {
		r.Lists = append(r.Lists, importList{Text: v.t("program.import.unchanged", "n", done.Unchanged)})
	}
	for _, n := range found.Notices {
		r.Notices = append(r.Notices, importNotice{Text: v.t(n.Kind, "n", n.Count), Examples: n.Examples})
	}
	return r
}
