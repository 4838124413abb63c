package planning

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
)

// maxGridEdit is the most that one act takes to be written down: a copy into
// every room of a very large house.
const maxGridEdit = 16 << 10

// gridEdit is an act as the script sends it.
type gridEdit struct {
	Op      string      `json:"op"`
	Act     program.Act `json:"act"`
	Session gridSeen    `json:"session"`
	Other   gridSeen    `json:"other"`
	Room    string      `json:"room"`
	Start   time.Time   `json:"start"`
	End     time.Time   `json:"end"`
	Rooms   []string    `json:"rooms"`
}

// gridSeen is a session with where the organiser saw it; an empty seen is without
// a time.
type gridSeen struct {
	ID   string        `json:"id"`
	Seen *program.Spot `json:"seen"`
}

// gridDone answers an act: everything it touched, as it is now.
type gridDone struct {
	Seq     int64       `json:"seq"`
	Changed []gridBlock `json:"changed"`
	Gone    []string    `json:"gone"`
	Clashes []gridClash `json:"clashes"`
	Said    string      `json:"said"`
	CanUndo bool        `json:"can_undo"`
	CanRedo bool        `json:"can_redo"`
}

// gridRefusal says why not, and what the sessions are now.
type gridRefusal struct {
	Error   string              `json:"error"`
	Message string              `json:"message"`
	Errors  map[string][]string `json:"errors,omitempty"`
	Changed []gridBlock         `json:"changed,omitempty"`
}

// GridEdit does one act and answers with what it has led to.
func (s Pages) GridEdit(v *page.Visit) error {
	in, err := readGridEdit(v)
	if err != nil {
		return gridRefuse(v, err)
	}
	done, err := s.Program.Edit(v.Ctx, v.Person.ID, v.Edition, in)
	if err != nil {
		return gridRefuse(v, err)
	}
	out := gridDone{Seq: done.Seq, Changed: []gridBlock{}, Gone: append([]string{}, done.Gone...), Clashes: gridClashes(v, done.Clashes), CanUndo: done.CanUndo, CanRedo: done.CanRedo}
	for _, x := range done.Changed {
		out.Changed = append(out.Changed, newGridBlock(v, x, true))
	}
	if len(done.Changed) > 0 {
		out.Said = saidOwn(v, in.Act, done.Changed[0])
	} else if len(done.Gone) > 0 {
		out.Said = v.T("grid.own_gone")
	}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(fiber.StatusOK, out)
}

// GridTry tells what would clash, without doing anything.
func (s Pages) GridTry(v *page.Visit) error {
	in, err := readGridEdit(v)
	if err != nil {
		return gridRefuse(v, err)
	}
	list, err := s.Program.Try(v.Ctx, v.Edition, in)
	if err != nil {
		return gridRefuse(v, err)
	}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(fiber.StatusOK, map[string]any{"clashes": gridClashes(v, list)})
}

func readGridEdit(v *page.Visit) (program.EditInput, error) {
	var in gridEdit
	body := v.C.Body()
	if len(body) > maxGridEdit || json.Unmarshal(body, &in) != nil {
		return program.EditInput{}, fail.New(fail.Invalid, "api.bad_json")
	}
	for _, s := range append([]string{in.Op, in.Session.ID, in.Other.ID, in.Room, string(in.Act)}, in.Rooms...) {
		if !page.PlainText(s) {
			return program.EditInput{}, fail.New(fail.Invalid, "field.characters")
		}
	}
	if in.Op == "" { // without one, an answer that got lost would make the act be done twice
		return program.EditInput{}, fail.Wrong("op", "program.edit_op")
	}
	return program.EditInput{Op: in.Op, Act: in.Act, Session: program.Seen{ID: in.Session.ID, Spot: in.Session.Seen},
		Other: program.Seen{ID: in.Other.ID, Spot: in.Other.Seen}, RoomID: in.Room, StartsAt: in.Start, EndsAt: in.End, Rooms: in.Rooms}, nil
}

// gridRefuse turns what the organiser can do something about into an answer that
// the script shows; the rest is answered as everywhere.
func gridRefuse(v *page.Visit, err error) error {
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid && e.Kind != fail.Conflict && e.Kind != fail.NotFound {
		return err
	}
	out := gridRefusal{Error: map[fail.Kind]string{fail.Invalid: "invalid", fail.Conflict: "conflict", fail.NotFound: "not_found"}[e.Kind], Message: v.Sentence(e.Key, e.Args)}
	for name, list := range e.Fields {
		if out.Errors == nil {
			out.Errors = map[string][]string{}
		}
		for _, p := range list {
			out.Errors[name] = append(out.Errors[name], v.Sentence(p.Key, p.Args))
		}
	}
	for _, name := range []string{"start", "end", "room", "session", "other", "rooms", "act", "op"} {
		if list := out.Errors[name]; len(list) > 0 {
			out.Message = list[0]
			break
		}
	}
	var stale *program.Stale
	if errors.As(err, &stale) {
		for _, x := range stale.Sessions {
			out.Changed = append(out.Changed, newGridBlock(v, x, false))
		}
	}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.JSON(page.Statuses[e.Kind], out)
}

