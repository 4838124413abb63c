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

	"agora/app/fail"
)

// answerRow is a row of answer.
type answerRow struct {
	bun.BaseModel `bun:"table:answer"`

	ID          string `bun:",pk"`
	QuestionID  string
	SpeakerID   *string // nil: somebody who is no speaker of the edition
	Name        string
	Text        string // what is published; empty: nothing yet
	Draft       string // what is to replace it
	Version     int64
	CreatedAt   time.Time
	ChangedAt   *time.Time
	PublishedAt *time.Time
}

func (a *answerRow) answer() Answer {
	out := Answer{ID: a.ID, By: a.Name, Text: a.Text, At: a.CreatedAt.UTC()}
	if a.PublishedAt != nil {
		out.At = a.PublishedAt.UTC()
	}
	if a.SpeakerID != nil {
		out.SpeakerID = *a.SpeakerID
	}
	return out
}

// AnswerInWriting publishes an answer to a question of the public. Several may
// answer one question; who answers again, by speaker or else by name, replaces
// the own answer. A question that was left open is answered by it.
func (s *Service) AnswerInWriting(ctx context.Context, questionID, speakerID, name, text string) (Answer, error) {
	w, err := s.Write(ctx, Writing{Question: questionID, Speaker: speakerID, Name: name, Text: text, Publish: true, Seen: -1})
	return w.Answer, err
}

// settle marks a question as answered in writing. Out of the queue it leaves a
// gap in the ranks, which only order.
func (w *world) settle(r *room, q *question, at time.Time) {
	if q.State != StateAnswered {
		q.State, q.Rank, r.changed = StateAnswered, 0, true
		q.tellFrom(at)
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

// giver tells who answered what: a speaker, or else a name.
func (a *answerRow) giver() [3]string {
	if a.SpeakerID != nil {
		return [3]string{a.QuestionID, *a.SpeakerID, ""}
	}
	return [3]string{a.QuestionID, "", a.Name}
}

// answersTo reads all answers to questions, drafts too, by who gave them.
func answersTo(ctx context.Context, idb bun.IDB, questions []string) (map[[3]string]*answerRow, error) {
	if len(questions) == 0 {
		return nil, nil
	}
	var rows []*answerRow
	err := idb.NewSelect().Model(&rows).Where("question_id IN (?)", bun.List(questions)).Order("created_at", "id").Scan(ctx)
	given := map[[3]string]*answerRow{}
	for _, row := range rows {
		given[row.giver()] = row
	}
	return given, err
}

// putAnswers publishes answers, each in the place of the same one's earlier answer
// to the same question.
func putAnswers(ctx context.Context, tx bun.IDB, rows []answerRow) error {
	questions := make([]string, len(rows))
	for i, row := range rows {
		questions[i] = row.QuestionID
	}
	given, err := answersTo(ctx, tx, questions)
	if err != nil {
		return err
	}
	put := map[string]*answerRow{}
	for i := range rows {
		row := &rows[i]
		if b := given[row.giver()]; b != nil {
			row.ID, row.CreatedAt, row.Version, row.Draft = b.ID, b.CreatedAt, b.Version+1, b.Draft
			if b.PublishedAt != nil {
				row.PublishedAt = b.PublishedAt
			}
		}
		given[row.giver()], put[row.ID] = row, row
	}
	return storeAnswers(ctx, tx, slices.Collect(maps.Values(put)))
}

func storeAnswers(ctx context.Context, tx bun.IDB, rows []*answerRow) error {
	if len(rows) == 0 {
		return nil
	}
	q := tx.NewInsert().Model(&rows).On("CONFLICT (id) DO UPDATE")
	for _, column := range []string{"name", "text", "draft", "version", "changed_at", "published_at"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := q.Exec(ctx)
	return err
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
