package qa

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// unite puts what stands twice in a list into one question with all its answers,
// since Collect knows questions by their text. Two answers of one voice become one:
// nothing of the list is lost.
func (u *Understood) unite() {
	at := map[string]int{}
	var list []Collected
	for _, c := range u.List {
		i, twice := at[c.Text]
		if !twice || c.Text == "" {
			at[c.Text] = len(list)
			list = append(list, c)
			continue
		}
		first := &list[i]
		if first.Name == "" {
			first.Name = c.Name
		}
		for _, a := range c.Answers {
			first.add(a)
		}
		u.wrong(c.Line, "qa.import.twice", "line", first.Line)
	}
	u.List = list
}

func (c *Collected) add(more CollectedAnswer) {
	for i := range c.Answers {
		a := &c.Answers[i]
		if a.SpeakerID == more.SpeakerID && a.By == more.By {
			if a.Text != more.Text {
				a.Text += "\n\n" + more.Text
			}
			return
		}
	}
	c.Answers = append(c.Answers, more)
}

// Difference is an answer that reads otherwise here than in a list.
type Difference struct {
	Line         int
	Question, By string
	Here, List   string
}

// Compared is a list beside what a room has already.
type Compared struct {
	New    int          // questions that are not here yet
	Known  int          // questions that are
	Added  int          // answers to known questions that are not here yet
	Same   int          // answers that are here word for word
	Differ []Difference // answers that were changed here or in the list

	list          []Collected
	same, differs map[[2]int]bool // by place in the list
}

// Compare checks a list as Collect would and tells what taking it over would do.
// Problems are named by place, as Collect names them.
func (s *Service) Compare(ctx context.Context, sessionID string, list []Collected) (Compared, error) {
	out := Compared{list: list, same: map[[2]int]bool{}, differs: map[[2]int]bool{}}
	rows, err := prepare(sessionID, list, time.Time{})
	if err != nil {
		return out, err
	}
	var before []*question
	if err := s.db.Read.NewSelect().Model(&before).Where("session_id = ?", sessionID).Scan(ctx); err != nil {
		return out, fmt.Errorf("reading the room's questions: %w", err)
	}
	known, ids := map[string]string{}, []string{}
	for _, q := range before {
		known[q.Text] = q.ID
		ids = append(ids, q.ID)
	}
	given, err := answersTo(ctx, s.db.Read, ids)
	if err != nil {
		return out, err
	}
	for i, row := range rows {
		id, here := known[row.question.Text]
		if !here {
			out.New++
			continue
		}
		out.Known++
		for j, a := range row.answers {
			a.QuestionID = id
			switch b := given[a.giver()]; {
			case b == nil || b.Text == "":
				out.Added++
			case b.Text == a.Text:
				out.Same++
				out.same[[2]int{i, j}] = true
			default:
				out.Differ = append(out.Differ, Difference{Line: list[i].Line, Question: row.question.Text, By: a.Name, Here: b.Text, List: a.Text})
				out.differs[[2]int{i, j}] = true
			}
		}
	}
	return out, nil
}

// Taking gives what is to be taken over of the list: without the answers that are here
// word for word, and, unless they are to be replaced, without those that read
// otherwise here: what was mended since the first time stays as it is.
func (c Compared) Taking(replace bool) []Collected {
	list := make([]Collected, len(c.list))
	for i, one := range c.list {
		list[i] = one
		list[i].Answers = nil
		for j, a := range one.Answers {
			if place := [2]int{i, j}; !c.same[place] && (replace || !c.differs[place]) {
				list[i].Answers = append(list[i].Answers, a)
			}
		}
	}
	return list
}

// Writings gives everything that is written in answer to a room's questions, drafts
// too and whatever its writer's consent, by question.
func (s *Service) Writings(ctx context.Context, sessionID string) (map[string][]Written, error) {
	var rows []*answerRow
	err := s.db.Read.NewSelect().Model(&rows).Where("question_id IN (SELECT id FROM question WHERE session_id = ?)", sessionID).
		Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading written answers: %w", err)
	}
	by := map[string][]Written{}
	for _, row := range rows {
		by[row.QuestionID] = append(by[row.QuestionID], row.written())
	}
	return by, nil
}

// AnsweredSince is when written answers of a session were published: how many there
// are, and the newest.
type AnsweredSince struct {
	SessionID string
	N         int64
	At        time.Time
}

// Answering gives, for each session of a list with published written answers, their
// number and the moment of the newest.
func Answering(ctx context.Context, idb bun.IDB, sessions []string) ([]AnsweredSince, error) {
	if len(sessions) == 0 {
		return nil, nil
	}
	var rows []struct {
		SessionID   string
		PublishedAt time.Time
	}
	err := idb.NewSelect().TableExpr("answer AS a").Join("JOIN question AS q ON q.id = a.question_id").
		ColumnExpr("q.session_id, a.published_at").Where("q.session_id IN (?)", bun.List(sessions)).
		Where("q.state IN (?)", bun.List(shown[Audience])).Where("a.text <> '' AND a.published_at IS NOT NULL").
		Where("(a.speaker_id IS NULL OR a.speaker_id NOT IN (SELECT speaker_id FROM withdrawn WHERE part = 'answers'))").
		Order("q.session_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("reading published answers: %w", err)
	}
	var list []AnsweredSince
	for _, r := range rows {
		if n := len(list); n == 0 || list[n-1].SessionID != r.SessionID {
			list = append(list, AnsweredSince{SessionID: r.SessionID})
		}
		last := &list[len(list)-1]
		last.N++
		if r.PublishedAt.After(last.At) {
			last.At = r.PublishedAt.UTC()
		}
	}
	return list, nil
}
