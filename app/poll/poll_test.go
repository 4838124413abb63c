package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

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

var yesNo = Options{{Text: "Kyllä"}, {Text: "Ei"}, {Text: " "}, {Text: "En osaa sanoa"}}

func TestEveryKindCounts(t *testing.T) {
	each(t, func(h *house) {
		choice := h.add(Request{Kind: KindChoice, Text: "Onko teillä ohjeet?", Options: yesNo, Live: true})
		several := h.add(Request{Kind: KindChoices, Text: "Missä kanavissa?", Options: yesNo, Most: 2, Live: true})
		rating := h.add(Request{Kind: KindRating, Text: "Kuinka hyvin?", Live: true})
		cloud := h.add(Request{Kind: KindCloud, Text: "Yhdellä sanalla?", Live: true})
		open := h.add(Request{Kind: KindText, Text: "Mitä opit?", Live: true})
		for _, c := range []struct {
			voter, poll string
			choice      []string
			want        qa.Code
		}{
			{"a", choice, []string{"o1"}, ""}, {"b", choice, []string{"o2"}, ""}, {"c", choice, []string{"o1"}, ""},
			{"d", choice, []string{"o1", "o2"}, qa.CodeBadAct}, {"d", choice, []string{"o9"}, qa.CodeBadAct},
			{"b", choice, []string{"o1"}, ""}, {"c", choice, nil, ""},
			{"a", several, []string{"o3", "o1"}, ""}, {"b", several, []string{"o1", "o1"}, ""}, {"c", several, []string{"o1", "o2", "o3"}, qa.CodeBadAct},
			{"a", rating, []string{"4"}, ""}, {"b", rating, []string{"5"}, ""}, {"c", rating, []string{"6"}, qa.CodeBadAct}, {"c", rating, []string{"04"}, qa.CodeBadAct},
			{"c", rating, []string{"1", "2"}, qa.CodeBadAct},
			{"a", cloud, []string{"Luottamus", " luottamus!", "#Avoimuus"}, ""}, {"b", cloud, []string{"LUOTTAMUS"}, ""}, {"c", cloud, []string{"perkele"}, ""},
			{"d", cloud, []string{strings.Repeat("x", WordMax+1)}, qa.CodeTooLong}, {"d", cloud, []string{"a\x00"}, qa.CodeBadText}, {"d", cloud, []string{"a", "b", "c", "d"}, qa.CodeBadAct},
			{"a", open, []string{"Että ohje mahtuu yhdelle kalvolle."}, ""}, {"b", open, []string{" ", "että ohje mahtuu  yhdelle kalvolle"}, ""},
		} {
			if got := h.cast(c.voter, c.poll, c.choice...); got != c.want {
				t.Errorf("%s says %q: %q, want %q", c.voter, c.choice, got, c.want)
			}
		}
		for poll, want := range map[string]string{
			choice: "o1:2 o2:0 o3:0", several: "o1:2 o2:0 o3:1", rating: "1:0 2:0 3:0 4:1 5:1", cloud: "luottamus:2 avoimuus:1",
			open: "että ohje mahtuu yhdelle kalvolle:2",
		} {
			if got := h.get(qa.Audience, poll); got == nil || figures(got) != want {
				t.Errorf("%v, want %s", got, want)
			}
		}
		if got := h.get(qa.Audience, rating).Average(); got != 4.5 {
			t.Errorf("average %v", got)
		}
		if got := h.get(qa.Audience, choice); got.Voters != 2 || got.Options[0].Text != "Kyllä" || len(got.Options) != 3 {
			t.Errorf("%+v", got)
		}
		// What the filter stops at is for moderators, who may show it, and hide anything.
		if got := figures(h.get(qa.Moderator, cloud)); got != "luottamus:2 avoimuus:1 perkele:1" {
			t.Errorf("moderators see %s", got)
		}
		h.must(moderator, Request{Do: ActHide, Poll: cloud, Item: "perkele", On: ptr(false)})
		h.must(moderator, Request{Do: ActHide, Poll: cloud, Item: "avoimuus", On: ptr(true)})
		if got := figures(h.get(qa.Audience, cloud)); got != "luottamus:2 perkele:1" {
			t.Errorf("the audience sees %s", got)
		}
		h.agree()
	})
}