// saidOwn tells the organiser what they have done.
func saidOwn(v *page.Visit, act program.Act, x *program.Session) string {
	args := []any{"title", x.Name(v.Lang), "where", whereWords(v, x)}
	switch {
	case act == program.Undo:
		return v.T("grid.own_undo", args...)
	case act == program.Redo:
		return v.T("grid.own_redo", args...)
	case act == program.Copy:
		return v.T("grid.own_copy", args...)
	case !x.Scheduled():
		return v.T("grid.own_lift", args...)
	}
	return v.T("grid.own_move", args...)
}

// gridNews is what happened since a number: who did what, and the touched sessions
// as they are now.
type gridNews struct {
	Seq     int64       `json:"seq"`
	Reload  bool        `json:"reload,omitempty"`
	Notes   []gridNote  `json:"notes"`
	Changed []gridBlock `json:"changed"`
	Gone    []string    `json:"gone"`
	Clashes []gridClash `json:"clashes"`
	CanUndo bool        `json:"can_undo"`
	CanRedo bool        `json:"can_redo"`
}

// gridNote is one act of somebody in words.
type gridNote struct {
	Seq  int64  `json:"seq"`
	Mine bool   `json:"mine"`
	Text string `json:"text"`
}

// GridEdits tells what others did since the number the page knows.
func (s Pages) GridEdits(v *page.Visit) error {
	since, err := strconv.ParseInt(v.Query("since"), 10, 64)
	if err != nil || since < 0 {
		since = 0
	}
	list, err := s.Program.EditsSince(v.Ctx, v.Edition.ID, since)
	if err != nil {
		return err
	}
	out := gridNews{Seq: since, Notes: []gridNote{}, Changed: []gridBlock{}, Gone: []string{}, Clashes: []gridClash{}}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	if len(list) == 0 {
		return v.JSON(fiber.StatusOK, out)
	}
	if out.Seq = list[len(list)-1].Seq; slices.ContainsFunc(list, program.Edit.Reload) {
		out.Reload = true
		return v.JSON(fiber.StatusOK, out)
	}
	if err := s.gridNews(v, list, &out); err != nil {
		return err
	}
	return v.JSON(fiber.StatusOK, out)
}

// gridNews reads the draft once, however many edits there were: the state after
// the last is what counts.
func (s Pages) gridNews(v *page.Visit, list []program.Edit, out *gridNews) error {
	state, err := s.Program.GridState(v.Ctx, v.Person.ID, v.Edition)
	if err != nil {
		return err
	}
	out.CanUndo, out.CanRedo = state.CanUndo, state.CanRedo
	now := map[string]*program.Session{}
	for _, x := range slices.Concat(state.Sessions, state.Unscheduled) {
		now[x.ID] = x
	}
	names, touched := map[string]string{}, map[string]bool{}
	for _, d := range list {
		if _, known := names[d.PersonID]; !known && d.PersonID != v.Person.ID {
			names[d.PersonID] = s.nameOf(v, d.PersonID)
		}
		out.Notes = append(out.Notes, gridNote{Seq: d.Seq, Mine: d.PersonID == v.Person.ID, Text: saidOf(v, d, names[d.PersonID], now)})
		for _, step := range d.Changes.List {
			if touched[step.SessionID] {
				continue
			}
			touched[step.SessionID] = true
			if x := now[step.SessionID]; x != nil {
				out.Changed = append(out.Changed, newGridBlock(v, x, true))
			} else {
				out.Gone = append(out.Gone, step.SessionID)
			}
		}
	}
	for _, c := range state.Clashes {
		if touched[c.First.ID] || c.Second != nil && touched[c.Second.ID] {
			out.Clashes = append(out.Clashes, newGridClash(v, c))
		}
	}
	return nil
}

// nameOf is somebody's name; whoever was erased meanwhile is somebody.
func (s Pages) nameOf(v *page.Visit, id string) string {
	if p, err := s.Accounts.ByID(v.Ctx, id); err == nil && p.Label() != "" {
		return p.Label()
	}
	return v.T("grid.somebody")
}

// saidOf tells what somebody did.
func saidOf(v *page.Visit, d program.Edit, who string, now map[string]*program.Session) string {
	if len(d.Changes.List) == 0 {
		return v.T("grid.their_other", "name", who)
	}
	x := now[d.Changes.List[0].SessionID]
	if x == nil {
		return v.T("grid.their_delete", "name", who)
	}
	key := "grid.their_move"
	switch {
	case d.Act == program.Retold:
		key = "grid.their_text"
	case d.Act == program.Copy:
		key = "grid.their_copy"
	case d.Act == program.Undo, d.Act == program.Redo:
		key = "grid.their_undo"
	case !x.Scheduled():
		key = "grid.their_lift"
	}
	return v.T(key, "name", who, "title", x.Name(v.Lang), "where", whereWords(v, x))
}

// gridScriptWords are what grid.js and its parts say.
func gridScriptWords(v *page.Visit) map[string]string {
	list := map[string]string{}
	for _, key := range []string{"grid.would_clash", "grid.would_fit", "grid.swap_with", "grid.swap_off", "grid.lost", "grid.signed_out", "grid.failed", "grid.edge", "grid.reload", "grid.no_time", "programme.no_room"} {
		list[key] = v.T(key)
	}
	return list
}
