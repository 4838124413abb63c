package live

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// linksPage gives the links of each room for its moderators, the stage and the screen.
type linksPage struct {
	Back  string
	Act   string
	Rooms []linksRoom
	Empty *templates.Empty
}

type linksRoom struct {
	Name  page.Words
	Slug  string
	Links []linksRow
}

// linksRow is a link with its code.
type linksRow struct {
	View, Room   string
	Number       int64
	Title, What  string
	URL, Overlay string
	QR           template.HTML
}

func (p linksPage) Shape(f *page.Frame) {
	f.Wide = true
	here(f, p.Back)
}

// handed are the views whose links this page hands out.
var handed = qa.LinkViews

// Links shows the links of the edition's rooms.
func (s Pages) Links(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	made := linksPage{Back: "/desk" + v.Edition.Path() + "/live", Act: v.C.Path()}
	if len(p.Rooms) == 0 {
		made.Empty = &templates.Empty{Title: v.T("links.none_title"), Text: v.T("links.none_text")}
	}
	ids := make([]string, len(p.Rooms))
	for i, r := range p.Rooms {
		ids[i] = r.ID
	}
	links, err := s.QA.Links(v.Ctx, v.Edition.ID, ids)
	if err != nil {
		return err
	}
	for _, r := range p.Rooms {
		room := linksRoom{Name: v.Words(r.Name), Slug: r.Slug}
		for _, view := range handed {
			row, err := s.linkRow(v, r, links[r.ID][view])
			if err != nil {
				return err
			}
			room.Links = append(room.Links, row)
		}
		made.Rooms = append(made.Rooms, room)
	}
	return v.Render("live/links", v.T("links.title"), made)
}

func (s Pages) linkRow(v *page.Visit, r *program.Room, l qa.Link) (linksRow, error) {
	view, name := l.View.String(), v.Words(r.Name).Text
	row := linksRow{View: view, Room: r.ID, Number: l.Number, Title: v.T("links." + view), What: v.T("links." + view + "_what"),
		URL: s.Config.BaseURL + linkPath(l.View) + s.QA.Token(l)}
	if l.View == qa.Screen {
		row.Overlay = row.URL + "?overlay=1"
	}
	code, err := templates.QR(row.URL, v.T("links.qr", "room", name, "view", row.Title))
	row.QR = code
	return row, err
}

// LinksRenew ends a link and gives the room another. Whoever has the old one open is
// shown out.
func (s Pages) LinksRenew(v *page.Visit) error {
	f := v.Sent()
	number, err := strconv.ParseInt(f.Get("number"), 10, 64)
	i := slices.IndexFunc(handed[:], func(view qa.View) bool { return view.String() == f.Get("view") })
	if err != nil || i < 0 {
		return fail.Missing("qa.link.missing")
	}
	l := qa.Link{EditionID: v.Edition.ID, RoomID: f.Get("room"), View: handed[i], Number: number}
	if err := s.QA.RenewLink(v.Ctx, v.Person.ID, l); err != nil {
		return err
	}
	if err := s.showOut(v, l); err != nil {
		return err
	}
	v.Say("success", "flash.link_renewed")
	return v.Redirect(v.C.Path())
}

// showOut closes what this node has open by an old link; others notice when they ask
// for their rights again, some seconds later.
func (s Pages) showOut(v *page.Visit, l qa.Link) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil || s.Hub == nil {
		return err
	}
	old := linkMark + l.RoomID + ":" + strconv.FormatInt(l.Number, 10) + ":"
	for _, x := range p.ByRoom(l.RoomID) {
		s.Hub.Dismiss(x.ID, func(who realtime.Viewer) bool {
			return qa.View(who.View) == l.View && strings.HasPrefix(who.Voter, old)
		})
	}
	return nil
}
