package message_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/mail"
	"agora/app/registration"
)

// Whatever many nodes do at once, everybody gets one letter.
func TestManyNodesRemindOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.addMany(250, "Aino", nil)
		w.addMany(250, "Bo", func(p *registration.Registration) { p.Kind = registration.Remote })
		w.clock.set(w.local(10, 19, 9, 0))
		var nodes sync.WaitGroup
		for range 3 {
			_, s := w.node()
			for _, job := range []func(context.Context) error{s.Remind, s.Ask} {
				nodes.Go(func() {
					if err := job(context.WithoutCancel(t.Context())); err != nil {
						t.Error(err)
					}
				})
			}
		}
		nodes.Wait()
		if got := w.written(reminders...); len(got) != 500 || w.mails() != 500 || len(w.written(mail.Confirm)) != 250 {
			t.Errorf("%d people, %d letters", len(got), w.mails())
		}
	})
}

// A round that is killed goes on where it stopped: nobody twice, nobody left out.
func TestAKilledRoundGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.rules(noQuestion)
		w.addMany(450, "Aino", nil)
		w.clock.set(w.local(10, 25, 9, 0))
		killed := 0
		for try := range 40 {
			ctx, kill := context.WithCancel(t.Context())
			looks := 0
			w.clock.watch(func() {
				if looks++; looks > 3+try {
					kill()
				}
			})
			err := w.svc.Remind(ctx)
			kill()
			if err == nil {
				break
			}
			killed++
			marked := w.count("SELECT count(*) FROM registration WHERE reminded = ?", registration.RemindedDay)
			if n := w.mails(); n != marked {
				t.Fatalf("killed with %d marks and %d letters", marked, n)
			}
		}
		w.clock.watch(nil)
		if n := len(w.written(mail.ReminderDay)); n != 450 || w.mails() != 450 || killed < 2 {
			t.Errorf("%d people after %d kills", n, killed)
		}
	})
}

// The marks are what makes it once: without them the same people come again.
func TestWithoutMarksPeopleWouldComeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, time.Date(2026, 10, 26, 7, 0, 0, 0, time.UTC))
		w.addMany(3, "Aino", nil)
		w.at(w.local(10, 25, 9, 0), false)
		if _, err := d.Write.NewRaw("UPDATE registration SET reminded = 0, asked_at = NULL").Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.at(w.local(10, 25, 10, 0), false)
		if w.mails() != 6 {
			t.Errorf("%d letters", w.mails())
		}
	})
}
