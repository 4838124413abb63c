// Package jobs does the work that time brings: letters leave, old answers of
// acts and outlived sign-in links go, and what people said of diet is deleted
// after the day. On several nodes each job runs on one at a time.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"agora/app/db"
)

// leaseLife is how long a node keeps a job; a node that died loses it then.
const leaseLife = time.Minute

// releaseTime bounds how long a stopping node tries to give its jobs back.
const releaseTime = 2 * time.Second

// Job is one kind of work. Run does what is due and may be called at any time.
type Job struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context) error
}

// Runner runs jobs until it is stopped.
type Runner struct {
	db     *db.DB
	now    func() time.Time
	log    *slog.Logger
	holder string
	jobs   []Job
	cancel context.CancelFunc
	all    sync.WaitGroup
}

// New makes a runner; holder names this node.
func New(d *db.DB, now func() time.Time, log *slog.Logger, holder string, jobs ...Job) *Runner {
	return &Runner{db: d, now: now, log: log, holder: holder, jobs: jobs, cancel: func() {}}
}

// Start begins to run the jobs, each at its own pace.
func (r *Runner) Start(ctx context.Context) {
	ctx, r.cancel = context.WithCancel(ctx)
	for _, j := range r.jobs {
		r.all.Go(func() {
			tick := time.NewTicker(j.Every)
			defer tick.Stop()
			for {
				r.Once(ctx, j)
				select {
				case <-tick.C:
				case <-ctx.Done():
					return
				}
			}
		})
	}
}

// Once runs a job if this node holds its lease. What goes wrong is logged and
// tried again at the next turn.
func (r *Runner) Once(ctx context.Context, j Job) {
	mine, err := r.db.Lease(ctx, j.Name, r.holder, r.now(), max(leaseLife, 2*j.Every))
	if err == nil && mine {
		err = safely(ctx, j)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		r.log.Warn("a job failed and will be tried again", "job", j.Name, "error", err.Error())
	}
}

// safely turns a panic into an error: no job may take the whole site down.
func safely(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return j.Run(ctx)
}

// Stop ends the jobs and waits for those under way.
func (r *Runner) Stop() {
	r.cancel()
	r.all.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), releaseTime)
	defer cancel()
	if err := r.db.Release(ctx, r.holder); err != nil {
		r.log.Warn("the jobs could not be given back; they are free again within a minute", "error", err.Error())
	}
}
