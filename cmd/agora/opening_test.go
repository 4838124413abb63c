package main

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
)

const (
	// openingIn is how long after its making an edition opens: enough to start a
	// server and to be refused many times before.
	openingIn      = 3 * time.Second
	openingClients = 8
)

// The clock of the server decides to the moment: nobody who was answered before
// the opening has a seat, and nobody who asked after it is told to wait.
func TestOpeningIsKeptToTheMoment(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) { opening(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { opening(t, dbtest.PostgresURL(t)) })
}

func opening(t *testing.T, database string) {
	var opens time.Time
	s := newSite(t, database, siteSeats, func(in *edition.Input) {
		opens = time.Now().Add(openingIn).Truncate(time.Second)
		in.OpensAt = opens
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s.start(ctx)
	var mu sync.Mutex
	var answers []answer
	var all sync.WaitGroup
	for who := range openingClients {
		client := browser(1)
		email := "early" + string(rune('a'+who)) + "@example.org"
		all.Go(func() {
			for pause(ctx, time.Millisecond) {
				a, _ := s.press(ctx, client, email)
				mu.Lock()
				answers = append(answers, a)
				mu.Unlock()
				if a.Err != nil || a.Status != http.StatusConflict {
					return
				}
			}
		})
	}
	all.Wait()
	refused := 0
	for _, a := range answers {
		if fault := early(a, opens); fault != "" {
			t.Errorf("%s: %d %s, asked %v and answered %v after the opening", fault, a.Status, a.Body, a.At.Sub(opens), a.At.Add(a.Took).Sub(opens))
		}
		if a.Status != http.StatusConflict {
			continue
		}
		refused++
		var said struct {
			Error   string
			OpensAt time.Time `json:"opens_at"`
		}
		if err := json.Unmarshal(a.Body, &said); err != nil || said.Error != "not_open" || !said.OpensAt.Equal(opens) {
			t.Errorf("before the opening it says %s", a.Body)
		}
	}
	t.Logf("%d presses were too early", refused)
	if refused < openingClients || len(answers) != refused+openingClients {
		t.Errorf("%d answers, of which %d were refused", len(answers), refused)
	}
	var stored []registration.Registration
	if err := dbtest.Open(t, s.address()).Read.NewSelect().Model(&stored).Scan(ctx); err != nil {
		t.Fatal(err)
	}
	if len(stored) != openingClients || slices.ContainsFunc(stored, func(r registration.Registration) bool { return r.CreatedAt.Before(opens) }) {
		t.Errorf("%d are registered: %+v", len(stored), stored)
	}
	// The control: the same answers are wrong beside another opening.
	for _, other := range []time.Time{opens.Add(-time.Second), opens.Add(time.Minute)} {
		if !slices.ContainsFunc(answers, func(a answer) bool { return early(a, other) != "" }) {
			t.Error("an opening at another time goes unnoticed")
		}
	}
}

// early says what is wrong with an answer near the opening.
func early(a answer, opens time.Time) string {
	switch {
	case a.Err != nil:
		return a.Err.Error()
	case a.Status == http.StatusCreated && a.At.Add(a.Took).Before(opens):
		return "a seat before the opening"
	case a.Status == http.StatusCreated:
		return ""
	case a.Status != http.StatusConflict:
		return "neither a seat nor a refusal"
	case !a.At.Before(opens):
		return "refused after the opening"
	}
	return ""
}
