package rehearse

import (
	"fmt"
	"strings"
	"time"

	"agora/app/registration"
	"agora/app/text"
)

// Burst is what the opening minute came to.
type Burst struct {
	People, Presses    int
	Confirmed, Waiting int
	Repeated           int // presses that the server asked to repeat
	Took               time.Duration
	P50, P99, Slowest  time.Duration
}

// Rate is how many presses were answered per second.
func (b Burst) Rate() float64 {
	if b.Took <= 0 {
		return 0
	}
	return float64(b.Presses) / b.Took.Seconds()
}

func sum(answers []answer, took time.Duration) Burst {
	b := Burst{Took: took}
	waits := make([]time.Duration, 0, len(answers))
	for _, a := range answers {
		b.Repeated += min(a.Repeated, 1)
		if a.Problem != "" {
			continue
		}
		b.Presses++
		waits = append(waits, a.Took)
		b.Slowest = max(b.Slowest, a.Took)
		if a.Again {
			continue
		}
		b.People++
		if registration.State(a.State) == registration.Confirmed {
			b.Confirmed++
		} else {
			b.Waiting++
		}
	}
	b.P50, b.P99 = quantile(waits, 0.5), quantile(waits, 0.99)
	return b
}

// Room is what the live room came to.
type Room struct {
	Joined       int
	Refused      []string // why viewers could not join
	Lost         int      // viewers cut off
	Reasons      []string
	Took         time.Duration // of the acts
	Acts         int64         // answered
	Failed       int64         // refused
	Unanswered   int64
	Codes        []string
	Votes        int64 // confirmed to voters
	KeptVotes    int64 // in the database
	CountedVotes int64 // shown beside the questions
	Asked        int64
	KeptAsked    int64
	Frames       int64           // delivered to all viewers together
	MostPatches  int64           // to one viewer
	Seen         []time.Duration // of each watched change, until the last viewer saw it
}

// Result is all that a rehearsal found.
type Result struct {
	Plan      Plan
	Leftovers int // earlier rehearsals that were removed first
	Burst     Burst
	Singles   float64 // registrations per second, one by one without HTTP
	Room      Room
	Removing  time.Duration
	Faults    []Fault
}

// Ready reports whether nothing was found.
func (r Result) Ready() bool { return len(r.Faults) == 0 }

// Verdict says it to an organiser.
func (r Result) Verdict() string {
	var w strings.Builder
	if r.Ready() {
		fmt.Fprintf(&w, "Ready: %s people were answered in %s; %s have a seat and %s their place in line, nobody twice. The slowest waited %s.\n",
			number(r.Burst.People), seconds(r.Burst.Took), number(r.Burst.Confirmed), number(r.Burst.Waiting), seconds(r.Burst.Slowest))
		fmt.Fprintf(&w, "In the live room %s viewers watched while %s votes and questions came each second. What changed was on the last screen after %s, and nobody was cut off.\n",
			number(r.Room.Joined), number(int(r.Room.rate())), seconds(quantile(r.Room.Seen, 0.99)))
		return w.String()
	}
	fmt.Fprintf(&w, "Not ready:\n")
	for i, f := range r.Faults {
		fmt.Fprintf(&w, "- %s\n", f.What)
		if i+1 == len(r.Faults) || r.Faults[i+1].Mend != f.Mend {
			fmt.Fprintf(&w, "  %s\n", f.Mend)
		}
	}
	return w.String()
}

func (r Room) rate() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.Acts) / r.Took.Seconds()
}

// Figures gives them one per line.
func (r Result) Figures() string {
	var w strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&w, "  %-28s %s\n", name, fmt.Sprintf(format, args...))
	}
	b, l := r.Burst, r.Room
	line("people answered", "%s of %s (%s presses), in %s", number(b.People), number(r.Plan.People), number(b.Presses), seconds(b.Took))
	line("confirmed, waiting", "%s, %s", number(b.Confirmed), number(b.Waiting))
	line("decisions per second", "%s", number(int(b.Rate())))
	line("  one by one, without HTTP", "%s, so together is %.1f times that", number(int(r.Singles)), ratio(b.Rate(), r.Singles))
	line("waiting for the answer", "half within %s, 99 of 100 within %s, slowest %s", seconds(b.P50), seconds(b.P99), seconds(b.Slowest))
	line("had to be tried again", "%s", number(b.Repeated))
	line("viewers joined, cut off", "%s of %s, %s", number(l.Joined), number(r.Plan.Viewers), number(l.Lost))
	line("votes and questions", "%s in %s, %.0f per second", number(l.Acts), seconds(l.Took), l.rate())
	line("updates delivered", "%s, %.0f per second", number(l.Frames), ratio(float64(l.Frames), l.Took.Seconds()))
	line("updates per viewer", "%.1f per second at most", ratio(float64(l.MostPatches), l.Took.Seconds()))
	line("until the last viewer saw it", "half within %s, 99 of 100 within %s (%d changes watched)",
		seconds(quantile(l.Seen, 0.5)), seconds(quantile(l.Seen, 0.99)), len(l.Seen))
	line("removed again", "in %s", seconds(r.Removing))
	return w.String()
}

func ratio(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

func number[N int | int64](n N) string { return text.Number(text.English, int64(n)) }

// seconds writes a duration the way people say it.
func seconds(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.3f s", d.Seconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
