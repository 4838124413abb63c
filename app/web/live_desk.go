package web

import (
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/templates"
)

// deskLivePage lists the sessions whose questions can be looked after.
type deskLivePage struct {
	Days  []deskLiveDay
	Empty templates.Empty
}

type deskLiveDay struct {
	Title string
	Rows  []deskLiveRow
}

type deskLiveRow struct {
	Time   string
	Title  words
	Room   words
	Href   string
	Live   string
	On     bool
	Known  bool
	Counts qa.Counts
	State  string
}

func (s *Site) deskLive(v *visit) error {
	programme, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	rooms, err := s.QA.Rooms(v.ctx, sessionIDs(programme))
	if err != nil {
		return err
	}
	p := deskLivePage{}
	for _, d := range programme.Days {
		day := deskLiveDay{Title: upperFirst(text.LongDate(v.lang, d.Date))}
		for _, x := range d.Sessions {
			if x.Kind != program.Break && !x.Cancelled {
				day.Rows = append(day.Rows, v.deskLiveRow(x, rooms))
			}
		}
		if len(day.Rows) > 0 {
			p.Days = append(p.Days, day)
		}
	}
	if len(p.Days) == 0 {
		p.Empty = templates.Empty{Title: v.t("live.desk_empty_title"), Text: v.t("live.desk_empty")}
	}
	return v.render("live/desk", v.t("live.desk_title"), p)
}

func (v *visit) deskLiveRow(x *program.Session, rooms map[string]qa.Room) deskLiveRow {
	room, known := rooms[x.ID]
	row := deskLiveRow{Time: text.Span(v.lang, x.StartsAt, x.EndsAt), Title: v.sessionWords(x, x.Title), On: x.On(v.now), Known: known, Counts: room.Counts,
		Href: "/desk" + v.edition.Path() + "/live/" + x.Slug, Live: v.sessionHref(x) + "/live"}
	if x.Room != nil {
		row.Room = v.words(x.Room.Name)
	}
	if known && room.State != qa.RoomOpen {
		row.State = v.t("qa.room.state." + string(room.State))
	}
	return row
}
