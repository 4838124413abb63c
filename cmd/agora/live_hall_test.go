package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app"
	programme "agora/app/program"
	"agora/app/text"
)

const (
	// hallFew is the size of a crowd in the checks of every change; AGORA_TEST_VIEWERS
	// makes it as large as the machine's open files allow.
	hallFew = 1000
	// hallLimit ends a test of a live room whatever happens.
	hallLimit = 4 * time.Minute
	// hallQuestions stand in the room at first, for people to vote on.
	hallQuestions = 8
	// perAddress stays below the sockets that a server takes of one address.
	perAddress = 4500
)

func hallSize() int {
	if n, err := strconv.Atoi(os.Getenv("AGORA_TEST_VIEWERS")); err == nil && n > 0 {
		return n
	}
	return hallFew
}

// hall is the live room of a site's only session, with everybody who watches it.
type hall struct {
	t         testing.TB
	ctx       context.Context
	sites     []*site // one for each node
	owner     *organiser
	session   string
	questions []string
	poll      string
	moderator *roomViewer

	keeping  bool // every viewer takes every frame apart
	all      sync.WaitGroup
	acting   sync.WaitGroup
	quiet    atomic.Bool
	live     atomic.Int64
	frames   atomic.Int64
	patches  atomic.Int64
	watchFor probe

	mu       sync.Mutex
	viewers  []*roomViewer
	statuses map[int]int // of upgrades that were refused
	firsts   map[string]int
	down     time.Time
	back     []time.Duration // since down, of those who are live again
	tries    int
	faults   []string
}

// newHall starts the room on a fresh site: a moderator has put questions and a
// poll into it.
func newHall(t testing.TB, database string) *hall {
	t.Helper()
	s := newSite(t, database, siteSeats, nil)
	ctx, cancel := context.WithTimeout(t.Context(), hallLimit)
	h := &hall{t: t, ctx: ctx, sites: []*site{s}, statuses: map[int]int{}, firsts: map[string]int{}}
	h.session = putSession(t, s)
	t.Cleanup(func() { cancel(); h.all.Wait() })
	return h
}

// open has the owner sign in, ask and open a poll.
func (h *hall) open() {
	h.t.Helper()
	h.owner = newOrganiser(h.ctx, h.sites[0])
	h.moderator = h.enter(h.sites[0], "moderator", h.staffPass("moderator"))
	for i := range hallQuestions {
		f := h.moderator.must(fmt.Sprintf(`"do":"ask","source":"floor","text":"Question %d of the hall"`, i))
		h.questions = append(h.questions, f.ID)
	}
	h.poll = h.moderator.must(`"do":"poll_add","kind":"choice","text":"Which one?","options":[{"text":"One"},{"text":"Two"},{"text":"Three"}],"live":true`).ID
	h.moderator.must(`"do":"poll_open","poll":"` + h.poll + `"`)
}

// putSession makes and releases a session, as its organisers did weeks before.
func putSession(t testing.TB, s *site) string {
	t.Helper()
	a, err := app.New(t.Context(), app.Config{Data: s.data, DatabaseURL: s.database, BaseURL: s.base}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	e, err := a.Editions.Find(t.Context(), "crash", "1")
	if err != nil {
		t.Fatal(err)
	}
	room, err := a.Program.SaveRoom(t.Context(), "", e, "", programme.RoomInput{Name: text.One(text.English, "Aula")})
	if err != nil {
		t.Fatal(err)
	}
	x, err := a.Program.SaveSession(t.Context(), "", e, "", programme.SessionInput{Title: text.One(text.English, "Opening"), Kind: programme.Talk,
		RoomID: room.ID, StartsAt: e.StartsAt.Add(time.Hour), EndsAt: e.StartsAt.Add(2 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Program.Release(t.Context(), "", e, "", nil); err != nil {
		t.Fatal(err)
	}
	return x.ID
}

// secondNode serves the same database from another process on the same machine.
func (h *hall) secondNode(env ...string) *site {
	h.t.Helper()
	first := h.sites[0]
	secret, err := os.ReadFile(filepath.Join(first.data, "secret"))
	if err != nil {
		h.t.Fatal(err)
	}
	port := freePort(h.t)
	s := &site{t: h.t, data: h.t.TempDir(), database: first.database, base: "http://127.0.0.1:" + port}
	s.env = append(os.Environ(), "AGORA_DATA="+s.data, "AGORA_ADDR=127.0.0.1:"+port, "AGORA_DATABASE_URL="+s.database,
		"AGORA_SECRET="+strings.TrimSpace(string(secret)))
	s.env = append(s.env, env...)
	h.sites = append(h.sites, s)
	return s
}

// passOf asks for a room pass, with the cookies that the client has.
func (h *hall) passOf(client *http.Client, view string) (string, error) {
	s := h.sites[0]
	req, err := http.NewRequestWithContext(h.ctx, http.MethodPost, s.base+"/api/v1/live/"+h.session+"/pass?view="+view, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Origin", s.base)
	a := s.ask(client, "pass", req)
	var said struct{ Pass string }
	if a.Err != nil || a.Status != http.StatusOK || json.Unmarshal(a.Body, &said) != nil {
		return "", fmt.Errorf("a pass for the %s: %d %s %w", view, a.Status, a.Body, a.Err)
	}
	return said.Pass, nil
}

func (h *hall) staffPass(view string) string {
	h.t.Helper()
	pass, err := h.passOf(h.owner.client, view)
	if err != nil {
		h.t.Fatal(err)
	}
	return pass
}

// fill brings in n people, each with a browser of their own, and waits until
// everybody sees the room. They are spread over the nodes.
func (h *hall) fill(n int) (came []*roomViewer) {
	h.t.Helper()
	client := browser(64)
	want := h.live.Load() + int64(n)
	var mu sync.Mutex
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(64, n) {
		all.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				pass, err := h.passOf(client, "audience")
				if err != nil {
					h.fault("%v", err)
					return
				}
				v := h.enter(h.sites[int(i)%len(h.sites)], "audience", pass)
				mu.Lock()
				came = append(came, v)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	h.until("everybody is here", func() bool { return h.live.Load() == want })
	return came
}

func (h *hall) fault(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.faults) < shownFaults {
		h.faults = append(h.faults, fmt.Sprintf(format, args...))
	}
}

// until waits for something that the viewers bring about.
func (h *hall) until(what string, so func() bool) {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.ctx, 2*patience)
	defer cancel()
	for !so() {
		if !pause(ctx, 5*time.Millisecond) {
			h.told()
			h.t.Fatalf("never: %s; %d are live, refused with %v", what, h.live.Load(), h.statuses)
		}
	}
}

// told reports what viewers found wrong.
func (h *hall) told() {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.faults {
		h.t.Error(f)
	}
	h.faults = nil
}

// lost notes when the server goes, so that coming back is measured from there.
func (h *hall) lost() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.down, h.back, h.tries = time.Now(), nil, 0
	clear(h.firsts)
	clear(h.statuses)
}

// returned tells how everybody came back.
func (h *hall) returned() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprintf("%d back, half after %v, 99 of 100 after %v, the last after %v; %d tries, refused with %v, first frames %v", len(h.back),
		quantile(h.back, 50), quantile(h.back, 99), quantile(h.back, 100), h.tries, maps.Clone(h.statuses), h.firsts)
}
