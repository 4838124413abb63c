package planning

import (
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// gridPanel is the form of the chosen session: everything that dragging does.
type gridPanel struct {
	Shown, Scheduled, Break      bool
	ID, Title, Lang, Who, Now    string
	Key, Day                     string
	SeenRoom, SeenStart, SeenEnd string
	Room, Starts, Ends, Other    templates.Field
	Clashes                      []string
	TextsHref                    string
}

// The fields of the form; the area's room, start, end and other are called so too.
const (
	seenRoom, seenStart, seenEnd = "seen_room", "seen_start", "seen_end"
	// put is the form's act: it is a place or a move, as the session has a time or not.
	put = "put"
)

// newGridPanel fills the form with the session as it is, or again with what was typed.
func newGridPanel(v *page.Visit, f *page.Form, state program.GridState, day gridDay, x *program.Session) gridPanel {
	p := gridPanel{Shown: x != nil, Day: day.key()}
	if x != nil {
		p.describe(v, state, x)
		if !f.Has(seenRoom) && !f.Has(seenStart) {
			fillSeen(f, x)
		}
		if !f.Has("act") {
			f.Set("room", f.Get(seenRoom))
			f.SetTime("start", x.StartsAt, v.Edition.Location())
			f.SetTime("end", x.EndsAt, v.Edition.Location())
		}
	}
	p.Key, p.SeenRoom, p.SeenStart, p.SeenEnd = f.Key(), f.Get(seenRoom), f.Get(seenStart), f.Get(seenEnd)
	p.Room = f.Field("room", "", "grid.room")
	p.Room.Options = []templates.Option{{Text: v.T("programme.no_room")}}
	for _, r := range state.Rooms {
		p.Room.Options = append(p.Room.Options, templates.Option{Value: r.ID, Text: v.Words(r.Name).Text})
	}
	p.Starts, p.Ends = f.Field("start", "datetime-local", "grid.start"), f.Field("end", "datetime-local", "grid.end")
	p.Other = f.Field("other", "", "grid.other")
	p.Other.Options = []templates.Option{{Text: v.T("grid.other_none")}}
	for _, y := range day.sessions {
		if y != x {
			p.Other.Options = append(p.Other.Options, templates.Option{Value: spotValue(y), Text: text.Span(v.Lang, y.StartsAt, y.EndsAt) + " " + y.Name(v.Lang)})
		}
	}
	return p
}

func (p *gridPanel) describe(v *page.Visit, state program.GridState, x *program.Session) {
	b := newGridBlock(v, x, true)
	p.ID, p.Title, p.Lang, p.Who = x.ID, b.Title, b.Lang, b.Names()
	p.Scheduled, p.Break = x.Scheduled(), x.Kind == program.Break
	p.Now, p.TextsHref = whereWords(v, x), "/desk"+v.Edition.Path()+"/program/"+x.Slug
	for _, c := range state.Clashes {
		if c.First == x || c.Second == x {
			p.Clashes = append(p.Clashes, newGridClash(v, c).Text)
		}
	}
}

// fillSeen remembers in the form where the session stood when it was drawn.
func fillSeen(f *page.Form, x *program.Session) {
	spot := x.Spot()
	f.Set(seenRoom, spot.RoomID)
	for name, at := range map[string]time.Time{seenStart: spot.StartsAt, seenEnd: spot.EndsAt} {
		f.Set(name, "")
		if !at.IsZero() {
			f.Set(name, at.Format(time.RFC3339Nano))
		}
	}
}

// whereWords says when and where a session is.
func whereWords(v *page.Visit, x *program.Session) string {
	if !x.Scheduled() {
		return v.T("grid.no_time")
	}
	said := v.OnDay(v.DayTab(x.StartsAt), x.StartsAt, x.EndsAt)
	if x.Room != nil {
		said += ", " + v.Words(x.Room.Name).Text
	}
	return said
}

// GridAct does by form what the script does by dragging.
func (s Pages) GridAct(v *page.Visit) error {
	f := v.Sent()
	in := gridInput(v, f)
	var done program.EditResult
	var err error
	if len(f.Problems) == 0 {
		done, err = s.Program.Edit(v.Ctx, v.Person.ID, v.Edition, in)
	}
	if fail.Is(err, fail.Conflict) {
		return s.gridConflict(v, f, err)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.gridAgain(v, f, nil)
	}
	v.Say(gridFlash(in.Act, done))
	return v.Redirect(gridAfter(v, f, done))
}

// gridInput reads the form. What is typed but not asked for by the button pressed
// is not looked at.
func gridInput(v *page.Visit, f *page.Form) program.EditInput {
	in := program.EditInput{Op: f.Key(), Act: program.Act(f.Get("act")), Session: program.Seen{ID: f.Get("session")}}
	if in.Act == program.Undo || in.Act == program.Redo {
		return in
	}
	seen := program.Spot{RoomID: f.Get(seenRoom), StartsAt: seenTime(f, seenStart), EndsAt: seenTime(f, seenEnd)}
	in.Session.Spot = &seen
	switch in.Act {
	case put:
		in.Act = program.Move
		if seen.None() {
			in.Act = program.Place
		}
		in.RoomID, in.StartsAt, in.EndsAt = f.Get("room"), f.At("start", v.Edition.Location()), f.At("end", v.Edition.Location())
		if in.EndsAt.IsZero() && !seen.None() && len(f.Problems) == 0 {
			f.Note("end", "program.end_missing")
		}
	case program.Swap:
		var ok bool
		if in.Other, ok = seenOf(f.Get("other")); !ok {
			f.Note("other", "grid.other_missing")
		}
	}
	return in
}

func seenTime(f *page.Form, name string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, f.Get(name))
	if err != nil && f.Get(name) != "" {
		f.Note("start", "field.time")
	}
	return at
}

