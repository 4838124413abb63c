package qa

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"

	"agora/app/qa/alike"
)

const (
	// mirrorLook is how long a mirror is believed: what other nodes did shows after it.
	mirrorLook = 250 * time.Millisecond
	// mirrorLife is how long a room's mirror is kept after the last who needed it.
	mirrorLife = 15 * time.Minute
)

// mirrors hold, in memory, what viewers ask of a room for themselves alone, so that
// five thousand who come at once cost one reading and not five thousand.
type mirrors struct {
	mu    sync.Mutex
	rooms map[string]*mirror
}

// mirror is one room: its questions, who owns them, and who voted.
type mirror struct {
	room string
	need atomic.Int64 // a version that this node knows of

	mu        sync.Mutex // held while reading, so that one reads for all
	epoch     string
	version   int64
	seal      string // empty when the room is closed
	looked    time.Time
	used      time.Time
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

// get gives the room's mirror, which may be empty, and forgets those long unused.
func (m *mirrors) get(room string, now time.Time) *mirror {
	m.mu.Lock()
	defer m.mu.Unlock()
	if one := m.rooms[room]; one != nil {
		return one
	}
	for name, one := range m.rooms {
		if one.mu.TryLock() {
			if now.Sub(one.used) > mirrorLife {
				delete(m.rooms, name)
			}
			one.mu.Unlock()
		}
	}
	one := &mirror{room: room, used: now}
	if m.rooms == nil {
		m.rooms = map[string]*mirror{}
	}
	m.rooms[room] = one
	return one
}

func (m *mirrors) has(room string) *mirror {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rooms[room]
}

// behind notes that there is a newer version to be read.
func (m *mirrors) behind(room string, version int64) {
	if one := m.has(room); one != nil {
		one.want(version)
	}
}

func (m *mirror) want(version int64) {
	for {
		have := m.need.Load()
		if have >= version || m.need.CompareAndSwap(have, version) {
			return
		}
	}
}

// follow takes a committed step over without reading, if it is the next one. It
// never waits: a mirror that is being read reads once more instead.
func (m *mirrors) follow(s *step) {
	one := m.has(s.room)
	if one == nil {
		return
	}
	one.want(s.version)
	if !one.mu.TryLock() {
		return
	}
	defer one.mu.Unlock()
	if one.epoch == "" || one.version != s.version-1 {
		return
	}
	for _, q := range s.questions {
		one.put(q)
	}
	for _, v := range s.votes {
		one.vote(v.question, v.voter, v.on)
	}
	one.version = s.version
}

// fresh locks the room's mirror with everything that this node knows in it. Whoever
// gets it unlocks it.
func (s *Service) fresh(ctx context.Context, room string) (*mirror, error) {
	now := s.now()
	m := s.mirrors.get(room, now)
	m.mu.Lock()
	m.used = now
	if m.epoch != "" && m.version >= m.need.Load() && now.Sub(m.looked) < mirrorLook {
		return m, nil
	}
	if err := s.refresh(ctx, m); err != nil {
		m.mu.Unlock()
		return nil, err
	}
	m.looked = now
	return m, nil
}

// refresh reads what is newer than the mirror. As in Changes the version is read
// first: what is newer than it is merely read once more.
func (s *Service) refresh(ctx context.Context, m *mirror) error {
	var h struct {
		Epoch   string
		Version int64
		RoomKey string
	}
	err := s.db.Read.NewRaw(`SELECT epoch, version, room_key FROM live_room WHERE session_id = ?`, m.room).Scan(ctx, &h)
	if err != nil {
		return missing(err)
	}
	if h.Epoch != m.epoch {
		m.clear()
	}
	if m.seal = ""; h.RoomKey != "" {
		m.seal = s.seal(h.RoomKey)
	} else {
		m.voters = nil
	}
	if h.Version == m.version && h.Epoch == m.epoch {
		return nil
	}
	since := m.version
	rows, answers, err := readQuestions(ctx, s.db.Read, m.room, "version > ?", since)
	if err != nil {
		return err
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
		if err := s.refreshVotes(ctx, m, since, anew); err != nil {
			return err
		}
	}
	m.epoch, m.version = h.Epoch, h.Version
	return nil
}

// refreshVotes reads newer votes, and all for the questions from which some were
// taken back: no row tells of those.
func (s *Service) refreshVotes(ctx context.Context, m *mirror, since int64, anew []string) error {
	for _, id := range anew {
		for voter := range m.voters {
			m.vote(id, voter, false)
		}
	}
	var rows []ballot
	q := s.db.Read.NewSelect().Model(&rows).Column("question_id", "voter").Where("session_id = ? AND version > ?", m.room, since)
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

func (m *mirror) clear() {
	m.epoch, m.version, m.index = "", -1, nil
	m.questions, m.answers = map[string]*question{}, map[string][]Answer{}
	m.owners, m.persons, m.voters = map[string][]string{}, map[string][]string{}, map[string][]int32{}
	m.number, m.ids = map[string]int32{}, nil
}

func (m *mirror) put(q *question) {
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

func (m *mirror) vote(question, voter string, on bool) {
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
func (m *mirror) own(owners []string, person string) []Question {
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
