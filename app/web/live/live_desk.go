package live

import (
	"agora/app/account"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// deskLivePage lists the sessions whose questions can be looked after.
type deskLivePage struct {
	Days     []deskLiveDay
	Empty    templates.Empty
	Settings string // of all rooms; for organisers
	Links    string // for stage and screen
}

type deskLiveDay struct {
	Title string
	Rows  []deskLiveRow
}

type deskLiveRow struct {
	Time   string
	Title  page.Words
	Room   page.Words
	Href   string
	Live   string
	On     bool
	Known  bool
	Counts qa.Counts
	State  string
}

// Desk lists the rooms of the edition for those who look after them.
func (s Pages) Desk(v *page.Visit) error {
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	rooms, err := s.QA.Rooms(v.Ctx, sessionIDs(programme))
	if err != nil {
		return err
	}
	p := deskLivePage{Links: "/desk" + v.Edition.Path() + "/rooms/links"}
	if v.May(account.Organiser) {
		p.Settings = "/desk" + v.Edition.Path() + "/live-settings"
	}
	for _, d := range programme.Days {
		day := deskLiveDay{Title: page.UpperFirst(text.LongDate(v.Lang, d.Date))}
		for _, x := range d.Sessions {
			if x.Kind != program.Break && !x.Cancelled {
				day.Rows = append(day.Rows, newDeskLiveRow(v, x, rooms))
			}
		}
		if len(day.Rows) > 0 {
			p.Days = append(p.Days, day)
		}
	}
	if len(p.Days) == 0 {
		p.Empty = templates.Empty{Title: v.T("live.desk_empty_title"), Text: v.T("live.desk_empty")}
	}
	return v.Render("live/desk", v.T("live.desk_title"), p)
}

func newDeskLiveRow(v *page.Visit, x *program.Session, rooms map[string]qa.Room) deskLiveRow {
	room, known := rooms[x.ID]
	row := deskLiveRow{Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Title: v.SessionWords(x, x.Title), On: x.On(v.Now), Known: known, Counts: room.Counts,
		Href: "/desk" + v.Edition.Path() + "/live/" + x.Slug, Live: v.SessionHref(x) + "/live"}
	if x.Room != nil {
		row.Room = v.Words(x.Room.Name)
	}
	if known && room.State != qa.RoomOpen {
		row.State = v.T("qa.room.state." + string(room.State))
	}
	return row
}
