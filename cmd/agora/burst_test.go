package main

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

const (
	burstPeople  = 5000
	burstShort   = 1200 // with -short
	burstClients = 64
	// burstTwice: every so manieth person presses two times at once.
	burstTwice = 10
	burstLimit = 3 * time.Minute
	// waitingFirst is how long the line is before anybody leaves or the hall
	// grows: long enough that each free seat has somebody who waits for it.
	waitingFirst = 250
	leavers      = 100
)

// Everybody presses in the same moment. The hall is filled to the last seat and
// not beyond, everybody else stands in one line, both presses of an impatient
// one get one answer, and each person gets one letter.
func TestBurstFillsTheHallExactly(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { fillHall(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { fillHall(t, dbtest.PostgresURL(t)) })
}

func fillHall(t *testing.T, database string) {
	b := newBurst(t, database, siteSeats)
	b.press(0, b.people)
	b.settle()
	confirmed, positions := b.answered()
	if confirmed != siteSeats || len(positions) != b.people-siteSeats {
		t.Errorf("%d were told a seat, %d to wait", confirmed, len(positions))
	}
	slices.Sort(positions)
	for i, n := range positions {
		if n != int64(i+1) {
			t.Fatalf("position %d of %d is %d", i+1, len(positions), n)
		}
	}
	b.judge(confirmed, 0, 0)
	control(t, b.db, b.told())
}

// While the line grows, a hundred people give their seats back on their
// tickets' pages and an organiser changes the capacity in the settings' form.
// Every seat goes to the one whose turn it is, nothing is ever sold twice, and
// an observer finds no instant at which counters and rows disagree.
func TestBurstWithCancellationsAndANewCapacity(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { turmoil(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { turmoil(t, dbtest.PostgresURL(t)) })
}

func turmoil(t *testing.T, database string) {
	b := newBurst(t, database, siteSeats+100)
	o := newOrganiser(b.ctx, b.site)
	// The hall is made smaller while the first come, and never below them.
	shrunk := make(chan bool, 1)
	go func() { shrunk <- o.capacity(b.ctx, siteSeats) }()
	b.press(0, siteSeats/2)
	if !<-shrunk {
		t.Fatal("the capacity could not be lowered to more than was taken")
	}
	var others sync.WaitGroup
	var cancelled atomic.Int64
	capacity, refused := int64(siteSeats), 0
	others.Go(func() {
		for range b.onceCrowded(5) {
			if !o.capacity(b.ctx, capacity+10) {
				t.Errorf("the capacity could not be raised to %d", capacity+10)
				return
			}
			capacity += 10
			if o.capacity(b.ctx, capacity-5) {
				t.Errorf("the capacity was lowered to %d, and %d were taken", capacity-5, capacity)
			}
			refused++
		}
	})
	for range 4 {
		others.Go(func() {
			for range b.onceCrowded(leavers / 4) {
				cancelled.Add(b.leave(<-b.tickets))
			}
		})
	}
	b.press(siteSeats/2, b.people)
	others.Wait()
	b.settle()
	confirmed, _ := b.answered()
	if confirmed != siteSeats || cancelled.Load() != leavers {
		t.Errorf("%d were told a seat at once, %d gave it back", confirmed, cancelled.Load())
	}
	t.Logf("%d gave back, the hall grew from %d to %d seats, %d attempts below the taken were refused", cancelled.Load(), siteSeats, capacity, refused)
	b.judge(confirmed, leavers, leavers+int(capacity)-siteSeats)
	control(t, b.db, b.told())
}
