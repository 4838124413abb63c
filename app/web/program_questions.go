package web

import (
	"agora/app/qa"
	"agora/app/text"
	"agora/templates"
)

// questionRow is a question on its session's page, with the answers written to it.
type questionRow struct {
	ID, Text, Name string
	Votes          int64
	State          templates.Tag
	Answers        []answerRow
}

type answerRow struct{ By, Text string }

// sessionQuestions are a session's questions: those that were answered first, in
// the order of the stage, then what is left open.
func (s *Site) sessionQuestions(v *visit, sessionID string) ([]questionRow, error) {
	list, err := s.QA.Questions(v.ctx, sessionID)
	if err != nil {
		return nil, err
	}
	rows := make([]questionRow, 0, len(list))
	for _, q := range list {
		row := questionRow{ID: "q-" + q.ID, Text: q.Text, Name: v.t("session_page.anonymous"), Votes: q.Votes, State: v.questionState(q)}
		if q.Name != nil {
			row.Name = *q.Name
		}
		for _, a := range q.Answers {
			row.Answers = append(row.Answers, answerRow{By: a.By, Text: a.Text})
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// questionState says in words where a question stands: when it was answered on
// stage, or that it was or will be answered in writing.
func (v *visit) questionState(q qa.Question) templates.Tag {
	switch {
	case q.State == qa.StateNow:
		return templates.Tag{Kind: "live", Text: v.t("session_page.q_now")}
	case q.State == qa.StateAnswered && q.AnsweredAt != nil:
		at := *q.AnsweredAt
		if q.NowAt != nil {
			at = *q.NowAt
		}
		return templates.Tag{Text: v.t("session_page.q_stage", "at", text.At(v.lang, v.edition.Local(at)))}
	case q.State == qa.StateAnswered:
		return templates.Tag{Text: v.t("session_page.q_written")}
	case q.State == qa.StateLater && len(q.Answers) == 0:
		return templates.Tag{Kind: "plain", Text: v.t("session_page.q_later")}
	case len(q.Answers) > 0:
		return templates.Tag{Text: v.t("session_page.q_written")}
	}
	return templates.Tag{Kind: "plain", Text: v.t("session_page.q_open")}
}
