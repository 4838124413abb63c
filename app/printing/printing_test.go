package printing_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/printing"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// shop is a site that prints, with a clock set by hand.
type shop struct {
	*testing.T
	*printing.Service
	db    *db.DB
	files *file.Service
	e     edition.Edition

	mu   sync.Mutex
	at   time.Time
	told map[string]int64
	// step is asked before each piece; what it returns ends the printing.
	step func(ctx context.Context, n int) error
}

func (s *shop) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *shop) on(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// Changed is what watchers are told.
func (s *shop) Changed(room string, version int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if version <= s.told[room] {
		s.Errorf("%s was told version %d after %d", room, version, s.told[room])
	}
	s.told[room] = version
}

func (s *shop) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

type options struct{ Pieces int }

// kind writes a line for each piece.
func (s *shop) kind() printing.Kind {
	return printing.Kind{Name: "lines", Print: func(ctx context.Context, p printing.Printout, w io.Writer, progress func(int, int)) (printing.Outcome, error) {
		var o options
		if err := p.Read(&o); err != nil {
			return printing.Outcome{}, err
		}
		for n := range o.Pieces {
			if s.step != nil {
				if err := s.step(ctx, n); err != nil {
					return printing.Outcome{}, err
				}
			}
			if err := ctx.Err(); err != nil {
				return printing.Outcome{}, err
			}
			fmt.Fprintf(w, "%s %d\n", p.Lang, n)
			progress(n+1, o.Pieces)
		}
		return printing.Outcome{Pages: o.Pieces, Remarks: []string{"look"}, Finish: func(ctx context.Context, tx bun.IDB) error {
			_, err := tx.NewRaw("INSERT INTO setting (name, value) VALUES (?, 'done')", "finished "+p.ID).Exec(ctx)
			return err
		}}, nil
	}}
}

func newShop(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := &shop{T: t, db: d, at: time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC), told: map[string]int64{}}
	store, err := file.NewDisk(t.TempDir())
	s.ok(err)
	s.files = file.New(d, s.now, store, t.TempDir())
	editions := edition.New(d, s.now)
	series, err := editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	s.ok(err)
	reg := registration.New(d, s.now, editions, []byte("0123456789abcdef0123456789abcdef"), "https://agora.example")
	t.Cleanup(reg.Close)
	seats := int64(300)
	s.e, err = reg.NewEdition(t.Context(), "", series, edition.Input{Slug: "2027", Title: text.One(text.Finnish, "CMADFI 2027"), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish}, StartsAt: s.at, EndsAt: s.at.Add(8 * time.Hour), OpensAt: s.at.Add(-72 * time.Hour), ClosesAt: s.at.Add(time.Hour)},
		map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	s.ok(err)
	s.Service = s.node()
	return s
}

// node is another process of the same site.
func (s *shop) node() *printing.Service {
	n := printing.New(s.db, s.now, slog.New(slog.DiscardHandler), s.files, s)
	n.Offer(s.kind())
	return n
}

func (s *shop) order(pieces int) printing.Printout {
	s.Helper()
	p, err := s.Order(s.Context(), s.e, printing.Order{By: "organiser", Kind: "lines", Name: "lines", Lang: text.Finnish, Options: options{pieces}})
	s.ok(err)
	return p
}

func (s *shop) state(p printing.Printout) printing.Printout {
	s.Helper()
	p, err := s.ByID(s.Context(), s.e.ID, p.ID)
	s.ok(err)
	return p
}

func (s *shop) count(query string, args ...any) (n int) {
	s.Helper()
	s.ok(s.db.Read.NewRaw(query, args...).Scan(s.Context(), &n))
	return n
}

func each(t *testing.T, test func(s *shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newShop(t, d)) })
}

func TestAnOrderIsPrinted(t *testing.T) {
	each(t, func(s *shop) {
		p := s.order(3)
		if p.State != printing.Waiting {
			s.Fatalf("%s", p.State)
		}
		s.ok(s.Work(s.Context()))
		p = s.state(p)
		if p.State != printing.Ready || p.Done != 3 || p.Total != 3 || p.Pages != 3 || p.Remarks != `["look"]` || p.ExpiresAt == nil {
			s.Fatalf("%+v", p)
		}
		f, err := s.File(s.Context(), p)
		s.ok(err)
		r, err := s.files.Open(s.Context(), f, 0, -1)
		s.ok(err)
		defer r.Close()
		if b, _ := io.ReadAll(r); string(b) != "fi 0\nfi 1\nfi 2\n" || f.Name != "lines.pdf" || !f.Kept || f.Reading != file.Useless {
			s.Errorf("%q %+v", b, f)
		}
		if n := s.count("SELECT COUNT(*) FROM setting WHERE name = ?", "finished "+p.ID); n != 1 {
			s.Errorf("finished %d times", n)
		}
		if n := s.count("SELECT COUNT(*) FROM audit WHERE act = 'printing.order' AND subject = ?", p.ID); n != 1 {
			s.Errorf("%d lines of the log", n)
		}
		if s.told[printing.Room(p.ID)] != p.Version {
			s.Errorf("told %d of %d", s.told[printing.Room(p.ID)], p.Version)
		}
	})
}

