package speaking

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
)

// open are the states of a question that the audience sees and nobody has
// answered yet.
var open = []string{string(qa.StateApproved), string(qa.StateQueued), string(qa.StateLater)}

// leftOpen counts the questions of each of an edition's sessions that nobody has
// answered.
func (s *Service) leftOpen(ctx context.Context, e edition.Edition) (map[string]int, error) {
	var rows []struct {
		SessionID string
		N         int
	}
	err := s.db.Read.NewRaw(`SELECT q.session_id, count(*) AS n FROM question AS q JOIN session AS s ON s.id = q.session_id
		WHERE s.edition_id = ? AND q.state IN (?) AND NOT EXISTS (SELECT 1 FROM answer AS a WHERE a.question_id = q.id)
		GROUP BY q.session_id`, e.ID, bun.List(open)).Scan(ctx, &rows)
	by := make(map[string]int, len(rows))
	for _, r := range rows {
		by[r.SessionID] = r.N
	}
	return by, err
}

// Asked is one of the audience's questions to a speaker's session.
type Asked struct {
	qa.Question
	Session *program.Session
	// Mine is what the speaker has answered in writing, if anything.
	Mine string
}

// Questions gives the questions of a speaker's sessions that are over, in the
// order in which their pages show them: first those that nobody has answered.
func (s *Service) Questions(ctx context.Context, who *program.Speaker) ([]Asked, error) {
	var waiting, answered []Asked
	now := s.now()
	for _, session := range who.Sessions {
		if !session.Scheduled() || session.EndsAt.After(now) {
			continue
		}
		list, err := s.qa.Questions(ctx, session.ID)
		if err != nil {
			return nil, err
		}
		for _, q := range list {
			asked := Asked{Question: q, Session: session}
			for _, a := range q.Answers {
				if a.SpeakerID == who.ID {
					asked.Mine = a.Text
				}
			}
			if len(q.Answers) == 0 && q.State != qa.StateAnswered {
				waiting = append(waiting, asked)
			} else {
				answered = append(answered, asked)
			}
		}
	}
	return append(waiting, answered...), nil
}

// Answer publishes a speaker's written answer to a question of one of their own
// sessions. Whoever answers again replaces their own answer; several may answer.
func (s *Service) Answer(ctx context.Context, e edition.Edition, x Speaking, questionID, answer string) error {
	if x.Consent.Refuses(Answers) {
		return fail.Clash("speaking.answers_refused")
	}
	who, err := speaker(ctx, s.db.Read, e, x.SpeakerID)
	if err != nil {
		return err
	}
	theirs, err := s.db.Read.NewSelect().TableExpr("question AS q").Join("JOIN session_speaker AS ss ON ss.session_id = q.session_id").
		Where("q.id = ? AND ss.speaker_id = ?", questionID, x.SpeakerID).Exists(ctx)
	if err != nil {
		return err
	}
	if !theirs {
		return fail.Missing("qa.error.not_found")
	}
	if _, err := s.qa.AnswerInWriting(ctx, questionID, x.SpeakerID, who.Name, answer); err != nil {
		return err
	}
	return s.Noted(ctx, e, x, SectionQuestions)
}
