package desk

import (
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/web/page"
	"agora/templates"
)

// callPage opens an edition's call for proposals, and changes it.
type callPage struct {
	New, Clashed      bool
	Action, Public    string
	Version           int64
	Phase             proposal.Phase
	Problems          []templates.Problem
	Opens, Closes     templates.Field
	Zone              string
	Text              page.TextGroup
	Kinds             []templates.Field
	KindsErrors       []string
	Tracks, Anonymous templates.Field
	Best, Each        templates.Field
	Questions         string
	Asked             int
	Base              string
}

// offerable are the kinds of sessions that somebody may propose.
var offerable = [...]program.Kind{program.Talk, program.Lightning, program.Workshop, program.Panel, program.Keynote, program.Meetup, program.Other}

// CallForm shows the call, or what a new one would be.
func (s Pages) CallForm(v *page.Visit) error {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	in := proposal.CallInput{OpensAt: c.OpensAt, ClosesAt: c.ClosesAt, Text: c.Text, Kinds: c.Kinds, Rules: c.Rules}
	if c.Version == 0 {
		in = s.Proposals.Usual(v.Edition)
	}
	f := v.Blank().Set("version", strconv.FormatInt(c.Version, 10))
	f.SetTime("opens_at", in.OpensAt, v.Edition.Location())
	f.SetTime("closes_at", in.ClosesAt, v.Edition.Location())
	f.SetTexts("text", in.Text)
	for _, o := range in.Kinds {
		f.Set(kindField(o.Kind), minutesText(o.Minutes))
	}
	f.SetCount("best", &in.Rules.Best)
	f.SetCount("each", &in.Rules.Each)
	for name, on := range map[string]bool{"tracks": in.Rules.Tracks, "anonymous": in.Rules.Anonymous} {
		if on {
			f.Set(name, "1")
		}
	}
	return s.callPage(v, c, f, false)
}

func kindField(k program.Kind) string { return "kind_" + string(k) }

func minutesText(list []int64) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, ", ")
}

// CallSave opens or changes the call. A later closing extends it.
func (s Pages) CallSave(v *page.Visit) error {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	f := v.Sent()
	loc := v.Edition.Location()
	in := proposal.CallInput{OpensAt: f.At("opens_at", loc), ClosesAt: f.At("closes_at", loc), Text: f.TextsOver("text", c.Text),
		Rules: proposal.Rules{Anonymous: f.Has("anonymous"), Tracks: f.Has("tracks")}}
	for name, n := range map[string]*int64{"best": &in.Rules.Best, "each": &in.Rules.Each} {
		if given := f.Count(name); given != nil {
			*n = *given
		}
	}
	in.Kinds = sentOffers(f)
	if len(f.Problems) == 0 {
		_, err = s.Proposals.SaveCall(v.Ctx, v.Person.ID, v.Edition, f.Version(), in)
	}
	if fail.Is(err, fail.Conflict) {
		v.C.Status(page.Statuses[fail.Conflict])
		f.Set("version", strconv.FormatInt(c.Version, 10)) // sending once more is a decision
		return s.callPage(v, c, f, true)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.callPage(v, c, f, false)
	}
	v.Say("success", "flash.call_saved")
	return v.Redirect("/desk" + v.Edition.Path() + "/call")
}

// sentOffers reads lengths such as "30, 45"; what is no number is noted.
func sentOffers(f *page.Form) (list proposal.Offers) {
	for _, k := range offerable {
		o := proposal.Offer{Kind: k}
		for _, word := range strings.FieldsFunc(f.Get(kindField(k)), func(r rune) bool { return strings.ContainsRune(",; \u00a0/", r) }) {
			n, err := strconv.ParseInt(word, 10, 64)
			if err != nil {
				f.Note(kindField(k), "call_desk.minutes_form")
				break
			}
			o.Minutes = append(o.Minutes, n)
		}
		list = append(list, o)
	}
	return list
}

func (s Pages) callPage(v *page.Visit, c proposal.Call, f *page.Form, clashed bool) error {
	base := "/desk" + v.Edition.Path()
	p := callPage{New: c.Version == 0, Clashed: clashed, Action: base + "/call", Public: s.Config.BaseURL + v.Edition.Path() + "/propose", Version: f.Version(),
		Phase: c.Phase(v.Now), Zone: v.Edition.Zone, Questions: base + "/call/questions", Asked: len(c.Form.Fields), Base: base}
	p.Opens, p.Closes = f.Field("opens_at", "datetime-local", "call_desk.opens"), f.Field("closes_at", "datetime-local", "call_desk.closes")
	p.Opens.Required, p.Closes.Required = true, true
	p.Text = f.TextGroup("text", "textarea", "call_desk.text")
	f.Draws("kinds", v.T("call_desk.kinds"), "kinds")
	p.KindsErrors = f.Errors("kinds")
	for _, k := range offerable {
		t := f.Field(kindField(k), "text", "program.kind."+string(k))
		p.Kinds = append(p.Kinds, t)
	}
	p.Tracks, p.Each = f.Field("tracks", "checkbox", "call_desk.tracks"), f.Field("each", "number", "call_desk.each")
	p.Best, p.Anonymous = f.Field("best", "number", "call_desk.best"), f.Field("anonymous", "checkbox", "call_desk.anonymous")
	p.Problems = f.Summary()
	return v.Render("proposal/call", v.T("call_desk.title"), p)
}
