package live

import (
	"net/url"
	"time"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// stagePage is what the host on stage has on a tablet: what is being answered, what
// comes next and one button to get there.
type stagePage struct {
	Room     page.Words
	Title    page.Words
	Empty    *templates.Empty
	Tag      templates.Tag
	When     string
	Late     string
	Left     *timeLeft
	Now      *boardQuestion
	Next     *boardQuestion
	Queue    []boardQuestion // after the next
	Undo     bool
	Closed   bool
	Messages []stageMessage
	Polls    []stagePoll
	Problem  string
	Coming   string        // what the page moves on to
	Others   []stageChoice // the day's sessions of the room
	Auto     bool          // the page follows the room; else somebody chose a session
	Key      string
	Self     string // the page itself, with what was chosen
	Link     string // the page without it
	Session  string
	Script   boardScript
}

func (p stagePage) Shape(f *page.Frame) {
	f.Bare = true
	f.Scripts = append(f.Scripts, "live-board")
}

// timeLeft is how long a session goes on; the script counts it down.
type timeLeft struct {
	Ends  int64
	Text  string
	Short bool // it is time to come to an end
	Until bool // it has not begun: counts to its beginning
}

// stageMessage is a moderator's word to the stage.
type stageMessage struct {
	ID, Text, Time string
	Seen           bool
}

// stagePoll is a poll with what the host may do to it.
type stagePoll struct {
	ID, Text, State, Voters string
	Ends                    int64 // when it closes
	Left                    string
	Acts                    []moderateAct
}

type stageChoice struct {
	Title   page.Words
	Time    string
	Href    string
	Current bool
}

// shortLeft is from when the time left stands out.
const shortLeft = 5 * time.Minute

// Stage shows the room of the link.
func (s Pages) Stage(v *page.Visit) error {
	return s.opened(v, qa.Stage, func(k linked) error { return s.showStage(v, k, v.Blank(), v.Query("session")) })
}

func (s Pages) showStage(v *page.Visit, k linked, f *page.Form, chosen string) error {
	p := stagePage{Link: k.Self, Self: k.Self, Key: f.Key(), Auto: chosen == ""}
	if k.Room == nil {
		p.Empty = &templates.Empty{Title: v.T("board.none_title"), Text: v.T("board.unpublished")}
		p.Script = board{}.script(v, k, following{})
		return v.Render("live/stage", v.T("board.stage"), p)
	}
	p.Room = v.Words(k.Room.Name)
	delays, err := s.Program.Delays(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	at := follow(k.Programme, delays, k.Room.ID, v.Now)
	if chosen != "" {
		if at, err = k.chosen(v, delays, chosen); err != nil {
			return err
		}
		p.Self += "?session=" + at.Session.Session.Slug
	}
	if at.Session == nil {
		p.Empty = &templates.Empty{Title: v.T("board.none_title"), Text: v.T("board.none_text")}
		p.Script = board{}.script(v, k, at)
		return v.Render("live/stage", v.T("board.stage"), p)
	}
	b, err := s.readBoard(v, at.Session.Session, qa.Stage)
	if err != nil {
		return err
	}
	p.session(v, k, at, delays)
	p.questions(v, at.Session.Session, b)
	p.refused(f)
	p.Script = b.script(v, k, at)
	return v.Render("live/stage", v.T("board.stage_of", "room", p.Room.Text), p)
}

// chosen is a session of the room that somebody picked by hand.
func (k linked) chosen(v *page.Visit, delays program.Delays, slug string) (following, error) {
	x, err := liveOf(k.Programme.BySlug(slug))
	if err == nil {
		x, err = k.session(x.ID)
	}
	if err != nil {
		return following{}, err
	}
	r := delays.Shift(x)
	return following{Session: &r, On: !r.StartsAt.After(v.Now) && r.EndsAt.After(v.Now), Over: !r.EndsAt.After(v.Now)}, nil
}

// session fills in what the programme knows.
func (p *stagePage) session(v *page.Visit, k linked, at following, delays program.Delays) {
	x := at.Session.Session
	p.Title, p.Session = v.SessionWords(x, x.Title), x.ID
	p.When = boardWhen(v, at.Session)
	p.Tag = boardTag(v, at)
	if at.Session.Late > 0 {
		p.Late = v.T("board.late", "n", int64(at.Session.Late/time.Minute))
	}
	p.Left = newTimeLeft(v, at)
	if at.Next != nil {
		p.Coming = text.Clock(v.Lang, v.Edition.Local(at.Next.StartsAt)) + " " + v.SessionWords(at.Next.Session, at.Next.Session.Title).Text
		if !sameDay(v, at.Next.StartsAt, v.Now) {
			p.Coming = ""
		}
	}
	for _, y := range k.Programme.ByRoom(k.Room.ID) {
		if y.Kind == program.Break || y.Cancelled || !sameDay(v, y.StartsAt, at.Session.StartsAt) {
			continue
		}
		r := delays.Shift(y)
		p.Others = append(p.Others, stageChoice{Title: v.SessionWords(y, y.Title), Time: boardSpan(v, &r), Href: k.Self + "?session=" + y.Slug, Current: y.ID == x.ID})
	}
}

// boardSpan is when a session really is.
func boardSpan(v *page.Visit, r *program.Running) string {
	return text.Span(v.Lang, v.Edition.Local(r.StartsAt), v.Edition.Local(r.EndsAt))
}

// boardWhen adds the date unless it is today's.
func boardWhen(v *page.Visit, r *program.Running) string {
	if sameDay(v, r.StartsAt, v.Now) {
		return boardSpan(v, r)
	}
	return page.UpperFirst(text.LongDate(v.Lang, v.Edition.Local(r.StartsAt))) + " " + boardSpan(v, r)
}

func boardTag(v *page.Visit, at following) templates.Tag {
	switch {
	case at.On:
		return templates.Tag{Kind: "live", Text: v.T("live.on")}
	case at.Over:
		return templates.Tag{Kind: "plain", Text: v.T("live.over")}
	}
	return templates.Tag{Kind: "plain", Text: v.T("live.soon")}
}

// newTimeLeft counts to the end of what is on, or to the beginning of what comes today.
func newTimeLeft(v *page.Visit, at following) *timeLeft {
	end, key := at.Session.EndsAt, "board.left"
	switch {
	case at.On:
	case at.Over:
		key = "board.over"
	case sameDay(v, at.Session.StartsAt, v.Now):
		end, key = at.Session.StartsAt, "board.until"
	default:
		return nil
	}
	left := end.Sub(v.Now)
	// Rounded up: one minute is left until none is.
	minutes := int64((left.Abs() + time.Minute - 1) / time.Minute)
	if left < 0 {
		minutes = int64(-left / time.Minute)
	}
	return &timeLeft{Ends: end.UnixMilli(), Text: v.T(key, "n", minutes), Short: key != "board.until" && left <= shortLeft, Until: key == "board.until"}
}

// questions fills in the live room.
func (p *stagePage) questions(v *page.Visit, x *program.Session, b board) {
	p.Closed = b.Room.State == qa.RoomClosed || !b.Known
	if q := b.now(); q != nil {
		row := b.question(v, x, *q)
		p.Now = &row
	}
	for i, q := range b.queue() {
		row := b.question(v, x, q)
		if i == 0 {
			p.Next = &row
		} else {
			p.Queue = append(p.Queue, row)
		}
	}
	p.Undo = p.Now != nil || b.Room.Counts.Answered > 0
	for _, m := range b.Room.Messages {
		p.Messages = append(p.Messages, stageMessage{ID: m.ID, Text: m.Text, Time: text.Clock(v.Lang, v.Edition.Local(m.At)), Seen: m.SeenAt != nil})
	}
	for _, shown := range b.Polls {
		p.Polls = append(p.Polls, newStagePoll(v, shown))
	}
}

// stagePollActs are the buttons of a poll in each state.
var stagePollActs = map[poll.State][]qa.Act{
	poll.StateDraft: {poll.ActOpen}, poll.StateOpen: {poll.ActClose}, poll.StateClosing: {poll.ActClose, poll.ActReopen}, poll.StateClosed: {poll.ActReopen},
}

func newStagePoll(v *page.Visit, shown poll.Shown) stagePoll {
	row := stagePoll{ID: shown.ID, Text: shown.Text, State: v.T("poll.state." + string(shown.State)), Voters: v.T("poll.voters", "n", shown.Voters)}
	if shown.State == poll.StateClosing && shown.ClosesAt != nil {
		row.Ends, row.Left = shown.ClosesAt.UnixMilli(), closesIn(v, *shown.ClosesAt)
	}
	for _, do := range stagePollActs[shown.State] {
		row.Acts = append(row.Acts, moderateAct{Do: string(do), Text: v.T("poll.act." + string(do))})
	}
	return row
}

// refused tells what was wrong with a press.
func (p *stagePage) refused(f *page.Form) {
	for _, problem := range f.Errors("text") {
		p.Problem = problem
	}
}

// StageAct does what the host pressed.
func (s Pages) StageAct(v *page.Visit) error {
	return s.opened(v, qa.Stage, func(k linked) error {
		f := v.Sent()
		x, err := k.session(f.Get("session"))
		if err != nil {
			return err
		}
		ack := s.stageDo(v, k, x, f)
		if ack.Code == "" {
			return v.Redirect(k.Self + stageQuery(v))
		}
		if err := stageNotDone(f, ack); err != nil {
			return err
		}
		return s.showStage(v, k, f, v.Query("session"))
	})
}

// stageNotDone keeps the page on screen: whatever went wrong, the host goes on.
func stageNotDone(f *page.Form, ack qa.Ack) error {
	err := ack.Err()
	if kind := fail.KindOf(err); kind == fail.Internal || kind == fail.Busy {
		return err
	}
	f.Note("text", ack.Code.Key(), ack.Args...)
	f.V.C.Status(page.Statuses[fail.KindOf(err)])
	return nil
}

func (s Pages) stageDo(v *page.Visit, k linked, x *program.Session, f *page.Form) qa.Ack {
	do, who := qa.Act(f.Get("do")), linkViewer(v, k.Link, x.ID)
	// One form holds several buttons, and its key stands for one press of one of them.
	op := db.HashBody([]string{f.Key(), string(do), f.Get("question"), f.Get("message"), f.Get("poll")})[:32]
	if poll.Knows(do) && s.Polls != nil {
		return s.Polls.Do(v.Ctx, who, poll.Request{Op: op, Do: do, Poll: f.Get("poll")})
	}
	return s.QA.Do(v.Ctx, who, qa.Request{Op: op, Do: do, Question: f.Get("question"), Message: f.Get("message")})
}

// stageQuery keeps the session that was chosen.
func stageQuery(v *page.Visit) string {
	if slug := v.Query("session"); slug != "" {
		return "?session=" + url.QueryEscape(slug)
	}
	return ""
}
