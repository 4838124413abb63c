package live

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
	"agora/realtime"
	"agora/templates"
)

// moderatePage is the moderator's desk for one session.
type moderatePage struct {
	Title     page.Words
	Room      page.Words
	When      string
	State     templates.Tag
	BackHref  string
	LiveHref  string
	ActHref   string
	Counts    qa.Counts
	Following int
	RoomState qa.RoomState
	Now       *moderateItem
	Lists     []moderateList
	Rest      []moderateItem
	Problem   string
	Key       string
	Open      *moderateItem // the question whose refused change is shown again
	Rejecting bool          // the refused change was a rejection
	Script    liveScript
}

// moderatePart is one question with the page around it.
type moderatePart struct {
	P    moderatePage
	Item moderateItem
	List string
}

// Part hands a question to its template.
func (p moderatePage) Part(item moderateItem, list string) moderatePart {
	return moderatePart{P: p, Item: item, List: list}
}

func (p moderatePage) Shape(f *page.Frame) {
	f.Wide = true
	f.Scripts = append(f.Scripts, "live-moderator")
	here(f, p.BackHref)
}

// moderateList is one of the three.
type moderateList struct {
	Name, Title, Empty string
	Items              []moderateItem
}

// moderateItem is a question with what may be done to it.
type moderateItem struct {
	liveQuestion
	Source, Original string
	VotesText        string
	Place            int // in the stage queue, from 1
	Above            int // the place before it, 0 for the first
	Acts             []moderateAct
	CanReject        bool
	CanEdit          bool
}

// Meta is the small line under a question.
func (i moderateItem) Meta() []string {
	var known []string
	for _, part := range []string{i.VotesText, i.Name, i.Time, i.Source, i.State} {
		if part != "" {
			known = append(known, part)
		}
	}
	return known
}

// moderateAct is a button. The first of a question is the usual one.
type moderateAct struct {
	Do, Text string
	Main     bool
}

// moderateActs are the buttons of each state, the usual one first.
var moderateActs = map[qa.State][]qa.Act{
	qa.StateNew:      {qa.ActApprove, qa.ActQueue},
	qa.StateApproved: {qa.ActQueue, qa.ActNow, qa.ActLater, qa.ActArchive},
	qa.StateQueued:   {qa.ActNow, qa.ActUnqueue, qa.ActLater},
	qa.StateNow:      {qa.ActAnswered, qa.ActLater, qa.ActUnqueue},
	qa.StateAnswered: {qa.ActRestore, qa.ActArchive},
	qa.StateLater:    {qa.ActRestore, qa.ActNow, qa.ActAnswered},
	qa.StateRejected: {qa.ActRestore},
	qa.StateArchived: {qa.ActRestore},
}

// Moderate shows the lists.
func (s Pages) Moderate(v *page.Visit) error { return s.showModerate(v, v.Blank()) }

func (s Pages) showModerate(v *page.Visit, f *page.Form) error {
	_, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
		return err
	}
	state, list, room, err := s.liveQuestions(v, x.ID, qa.Moderator)
	if err != nil {
		return err
	}
	p := newModeratePage(v, x)
	p.Counts, p.RoomState = room.Counts, room.State
	moderateLists(v, &p, list)
	moderateForm(v, &p, f)
	p.Script = liveScript{Session: x.ID, View: realtime.Moderator.String(), Lang: string(v.Lang), Zone: v.Edition.Zone,
		Now: v.Now.UnixMilli(), State: state, Words: scriptWords(v, moderatorWords)}
	p.Script.Pass, _ = pass(v, x.ID, realtime.Moderator)
	return v.Render("live/moderate", v.T("live.moderate_title", "title", p.Title.Text), p)
}

func newModeratePage(v *page.Visit, x *program.Session) moderatePage {
	desk := "/desk" + v.Edition.Path() + "/live"
	p := moderatePage{
		Title: v.SessionWords(x, x.Title), When: liveWhen(v, x), State: liveTag(v, x), BackHref: desk, LiveHref: v.SessionHref(x) + "/live",
		ActHref: desk + "/" + x.Slug, Following: Pages{v.Site}.following(x.ID),
	}
	if x.Room != nil {
		p.Room = v.Words(x.Room.Name)
	}
	return p
}

