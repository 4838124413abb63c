package live

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
)

// liveQuestion is a question in a live room.
type liveQuestion struct {
	ID, Text, Name string
	Votes          int64
	Voted, CanVote bool
	Own            bool
	Waiting        bool
	State          string // in words, where it is more than waiting for votes
	Reason         string
	Time           string
	CanWithdraw    bool
	CanRevise      bool
	CanTell        bool   // who asks to be told is told when it is answered
	Speaker        string // whom it is addressed to
	Into           string // the text of what it was merged into
	Answers        []page.AnswerRow
}

const (
	sortVotes = "votes" // unless another is chosen
	sortNew   = "new"
)

// What the list may be narrowed to.
const (
	showOpen     = "open"
	showAnswered = "answered"
)

// liveLists splits the questions into what is answered now, the visitor's own
// that others do not see, and the rest.
func liveLists(v *page.Visit, p *livePage, list []qa.Question, mine qa.Mine) {
	p.Script.Sort = sortVotes
	if v.Query("sort") == sortNew {
		p.Script.Sort = sortNew
	}
	if show := v.Query("show"); show == showOpen || show == showAnswered {
		p.Script.Show = show
	}
	sortQuestions(list, p.Script.Sort)
	own, texts := map[string]bool{}, map[string]string{}
	for _, q := range list {
		texts[q.ID] = q.Text
	}
	for _, q := range mine.Questions {
		own[q.ID] = true
		if !qa.Audience.Sees(q.State) {
			row := p.row(v, q, false, true)
			row.CanVote, row.Into = false, texts[q.Into]
			p.Own = append(p.Own, row)
		}
	}
	for _, q := range list {
		row := p.row(v, q, slices.Contains(mine.Votes, q.ID), own[q.ID])
		if q.State == qa.StateNow {
			p.Now = &row
			continue
		}
		p.All++
		if p.Script.Show == "" || (p.Script.Show == showAnswered) == (q.State == qa.StateAnswered) {
			p.Questions = append(p.Questions, row)
		}
	}
	p.tabs(v)
}

// row is a question with what the visitor may do to it.
func (p *livePage) row(v *page.Visit, q qa.Question, voted, own bool) liveQuestion {
	row := newLiveQuestion(v, q, voted, own)
	row.CanVote = p.Open && qa.Allowed(qa.ActVote, q.State)
	row.CanWithdraw = p.Open && own && qa.Allowed(qa.ActWithdraw, q.State)
	row.CanRevise = p.Open && own && qa.Allowed(qa.ActRevise, q.State)
	row.CanTell = p.Open && (row.CanVote || own && q.State == qa.StateNew)
	row.Speaker = p.Script.Voices[q.Speaker]
	return row
}

// chosen is the page's query with one choice made another.
func (p *livePage) chosen(name, value string) url.Values {
	q := url.Values{}
	for key, now := range map[string]string{"sort": p.Script.Sort, "show": p.Script.Show, "room": p.Follows} {
		if key == name {
			now = value
		}
		if now != "" && now != sortVotes {
			q.Set(key, now)
		}
	}
	return q
}

// Keep is what a form that asks for this page again has to bring along.
func (p livePage) Keep() map[string]string {
	list := map[string]string{}
	for key, values := range p.chosen("", "") {
		list[key] = values[0]
	}
	return list
}

func (p *livePage) tabHref(name, value string) string {
	address, _, _ := strings.Cut(p.ActHref, "?")
	// There is no order of less than two: the script shows the choice when there are more.
	if q := p.chosen(name, value).Encode(); q != "" && p.All > 1 {
		return address + "?" + q
	}
	return address
}

// tabs are the orders and what the list may be narrowed to.
func (p *livePage) tabs(v *page.Visit) {
	for _, order := range []string{sortVotes, sortNew} {
		p.Sorts = append(p.Sorts, page.Tab{Href: p.tabHref("sort", order), Text: page.Words{Text: v.T("live.sort_" + order)}, Class: order, Current: order == p.Script.Sort})
	}
	for _, show := range []string{"", showOpen, showAnswered} {
		key := "live.show_" + show
		if show == "" {
			key = "live.show_all"
		}
		p.Shows = append(p.Shows, page.Tab{Href: p.tabHref("show", show), Text: page.Words{Text: v.T(key)}, Class: show, Current: show == p.Script.Show})
	}
}

// voices are the names of a session's speakers by id.
func voices(x *program.Session) map[string]string {
	list := map[string]string{}
	for _, who := range x.Speakers {
		list[who.ID] = who.Name
	}
	return list
}

// sortQuestions puts what is still open first; the script sorts in the same way.
func sortQuestions(list []qa.Question, order string) {
	slices.SortStableFunc(list, func(a, b qa.Question) int {
		if order == sortNew {
			return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
		}
		return cmp.Or(cmp.Compare(done(a), done(b)), cmp.Compare(b.Votes, a.Votes), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

func done(q qa.Question) int {
	if q.State == qa.StateAnswered {
		return 1
	}
	return 0
}

func newLiveQuestion(v *page.Visit, q qa.Question, voted, own bool) liveQuestion {
	row := liveQuestion{
		ID: q.ID, Text: q.Text, Name: v.T("qa.anonymous"), Votes: q.Votes, Voted: voted, Own: own, Waiting: !qa.Audience.Sees(q.State),
		State: liveQuestionState(v, q, own), Reason: q.Reason, Time: text.Clock(v.Lang, v.Edition.Local(q.At)),
	}
	if q.Name != nil {
		row.Name = *q.Name
	}
	for _, a := range q.Answers {
		row.Answers = append(row.Answers, page.AnswerRow{By: a.By, Text: a.Text})
	}
	return row
}

func liveQuestionState(v *page.Visit, q qa.Question, own bool) string {
	switch q.State {
	case qa.StateNew:
		return v.T("live.own_new")
	case qa.StateRejected:
		return v.T("live.own_rejected")
	case qa.StateQueued:
		return v.T("live.queued")
	case qa.StateLater:
		return v.T("live.later")
	case qa.StateArchived:
		return v.T("live.own_archived")
	case qa.StateMerged:
		return v.T("live.own_merged")
	case qa.StateAnswered:
		at := qa.StageTime(q.NowAt, q.AnsweredAt)
		if at == nil {
			return v.T("live.answered_written")
		}
		return v.T("live.answered_stage", "time", text.Clock(v.Lang, v.Edition.Local(*at)))
	}
	return ""
}
