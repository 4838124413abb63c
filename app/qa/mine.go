package qa

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// Mine is what only one viewer may know: the questions it voted for and its own
// questions, those that wait and those that were rejected with the reason too.
type Mine struct {
	Votes     []string   `json:"votes"`
	Questions []Question `json:"questions"`
}

// Frame is the message that carries it to the viewer.
func (m Mine) Frame() json.RawMessage {
	return encode(struct {
		T string `json:"t"`
		Mine
	}{"mine", m})
}

// Mine gives a viewer's own state. Questions are found by the secrets the viewer
// holds and, if asked by name when signed in, by person: nothing stored leads
// from a voter to a question without a name.
func (s *Service) Mine(ctx context.Context, v Viewer, secrets ...string) (Mine, error) {
	m := Mine{Votes: []string{}, Questions: []Question{}}
	if v.View != Audience {
		return m, nil
	}
	var key string
	err := s.db.Read.NewRaw(`SELECT room_key FROM live_room WHERE session_id = ?`, v.Room).Scan(ctx, &key)
	if errors.Is(err, sql.ErrNoRows) {
		return m, missingRoom()
	}
	if err != nil {
		return m, fmt.Errorf("reading the live room: %w", err)
	}
	if key != "" && v.Voter != "" {
		err = s.db.Read.NewRaw(`SELECT question_id FROM vote WHERE session_id = ? AND voter = ? ORDER BY question_id`,
			v.Room, mark(s.seal(key), forVoter, v.Voter)).Scan(ctx, &m.Votes)
		if err != nil {
			return m, fmt.Errorf("reading own votes: %w", err)
		}
	}
	if len(secrets) == 0 && v.Person == "" {
		return m, nil
	}
	m.Questions, err = s.ownQuestions(ctx, v, secrets)
	return m, err
}

func (s *Service) ownQuestions(ctx context.Context, v Viewer, secrets []string) ([]Question, error) {
	var owners []string
	for _, secret := range secrets[:min(len(secrets), SecretsMax)] {
		if len(secret) <= secretMax && secret != "" {
			owners = append(owners, ownerOf(secret))
		}
	}
	rows, answers, err := readQuestions(ctx, s.db.Read, v.Room,
		"state <> ? AND (owner IN (?) OR person_id = ?)", StateWithdrawn, bun.List(owners), v.Person)
	if err != nil {
		return nil, err
	}
	own := make([]Question, len(rows))
	for i, q := range rows {
		own[i] = q.full(answers[q.ID]).public()
		own[i].Reason = q.Reason
	}
	return own, nil
}