func TestTheSameOrderTwiceIsOnePrintout(t *testing.T) {
	each(t, func(s *shop) {
		if a, b := s.order(3), s.order(3); a.ID != b.ID {
			s.Error("two printouts")
		}
		for n := range 9 {
			s.order(10 + n)
		}
		_, err := s.Order(s.Context(), s.e, printing.Order{Kind: "lines", Options: options{99}})
		if !fail.Is(err, fail.TooMany) {
			s.Errorf("an eleventh: %v", err)
		}
		if _, err := s.Order(s.Context(), s.e, printing.Order{Kind: "posters"}); !fail.Is(err, fail.NotFound) {
			s.Errorf("an unknown kind: %v", err)
		}
	})
}

func TestCancelling(t *testing.T) {
	each(t, func(s *shop) {
		waits := s.order(3)
		s.ok(s.Cancel(s.Context(), s.e, "organiser", waits.ID))
		s.ok(s.Work(s.Context()))
		if got := s.state(waits).State; got != printing.Cancelled {
			s.Errorf("one that waited: %s", got)
		}
		under := s.order(5)
		s.step = func(ctx context.Context, n int) error {
			if n == 2 {
				s.ok(s.Cancel(ctx, s.e, "organiser", under.ID))
			}
			return nil
		}
		s.ok(s.Work(s.Context()))
		if p := s.state(under); p.State != printing.Cancelled || p.FileID != "" {
			s.Errorf("one under way: %+v", p)
		}
		if n := s.count("SELECT COUNT(*) FROM setting WHERE name LIKE 'finished%'"); n != 0 {
			s.Error("what was cancelled had an effect")
		}
		s.step = nil
		ready := s.order(1)
		s.ok(s.Work(s.Context()))
		s.ok(s.Cancel(s.Context(), s.e, "organiser", ready.ID))
		if got := s.state(ready).State; got != printing.Ready {
			s.Errorf("one that was ready: %s", got)
		}
		if err := s.Cancel(s.Context(), s.e, "organiser", "nothing"); !fail.Is(err, fail.NotFound) {
			s.Errorf("none: %v", err)
		}
	})
}

// Cancelled by way of another process, the printing is found to be over with the
// next piece of progress.
func TestCancellingFromAnotherNode(t *testing.T) {
	each(t, func(s *shop) {
		p, other := s.order(5), s.node()
		pieces := 0
		s.step = func(ctx context.Context, n int) error {
			pieces = n
			if n == 2 {
				s.ok(other.Cancel(ctx, s.e, "organiser", p.ID))
				s.on(time.Second)
			}
			return nil
		}
		s.ok(s.Work(s.Context()))
		if got := s.state(p).State; got != printing.Cancelled || pieces > 3 {
			s.Errorf("%s after piece %d", got, pieces)
		}
	})
}

// A process that stops gives its order back; one that was killed loses it when its
// lease is over. Either way it begins anew and is finished once.
func TestARestart(t *testing.T) {
	each(t, func(s *shop) {
		p := s.order(4)
		ctx, stop := context.WithCancel(s.Context())
		s.step = func(_ context.Context, n int) error {
			if n == 2 {
				stop()
			}
			return nil
		}
		if err := s.Work(ctx); !errors.Is(err, context.Canceled) {
			s.Errorf("stopped: %v", err)
		}
		if got := s.state(p); got.State != printing.Waiting || got.Attempts != 0 {
			s.Fatalf("after the stop: %+v", got)
		}
		s.step = nil
		_, err := s.db.Write.ExecContext(s.Context(), "UPDATE printout SET state = 'working', holder = 'killed', attempts = 1, until = ? WHERE id = ?", s.now().Add(30*time.Second), p.ID)
		s.ok(err)
		s.ok(s.Work(s.Context()))
		if got := s.state(p); got.State != printing.Working {
			s.Fatalf("while its holder may live: %s", got.State)
		}
		s.on(31 * time.Second)
		s.ok(s.Work(s.Context()))
		if got := s.state(p); got.State != printing.Ready || got.Attempts != 2 {
			s.Errorf("after its holder died: %+v", got)
		}
		if n := s.count("SELECT COUNT(*) FROM setting WHERE name LIKE 'finished%'"); n != 1 {
			s.Errorf("finished %d times", n)
		}
	})
}

