package live

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
	"agora/realtime"
)

// linked is a room as the link of the address opens it.
type linked struct {
	Link      qa.Link
	Programme *program.Programme
	Room      *program.Room // nil while no programme with it is published
	Self      string
}

// opened opens the link of the address. One that was renewed says whom to ask, and
// shows nothing of the room.
func (s Pages) opened(v *page.Visit, view qa.View, then func(k linked) error) error {
	l, err := s.QA.OpenLink(v.Ctx, view, v.Param("token"))
	ended := fail.Is(err, fail.Gone)
	if err != nil && !ended {
		return err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, l.EditionID); err != nil {
		return err
	}
	if ended {
		v.C.Status(page.Statuses[fail.Gone])
		return v.Render("live/ended", v.T("board.ended_title"), endedPage{Contact: v.Words(v.Edition.Practical["contact"]), Href: v.Edition.Path()})
	}
	k := linked{Link: l, Self: linkPath(view) + v.Param("token")}
	if k.Programme, err = s.Program.Programme(v.Ctx, v.Edition); err != nil {
		return err
	}
	for _, r := range k.Programme.Rooms {
		if r.ID == l.RoomID {
			k.Room = r
		}
	}
	return then(k)
}

// linkPath is where the links of a view begin.
func linkPath(view qa.View) string {
	if view == qa.Moderator {
		return "/moderate/"
	}
	return "/" + view.String() + "/"
}

// endedPage says that a link was renewed.
type endedPage struct {
	Contact page.Words
	Href    string
}

// session gives a session of the link's room; any other is not there.
func (k linked) session(id string) (*program.Session, error) {
	x, err := liveOf(k.Programme.ByID(id))
	if err != nil || x.Room == nil || x.Room.ID != k.Link.RoomID {
		return nil, fail.Missing("program.session_missing")
	}
	return x, nil
}

// linkMark begins the voter of whoever came by a link. What tells browsers apart
// holds no colon, so neither passes for the other.
const linkMark = "link:"

// linkViewer is whoever came by a link. The link is part of it, so that its end ends
// the passes that were made from it.
func linkViewer(v *page.Visit, l qa.Link, session string) qa.Viewer {
	return qa.Viewer{Room: session, View: l.View, Voter: fmt.Sprintf("%s%s:%d:%s", linkMark, l.RoomID, l.Number, voter(v, session))}
}

// linkPass signs what a link lets see of a session's live room.
func linkPass(v *page.Visit, l qa.Link, session string) string {
	who := linkViewer(v, l, session)
	p := realtime.Pass{Room: session, View: realtime.View(l.View), Voter: who.Voter, Lang: string(v.Lang), Expires: v.Now.Add(staffPass)}
	return p.Sign(liveKey(v.Site.Config.Secret, "pass"))
}

// linkOf reads the link out of a viewer who came by one.
func linkOf(who realtime.Viewer) (qa.Link, bool) {
	rest, ok := strings.CutPrefix(who.Voter, linkMark)
	parts := strings.Split(rest, ":")
	if !ok || len(parts) != 3 {
		return qa.Link{}, false
	}
	number, err := strconv.ParseInt(parts[1], 10, 64)
	return qa.Link{RoomID: parts[0], View: qa.View(who.View), Number: number}, err == nil
}

// linkAdmit asks again whether a link still stands and the session still is in its room.
func (s Pages) linkAdmit(ctx context.Context, who realtime.Viewer, l qa.Link) error {
	stands, err := s.QA.LinkStands(ctx, &l)
	if err != nil {
		return err
	}
	if !stands {
		return realtime.ErrNotAllowed
	}
	e, err := s.liveEdition(ctx, who.Room)
	if fail.Is(err, fail.NotFound) {
		return realtime.ErrNotAllowed
	}
	if err != nil {
		return err
	}
	p, err := s.Program.Programme(ctx, e)
	if err != nil {
		return err
	}
	if _, err := (linked{Link: l, Programme: p}).session(who.Room); err != nil {
		return realtime.ErrNotAllowed
	}
	return nil
}