// spotValue names a session in a list together with where it was seen there.
func spotValue(x *program.Session) string {
	spot := x.Spot()
	return strings.Join([]string{x.ID, spot.StartsAt.Format(time.RFC3339Nano), spot.EndsAt.Format(time.RFC3339Nano), spot.RoomID}, "|")
}

// seenOf reads what spotValue wrote.
func seenOf(value string) (seen program.Seen, ok bool) {
	parts := strings.SplitN(value, "|", 4)
	if len(parts) < 4 {
		return seen, false
	}
	from, err := time.Parse(time.RFC3339Nano, parts[1])
	to, err2 := time.Parse(time.RFC3339Nano, parts[2])
	return program.Seen{ID: parts[0], Spot: &program.Spot{RoomID: parts[3], StartsAt: from, EndsAt: to}}, err == nil && err2 == nil
}

// gridConflict shows what the session is now, with what was typed kept: sent
// again, it is done over what the organiser has now been told.
func (s Pages) gridConflict(v *page.Visit, f *page.Form, err error) error {
	e, _ := fail.As(err)
	v.C.Status(page.Statuses[fail.Conflict])
	for _, name := range []string{seenRoom, seenStart, seenEnd, "key"} {
		delete(f.Values, name)
	}
	return s.gridAgain(v, f, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
}

func (s Pages) gridAgain(v *page.Visit, f *page.Form, notice *templates.Notice) error {
	state, err := s.Program.GridState(v.Ctx, v.Person.ID, v.Edition)
	if err != nil {
		return err
	}
	return s.gridPage(v, f, state, f.Get("session"), daySent(f), notice)
}

// daySent is the day the form was on; what is no date is none.
func daySent(f *page.Form) string {
	day := f.Get("day")
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}

// gridFlash is what is said after an act.
func gridFlash(act program.Act, done program.EditResult) (kind, key string) {
	switch {
	case act == program.Undo:
		return "success", "flash.grid_undone"
	case act == program.Redo:
		return "success", "flash.grid_redone"
	case len(done.Clashes) > 0:
		return "info", "flash.grid_clash"
	case act == program.Lift:
		return "success", "flash.grid_lifted"
	case act == program.Copy:
		return "success", "flash.grid_copied"
	}
	return "success", "flash.grid_saved"
}

// gridAfter is the page with the session that was touched, on its day.
func gridAfter(v *page.Visit, f *page.Form, done program.EditResult) string {
	path, id := "/desk"+v.Edition.Path()+"/program/grid", f.Get("session")
	if len(done.Changed) > 0 && id == "" {
		id = done.Changed[0].ID
	}
	return gridLink(path, daySent(f), id)
}
