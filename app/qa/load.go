package qa

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// load locks the rooms of a set and reads what its acts are about. Rooms are
// locked in the order of their ids: two nodes in different orders would wait for
// each other for ever.
func (s *Service) load(ctx context.Context, tx bun.IDB, acts []act) (*world, error) {
	w := newWorld()
	names := map[string]bool{}
	for i := range acts {
		names[acts[i].viewer.Room] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		r, err := s.lockRoom(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		if r != nil {
			w.rooms[name] = r
		}
	}
	need := wants(w, acts)
	for _, read := range []func(context.Context, bun.IDB, *needs) error{
		w.readEdits, w.readQuestions, w.readBallots, w.readAsked, w.readBlocks, w.readMessages, w.readSpeakers, w.readStored,
	} {
		if err := read(ctx, tx, need); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// needs lists what the acts of a set are about.
type needs struct {
	questions []string
	lines     []string // rooms whose queue and current question matter
	kin       []string // rooms whose merged questions matter
	families  []string // rooms where also what they were merged into matters
	messages  []string // rooms whose messages matter
	edits     []string // rooms whose newest edits matter
	whole     []string // questions all of whose votes matter
	votes     []ballotKey
	askers    []string
	asking    []string // rooms that are asked in
	speakers  []string // rooms whose speakers matter
	since     time.Time
	named     []string // messages
	keys      []db.Key
}

// wants fills in the marks of each act and gathers what must be read.
func wants(w *world, acts []act) *needs {
	n := &needs{}
	for i := range acts {
		a := &acts[i]
		if r := w.rooms[a.viewer.Room]; r != nil {
			n.add(r, a)
		}
	}
	for _, list := range []*[]string{&n.lines, &n.kin, &n.families, &n.messages, &n.edits, &n.asking, &n.speakers} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return n
}

func (n *needs) add(r *room, a *act) {
	if a.Question != "" {
		n.questions = append(n.questions, a.Question)
	}
	n.questions = append(n.questions, a.Questions...)
	switch a.Do {
	case ActVote:
		a.voter = mark(r.Seal, forVoter, a.viewer.Voter)
		n.votes = append(n.votes, ballotKey{a.Question, a.voter})
		n.kin = append(n.kin, r.SessionID)
		return // a vote is the same however often it is cast, so nothing is stored for it
	case ActAsk:
		n.addAsk(r, a)
	case ActMerge, ActUnmerge, ActSplit:
		n.families = append(n.families, r.SessionID)
		n.whole = append(append(n.whole, a.Question), a.Questions...)
	case ActUndo, ActRedo:
		n.families, n.edits, n.lines = append(n.families, r.SessionID), append(n.edits, r.SessionID), append(n.lines, r.SessionID)
	case ActBlock, ActUnblock:
		n.asking = append(n.asking, r.SessionID)
	case ActTell, ActUntell, ActSeen:
		n.messages, n.named = append(n.messages, r.SessionID), append(n.named, a.Message)
	}
	if a.Speaker != "" {
		n.speakers = append(n.speakers, r.SessionID)
	}
	if len(rules[a.Do].from) > 0 {
		n.lines = append(n.lines, r.SessionID)
	}
	a.actor = actorOf(r, a.viewer)
	a.key = opKey(r, a)
	n.keys = append(n.keys, a.key)
}

func (n *needs) addAsk(r *room, a *act) {
	if a.Source != SourceAudience {
		return
	}
	a.askers = [2]string{mark(r.Seal, forAsker, a.viewer.Voter), mark(r.Seal, forNamed, a.viewer.Voter)}
	n.askers = append(n.askers, a.askers[:]...)
	n.asking = append(n.asking, r.SessionID)
	since := a.at.Add(-max(AskWindow, time.Duration(r.Settings.Slow)*time.Second))
	if n.since.IsZero() || since.Before(n.since) {
		n.since = since
	}
}

// readEdits reads the newest edits of rooms where something is undone, and adds
// what they touched to what is needed.
func (w *world) readEdits(ctx context.Context, tx bun.IDB, n *needs) error {
	for _, session := range n.edits {
		list, err := newestEdits(ctx, tx, session)
		if err != nil {
			return err
		}
		w.edits[session] = list
		for _, e := range list {
			for _, c := range e.Changes {
				n.questions = append(n.questions, c.Question)
				if into := c.into(); into != "" {
					n.questions = append(n.questions, into)
					n.whole = append(n.whole, c.Question, into)
				}
			}
		}
	}
	return nil
}

func (w *world) readQuestions(ctx context.Context, tx bun.IDB, n *needs) error {
	n.kin = append(n.kin, n.families...)
	if len(n.questions)+len(n.lines)+len(n.kin) == 0 {
		return nil
	}
	var rows []*question
	q := tx.NewSelect().Model(&rows).Where("id IN (?)", bun.List(n.questions))
	if len(n.lines) > 0 {
		q = q.WhereOr("session_id IN (?) AND state IN (?, ?)", bun.List(n.lines), StateNow, StateQueued)
	}
	if len(n.kin) > 0 {
		q = q.WhereOr("session_id IN (?) AND state = ?", bun.List(n.kin), StateMerged)
	}
	if len(n.families) > 0 {
		q = q.WhereOr("id IN (SELECT into_id FROM question WHERE session_id IN (?) AND state = ?)", bun.List(n.families), StateMerged)
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, q := range rows {
		w.questions[q.ID] = q
	}
	return nil
}

// readBallots reads the votes that acts are about: those of a voter for a question
// and for all that was merged into it, and all votes for questions that are merged,
// split or parted.
func (w *world) readBallots(ctx context.Context, tx bun.IDB, n *needs) error {
	var keys []bun.TupleValues
	kin := w.kin()
	for _, k := range n.votes {
		for _, id := range append([]string{k.question}, descendants(kin, k.question)...) {
			keys = append(keys, bun.Tuple([]string{id, k.voter}))
		}
	}
	whole := slices.Clone(n.whole)
	for _, id := range n.whole {
		if q := w.questions[id]; q != nil && q.IntoID != "" {
			whole = append(append(whole, q.IntoID), descendants(kin, q.IntoID)...)
		}
		whole = append(whole, descendants(kin, id)...)
	}
	if len(keys)+len(whole) == 0 {
		return nil
	}
	var rows []ballot
	q := tx.NewSelect().Model(&rows)
	if len(keys) > 0 {
		q = q.Where("(question_id, voter) IN (VALUES ?)", bun.List(keys))
	}
	if len(whole) > 0 {
		slices.Sort(whole)
		q = q.WhereOr("question_id IN (?)", bun.List(slices.Compact(whole)))
	}
	if err := q.Scan(ctx); err != nil {
		return err
	}
	for _, b := range rows {
		w.votes.put(ballotKey{b.QuestionID, b.Voter}, &cast{session: b.SessionID, was: true, is: true, wasVia: b.Via, via: b.Via})
	}
	return nil
}

func (w *world) readAsked(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.askers) == 0 {
		return nil
	}
	var rows []struct {
		Asker   string
		AskedAt time.Time
	}
	err := tx.NewSelect().Table("question").Column("asker", "asked_at").
		Where("asker IN (?)", bun.List(n.askers)).Where("asked_at > ?", n.since).
		Where("asker <> ''").Where("split_from = ''").Scan(ctx, &rows)
	for _, r := range rows {
		w.asked[r.Asker] = append(w.asked[r.Asker], r.AskedAt)
	}
	return err
}

func (w *world) readBlocks(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.asking) == 0 {
		return nil
	}
	var rows []block
	err := tx.NewSelect().Model(&rows).Where("session_id IN (?)", bun.List(n.asking)).Scan(ctx)
	for _, b := range rows {
		w.blocks[blockKey{b.SessionID, b.Asker}] = &blocking{was: true, is: true, block: b}
	}
	return err
}

// readSpeakers reads who speaks in rooms where a question is addressed to somebody.
func (w *world) readSpeakers(ctx context.Context, tx bun.IDB, n *needs) error {
	if len(n.speakers) == 0 {
		return nil
	}
	var rows []struct{ SessionID, SpeakerID string }
	err := tx.NewSelect().Table("session_speaker").Column("session_id", "speaker_id").
		Where("session_id IN (?)", bun.List(n.speakers)).Scan(ctx, &rows)
	for _, r := range rows {
		w.speakers[[2]string{r.SessionID, r.SpeakerID}] = true
	}
	return err
}

func (w *world) readStored(ctx context.Context, tx bun.IDB, n *needs) error {
	found, err := db.Recall(ctx, tx, n.keys)
	for k, stored := range found {
		w.stored[k] = stored
	}
	return err
}
