package qa

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// Changes is a room's state, or what of it is newer than a version.
type Changes struct {
	Epoch       string
	Version     int64
	Room        [Views]json.RawMessage // nil when it is not newer
	RoomVersion int64
	Items       []Item
}

// Item is a question, encoded for each view; a nil view must not see it.
type Item struct {
	ID      string
	Version int64
	Views   [Views]json.RawMessage
}

// Changes gives everything newer than since, as absolute state; 0 is everything.
// The version is read before the rest, which may therefore be newer than it but
// never older: then it is merely told once more.
func (s *Service) Changes(ctx context.Context, room string, since int64) (Changes, error) {
	var h head
	err := s.db.Read.NewSelect().Model(&h).Where("session_id = ?", room).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Changes{}, missingRoom()
	}
	if err != nil {
		return Changes{}, fmt.Errorf("reading the live room: %w", err)
	}
	c := Changes{Epoch: h.Epoch, Version: h.Version, RoomVersion: h.Changed}
	if h.Changed > since {
		one := map[string]Room{room: h.room()}
		if err := fillRooms(ctx, s.db.Read, one); err != nil {
			return Changes{}, err
		}
		r := one[room]
		c.Room = r.views()
	}
	rows, answers, err := readQuestions(ctx, s.db.Read, room, "version > ?", since)
	if err != nil {
		return Changes{}, err
	}
	c.Items = make([]Item, len(rows))
	for i, q := range rows {
		c.Items[i] = Item{ID: q.ID, Version: q.Version, Views: q.views(answers[q.ID])}
	}
	return c, nil
}

// readQuestions reads those questions of a room that meet a condition, in the
// order they were asked, and the written answers to them.
func readQuestions(ctx context.Context, idb bun.IDB, room, where string, args ...any) ([]*question, map[string][]Answer, error) {
	var rows []*question
	err := idb.NewSelect().Model(&rows).Where("session_id = ?", room).Where(where, args...).
		Order("asked_at", "id").Scan(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading questions: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil, nil
	}
	var written []*answerRow
	ids := idb.NewSelect().Model((*question)(nil)).Column("id").Where("session_id = ?", room).Where(where, args...)
	err = idb.NewSelect().Model(&written).Where("question_id IN (?)", ids).Where("text <> ''").Where(consented).Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("reading written answers: %w", err)
	}
	answers := map[string][]Answer{}
	for _, a := range written {
		answers[a.QuestionID] = append(answers[a.QuestionID], a.answer())
	}
	return rows, answers, nil
}