func ptr[T any](v T) *T { return &v }

// expected is written out by hand: from which state each act leads where. Whatever is
// not here must be refused.
var expected = map[qa.Act]string{
	ActBallot:  "open>open closing>closing",
	ActChange:  "draft>draft",
	ActOpen:    "draft>open",
	ActClose:   "open>closing closing>closed",
	ActReopen:  "closing>open closed>open",
	ActResult:  "draft>draft open>open closing>closing closed>closed",
	ActHide:    "open>open closing>closing closed>closed",
	ActRemove:  "draft>removed closed>removed",
	ActRestore: "removed>draft",
}

func TestEveryActFromEveryStateInEveryView(t *testing.T) {
	may := map[qa.View]string{
		qa.Audience: "ballot", qa.Moderator: "poll_change poll_open poll_close poll_reopen poll_result poll_hide poll_remove poll_restore",
		qa.Stage: "poll_open poll_close poll_reopen poll_result", qa.Screen: "",
	}
	each(t, func(h *house) {
		id := h.must(moderator, Request{Do: ActAdd, Kind: KindChoice, Text: "?!", Options: yesNo}).ID
		set := func(s State) {
			for _, q := range []string{`DELETE FROM poll_ballot`, `DELETE FROM poll_tally`} {
				h.exec(q)
			}
			h.exec(`INSERT INTO poll_tally (poll_id, item, label, n, hidden) VALUES (?, 'o2', '', 0, FALSE)`, id)
			h.exec(`UPDATE poll SET state = ?, voters = 0, opened_at = NULL, closes_at = ? WHERE id = ?`, s, h.clock().Add(time.Second), id)
		}
		for a, cases := range expected {
			allowed := map[State]State{}
			for _, c := range strings.Fields(cases) {
				from, to, _ := strings.Cut(c, ">")
				allowed[State(from)] = State(to)
			}
			for v, acts := range may {
				for _, from := range States {
					set(from)
					to, ok := allowed[from]
					want := qa.Code("")
					switch {
					case !slices.Contains(strings.Fields(acts), string(a)):
						to, want = from, qa.CodeForbidden
					case !ok:
						to, want = from, qa.CodeWrongState
					}
					h.forward(time.Millisecond)
					ack := h.try(viewer(v, "x"), Request{Do: a, Poll: id, Text: "Toinen?", Options: yesNo, Choice: []string{"o1"}, Item: "o2", On: ptr(true)})
					if got := h.get(qa.Moderator, id); ack.Code != want || got.State != to {
						t.Errorf("%s in view %d from %s: %q, now %s; want %q, %s", a, v, from, ack.Code, got.State, want, to)
					}
					h.agree()
				}
			}
		}
	})
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Write.NewRaw(sql, args...).Exec(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// A closing poll waits for those who see the stream later, and not longer.
func TestClosingLeavesTime(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo})
		h.cast("a", id, "o1")
		for v, told := range map[qa.View]bool{qa.Audience: false, qa.Screen: false, qa.Stage: true, qa.Moderator: true} {
			if got := h.get(v, id); (got.Result != nil) != told || got.Voters != 1 {
				t.Errorf("while open, view %d: %+v", v, got)
			}
		}
		h.ears.take()
		h.must(moderator, Request{Do: ActClose, Poll: id})
		if got := h.ears.take(); !slices.Equal(got, []string{"now"}) {
			t.Errorf("announced %v", got)
		}
		closing := h.get(qa.Audience, id)
		if closing.State != StateClosing || !closing.ClosesAt.Equal(h.clock().Add(Grace)) || closing.Result != nil {
			t.Errorf("closing: %+v", closing)
		}
		h.forward(Grace - time.Second)
		if n, err := h.Finish(t.Context()); n != 0 || err != nil {
			t.Errorf("closed too early: %d %v", n, err)
		}
		if c := h.cast("b", id, "o2"); c != "" {
			t.Errorf("44 seconds later: %q", c)
		}
		h.forward(2 * time.Second)
		if c := h.cast("c", id, "o2"); c != qa.CodeWrongState {
			t.Errorf("46 seconds later: %q", c)
		}
		if c := h.cast("b", id, "o2"); c != "" {
			t.Errorf("what was cast is confirmed: %q", c)
		}
		before := h.get(qa.Audience, id)
		if n, err := h.Finish(t.Context()); n != 1 || err != nil {
			t.Errorf("closed %d %v", n, err)
		}
		if n, err := h.Finish(t.Context()); n != 0 || err != nil {
			t.Errorf("closed again: %d %v", n, err)
		}
		if got := h.get(qa.Audience, id); got.State != StateClosed || figures(got) != "o1:1 o2:1 o3:0" || before.Result != nil {
			t.Errorf("closed: %+v", got)
		}
		h.must(moderator, Request{Do: ActReopen, Poll: id})
		if c := h.cast("c", id, "o2"); c != "" {
			t.Errorf("opened again: %q", c)
		}
		if err := h.qa.Close(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if c := h.cast("d", id, "o2"); c != qa.CodeClosed {
			t.Errorf("in a closed room: %q", c)
		}
		if n, err := h.Finish(t.Context()); n != 1 || err != nil || h.get(qa.Audience, id).State != StateClosed {
			t.Errorf("the room's end did not end the poll: %d %v", n, err)
		}
		if ack := h.try(moderator, Request{Do: ActReopen, Poll: id}); ack.Code != qa.CodeClosed {
			t.Errorf("opened in a closed room: %q", ack.Code)
		}
		h.agree()
	})
}

