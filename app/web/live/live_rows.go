package live

import (
	"cmp"
	"net/url"
	"slices"

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
	Answers        []page.AnswerRow
}

const sortNew = "new"

// liveLists splits the questions into what is answered now, the visitor's own
// that others do not see, and the rest.
func liveLists(v *page.Visit, p *livePage, list []qa.Question, mine qa.Mine) {
	p.Script.Sort = "votes"
	if v.Query("sort") == sortNew {
		p.Script.Sort = sortNew
	}
	sortQuestions(list, p.Script.Sort)
	own := map[string]bool{}
	for _, q := range mine.Questions {
		own[q.ID] = true
		if !qa.Audience.Sees(q.State) {
			row := newLiveQuestion(v, q, false, true)
			row.CanVote, row.CanWithdraw = false, p.Open && qa.Allowed(qa.ActWithdraw, q.State)
			p.Own = append(p.Own, row)
		}
	}
	for _, q := range list {
		row := newLiveQuestion(v, q, slices.Contains(mine.Votes, q.ID), own[q.ID])
		row.CanVote = p.Open && qa.Allowed(qa.ActVote, q.State)
		row.CanWithdraw = p.Open && own[q.ID] && qa.Allowed(qa.ActWithdraw, q.State)
		if q.State == qa.StateNow {
			p.Now = &row
			continue
		}
		p.Questions = append(p.Questions, row)
	}
	for _, order := range []string{"votes", sortNew} {
		href := "?sort=" + order
		if room := v.Query("room"); room != "" {
			href += "&room=" + url.QueryEscape(room)
		}
		p.Sorts = append(p.Sorts, page.Tab{Href: href, Text: page.Words{Text: v.T("live.sort_" + order)}, Class: order, Current: order == p.Script.Sort})
	}
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
	case qa.StateAnswered:
		if q.AnsweredAt == nil {
			return v.T("live.answered_written")
		}
		return v.T("live.answered_stage", "time", text.Clock(v.Lang, v.Edition.Local(*q.AnsweredAt)))
	}
	return ""
}

// scriptWords are messages a script fills in itself. One with plural forms comes
// as two: the form for one under the key with .one.
func scriptWords(v *page.Visit, keys []string) map[string]string {
	list := make(map[string]string, len(keys))
	for _, key := range keys {
		list[key] = v.T(key)
		if one := v.T(key, "n", 1); one != list[key] && one != v.T(key, "n", 2) {
			list[key+".one"] = one
		}
	}
	return list
}

// audienceWords are what live.js and its parts say.
var audienceWords = []string{
	"qa.anonymous", "qa.count.asked", "qa.count.approved", "qa.count.answered", "live.following",
	"live.vote", "live.unvote", "live.votes", "live.own", "live.own_new", "live.own_rejected", "live.own_archived", "live.own_approved", "live.own_sending",
	"live.queued", "live.later", "live.answered_stage", "live.answered_written", "live.withdraw", "live.reason",
	"live.fresh", "live.fresh_order", "live.gone", "live.now", "live.now_none", "live.say_new", "live.say_now", "live.say_sent",
	"live.off", "live.off_kept", "live.off_kept_vote", "live.stopped", "live.reload", "live.empty", "live.counter", "live.counter_over",
	"live.name_missing", "live.text_missing", "live.paused", "live.closed", "live.next_on", "live.next_go",
	"qa.error.slow_down",
}
