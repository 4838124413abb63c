package qa

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/qa/alike"
)

// memory is what is mirrored of one room: its questions, who owns them, and who
// voted.
type memory struct {
	epoch     string
	seal      string // empty when the room is closed
	reactions bool   // whether the room takes them
	questions map[string]*question
	answers   map[string][]Answer
	owners    map[string][]string // question ids by owner
	persons   map[string][]string
	number    map[string]int32 // of a question, for votes
	ids       []string
	voters    map[string][]int32 // numbers of questions by a voter's mark
	index     *alike.Index       // made when somebody first asks
}

// step is what a set of acts made of a room.
type step struct {
	room      string
	version   int64
	questions []*question
	votes     []stepVote
}

type stepVote struct {
	ballotKey
	on bool
}

// steps gives them by room, once the set is folded.
func (w *world) steps() map[string]*step {
	found := map[string]*step{}
	for id, r := range w.rooms {
		found[id] = &step{room: id, version: r.Version}
	}
	for _, q := range w.changed {
		found[q.SessionID].questions = append(found[q.SessionID].questions, q)
	}
	w.votes.each(func(k ballotKey, c *cast) {
		if c.is != c.was {
			found[c.session].votes = append(found[c.session].votes, stepVote{k, c.is})
		}
	})
	return found
}

// follow takes a committed step over. This node is told of every version it makes
// itself: where one is missing another node was at work, and it is read.
func (s *Service) follow(x *step) {
	gap := s.mirrors.Follow(x.room, x.version, func(m *memory) {
		for _, q := range x.questions {
			m.put(q)
		}
		for _, v := range x.votes {
			m.vote(v.question, v.voter, v.on)
		}
	})
	if gap {
		s.mirrors.Behind(x.room, x.version)
	}
}

// fresh gives the room's mirror with everything that this node knows in it, locked
// until unlock is called.
func (s *Service) fresh(ctx context.Context, room string) (m *memory, unlock func(), err error) {
	return s.mirrors.Fresh(room, s.now(), func(m *memory, since int64) (int64, error) { return s.refresh(ctx, room, m, since) })
}

// refresh reads what is newer than the mirror. As in Changes the version is read
// first: what is newer than it is merely read once more.
func (s *Service) refresh(ctx context.Context, room string, m *memory, since int64) (int64, error) {
	var h struct {
		Epoch    string
		Version  int64
		RoomKey  string
		Settings Settings
	}
	err := s.db.Read.NewRaw(`SELECT epoch, version, room_key, settings FROM live_room WHERE session_id = ?`, room).Scan(ctx, &h)
	if err != nil {
		return since, missing(err)
	}
	if h.Epoch != m.epoch {
		m.clear()
		since = -1
	}
	m.reactions = h.Settings.Reactions
	if m.seal = ""; h.RoomKey != "" {
		m.seal = s.seal(h.RoomKey)
	} else {
		m.voters = nil
	}
	if h.Version == since {
		return since, nil
	}
	rows, answers, err := readQuestions(ctx, s.db.Read, room, "version > ?", since)
	if err != nil {
		return since, err
	}
	var anew []string
	for _, q := range rows {
		if q.Unvoted > since && since >= 0 {
			anew = append(anew, q.ID)
		}
		m.put(q)
		m.answers[q.ID] = answers[q.ID]
	}
	if m.seal != "" {
		if err := s.refreshVotes(ctx, room, m, since, anew); err != nil {
			return since, err
		}
	}
	m.epoch = h.Epoch
	return h.Version, nil
}

// refreshVotes reads newer votes, and all for the questions from which some were
// taken back: no row tells of those.
func (s *Service) refreshVotes(ctx context.Context, room string, m *memory, since int64, anew []string) error {
	for _, id := range anew {
		for voter := range m.voters {
			m.vote(id, voter, false)
		}
	}
	var rows []ballot
	q := s.db.Read.NewSelect().Model(&rows).Column("question_id", "voter").Where("session_id = ? AND version > ?", room, since)
	if len(anew) > 0 {
		q = q.WhereOr("question_id IN (?)", bun.List(anew))
	}
	if err := q.Scan(ctx); err != nil {
		return fmt.Errorf("reading votes: %w", err)
	}
	for _, b := range rows {
		m.vote(b.QuestionID, b.Voter, true)
	}
	return nil
}

func (m *memory) clear() {
	m.epoch, m.index = "", nil
	m.questions, m.answers = map[string]*question{}, map[string][]Answer{}
	m.owners, m.persons, m.voters = map[string][]string{}, map[string][]string{}, map[string][]int32{}
	m.number, m.ids = map[string]int32{}, nil
}

func (m *memory) put(q *question) {
	if m.questions[q.ID] == nil {
		if q.Owner != "" {
			m.owners[q.Owner] = append(m.owners[q.Owner], q.ID)
		}
		if q.PersonID != nil {
			m.persons[*q.PersonID] = append(m.persons[*q.PersonID], q.ID)
		}
	}
	if before := m.questions[q.ID]; m.index != nil && (before == nil || before.Text != q.Text) {
		m.index.Put(q.ID, q.Text)
	}
	m.questions[q.ID] = q
}

func (m *memory) vote(question, voter string, on bool) {
	n, known := m.number[question]
	if !known {
		n = int32(len(m.ids))
		m.number[question], m.ids = n, append(m.ids, question)
	}
	list := m.voters[voter]
	at := slices.Index(list, n)
	switch {
	case on && at < 0 && m.voters != nil:
		m.voters[voter] = append(list, n)
	case !on && at >= 0:
		if list = slices.Delete(list, at, at+1); len(list) == 0 {
			delete(m.voters, voter)
		} else {
			m.voters[voter] = list
		}
	}
}

// own gives the questions of some owners and of a person, in the order they were asked.
func (m *memory) own(owners []string, person string) []Question {
	seen := map[string]bool{}
	var rows []*question
	take := func(ids []string) {
		for _, id := range ids {
			if q := m.questions[id]; !seen[id] && q.State != StateWithdrawn {
				seen[id] = true
				rows = append(rows, q)
			}
		}
	}
	for _, owner := range owners {
		take(m.owners[owner])
	}
	if person != "" {
		take(m.persons[person])
	}
	slices.SortFunc(rows, func(a, b *question) int { return cmp.Or(a.AskedAt.Compare(b.AskedAt), cmp.Compare(a.ID, b.ID)) })
	list := make([]Question, len(rows))
	for i, q := range rows {
		list[i] = q.full(m.answers[q.ID]).toAsker()
	}
	return list
}
