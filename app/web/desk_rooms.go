package web

import (
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/templates"
)

// roomsPage is the edition's rooms and tracks: two lists, and below each the
// form that adds one or changes the chosen one.
type roomsPage struct {
	Problems              []templates.Problem
	Rooms, Tracks         []roomRow
	Room, Track           string // id of the one that is being changed
	RoomName, TrackName   textGroup
	RoomTitle, TrackTitle string
	Capacity, Stream      templates.Field
	Color                 templates.Field
	Base                  string
}

type roomRow struct {
	Name            words
	Note, Class     string
	Href            string
	Sessions        int
	SessionsInWords string
}

// roomFields and trackFields are the forms' names for the area's fields.
var (
	roomFields  = map[string]string{"name": "r_name", "capacity": "r_capacity", "stream_url": "r_stream"}
	trackFields = map[string]string{"name": "t_name", "color": "t_color"}
)

func (s *Site) deskRooms(v *visit) error { return v.roomsPage(v.blank(), true) }

// roomsPage fills the forms with what is being changed, when fill says so.
func (v *visit) roomsPage(f *form, fill bool) error {
	draft, err := v.site.Program.Draft(v.ctx, v.edition)
	if err != nil {
		return err
	}
	base := "/desk" + v.edition.Path()
	p := roomsPage{Base: base, Room: f.get("room"), Track: f.get("track"), RoomTitle: v.t("rooms_desk.new_room"), TrackTitle: v.t("rooms_desk.new_track")}
	if fill {
		p.Room, p.Track = v.query("room"), v.query("track")
	}
	for _, r := range draft.Rooms {
		row := roomRow{Name: v.words(r.Name), Href: base + "/rooms?room=" + queryEscape(r.ID) + "#room-form", Sessions: len(draft.ByRoom(r.ID))}
		if r.Capacity != nil {
			row.Note = v.t("programme.seats", "n", *r.Capacity)
		}
		p.Rooms = append(p.Rooms, row)
		if r.ID == p.Room {
			p.RoomTitle = v.t("rooms_desk.change", "name", row.Name.Text)
			if fill {
				f.setTexts("r_name", r.Name)
				f.setCount("r_capacity", r.Capacity)
				f.set("r_stream", r.StreamURL)
			}
		}
	}
	v.trackRows(&p, f, draft, fill)
	for _, rows := range [][]roomRow{p.Rooms, p.Tracks} {
		for i := range rows {
			rows[i].SessionsInWords = v.t("program_desk.found", "n", rows[i].Sessions)
		}
	}
	p.RoomName, p.TrackName = v.textGroup(f, "r_name", "text", "rooms_desk.room_name"), v.textGroup(f, "t_name", "text", "rooms_desk.track_name")
	p.Capacity, p.Stream = f.field("r_capacity", "number", "rooms_desk.capacity"), f.field("r_stream", "url", "rooms_desk.stream")
	p.Capacity.Optional, p.Capacity.Min, p.Stream.Optional = true, "1", true
	p.Color = f.field("t_color", "text", "rooms_desk.color")
	p.Color.Optional, p.Color.Placeholder = true, "#1a7f5a"
	p.Problems = f.summary()
	return v.render("program/desk_rooms", v.t("rooms_desk.title"), p)
}

func (v *visit) trackRows(p *roomsPage, f *form, draft *program.Programme, fill bool) {
	for _, t := range draft.Tracks {
		p.Tracks = append(p.Tracks, roomRow{Name: v.words(t.Name), Class: "track-" + t.Slug, Sessions: len(t.Sessions),
			Href: p.Base + "/rooms?track=" + queryEscape(t.ID) + "#track-form"})
		if t.ID == p.Track {
			p.TrackTitle = v.t("rooms_desk.change", "name", v.words(t.Name).Text)
			if fill {
				f.setTexts("t_name", t.Name)
				f.set("t_color", t.Color)
			}
		}
	}
}

// roomSave makes or changes a room. Its place among the rooms stays.
func (s *Site) roomSave(v *visit) error {
	f := v.sent()
	in := program.RoomInput{Name: f.texts("r_name"), Capacity: f.count("r_capacity"), StreamURL: f.get("r_stream")}
	if in.Capacity == nil && f.has("r_capacity") {
		in.Capacity = new(int64) // it cannot be read, and none is what the area refuses
		delete(f.problems, "r_capacity")
	}
	draft, err := s.Program.Draft(v.ctx, v.edition)
	if err != nil {
		return err
	}
	for _, r := range draft.Rooms {
		if r.ID == f.get("room") { // what the form does not ask for is kept
			in.Description = r.Description
		} else if sameName(r.Name, in.Name) {
			return v.roomSaved(f, fail.Wrong("name", "rooms_desk.name_taken"), roomFields, "")
		}
	}
	_, err = s.Program.SaveRoom(v.ctx, v.person.ID, v.edition, f.get("room"), in)
	return v.roomSaved(f, err, roomFields, "flash.room_saved")
}

// trackSave makes or changes a track.
func (s *Site) trackSave(v *visit) error {
	f := v.sent()
	draft, err := s.Program.Draft(v.ctx, v.edition)
	if err != nil {
		return err
	}
	for _, t := range draft.Tracks {
		if t.ID != f.get("track") && sameName(t.Name, f.texts("t_name")) {
			return v.roomSaved(f, fail.Wrong("name", "rooms_desk.name_taken"), trackFields, "")
		}
	}
	_, err = s.Program.SaveTrack(v.ctx, v.person.ID, v.edition, f.get("track"), program.TrackInput{Name: f.texts("t_name"), Color: f.get("t_color")})
	return v.roomSaved(f, err, trackFields, "flash.track_saved")
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

func (v *visit) roomSaved(f *form, err error, names map[string]string, flash string) error {
	if err == nil {
		v.say("success", flash)
		return v.redirect("/desk" + v.edition.Path() + "/rooms")
	}
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		return err
	}
	for name, problems := range e.Fields {
		for _, p := range problems {
			f.note(names[name], p.Key, p.Args...)
		}
	}
	v.c.Status(statuses[fail.Invalid])
	return v.roomsPage(f, false)
}
