// Package rehearse tries one's own running server before the day: it makes a
// practice edition, lets thousands register through HTTP at one moment, fills a
// live room with viewers who ask and vote, judges what came of it and removes
// everything again.
//
// It works from outside, as people do, with an HTTP client and websockets; only
// making, checking and removing the practice edition goes through the areas.
// Everything is bounded in count and in time. Whoever runs it reads English, as
// on the rest of the command line.
//
// Tables: none of its own.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
)

// Bounds of a rehearsal. It runs on the machine that it tries, so what is beyond
// them would measure the tester.
const (
	MaxPeople  = 20_000
	MaxSeats   = 20_000
	MaxViewers = 10_000 // a live room takes no more
	MaxSeconds = 120
	// MaxTime ends a rehearsal whatever happens; it disturbs the server it tries.
	MaxTime = 5 * time.Minute
)

const (
	// connections is how many presses are under way at once: what a proxy in
	// front of a server usually holds open to it.
	connections = 500
	// callTime bounds one call; the server itself gives up earlier.
	callTime = 10 * time.Second
	// cleanTime bounds the removal, which also an interrupted rehearsal does.
	cleanTime = 90 * time.Second
	// spareFiles are those of the database, the terminal and the program itself.
	spareFiles = 64
)

// Plan is how large a rehearsal is.
type Plan struct{ People, Seats, Viewers, Seconds int }

// Check gives a sentence about the first figure that is out of bounds.
func (p Plan) Check() error {
	for _, f := range []struct {
		name       string
		n, min, at int
	}{
		{"people", p.People, 1, MaxPeople}, {"seats", p.Seats, 1, MaxSeats},
		{"viewers", p.Viewers, 1, MaxViewers}, {"seconds", p.Seconds, 1, MaxSeconds},
	} {
		if f.n < f.min || f.n > f.at {
			return fmt.Errorf("--%s takes a number from %d to %s", f.name, f.min, number(f.at))
		}
	}
	return nil
}

// Files is how many open files the rehearsal needs for itself.
func (p Plan) Files() int { return max(connections, p.Viewers) + spareFiles }

// Parts are what a rehearsal stands on. Now is the site's clock; Stopwatch
// measures.
type Parts struct {
	DB            *db.DB
	Now           func() time.Time
	Stopwatch     func() time.Time
	Editions      *edition.Service
	Program       *program.Service
	Registrations *registration.Service
	QA            *qa.Service
}

// Rehearsal is one of them.
type Rehearsal struct {
	Parts
	base   string
	client *fasthttp.HostClient
	limits limits
	tell   Progress
	holder string
}

// Progress hears how far a stage is. It is called by one goroutine at a time.
type Progress func(stage string, done, total int)

// New prepares a rehearsal of the server that answers at host and port.
func New(parts Parts, address string, tell Progress) *Rehearsal {
	if tell == nil {
		tell = func(string, int, int) {}
	}
	return &Rehearsal{
		Parts: parts, base: "http://" + address, limits: usual, tell: tell, holder: db.NewID(),
		client: &fasthttp.HostClient{Addr: address, MaxConns: connections, ReadTimeout: callTime, WriteTimeout: callTime,
			MaxResponseBodySize: 1 << 20, NoDefaultUserAgentHeader: true},
	}
}

var errTime = fmt.Errorf("the rehearsal was not finished within %v and was stopped; try it with fewer people and viewers", MaxTime)

// Run rehearses. The practice edition is gone afterwards, also when ctx ends in
// the middle.
func (r *Rehearsal) Run(ctx context.Context, plan Plan) (result Result, err error) {
	if err := plan.Check(); err != nil {
		return result, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, MaxTime, errTime)
	defer cancel()
	if err := r.answers(ctx); err != nil {
		return result, err
	}
	result.Plan = plan
	var left error
	err = r.alone(ctx, func(ctx context.Context) (err error) {
		if result.Leftovers, err = r.clean(ctx); err != nil {
			return err
		}
		p, err := r.open(ctx, plan)
		if err == nil {
			err = r.perform(ctx, p, &result)
		}
		started := r.Stopwatch()
		left = r.remove(ctx, p.series)
		result.Removing = r.Stopwatch().Sub(started)
		return err
	})
	if ctx.Err() != nil {
		err = context.Cause(ctx) // whatever broke off did so because of it
	}
	return result, errors.Join(err, left)
}

