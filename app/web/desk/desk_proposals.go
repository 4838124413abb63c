package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// proposalsPage lists what was proposed, for those who decide.
type proposalsPage struct {
	Call    bool // there is one
	Phase   proposal.Phase
	When    string
	Rows    []proposalRow
	States  []page.Pill
	Search  templates.Field
	Kind    templates.Field
	Track   *templates.Field
	Sort    templates.Field
	Hidden  []templates.Field
	Filters bool
	Any     bool
	Drafts  int
	Untold  int
	Best    int64
	Tally   string // what was accepted comes to
	Decide  string
	Base    string
}

// Shape adds the box that ticks all the others.
func (p proposalsPage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "tick-all") }

// proposalRow is a proposal in a list.
type proposalRow struct {
	Code, Pick  string
	Title, Lang string
	Who         string
	Kind        string
	Track       page.Words
	State       proposal.State
	Untold      bool
	Open        bool // can still be decided
	Changed     int
	Average     string
	Spread      string
	Scores      int
	Aside       int // abstained or too close
	Bars        []scoreBar
}

// BarsWidth is how wide the picture of its scores is.
func (r proposalRow) BarsWidth() int { return 12*len(r.Bars) - 3 }

// scoreBar is how many gave a score, as a part of a small picture.
type scoreBar struct {
	Score, N       int64
	X, Y, Width, H int
}

// proposalNames are what the address of the list asks by.
var proposalNames = []string{"q", "state", "kind", "track", "sort"}

func proposalFilter(v *page.Visit) proposal.Filter {
	f := proposal.Filter{Words: v.Query("q"), Kind: program.Kind(v.Query("kind")), Track: v.Query("track"), Order: proposal.Order(v.Query("sort"))}
	switch state := v.Query("state"); {
	case state == "untold":
		f.Untold = true
	case slices.Contains(proposal.States[:], proposal.State(state)):
		f.State = proposal.State(state)
	}
	return f
}

// ProposalsPage lists them.
func (s Pages) ProposalsPage(v *page.Visit) error {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	all, drafts, err := s.Proposals.List(v.Ctx, v.Edition.ID, proposal.Filter{Order: proposalFilter(v).Order})
	if err != nil {
		return err
	}
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	want := proposalFilter(v)
	p := proposalsPage{Call: c.Version > 0, Phase: c.Phase(v.Now), Any: len(all) > 0, Drafts: drafts, Best: c.Rules.Best, Base: "/desk" + v.Edition.Path(),
		Filters: len(v.AskedBy(proposalNames)) > 0}
	if p.Phase == proposal.Before {
		p.When = v.SentenceTime(c.OpensAt)
	} else {
		p.When = v.SentenceTime(c.ClosesAt)
	}
	for _, row := range all {
		if row.Untold() {
			p.Untold++
		}
		if want.Takes(row.Proposal) {
			p.Rows = append(p.Rows, newProposalRow(v, c, draft.Tracks, row))
		}
	}
	p.Decide = p.Base + "/proposals/decide" + v.AskedAs(proposalNames)
	p.Tally = tallyOf(v, all)
	p.States = proposalPills(v, all, p.Untold)
	p.fields(v, c, draft.Tracks)
	return v.Render("proposal/proposals", v.T("proposal_desk.title"), p)
}

func newProposalRow(v *page.Visit, c proposal.Call, tracks []*program.Track, r proposal.Row) proposalRow {
	row := proposalRow{Code: r.Code, Pick: pickOf(r.Proposal), Title: r.Title, Lang: v.OtherLang(r.Spoken), Kind: kindAndLength(v, r.Proposal), State: r.State,
		Untold: r.Untold(), Open: r.Told != proposal.Accepted && r.State != proposal.Withdrawn, Changed: r.Changed, Scores: len(r.Scores), Aside: r.Abstained + r.Conflicts}
	var names []string
	for _, o := range r.Speakers() {
		names = append(names, o.Name)
	}
	row.Who = strings.Join(names, ", ")
	for _, t := range tracks {
		if t.ID == r.TrackID {
			row.Track = v.Words(t.Name)
		}
	}
	if row.Scores > 0 {
		row.Average, row.Spread = decimal(v.Lang, r.Average), decimal(v.Lang, r.Spread)
		row.Bars = scoreBars(c.Rules.Best, r.Scores)
	}
	return row
}

