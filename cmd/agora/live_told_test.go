package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// viewerTold is what one viewer's acts came to, as it was told.
type viewerTold struct {
	votes  map[string]bool   // by question
	asked  map[string]string // texts by id
	ballot string
}

const (
	// actEvery is how long a viewer who takes part rests after an answer.
	actEvery = 150 * time.Millisecond
	// askMost stays below the questions that one person may ask in a minute.
	askMost = 2
)

// takePart has a viewer vote, answer the poll and ask until the hall falls quiet.
func (v *roomViewer) takePart() {
	asks := len(v.told.asked)
	v.h.acting.Go(func() {
		for n := 0; !v.h.quiet.Load() && pause(v.h.ctx, actEvery); n++ {
			switch {
			case n%5 == 2 && asks < askMost:
				text := fmt.Sprintf("Asked by %d after %d acts?", v.n, v.acts)
				asks++
				if f := v.must(`"do":"ask","text":"` + text + `","name":null`); f.OK {
					v.told.asked[f.ID] = text
				}
			case n%3 == 1:
				v.cast(fmt.Sprintf("o%d", 1+(v.n+n)%3))
			default:
				q := v.h.questions[(v.n+n)%len(v.h.questions)]
				v.vote(q, !v.told.votes[q])
			}
		}
	})
}

func (v *roomViewer) vote(question string, on bool) {
	if f := v.must(fmt.Sprintf(`"do":"vote","question":%q,"on":%t`, question, on)); f.OK {
		v.told.votes[question] = on
	}
}

func (v *roomViewer) cast(option string) {
	if f := v.must(fmt.Sprintf(`"do":"ballot","poll":%q,"choice":[%q]`, v.h.poll, option)); f.OK {
		v.told.ballot = option
	}
}

// moderate has the moderator queue, call, take back and edit one question after
// the other until the hall falls quiet.
func (h *hall) moderate() {
	h.acting.Go(func() {
		v := h.moderator
		for n := 0; (n%4 != 0 || !h.quiet.Load()) && pause(h.ctx, actEvery); n++ {
			id := h.questions[n/4%len(h.questions)]
			switch n % 4 {
			case 0:
				v.must(`"do":"queue","question":"` + id + `","position":1`)
			case 1:
				v.must(`"do":"now","question":"` + id + `"`)
			case 2:
				v.must(`"do":"unqueue","question":"` + id + `"`)
			default:
				text := fmt.Sprintf("Question %d of the hall, edited %d times", n/4%len(h.questions), n/4+1)
				if f := v.must(`"do":"edit","question":"` + id + `","text":"` + text + `"`); f.OK {
					v.told.asked[id] = text
				}
			}
		}
	})
}

// settle lets everybody have their last answer.
func (h *hall) settle() {
	h.t.Helper()
	h.quiet.Store(true)
	h.acting.Wait()
	h.quiet.Store(false)
	h.told()
}

// roomFacts are what a room's rows and counters say, or what they should say.
type roomFacts struct {
	texts   map[string]string // of questions that people were told of
	votes   map[string]int64  // by question, of those voted for
	ballots map[string]int64  // by option
	voters  int64             // of the poll
}

// promised is what the viewers were told.
func (h *hall) promised() roomFacts {
	f := roomFacts{texts: map[string]string{}, votes: map[string]int64{}, ballots: map[string]int64{}}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.viewers {
		maps.Copy(f.texts, v.told.asked)
		for q, on := range v.told.votes {
			if on {
				f.votes[q]++
			}
		}
		if v.told.ballot != "" {
			f.ballots[v.told.ballot]++
			f.voters++
		}
	}
	return f
}

// judgeRoom compares what people were told with what is stored, and tells every fault.
func judgeRoom(ctx context.Context, d *db.DB, want roomFacts) (faults []string) {
	faults, got, err := lookAtRoom(ctx, d)
	if err != nil {
		return append(faults, err.Error())
	}
	for id, text := range want.texts {
		if got.texts[id] != text {
			faults = append(faults, fmt.Sprintf("question %s is %q, its asker was told %q", id, got.texts[id], text))
		}
	}
	if !maps.Equal(got.votes, want.votes) {
		faults = append(faults, fmt.Sprintf("votes are %v, people were told %v", got.votes, want.votes))
	}
	if !maps.Equal(got.ballots, want.ballots) || got.voters != want.voters {
		faults = append(faults, fmt.Sprintf("ballots are %v of %d, people were told %v of %d", got.ballots, got.voters, want.ballots, want.voters))
	}
	if n := len(want.texts); n > 0 && len(got.texts) > n+hallQuestions {
		faults = append(faults, fmt.Sprintf("there are %d questions, and %d were asked", len(got.texts), n))
	}
	return faults
}

// lookAtRoom reads one instant and compares counters with rows.
func lookAtRoom(ctx context.Context, d *db.DB) (faults []string, f roomFacts, err error) {
	options := &sql.TxOptions{ReadOnly: true}
	if d.Engine == db.Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	f = roomFacts{texts: map[string]string{}, votes: map[string]int64{}, ballots: map[string]int64{}}
	err = d.Read.RunInTx(ctx, options, func(ctx context.Context, tx bun.Tx) error {
		faults, err = f.read(ctx, tx)
		return err
	})
	return faults, f, err
}

