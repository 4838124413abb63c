package printing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/uptrace/bun"

	"agora/app/file"
	"agora/app/file/content"
)

const (
	// lookEvery is how often a process looks for orders that another one took in.
	lookEvery = 5 * time.Second
	// leaseLife is how long a process that says nothing is believed to work;
	// beatEvery is how often it says so.
	leaseLife = 30 * time.Second
	beatEvery = 10 * time.Second
	// tellEvery keeps progress from costing a transaction for each badge.
	tellEvery = 300 * time.Millisecond
	// endTime bounds how long a stopping process writes down what it leaves.
	endTime = 5 * time.Second
)

// errTaken says that a printout is no longer this process's: it was cancelled, or
// another process took it for dead.
var errTaken = errors.New("printing: no longer ours")

// Start works on orders, one at a time, until Stop.
func (s *Service) Start(ctx context.Context) {
	ctx, s.cancel = context.WithCancel(ctx)
	s.all.Go(func() {
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for {
			if err := s.Work(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("printing failed and will be tried again", "error", err.Error())
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			case <-s.wake:
			}
		}
	})
}

// Stop ends the work; what was begun goes back among the waiting.
func (s *Service) Stop() {
	s.cancel()
	s.all.Wait()
}

// Work prints everything that waits now.
func (s *Service) Work(ctx context.Context) error {
	for ctx.Err() == nil {
		p, found, err := s.take(ctx)
		if err != nil || !found {
			return err
		}
		if err := s.one(ctx, p); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// take claims the oldest order that nobody works on. It reads first: a site where
// nobody prints writes nothing.
func (s *Service) take(ctx context.Context) (p Printout, found bool, err error) {
	now := s.now()
	var ids []string
	const free = "(state = 'waiting' OR state = 'working' AND until < ?)"
	if err := s.db.Read.NewRaw("SELECT id FROM printout WHERE "+free+" ORDER BY created_at, id LIMIT 5", now).Scan(ctx, &ids); err != nil {
		return p, false, err
	}
	for _, id := range ids {
		err := s.db.Write.NewRaw(`UPDATE printout SET state = 'working', holder = ?, until = ?, done = 0, attempts = attempts + 1, version = version + 1
			WHERE id = ? AND `+free+" RETURNING *", s.holder, now.Add(leaseLife), id, now).Scan(ctx, &p)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			s.tell(p)
		}
		return p, err == nil, err
	}
	return p, false, nil
}

// one prints one order to its end, whatever that is.
func (s *Service) one(ctx context.Context, p Printout) error {
	work, stop := context.WithCancel(ctx)
	defer stop()
	s.mu.Lock()
	s.under[p.ID] = stop
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.under, p.ID)
		s.mu.Unlock()
	}()
	if p.Attempts > maxAttempts {
		return s.fail(ctx, p, errors.New("every process that began it died"))
	}
	beating := s.beat(work, p, stop)
	made, outcome, err := s.print(work, p, stop)
	if err == nil {
		err = s.ready(ctx, p, made, outcome)
	}
	left := work.Err() != nil
	stop()
	<-beating
	switch {
	case err == nil || errors.Is(err, errTaken):
		return nil
	case ctx.Err() != nil:
		return s.giveBack(ctx, p)
	case left: // cancelled, or the lease was lost: the row says so already
		return nil
	}
	return s.fail(ctx, p, err)
}

// print writes the file. A panic is the kind's mistake and ends only this order.
func (s *Service) print(ctx context.Context, p Printout, stop func()) (made file.File, o Outcome, err error) {
	kind, known := s.kinds[p.Kind]
	if !known {
		return made, o, fmt.Errorf("printing: nothing prints %q", p.Kind)
	}
	pace := &pace{s: s, p: p, stop: stop, ctx: ctx}
	made, err = s.files.Make(ctx, p.EditionID, Room(p.ID), p.Name+".pdf", content.PDF, func(w io.Writer) (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		o, err = kind.Print(ctx, p, w, pace.progress)
		return err
	})
	return made, o, err
}

// ready writes the result down together with what follows from it.
func (s *Service) ready(ctx context.Context, p Printout, made file.File, o Outcome) error {
	remarks, err := json.Marshal(o.Remarks)
	if err != nil {
		return err
	}
	now := s.now()
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		err := tx.NewRaw(`UPDATE printout SET state = ?, holder = '', until = NULL, done = CASE WHEN total > 0 THEN total ELSE done END, pages = ?, remarks = ?,
			file_id = ?, finished_at = ?, expires_at = ?, version = version + 1 WHERE id = ? AND holder = ? AND state = ? RETURNING *`,
			Ready, o.Pages, string(remarks), made.ID, now, now.Add(keptTime), p.ID, s.holder, Working).Scan(ctx, &p)
		if errors.Is(err, sql.ErrNoRows) {
			return errTaken
		}
		if err != nil {
			return err
		}
		if _, err := file.Keep(ctx, tx, made.ID, p.EditionID, Room(p.ID)); err != nil {
			return err
		}
		if o.Finish == nil {
			return nil
		}
		return o.Finish(ctx, tx)
	})
	if err == nil {
		s.tell(p)
	}
	return err
}

// fail ends an order that cannot be printed; the cause is for the log.
func (s *Service) fail(ctx context.Context, p Printout, cause error) error {
	s.log.Error("a printout could not be made", "printout", p.ID, "kind", p.Kind, "error", cause.Error())
	return s.end(ctx, p, "state = ?, holder = '', until = NULL, finished_at = ?, expires_at = ?", Failed, s.now(), s.now().Add(keptTime))
}

// giveBack lets the next process, or this one started again, begin anew at once.
func (s *Service) giveBack(ctx context.Context, p Printout) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	return s.end(ctx, p, "state = ?, holder = '', until = NULL, attempts = attempts - 1", Waiting)
}

func (s *Service) end(ctx context.Context, p Printout, set string, args ...any) error {
	err := s.db.Write.NewRaw("UPDATE printout SET "+set+", version = version + 1 WHERE id = ? AND holder = ? AND state = ? RETURNING *",
		append(args, p.ID, s.holder, Working)...).Scan(ctx, &p)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		s.tell(p)
	}
	return err
}

// beat renews the lease until ctx ends, and stops the work when it was lost.
func (s *Service) beat(ctx context.Context, p Printout, stop func()) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if mine, err := s.renew(ctx, p); err == nil && !mine {
				stop()
			}
		}
	}()
	return done
}

func (s *Service) renew(ctx context.Context, p Printout) (mine bool, err error) {
	res, err := s.db.Write.NewRaw("UPDATE printout SET until = ? WHERE id = ? AND holder = ? AND state = ?", s.now().Add(leaseLife), p.ID, s.holder, Working).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// pace writes progress down now and then.
type pace struct {
	s    *Service
	ctx  context.Context // of this one printout's work
	p    Printout
	stop func()
	last time.Time
}

func (c *pace) progress(done, total int) {
	now := c.s.now()
	if now.Sub(c.last) < tellEvery && !c.last.IsZero() {
		return
	}
	c.last = now
	p := c.p
	err := c.s.db.Write.NewRaw("UPDATE printout SET done = ?, total = ?, until = ?, version = version + 1 WHERE id = ? AND holder = ? AND state = ? RETURNING *",
		done, total, now.Add(leaseLife), p.ID, c.s.holder, Working).Scan(c.ctx, &p)
	if errors.Is(err, sql.ErrNoRows) {
		c.stop()
	} else if err == nil {
		c.s.tell(p)
	}
}