func TestWhatCannotBePrinted(t *testing.T) {
	each(t, func(s *shop) {
		bad := s.order(1)
		s.step = func(context.Context, int) error { panic("a letter that breaks everything") }
		s.ok(s.Work(s.Context()))
		if got := s.state(bad); got.State != printing.Failed {
			s.Errorf("a panic: %+v", got)
		}
		deadly := s.order(2)
		_, err := s.db.Write.ExecContext(s.Context(), "UPDATE printout SET attempts = 3 WHERE id = ?", deadly.ID)
		s.ok(err)
		s.ok(s.Work(s.Context()))
		if got := s.state(deadly).State; got != printing.Failed {
			s.Errorf("one that killed three processes: %s", got)
		}
		s.step = nil
		good := s.order(3)
		s.ok(s.Work(s.Context()))
		if got := s.state(good).State; got != printing.Ready {
			s.Errorf("the next: %s", got)
		}
	})
}

func TestFilesGoAfterSomeDays(t *testing.T) {
	each(t, func(s *shop) {
		p := s.order(1)
		s.ok(s.Work(s.Context()))
		p = s.state(p)
		f, err := s.File(s.Context(), p)
		s.ok(err)
		s.on(4 * 24 * time.Hour)
		n, err := s.Purge(s.Context())
		s.ok(err)
		if _, err := s.File(s.Context(), s.state(p)); n != 1 || !fail.Is(err, fail.Gone) {
			s.Errorf("%d, %v", n, err)
		}
		_, err = s.files.Sweep(s.Context())
		s.ok(err)
		if _, err := s.files.ByID(s.Context(), f.ID); !fail.Is(err, fail.NotFound) {
			s.Errorf("the file: %v", err)
		}
		s.on(40 * 24 * time.Hour)
		_, err = s.Purge(s.Context())
		s.ok(err)
		if list, err := s.List(s.Context(), s.e.ID); err != nil || len(list) != 0 {
			s.Errorf("%v %v", list, err)
		}
	})
}

// A person who is erased may stand in any file of their editions.
func TestErasingAPersonDropsFiles(t *testing.T) {
	each(t, func(s *shop) {
		_, err := s.db.Write.ExecContext(s.Context(), `INSERT INTO person (id, email, name, language, created_at) VALUES ('p', 'p@example.fi', 'P', 'fi', ?)`, s.now())
		s.ok(err)
		_, err = s.db.Write.ExecContext(s.Context(), `INSERT INTO speaker (id, edition_id, guid, slug, name, biography, extra, person_id) VALUES ('s', ?, 'g', 's', 'P', '{}', '{}', 'p')`, s.e.ID)
		s.ok(err)
		p := s.order(1)
		s.ok(s.Work(s.Context()))
		s.ok(s.db.Tx(s.Context(), func(ctx context.Context, tx bun.Tx) error { return s.Erase(ctx, tx, "organiser") }))
		if got := s.state(p); got.FileID == "" || got.PersonID != "" {
			s.Errorf("who ordered it: %+v", got)
		}
		s.ok(s.db.Tx(s.Context(), func(ctx context.Context, tx bun.Tx) error { return s.Erase(ctx, tx, "p") }))
		if got := s.state(p); got.FileID != "" {
			s.Errorf("who stands in it: %+v", got)
		}
	})
}

func TestStartPrintsWhatIsOrdered(t *testing.T) {
	each(t, func(s *shop) {
		ctx, cancel := context.WithTimeout(s.Context(), 20*time.Second)
		defer cancel()
		printed := make(chan struct{})
		s.step = func(context.Context, int) error { close(printed); return nil }
		s.Start(ctx)
		p := s.order(1)
		select {
		case <-printed:
		case <-ctx.Done():
			s.Fatal("nobody prints")
		}
		for s.state(p).State.Open() && ctx.Err() == nil { // the last transaction may still be under way
			continue
		}
		s.Stop()
		if got := s.state(p).State; got != printing.Ready {
			s.Errorf("%s", got)
		}
		if got, ok, err := s.Watched(ctx, printing.Room(p.ID)); err != nil || !ok || got.ID != p.ID {
			s.Errorf("%v %v %v", got, ok, err)
		}
		if _, ok, _ := s.Watched(ctx, strings.Repeat("x", 8)); ok {
			s.Error("a room of others")
		}
	})
}
