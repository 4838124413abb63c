package poll

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/qa"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

const session = "session-1"

var morning = time.Date(2027, 1, 25, 7, 40, 0, 0, time.UTC)

// ears keep what was announced.
type ears struct {
	mu    sync.Mutex
	heard []string
}

func (e *ears) Changed(room string, v int64) { e.note("changed") }
func (e *ears) Now(room string, v int64)     { e.note("now") }
func (e *ears) note(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, what)
}
func (e *ears) take() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.heard
	e.heard = nil
	return h
}

// house is a service in an open room.
type house struct {
	*Service
	t    *testing.T
	db   *db.DB
	qa   *qa.Service
	ears *ears
	at   atomic.Int64
	ops  atomic.Int64
}

func (h *house) clock() time.Time        { return time.UnixMicro(h.at.Load()).UTC() }
func (h *house) forward(d time.Duration) { h.at.Add(d.Microseconds()) }

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, db: d, ears: &ears{}}
	h.at.Store(morning.UnixMicro())
	h.row("series", map[string]any{"id": "series-1"})
	h.row("edition", map[string]any{"id": "edition-1", "series_id": "series-1"})
	h.row("session", map[string]any{"id": session, "edition_id": "edition-1", "guid": session, "slug": session})
	secret := []byte("the secret of this server")
	h.qa = qa.New(d, h.clock, secret, nil)
	t.Cleanup(h.qa.Stop)
	h.Service = New(d, h.clock, h.qa, h.ears)
	t.Cleanup(h.Stop)
	if _, err := h.qa.Open(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	return h
}

func each(t *testing.T, test func(h *house)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newHouse(t, d)) })
}

// row puts a row into another area's table: what is not given is empty.
func (h *house) row(table string, given map[string]any) {
	h.t.Helper()
	rows, err := h.db.Write.QueryContext(h.t.Context(), "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		h.t.Fatal(err)
	}
	types, err := rows.ColumnTypes()
	rows.Close()
	if err != nil {
		h.t.Fatal(err)
	}
	values := map[string]any{}
	for _, c := range types {
		switch name := c.DatabaseTypeName(); {
		case given[c.Name()] != nil:
			values[c.Name()] = given[c.Name()]
		case strings.HasSuffix(c.Name(), "_id"):
		case name == "TEXT":
			values[c.Name()] = ""
		case name == "TIMESTAMPTZ":
			values[c.Name()] = morning
		case strings.HasPrefix(name, "BOOL"):
			values[c.Name()] = false
		default:
			values[c.Name()] = 0
		}
	}
	if _, err := h.db.Write.NewInsert().Model(&values).TableExpr(table).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) number(sql string, args ...any) (n int64) {
	h.t.Helper()
	if err := h.db.Write.NewRaw(sql, args...).Scan(h.t.Context(), &n); err != nil {
		h.t.Fatal(err)
	}
	return n
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
	h.forward(time.Millisecond)
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
	if _, err := h.db.Write.NewRaw(sql, args...).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

var yesNo = Options{{Text: "Kyllä"}, {Text: "Ei"}, {Text: " "}, {Text: "En osaa sanoa"}}
