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
	Room     page.Words // of whoever came by its link
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
	Time       string
	Title      page.Words
	Room       page.Words
	Href       string
	Live       string
	Discussion string
	On         bool
	Known      bool
	Counts     qa.Counts
	State      string
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
	base := "/desk" + v.Edition.Path()
	p := deskLivePage{Links: base + "/rooms/links"}
	if v.May(account.Organiser) {
		p.Settings = base + "/live-settings"
	}
	p.days(v, programme, func(x *program.Session) (deskLiveRow, bool) {
		row := newDeskLiveRow(v, x, rooms)
		row.Href = base + "/live/" + x.Slug
		row.Discussion = row.Href + "/discussion"
		return row, true
	})
	return v.Render("live/desk", v.T("live.desk_title"), p)
}

// days fills in the sessions that there are rows for.
func (p *deskLivePage) days(v *page.Visit, programme *program.Programme, rowOf func(*program.Session) (deskLiveRow, bool)) {
	for _, d := range programme.Days {
		day := deskLiveDay{Title: page.UpperFirst(text.LongDate(v.Lang, d.Date))}
		for _, x := range d.Sessions {
			if x.Kind == program.Break || x.Cancelled {
				continue
			}
			if row, ok := rowOf(x); ok {
				day.Rows = append(day.Rows, row)
			}
		}
		if len(day.Rows) > 0 {
			p.Days = append(p.Days, day)
		}
	}
	if len(p.Days) == 0 {
		p.Empty = templates.Empty{Title: v.T("live.desk_empty_title"), Text: v.T("live.desk_empty")}
	}
}

func newDeskLiveRow(v *page.Visit, x *program.Session, rooms map[string]qa.Room) deskLiveRow {
	room, known := rooms[x.ID]
	row := deskLiveRow{Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Title: v.SessionWords(x, x.Title), On: x.On(v.Now), Known: known, Counts: room.Counts,
		Live: v.SessionHref(x) + "/live"}
	if x.Room != nil {
		row.Room = v.Words(x.Room.Name)
	}
	if known && room.State != qa.RoomOpen {
		row.State = v.T("qa.room.state." + string(room.State))
	}
	return row
}
