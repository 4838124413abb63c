package mail_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/mail"
	"agora/app/text"
)

func TestSentOnceAndNotAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		var letters []mail.Letter
		for i := range 45 {
			letters = append(letters, letter(mail.Confirmed, fmt.Sprintf("p%d@example.fi", i)))
		}
		queue(t, d, c, letters...)
		deliver(t, s, 45)
		c.Move(24 * time.Hour)
		deliver(t, s, 0)
		m := outbox(t, s, "e")[0]
		if m.State != mail.Sent || !m.SentAt.Equal(start) || m.Attempts != 1 {
			t.Errorf("%+v", m.Row)
		}
	})
}

func TestAFailedLetterIsTriedAgainEverLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{fail: errors.New("451 try later")}
		s := service(t, d, c, b)
		queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
		var waits []time.Duration
		for {
			deliver(t, s, 0)
			m := outbox(t, s, "e")[0]
			if m.State == mail.Failed {
				if m.Problem != "451 try later" || m.Attempts != 8 {
					t.Errorf("given up with %q after %d", m.Problem, m.Attempts)
				}
				break
			}
			rest := m.NextAt.Sub(c.Now())
			if len(waits) > 0 && rest <= waits[len(waits)-1] {
				t.Fatalf("pauses do not grow: %v then %v", waits, rest)
			}
			waits = append(waits, rest)
			c.Move(rest - time.Second)
			deliver(t, s, 0)
			if outbox(t, s, "e")[0].Attempts != m.Attempts {
				t.Fatal("tried before its time")
			}
			c.Move(time.Second)
		}
		b.fail = nil
		if err := s.TryAgain(t.Context(), outbox(t, s, "e")[0].ID); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, 1)
	})
}

func TestWhatCanNeverBeSentIsGivenUpAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		for _, address := range []string{"", "nobody", "a@example.fi\nBcc: b@example.fi", "Aino <a@example.fi>", "a@example.fi, b@example.fi"} {
			queue(t, d, c, letter(mail.Confirmed, address))
		}
		queue(t, d, c, letter(mail.SignIn, "late@example.fi"))
		c.Move(31 * time.Minute)
		deliver(t, s, 0)
		for _, m := range outbox(t, s, "e") {
			why := s.Problem(text.English, m.Row)
			if m.State != mail.Failed || !strings.HasSuffix(why, ".") || strings.Contains(m.Args, "1234 5678") {
				t.Errorf("%q is %s, %q, %s", m.Email, m.State, why, m.Args)
			}
		}
		b.fail = fmt.Errorf("%w: 550 no such mailbox", mail.ErrRefused)
		queue(t, d, c, letter(mail.Confirmed, "gone@example.fi"))
		deliver(t, s, 0)
		if m := outbox(t, s, "e")[0]; m.State != mail.Failed || m.Attempts != 1 || !strings.Contains(m.Problem, "550") {
			t.Errorf("a refused letter: %+v", m.Row)
		}
	})
}

func TestSecretsLeaveTheOutboxWithTheLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		queue(t, d, c, letter(mail.SignIn, "a@example.fi"))
		deliver(t, s, 1)
		if !strings.Contains(b.sent[0].Text, "https://agora.example/sign-in/token") {
			t.Errorf("the letter went out without its link:\n%s", b.sent[0].Text)
		}
		m := outbox(t, s, "e")[0]
		if strings.Contains(m.Args+m.Body, "sign-in/token") || strings.Contains(m.Args+m.Body, "1234 5678") || !strings.Contains(m.Body, "30") {
			t.Errorf("kept %s\n%s", m.Args, m.Body)
		}
	})
}

// picky fails for the addresses it is told.
type picky struct {
	box
	bad map[string]error
}

func (p *picky) Send(ctx context.Context, m mail.Message) error {
	if err := p.bad[m.To.Address]; err != nil {
		return err
	}
	return p.box.Send(ctx, m)
}

func TestOneBadAddressHoldsNobodyUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := apptest.NewClock(start)
		p := &picky{bad: map[string]error{"b@example.fi": errors.New("451 later")}}
		s := service(t, d, c, p)
		queue(t, d, c, letter(mail.Confirmed, "a@example.fi"), letter(mail.Confirmed, "b@example.fi"), letter(mail.Confirmed, "c@example.fi"))
		deliver(t, s, 2)
	})
}

func TestAServerThatIsAwayCostsTheOthersNoAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := apptest.NewClock(start)
		b := &box{fail: fmt.Errorf("%w: connection refused", mail.ErrUnreachable)}
		s := service(t, d, c, b)
		for i := range 3 {
			queue(t, d, c, letter(mail.Confirmed, fmt.Sprintf("p%d@example.fi", i)))
		}
		if n, err := s.Deliver(t.Context()); n != 0 || !errors.Is(err, mail.ErrUnreachable) {
			t.Errorf("%d %v", n, err)
		}
		tried := 0
		for _, m := range outbox(t, s, "e") {
			tried += int(m.Attempts)
		}
		if tried != 1 {
			t.Errorf("%d attempts were counted", tried)
		}
		b.fail = nil
		deliver(t, s, 2)
		c.Move(time.Minute)
		deliver(t, s, 1)
	})
}

// TestTwoNodesNeverSendTheSameLetter runs nodes side by side on one database.
func TestTwoNodesNeverSendTheSameLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		const people = 200
		var letters []mail.Letter
		for i := range people {
			letters = append(letters, letter(mail.Confirmed, fmt.Sprintf("p%d@example.fi", i)))
		}
		queue(t, d, c, letters...)
		var nodes sync.WaitGroup
		for range 4 {
			s := service(t, d, c, b)
			nodes.Go(func() {
				if _, err := s.Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		seen := map[string]bool{}
		for _, m := range b.sent {
			if seen[m.ID] {
				t.Errorf("%s went out twice", m.To.Address)
			}
			seen[m.ID] = true
		}
		if len(seen) != people {
			t.Errorf("%d of %d went out", len(seen), people)
		}
	})
}

// dying stops its node in the middle of sending.
type dying struct{ stop context.CancelFunc }

func (s dying) Send(ctx context.Context, _ mail.Message) error { s.stop(); return ctx.Err() }

func TestALetterOfANodeThatStoppedIsSentByAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		queue(t, d, c, letter(mail.Confirmed, "a@example.fi"), letter(mail.Confirmed, "b@example.fi"))
		ctx, stop := context.WithCancel(t.Context())
		if _, err := service(t, d, c, dying{stop}).Deliver(ctx); err == nil {
			t.Error("a stopped round is an error")
		}
		alive := service(t, d, c, b)
		deliver(t, alive, 1) // the one it had not begun
		c.Move(15 * time.Minute)
		deliver(t, alive, 1)
	})
}

func TestAClaimKeepsOthersAwayUntilItRunsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		queue(t, d, c, letter(mail.Confirmed, "a@example.fi"))
		s := service(t, d, c, b)
		other := &inTheMiddle{during: func() { deliver(t, s, 0) }}
		deliver(t, service(t, d, c, other), 1)
		if len(b.sent) != 0 || other.n != 1 {
			t.Errorf("sent %d and %d times", len(b.sent), other.n)
		}
	})
}

// inTheMiddle lets something happen while it sends.
type inTheMiddle struct {
	during func()
	n      int
}

func (s *inTheMiddle) Send(context.Context, mail.Message) error {
	s.n++
	s.during()
	return nil
}