func (f *roomFacts) read(ctx context.Context, tx bun.Tx) (faults []string, err error) {
	var questions []struct {
		ID, Text    string
		Votes, Rows int64
	}
	err = tx.NewRaw(`SELECT q.id, q.text, q.votes, (SELECT count(*) FROM vote v WHERE v.question_id = q.id) AS rows FROM question q`).Scan(ctx, &questions)
	if err != nil {
		return nil, err
	}
	times := map[string]int{}
	for _, q := range questions {
		f.texts[q.ID] = q.Text
		if times[q.Text]++; times[q.Text] == 2 {
			faults = append(faults, fmt.Sprintf("%q is there twice", q.Text))
		}
		if q.Votes != q.Rows {
			faults = append(faults, fmt.Sprintf("question %s has %d votes by its counter and %d by its rows", q.ID, q.Votes, q.Rows))
		}
		if q.Rows > 0 {
			f.votes[q.ID] = q.Rows
		}
	}
	var ballots []struct{ Choice string }
	if err = tx.NewRaw(`SELECT choice FROM poll_ballot WHERE choice NOT IN ('', '[]', 'null')`).Scan(ctx, &ballots); err != nil {
		return nil, err
	}
	for _, b := range ballots {
		f.ballots[strings.Trim(b.Choice, `["]`)]++
	}
	var tallies []struct {
		Item string
		N    int64
	}
	if err = tx.NewRaw(`SELECT item, n FROM poll_tally WHERE n > 0`).Scan(ctx, &tallies); err != nil {
		return nil, err
	}
	counted := map[string]int64{}
	for _, t := range tallies {
		counted[t.Item] = t.N
	}
	if err = tx.NewRaw(`SELECT CAST(coalesce(sum(voters), 0) AS BIGINT) FROM poll`).Scan(ctx, &f.voters); err != nil {
		return nil, err
	}
	if !maps.Equal(counted, f.ballots) || f.voters != int64(len(ballots)) {
		faults = append(faults, fmt.Sprintf("the poll counts %v of %d, its ballots are %v of %d", counted, f.voters, f.ballots, len(ballots)))
	}
	return faults, nil
}

// controlRoom breaks the room in one way after the other, none of which may go unnoticed.
func controlRoom(t *testing.T, d *db.DB, want roomFacts) {
	t.Helper()
	before := judgeRoom(t.Context(), d, want)
	for _, c := range []struct{ what, first, second string }{
		{"a counter that is too high", `UPDATE question SET votes = votes + 1 WHERE id = (SELECT min(question_id) FROM vote)`, ""},
		{"a vote that was lost", `UPDATE question SET votes = votes - 1 WHERE id = (SELECT max(question_id) FROM vote)`,
			`DELETE FROM vote WHERE question_id = (SELECT max(question_id) FROM vote) AND voter = (SELECT max(voter) FROM vote v WHERE v.question_id = (SELECT max(question_id) FROM vote))`},
		{"a vote that counts twice", `INSERT INTO vote (question_id, voter, session_id) SELECT min(question_id), 'again', min(session_id) FROM vote`,
			`UPDATE question SET votes = votes + 1 WHERE id = (SELECT min(question_id) FROM vote)`},
		{"a question that is there twice", `UPDATE question SET text = (SELECT max(text) FROM question) WHERE text = (SELECT min(text) FROM question WHERE source = 'audience')`, ""},
		{"a question that was lost", `DELETE FROM question WHERE text = (SELECT max(text) FROM question WHERE source = 'audience')`, ""},
		{"a ballot that was lost", `DELETE FROM poll_ballot WHERE voter = (SELECT min(voter) FROM poll_ballot)`, ""},
		{"a tally that is too high", `UPDATE poll_tally SET n = n + 1 WHERE item = (SELECT min(item) FROM poll_tally)`, ""},
		{"a voter too many", `UPDATE poll SET voters = voters + 1`, ""},
	} {
		for _, statement := range []string{c.first, c.second} {
			if statement == "" {
				continue
			}
			res, err := d.Write.ExecContext(t.Context(), statement)
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				t.Fatalf("%s: nothing was broken, %v", c.what, err)
			}
		}
		after := judgeRoom(t.Context(), d, want)
		if !slices.ContainsFunc(after, func(fault string) bool { return !slices.Contains(before, fault) }) {
			t.Errorf("%s goes unnoticed", c.what)
		}
		before = after
	}
}

// mineTime is how long what a person did on one node may take to show as their
// own on another; a node believes its memory for a quarter of a second.
const mineTime = 5 * time.Second

// mine asks for one's own votes and ballot until they are what one was told.
func (v *roomViewer) mine() {
	var want []string
	for q, on := range v.told.votes {
		if on {
			want = append(want, q)
		}
	}
	slices.Sort(want)
	ctx, cancel := context.WithTimeout(v.h.ctx, mineTime)
	defer cancel()
	for {
		f := v.must(`"do":"mine","secrets":[]`)
		slices.Sort(f.Votes)
		ballot := strings.Join(f.Ballots[v.h.poll], " ")
		if slices.Equal(f.Votes, want) && ballot == v.told.ballot {
			return
		}
		if !pause(ctx, 100*time.Millisecond) {
			v.h.fault("viewer %d has the votes %v and the ballot %q, and was told %v and %q", v.n, f.Votes, ballot, want, v.told.ballot)
			return
		}
	}
}

// quantile of durations, in hundredths.
func quantile(list []time.Duration, q int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[(len(sorted)-1)*q/100].Round(time.Millisecond)
}