func TestWhatAPollMustBe(t *testing.T) {
	each(t, func(h *house) {
		for name, c := range map[string]struct {
			r    Request
			want qa.Code
		}{
			"no kind":            {Request{Text: "?!", Options: yesNo}, qa.CodeBadAct},
			"no text":            {Request{Kind: KindText}, qa.CodeEmpty},
			"a long text":        {Request{Kind: KindText, Text: strings.Repeat("ä", TextMax+1)}, qa.CodeTooLong},
			"one option":         {Request{Kind: KindChoice, Text: "?!", Options: yesNo[:1]}, qa.CodeEmpty},
			"a long option":      {Request{Kind: KindChoice, Text: "?!", Options: Options{{Text: strings.Repeat("ä", OptionMax+1)}, {Text: "b"}}}, qa.CodeTooLong},
			"an option twice":    {Request{Kind: KindChoice, Text: "?!", Options: Options{{ID: "o1", Text: "a"}, {ID: "o1", Text: "b"}}}, qa.CodeBadAct},
			"a scale of one":     {Request{Kind: KindRating, Text: "?!", Most: 1}, qa.CodeBadAct},
			"a scale of hundred": {Request{Kind: KindRating, Text: "?!", Most: 100}, qa.CodeBadAct},
			"an essay of words":  {Request{Kind: KindCloud, Text: "?!", Most: 50}, qa.CodeBadAct},
			"a good one":         {Request{Kind: KindRating, Text: "?!", Most: 10}, ""},
		} {
			c.r.Do = ActAdd
			if ack := h.try(moderator, c.r); ack.Code != c.want {
				t.Errorf("%s: %q, want %q", name, ack.Code, c.want)
			}
		}
		again := Request{Op: "same", Do: ActAdd, Kind: KindText, Text: "Mitä opit?"}
		if a, b := h.must(moderator, again).ID, h.must(moderator, again).ID; a != b {
			t.Error("an op repeated made another poll")
		}
		again.Text = "Muuta?"
		if ack := h.try(moderator, again); ack.Code != qa.CodeOpUsed {
			t.Errorf("an op for another act: %q", ack.Code)
		}
		id := h.must(moderator, Request{Do: ActAdd, Kind: KindChoice, Text: "A?", Options: yesNo}).ID
		h.must(moderator, Request{Do: ActChange, Poll: id, Text: "B?", Options: Options{{ID: "o2", Text: "Ei!"}, {Text: "Uusi"}}})
		if got := h.get(qa.Stage, id); got.Text != "B?" || fmt.Sprint(got.Options) != "[{o2 Ei!} {o1 Uusi}]" {
			t.Errorf("changed: %+v", got)
		}
		if h.get(qa.Audience, id) != nil || h.get(qa.Screen, id) != nil {
			t.Error("a draft is shown")
		}
		for range PollsMax - 3 {
			h.must(moderator, Request{Do: ActAdd, Kind: KindText, Text: "?!"})
		}
		if ack := h.try(moderator, Request{Do: ActAdd, Kind: KindText, Text: "?!"}); ack.Code != qa.CodeBadAct {
			t.Errorf("one poll too many: %q", ack.Code)
		}
		if n := h.number(`SELECT count(*) FROM audit WHERE act LIKE 'poll.%'`); n < PollsMax {
			t.Errorf("only %d acts are in the log", n)
		}
	})
}

