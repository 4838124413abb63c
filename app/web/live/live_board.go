package live

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"agora/app/fail"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
)

// board is a live room as stage and screen show it, read once for both page and script.
type board struct {
	Epoch     string
	Version   int64
	Known     bool // there is a room: somebody opened it
	Room      boardRoom
	Questions []qa.Question
	Polls     []poll.Shown
}

type boardRoom struct {
	State    qa.RoomState `json:"state"`
	Counts   qa.Counts    `json:"counts"`
	Queue    []string     `json:"queue"`
	Labels   []qa.Label   `json:"labels"`
	Messages []qa.Message `json:"messages"`
}

// boardScript is what the script starts from; the page is drawn here each time, and
// the socket only says when to ask for it.
type boardScript struct {
	Session string            `json:"session"`
	Slug    string            `json:"slug"`
	View    string            `json:"view"`
	Pass    string            `json:"pass"`
	Since   string            `json:"since"`
	Lang    string            `json:"lang"`
	Zone    string            `json:"zone"`
	Now     int64             `json:"now"`
	Change  int64             `json:"change"`
	Words   map[string]string `json:"words"`
}

// JSON is the start in an attribute of the page.
func (s boardScript) JSON() (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

// boardWords are what live-board.js and its parts say.
var boardWords = []string{"board.left", "board.over", "board.until", "board.off", "board.off_kept", "board.say_now", "board.say_message", "board.closes"}

// boardQuestion is a question read from far away.
type boardQuestion struct {
	ID, Text, Name string
	To             string // whom it is for
	Labels         []string
	Votes          int64
	Long, Longest  bool
	Since          time.Time // taken on stage
}

// longText is from where a question is set smaller: more would not fit on the wall.
const (
	longText    = 90
	longestText = 210 // and from where it stands alone
)

// readBoard reads the live room of a session as a view sees it. The room's version
// is read first, so that it is never newer than what stands beside it.
func (s Pages) readBoard(v *page.Visit, x *program.Session, view qa.View) (b board, err error) {
	if takesQuestions(v, x) {
		if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
			return b, err
		}
	}
	c, err := s.QA.Changes(v.Ctx, x.ID, 0)
	if fail.Is(err, fail.NotFound) {
		return b, nil
	}
	if err != nil {
		return b, err
	}
	b.Epoch, b.Version, b.Known = c.Epoch, c.Version, true
	if err := json.Unmarshal(c.Room[view], &b.Room); err != nil {
		return b, err
	}
	for _, item := range c.Items {
		if item.Views[view] == nil {
			continue
		}
		var q qa.Question
		if err := json.Unmarshal(item.Views[view], &q); err != nil {
			return b, err
		}
		b.Questions = append(b.Questions, q)
	}
	if s.Polls != nil {
		b.Polls, err = s.Polls.List(v.Ctx, x.ID, view)
	}
	return b, err
}

// now is what is being answered, nil when nothing is.
func (b board) now() *qa.Question {
	i := slices.IndexFunc(b.Questions, func(q qa.Question) bool { return q.State == qa.StateNow })
	if i < 0 {
		return nil
	}
	return &b.Questions[i]
}

// queue are the questions chosen for the stage, in their order.
func (b board) queue() []qa.Question {
	var list []qa.Question
	for _, id := range b.Room.Queue {
		if i := slices.IndexFunc(b.Questions, func(q qa.Question) bool { return q.ID == id }); i >= 0 {
			list = append(list, b.Questions[i])
		}
	}
	return list
}

// top are what most want answered, without what is being answered.
func (b board) top(n int) []qa.Question {
	var list []qa.Question
	for _, q := range b.Questions {
		if q.State == qa.StateApproved || q.State == qa.StateQueued {
			list = append(list, q)
		}
	}
	slices.SortFunc(list, func(a, b qa.Question) int {
		return cmp.Or(cmp.Compare(b.Votes, a.Votes), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(n, len(list))]
}

func (b board) question(v *page.Visit, x *program.Session, q qa.Question) boardQuestion {
	row := boardQuestion{ID: q.ID, Text: q.Text, Votes: q.Votes, Long: utf8.RuneCountInString(q.Text) > longText, Longest: utf8.RuneCountInString(q.Text) > longestText}
	if q.Name != nil {
		row.Name = *q.Name
	}
	for _, who := range x.Speakers {
		if who.ID == q.Speaker {
			row.To = v.T("board.to", "name", who.Name)
		}
	}
	for _, id := range q.Labels {
		for _, l := range b.Room.Labels {
			if l.ID == id {
				row.Labels = append(row.Labels, l.Name)
			}
		}
	}
	if q.NowAt != nil {
		row.Since = *q.NowAt
	}
	return row
}

// script is the start of the page's script for a session.
func (b board) script(v *page.Visit, k linked, f following) boardScript {
	s := boardScript{View: k.Link.View.String(), Lang: string(v.Lang), Zone: v.Edition.Zone, Now: v.Now.UnixMilli(), Words: scriptWords(v, slices.Concat(boardWords, reactionWords))}
	if !f.Change.IsZero() {
		s.Change = f.Change.UnixMilli()
	}
	if f.Session != nil {
		s.Slug = f.Session.Session.Slug
	}
	if b.Known && b.Room.State != qa.RoomClosed {
		s.Session, s.Pass = f.Session.Session.ID, linkPass(v, k.Link, f.Session.Session.ID)
		s.Since = b.Epoch + "." + strconv.FormatInt(b.Version, 10)
	}
	return s
}
