package mirror

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// source is a room's rows by version, as a database has them.
type source struct {
	newest int64
	reads  int
	fault  error
}

func (s *source) read(state *[]int64, since int64) (int64, error) {
	s.reads++
	if s.fault != nil {
		return since, s.fault
	}
	for v := since + 1; v <= s.newest; v++ {
		if !slices.Contains(*state, v) {
			*state = append(*state, v)
		}
	}
	return s.newest, nil
}

func put(v int64) func(*[]int64) { return func(state *[]int64) { *state = append(*state, v) } }

// seen looks at a room, and wants what it holds and how often it was read by then.
func seen(t *testing.T, m *Rooms[[]int64], now time.Time, s *source, want string, reads int) {
	t.Helper()
	state, unlock, err := m.Fresh("a", now, s.read)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if fmt.Sprint(*state) != want || s.reads != reads {
		t.Errorf("%v after %d readings, want %s after %d", *state, s.reads, want, reads)
	}
}

func TestWhenItIsRead(t *testing.T) {
	var m Rooms[[]int64]
	s, now := &source{newest: 1}, time.Unix(1000, 0)
	if m.Follow("a", 1, put(1)) {
		t.Error("a room that nobody looks at lacks something")
	}
	seen(t, &m, now, s, "[0 1]", 1)
	s.newest = 2
	seen(t, &m, now, s, "[0 1]", 1) // of another node
	now = now.Add(Look)
	seen(t, &m, now, s, "[0 1 2]", 2)

	s.newest = 3
	if m.Follow("a", 3, put(3)) {
		t.Error("the next version leaves a gap")
	}
	m.Follow("a", 2, put(2)) // is in it already
	seen(t, &m, now, s, "[0 1 2 3]", 2)

	s.newest = 5
	if !m.Follow("a", 5, put(5)) {
		t.Error("a version that is missing was not noticed")
	}
	seen(t, &m, now, s, "[0 1 2 3 5]", 2)
	m.Behind("a", 4)
	seen(t, &m, now, s, "[0 1 2 3 5 4]", 3)
	m.Behind("a", 5)
	m.Behind("b", 5)
	seen(t, &m, now, s, "[0 1 2 3 5 4]", 3)

	// A source whose version says less than what is known is read once for it.
	m.Behind("a", 9)
	seen(t, &m, now, s, "[0 1 2 3 5 4]", 4)
	seen(t, &m, now, s, "[0 1 2 3 5 4]", 4)
}

// What is committed while somebody reads may have come too late for them.
func TestFollowingNeverWaits(t *testing.T) {
	var m Rooms[[]int64]
	s, now := &source{newest: 1}, time.Unix(1000, 0)
	_, unlock, err := m.Fresh("a", now, s.read)
	if err != nil {
		t.Fatal(err)
	}
	s.newest = 2
	m.Follow("a", 2, put(2))
	unlock()
	seen(t, &m, now, s, "[0 1 2]", 2)
}

func TestAFaultIsNotKept(t *testing.T) {
	var m Rooms[[]int64]
	s, now := &source{newest: 1, fault: errors.New("no database")}, time.Unix(1000, 0)
	if _, _, err := m.Fresh("a", now, s.read); !errors.Is(err, s.fault) {
		t.Errorf("%v", err)
	}
	m.Follow("a", 1, put(7)) // nothing is there that it could follow
	s.fault = nil
	seen(t, &m, now, s, "[0 1]", 2)
}

func TestUnusedRoomsAreForgotten(t *testing.T) {
	var m Rooms[[]int64]
	s, now := &source{}, time.Unix(1000, 0)
	seen(t, &m, now, s, "[0]", 1)
	for _, c := range []struct {
		after time.Duration
		rooms int
	}{{life, 2}, {life + time.Second, 2}} {
		_, unlock, err := m.Fresh(fmt.Sprint(c.after), now.Add(c.after), (&source{}).read)
		if err != nil {
			t.Fatal(err)
		}
		unlock()
		if len(m.rooms) != c.rooms {
			t.Errorf("after %v there are %d rooms, want %d", c.after, len(m.rooms), c.rooms)
		}
	}
	if m.has("a") != nil {
		t.Error("the one that was not used is still there")
	}
}
