package qa

import (
	"context"

	"agora/app/qa/alike"
	"agora/app/text"
)

const (
	// alikeMax is how many like questions somebody who types takes in.
	alikeMax = 3
	// alikeFrom is how much must be typed before there is anything to compare.
	alikeFrom = 4
	// pairsMax keeps suggestions for merging a short list.
	pairsMax = 20
)

// Alike is a question that asks much the same. People is how many stand behind it:
// who asked it, who asked what was merged into it, and who voted for it.
type Alike struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	State  State  `json:"state"`
	Votes  int64  `json:"votes"`
	People int64  `json:"people"`
}

// Pair are two questions that a moderator may want to merge.
type Pair struct {
	A string `json:"a"`
	B string `json:"b"`
}

// Alike gives the questions that ask much the same as a text, the likest first, so
// that somebody who types may vote for theirs instead. It reads memory.
func (s *Service) Alike(ctx context.Context, v Viewer, typed string) ([]Alike, error) {
	typed, ok := text.Clean(typed)
	if !ok || len(typed) < alikeFrom || len(typed) > 8*QuestionMax {
		return []Alike{}, nil
	}
	return s.alike(ctx, v, func(x *alike.Index, wanted func(string) bool) []alike.Match { return x.Find(typed, alikeMax, wanted) })
}

// AlikeTo gives the questions that ask much the same as one of the room.
func (s *Service) AlikeTo(ctx context.Context, v Viewer, id string) ([]Alike, error) {
	return s.alike(ctx, v, func(x *alike.Index, wanted func(string) bool) []alike.Match { return x.Like(id, alikeMax, wanted) })
}

func (s *Service) alike(ctx context.Context, v Viewer, find func(*alike.Index, func(string) bool) []alike.Match) ([]Alike, error) {
	m, unlock, err := s.fresh(ctx, v.Room)
	if err != nil {
		return nil, err
	}
	defer unlock()
	found := []Alike{}
	merged := map[string]int64{}
	for _, q := range m.questions {
		if q.State == StateMerged {
			merged[q.IntoID]++
		}
	}
	for _, match := range find(m.indexed(), func(id string) bool { return m.offers(id, v.View) }) {
		q := m.questions[match.ID]
		found = append(found, Alike{ID: q.ID, Text: q.Text, State: q.State, Votes: q.Votes, People: 1 + merged[q.ID] + q.Votes})
	}
	return found, nil
}

// Pairs gives moderators the questions that they may want to merge.
func (s *Service) Pairs(ctx context.Context, v Viewer) ([]Pair, error) {
	m, unlock, err := s.fresh(ctx, v.Room)
	if err != nil {
		return nil, err
	}
	defer unlock()
	pairs := []Pair{}
	for _, p := range m.indexed().Pairs(pairsMax, func(id string) bool { return m.mergeable(id) }) {
		pairs = append(pairs, Pair{p.A, p.B})
	}
	return pairs, nil
}

// offers reports whether a question may be shown to somebody who asks alike.
func (m *memory) offers(id string, v View) bool {
	q := m.questions[id]
	if q == nil {
		return false
	}
	return Audience.Sees(q.State) || v == Moderator && q.State == StateNew
}

func (m *memory) mergeable(id string) bool {
	q := m.questions[id]
	return q != nil && rules[ActMerge].allows(q.State)
}

// indexed makes the index when it is first asked for; from then on put keeps it.
func (m *memory) indexed() *alike.Index {
	if m.index == nil {
		m.index = alike.New()
		for id, q := range m.questions {
			m.index.Put(id, q.Text)
		}
	}
	return m.index
}
