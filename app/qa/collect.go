package qa

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
)

// Collected is a question that reached the session outside of Agora: from an
// earlier year's page, a spreadsheet or a list pasted by the organiser.
type Collected struct {
	Line    int // where it stands in the list, from 1; 0: nowhere
	Text    string
	Name    string    // empty: anonymous
	AskedAt time.Time // zero: now
	Answers []CollectedAnswer
}

// CollectedAnswer is an answer that came with it.
type CollectedAnswer struct {
	SpeakerID string // empty: somebody who is no speaker of the edition
	By, Text  string
}

// Taken tells what Collect did.
type Taken struct {
	New   int // questions added
	Known int // questions that were there with the same text; their answers were brought up to date
}

// Collect takes over questions with their answers. Those without an answer are
// left to be answered in writing. All problems are named by place ("0.text",
// "3.answers.1.name"), and with a problem nothing is taken; taking the same list
// again doubles nothing.
func (s *Service) Collect(ctx context.Context, sessionID string, list []Collected) (Taken, error) {
	return s.CollectBy(ctx, "", sessionID, list)
}

// CollectBy is Collect with the organiser who brings the list, for the log.
func (s *Service) CollectBy(ctx context.Context, personID, sessionID string, list []Collected) (Taken, error) {
	now := s.now().UTC().Truncate(time.Microsecond)
	rows, err := prepare(sessionID, list, now)
	if err != nil {
		return Taken{}, err
	}
	var done Taken
	var told *room
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := openRoom(ctx, tx, sessionID, now); err != nil {
			return err
		}
		r, err := s.lockRoom(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		if r == nil {
			return missingRoom()
		}
		told = r
		if done, err = takeOver(ctx, tx, r, rows, now); err != nil || personID == "" {
			return err
		}
		return audit.Write(ctx, tx, now, audit.Entry{Person: personID, Edition: r.Edition, Act: "question.import", Subject: sessionID, Detail: strconv.Itoa(len(list))})
	})
	if err == nil {
		s.tell(sessionID, told.Version, false)
	}
	return done, err
}

// collected is a question ready to be written with its answers.
type collected struct {
	question *question
	answers  []answerRow
}

func prepare(sessionID string, list []Collected, now time.Time) ([]collected, error) {
	if len(list) > CollectMax {
		return nil, fail.New(fail.TooLarge, "qa.collect.many", "n", CollectMax)
	}
	wrong := fail.Fields{}
	rows := make([]collected, len(list))
	for i, c := range list {
		place := fmt.Sprintf("%d.", i)
		if code, args := checkText(&c.Text, place+"text", QuestionMax, paragraphs); code != "" {
			wrong.Add(place+"text", code.Key(), args...)
		}
		name := &c.Name
		if code, args := checkName(&name); code != "" {
			wrong.Add(place+"name", code.Key(), args...)
		}
		if c.AskedAt.IsZero() {
			c.AskedAt = now
		}
		q := &question{
			ID: db.NewID(), SessionID: sessionID, State: StateLater, Text: c.Text, Name: name,
			Source: SourceCollected, AskedAt: c.AskedAt.UTC().Truncate(time.Microsecond),
		}
		rows[i] = collected{question: q}
		for j, a := range c.Answers {
			checkAnswer(wrong, fmt.Sprintf("%sanswers.%d.", place, j), &a.By, &a.Text)
			row := answerRow{ID: db.NewID(), Name: a.By, Text: a.Text, Version: 1, CreatedAt: now, ChangedAt: &now, PublishedAt: &now}
			if a.SpeakerID != "" {
				row.SpeakerID = &a.SpeakerID
			}
			rows[i].answers = append(rows[i].answers, row)
			q.State = StateAnswered
		}
	}
	return rows, wrong.Err()
}

func takeOver(ctx context.Context, tx bun.IDB, r *room, rows []collected, now time.Time) (Taken, error) {
	var done Taken
	var before []*question
	if err := tx.NewSelect().Model(&before).Where("session_id = ?", r.SessionID).Scan(ctx); err != nil {
		return done, err
	}
	known := map[string]*question{}
	for _, q := range before {
		known[q.Text] = q
	}
	w := newWorld()
	for i, c := range rows {
		q := known[c.question.Text]
		switch {
		case q == nil:
			q = c.question
			known[q.Text] = q
			r.changed = true
			w.touch(r, q)
			done.New++
		default:
			done.Known++
			rows[i].question = q
			if len(c.answers) > 0 && Audience.Sees(q.State) {
				w.settle(r, q, now)
				w.touch(r, q)
			}
		}
	}
	if err := w.finish(ctx, tx, r); err != nil {
		return done, err
	}
	var answers []answerRow
	for _, c := range rows {
		for _, a := range c.answers {
			a.QuestionID = c.question.ID
			answers = append(answers, a)
		}
	}
	return done, putAnswers(ctx, tx, answers)
}
