package qa

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// Own is a question in the export of one person's data.
type Own struct {
	Session string    `json:"session"`
	Text    string    `json:"text"`
	Name    string    `json:"name"`
	State   State     `json:"state"`
	At      time.Time `json:"at"`
}

// Export gives what is stored about a person: the questions asked by name while
// signed in. Those without a name are not theirs to us.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var rows []*question
	err := s.db.Read.NewSelect().Model(&rows).Where("person_id = ?", personID).Order("asked_at", "id").Scan(ctx)
	own := make([]Own, 0, len(rows))
	for _, q := range rows {
		own = append(own, Own{Session: q.SessionID, Text: q.Text, Name: *q.Name, State: q.State, At: q.AskedAt.UTC()})
	}
	return own, err
}

// unseen are the states in which nobody but moderators has read a question.
var unseen = []State{StateNew, StateRejected, StateWithdrawn, StateMerged}

// Erase forgets a person. What was published stays without the name, as others
// voted for it and answered it; what was not is deleted. The person's votes in
// rooms that are not closed yet are taken back, provided that the room pass of
// somebody signed in holds the person's id as voter; those in closed rooms lead
// to nobody already. The rooms get a new epoch, so that no viewer keeps a copy;
// as the commit is the caller's, so is calling AnnounceAll after it.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	rooms, err := s.lockRoomsOf(ctx, tx, personID)
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if err := eraseIn(ctx, tx, r, personID); err != nil {
			return err
		}
	}
	return nil
}

// lockRoomsOf locks, in the order of their ids, the rooms where the person asked by
// name or voted.
func (s *Service) lockRoomsOf(ctx context.Context, tx bun.IDB, personID string) ([]*room, error) {
	var ids []string
	if err := tx.NewRaw(`SELECT DISTINCT session_id FROM question WHERE person_id = ?`, personID).Scan(ctx, &ids); err != nil {
		return nil, err
	}
	var keys []struct{ SessionID, RoomKey string }
	if err := tx.NewRaw(`SELECT session_id, room_key FROM live_room WHERE room_key <> ''`).Scan(ctx, &keys); err != nil {
		return nil, err
	}
	marks := make([]bun.TupleValues, len(keys))
	for i, k := range keys {
		marks[i] = bun.Tuple([]string{k.SessionID, mark(s.seal(k.RoomKey), forVoter, personID)})
	}
	if len(marks) > 0 {
		var voted []string
		if err := tx.NewRaw(`SELECT DISTINCT session_id FROM vote WHERE (session_id, voter) IN (VALUES ?)`, bun.List(marks)).Scan(ctx, &voted); err != nil {
			return nil, err
		}
		ids = append(ids, voted...)
	}
	slices.Sort(ids)
	var rooms []*room
	for _, id := range slices.Compact(ids) {
		r, err := s.lockRoom(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		rooms = append(rooms, r)
	}
	return rooms, nil
}

func eraseIn(ctx context.Context, tx bun.IDB, r *room, personID string) error {
	if r.Key != "" {
		voter := mark(r.Seal, forVoter, personID)
		if _, err := tx.NewRaw(`UPDATE question SET votes = votes - 1, version = ?0, unvoted = ?0 WHERE id IN
			(SELECT question_id FROM vote WHERE session_id = ?1 AND voter = ?2)`, r.Version, r.SessionID, voter).Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewRaw(`DELETE FROM vote WHERE session_id = ? AND voter = ?`, r.SessionID, voter).Exec(ctx); err != nil {
			return err
		}
	}
	if err := eraseEdits(ctx, tx, r, personID); err != nil {
		return err
	}
	if _, err := tx.NewRaw(`DELETE FROM question WHERE session_id = ? AND person_id = ? AND state IN (?)`,
		r.SessionID, personID, bun.List(unseen)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewRaw(`UPDATE question SET name = NULL, person_id = NULL, owner = '', asker = '', version = ?
		WHERE session_id = ? AND person_id = ?`, r.Version, r.SessionID, personID).Exec(ctx); err != nil {
		return err
	}
	r.Epoch = newEpoch()
	return writeRoom(ctx, tx, r)
}

// eraseEdits drops what moderators could undo of the person's questions: it holds
// their texts.
func eraseEdits(ctx context.Context, tx bun.IDB, r *room, personID string) error {
	var own []string
	if err := tx.NewRaw(`SELECT id FROM question WHERE session_id = ? AND person_id = ?`, r.SessionID, personID).Scan(ctx, &own); err != nil {
		return err
	}
	for _, id := range own {
		if _, err := tx.NewRaw(`DELETE FROM live_edit WHERE session_id = ? AND changes LIKE ?`, r.SessionID, "%"+id+"%").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
