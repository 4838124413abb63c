package qa

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
)

// Writing is what somebody writes in answer to a question: a draft, or for all.
type Writing struct {
	Question string
	Speaker  string // empty: somebody who is no speaker of the edition
	Name     string // as it is shown
	Text     string // Markdown
	Publish  bool
	By       string // id of the organiser who writes it for them; empty: they themselves
	Seen     int64  // version of the own answer as it was read, 0: none yet; -1: whatever it is
}

// Written is an answer with what only its writers see.
type Written struct {
	Answer
	Draft     string // empty: none
	Version   int64
	Published bool
}

func (a *answerRow) written() Written {
	return Written{Answer: a.answer(), Draft: a.Draft, Version: a.Version, Published: a.Text != ""}
}

// Write keeps a draft or publishes an answer. A draft changes nothing that others
// see; published, it takes the place of what was there, and a question that was left
// open is answered. When a speaker and their assistant write at once, the second to
// save is told so and overwrites nothing.
func (s *Service) Write(ctx context.Context, in Writing) (Written, error) {
	wrong := fail.Fields{}
	checkAnswer(wrong, "", &in.Name, &in.Text)
	if err := wrong.Err(); err != nil {
		return Written{}, err
	}
	return s.writing(ctx, in.Question, in.By, in.Publish, func(q *question, given map[[3]string]*answerRow) (*answerRow, error) {
		now := s.moment()
		row := &answerRow{ID: db.NewID(), QuestionID: q.ID, Name: in.Name, CreatedAt: *now}
		if in.Speaker != "" {
			row.SpeakerID = &in.Speaker
		}
		if before := given[row.giver()]; before != nil {
			name := row.Name
			row = before
			row.Name = name
		}
		if in.Seen >= 0 && in.Seen != row.Version {
			return nil, fail.Clash(CodeStale.Key())
		}
		row.Version++
		row.ChangedAt = now
		if !in.Publish {
			row.Draft = in.Text
			return row, nil
		}
		row.Text, row.Draft = in.Text, ""
		if row.PublishedAt == nil {
			row.PublishedAt = now
		}
		return row, nil
	})
}

// Unpublish takes an answer back; its text stays as a draft. A question without any
// answer left, which was not answered on stage, is to be answered again.
func (s *Service) Unpublish(ctx context.Context, questionID, speakerID, name string) (Written, error) {
	return s.UnpublishBy(ctx, "", questionID, speakerID, name)
}

// UnpublishBy is Unpublish with the organiser who does it for them, for the log.
func (s *Service) UnpublishBy(ctx context.Context, personID, questionID, speakerID, name string) (Written, error) {
	return s.writing(ctx, questionID, personID, true, func(q *question, given map[[3]string]*answerRow) (*answerRow, error) {
		row := &answerRow{QuestionID: q.ID, Name: name}
		if speakerID != "" {
			row.SpeakerID = &speakerID
		}
		if row = given[row.giver()]; row == nil || row.Text == "" {
			return nil, fail.Missing("qa.answer_missing")
		}
		if row.Draft == "" {
			row.Draft = row.Text
		}
		row.Text, row.PublishedAt, row.ChangedAt = "", nil, s.moment()
		row.Version++
		return row, nil
	})
}

// writing changes one answer to a question under its room's lock. Whatever is public
// has the question shown anew.
func (s *Service) writing(ctx context.Context, questionID, by string, public bool, change func(*question, map[[3]string]*answerRow) (*answerRow, error)) (Written, error) {
	var out Written
	var told *room
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		r, q, err := s.lockQuestion(ctx, tx, questionID)
		if err != nil {
			return err
		}
		if !Audience.Sees(q.State) {
			return fail.Clash(CodeWrongState.Key())
		}
		given, err := answersTo(ctx, tx, []string{q.ID})
		if err != nil {
			return err
		}
		row, err := change(q, given)
		if err != nil {
			return err
		}
		given[row.giver()] = row
		if err := storeAnswers(ctx, tx, []*answerRow{row}); err != nil {
			return err
		}
		out, told = row.written(), r
		if by != "" {
			if err := audit.Write(ctx, tx, *row.ChangedAt, audit.Entry{Person: by, Edition: r.Edition, Act: actOf(row, public), Subject: r.SessionID}); err != nil {
				return err
			}
		}
		if !public {
			return nil
		}
		w := newWorld()
		w.touch(r, q)
		w.judge(r, q, given, *row.ChangedAt)
		return w.finish(ctx, tx, r)
	})
	if err == nil && public {
		s.tell(told.SessionID, told.Version, false)
	}
	return out, err
}

// actOf names what an organiser did to somebody's answer, for the log.
func actOf(row *answerRow, public bool) string {
	switch {
	case !public:
		return "answer.draft"
	case row.Text == "":
		return "answer.unpublish"
	}
	return "answer.publish"
}

// judge makes a question answered when there is an answer, and open again when the
// last one was taken back. One that is on stage is not judged by what is written.
func (w *world) judge(r *room, q *question, given map[[3]string]*answerRow, at time.Time) {
	for _, a := range given {
		if a.Text != "" && q.State != StateNow {
			// Without a time: it was not answered on stage, so no moment of a
			// recording belongs to it.
			w.settle(r, q, at)
			return
		}
	}
	if q.State == StateAnswered && q.AnsweredAt == nil {
		q.State, q.TellAt, r.changed = StateLater, nil, true
	}
}

func (s *Service) moment() *time.Time {
	now := s.now().UTC().Truncate(time.Microsecond)
	return &now
}

// OpenQuestion is a question as those see it who answer in writing.
type OpenQuestion struct {
	Question
	Session string
	Mine    *Written // the speaker's own, a draft or published
	ForMe   bool     // addressed to the speaker
}

// ToAnswer gives the public questions of sessions to a speaker who answers in
// writing: first those that nobody answered, and of these the ones addressed to the
// speaker, those put off for writing, and the most wanted.
func (s *Service) ToAnswer(ctx context.Context, speakerID string, sessions []string) ([]OpenQuestion, error) {
	list := []OpenQuestion{}
	for _, session := range sessions {
		rows, answers, err := readQuestions(ctx, s.db.Read, session, "state IN (?)", bun.List(shown[Audience]))
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(rows))
		for i, q := range rows {
			ids[i] = q.ID
		}
		given, err := answersTo(ctx, s.db.Read, ids)
		if err != nil {
			return nil, err
		}
		for _, q := range rows {
			one := OpenQuestion{Question: q.full(answers[q.ID]).as(Audience), Session: session, ForMe: q.SpeakerID != "" && q.SpeakerID == speakerID}
			if mine := given[[3]string{q.ID, speakerID, ""}]; mine != nil && speakerID != "" {
				w := mine.written()
				one.Mine = &w
			}
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b OpenQuestion) int {
		return cmp.Or(a.urgency()-b.urgency(), cmp.Compare(b.Votes, a.Votes))
	})
	return list, nil
}

func (q OpenQuestion) urgency() int {
	n := 0
	if q.State == StateAnswered {
		n += 4
	}
	if !q.ForMe {
		n += 2
	}
	if q.State != StateLater {
		n++
	}
	return n
}

// LeftOpen counts, by session, the public questions that nobody has answered.
func (s *Service) LeftOpen(ctx context.Context, sessions []string) (map[string]int64, error) {
	counts, err := s.Counts(ctx, sessions)
	left := map[string]int64{}
	for id, c := range counts {
		left[id] = c.Left
	}
	return left, err
}
