package live

import (
	"encoding/json"
	"html/template"
	"net/url"
	"slices"
	"time"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// liveDayPage is the one address of the whole day: every room with what is on
// there and what comes.
type liveDayPage struct {
	When      string // of the next session, while none is on
	Zone      string
	Over      bool
	Empty     templates.Empty
	Waiting   *liveWaiting
	Rooms     []liveRoomCard
	Past      []livePast
	Coming    []liveComing
	Join      *liveJoin
	Materials string
	NowHref   string // where delays are told
	Script    liveDayScript
}

func (p liveDayPage) Shape(f *page.Frame) {
	if p.Script.Change > 0 {
		f.Scripts = append(f.Scripts, "live-day")
	}
}

// liveRoomCard is a room to choose.
type liveRoomCard struct {
	Room  page.Words
	Title page.Words
	Href  string
	On    bool
	Break page.Words // what the pause is called
	Time  string
	Count int64 // questions everybody sees
	Known bool
	Next  string
}

// liveWaiting is the room somebody chose, between two sessions.
type liveWaiting struct {
	Room  page.Words
	Title page.Words
	Time  string
	Href  string
}

// livePast is a session whose questions can be read.
type livePast struct {
	Title    page.Words
	Href     string
	Asked    int64
	Answered int64
}

// liveComing is a session one may ask in already.
type liveComing struct {
	Title page.Words
	Time  string
	Href  string
	Count int64
}

// liveJoin brings somebody else along.
type liveJoin struct {
	QR   template.HTML
	Code string
	At   string // where the code is written
}

// liveDayScript says when the page is out of date, on the server's clock.
type liveDayScript struct {
	Now    int64 `json:"now"`
	Change int64 `json:"change"`
	Room   bool  `json:"room"`
}

// JSON is the script's start in an attribute of the page.
func (s liveDayScript) JSON() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// Day shows the day, or leads to the room somebody chose before.
func (s Pages) Day(v *page.Visit) error {
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	chosen := programme.RoomBySlug(v.Query("room"))
	if chosen != nil {
		if x := nowIn(programme, chosen.ID, v.Now); x != nil {
			return v.Redirect(v.SessionHref(x) + "/live?room=" + url.QueryEscape(chosen.Slug))
		}
	}
	counts, err := s.QA.Counts(v.Ctx, sessionIDs(programme))
	if err != nil {
		return err
	}
	p := newLiveDayPage(v, programme, counts)
	if !p.Over && p.Empty.Title == "" {
		if p.Join, err = s.newLiveJoin(v); err != nil {
			return err
		}
	}
	if chosen != nil {
		p.Waiting, p.Script.Room = newLiveWaiting(v, programme, chosen), true
	}
	return v.Render("live/day", v.T("live.day_title"), p)
}

func sessionIDs(p *program.Programme) []string {
	ids := make([]string, 0, len(p.Sessions))
	for _, x := range p.Sessions {
		ids = append(ids, x.ID)
	}
	return ids
}

func newLiveDayPage(v *page.Visit, programme *program.Programme, counts map[string]qa.Counts) liveDayPage {
	p := liveDayPage{Materials: v.Edition.Path() + "/materials", NowHref: v.Edition.Path() + "/now", Zone: v.ZoneWords()}
	p.Script.Now = v.Now.UnixMilli()
	if programme.Empty() {
		p.Empty = templates.Empty{Title: v.T("live.day_empty_title"), Text: v.T("live.day_empty"), Href: v.Edition.Path(), Action: v.T("web.to_edition")}
		return p
	}
	for _, room := range programme.Rooms {
		if card, ok := newLiveRoomCard(v, programme, room, counts); ok {
			p.Rooms = append(p.Rooms, card)
		}
	}
	for _, x := range programme.ByRoom("") {
		if x.On(v.Now) && x.Kind != program.Break {
			p.Rooms = append(p.Rooms, liveCard(v, x, counts))
		}
	}
	// What is on comes first; otherwise rooms stay in their order.
	slices.SortStableFunc(p.Rooms, func(a, b liveRoomCard) int { return onFirst(a) - onFirst(b) })
	p.Over = len(p.Rooms) == 0
	if next := liveSoonest(v, programme); next != nil && !p.Rooms[0].On {
		p.When = page.UpperFirst(text.LongDate(v.Lang, next.StartsAt)) + " " + text.At(v.Lang, next.StartsAt)
	}
	p.Script.Change = liveChange(v, programme)
	for _, x := range programme.Sessions {
		if c := counts[x.ID]; c.Approved > 0 && !x.EndsAt.After(v.Now) {
			p.Past = append(p.Past, livePast{Title: v.SessionWords(x, x.Title), Href: v.SessionHref(x) + "#questions", Asked: c.Asked, Answered: c.Answered})
		}
		if x.StartsAt.After(v.Now) && !x.Cancelled && x.Kind != program.Break {
			p.Coming = append(p.Coming, liveComing{Title: v.SessionWords(x, x.Title), Time: liveWhen(v, x), Href: v.SessionHref(x) + "/live", Count: counts[x.ID].Approved})
		}
	}
	return p
}

// newLiveJoin is the day's QR code and its short code, for whoever sits beside.
func (s Pages) newLiveJoin(v *page.Visit) (*liveJoin, error) {
	code, err := s.JoinCode(v, v.Edition)
	if err != nil || code == "" {
		return nil, err
	}
	qr, err := templates.QR(s.Config.BaseURL+v.Edition.Path()+"/live", v.T("live.join_qr"))
	return &liveJoin{QR: qr, Code: code, At: s.Base.Host + "/join"}, err
}

func onFirst(c liveRoomCard) int {
	if c.On {
		return 0
	}
	return 1
}

// newLiveRoomCard is a room with what is on there now and next; one whose day is
// over has none.
func newLiveRoomCard(v *page.Visit, p *program.Programme, room *program.Room, counts map[string]qa.Counts) (liveRoomCard, bool) {
	now, next := nowIn(p, room.ID, v.Now), nextIn(p, room.ID, v.Now)
	var card liveRoomCard
	switch {
	case now != nil:
		card = liveCard(v, now, counts)
	case next != nil:
		card = liveRoomCard{Title: v.SessionWords(next, next.Title), Time: liveWhen(v, next)}
		if pause := p.NowIn(room.ID, v.Now); pause != nil {
			card.Break = v.SessionWords(pause, pause.Title)
		}
	default:
		return card, false
	}
	card.Room, card.Href = v.Words(room.Name), v.Edition.Path()+"/live?room="+url.QueryEscape(room.Slug)
	if now != nil && next != nil {
		card.Next = text.Clock(v.Lang, next.StartsAt) + " " + v.SessionWords(next, next.Title).Text
		if next.StartsAt.Format(time.DateOnly) != now.StartsAt.Format(time.DateOnly) {
			card.Next = ""
		}
	}
	return card, true
}

func liveCard(v *page.Visit, x *program.Session, counts map[string]qa.Counts) liveRoomCard {
	c, known := counts[x.ID]
	return liveRoomCard{Title: v.SessionWords(x, x.Title), Href: v.SessionHref(x) + "/live", On: true,
		Time: text.Span(v.Lang, x.StartsAt, x.EndsAt), Count: c.Approved, Known: known}
}

// newLiveWaiting is nil when nothing more comes in the room.
func newLiveWaiting(v *page.Visit, p *program.Programme, room *program.Room) *liveWaiting {
	w := &liveWaiting{Room: v.Words(room.Name)}
	if next := nextIn(p, room.ID, v.Now); next != nil {
		w.Title, w.Time = v.SessionWords(next, next.Title), liveWhen(v, next)
		w.Href = v.SessionHref(next) + "/live?room=" + url.QueryEscape(room.Slug)
	}
	return w
}

// liveSoonest is what comes next anywhere.
func liveSoonest(v *page.Visit, p *program.Programme) *program.Session {
	for _, x := range p.Sessions {
		if x.StartsAt.After(v.Now) && !x.Cancelled && x.Kind != program.Break {
			return x
		}
	}
	return nil
}

// liveChange is the next moment at which the page would look different; 0 after
// the last one.
func liveChange(v *page.Visit, p *program.Programme) int64 {
	var soonest time.Time
	for _, x := range p.Sessions {
		for _, at := range []time.Time{x.StartsAt, x.EndsAt} {
			if at.After(v.Now) && (soonest.IsZero() || at.Before(soonest)) {
				soonest = at
			}
		}
	}
	if soonest.IsZero() {
		return 0
	}
	return soonest.UnixMilli()
}
