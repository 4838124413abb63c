package program

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
)

// queriesPerRead is a programme's cost: its transaction and seven queries.
const queriesPerRead = 9

func TestQueriesDoNotGrow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		c := count(d)
		var read, drafts []int64
		add := func(title, from, to string) {
			k.session(talk(title, from, to, aula, title+" A", title+" B"))
			k.release()
			e := k.fresh()
			before := c.Load()
			if _, err := k.Programme(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			read = append(read, c.Load()-before)
			before = c.Load()
			if _, err := k.Draft(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			drafts = append(drafts, c.Load()-before)
		}
		add("Yksi", "10:00", "11:00")
		add("Kaksi", "11:00", "12:00")
		add("Kolme", "12:00", "13:00")
		if len(slices.Compact(read)) != 1 || len(slices.Compact(drafts)) != 1 || read[0] != queriesPerRead {
			t.Errorf("queries with 1, 2, 3 sessions: %v, draft %v", read, drafts)
		}
	})
}

func TestProgrammeIsReadOnceForEverybody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.session(talk("Yksi", "10:00", "11:00", k.room("Aula")))
		k.release()
		e, c := k.fresh(), count(d)
		var wg sync.WaitGroup
		seen := make([]*Programme, 20)
		for i := range seen {
			wg.Go(func() { seen[i], _ = k.Programme(t.Context(), e) })
		}
		wg.Wait()
		for _, p := range seen {
			if p == nil || p != seen[0] {
				t.Fatal("they got different programmes")
			}
		}
		if n := c.Load(); n != queriesPerRead {
			t.Errorf("%d queries for one reading", n)
		}
		// A request that still holds the revision before gets the newer programme.
		old := e
		old.Revision--
		if p, err := k.Programme(t.Context(), old); err != nil || p != seen[0] {
			t.Error("an older revision was read again", err)
		}
	})
}

func TestShelfIsBounded(t *testing.T) {
	s := newShelf()
	for i := range 3 * maxShelved {
		_, mine := s.find(string(rune('a'+i)), 1)
		if !mine {
			t.Fatal("kept something never read")
		}
	}
	if len(s.kept) != maxShelved {
		t.Errorf("%d kept", len(s.kept))
	}
}

func TestFailedReadingIsNotKept(t *testing.T) {
	s := newShelf()
	broken := errors.New("broken")
	release, reading := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		// The first leaves; the reading goes on for the others.
		ctx, leave := context.WithCancel(t.Context())
		leave()
		_, _ = s.get(ctx, "e", 1, func(ctx context.Context) (*Programme, error) {
			close(reading)
			<-release
			return nil, errors.Join(broken, ctx.Err())
		})
	})
	<-reading
	k, mine := s.find("e", 1)
	if mine {
		t.Fatal("it would be read twice")
	}
	impatient, leave := context.WithCancel(t.Context())
	leave()
	if _, err := s.get(impatient, "e", 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(release)
	wg.Wait()
	if <-k.done; !errors.Is(k.err, broken) || errors.Is(k.err, context.Canceled) {
		t.Errorf("who waited got %v", k.err)
	}
	p, err := s.get(t.Context(), "e", 1, func(context.Context) (*Programme, error) { return &Programme{}, nil })
	if err != nil || p == nil {
		t.Errorf("after the failure: %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = s.get(t.Context(), "e", 2, func(context.Context) (*Programme, error) { panic("bad row") })
	}()
	if p, err := s.get(t.Context(), "e", 2, func(context.Context) (*Programme, error) { return &Programme{}, nil }); err != nil || p == nil {
		t.Errorf("after the panic: %v", err)
	}
}