func TestBallotsAreAnonymous(t *testing.T) {
	each(t, func(h *house) {
		a := h.add(Request{Kind: KindChoice, Text: "A?", Options: yesNo})
		b := h.add(Request{Kind: KindChoice, Text: "B?", Options: yesNo})
		v := qa.Viewer{Room: session, View: qa.Audience, Voter: "cookie-of-anna-4711", Person: "person-77"}
		for _, id := range []string{a, b} {
			h.must(v, Request{Op: "op-of-anna", Do: ActBallot, Poll: id, Choice: []string{"o1"}})
		}
		var rows []ballot
		if err := h.db.Read.NewSelect().Model(&rows).Scan(t.Context()); err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		if rows[0].Voter == rows[1].Voter {
			t.Error("two ballots of one voter can be put side by side")
		}
		everything, err := json.Marshal(rows)
		if err != nil || strings.Contains(string(everything), "anna") || strings.Contains(string(everything), "person-77") {
			t.Errorf("a trace is stored: %s %v", everything, err)
		}
		if n := h.number(`SELECT count(*) FROM idempotency`); n != 4 {
			t.Errorf("%d ops are stored, of which a moderator's are 4", n)
		}
		if mine, err := h.Mine(t.Context(), v); err != nil || fmt.Sprint(mine[a], mine[b]) != "[o1] [o1]" {
			t.Errorf("mine: %v %v", mine, err)
		}
		if mine, err := h.Mine(t.Context(), viewer(qa.Audience, "bo")); err != nil || len(mine) != 0 {
			t.Errorf("somebody else's: %v %v", mine, err)
		}
		if err := h.qa.Close(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		h.forward(time.Second)
		if mine, err := h.Mine(t.Context(), v); err != nil || len(mine) != 0 {
			t.Errorf("the room is closed, and yet: %v %v", mine, err)
		}
	})
}

// Everybody presses at once, changes their mind and takes it back: each counts once.
func TestACrowdOfBallots(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo, Live: true})
		cloud := h.add(Request{Kind: KindCloud, Text: "Sana?", Live: true})
		var all sync.WaitGroup
		for i := range 120 {
			all.Go(func() {
				for round := range 3 {
					h.cast(fmt.Sprint("v", i), id, []string{"o1", "o2", "o3"}[(i+round)%3])
					h.cast(fmt.Sprint("v", i), cloud, fmt.Sprint("sana", i%7), "yhteinen")
				}
				if i%10 == 0 {
					h.cast(fmt.Sprint("v", i), id)
				}
			})
		}
		all.Wait()
		h.agree()
		got := h.get(qa.Audience, id)
		if sum := got.Result[0].N + got.Result[1].N + got.Result[2].N; got.Voters != 108 || sum != 108 {
			t.Errorf("%d voters, %s", got.Voters, figures(got))
		}
		if top := h.get(qa.Audience, cloud).Result[0]; top.Text != "yhteinen" || top.N != 120 {
			t.Errorf("the cloud: %+v", top)
		}
		other := New(h.db, h.clock, h.qa, nil) // another process, which starts with nothing
		t.Cleanup(other.Stop)
		for i := range 120 {
			v := viewer(qa.Audience, fmt.Sprint("v", i))
			mine, err := h.Mine(t.Context(), v)
			theirs, err2 := other.Mine(t.Context(), v)
			if err != nil || err2 != nil || fmt.Sprint(mine) != fmt.Sprint(theirs) || len(mine) != map[bool]int{true: 1, false: 2}[i%10 == 0] {
				t.Fatalf("%d: %v and %v, %v %v", i, mine, theirs, err, err2)
			}
		}
	})
}

