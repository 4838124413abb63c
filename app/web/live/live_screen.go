package live

import (
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"agora/app/edition"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// screenPage is what the hall sees on the wall, or the stream over its picture.
// There is nothing to press.
type screenPage struct {
	Overlay  bool // over a picture: transparent, and only what is happening
	Counts   bool
	Mark     page.Words // the edition
	Room     page.Words
	Title    page.Words
	Clock    string
	Mode     string // now, poll, questions, between or over
	Now      *boardQuestion
	Poll     *screenPoll
	Top      []boardQuestion
	Figures  qa.Counts
	Join     *screenJoin
	Next     *screenNext
	Pause    page.Words
	Until    string // when the pause is over
	Hashtag  string
	Partners []screenPartner
	Script   boardScript
}

func (p screenPage) Shape(f *page.Frame) {
	f.Bare = true
	f.Scripts = append(f.Scripts, "live-board")
}

// screenJoin is the way in: for cameras and for those who type.
type screenJoin struct {
	QR   template.HTML
	At   string // where the code is typed
	Code string
}

// screenNext is the session that comes.
type screenNext struct {
	Title    page.Words
	Time     string
	Speakers string
}

type screenPartner struct{ Name, Logo string }

const (
	// wallText is how much of a question the wall shows: more cannot be read from
	// the last row.
	wallText = 300
	// topShort and topLong are how many waiting questions there is room for, beside
	// what is being answered and alone.
	topShort, topLong = 3, 5
	// resultTime is how long the result of a poll stays when nothing else comes.
	resultTime = 3 * time.Minute
)

// Screen shows the room of the link. The wall speaks the edition's first language,
// whatever the browser of its machine would like.
func (s Pages) Screen(v *page.Visit) error {
	return s.opened(v, qa.Screen, func(k linked) error {
		if v.Query("lang") == "" && len(v.Edition.Languages) > 0 {
			v.Lang = v.Edition.Languages[0]
		}
		delays, err := s.Program.Delays(v.Ctx, v.Edition.ID)
		if err != nil {
			return err
		}
		p := screenPage{Overlay: v.Query("overlay") == "1", Counts: v.Query("counts") != "0", Mark: v.Words(v.Edition.Title),
			Clock: text.Clock(v.Lang, v.Edition.Local(v.Now)), Hashtag: v.Edition.Series.Hashtag, Mode: "over"}
		var at following
		if k.Room != nil {
			p.Room, at = v.Words(k.Room.Name), follow(k.Programme, delays, k.Room.ID, v.Now)
		}
		if err := s.fillScreen(v, k, at, &p); err != nil {
			return err
		}
		return v.Render("live/screen", v.T("board.screen_of", "room", p.Room.Text), p)
	})
}

func (s Pages) fillScreen(v *page.Visit, k linked, at following, p *screenPage) (err error) {
	if at.Session == nil {
		p.Script = board{}.script(v, k, at)
		return s.between(v, at, p)
	}
	x := at.Session.Session
	b, err := s.readBoard(v, x, qa.Screen)
	if err != nil {
		return err
	}
	p.Script = b.script(v, k, at)
	p.Figures = b.Room.Counts
	if p.Join, err = s.join(v, k, x, b); err != nil {
		return err
	}
	p.happening(v, x, b)
	if p.Mode == "" && at.On {
		p.Mode = "questions"
	}
	if p.Mode == "" {
		return s.between(v, at, p)
	}
	p.Title = v.SessionWords(x, x.Title)
	for _, q := range b.top(p.roomFor()) {
		p.Top = append(p.Top, wall(b.question(v, x, q)))
	}
	return nil
}

// roomFor is how many waiting questions fit beside what is shown: a poll needs the
// whole wall, a long question most of it.
func (p *screenPage) roomFor() int {
	switch {
	case p.Mode == "questions":
		return topLong
	case p.Mode == "poll" || p.Now.Longest:
		return 0
	case p.Now.Long:
		return 1
	}
	return topShort
}

// happening fills in what is being answered or voted on. A poll that runs comes
// first, for people have their phones out; a result gives way to the next question.
func (p *screenPage) happening(v *page.Visit, x *program.Session, b board) {
	p.Mode = ""
	now := b.now()
	for _, shown := range b.Polls {
		over := shown.State == poll.StateClosed
		if over && (shown.ClosesAt == nil || v.Now.Sub(*shown.ClosesAt) > resultTime || now != nil && now.NowAt != nil && now.NowAt.After(*shown.ClosesAt)) {
			continue
		}
		p.Mode, p.Poll = "poll", newScreenPoll(v, shown, p.Counts)
		if !over {
			return
		}
	}
	if p.Poll == nil && now != nil {
		row := wall(b.question(v, x, *now))
		p.Mode, p.Now = "now", &row
	}
}

// wall shortens a question to what can be read from the last row.
func wall(q boardQuestion) boardQuestion {
	if utf8.RuneCountInString(q.Text) > wallText {
		cut := string([]rune(q.Text)[:wallText])
		if i := strings.LastIndexAny(cut, " \n"); i > 0 {
			cut = cut[:i]
		}
		q.Text = strings.TrimRight(cut, " .,;:–-") + " …"
	}
	return q
}

// between fills in what is shown when nothing is on: what comes, and who is thanked.
func (s Pages) between(v *page.Visit, at following, p *screenPage) error {
	next := at.Next
	if at.Session != nil && !at.Over {
		next = at.Session
	}
	if next != nil {
		x := next.Session
		p.Mode, p.Next = "between", &screenNext{Title: v.SessionWords(x, x.Title), Time: boardWhen(v, next), Speakers: speakersOf(x)}
	} else {
		p.Mode, p.Join = "over", nil
	}
	if at.Break != nil {
		p.Pause = v.SessionWords(at.Break.Session, at.Break.Session.Title)
		p.Until = text.Clock(v.Lang, v.Edition.Local(at.Break.EndsAt))
	}
	thanked, err := s.Editions.Thanked(v.Ctx, v.Edition)
	for _, t := range thanked {
		if t.Kind == edition.Partner {
			p.Partners = append(p.Partners, screenPartner{Name: t.Name, Logo: page.LogoPath(v.Edition, t)})
		}
	}
	return err
}

func speakersOf(x *program.Session) string {
	names := make([]string, len(x.Speakers))
	for i, who := range x.Speakers {
		names[i] = who.Name
	}
	return strings.Join(names, ", ")
}

// join is how those in the hall get to the room; nil where nobody can ask any more.
func (s Pages) join(v *page.Visit, k linked, x *program.Session, b board) (*screenJoin, error) {
	if !takesQuestions(v, x) || b.Room.State == qa.RoomClosed {
		return nil, nil
	}
	day := s.Config.BaseURL + v.Edition.Path() + "/live"
	_, short, _ := strings.Cut(day, "://")
	qr, err := templates.QR(day+"?room="+url.QueryEscape(k.Room.Slug), v.T("board.qr", "address", short))
	if err != nil {
		return nil, err
	}
	code, err := s.JoinCode(v, v.Edition)
	return &screenJoin{QR: qr, At: s.Base.Host + "/join", Code: code}, err
}
