package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
)

// burst is a crowd that presses at once, and the observer beside it.
type burst struct {
	t       *testing.T
	site    *site
	ctx     context.Context
	db      *db.DB
	client  *http.Client
	people  int
	crowded chan struct{} // closed when the line is long enough
	tickets chan string   // of those who got a seat
	line    atomic.Int64
	settle  func()
	spent   time.Duration

	mu      sync.Mutex
	answers map[string][]registered
	took    []time.Duration
	again   int
}

func newBurst(t *testing.T, database string, seats int64) *burst {
	t.Helper()
	b := &burst{t: t, people: burstPeople, client: browser(burstClients), answers: map[string][]registered{},
		crowded: make(chan struct{}), tickets: make(chan string, seats)}
	if testing.Short() {
		b.people = burstShort
	}
	ctx, cancel := context.WithTimeout(t.Context(), burstLimit)
	t.Cleanup(cancel)
	b.ctx, b.site = ctx, newSite(t, database, seats, nil)
	b.site.start(ctx)
	b.db = dbtest.Open(t, b.site.address())
	b.settle = b.observe()
	return b
}

// observe looks into the database until the burst is over.
func (b *burst) observe() (settle func()) {
	ctx, stop := context.WithCancel(b.ctx)
	done := make(chan struct{})
	looks := 0
	go func() {
		defer close(done)
		for pause(ctx, time.Millisecond) {
			faults, err := look(ctx, b.db)
			if ctx.Err() != nil {
				return
			}
			looks++
			if len(faults) > 0 || err != nil {
				b.t.Errorf("at look %d: %q %v", looks, faults, err)
				return
			}
		}
	}()
	return func() {
		stop()
		<-done
		if len(b.took) == 0 {
			b.t.Fatal("nobody was answered")
		}
		slices.Sort(b.took)
		b.t.Logf("%d people in %v: %.0f decisions/s, median %v, p99 %v, slowest %v, %d calls repeated; %d looks", b.people,
			b.spent.Round(time.Millisecond), float64(b.people)/b.spent.Seconds(), b.took[len(b.took)/2].Round(time.Millisecond),
			b.took[len(b.took)*99/100].Round(time.Millisecond), b.took[len(b.took)-1].Round(time.Millisecond), b.again, looks)
	}
}

// press lets the people from one number to another press; both presses of an
// impatient one are under way together.
func (b *burst) press(from, to int) {
	presses := make(chan int)
	var all sync.WaitGroup
	for range burstClients {
		all.Go(func() {
			for who := range presses {
				b.one(who)
			}
		})
	}
	began := time.Now()
	for who := from; who < to; who++ {
		presses <- who
		if who%burstTwice == 0 {
			presses <- who
		}
	}
	close(presses)
	all.Wait()
	b.spent += time.Since(began)
}

// one presses until there is an answer.
func (b *burst) one(who int) {
	email, began := fmt.Sprintf("p%d@example.org", who), time.Now()
	for {
		a, said := b.site.press(b.ctx, b.client, email)
		switch {
		case a.Err == nil && a.Status == http.StatusCreated:
			b.keep(email, said, time.Since(began))
			return
		case a.Err == nil && a.Status == http.StatusServiceUnavailable && pause(b.ctx, a.restOf()):
			b.mu.Lock()
			b.again++
			b.mu.Unlock()
		default:
			b.t.Errorf("%s: %d %s %v", email, a.Status, a.Body, a.Err)
			return
		}
	}
}

func (b *burst) keep(email string, said registered, took time.Duration) {
	b.mu.Lock()
	b.answers[email] = append(b.answers[email], said)
	first := len(b.answers[email]) == 1
	b.took = append(b.took, took)
	b.mu.Unlock()
	switch {
	case !first:
	case said.State == string(registration.Confirmed):
		b.tickets <- said.TicketURL
	case b.line.Add(1) == waitingFirst:
		close(b.crowded)
	}
}

// onceCrowded gives how often to act, as soon as the line is long enough; by
// then all seats have been given, so there are tickets to give back.
func (b *burst) onceCrowded(times int) int {
	select {
	case <-b.crowded:
		return times
	case <-b.ctx.Done():
		return 0
	}
}

// leave gives a seat back as a browser does.
func (b *burst) leave(ticket string) (done int64) {
	req, err := http.NewRequestWithContext(b.ctx, http.MethodPost, ticket+"/cancel", nil)
	if err != nil {
		b.t.Error(err)
		return 0
	}
	req.Header.Set("Origin", b.site.base)
	if a := b.site.ask(b.client, "cancel", req); a.Err != nil || a.Status != http.StatusSeeOther {
		b.t.Errorf("cancelling: %d %s %v", a.Status, a.Body, a.Err)
		return 0
	}
	return 1
}

// answered sums up what people were told, once each.
func (b *burst) answered() (confirmed int, positions []int64) {
	if len(b.answers) != b.people {
		b.t.Errorf("%d of %d people have an answer", len(b.answers), b.people)
	}
	for email, list := range b.answers {
		for _, other := range list[1:] {
			if other != list[0] {
				b.t.Errorf("%s pressed twice and was told %v and %v", email, list[0], other)
			}
		}
		switch list[0].State {
		case string(registration.Confirmed):
			confirmed++
		case string(registration.Waiting):
			positions = append(positions, list[0].Position)
		default:
			b.t.Errorf("%s was told %v", email, list[0])
		}
	}
	return confirmed, positions
}

func (b *burst) told() map[string]string {
	codes := map[string]string{}
	for email, list := range b.answers {
		codes[email] = list[0].Code
	}
	return codes
}

// judge compares the outcome with the database. Who was promoted is told by the
// line: those still in it are exactly the last ones who joined.
func (b *burst) judge(confirmed, gone, promoted int) {
	b.t.Helper()
	for _, fault := range judge(b.t, b.db, b.told()) {
		b.t.Error(fault)
	}
	counts := map[string]int{}
	for letter, n := range letters(b.t, b.db) {
		counts[letter[1]] += n
	}
	want := map[string]int{"registration_confirmed": confirmed, "registration_waiting": b.people - confirmed}
	if gone > 0 {
		want["registration_cancelled"], want["registration_promoted"] = gone, promoted
	}
	if fmt.Sprint(counts) != fmt.Sprint(want) {
		b.t.Errorf("letters %v, want %v", counts, want)
	}
	var p registration.Place
	err := b.db.Read.NewSelect().Model(&p).Where("kind = ?", registration.Onsite).Scan(b.ctx)
	if taken := int64(confirmed - gone + promoted); err != nil || p.Taken != taken || p.Capacity == nil || *p.Capacity != taken ||
		p.Line != int64(b.people-confirmed) || p.Waiting != p.Line-int64(promoted) {
		b.t.Error(errors.Join(fmt.Errorf("the place is %+v, want %d taken", p, taken), err))
	}
}
