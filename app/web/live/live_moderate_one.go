package live

import (
	"encoding/json"
	"slices"

	"agora/app/qa"
	"agora/app/web/page"
	"agora/templates"
)

// moderateOnePage is one question with everything that may be done to it; the
// desk's script shows it in a dialog.
type moderateOnePage struct {
	Item               moderateItem
	Acts               []moderateAct // all that its state allows
	ActHref, BackHref  string
	DeskHref           string // the list of all rooms
	Key                string
	Text               string // as it is being edited
	Was                string
	First, Second      string // the halves
	Reason             string
	Max                int
	CanSplit, CanMerge bool
	CanLabel           bool
	CanBlock           bool
	CanAddress         bool
	Into               *moderateItem  // what it was merged into
	Merged             []moderateItem // what was merged into it
	Alike              []moderateAlike
	Others             []templates.Option
	Labels             []templates.Option
	Speakers           []templates.Option
	Problem            string
	Problems           map[string][]string
}

// moderateAlike is a question that asks much the same.
type moderateAlike struct{ ID, Text, State, People string }

// plainActs need nothing but a press.
var plainActs = []qa.Act{qa.ActApprove, qa.ActQueue, qa.ActNow, qa.ActAnswered, qa.ActLater, qa.ActUnqueue, qa.ActArchive, qa.ActRestore, qa.ActUnmerge}

func (p moderateOnePage) Shape(f *page.Frame) { here(f, p.DeskHref) }

// ModerateOne shows one question.
func (s Pages) ModerateOne(v *page.Visit) error {
	return s.atDesk(v, func(d moderateDesk) error { return d.showOne(v.Param("question"), v.Blank()) })
}

func (d moderateDesk) showOne(id string, f *page.Form) error {
	v := d.v
	q, all, err := d.question(id)
	if err != nil {
		return err
	}
	state, _, _, err := d.liveQuestions(v, d.x.ID, qa.Moderator)
	if err != nil {
		return err
	}
	var desk deskRoom
	if err := json.Unmarshal(state.Room, &desk); err != nil {
		return err
	}
	p := moderateOnePage{
		Item: d.newItem(q, desk, 0), ActHref: d.base, BackHref: d.base, DeskHref: d.rooms(), Key: f.Key(), Text: q.Text, Was: q.Text, First: q.Text, Max: qa.QuestionMax,
		CanSplit: qa.Allowed(qa.ActSplit, q.State), CanMerge: qa.Allowed(qa.ActMerge, q.State), CanBlock: q.Source == qa.SourceAudience && qa.Allowed(qa.ActBlock, q.State),
		CanLabel: len(desk.Labels) > 0 && qa.Allowed(qa.ActLabel, q.State), Problems: map[string][]string{},
	}
	for _, do := range plainActs {
		if qa.Allowed(do, q.State) && !(do == qa.ActQueue && q.State == qa.StateQueued) {
			p.Acts = append(p.Acts, moderateAct{Do: string(do), Text: v.T("qa.act." + string(do))})
		}
	}
	if p.CanAddress = qa.Allowed(qa.ActAddress, q.State); p.CanAddress {
		p.Speakers = d.speakers(q.Speaker)
	}
	for _, l := range desk.Labels {
		p.Labels = append(p.Labels, templates.Option{Value: l.ID, Text: l.Name, Checked: slices.Contains(q.Labels, l.ID)})
	}
	p.family(d, q, all, desk)
	if p.CanMerge {
		if err := p.alike(d, q); err != nil {
			return err
		}
	}
	p.typed(f)
	return v.Render("live/moderate_one", v.T("moderate.one_title"), p)
}

// family finds what was merged into the question, what it went into, and what could.
func (p *moderateOnePage) family(d moderateDesk, q qa.Question, all []qa.Question, desk deskRoom) {
	for _, other := range all {
		switch {
		case other.ID == q.Into:
			item := d.newItem(other, desk, 0)
			p.Into = &item
		case other.State == qa.StateMerged && other.Into == q.ID:
			p.Merged = append(p.Merged, d.newItem(other, desk, 0))
		case other.ID != q.ID && slices.Contains([]qa.State{qa.StateNew, qa.StateApproved, qa.StateQueued, qa.StateLater}, other.State):
			p.Others = append(p.Others, templates.Option{Value: other.ID, Text: short(other.Text), Hint: d.v.T("qa.state." + string(other.State))})
		}
	}
}

// short keeps a choice on one line.
func short(s string) string {
	const most = 90
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

func (p *moderateOnePage) alike(d moderateDesk, q qa.Question) error {
	found, err := d.QA.AlikeTo(d.v.Ctx, d.viewer(), q.ID)
	if err != nil {
		return err
	}
	for _, a := range found {
		p.Alike = append(p.Alike, moderateAlike{ID: a.ID, Text: a.Text, State: d.v.T("qa.state." + string(a.State)), People: d.v.T("moderate.people", "n", a.People)})
		p.Others = slices.DeleteFunc(p.Others, func(o templates.Option) bool { return o.Value == a.ID })
	}
	return nil
}

// typed shows a refused act again: what was wrong, and what was typed.
func (p *moderateOnePage) typed(f *page.Form) {
	do := f.Get("do")
	for name := range f.Problems {
		p.Problems[do] = append(p.Problems[do], f.Errors(name)...)
	}
	switch qa.Act(do) {
	case qa.ActEdit:
		p.Text = f.Values["text"]
	case qa.ActSplit:
		p.First, p.Second = f.Values["text_1"], f.Values["text_2"]
	case qa.ActReject:
		p.Reason = f.Values["reason"]
	case "":
	default:
		for _, problem := range p.Problems[do] {
			p.Problem = problem
		}
	}
}