func moderateLists(v *page.Visit, p *moderatePage, list []qa.Question) {
	lists := map[qa.State]*moderateList{}
	p.Lists = []moderateList{
		{Name: "new", Title: v.T("live.list_new"), Empty: v.T("live.list_new_empty")},
		{Name: "approved", Title: v.T("live.list_approved"), Empty: v.T("live.list_approved_empty")},
		{Name: "queued", Title: v.T("live.list_queued"), Empty: v.T("live.list_queued_empty")},
	}
	for i, state := range []qa.State{qa.StateNew, qa.StateApproved, qa.StateQueued} {
		lists[state] = &p.Lists[i]
	}
	sortQuestions(list, "votes")
	for _, q := range list {
		item := newModerateItem(v, q)
		switch l := lists[q.State]; {
		case q.State == qa.StateNow:
			p.Now = &item
		case l != nil:
			l.Items = append(l.Items, item)
		case q.State != qa.StateWithdrawn:
			p.Rest = append(p.Rest, item)
		}
	}
	slices.SortStableFunc(p.Lists[2].Items, func(a, b moderateItem) int { return a.Place - b.Place })
	// Waiting questions come in the order they were asked; ids are made in it.
	slices.SortStableFunc(p.Lists[0].Items, func(a, b moderateItem) int { return strings.Compare(a.ID, b.ID) })
}

func newModerateItem(v *page.Visit, q qa.Question) moderateItem {
	item := moderateItem{liveQuestion: newLiveQuestion(v, q, false, false), Original: q.Original, Place: int(q.Rank), Above: max(0, int(q.Rank)-1),
		CanReject: qa.Allowed(qa.ActReject, q.State), CanEdit: qa.Allowed(qa.ActEdit, q.State)}
	item.VotesText = v.T("qa.votes", "n", q.Votes)
	switch q.State {
	case qa.StateNew, qa.StateApproved, qa.StateQueued, qa.StateNow:
		item.State = "" // the list says it
	case qa.StateAnswered:
	default:
		item.State = v.T("qa.state." + string(q.State))
	}
	if q.Source != qa.SourceAudience {
		item.Source = v.T("qa.source." + string(q.Source))
	}
	for i, do := range moderateActs[q.State] {
		item.Acts = append(item.Acts, moderateAct{Do: string(do), Text: v.T("qa.act." + string(do)), Main: i == 0})
	}
	return item
}

// ModerateAct does by form what the script does over the socket.
func (s Pages) ModerateAct(v *page.Visit) error {
	_, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	r := qa.Request{Op: f.Key(), Do: qa.Act(f.Get("do")), Question: f.Get("question"), Text: f.Values["text"], Reason: f.Values["reason"]}
	if n, err := strconv.Atoi(f.Get("position")); err == nil {
		r.Position = n
	}
	// The same form holds several buttons, and its key stands for one press of one of them.
	r.Op = db.HashBody([]string{r.Op, string(r.Do), r.Question})[:32]
	ack := s.QA.Do(v.Ctx, viewer(v, x.ID, qa.Moderator), r)
	if ack.Code == "" {
		place := "/desk" + v.Edition.Path() + "/live/" + url.PathEscape(x.Slug)
		if r.Question != "" {
			place += "#q-" + url.PathEscape(r.Question)
		}
		return v.Redirect(place)
	}
	if err := notDone(f, ack); err != nil {
		return err
	}
	return s.showModerate(v, f)
}

// moderateForm shows a refused act again: what was wrong, and what was typed.
func moderateForm(v *page.Visit, p *moderatePage, f *page.Form) {
	for _, name := range []string{"text", "reason"} {
		for _, problem := range f.Errors(name) {
			p.Problem = problem
		}
	}
	p.Key = f.Key()
	do := qa.Act(f.Get("do"))
	if p.Problem == "" || do != qa.ActEdit && do != qa.ActReject {
		return
	}
	all := slices.Clone(p.Rest)
	for _, l := range p.Lists {
		all = append(all, l.Items...)
	}
	if p.Now != nil {
		all = append(all, *p.Now)
	}
	for _, item := range all {
		if item.ID != f.Get("question") {
			continue
		}
		if p.Rejecting = do == qa.ActReject; p.Rejecting {
			item.Reason = f.Values["reason"]
		} else {
			item.Text = f.Values["text"]
		}
		p.Open = &item
	}
}

// moderatorWords are what live-moderator.js and live-items.js say.
var moderatorWords = func() []string {
	list := []string{
		"qa.anonymous", "qa.votes", "qa.count.asked", "qa.count.approved", "qa.count.answered", "live.following", "live.now", "live.now_none",
		"live.edit", "live.edit_label", "live.save", "live.reject", "live.reason_label", "live.reject_send", "live.reason", "live.up", "live.was",
		"live.answered_stage", "live.answered_written", "live.say_new", "live.off", "live.stopped", "live.reload",
	}
	for _, s := range qa.States {
		list = append(list, "qa.state."+string(s))
	}
	for _, s := range qa.Sources {
		list = append(list, "qa.source."+string(s))
	}
	for _, a := range qa.Acts {
		list = append(list, "qa.act."+string(a))
	}
	return list
}()

// JSONActs are the buttons of each state for the script, in the page's order.
func (p moderatePage) JSONActs() (string, error) {
	b, err := json.Marshal(moderateActs)
	return string(b), err
}
