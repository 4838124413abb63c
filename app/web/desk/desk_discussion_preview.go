package desk

import (
	"slices"
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/speaking"
	"agora/app/text"
	"agora/app/web/page"
)

// wrong names the lines that cannot be taken over as they are.
func (r *discussionRead) wrong(v *page.Visit, e *fail.Error) {
	for place, list := range e.Fields {
		first, _, _ := strings.Cut(place, ".")
		i, err := strconv.Atoi(first)
		if err != nil || i >= len(r.list) {
			continue
		}
		for _, p := range list {
			r.Bad = append(r.Bad, page.ListLine{Line: r.list[i].Line, Text: v.Sentence(p.Key, p.Args)})
		}
	}
	slices.SortStableFunc(r.Bad, func(a, b page.ListLine) int { return a.Line - b.Line })
}

// withoutNobody leaves out the word that our own lists have for no name.
func (d *discussion) withoutNobody(list []qa.Collected) []qa.Collected {
	for i := range list {
		for _, l := range text.Langs {
			if list[i].Name == d.v.Site.Words.T(l, "qa.anonymous") {
				list[i].Name = ""
			}
		}
	}
	return list
}

// previews shows every question as it will look.
func (d *discussion) previews(r *discussionRead) {
	refused := map[string]bool{}
	for _, c := range r.list {
		row := discussionRow{Text: c.Text, Name: d.v.T("qa.anonymous")}
		if c.Name != "" {
			row.Name = c.Name
		}
		for _, a := range c.Answers {
			row.Answers = append(row.Answers, discussionAnswer{By: a.By, Text: text.Prose(a.Text)})
			if d.refused[a.SpeakerID].Refuses(speaking.Answers) && !refused[a.By] {
				refused[a.By] = true
				r.Refused = append(r.Refused, d.v.T("discussion.refused_list", "name", a.By))
			}
		}
		r.Answers += len(c.Answers)
		r.Rows = append(r.Rows, discussionPreview{Line: c.Line, Row: row})
	}
}
