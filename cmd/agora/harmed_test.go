package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// busyWords and awayWords begin the sentences in English that tell people to come
// back: to who sent something, and to who only reads.
const (
	busyWords = "It is crowded right now"
	awayWords = "The site cannot reach its data at the moment"
)

// shownFaults bounds how many are told.
const shownFaults = 10

// publicPages are read all the time; they go on being readable from what is kept.
var publicPages = []string{"/", siteSeries, siteEdition, siteEdition + "/program", siteEdition + "/register", siteEdition + "/practical", "/api/v1/editions" + siteEdition}

// harmed is a site under a load whose every answer is kept: people who
// register, strangers who read, and one who looks at a ticket.
type harmed struct {
	site  *site
	crowd *crowd
	reads atomic.Int64
	all   sync.WaitGroup
	done  context.CancelFunc

	mu    sync.Mutex
	pages []answer
}

func newHarmed(ctx context.Context, s *site) *harmed {
	s.t.Helper()
	h := &harmed{site: s, crowd: &crowd{site: s, told: map[string]string{}, watched: true}}
	_, holder := s.press(ctx, browser(1), "holder@example.org")
	if holder.TicketURL == "" {
		s.t.Fatal("nobody can register")
	}
	h.crowd.told["holder@example.org"] = holder.Code
	h.crowd.join(ctx, faultClients)
	reading, done := context.WithCancel(ctx)
	h.done = done
	for _, path := range append(publicPages, strings.TrimPrefix(holder.TicketURL, s.base)) {
		h.all.Go(func() {
			client := browser(1)
			// Ten pages a second, as one reader after the other would ask for them.
			for pause(reading, 100*time.Millisecond) {
				h.page(s.get(ctx, client, path))
			}
		})
	}
	return h
}

func (h *harmed) page(a answer) {
	h.reads.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages = append(h.pages, a)
}

func (h *harmed) leave() {
	h.crowd.leave()
	h.done()
	h.all.Wait()
}

// answers are all that were given so far.
func (h *harmed) answers() []answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.crowd.mu.Lock()
	defer h.crowd.mu.Unlock()
	return slices.Concat(h.pages, h.crowd.answers)
}

func (h *harmed) refused() (n int) {
	for _, a := range h.answers() {
		if a.Status == http.StatusServiceUnavailable {
			n++
		}
	}
	return n
}

// faults are the answers that nobody should get.
func (h *harmed) faults() (faults []string) {
	for _, a := range h.answers() {
		if fault := a.fault(); fault != "" {
			faults = append(faults, fault)
		} else if a.Status != http.StatusOK && slices.Contains(publicPages, a.What) {
			faults = append(faults, fmt.Sprintf("%s could not be read: %d after %v", a.What, a.Status, a.Took))
		}
	}
	for line := range strings.Lines(h.site.log.String()) {
		if strings.Contains(line, "ERROR") {
			faults = append(faults, "the log: "+line)
		}
	}
	if len(faults) > shownFaults {
		faults = append(faults[:shownFaults], fmt.Sprintf("and %d more", len(faults)-shownFaults))
	}
	return faults
}

// fault says why an answer is not clear: it is what was asked for, or it says in
// words to come back, and when.
func (a answer) fault() string {
	words := string(a.Body)
	switch {
	case a.Err != nil:
		return fmt.Sprintf("%s: %v after %v", a.What, a.Err, a.Took)
	case a.Took >= answerTime:
		return fmt.Sprintf("%s: answered after %v", a.What, a.Took)
	case a.Status == http.StatusOK || a.Status == http.StatusCreated:
		return ""
	case a.Status != http.StatusServiceUnavailable || a.restOf() == 0:
		return fmt.Sprintf("%s: %d, come back %q", a.What, a.Status, a.Header.Get("Retry-After"))
	}
	if a.What == "registration" || strings.HasPrefix(a.What, "/api/") {
		var said struct{ Error, Message string }
		if err := json.Unmarshal(a.Body, &said); err != nil || said.Error != "busy" {
			return fmt.Sprintf("%s: the answer is %q", a.What, words)
		}
		words = said.Message
	}
	if !strings.Contains(words, busyWords) && !strings.Contains(words, awayWords) {
		return fmt.Sprintf("%s: it does not say what to do: %s", a.What, words)
	}
	return ""
}

// summary tells how long people waited.
func (h *harmed) summary() string {
	var slowest, slowestPage answer
	refused := map[string]int{}
	for _, a := range h.answers() {
		if a.Took > slowest.Took {
			slowest = a
		}
		if slices.Contains(publicPages, a.What) && a.Took > slowestPage.Took {
			slowestPage = a
		}
		if a.Status == http.StatusServiceUnavailable {
			refused[a.What]++
		}
	}
	return fmt.Sprintf("%d acknowledged, %d pages; slowest answer %v (%d to %s), slowest public page %v; put off: %v",
		h.crowd.acked.Load(), len(h.pages), slowest.Took.Round(time.Millisecond), slowest.Status, slowest.What,
		slowestPage.Took.Round(time.Millisecond), refused)
}
