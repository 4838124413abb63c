package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/qa"
)

// tell gives everything that is in the index, in order.
func (w *world) tell() []string {
	w.t.Helper()
	var list []string
	if err := w.d.Read.NewRaw("SELECT kind || ' ' || subject || ' ' || hash FROM search_entry ORDER BY kind, subject").Scan(w.t.Context(), &list); err != nil {
		w.t.Fatal(err)
	}
	return list
}

// Only what differs is written, and the index comes out as if it were made anew.
func TestRefreshWritesTheDifference(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		for _, c := range []struct {
			name, statement string
			made            int // entries written or dropped
			find, want      string
		}{
			{"nothing", "", 0, "työpäivä", "session tyo"},
			{"a revision alone", "UPDATE edition SET title = title", 0, "työpäivä", "session tyo"},
			{"a title", `UPDATE session SET title = '{"fi":"Yhteisön työyö"}' WHERE id = 'tyo'`, 2, "työyö", "session tyo"},
			{"a speaker's name", "UPDATE speaker SET name = 'Anna Uusinen' WHERE id = 'anna27'", 4, "uusinen", "speaker anna27, session tyo"},
			{"a session comes", `UPDATE slot SET release_id = 'release-cmadfi-2027' WHERE session_id = 'salainen'`, 1, "yllätys", "session salainen"},
			{"a session goes", `UPDATE slot SET release_id = NULL WHERE session_id = 'tyo'`, 6, "moderoi", ""},
			{"and comes back", `UPDATE slot SET release_id = 'release-cmadfi-2027' WHERE session_id = 'tyo'`, 6, "kolme tuntia", "question q1"},
			{"a new version of a file", `UPDATE material SET file_id = 'file-bilder' WHERE id = 'kalvot'`, 2, "etik", "material kalvot, material bilder"},
			{"a hidden piece", `UPDATE material SET visibility = 'hidden' WHERE id = 'kalvot'`, 1, "etik", "material bilder"},
			{"an earlier day", `UPDATE edition SET starts_at = '2015-01-01 00:00:00+00:00' WHERE slug = '2027'`, 8, "jyväskylä", "edition cmadfi-2016, edition cmadfi-2027"},
		} {
			if c.statement != "" {
				w.do(c.statement)
				w.do("UPDATE edition SET revision = revision + 1")
			}
			made := w.turn()
			got := w.ask(c.find)
			want := strings.Split(c.want, ", ")
			slices.Sort(got)
			if slices.Sort(want); strings.Join(got, ", ") != strings.Join(want, ", ") {
				t.Errorf("%s: %q finds %v, want %v", c.name, c.find, got, want)
			}
			if c.name != "an earlier day" && made != c.made {
				t.Errorf("%s: %d entries were touched, want %d", c.name, made, c.made)
			}
		}
		kept := w.tell()
		if err := w.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.refresh()
		if anew := w.tell(); !slices.Equal(kept, anew) {
			t.Errorf("kept\n%s\nmade anew\n%s", strings.Join(kept, "\n"), strings.Join(anew, "\n"))
		}
	})
}

func TestRefreshOfRoomsAndFiles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		steps := func(statements ...string) {
			t.Helper()
			for _, one := range statements {
				w.do(one)
			}
			w.turn()
		}
		// A vote raises the room's version and changes no text.
		steps("UPDATE live_room SET version = version + 1", "UPDATE question SET votes = 5")
		if got := w.ask("tuntia"); len(got) != 1 {
			t.Errorf("after votes: %v", got)
		}
		steps("UPDATE live_room SET version = version + 1", "UPDATE question SET text = 'Montako minuuttia?' WHERE id = 'q1'", "UPDATE question SET state = 'approved' WHERE id = 'q2'")
		if got := fmt.Sprint(w.ask("minuutti"), w.ask("häirikkö")); got != "[question q1] [question q2]" {
			t.Errorf("after an edit and an approval: %s", got)
		}
		// A file whose words are read later is found then, without any revision.
		steps("INSERT INTO file (id, edition_id, scope, name, kind, size, sha256, width, height, reading, kept, created_at) SELECT 'file-late', edition_id, scope, name, kind, size, sha256, width, height, 'wanted', TRUE, created_at FROM file WHERE id = 'file-kalvot'",
			"UPDATE material SET file_id = 'file-late' WHERE id = 'kalvot'", "UPDATE edition SET revision = revision + 1")
		if got := w.ask("myöhäiset"); got != nil {
			t.Errorf("before it was read: %v", got)
		}
		steps("INSERT INTO file_text (file_id, text) VALUES ('file-late', 'Myöhäiset sanat')", "UPDATE file SET reading = 'read' WHERE id = 'file-late'")
		if got := fmt.Sprint(w.ask("myöhäiset")); got != "[material kalvot]" {
			t.Errorf("after it was read: %s", got)
		}
		// An edition that is no more leaves nothing.
		steps("DELETE FROM material", "DELETE FROM answer", "DELETE FROM question", "DELETE FROM live_room", "DELETE FROM session", "DELETE FROM speaker", "DELETE FROM release", "DELETE FROM edition")
		if left := w.tell(); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	})
}

// A rehearsal's content never enters, and a turn that is over leaves the rest to
// the next.
func TestRefreshInTurns(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.series("practice-0123456789abcdef", "2020")
		w.talk("2020", talk{id: "harjoitus", title: "Harjoitus"})
		words := newChatter(4)
		for i := range 8 {
			w.talk("2027", talk{id: fmt.Sprintf("s%04d", i), title: "Puhe", abstract: words.text(3000)})
		}
		if err := w.refresh2(2); !errors.Is(err, errTurn) {
			t.Fatalf("two sets: %v", err)
		}
		if half := len(w.tell()); half == 0 || half >= 8 {
			t.Errorf("%d entries after two sets", half)
		}
		w.refresh()
		if all := w.tell(); len(all) != 8+2 {
			t.Errorf("%d entries after the next turn", len(all))
		}
		if n := w.turn(); n != 0 {
			t.Errorf("a third turn did %d", n)
		}
		if got := w.ask("harjoitus"); got != nil {
			t.Errorf("a rehearsal is found: %v", got)
		}
	})
}

// refresh2 is a turn of so many sets.
func (w *world) refresh2(sets int) error {
	writing := &writing{service: w.Service, memo: map[memoKey]string{}, stems: map[string]struct{}{}, sets: maxSets - sets}
	return w.Service.refresh(w.t.Context(), writing)
}

// No transaction of the index holds more than a set, whatever there is to do.
func TestSetsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		hook := &longest{}
		w.d.Write = w.d.Write.WithQueryHook(hook)
		words := newChatter(2).text(4000)
		for i := range 5 {
			id := fmt.Sprintf("s%02d", i)
			w.talk("2027", talk{id: id, title: "Puhe", abstract: words[:2000]})
			w.piece(id, "p"+id, "Kalvot", words)
			w.question(id, "q"+id, "Miksi?", qa.StateApproved, "")
		}
		hook.begin()
		w.refresh()
		if n := hook.most(); n == 0 || n > 600_000 {
			t.Errorf("a statement of %d bytes", n)
		}
	})
}

// longest remembers the longest statement.
type longest struct {
	mu sync.Mutex
	n  int
}

func (l *longest) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n = 0
}

func (l *longest) most() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

func (l *longest) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (l *longest) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n = max(l.n, len(e.Query))
}
