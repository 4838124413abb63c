package public

import (
	"fmt"
	"strings"
	"time"

	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// nowPage is what goes on in each room and what comes next, by the times that
// sessions really have.
type nowPage struct {
	Empty   *templates.Empty
	Rooms   []nowRoom
	Zone    string
	Program string
}

type nowRoom struct {
	Name      page.Words
	Late      string // in words; empty when on time
	Now, Next *nowSession
}

type nowSession struct {
	Title     page.Words
	Href      string // empty for a break
	Live      string
	Time, Was string
	Speakers  string
}

func (p nowPage) Shape(f *page.Frame) { f.Wide, f.Scripts = true, append(f.Scripts, "now") }

// Now shows the rooms. The page is the same for everybody until something begins,
// ends or is delayed, so a hall that looks at it costs no more than one viewer.
func (s Pages) Now(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	delays, err := s.Program.Delays(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	rooms := today(v, p, p.NowNext(v.Now, delays))
	return v.PublicPage("program/now", v.T("now_page.title"), fmt.Sprint(p.Edition.Revision, nowKey(rooms)), func() (any, error) {
		made := nowPage{Zone: v.ZoneWords(), Program: v.Edition.Path() + "/program"}
		for _, r := range rooms {
			made.Rooms = append(made.Rooms, newNowRoom(v, r))
		}
		if len(rooms) == 0 {
			made.Empty = &templates.Empty{Title: v.T("now_page.none_title"), Text: v.T("now_page.none_text"), Href: made.Program, Action: v.T("now_page.to_program")}
		}
		return made, nil
	})
}

// today leaves the rooms where something is on or still comes on this day.
func today(v *page.Visit, p *program.Programme, list []program.RoomNow) []program.RoomNow {
	day := p.DayOn(v.Now)
	date := v.Edition.Local(v.Now).Format(time.DateOnly)
	var kept []program.RoomNow
	for _, r := range list {
		if r.Next != nil {
			starts := v.Edition.Local(r.Next.Session.StartsAt)
			if starts.Format(time.DateOnly) != date && (day == nil || !starts.Before(day.Closes)) {
				r.Next = nil
			}
		}
		if r.Now != nil || r.Next != nil {
			kept = append(kept, r)
		}
	}
	return kept
}

// nowKey is everything the page of the rooms depends on.
func nowKey(rooms []program.RoomNow) string {
	var b strings.Builder
	for _, r := range rooms {
		for _, x := range []*program.Running{r.Now, r.Next} {
			if x != nil {
				fmt.Fprint(&b, x.Session.ID, x.StartsAt.Unix(), " ", x.EndsAt.Unix())
			}
			b.WriteByte(';')
		}
		fmt.Fprint(&b, r.Delay, "\n")
	}
	return b.String()
}

func newNowRoom(v *page.Visit, r program.RoomNow) nowRoom {
	room := nowRoom{Name: page.Words{Text: v.T("programme.no_room")}}
	if r.Room != nil {
		room.Name = v.Words(r.Room.Name)
	}
	if r.Delay > 0 {
		room.Late = v.T("now_page.late", "minutes", int64(r.Delay/time.Minute))
	}
	room.Now, room.Next = newNowSession(v, r.Now, true), newNowSession(v, r.Next, false)
	return room
}

func newNowSession(v *page.Visit, r *program.Running, on bool) *nowSession {
	if r == nil {
		return nil
	}
	x := r.Session
	from, to := v.Edition.Local(r.StartsAt), v.Edition.Local(r.EndsAt)
	n := &nowSession{Title: v.SessionWords(x, x.Title), Time: text.Span(v.Lang, from, to), Speakers: strings.Join(speakerNames(x), ", ")}
	if !from.Equal(x.StartsAt) {
		n.Was = v.T("now_page.was", "when", text.At(v.Lang, x.StartsAt))
	}
	if x.Kind != program.Break {
		n.Href = v.SessionHref(x)
		if on {
			n.Live = n.Href + "/live"
		}
	}
	return n
}
