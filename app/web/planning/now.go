package planning

import (
	"slices"
	"strconv"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// nowPage is where delays are told, a room at a time.
type nowPage struct {
	Empty  *templates.Empty
	Base   string
	Public string
	// Today: only then a room can be late.
	Today bool
	Rooms []nowRoom
}

type nowRoom struct {
	ID        string
	Name      page.Words
	Late      int64
	Now, Next string
	Plus      []delayButton
}

// delayButton is a button: the delay the room has when it was pressed. It names
// the whole of it, so that pressing twice adds once.
type delayButton struct{ Minutes, Add int64 }

// delaySteps are what can be added at a press.
var delaySteps = [...]int64{5, 10, 15}

// Now shows the rooms with their delays.
func (s Pages) Now(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	delays, err := s.Program.Delays(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	made := nowPage{Base: "/desk" + v.Edition.Path() + "/now", Public: v.Edition.Path() + "/now",
		Today: v.Edition.Phase(v.Now, false) == edition.Today}
	for _, r := range p.NowNext(v.Now, delays) {
		if r.Room != nil {
			made.Rooms = append(made.Rooms, newNowRoom(v, r))
		}
	}
	if len(made.Rooms) == 0 {
		made.Empty = &templates.Empty{Title: v.T("desk_now.none_title"), Text: v.T("desk_now.none_text")}
		if v.May("organiser") {
			made.Empty.Href, made.Empty.Action = "/desk"+v.Edition.Path()+"/program", v.T("desk_now.none_act")
		}
	}
	return v.Render("desk/now", v.T("desk_now.title"), made)
}

func newNowRoom(v *page.Visit, r program.RoomNow) nowRoom {
	room := nowRoom{ID: r.Room.ID, Name: v.Words(r.Room.Name), Late: int64(r.Delay / time.Minute), Now: running(v, r.Now), Next: running(v, r.Next)}
	for _, n := range delaySteps {
		if room.Late+n <= program.MaxDelay {
			room.Plus = append(room.Plus, delayButton{room.Late + n, n})
		}
	}
	return room
}

// running is a session with the times it really has, and its day where that is another.
func running(v *page.Visit, r *program.Running) string {
	if r == nil {
		return ""
	}
	from, to := v.Edition.Local(r.StartsAt), v.Edition.Local(r.EndsAt)
	words := text.Span(v.Lang, from, to) + " " + r.Session.Name(v.Lang)
	if from.Format(time.DateOnly) != v.Edition.Local(v.Now).Format(time.DateOnly) {
		words = v.DayTab(from) + " " + words
	}
	return words
}

// NowSave sets a room's delay from this moment on.
func (s Pages) NowSave(v *page.Visit) error {
	f := v.Sent()
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	room := f.Get("room")
	if !slices.ContainsFunc(p.Rooms, func(r *program.Room) bool { return r.ID == room }) {
		return fail.Missing("desk_now.room_gone")
	}
	minutes, err := strconv.ParseInt(f.Get("minutes"), 10, 64)
	if err != nil || minutes < 0 || minutes > program.MaxDelay {
		return fail.New(fail.Invalid, "desk_now.minutes_range", "max", program.MaxDelay)
	}
	if err := s.Program.SetDelay(v.Ctx, v.Person.ID, v.Edition, room, minutes, v.Now); err != nil {
		return err
	}
	if minutes == 0 {
		v.Say("success", "flash.delay_cleared")
	} else {
		v.Say("success", "flash.delay_set")
	}
	return v.Redirect("/desk" + v.Edition.Path() + "/now")
}
