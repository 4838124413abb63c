package planning

import (
	"net/url"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// roomsPage is the edition's rooms and tracks: two lists, and below each the
// form that adds one or changes the chosen one.
type roomsPage struct {
	Problems              []templates.Problem
	Rooms, Tracks         []roomRow
	Room, Track           string // id of the one that is being changed
	RoomName, TrackName   page.TextGroup
	RoomTitle, TrackTitle string
	Capacity, Stream      templates.Field
	Equipment             page.TextGroup
	Color                 templates.Field
	Told                  *templates.Notice // what became of the track's colour
	Base                  string
}

type roomRow struct {
	Name            page.Words
	Note, Class     string
	Equipment       page.Words
	Href            string
	Sessions        int
	SessionsInWords string
}

// roomFields and trackFields are the forms' names for the area's fields.
var (
	roomFields  = map[string]string{"name": "r_name", "capacity": "r_capacity", "stream_url": "r_stream", "equipment": "r_equipment"}
	trackFields = map[string]string{"name": "t_name", "color": "t_color"}
)

// Rooms shows rooms and tracks, with a form for each.
func (s Pages) Rooms(v *page.Visit) error { return newRoomsPage(v, v.Blank(), true) }

// newRoomsPage fills the forms with what is being changed, when fill says so.
func newRoomsPage(v *page.Visit, f *page.Form, fill bool) error {
	draft, err := v.Site.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	base := "/desk" + v.Edition.Path()
	p := roomsPage{Base: base, Room: f.Get("room"), Track: f.Get("track"), RoomTitle: v.T("rooms_desk.new_room"), TrackTitle: v.T("rooms_desk.new_track")}
	if fill {
		p.Room, p.Track = v.Query("room"), v.Query("track")
	}
	for _, r := range draft.Rooms {
		row := roomRow{Name: v.Words(r.Name), Equipment: v.Words(r.Equipment), Href: base + "/rooms?room=" + url.QueryEscape(r.ID) + "#room-form", Sessions: len(draft.ByRoom(r.ID))}
		if r.Capacity != nil {
			row.Note = v.T("programme.seats", "n", *r.Capacity)
		}
		p.Rooms = append(p.Rooms, row)
		if r.ID == p.Room {
			p.RoomTitle = v.T("rooms_desk.change", "name", row.Name.Text)
			if fill {
				f.SetTexts("r_name", r.Name)
				f.SetCount("r_capacity", r.Capacity)
				f.Set("r_stream", r.StreamURL)
				f.SetTexts("r_equipment", r.Equipment)
			}
		}
	}
	trackRows(v, &p, f, draft, fill)
	for _, rows := range [][]roomRow{p.Rooms, p.Tracks} {
		for i := range rows {
			rows[i].SessionsInWords = v.T("program_desk.found", "n", rows[i].Sessions)
		}
	}
	roomFormFields(v, &p, f)
	p.Problems = f.Summary()
	return v.Render("program/desk_rooms", v.T("rooms_desk.title"), p)
}

// roomFormFields draws both forms in the order of the page.
func roomFormFields(v *page.Visit, p *roomsPage, f *page.Form) {
	p.RoomName = f.TextGroup("r_name", "text", "rooms_desk.room_name")
	p.Capacity, p.Stream = f.Field("r_capacity", "number", "rooms_desk.capacity"), f.Field("r_stream", "url", "rooms_desk.stream")
	p.Capacity.Optional, p.Capacity.Min, p.Stream.Optional = true, "1", true
	p.Equipment = f.TextGroup("r_equipment", "textarea", "rooms_desk.equipment")
	for i := range p.Equipment.Fields {
		p.Equipment.Fields[i].Rows, p.Equipment.Fields[i].Optional = 2, p.Equipment.Legend == ""
	}
	p.TrackName = f.TextGroup("t_name", "text", "rooms_desk.track_name")
	p.Color = f.Field("t_color", "text", "rooms_desk.color")
	p.Color.Optional, p.Color.Placeholder = true, "#1a7f5a"
}

func trackRows(v *page.Visit, p *roomsPage, f *page.Form, draft *program.Programme, fill bool) {
	for _, t := range draft.Tracks {
		p.Tracks = append(p.Tracks, roomRow{Name: v.Words(t.Name), Class: "track-" + t.Slug, Sessions: len(t.Sessions),
			Href: p.Base + "/rooms?track=" + url.QueryEscape(t.ID) + "#track-form"})
		if t.ID == p.Track {
			p.TrackTitle = v.T("rooms_desk.change", "name", v.Words(t.Name).Text)
			if fill {
				f.SetTexts("t_name", t.Name)
				f.Set("t_color", t.Color)
				p.Told = colorNotice(v, t.Color)
			}
		}
	}
}

// colorNotice tells which shades stand in for a colour that no words can be read on.
func colorNotice(v *page.Visit, color string) *templates.Notice {
	adjusted, told := page.TrackAdvice(color)
	if !told {
		return nil
	}
	light, dark := page.TrackShades(color)
	return &templates.Notice{Kind: "info", Title: v.T("rooms_desk.color_told_title"),
		Text: v.T("rooms_desk.color_told", "color", color, "light", light, "dark", dark, "adjusted", adjusted)}
}

// RoomSave makes or changes a room. Its place among the rooms stays.
func (s Pages) RoomSave(v *page.Visit) error {
	f := v.Sent()
	in := program.RoomInput{Name: f.Texts("r_name"), Capacity: f.Count("r_capacity"), StreamURL: f.Get("r_stream"), Equipment: f.Texts("r_equipment")}
	if in.Capacity == nil && f.Has("r_capacity") {
		in.Capacity = new(int64) // it cannot be read, and none is what the area refuses
		delete(f.Problems, "r_capacity")
	}
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	for _, r := range draft.Rooms {
		if r.ID == f.Get("room") { // what the form does not ask for is kept
			in.Description, in.Equipment = r.Description, f.TextsOver("r_equipment", r.Equipment)
		} else if sameName(r.Name, in.Name) {
			return roomSaved(v, f, fail.Wrong("name", "rooms_desk.name_taken"), roomFields, "")
		}
	}
	_, err = s.Program.SaveRoom(v.Ctx, v.Person.ID, v.Edition, f.Get("room"), in)
	return roomSaved(v, f, err, roomFields, "flash.room_saved")
}

// TrackSave makes or changes a track.
func (s Pages) TrackSave(v *page.Visit) error {
	f := v.Sent()
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	for _, t := range draft.Tracks {
		if t.ID != f.Get("track") && sameName(t.Name, f.Texts("t_name")) {
			return roomSaved(v, f, fail.Wrong("name", "rooms_desk.name_taken"), trackFields, "")
		}
	}
	track, err := s.Program.SaveTrack(v.Ctx, v.Person.ID, v.Edition, f.Get("track"), program.TrackInput{Name: f.Texts("t_name"), Color: f.Get("t_color")})
	if _, told := page.TrackAdvice(track.Color); err == nil && told {
		v.Say("success", "flash.track_saved")
		return v.Redirect("/desk" + v.Edition.Path() + "/rooms?track=" + url.QueryEscape(track.ID) + "#track-form")
	}
	return roomSaved(v, f, err, trackFields, "flash.track_saved")
}

// sameName reports whether two things would be called the same in a language. It
// also keeps a form that is sent twice from making two.
func sameName(a, b text.Texts) bool {
	for l, name := range a {
		if name != "" && strings.EqualFold(name, b[l]) {
			return true
		}
	}
	return false
}

func roomSaved(v *page.Visit, f *page.Form, err error, names map[string]string, flash string) error {
	if err == nil {
		v.Say("success", flash)
		return v.Redirect("/desk" + v.Edition.Path() + "/rooms")
	}
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		return err
	}
	for name, problems := range e.Fields {
		for _, p := range problems {
			f.Note(names[name], p.Key, p.Args...)
		}
	}
	v.C.Status(page.Statuses[fail.Invalid])
	return newRoomsPage(v, f, false)
}
