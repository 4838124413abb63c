package planning

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// gridPage is one day of the draft as rooms beside each other, with what has no
// time yet beside it and the form of the session that is chosen.
type gridPage struct {
	Problems         []templates.Problem
	Notice           *templates.Notice
	Base, Path       string
	Sheet, Day       string
	Title, Zone      string
	Label            string
	Tabs             []gridTab
	Rooms            []gridHead
	Hours            []gridHour
	Blocks           []gridBlock
	Waiting          []gridBlock
	Blank            gridBlock
	Clashes          []gridClash
	Panel            gridPanel
	UndoKey, RedoKey string
	CanUndo, CanRedo bool
	Empty            bool
	Start            gridStart
}

// Shape loads the script, which makes of the forms what can be dragged.
func (p gridPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "grid") }

type gridTab struct {
	Href, Text, Key string
	N               int
	Current         bool
}

type gridHead struct {
	Class, Name, Lang, Note string
}

type gridHour struct{ Class, Time, Datetime string }

// gridStart is what the script goes on from.
type gridStart struct {
	Seq     int64             `json:"seq"`
	From    time.Time         `json:"from"`
	Rows    int               `json:"rows"`
	Step    int               `json:"step"` // minutes
	Lang    string            `json:"lang"`
	Zone    string            `json:"zone"`
	Rooms   []gridRoom        `json:"rooms"`
	Tracks  map[string]string `json:"tracks"` // id to class
	Blocks  []gridBlock       `json:"blocks"`
	Clashes []gridClash       `json:"clashes"`
	Chosen  string            `json:"chosen,omitempty"`
	Path    string            `json:"path"`
	Words   map[string]string `json:"words"`
}

type gridRoom struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// JSON is the start in an attribute of the page.
func (s gridStart) JSON() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// Grid shows a day of the draft to move sessions on.
func (s Pages) Grid(v *page.Visit) error {
	state, err := s.Program.GridState(v.Ctx, v.Person.ID, v.Edition)
	if err != nil {
		return err
	}
	return s.gridPage(v, v.Blank(), state, v.Query("session"), v.Query("day"), nil)
}

// gridPage draws the page with the session of an id chosen, on its day or else on
// the one wanted. Typed values of a refused form are in f.
func (s Pages) gridPage(v *page.Visit, f *page.Form, state program.GridState, chosen, wanted string, notice *templates.Notice) error {
	days := gridDays(v, state)
	x := sessionByID(state, chosen)
	if chosen != "" && x == nil && notice == nil {
		notice = &templates.Notice{Kind: "info", Text: v.T("grid.session_gone")}
	}
	day, err := pickDay(v, days, x, wanted)
	if err != nil {
		return err
	}
	path := "/desk" + v.Edition.Path() + "/program/grid"
	p := gridPage{Notice: notice, Base: "/desk" + v.Edition.Path(), Path: path, Day: day.key(), Title: page.UpperFirst(text.LongDate(v.Lang, day.date)),
		Zone: v.ZoneWords(), CanUndo: state.CanUndo, CanRedo: state.CanRedo, UndoKey: v.Blank().Key(), RedoKey: v.Blank().Key(),
		Empty: len(state.Sessions)+len(state.Unscheduled) == 0, Clashes: []gridClash{}, Label: v.T("programme.grid_label", "day", text.LongDate(v.Lang, day.date))}
	for _, d := range days {
		p.Tabs = append(p.Tabs, gridTab{Href: path + "?day=" + d.key(), Text: v.DayTab(d.date), Key: d.key(), N: len(d.sessions), Current: d.key() == day.key()})
	}
	rooms := shownRooms(state, day)
	p.drawDay(v, state, day, rooms)
	p.Panel = newGridPanel(v, f, state, day, x)
	p.Start = gridStart{Seq: state.Seq, From: day.from.UTC(), Rows: day.rows, Step: int(gridStep / time.Minute), Lang: string(v.Lang), Zone: v.Edition.Zone,
		Tracks: map[string]string{}, Rooms: []gridRoom{}, Blocks: slices.Concat([]gridBlock{}, p.Blocks, p.Waiting), Clashes: p.Clashes, Path: path, Words: gridScriptWords(v)}
	for _, r := range rooms {
		p.Start.Rooms = append(p.Start.Rooms, gridRoom{ID: r.ID, Name: v.Words(r.Name).Text})
	}
	for _, t := range state.Tracks {
		p.Start.Tracks[t.ID] = "track-" + t.Slug
	}
	if x != nil {
		p.Start.Chosen = x.ID
	}
	p.Problems = f.Summary()
	return v.Render("desk/grid", v.T("grid.title"), p)
}

// shownRooms are all of the edition's rooms; where a sheet cannot hold them, those
// that are used on the day.
func shownRooms(state program.GridState, day gridDay) []*program.Room {
	const most = page.MaxGridColumns - 1 // one column is for what has no room
	if len(state.Rooms) <= most {
		return state.Rooms
	}
	used := map[*program.Room]bool{}
	for _, x := range day.sessions {
		used[x.Room] = true
	}
	list := slices.DeleteFunc(slices.Clone(state.Rooms), func(r *program.Room) bool { return !used[r] })
	return list[:min(len(list), most)]
}

// drawDay puts the day's sessions into their places.
func (p *gridPage) drawDay(v *page.Visit, state program.GridState, day gridDay, rooms []*program.Room) {
	p.Sheet = page.GridHref(len(rooms)+1, day.rows)
	for i, r := range rooms {
		name := v.Words(r.Name)
		head := gridHead{Class: "c-" + strconv.Itoa(i+1), Name: name.Text, Lang: name.Lang}
		if r.Capacity != nil {
			head.Note = v.T("programme.seats", "n", *r.Capacity)
		}
		p.Rooms = append(p.Rooms, head)
	}
	p.Rooms = append(p.Rooms, gridHead{Class: "c-" + strconv.Itoa(len(rooms)+1), Name: v.T("programme.no_room")})
	for row := 0; row < day.rows; row += int(time.Hour / gridStep) {
		at := day.from.Add(time.Duration(row) * gridStep)
		p.Hours = append(p.Hours, gridHour{Class: "r-" + strconv.Itoa(row+1), Time: text.Clock(v.Lang, at), Datetime: at.Format(time.RFC3339)})
	}
	d := &gridDrawing{v: v, day: day, path: p.Path, clashing: map[string]bool{}, columns: map[string]int{"": len(rooms) + 1}}
	for i, r := range rooms {
		d.columns[r.ID] = i + 1
	}
	here := map[string]bool{}
	for _, x := range day.sessions {
		here[x.ID] = true
	}
	for _, c := range state.Clashes {
		if here[c.First.ID] || c.Second != nil && here[c.Second.ID] {
			p.Clashes = append(p.Clashes, newGridClash(v, c))
		}
	}
	for _, c := range p.Clashes {
		for _, id := range c.IDs {
			d.clashing[id] = true
		}
	}
	p.Blocks = d.blocks()
	for _, x := range state.Unscheduled {
		p.Waiting = append(p.Waiting, d.block(x))
	}
}

func sessionByID(state program.GridState, id string) *program.Session {
	for _, list := range [][]*program.Session{state.Sessions, state.Unscheduled} {
		for _, x := range list {
			if x.ID == id {
				return x
			}
		}
	}
	return nil
}

// gridLink leads to the session's form on the page.
func gridLink(path, day, id string) string {
	return path + "?" + url.Values{"day": {day}, "session": {id}}.Encode() + "#edit"
}
