package qa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
)

// answerRow is a row of answer.
type answerRow struct {
	bun.BaseModel `bun:"table:answer"`

	ID         string
	QuestionID string
	SpeakerID  *string // nil: somebody who is no speaker of the edition
	Name       string
	Text       string
	CreatedAt  time.Time
}

func (a answerRow) answer() Answer {
	out := Answer{ID: a.ID, By: a.Name, Text: a.Text, At: a.CreatedAt.UTC()}
	if a.SpeakerID != nil {
		out.SpeakerID = *a.SpeakerID
	}
	return out
}

// AnswerInWriting publishes an answer to a question of the public. Several may
// answer one question; who answers again, by speaker or else by name, replaces
// the own answer. A question that was left open is answered by it.
func (s *Service) AnswerInWriting(ctx context.Context, questionID, speakerID, name, text string) (Answer, error) {
	wrong := fail.Fields{}
	checkAnswer(wrong, "", &name, &text)
	if err := wrong.Err(); err != nil {
		return Answer{}, err
	}
	var out Answer
	var told *room
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		r, q, err := s.lockQuestion(ctx, tx, questionID)
		if err != nil {
			return err
		}
		if !Audience.Sees(q.State) {
			return fail.Clash("qa.error.wrong_state")
		}
		row := answerRow{ID: db.NewID(), QuestionID: q.ID, Name: name, Text: text, CreatedAt: s.now().UTC()}
		if speakerID != "" {
			row.SpeakerID = &speakerID
		}
		rows := []answerRow{row}
		if err := putAnswers(ctx, tx, rows); err != nil {
			return err
		}
		out, told = rows[0].answer(), r
		w := newWorld()
		w.touch(r, q)
		if q.State != StateNow {
			// Without a time: it was not answered on stage, so no moment of a
			// recording belongs to it.
			w.settle(r, q)
		}
		return w.finish(ctx, tx, r)
	})
	if err == nil {
		s.tell(told.SessionID, told.Version, false)
	}
	return out, err
}

// settle marks a question as answered in writing. Out of the queue it leaves a
// gap in the ranks, which only order.
func (w *world) settle(r *room, q *question) {
	if q.State != StateAnswered {
		q.State, q.Rank, r.changed = StateAnswered, 0, true
	}
}

// finish writes what changed in one locked room.
func (w *world) finish(ctx context.Context, tx bun.IDB, r *room) error {
	w.rooms[r.SessionID] = r
	return w.write(ctx, tx)
}

// lockQuestion locks the question's room and reads the question under that lock.
func (s *Service) lockQuestion(ctx context.Context, tx bun.IDB, id string) (*room, *question, error) {
	var session string
	err := tx.NewRaw(`SELECT session_id FROM question WHERE id = ?`, id).Scan(ctx, &session)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, fail.Missing("qa.error.not_found")
	}
	if err != nil {
		return nil, nil, err
	}
	r, err := s.lockRoom(ctx, tx, session)
	if err != nil {
		return nil, nil, err
	}
	q := &question{}
	err = tx.NewSelect().Model(q).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, fail.Missing("qa.error.not_found")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading a question: %w", err)
	}
	return r, q, nil
}

// putAnswers stores answers, each in the place of the same one's earlier answer
// to the same question.
func putAnswers(ctx context.Context, tx bun.IDB, rows []answerRow) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.QuestionID
	}
	var before []answerRow
	err := tx.NewSelect().Model(&before).Where("question_id IN (?)", bun.List(ids)).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return err
	}
	given := map[[3]string]answerRow{}
	for _, b := range before {
		given[b.giver()] = b
	}
	put := map[string]*answerRow{}
	for i := range rows {
		row := &rows[i]
		if b, again := given[row.giver()]; again {
			row.ID, row.CreatedAt = b.ID, b.CreatedAt
		}
		given[row.giver()], put[row.ID] = *row, row
	}
	last := slices.Collect(maps.Values(put))
	_, err = tx.NewInsert().Model(&last).On("CONFLICT (id) DO UPDATE").
		Set("name = EXCLUDED.name").Set("text = EXCLUDED.text").Exec(ctx)
	return err
}

// giver tells who answered what: a speaker, or else a name.
func (a answerRow) giver() [3]string {
	if a.SpeakerID != nil {
		return [3]string{a.QuestionID, *a.SpeakerID, ""}
	}
	return [3]string{a.QuestionID, "", a.Name}
}

// checkAnswer notes what is wrong with an answer. prefix names the place in a list.
func checkAnswer(wrong fail.Fields, prefix string, by, text *string) {
	if code, args := checkText(by, prefix+"name", NameMax, oneLine); code != "" {
		wrong.Add(prefix+"name", code.Key(), args...)
	}
	if code, args := checkText(text, prefix+"text", AnswerMax, paragraphs); code != "" {
		wrong.Add(prefix+"text", code.Key(), args...)
	}
}
