package planning

import (
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

// keepWaiting keeps the file as long as there is something to decide about it.
func (s Pages) keepWaiting(v *page.Visit, in incoming, done program.Imported) (id string, err error) {
	if in.id != "" {
		if err := s.Program.DropFile(v.Ctx, v.Person.ID, v.Edition, in.id); err != nil {
			return "", err
		}
	}
	for _, c := range done.Conflicts {
		if !c.Taken {
			return s.Program.PutFile(v.Ctx, v.Person.ID, v.Edition, in.name, program.ImportFile{Schedule: &in.schedule})
		}
	}
	return "", nil
}

// ProgramImportTake takes those values from a waiting file that its organiser
// ticked, and leaves the others as they are.
func (s Pages) ProgramImportTake(v *page.Visit) error {
	f := v.Sent()
	id := f.Get("list")
	name, file, err := s.Program.File(v.Ctx, v.Person.ID, v.Edition, id)
	if err == nil && file.Schedule == nil {
		err = fail.Missing("program_import.gone")
	}
	if err != nil {
		return fileGone(v, err)
	}
	take := map[string]bool{}
	for key := range f.Values {
		if ticked, ok := strings.CutPrefix(key, "take_"); ok {
			take[ticked] = true
		}
	}
	return s.takeIn(v, f, incoming{id: id, name: name, schedule: *file.Schedule, take: take, all: f.Get("do") == "all"})
}

// conflicts puts on the report what was changed on both sides.
func (r *importReport) conflicts(v *page.Visit, list []program.Conflict) {
	shown := func(field, s string) string {
		switch {
		case s == "":
			return v.T("program_import.nothing")
		case field == "when":
			return spanWords(v, s)
		}
		return page.Shorten(s, longestShown)
	}
	var taken []string
	for _, c := range list {
		what := v.T("program_import.conflict", "name", page.Shorten(c.Name, longestShown), "field", v.T("program.field."+c.Field))
		if c.Taken {
			taken = append(taken, what)
			continue
		}
		r.Conflicts = append(r.Conflicts, importConflict{Name: "take_" + c.Key, What: what, Here: shown(c.Field, c.Here), File: shown(c.Field, c.File)})
	}
	for _, what := range taken {
		r.Lists = append(r.Lists, importList{Text: v.T("program_import.taken", "what", what)})
	}
}

// longestShown is how much of a text stands beside another one to compare.
const longestShown = 300

// spanWords puts a span of time, as program writes it, into the reader's way.
func spanWords(v *page.Visit, s string) string {
	from, to, _ := strings.Cut(s, "–")
	start, err := time.ParseInLocation("2006-01-02 15:04", from, v.Edition.Location())
	if err != nil || len(from) < 10 {
		return s
	}
	end, err := time.ParseInLocation("2006-01-02 15:04", from[:10]+" "+to, v.Edition.Location())
	if err != nil {
		return s
	}
	return text.DayMonth(v.Lang, start) + " " + text.Span(v.Lang, start, end)
}
