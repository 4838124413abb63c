package web

import (
	"strings"
	"testing"
	"time"

	"agora/app/demo"
	"agora/app/registration"
)

// The kept page of an edition follows the clock and the capacity, also when
// nobody registers meanwhile.
func TestEditionPageIsNotKeptTooLong(t *testing.T) {
	h := demoHouse(t)
	e := h.find(demo.Coming)
	live := h.Words.T("fi", "edition.live_now")
	if !strings.Contains(h.page(asStranger, e.Path()), live) {
		t.Fatal("the demo has nothing going on")
	}
	h.at(siteNow.Add(8 * time.Hour))
	if strings.Contains(h.page(asStranger, e.Path()), live) {
		t.Error("a session that has ended still goes on")
	}
	h.must(h.Registrations.Resize(t.Context(), e, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: seats(317)}}))
	if !strings.Contains(h.page(asStranger, e.Path()), "317") {
		t.Error("the new capacity is not shown")
	}
}
