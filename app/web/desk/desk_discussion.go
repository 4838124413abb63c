package desk

import (
	"html/template"
	"net/url"
	"slices"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// discussionPage is what was asked in a session and how it was answered, for those
// who see to it that every question gets its answer.
type discussionPage struct {
	Top    discussionTop
	Counts qa.Counts
	Drafts int
	Owing  []discussionOwing
	Lists  []discussionList
	Write  bool // the visitor may write for the speakers
	Empty  templates.Empty
}

// discussionTop is what the pages of one discussion share.
type discussionTop struct {
	Title page.Words
	Self  string
	Desk  string // where it is moderated
	Page  string // where the public reads it
}

// discussionOwing is a speaker and what waits for them.
type discussionOwing struct {
	Name, Href      string
	Waits, Open     int // asked of them by name; of anybody who speaks here
	Written, Drafts int
	Refuses         bool
}

// discussionList is questions of one kind.
type discussionList struct {
	ID, Title, Lead string
	Folded          bool
	Rows            []discussionRow
}

type discussionRow struct {
	Text, Name, For string
	State           templates.Tag
	Source, Reason  string
	Votes           int64
	Moment          string // when it was answered on stage
	Waits           string // whose answer it waits for
	Answers         []discussionAnswer
	Href            string // where an answer is written; empty: it takes none
}

type discussionAnswer struct {
	By   string
	Text template.HTML
	Tag  templates.Tag
}

// discussion is one session with all that was asked.
type discussion struct {
	Pages
	v       *page.Visit
	x       *program.Session
	self    string
	asked   []qa.Discussed
	counts  qa.Counts
	written map[string][]qa.Written
	refused map[string]speaking.Consent
}

// discussed opens the session of the address.
func (s Pages) discussed(v *page.Visit) (*discussion, error) {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	x := p.BySlug(v.Param("slug"))
	if x == nil || x.Kind == program.Break {
		return nil, fail.Missing("program.session_missing")
	}
	d := &discussion{Pages: s, v: v, x: x, self: "/desk" + v.Edition.Path() + "/live/" + url.PathEscape(x.Slug) + "/discussion"}
	if d.refused, err = s.Speaking.Refused(v.Ctx, v.Edition.ID); err != nil {
		return nil, err
	}
	all, err := d.read(qa.Moderator)
	if err != nil {
		return nil, err
	}
	d.asked, d.counts = all.Questions, all.Counts
	d.written, err = s.QA.Writings(v.Ctx, x.ID)
	return d, err
}

// read gives the discussion as a view sees it; of a session that nobody has opened a
// room for, nothing. What its asker took back is nobody's to read.
func (d *discussion) read(view qa.View) (qa.Discussion, error) {
	all, err := d.QA.Discussion(d.v.Ctx, d.x.ID, view)
	if fail.Is(err, fail.NotFound) {
		return qa.Discussion{Session: d.x.ID, Questions: []qa.Discussed{}}, nil
	}
	all.Questions = slices.DeleteFunc(all.Questions, func(q qa.Discussed) bool { return q.State == qa.StateWithdrawn })
	return all, err
}

func (d *discussion) top() discussionTop {
	return discussionTop{Title: d.v.SessionWords(d.x, d.x.Title), Self: d.self, Desk: "/desk" + d.v.Edition.Path() + "/live/" + url.PathEscape(d.x.Slug), Page: d.v.SessionHref(d.x)}
}

// Discussion shows it.
func (s Pages) Discussion(v *page.Visit) error {
	d, err := s.discussed(v)
	if err != nil {
		return err
	}
	p := discussionPage{Top: d.top(), Counts: d.counts, Write: v.May(account.Organiser)}
	open := discussionList{ID: "open", Title: v.T("discussion.open"), Lead: v.T("discussion.open_lead")}
	done := discussionList{ID: "answered", Title: v.T("discussion.answered")}
	rest := discussionList{ID: "rest", Title: v.T("discussion.rest"), Lead: v.T("discussion.rest_lead"), Folded: true}
	for _, q := range d.asked {
		row := d.row(q, p.Write)
		switch {
		case !qa.Audience.Sees(q.State):
			rest.Rows = append(rest.Rows, row)
		case d.waits(q):
			open.Rows = append(open.Rows, row)
		default:
			done.Rows = append(done.Rows, row)
		}
	}
	for _, list := range d.written {
		for _, w := range list {
			if w.Draft != "" {
				p.Drafts++
			}
		}
	}
	for _, l := range []discussionList{open, done, rest} {
		if len(l.Rows) > 0 {
			p.Lists = append(p.Lists, l)
		}
	}
	p.Owing = d.owing()
	if len(p.Lists) == 0 {
		p.Empty = templates.Empty{Title: v.T("discussion.empty"), Text: v.T("discussion.empty_how")}
	}
	return v.Render("desk/discussion", v.T("discussion.title"), p)
}

// waits reports whether nobody has answered a question yet, on stage or in writing.
func (d *discussion) waits(q qa.Discussed) bool {
	return qa.Audience.Sees(q.State) && q.State != qa.StateAnswered && len(q.Answers) == 0
}

func (d *discussion) row(q qa.Discussed, write bool) discussionRow {
	v := d.v
	row := discussionRow{Text: q.Text, Votes: q.Votes, Name: v.T("qa.anonymous"), For: d.speaker(q.Speaker), State: templates.Tag{Kind: "plain", Text: v.T("qa.state." + string(q.State))}}
	if q.Name != nil {
		row.Name = *q.Name
	}
	if q.Source != "" && q.Source != qa.SourceAudience {
		row.Source = v.T("qa.source." + string(q.Source))
	}
	if q.Staff != nil {
		row.Reason = q.Staff.Reason
	}
	if at := qa.StageTime(q.NowAt, q.AnsweredAt); at != nil {
		row.Moment = v.T("discussion.on_stage", "at", text.Clock(v.Lang, v.Edition.Local(*at)))
	}
	for _, w := range d.written[q.ID] {
		row.Answers = append(row.Answers, d.answers(w)...)
	}
	if d.waits(q) {
		row.State.Kind = "mine"
		row.Waits = row.For
	}
	if write && qa.Audience.Sees(q.State) {
		row.Href = d.self + "/" + q.ID
	}
	return row
}

// answers shows what is published and, after it, what is to take its place.
func (d *discussion) answers(w qa.Written) (list []discussionAnswer) {
	v := d.v
	if w.Published {
		one := discussionAnswer{By: w.By, Text: text.Prose(w.Text)}
		if d.refused[w.SpeakerID].Refuses(speaking.Answers) {
			one.Tag = templates.Tag{Kind: "bad", Text: v.T("discussion.withheld")}
		}
		list = append(list, one)
	}
	if w.Draft != "" {
		list = append(list, discussionAnswer{By: w.By, Text: text.Prose(w.Draft), Tag: templates.Tag{Kind: "plain", Text: v.T("discussion.draft")}})
	}
	return list
}

func (d *discussion) speaker(id string) string {
	for _, who := range d.x.Speakers {
		if who.ID == id && id != "" {
			return who.Name
		}
	}
	return ""
}

// owing tells of each speaker what waits for them and what they have done.
func (d *discussion) owing() (list []discussionOwing) {
	for _, who := range d.x.Speakers {
		one := discussionOwing{Name: who.Name, Href: "/desk" + d.v.Edition.Path() + "/speakers/" + url.PathEscape(who.Slug), Refuses: d.refused[who.ID].Refuses(speaking.Answers)}
		for _, q := range d.asked {
			switch {
			case !d.waits(q):
			case q.Speaker == who.ID:
				one.Waits++
			case q.Speaker == "":
				one.Open++
			}
			for _, w := range d.written[q.ID] {
				if w.SpeakerID != who.ID {
					continue
				}
				if w.Published {
					one.Written++
				}
				if w.Draft != "" {
					one.Drafts++
				}
			}
		}
		list = append(list, one)
	}
	return list
}
