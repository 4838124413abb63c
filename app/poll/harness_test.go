package poll

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/qa"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

const session = "session-1"

var morning = time.Date(2027, 1, 25, 7, 40, 0, 0, time.UTC)

// house is a service in an open room.
type house struct {
	*Service
	t     *testing.T
	db    *db.DB
	qa    *qa.Service
	clock *apptest.Clock
	ears  *apptest.Ears
	ops   atomic.Int64
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, clock: apptest.NewClock(morning), ears: &apptest.Ears{}}
	h.row("series", map[string]any{"id": "series-1"})
	h.row("edition", map[string]any{"id": "edition-1", "series_id": "series-1"})
	h.row("session", map[string]any{"id": session, "edition_id": "edition-1", "guid": session, "slug": session})
	secret := []byte("the secret of this server")
	h.qa = qa.New(d, h.clock.Now, secret, nil)
	t.Cleanup(h.qa.Stop)
	h.Service = New(d, h.clock.Now, h.qa, h.ears)
	t.Cleanup(h.Stop)
	if _, err := h.qa.Open(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	return h
}

func each(t *testing.T, test func(h *house)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newHouse(t, d)) })
}

func (h *house) row(table string, given map[string]any) {
	h.t.Helper()
	dbtest.Row(h.t, h.db, morning, table, given)
}

func (h *house) number(sql string, args ...any) int64 {
	h.t.Helper()
	return dbtest.Number(h.t, h.db, sql, args...)
}

func viewer(v qa.View, voter string) qa.Viewer {
	return qa.Viewer{Room: session, View: v, Voter: voter}
}

var moderator = viewer(qa.Moderator, "desk")

func (h *house) try(v qa.Viewer, r Request) qa.Ack {
	h.t.Helper()
	if r.Op == "" {
		r.Op = fmt.Sprint("op-", h.ops.Add(1))
	}
	return h.Do(h.t.Context(), v, r)
}

func (h *house) must(v qa.Viewer, r Request) qa.Ack {
	h.t.Helper()
	ack := h.try(v, r)
	if ack.Code != "" {
		h.t.Fatalf("%s: %s %v", r.Do, ack.Code, ack.Cause)
	}
	return ack
}

// add makes a poll and opens it.
func (h *house) add(r Request) string {
	h.t.Helper()
	r.Do = ActAdd
	id := h.must(moderator, r).ID
	h.must(moderator, Request{Do: ActOpen, Poll: id})
	return id
}

func (h *house) cast(voter, poll string, choice ...string) qa.Code {
	h.t.Helper()
	h.clock.Move(time.Millisecond)
	return h.try(viewer(qa.Audience, voter), Request{Do: ActBallot, Poll: poll, Choice: choice}).Code
}

func (h *house) get(v qa.View, id string) *Shown {
	h.t.Helper()
	list, err := h.List(h.t.Context(), session, v)
	if err != nil {
		h.t.Fatal(err)
	}
	i := slices.IndexFunc(list, func(s Shown) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &list[i]
}

// figures are a result as "item:n item:n".
func figures(s *Shown) string {
	var parts []string
	for _, c := range s.Result {
		parts = append(parts, fmt.Sprintf("%s:%d", c.Item, c.N))
	}
	return strings.Join(parts, " ")
}

// agree checks that the counts are those of the ballots, always.
func (h *house) agree() {
	h.t.Helper()
	var ballots []ballot
	if err := h.db.Write.NewSelect().Model(&ballots).Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	want, voters := map[tallyKey]int64{}, map[string]int64{}
	for _, b := range ballots {
		voters[b.PollID] += cast(b.Choice)
		for _, item := range b.Choice {
			want[tallyKey{b.PollID, item}]++
		}
	}
	var tallies []tally
	if err := h.db.Write.NewSelect().Model(&tallies).Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for _, t := range tallies {
		if k := (tallyKey{t.PollID, t.Item}); want[k] != t.N {
			h.t.Errorf("%v is counted %d times, said %d times", k, t.N, want[k])
		} else {
			delete(want, k)
		}
	}
	for k, n := range want {
		h.t.Errorf("%v is not counted, said %d times", k, n)
	}
	var polls []Poll
	if err := h.db.Write.NewSelect().Model(&polls).Scan(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	for _, p := range polls {
		if p.Voters != voters[p.ID] {
			h.t.Errorf("%s counts %d voters of %d", p.Kind, p.Voters, voters[p.ID])
		}
	}
}

func ptr[T any](v T) *T { return &v }

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	dbtest.Exec(h.t, h.db, sql, args...)
}

var yesNo = Options{{Text: "Kyllä"}, {Text: "Ei"}, {Text: " "}, {Text: "En osaa sanoa"}}
