package live

import (
	"net/url"
	"slices"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// moderateDesk is a session with the address its moderators work at.
type moderateDesk struct {
	Pages
	v         *page.Visit
	programme *program.Programme
	x         *program.Session
	base      string
	link      *linked // nil: the moderator has the role
}

// atDesk opens the desk of the address: by role, or by a room's link without an
// account, which the address then holds. The table of routes asks for the role where
// it holds none.
func (s Pages) atDesk(v *page.Visit, then func(d moderateDesk) error) error {
	if v.Param("token") != "" {
		return s.opened(v, qa.Moderator, func(k linked) error {
			x, err := liveOf(k.Programme.BySlug(v.Param("slug")))
			if err == nil {
				x, err = k.session(x.ID)
			}
			if err != nil {
				return err
			}
			return then(moderateDesk{s, v, k.Programme, x, k.Self + "/" + url.PathEscape(x.Slug), &k})
		})
	}
	p, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	return then(moderateDesk{s, v, p, x, "/desk" + v.Edition.Path() + "/live/" + url.PathEscape(x.Slug), nil})
}

// viewer is the moderator in the room.
func (d moderateDesk) viewer() qa.Viewer {
	if d.link != nil {
		return linkViewer(d.v, d.link.Link, d.x.ID)
	}
	return viewer(d.v, d.x.ID, qa.Moderator)
}

// pass lets the desk's script see the room.
func (d moderateDesk) pass() string {
	if d.link != nil {
		return linkPass(d.v, d.link.Link, d.x.ID)
	}
	signed, _ := pass(d.v, d.x.ID, realtime.Moderator)
	return signed
}

// wholeDay is how the page of a link is asked for all sessions of its room.
const wholeDay = "?day=all"

// rooms is the list that the desk belongs to.
func (d moderateDesk) rooms() string {
	if d.link != nil {
		return d.link.Self + wholeDay
	}
	return "/desk" + d.v.Edition.Path() + "/live"
}

// discussion is what the day leaves behind; it is for those who have the role.
func (d moderateDesk) discussion() string {
	if d.link != nil {
		return ""
	}
	return d.base + "/discussion"
}

// moderateNext is the room's next session, to go on to when this one is over.
type moderateNext struct {
	Title      page.Words
	Time, Href string
}

func (d moderateDesk) next() *moderateNext {
	if d.x.Room == nil {
		return nil
	}
	x := nextIn(d.programme, d.x.Room.ID, d.x.StartsAt)
	if x == nil || !sameDay(d.v, x.StartsAt, d.x.StartsAt) {
		return nil
	}
	base := "/desk" + d.v.Edition.Path() + "/live"
	if d.link != nil {
		base = d.link.Self
	}
	return &moderateNext{Title: d.v.SessionWords(x, x.Title), Time: text.Clock(d.v.Lang, x.StartsAt), Href: base + "/" + url.PathEscape(x.Slug)}
}

// ModerateRoom is where a moderator's link leads: to the session that is on in its
// room, or to the list of them.
func (s Pages) ModerateRoom(v *page.Visit) error {
	return s.opened(v, qa.Moderator, func(k linked) error {
		p := deskLivePage{}
		if k.Room == nil {
			p.Empty = templates.Empty{Title: v.T("board.none_title"), Text: v.T("board.unpublished")}
			return v.Render("live/desk", v.T("live.desk_title"), p)
		}
		delays, err := s.Program.Delays(v.Ctx, v.Edition.ID)
		if err != nil {
			return err
		}
		if at := follow(k.Programme, delays, k.Room.ID, v.Now); v.Query("day") == "" && at.Session != nil && sameDay(v, at.Session.StartsAt, v.Now) {
			return v.Redirect(k.Self + "/" + url.PathEscape(at.Session.Session.Slug))
		}
		rooms, err := s.QA.Rooms(v.Ctx, sessionIDs(k.Programme))
		if err != nil {
			return err
		}
		p.Room = v.Words(k.Room.Name)
		p.days(v, k.Programme, func(x *program.Session) (deskLiveRow, bool) {
			row := newDeskLiveRow(v, x, rooms)
			row.Href, row.Room = k.Self+"/"+url.PathEscape(x.Slug), page.Words{}
			return row, slices.Contains(k.Programme.ByRoom(k.Room.ID), x)
		})
		return v.Render("live/desk", v.T("links.moderator_of", "room", p.Room.Text), p)
	})
}
