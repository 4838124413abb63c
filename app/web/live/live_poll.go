package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/poll"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
)

// livePoll is a poll in the room, drawn by the server; live-poll.js draws the same.
type livePoll struct {
	ID, Text string
	Kind     poll.Kind
	State    string // in words, unless it is open
	Live     bool   // it runs
	Takes    bool   // the visitor may answer, or change the answer
	Told     bool   // the result is shown
	Several  bool
	Answered bool
	Hint     string
	Voters   string
	Average  string
	Most     int
	Max      int
	Choices  []pollChoice
	Fields   []pollField // words or the text, with the visitor's own
	Rows     []resultRow
	Errors   []string
}

// pollChoice is an option or a mark.
type pollChoice struct {
	Value, Text string
	Chosen      bool
}

// pollField is a word or a text to be written.
type pollField struct {
	N    int
	Text string
}

// pollPart is a poll for its template, with the page it is on.
type pollPart struct {
	P    livePage
	Poll livePoll
}

// Part joins a poll to its page.
func (p livePage) Part(one livePoll) pollPart { return pollPart{p, one} }

// resultRow is a line of a result, in its chart and its table at once.
type resultRow struct {
	Text  string
	N     int64
	Share string
	Width int // of the bar, in hundredths
	Size  int // of a word in the cloud, from 1 to 5
	Own   bool
}

// livePollItems are a room's polls as a view sees them. They are read after the
// questions, so that they are never older than the version beside them.
func (s Pages) livePollItems(v *page.Visit, id string, view qa.View) ([]json.RawMessage, error) {
	if s.Site.Polls == nil {
		return nil, nil
	}
	items, err := s.Site.Polls.Items(v.Ctx, id, 0)
	var list []json.RawMessage
	for _, item := range items {
		if raw := item.Views[view]; raw != nil {
			list = append(list, raw)
		}
	}
	return list, err
}

// livePolls draws the polls of a room with the visitor's own ballots, and what was
// refused with its problem.
func livePolls(v *page.Visit, p *livePage, items []json.RawMessage, ballots map[string][]string, f *page.Form) error {
	for _, raw := range items {
		var shown poll.Shown
		if err := json.Unmarshal(raw, &shown); err != nil {
			return err
		}
		own, problems := ballots[shown.ID], []string(nil)
		if len(f.Problems) > 0 && f.Get("poll") == shown.ID {
			own, problems = choiceSent(v), f.Errors("choice")
		}
		row := newLivePoll(v, shown, own, p.Open)
		row.Errors, row.Answered = problems, len(ballots[shown.ID]) > 0
		p.Polls = append(p.Polls, row)
	}
	// What runs comes first; what is over stays below it in its order.
	slices.SortStableFunc(p.Polls, func(a, b livePoll) int { return runsFirst(a) - runsFirst(b) })
	return nil
}

func runsFirst(p livePoll) int {
	if p.Live {
		return 0
	}
	return 1
}

func newLivePoll(v *page.Visit, s poll.Shown, own []string, open bool) livePoll {
	p := livePoll{ID: s.ID, Text: s.Text, Kind: s.Kind, Live: s.State != poll.StateClosed, Takes: open && poll.Allowed(poll.ActBallot, s.State),
		Told: s.Result != nil, Several: s.Kind == poll.KindChoices, Most: int(s.Most), Voters: v.T("poll.voters", "n", s.Voters)}
	switch s.State {
	case poll.StateClosing:
		p.State = v.T("live.poll_closing")
		if s.ClosesAt != nil {
			p.State = v.T("live.poll_closing_at", "time", text.Clock(v.Lang, v.Edition.Local(*s.ClosesAt)))
		}
	case poll.StateClosed:
		p.State = v.T("live.poll_closed")
	}
	switch s.Kind {
	case poll.KindChoices:
		p.Hint = v.T("live.poll_most", "n", s.Most)
	case poll.KindRating:
		p.Hint = v.T("live.poll_marks", "most", s.Most)
	case poll.KindCloud:
		p.Hint = v.T("live.poll_words", "n", s.Most)
	}
	p.answers(s, own)
	p.result(v, s, own)
	return p
}

// answers are what may be chosen, or the fields to write in.
func (p *livePoll) answers(s poll.Shown, own []string) {
	switch s.Kind {
	case poll.KindCloud, poll.KindText:
		if p.Max = poll.AnswerMax; s.Kind == poll.KindCloud {
			p.Max = poll.WordMax
		}
		p.Fields = make([]pollField, s.Most)
		for i := range p.Fields {
			if p.Fields[i].N = i + 1; i < len(own) {
				p.Fields[i].Text = own[i]
			}
		}
	case poll.KindRating:
		for mark := 1; mark <= p.Most; mark++ {
			value := strconv.Itoa(mark)
			p.Choices = append(p.Choices, pollChoice{value, value, slices.Contains(own, value)})
		}
	default:
		for _, o := range s.Options {
			p.Choices = append(p.Choices, pollChoice{o.ID, o.Text, slices.Contains(own, o.ID)})
		}
	}
}

// result gives the bars their widths: shares of those who answered, so that those
// of several choices do not add up to a whole and need not.
func (p *livePoll) result(v *page.Visit, s poll.Shown, own []string) {
	top := int64(1)
	for _, c := range s.Result {
		top = max(top, c.N)
	}
	for _, c := range s.Result {
		share := 0
		if s.Voters > 0 {
			share = int((c.N*100 + s.Voters/2) / s.Voters)
		}
		p.Rows = append(p.Rows, resultRow{Text: c.Text, N: c.N, Width: min(share, 100), Share: text.Percent(v.Lang, share),
			Size: int(1 + (c.N*4+top/2)/top), Own: slices.Contains(own, c.Item)})
	}
	if average := s.Average(); average > 0 {
		p.Average = v.T("live.poll_average", "mark", oneDecimal(v.Lang, average), "most", s.Most)
	}
}

func oneDecimal(l text.Lang, x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	if l == text.English {
		return s
	}
	return strings.Replace(s, ".", ",", 1)
}

// choiceSent reads every field of the ballot: boxes and words share a name.
func choiceSent(v *page.Visit) []string {
	choice := []string{}
	for _, value := range v.C.Request().PostArgs().PeekMulti("choice") {
		choice = append(choice, string(value))
	}
	return choice
}

// liveBallot casts, changes or takes back a ballot by form.
func (s Pages) liveBallot(v *page.Visit, x *program.Session, viewer qa.Viewer, f *page.Form) error {
	r := poll.Request{Op: db.NewID(), Do: poll.ActBallot, Poll: f.Get("poll"), Choice: choiceSent(v)}
	if f.Has("back") {
		r.Choice = nil
	} else if strings.TrimSpace(strings.Join(r.Choice, "")) == "" {
		f.Note("choice", "live.poll_none")
		v.C.Status(page.Statuses[fail.Invalid])
		return s.showLive(v, f)
	}
	ack := s.Site.Polls.Do(v.Ctx, viewer, r)
	if ack.Code == "" {
		return v.Redirect(livePlace(v, x) + fmt.Sprintf("#poll-%s", r.Poll))
	}
	if err := notDone(f, ack); err != nil {
		return err
	}
	// Too many choices have no field of their own in the area.
	if len(f.Problems["choice"]) == 0 {
		f.Problems["choice"], f.Problems["text"] = f.Problems["text"], nil
	}
	if ack.Code == qa.CodeBadAct {
		f.Problems["choice"] = nil
		f.Note("choice", "live.poll_wrong")
	}
	return s.showLive(v, f)
}
