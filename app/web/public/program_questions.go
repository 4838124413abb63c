package public

import (
	"time"

	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// questionRow is a question on its session's page, with the answers written to it.
type questionRow struct {
	ID, Text, Name string
	Votes          int64
	State          templates.Tag
	Moment         *momentLink
	Answers        []page.AnswerRow
}

// sessionLeft puts on a session's page what the session left behind: recordings
// first, other material, and the questions with the moments of their answers.
func (s Pages) sessionLeft(v *page.Visit, p *program.Programme, x *program.Session, made *sessionPage) error {
	may, err := registered(v)
	if err != nil {
		return err
	}
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, may)
	if err != nil {
		return err
	}
	l := lister{v: v, base: v.Edition.Path() + "/materials/", plays: true}
	rows := l.rows(by[x.ID], x)
	letIn(v, rows)
	for _, r := range rows {
		if r.kind == material.Recording && r.Player != nil {
			made.Recordings = append(made.Recordings, r)
		} else {
			made.Material = append(made.Material, r)
		}
	}
	made.Questions, err = s.sessionQuestions(v, x.ID, func(at time.Time) *momentLink { return l.moment(by[x.ID], at) })
	return err
}

// sessionQuestions are a session's questions: those that were answered first, in
// the order of the stage, then what is left open.
func (s Pages) sessionQuestions(v *page.Visit, sessionID string, moment func(time.Time) *momentLink) ([]questionRow, error) {
	list, err := s.QA.Questions(v.Ctx, sessionID)
	if err != nil {
		return nil, err
	}
	rows := make([]questionRow, 0, len(list))
	for _, q := range list {
		row := questionRow{ID: "q-" + q.ID, Text: q.Text, Name: v.T("session_page.anonymous"), Votes: q.Votes, State: questionState(v, q)}
		if q.Name != nil {
			row.Name = *q.Name
		}
		if at := onStage(q); at != nil {
			row.Moment = moment(*at)
		}
		for _, a := range q.Answers {
			row.Answers = append(row.Answers, page.AnswerRow{By: a.By, Text: a.Text})
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// questionState says in words where a question stands: when it was answered on
// stage, or that it was or will be answered in writing.
func questionState(v *page.Visit, q qa.Question) templates.Tag {
	switch {
	case q.State == qa.StateNow:
		return templates.Tag{Kind: "live", Text: v.T("session_page.q_now")}
	case onStage(q) != nil:
		return templates.Tag{Text: v.T("session_page.q_stage", "at", text.At(v.Lang, v.Edition.Local(*onStage(q))))}
	case q.State == qa.StateAnswered:
		return templates.Tag{Text: v.T("session_page.q_written")}
	case q.State == qa.StateLater && len(q.Answers) == 0:
		return templates.Tag{Kind: "plain", Text: v.T("session_page.q_later")}
	case len(q.Answers) > 0:
		return templates.Tag{Text: v.T("session_page.q_written")}
	}
	return templates.Tag{Kind: "plain", Text: v.T("session_page.q_open")}
}

// onStage is when a question was taken up on stage, nil when it was not answered there.
func onStage(q qa.Question) *time.Time {
	if q.State != qa.StateAnswered {
		return nil
	}
	return qa.StageTime(q.NowAt, q.AnsweredAt)
}