// counter counts statements.
type counter struct{ n atomic.Int64 }

func (c *counter) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context {
	c.n.Add(1)
	return ctx
}
func (c *counter) AfterQuery(context.Context, *bun.QueryEvent) {}

func TestStatementsDoNotGrowWithTheSet(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo})
		count := func(size, from int) int64 {
			acts := make([]act, size)
			for i := range acts {
				acts[i] = act{Request: Request{Op: fmt.Sprint(i), Do: ActBallot, Poll: id, Choice: []string{"o1"}}, viewer: viewer(qa.Audience, fmt.Sprint("v", from+i)), at: morning}
			}
			c := &counter{}
			err := h.db.Write.WithQueryHook(c).RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
				_, err := h.decide(ctx, tx, acts)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return c.n.Load()
		}
		if few, many := count(5, 0), count(800, 1000); few != many || few > 12 {
			t.Errorf("5 ballots take %d statements, 800 %d", few, many)
		}
		h.agree()
	})
}

// Who joins reads nothing, however many they are.
func TestMineReadsMemory(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo})
		h.cast("a", id, "o1")
		if _, err := h.Mine(t.Context(), viewer(qa.Audience, "a")); err != nil {
			t.Fatal(err)
		}
		c := &counter{}
		h.db.Read = h.db.Read.WithQueryHook(c)
		for i := range 100 {
			if _, err := h.Mine(t.Context(), viewer(qa.Audience, fmt.Sprint("v", i))); err != nil {
				t.Fatal(err)
			}
		}
		if n := c.n.Load(); n != 0 {
			t.Errorf("100 who joined read %d times", n)
		}
	})
}

func TestItemsAreWhatIsNewer(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo, Live: true})
		all, err := h.Items(t.Context(), session, 0)
		if err != nil || len(all) != 1 || all[0].ID != id {
			t.Fatal(all, err)
		}
		if none, err := h.Items(t.Context(), session, all[0].Version); err != nil || len(none) != 0 {
			t.Errorf("nothing is newer: %+v %v", none, err)
		}
		h.cast("a", id, "o1")
		next, err := h.Items(t.Context(), session, all[0].Version)
		if err != nil || len(next) != 1 || next[0].Version <= all[0].Version {
			t.Fatal(next, err)
		}
		want := `{"id":"` + id + `","kind":"choice","state":"open","text":"Kumpi?","options":[{"id":"o1","text":"Kyllä"},{"id":"o2","text":"Ei"},{"id":"o3","text":"En osaa sanoa"}],` +
			`"most":1,"live":true,"rank":1,"voters":1,"opened_at":"2027-01-25T07:40:00Z","result":[{"item":"o1","text":"Kyllä","n":1},{"item":"o2","text":"Ei","n":0},{"item":"o3","text":"En osaa sanoa","n":0}]}`
		if got := string(next[0].Views[qa.Audience]); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		r, err := h.qa.Room(t.Context(), session)
		if err != nil || r.Version != next[0].Version {
			t.Errorf("the room is at %d, the poll at %d: %v", r.Version, next[0].Version, err)
		}
	})
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"op":"1","do":"ballot","poll":"p","choice":["o1"]}`))
	f.Add([]byte(`{"op":"2","do":"poll_add","kind":"cloud","text":"Sana?","most":3}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		r, code := readRequest(frame)
		if code != "" {
			return
		}
		for v := range qa.View(qa.Views) {
			again := r
			if code, _ := again.check(v); code != "" {
				continue
			}
			p := &Poll{Kind: again.Kind, Most: 3, Options: Options{{ID: "o1", Text: "a"}}}
			if chosen, labels, code, _ := p.choose(again.Choice); code == "" && (len(chosen) > 3 || len(labels) != len(chosen)) {
				t.Errorf("%q chose %q", frame, chosen)
			}
		}
	})
}