// ErrLeft says that the practice edition is still there.
var ErrLeft = errors.New("the practice edition could not be removed; run: agora rehearse --clean")

// perform is the rehearsal itself.
func (r *Rehearsal) perform(ctx context.Context, p practice, result *Result) error {
	if err := r.known(ctx, p); err != nil {
		return err
	}
	// The machine's own rate is taken before and after: it drifts.
	before, err := r.singles(ctx, p)
	if err != nil {
		return err
	}
	answers, took, err := r.burst(ctx, p)
	if err != nil {
		return err
	}
	kept, err := r.kept(ctx, p)
	if err != nil {
		return err
	}
	result.Burst = sum(answers, took)
	result.Faults = append(judgeBurst(p.plan, answers, kept), r.limits.burst(result.Burst)...)
	after, err := r.singles(ctx, p)
	if err != nil {
		return err
	}
	result.Singles = (before + after) / 2
	if result.Room, err = r.room(ctx, p); err != nil {
		return err
	}
	result.Faults = append(result.Faults, judgeRoom(p.plan, result.Room)...)
	result.Faults = append(result.Faults, r.limits.room(result.Room)...)
	return nil
}

// Stages, as a progress bar names them.
const (
	stageWaiting  = "Waiting for an earlier rehearsal"
	stageLeft     = "Removing an earlier rehearsal"
	stageOpening  = "Making a practice edition"
	stageAlone    = "Measuring this machine alone"
	stageBurst    = "Registering"
	stageJoining  = "Joining the live room"
	stageLive     = "Asking and voting"
	stageRemoving = "Removing the practice edition"
)

const (
	leaseName = "rehearsal"
	// leaseLife is how long a rehearsal that was killed keeps the next one waiting.
	leaseLife = 5 * time.Second
	leaseBeat = time.Second
)

// alone sees to it that one rehearsal runs at a time: two would measure each
// other, and the second would remove the first as a leftover.
func (r *Rehearsal) alone(ctx context.Context, do func(context.Context) error) error {
	take := func() (bool, error) { return r.DB.Lease(ctx, leaseName, r.holder, r.Now(), leaseLife) }
	mine, err := take()
	beat := time.NewTicker(leaseBeat)
	defer beat.Stop()
	for tries := 0; err == nil && !mine; tries++ {
		if tries > int(leaseLife/leaseBeat)+1 {
			return errors.New("another rehearsal of this site is running; wait until it is done")
		}
		r.tell(stageWaiting, tries, int(leaseLife/leaseBeat)+2)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-beat.C:
			mine, err = take()
		}
	}
	if err != nil {
		return err
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-beat.C:
				// A beat that fails is made up for by the next: the lease outlives several.
				_, _ = r.DB.Lease(context.WithoutCancel(ctx), leaseName, r.holder, r.Now(), leaseLife)
			}
		}
	}()
	err = do(ctx)
	close(stop)
	<-stopped
	return errors.Join(err, r.DB.Release(context.WithoutCancel(ctx), r.holder))
}

// watch tells of a stage's progress until the returned function is called.
func (r *Rehearsal) watch(stage string, done *atomic.Int64, total int) (end func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	r.tell(stage, 0, total)
	go func() {
		defer close(stopped)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				r.tell(stage, int(min(done.Load(), int64(total))), total)
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		r.tell(stage, int(min(done.Load(), int64(total))), total)
	}
}

// pause waits, and reports whether the rehearsal still goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
