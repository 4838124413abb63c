package qa

import (
	"context"
	"encoding/json"
	"slices"
)

// Mine is what only one viewer may know: the questions it voted for and its own
// questions, those that wait and those that were rejected with the reason too.
type Mine struct {
	Votes     []string   `json:"votes"`
	Questions []Question `json:"questions"`
	// Ballots are those in polls; whoever joins both areas fills them in.
	Ballots map[string][]string `json:"ballots,omitempty"`
}

// Frame is the message that carries it to the viewer.
func (m Mine) Frame() json.RawMessage {
	return encode(struct {
		T string `json:"t"`
		Mine
	}{"mine", m})
}

// Mine gives a viewer's own state, from memory. Questions are found by the secrets
// the viewer holds and, if asked by name when signed in, by person: nothing stored
// leads from a voter to a question without a name.
func (s *Service) Mine(ctx context.Context, v Viewer, secrets ...string) (Mine, error) {
	mine := Mine{Votes: []string{}, Questions: []Question{}}
	if v.View != Audience {
		return mine, nil
	}
	m, unlock, err := s.fresh(ctx, v.Room)
	if err != nil {
		return mine, err
	}
	defer unlock()
	if m.seal != "" && v.Voter != "" {
		for _, n := range m.voters[mark(m.seal, forVoter, v.Voter)] {
			mine.Votes = append(mine.Votes, m.ids[n])
		}
		slices.Sort(mine.Votes)
	}
	var owners []string
	for _, secret := range secrets[:min(len(secrets), SecretsMax)] {
		if len(secret) <= secretMax && secret != "" {
			owners = append(owners, ownerOf(secret))
		}
	}
	mine.Questions = append(mine.Questions, m.own(owners, v.Person)...)
	return mine, nil
}