// decimal writes a figure of reviews with one digit after the point.
func decimal(l text.Lang, n float64) string {
	s := strconv.FormatFloat(n, 'f', 1, 64)
	if l != text.English {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// scoreBars draws how many gave which score, in a picture of 12 by score and 24
// high.
func scoreBars(best int64, scores []int64) []scoreBar {
	most := int64(1)
	bars := make([]scoreBar, max(best, scores[len(scores)-1]))
	for _, n := range scores {
		bars[n-1].N++
		most = max(most, bars[n-1].N)
	}
	for i := range bars {
		height := int(22 * bars[i].N / most)
		bars[i] = scoreBar{Score: int64(i + 1), N: bars[i].N, X: 12 * i, Y: 22 - height, Width: 9, H: height + 2}
	}
	return bars
}

func kindAndLength(v *page.Visit, p proposal.Proposal) string {
	return v.T("program.kind."+string(p.Kind)) + " · " + text.Length(time.Duration(p.Minutes)*time.Minute)
}

// pickOf names a proposal as it was shown.
func pickOf(p proposal.Proposal) string { return p.Code + "." + strconv.FormatInt(p.Version, 10) }

// mostPicked is more than a call can hold.
const mostPicked = 2500

// picked reads those ticked.
func picked(v *page.Visit) ([]proposal.Pick, error) {
	var picks []proposal.Pick
	for _, sent := range v.C.Request().PostArgs().PeekMulti("row") {
		code, version, _ := strings.Cut(string(sent), ".")
		n, err := strconv.ParseInt(version, 10, 64)
		if err != nil || n < 1 || code == "" {
			return nil, fail.New(fail.Invalid, "proposal_desk.row_unknown")
		}
		picks = append(picks, proposal.Pick{Code: code, Version: n})
	}
	if len(picks) > mostPicked {
		return nil, fail.New(fail.Invalid, "proposal_desk.row_unknown")
	}
	return picks, nil
}

// tallyOf says how many were accepted, and how long they take together.
func tallyOf(v *page.Visit, all []proposal.Row) string {
	n, minutes := 0, int64(0)
	for _, row := range all {
		if row.State == proposal.Accepted {
			n++
			minutes += row.Minutes
		}
	}
	if n == 0 {
		return ""
	}
	return v.T("proposal_desk.tally", "n", n, "length", text.Length(time.Duration(minutes)*time.Minute))
}

func proposalPills(v *page.Visit, all []proposal.Row, untold int) []page.Pill {
	counts := map[string]int{"": len(all), "untold": untold}
	for _, row := range all {
		counts[string(row.State)]++
	}
	var list []page.Pill
	for _, state := range append([]proposal.State{"", "untold"}, proposal.States[:]...) {
		value, current := string(state), v.Query("state") == string(state)
		if counts[value] == 0 && !current {
			continue
		}
		word := v.T("desk_people.state_all")
		switch value {
		case "":
		case "untold":
			word = v.T("proposal_desk.untold_pill")
		default:
			word = v.T("proposal.state." + value)
		}
		list = append(list, page.Pill{Text: word, N: int64(counts[value]), Current: current, Href: "/desk" + v.Edition.Path() + "/proposals" + v.AskedAs(proposalNames, "state", value)})
	}
	return list
}

// fields are those of the filter.
func (p *proposalsPage) fields(v *page.Visit, c proposal.Call, tracks []*program.Track) {
	f := v.Blank()
	for _, name := range proposalNames {
		f.Set(name, v.Query(name))
	}
	if f.Has("state") {
		p.Hidden = append(p.Hidden, templates.Field{Type: "hidden", Name: "state", Value: f.Get("state")})
	}
	p.Search, p.Kind = f.Field("q", "search", "proposal_desk.search"), f.Field("kind", "select", "propose.kind_short")
	p.Kind.Options = []templates.Option{{Text: v.T("desk.any_kind")}}
	for _, o := range c.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(o.Kind), Text: v.T("program.kind." + string(o.Kind))})
	}
	if len(tracks) > 0 && c.Rules.Tracks {
		t := f.Field("track", "select", "propose.track")
		t.Options = []templates.Option{{Text: v.T("desk.any_kind")}}
		for _, one := range tracks {
			t.Options = append(t.Options, templates.Option{Value: one.ID, Text: v.Words(one.Name).Text})
		}
		p.Track = &t
	}
	p.Sort = f.Field("sort", "select", "proposal_desk.sort")
	for _, o := range proposal.Orders {
		p.Sort.Options = append(p.Sort.Options, templates.Option{Value: string(o), Text: v.T("proposal_desk.sort_" + string(o))})
	}
}

// ProposalsDecide decides about those ticked. Nobody is told, and it can be taken
// back.
func (s Pages) ProposalsDecide(v *page.Visit) error {
	picks, err := picked(v)
	if err != nil {
		return err
	}
	back := "/desk" + v.Edition.Path() + "/proposals" + v.AskedAs(proposalNames)
	if code := v.Sent().Get("back"); code != "" && len(picks) == 1 && picks[0].Code == code {
		back = "/desk" + v.Edition.Path() + "/proposals/" + code
	}
	if len(picks) == 0 {
		v.Say("bad", "flash.proposals_none")
		return v.Redirect(back)
	}
	done, err := s.Proposals.Decide(v.Ctx, v.Person.ID, v.Edition, picks, proposal.State(v.Sent().Get("to")))
	if err != nil {
		return err
	}
	switch {
	case done.Done == 0:
		v.Say("bad", "flash.proposals_before")
	case done.Passed > 0:
		v.Say("info", "flash.proposals_some")
	default:
		v.Say("success", "flash.proposals_decided")
	}
	return v.Redirect(back)
}
