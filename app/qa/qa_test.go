package qa

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

const session = "session-1"

var morning = time.Date(2027, 1, 25, 7, 40, 0, 0, time.UTC)

// house is a service with one open room and everything around it.
type house struct {
	*Service
	t     testing.TB
	db    *db.DB
	clock *apptest.Clock
	ears  *apptest.Ears
	ops   atomic.Int64
}

func newHouse(t testing.TB, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, clock: apptest.NewClock(morning), ears: &apptest.Ears{}}
	h.row("series", map[string]any{"id": "series-1"})
	h.row("edition", map[string]any{"id": "edition-1", "series_id": "series-1"})
	for _, id := range []string{session, "session-2"} {
		h.row("session", map[string]any{"id": id, "edition_id": "edition-1", "guid": id, "slug": id})
	}
	h.Service = New(d, h.clock.Now, []byte("the secret of this server"), h.ears)
	t.Cleanup(h.Stop)
	if _, err := h.Open(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	return h
}

// each runs a test in a house on both engines.
func each(t *testing.T, test func(h *house)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newHouse(t, d)) })
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	dbtest.Exec(h.t, h.db, sql, args...)
}

func (h *house) row(table string, given map[string]any) {
	h.t.Helper()
	dbtest.Row(h.t, h.db, morning, table, given)
}

func (h *house) number(sql string, args ...any) int64 {
	h.t.Helper()
	return dbtest.Number(h.t, h.db, sql, args...)
}

func (h *house) op() string { return fmt.Sprintf("op-%d", h.ops.Add(1)) }

func viewer(v View, voter string) Viewer { return Viewer{Room: session, View: v, Voter: voter} }

var moderator = viewer(Moderator, "desk")

// must does a request that has to succeed.
func (h *house) must(v Viewer, r Request) Ack {
	h.t.Helper()
	ack := h.try(v, r)
	if ack.Code != "" {
		h.t.Fatalf("%s by %d: %s %v", r.Do, v.View, ack.Code, ack.Cause)
	}
	return ack
}

func (h *house) try(v Viewer, r Request) Ack {
	h.t.Helper()
	if r.Op == "" {
		r.Op = h.op()
	}
	return h.Do(h.t.Context(), v, r)
}

// ask puts a question and approves it.
func (h *house) ask(voter, text string) Ack {
	h.t.Helper()
	ack := h.must(viewer(Audience, voter), Request{Do: ActAsk, Text: text})
	h.must(moderator, Request{Do: ActApprove, Question: ack.ID})
	return ack
}

func (h *house) vote(voter, question string, on bool) Ack {
	h.t.Helper()
	return h.try(viewer(Audience, voter), Request{Do: ActVote, Question: question, On: &on})
}

func (h *house) get(id string) Question {
	h.t.Helper()
	all, err := h.Seen(h.t.Context(), session, Moderator)
	if err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(q Question) bool { return q.ID == id })
	if i < 0 {
		h.t.Fatalf("no question %s", id)
	}
	return all[i]
}

func (h *house) room() Room {
	h.t.Helper()
	r, err := h.Room(h.t.Context(), session)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// inSet decides acts as one set, as the writer does with what waits.
func (h *house) inSet(acts []act) []result {
	h.t.Helper()
	var outs []db.Outcome[result]
	err := h.db.Tx(h.t.Context(), func(ctx context.Context, tx bun.Tx) (err error) {
		outs, err = h.decide(ctx, tx, acts)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	results := make([]result, len(outs))
	for i, o := range outs {
		results[i] = o.Value
	}
	return results
}

// agree checks that counters equal rows and that one question at most is answered now.
func (h *house) agree() {
	h.t.Helper()
	if n := h.number(`SELECT count(*) FROM question q WHERE votes <> (SELECT count(*) FROM vote v WHERE v.question_id = q.id)`); n != 0 {
		h.t.Errorf("the counters of %d questions differ from their votes", n)
	}
	if n := h.number(`SELECT count(*) FROM question WHERE state = 'now'`); n > 1 {
		h.t.Errorf("%d questions are answered now", n)
	}
	if n := h.number(`SELECT count(*) FROM question WHERE (rank > 0) <> (state = 'queued')`); n != 0 {
		h.t.Errorf("%d questions have a rank outside the queue or none in it", n)
	}
	// Everybody who voted for what was merged counts for what it went into, once.
	if n := h.number(`SELECT count(*) FROM vote v JOIN question q ON q.id = v.question_id JOIN question t ON t.id = q.into_id
		WHERE q.state = 'merged' AND NOT EXISTS (SELECT 1 FROM vote w WHERE w.question_id = t.id AND w.voter = v.voter)`); n != 0 {
		h.t.Errorf("%d voters of merged questions are not counted", n)
	}
	if n := h.number(`SELECT count(*) FROM vote v WHERE via <> '' AND NOT EXISTS (SELECT 1 FROM question q JOIN vote w ON w.question_id = q.id
		WHERE q.id = v.via AND q.state = 'merged' AND q.into_id = v.question_id AND w.voter = v.voter)`); n != 0 {
		h.t.Errorf("%d votes came from where they are not", n)
	}
	if n := h.number(`SELECT count(*) FROM question WHERE (into_id <> '') <> (state = 'merged')`); n != 0 {
		h.t.Errorf("%d questions stand in another without being merged, or in none", n)
	}
}

func ptr[T any](v T) *T { return &v }
