package live

import (
	"net/url"
	"strconv"
	"strings"

	"agora/app/db"
	"agora/app/poll"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// deskPolls is a room's polls with what a moderator may do to them.
type deskPolls struct {
	Action  string
	Key     string
	Polls   []deskPoll
	Removed []deskPoll
	New     deskPollForm
	Problem string
}

// deskPollCard is one poll with the part around it.
type deskPollCard struct {
	P   deskPolls
	Row deskPoll
}

// Card hands a poll to its template.
func (p deskPolls) Card(row deskPoll) deskPollCard { return deskPollCard{p, row} }

type deskPoll struct {
	ID      string
	Kind    string
	State   templates.Tag
	Text    string
	Voters  string
	Closes  string
	Ends    int64 // when it closes, for the script to count to
	Average string
	Live    bool
	CanLive bool
	Bars    []deskPollBar
	Acts    []moderateAct
	Change  *deskPollForm
	Editing bool // its change was refused
	CanHide bool
}

// deskPollBar is one line of a result. Width is of a hundred.
type deskPollBar struct {
	Item, Text, Share string
	N                 int64
	Width             int
	Hidden            bool
}

// deskPollForm makes a poll or changes a draft.
type deskPollForm struct {
	ID      string // of the draft
	Kinds   []templates.Option
	Text    string
	Options string
	Most    string
	Live    bool
	Errors  []string
	Wants   deskPollWants
}

// deskPollWants says which fields a kind has; a new poll may become any kind.
type deskPollWants struct{ Kind, Options, Most bool }

type deskPollsPage struct {
	Title    page.Words
	BackHref string
	DeskHref string
	Part     deskPolls
}

func (p deskPollsPage) Shape(f *page.Frame) { here(f, p.DeskHref) }

// DeskPolls is the page of a room's polls; the moderator's desk shows the same part.
func (s Pages) DeskPolls(v *page.Visit) error {
	return s.atDesk(v, func(d moderateDesk) error { return d.showPolls(v.Blank()) })
}

func (d moderateDesk) showPolls(f *page.Form) error {
	part, err := d.polls(f)
	if err != nil {
		return err
	}
	p := deskPollsPage{Title: d.v.SessionWords(d.x, d.x.Title), BackHref: d.base, DeskHref: d.rooms(), Part: part}
	return d.v.Render("live/polls", d.v.T("polls.title"), p)
}

// DeskPollsAct does what a form of the polls says.
func (s Pages) DeskPollsAct(v *page.Visit) error {
	return s.atDesk(v, func(d moderateDesk) error { return d.actPolls(v.Sent()) })
}

func (d moderateDesk) actPolls(f *page.Form) error {
	if _, err := d.QA.Open(d.v.Ctx, d.x.ID); err != nil {
		return err
	}
	ack := d.Polls.Do(d.v.Ctx, d.viewer(), deskPollRequest(f))
	if ack.Code == "" {
		place := d.base + "/polls"
		if id := f.Get("poll"); id != "" {
			place += "#poll-" + url.PathEscape(id)
		}
		return d.v.Redirect(place)
	}
	if err := notDone(f, ack); err != nil {
		return err
	}
	return d.showPolls(f)
}

func deskPollRequest(f *page.Form) poll.Request {
	r := poll.Request{Do: qa.Act(f.Get("do")), Poll: f.Get("poll"), Kind: poll.Kind(f.Get("kind")), Text: f.Values["text"], Live: f.Has("live"), Item: f.Values["item"]}
	r.Most, _ = strconv.ParseInt(f.Get("most"), 10, 64)
	for _, line := range strings.Split(f.Values["options"], "\n") {
		if line = strings.TrimSpace(line); line != "" {
			r.Options = append(r.Options, poll.Option{Text: line})
		}
	}
	if f.Has("on") {
		on := f.Get("on") == "1"
		r.On = &on
	}
	r.Op = db.HashBody([]string{f.Key(), string(r.Do), r.Poll, string(r.Kind), r.Text, f.Values["options"], f.Get("most"), f.Get("live"), r.Item, f.Get("on")})[:32]
	return r
}

// polls are the room's, the newest first, and the form for another.
func (d moderateDesk) polls(f *page.Form) (deskPolls, error) {
	p := deskPolls{Action: d.base + "/polls", Key: f.Key()}
	if d.Polls == nil {
		return p, nil
	}
	list, err := d.Polls.List(d.v.Ctx, d.x.ID, qa.Moderator)
	if err != nil {
		return p, err
	}
	do := qa.Act(f.Get("do"))
	p.New = d.newDeskPollForm(f, do == poll.ActAdd)
	problems := append(f.Errors("text"), append(f.Errors("options"), f.Errors("most")...)...)
	if do != poll.ActAdd && do != poll.ActChange && len(problems) > 0 {
		p.Problem = problems[0]
	}
	for i := len(list) - 1; i >= 0; i-- {
		row := d.newDeskPoll(list[i])
		if row.Change != nil && do == poll.ActChange && f.Get("poll") == row.ID {
			row.Change.Errors = problems
			row.Change.Text, row.Change.Options, row.Change.Most, row.Change.Live = f.Values["text"], f.Values["options"], f.Get("most"), f.Has("live")
		}
		if list[i].State == poll.StateRemoved {
			p.Removed = append(p.Removed, row)
		} else {
			p.Polls = append(p.Polls, row)
		}
	}
	return p, nil
}

func (d moderateDesk) newDeskPollForm(f *page.Form, refused bool) deskPollForm {
	p := deskPollForm{Wants: deskPollWants{true, true, true}}
	if refused {
		p.Text, p.Options, p.Most, p.Live = f.Values["text"], f.Values["options"], f.Get("most"), f.Has("live")
		p.Errors = append(f.Errors("text"), append(f.Errors("options"), f.Errors("most")...)...)
	}
	for _, k := range poll.Kinds {
		p.Kinds = append(p.Kinds, templates.Option{Value: string(k), Text: d.v.T("poll.kind." + string(k)), Checked: refused && f.Get("kind") == string(k)})
	}
	return p
}

// deskPollTags colour the states.
var deskPollTags = map[poll.State]string{poll.StateDraft: "plain", poll.StateOpen: "live", poll.StateClosing: "mine", poll.StateClosed: "plain", poll.StateRemoved: "plain"}

func (d moderateDesk) newDeskPoll(s poll.Shown) deskPoll {
	v := d.v
	row := deskPoll{ID: s.ID, Kind: v.T("poll.kind." + string(s.Kind)), State: templates.Tag{Kind: deskPollTags[s.State], Text: v.T("poll.state." + string(s.State))},
		Text: s.Text, Voters: v.T("poll.voters", "n", s.Voters), Live: s.Live, CanLive: poll.Allowed(poll.ActResult, s.State) && s.State != poll.StateClosed}
	if s.State == poll.StateClosing && s.ClosesAt != nil {
		row.Ends = s.ClosesAt.UnixMilli()
		row.Closes = v.T("polls.closes", "time", text.Clock(v.Lang, v.Edition.Local(*s.ClosesAt)))
	}
	if mean := s.Average(); mean > 0 {
		row.Average = v.T("polls.average", "mean", decimal(v.Lang, mean), "most", s.Most)
	}
	row.CanHide = (s.Kind == poll.KindCloud || s.Kind == poll.KindText) && poll.Allowed(poll.ActHide, s.State)
	if s.State != poll.StateDraft {
		row.Bars = deskPollBars(s)
	}
	for _, do := range []qa.Act{poll.ActOpen, poll.ActClose, poll.ActReopen, poll.ActRestore, poll.ActRemove} {
		if poll.Allowed(do, s.State) {
			words := v.T("poll.act." + string(do))
			if do == poll.ActClose && s.State == poll.StateClosing {
				words = v.T("polls.close_now")
			}
			row.Acts = append(row.Acts, moderateAct{Do: string(do), Text: words, Main: do == poll.ActOpen || do == poll.ActClose})
		}
	}
	if poll.Allowed(poll.ActChange, s.State) {
		row.Change = newDeskPollChange(s)
	}
	return row
}

func newDeskPollChange(s poll.Shown) *deskPollForm {
	f := deskPollForm{ID: s.ID, Text: s.Text, Most: strconv.FormatInt(s.Most, 10), Live: s.Live}
	var lines []string
	for _, o := range s.Options {
		lines = append(lines, o.Text)
	}
	f.Options = strings.Join(lines, "\n")
	f.Wants = deskPollWants{Options: s.Kind == poll.KindChoice || s.Kind == poll.KindChoices, Most: s.Kind == poll.KindChoices || s.Kind == poll.KindRating || s.Kind == poll.KindCloud}
	return &f
}

// deskPollBars gives the bars the widths that the audience and the wall see: shares of who answered.
func deskPollBars(s poll.Shown) (bars []deskPollBar) {
	for _, c := range s.Result {
		bar := deskPollBar{Item: c.Item, Text: c.Text, N: c.N, Hidden: c.Hidden}
		if s.Voters > 0 {
			share := int((c.N*100 + s.Voters/2) / s.Voters)
			bar.Width, bar.Share = min(share, 100), strconv.Itoa(share)
		}
		bars = append(bars, bar)
	}
	return bars
}

// decimal writes a mean with one decimal, as the language does.
func decimal(lang text.Lang, x float64) string {
	s := strconv.FormatFloat(x, 'f', 1, 64)
	if lang != text.English {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
