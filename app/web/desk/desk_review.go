package desk

import (
	"strconv"

	"agora/app/proposal"
	"agora/app/web/page"
	"agora/templates"
)

// reviewsPage is what a reviewer has before them.
type reviewsPage struct {
	Rows      []taskRow
	Done, All int
	Next      string
	Anonymous bool
	Base      string
}

type taskRow struct {
	Href, Title, Lang, Who, Kind string
	Stance                       proposal.Stance // empty: to be done
	Score                        int64
	Changed                      bool
}

// ReviewList lists what the visitor may review.
func (s Pages) ReviewList(v *page.Visit) error {
	c, tasks, err := s.tasks(v)
	if err != nil {
		return err
	}
	p := reviewsPage{All: len(tasks), Anonymous: c.Rules.Anonymous, Base: "/desk" + v.Edition.Path()}
	for _, t := range tasks {
		row := taskRow{Href: reviewHref(v, t.Code), Title: t.Title, Lang: v.OtherLang(t.Spoken), Who: t.Name, Kind: kindAndLength(v, t.Proposal), Changed: t.Changed}
		if t.Done() {
			p.Done++
			row.Stance = t.Mine.Stance
			if t.Mine.Score != nil {
				row.Score = *t.Mine.Score
			}
		} else if p.Next == "" {
			p.Next = row.Href
		}
		p.Rows = append(p.Rows, row)
	}
	return v.Render("proposal/reviews", v.T("review.title"), p)
}

func reviewHref(v *page.Visit, code string) string {
	return "/desk" + v.Edition.Path() + "/review/" + code
}

func (s Pages) tasks(v *page.Visit) (proposal.Call, []proposal.Task, error) {
	c, err := s.Proposals.Call(v.Ctx, v.Edition.ID)
	if err != nil || c.Version == 0 {
		return c, nil, err
	}
	tasks, err := s.Proposals.Tasks(v.Ctx, c, v.Person)
	return c, tasks, err
}

// reviewOnePage is one proposal with the form of a review.
type reviewOnePage struct {
	Title, Lang, Kind   string
	Facts, Own          []templates.Fact
	Abstract, Biography string
	Speakers            []templates.Person
	Anonymous           bool
	Score               templates.Choice
	Comment             templates.Field
	Problems            []templates.Problem
	Done, Changed       bool
	Others              []reviewShown
	Best                int64
	Progress            string
	Skip                string // the next one to be done
	Action, Back        string
}

// Shape adds the keys.
func (p reviewOnePage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "review") }

// ReviewForm shows one proposal to be reviewed.
func (s Pages) ReviewForm(v *page.Visit) error { return s.reviewOne(v, nil) }

func (s Pages) reviewOne(v *page.Visit, f *page.Form) error {
	c, tasks, err := s.tasks(v)
	if err != nil {
		return err
	}
	t, others, err := s.Proposals.Task(v.Ctx, c, v.Person, v.Param("code"))
	if err != nil {
		return err
	}
	if f == nil {
		f = v.Blank()
		if t.Done() {
			f.Set("score", string(t.Mine.Stance)).Set("comment", t.Mine.Comment)
			if t.Mine.Score != nil {
				f.Set("score", strconv.FormatInt(*t.Mine.Score, 10))
			}
		}
	}
	p := reviewOnePage{Title: t.Title, Lang: v.OtherLang(t.Spoken), Kind: kindAndLength(v, t.Proposal), Abstract: t.Abstract, Biography: t.Biography, Own: ownAnswers(v, c, t.Proposal),
		Anonymous: c.Rules.Anonymous, Done: t.Done(), Changed: t.Changed, Best: c.Rules.Best, Others: shownReviews(v, t.Proposal, others),
		Action: reviewHref(v, t.Code), Back: "/desk" + v.Edition.Path() + "/review"}
	p.Facts = []templates.Fact{{Term: v.T("propose.kind_short"), Text: p.Kind}, {Term: v.T("propose.fact_spoken"), Text: spokenName(t.Spoken)}}
	for _, o := range t.Speakers() {
		if o.Name != "" {
			p.Speakers = append(p.Speakers, templates.Person{Name: o.Name, Initials: page.Initials(o.Name), Size: "small"})
		}
	}
	p.Score = f.Choice("score", "review.score", scoreOptions(v, c.Rules.Best)...)
	p.Score.Hint = v.T("review.scale", "max", c.Rules.Best)
	p.Comment = f.Field("comment", "textarea", "review.comment")
	p.Comment.Optional, p.Comment.Rows = true, 5
	p.Problems = f.Summary()
	p.progress(v, tasks, t.Code)
	return v.Render("proposal/review", t.Title, p)
}

// progress says how far the reviewer is, and finds the next one to be done.
func (p *reviewOnePage) progress(v *page.Visit, tasks []proposal.Task, code string) {
	done := 0
	for _, t := range tasks {
		if t.Done() {
			done++
		} else if p.Skip == "" && t.Code != code {
			p.Skip = reviewHref(v, t.Code)
		}
	}
	// Skipping goes on behind this one, and round to the beginning.
	behind := false
	for _, t := range tasks {
		if behind && !t.Done() {
			p.Skip = reviewHref(v, t.Code)
			break
		}
		behind = behind || t.Code == code
	}
	p.Progress = v.T("review.progress", "done", done, "n", len(tasks))
}

// scoreOptions are the scores, then the two ways of giving none.
func scoreOptions(v *page.Visit, best int64) []templates.Option {
	var list []templates.Option
	for n := range best {
		score := strconv.FormatInt(n+1, 10)
		list = append(list, templates.Option{Value: score, Text: score})
	}
	return append(list, templates.Option{Value: string(proposal.Abstained), Text: v.T("review.abstain"), Hint: v.T("review.abstain_how")},
		templates.Option{Value: string(proposal.Conflict), Text: v.T("review.conflict"), Hint: v.T("review.conflict_how")})
}

// ReviewSave takes the review and goes on to the next one.
func (s Pages) ReviewSave(v *page.Visit) error {
	f, code := v.Sent(), v.Param("code")
	r := proposal.Review{Stance: proposal.Stance(f.Get("score")), Comment: f.Get("comment")}
	if n, err := strconv.ParseInt(f.Get("score"), 10, 64); err == nil {
		r.Stance, r.Score = proposal.Scored, &n
	}
	if bad, err := f.Failed(s.Proposals.Review(v.Ctx, v.Edition, v.Person, code, r)); bad {
		if err != nil {
			return err
		}
		return s.reviewOne(v, f)
	}
	v.Say("success", "flash.review_saved")
	if f.Get("then") != "next" {
		return v.Redirect(reviewHref(v, code))
	}
	_, tasks, err := s.tasks(v)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if !t.Done() {
			return v.Redirect(reviewHref(v, t.Code))
		}
	}
	return v.Redirect("/desk" + v.Edition.Path() + "/review")
}
