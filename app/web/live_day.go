package web

import (
	"encoding/json"
	"slices"
	"time"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
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
	Materials string
	Script    liveDayScript
}

func (p liveDayPage) shape(f *frame) {
	if p.Script.Change > 0 {
		f.Scripts = append(f.Scripts, "live-day")
	}
}

// liveRoomCard is a room to choose.
type liveRoomCard struct {
	Room  words
	Title words
	Href  string
	On    bool
	Break words // what the pause is called
	Time  string
	Count int64 // questions everybody sees
	Known bool
	Next  string
}

// liveWaiting is the room somebody chose, between two sessions.
type liveWaiting struct {
	Room  words
	Title words
	Time  string
	Href  string
}

// livePast is a session whose questions can be read.
type livePast struct {
	Title    words
	Href     string
	Asked    int64
	Answered int64
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

// liveDay shows the day, or leads to the room somebody chose before.
func (s *Site) liveDay(v *visit) error {
	programme, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	chosen := programme.RoomBySlug(v.query("room"))
	if chosen != nil {
		if x := talkIn(programme, chosen.ID, v.now); x != nil {
			return v.redirect(v.sessionHref(x) + "/live?room=" + queryEscape(chosen.Slug))
		}
	}
	counts, err := s.QA.Counts(v.ctx, sessionIDs(programme))
	if err != nil {
		return err
	}
	p := v.liveDayPage(programme, counts)
	if chosen != nil {
		p.Waiting, p.Script.Room = v.liveWaiting(programme, chosen), true
	}
	return v.render("live/day", v.t("live.day_title"), p)
}

func sessionIDs(p *program.Programme) []string {
	ids := make([]string, 0, len(p.Sessions))
	for _, x := range p.Sessions {
		ids = append(ids, x.ID)
	}
	return ids
}

func (v *visit) liveDayPage(programme *program.Programme, counts map[string]qa.Counts) liveDayPage {
	p := liveDayPage{Materials: v.edition.Path() + "/materials", Zone: v.zoneWords()}
	p.Script.Now = v.now.UnixMilli()
	if programme.Empty() {
		p.Empty = templates.Empty{Title: v.t("live.day_empty_title"), Text: v.t("live.day_empty"), Href: v.edition.Path(), Action: v.t("web.to_edition")}
		return p
	}
	for _, room := range programme.Rooms {
		if card, ok := v.liveRoomCard(programme, room, counts); ok {
			p.Rooms = append(p.Rooms, card)
		}
	}
	for _, x := range programme.ByRoom("") {
		if x.On(v.now) && x.Kind != program.Break {
			p.Rooms = append(p.Rooms, v.liveCard(x, counts))
		}
	}
	// What is on comes first; otherwise rooms stay in their order.
	slices.SortStableFunc(p.Rooms, func(a, b liveRoomCard) int { return onFirst(a) - onFirst(b) })
	p.Over = len(p.Rooms) == 0
	if next := v.liveSoonest(programme); next != nil && !p.Rooms[0].On {
		p.When = upperFirst(text.LongDate(v.lang, next.StartsAt)) + " " + text.At(v.lang, next.StartsAt)
	}
	p.Script.Change = v.liveChange(programme)
	for _, x := range programme.Sessions {
		if c := counts[x.ID]; c.Approved > 0 && !x.EndsAt.After(v.now) {
			p.Past = append(p.Past, livePast{Title: v.sessionWords(x, x.Title), Href: v.sessionHref(x) + "#questions", Asked: c.Asked, Answered: c.Answered})
		}
	}
	return p
}

func onFirst(c liveRoomCard) int {
	if c.On {
		return 0
	}
	return 1
}

// liveRoomCard is a room with what is on there now and next; one whose day is
// over has none.
func (v *visit) liveRoomCard(p *program.Programme, room *program.Room, counts map[string]qa.Counts) (liveRoomCard, bool) {
	now, next := talkIn(p, room.ID, v.now), nextTalk(p, room.ID, v.now)
	var card liveRoomCard
	switch {
	case now != nil:
		card = v.liveCard(now, counts)
	case next != nil:
		card = liveRoomCard{Title: v.sessionWords(next, next.Title), Time: v.liveWhen(next)}
		if pause := p.NowIn(room.ID, v.now); pause != nil {
			card.Break = v.sessionWords(pause, pause.Title)
		}
	default:
		return card, false
	}
	card.Room, card.Href = v.words(room.Name), v.edition.Path()+"/live?room="+queryEscape(room.Slug)
	if now != nil && next != nil {
		card.Next = text.Clock(v.lang, next.StartsAt) + " " + v.sessionWords(next, next.Title).Text
		if next.StartsAt.Format(time.DateOnly) != now.StartsAt.Format(time.DateOnly) {
			card.Next = ""
		}
	}
	return card, true
}

func (v *visit) liveCard(x *program.Session, counts map[string]qa.Counts) liveRoomCard {
	c, known := counts[x.ID]
	return liveRoomCard{Title: v.sessionWords(x, x.Title), Href: v.sessionHref(x) + "/live", On: true,
		Time: text.Span(v.lang, x.StartsAt, x.EndsAt), Count: c.Approved, Known: known}
}

// liveWaiting is nil when nothing more comes in the room.
func (v *visit) liveWaiting(p *program.Programme, room *program.Room) *liveWaiting {
	w := &liveWaiting{Room: v.words(room.Name)}
	if next := nextTalk(p, room.ID, v.now); next != nil {
		w.Title, w.Time = v.sessionWords(next, next.Title), v.liveWhen(next)
		w.Href = v.sessionHref(next) + "/live?room=" + queryEscape(room.Slug)
	}
	return w
}

// liveSoonest is what comes next anywhere.
func (v *visit) liveSoonest(p *program.Programme) *program.Session {
	for _, x := range p.Sessions {
		if x.StartsAt.After(v.now) && !x.Cancelled && x.Kind != program.Break {
			return x
		}
	}
	return nil
}

// liveChange is the next moment at which the page would look different; 0 after
// the last one.
func (v *visit) liveChange(p *program.Programme) int64 {
	var soonest time.Time
	for _, x := range p.Sessions {
		for _, at := range []time.Time{x.StartsAt, x.EndsAt} {
			if at.After(v.now) && (soonest.IsZero() || at.Before(soonest)) {
				soonest = at
			}
		}
	}
	if soonest.IsZero() {
		return 0
	}
	return soonest.UnixMilli()
}
