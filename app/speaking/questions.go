package speaking

import (
	"context"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
)

// Asked is one of the audience's questions to a session of a speaker's.
type Asked struct {
	qa.OpenQuestion
	Of *program.Session
}

// Questions gives the questions of a speaker's sessions that are over: first those
// that nobody has answered.
func (s *Service) Questions(ctx context.Context, who *program.Speaker) ([]Asked, error) {
	over, ids := map[string]*program.Session{}, []string{}
	now := s.now()
	for _, session := range who.Sessions {
		if session.Scheduled() && !session.EndsAt.After(now) {
			over[session.ID] = session
			ids = append(ids, session.ID)
		}
	}
	list, err := s.qa.ToAnswer(ctx, who.ID, ids)
	asked := make([]Asked, len(list))
	for i, q := range list {
		asked[i] = Asked{OpenQuestion: q, Of: over[q.Session]}
	}
	return asked, err
}

// Written is what a speaker writes in answer to a question: a draft, or for all.
type Written struct {
	Text    string
	Publish bool
	// Seen is the version of their answer that the form was filled from; 0: none.
	Seen int64
}

// Answer keeps or publishes a speaker's written answer to a question of one of
// their own sessions. Whoever answers again replaces their own answer; several may
// answer. Conflict when their assistant has written meanwhile.
func (s *Service) Answer(ctx context.Context, e edition.Edition, x Speaking, questionID string, in Written) error {
	if in.Publish && x.Consent.Refuses(Answers) {
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
	_, err = s.qa.Write(ctx, qa.Writing{Question: questionID, Speaker: x.SpeakerID, Name: who.Name, Text: in.Text, Publish: in.Publish, Seen: in.Seen})
	if err != nil {
		return err
	}
	return s.Noted(ctx, e, x, SectionQuestions)
}
