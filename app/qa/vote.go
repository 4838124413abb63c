package qa

// ballotKey names a vote.
type ballotKey struct{ question, voter string }

// cast is a vote before the set and after it.
type cast struct {
	session     string
	was, is     bool
	wasVia, via string // the merged question that it came from
}

// votes are by question and voter.
type votes map[string]map[string]*cast

func (v votes) put(k ballotKey, c *cast) {
	if v[k.question] == nil {
		v[k.question] = map[string]*cast{}
	}
	v[k.question][k.voter] = c
}

// at gives the vote, which may be none.
func (v votes) at(k ballotKey, session string) *cast {
	c := v[k.question][k.voter]
	if c == nil {
		c = &cast{session: session}
		v.put(k, c)
	}
	return c
}

func (v votes) each(do func(ballotKey, *cast)) {
	for question, list := range v {
		for voter, c := range list {
			do(ballotKey{question, voter}, c)
		}
	}
}

// vote makes the vote what the act says. One that is so already is confirmed
// whatever the question's state, as it may be the repeat of an act whose answer
// was lost.
func (w *world) vote(r *room, q *question, a *act) result {
	if r.State == RoomClosed {
		return result{code: CodeClosed}
	}
	c := w.votes[q.ID][a.voter]
	if (c != nil && c.is) == *a.On {
		return result{id: q.ID}
	}
	if !rules[ActVote].allows(q.State) {
		return result{code: CodeWrongState}
	}
	if *a.On {
		w.give(r, q, a.voter, "")
		return result{id: q.ID}
	}
	// Who does not want it does not want what stands in it either.
	for _, id := range append([]string{q.ID}, descendants(w.kin(), q.ID)...) {
		w.take(r, w.questions[id], a.voter)
	}
	return result{id: q.ID}
}

// give casts a vote unless it is cast.
func (w *world) give(r *room, q *question, voter, via string) {
	if c := w.votes.at(ballotKey{q.ID, voter}, r.SessionID); !c.is {
		c.is, c.via = true, via
		q.Votes++
		w.touch(r, q)
	}
}

// take takes a vote back if it was cast.
func (w *world) take(r *room, q *question, voter string) {
	if c := w.votes[q.ID][voter]; c != nil && c.is {
		c.is, c.via = false, ""
		q.Votes--
		q.Unvoted = r.Version
		w.touch(r, q)
	}
}
