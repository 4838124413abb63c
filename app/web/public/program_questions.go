package public

import (
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
	Answers        []page.AnswerRow
}

// sessionQuestions are a session's questions: those that were answered first, in
// the order of the stage, then what is left open.
func (s Pages) sessionQuestions(v *page.Visit, sessionID string) ([]questionRow, error) {
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
	case q.State == qa.StateAnswered && q.AnsweredAt != nil:
		at := *q.AnsweredAt
		if q.NowAt != nil {
			at = *q.NowAt
		}
		return templates.Tag{Text: v.T("session_page.q_stage", "at", text.At(v.Lang, v.Edition.Local(at)))}
	case q.State == qa.StateAnswered:
		return templates.Tag{Text: v.T("session_page.q_written")}
	case q.State == qa.StateLater && len(q.Answers) == 0:
		return templates.Tag{Kind: "plain", Text: v.T("session_page.q_later")}
	case len(q.Answers) > 0:
		return templates.Tag{Text: v.T("session_page.q_written")}
	}
	return templates.Tag{Kind: "plain", Text: v.T("session_page.q_open")}
}
