package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db/dbtest"
	"agora/app/qa"
)

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
		h.clock.Move(time.Second)
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
		other := New(h.db, h.clock.Now, h.qa, nil) // another process, which starts with nothing
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

func TestStatementsDoNotGrowWithTheSet(t *testing.T) {
	each(t, func(h *house) {
		id := h.add(Request{Kind: KindChoice, Text: "Kumpi?", Options: yesNo})
		count := func(size, from int) int64 {
			acts := make([]act, size)
			for i := range acts {
				acts[i] = act{Request: Request{Op: fmt.Sprint(i), Do: ActBallot, Poll: id, Choice: []string{"o1"}}, viewer: viewer(qa.Audience, fmt.Sprint("v", from+i)), at: morning}
			}
			c := &dbtest.Queries{}
			err := h.db.Write.WithQueryHook(c).RunInTx(t.Context(), nil, func(ctx context.Context, tx bun.Tx) error {
				_, err := h.decide(ctx, tx, acts)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return c.Load()
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
		c := &dbtest.Queries{}
		h.db.Read = h.db.Read.WithQueryHook(c)
		for i := range 100 {
			if _, err := h.Mine(t.Context(), viewer(qa.Audience, fmt.Sprint("v", i))); err != nil {
				t.Fatal(err)
			}
		}
		if n := c.Load(); n != 0 {
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
