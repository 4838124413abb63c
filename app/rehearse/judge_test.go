package rehearse

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"agora/app/registration"
)

var fair = Plan{People: 20, Seats: 5, Viewers: 3, Seconds: 2}

// fairBurst is a burst in which everything is right.
func fairBurst() ([]answer, kept) {
	answers, k := pressesOf(fair.People), kept{Capacity: 5, Taken: 5, Waiting: 15}
	for i := range answers {
		a := &answers[i]
		a.Code, a.State, a.Took = "C"+strconv.Itoa(a.Person), string(registration.Confirmed), time.Millisecond
		if a.Person >= fair.Seats {
			a.State, a.Position = string(registration.Waiting), int64(a.Person-fair.Seats+1)
		}
		if !a.Again {
			k.Rows = append(k.Rows, keptRow{a.Code, a.State, a.Position})
		}
	}
	return answers, k
}

func fairRoom() Room {
	return Room{Joined: 3, Took: 2 * time.Second, Acts: 50, Votes: 20, KeptVotes: 20, CountedVotes: 20, Asked: 4, KeptAsked: 4,
		Frames: 60, MostPatches: 20, Seen: []time.Duration{90 * time.Millisecond, 110 * time.Millisecond}}
}

func says(faults []Fault, want string) bool {
	return slices.ContainsFunc(faults, func(f Fault) bool { return strings.Contains(f.What, want) && f.Mend != "" })
}

func TestTheJudgeNoticesEveryFaultOfABurst(t *testing.T) {
	if answers, k := fairBurst(); len(judgeBurst(fair, answers, k)) > 0 {
		t.Fatalf("all is right, yet %v", judgeBurst(fair, answers, k))
	}
	for want, spoil := range map[string]func(answers []answer, k *kept){
		"were told to nobody: 7":                  func(a []answer, _ *kept) { of(a, 11).Position = 6 },
		"were told to more than one: 6":           func(a []answer, _ *kept) { of(a, 11).Position = 6 },
		"The seat C1 was given to 2 people":       func(a []answer, _ *kept) { of(a, 2).Code = "C1" },
		"6 people were given one of 5 seats":      func(a []answer, _ *kept) { of(a, 19).State, of(a, 19).Position = "confirmed", 0; second(a, 19) },
		"Only 4 of 5 seats were given":            func(a []answer, _ *kept) { of(a, 4).State, of(a, 4).Position = "waiting", 16 },
		"pressed twice and got two answers":       func(a []answer, _ *kept) { of(a, 9).Position++ },
		"1 of 22 presses got no answer (refused)": func(a []answer, _ *kept) { of(a, 3).Problem = "refused" },
		`told the state "maybe"`:                  func(a []answer, _ *kept) { of(a, 3).State = "maybe" },
		"answers are not what the database holds": func(_ []answer, k *kept) { k.Rows = k.Rows[1:] },
		"1 registrations that nobody was told of": func(_ []answer, k *kept) { k.Rows = append(k.Rows, keptRow{"X", "waiting", 16}) },
		"The counters say 5 taken and 14 waiting": func(_ []answer, k *kept) { k.Waiting-- },
		"The database holds 6 confirmed":          func(_ []answer, k *kept) { k.Rows = append(k.Rows, keptRow{"X", "confirmed", 0}) },
		"the database gave to more than one: 1":   func(_ []answer, k *kept) { k.Rows[6].Line = 1 },
		"the database gave to nobody: 2":          func(_ []answer, k *kept) { k.Rows[6].Line = 1 },
	} {
		answers, k := fairBurst()
		spoil(answers, &k)
		if faults := judgeBurst(fair, answers, k); !says(faults, want) {
			t.Errorf("%q was not noticed; noticed: %v", want, faults)
		}
	}
}

func of(answers []answer, person int) *answer {
	return &answers[slices.IndexFunc(answers, func(a answer) bool { return a.Person == person })]
}

// second gives a person's second press what the first got.
func second(answers []answer, person int) {
	i := slices.IndexFunc(answers, func(a answer) bool { return a.Person == person && a.Again })
	again := answers[i]
	answers[i] = *of(answers, person)
	answers[i].Again = again.Again
}

func TestTheJudgeNoticesEveryFaultOfARoom(t *testing.T) {
	if faults := append(judgeRoom(fair, fairRoom()), usual.room(fairRoom())...); len(faults) > 0 {
		t.Fatalf("all is right, yet %v", faults)
	}
	for want, spoil := range map[string]func(*Room){
		"2 of 3 viewers could not join":                                  func(r *Room) { r.Joined, r.Refused = 1, []string{"status 503", "status 503"} },
		"1 of 3 viewers were cut off (closed with 4002 behind)":          func(r *Room) { r.Lost, r.Reasons = 1, []string{"closed with 4002 behind"} },
		"2 votes and questions were refused":                             func(r *Room) { r.Failed, r.Codes = 2, []string{"busy", "busy"} },
		"and 1 never answered":                                           func(r *Room) { r.Unanswered = 1 },
		"20 votes and 4 questions were confirmed; the database holds 19": func(r *Room) { r.KeptVotes-- },
		"(shown as 21)":                  func(r *Room) { r.CountedVotes++ },
		"and 5 questions":                func(r *Room) { r.KeptAsked++ },
		"A viewer got 23 updates":        func(r *Room) { r.MostPatches = 23 },
		"No change reached":              func(r *Room) { r.Seen = nil },
		"saw a change 1.50 s after it":   func(r *Room) { r.Seen = append(r.Seen, 1500*time.Millisecond) },
		"more than 1.00 s does not feel": func(r *Room) { r.Seen = append(r.Seen, 1500*time.Millisecond) },
	} {
		room := fairRoom()
		spoil(&room)
		if faults := append(judgeRoom(fair, room), usual.room(room)...); !says(faults, want) {
			t.Errorf("%q was not noticed; noticed: %v", want, faults)
		}
	}
}

func TestWaitingTooLongIsAFault(t *testing.T) {
	for _, c := range []struct {
		b    Burst
		want string
	}{
		{Burst{P99: time.Second, Slowest: 3 * time.Second}, ""},
		{Burst{P99: 1200 * time.Millisecond}, "one waited 1.20 s or longer"},
		{Burst{P99: time.Second, Slowest: 3100 * time.Millisecond}, "The slowest waited 3.10 s"},
	} {
		if faults := usual.burst(c.b); c.want == "" && len(faults) > 0 || c.want != "" && !says(faults, c.want) {
			t.Errorf("%+v: %v", c.b, faults)
		}
	}
}

func TestTheVerdictReads(t *testing.T) {
	answers, k := fairBurst()
	r := Result{Plan: fair, Burst: sum(answers, 1400*time.Millisecond), Room: fairRoom(), Singles: 10}
	want := "Ready: 20 people were answered in 1.40 s; 5 have a seat and 15 their place in line, nobody twice. The slowest waited 0.001 s.\n" +
		"In the live room 3 viewers watched while 25 votes and questions came each second. What changed was on the last screen after 0.11 s, and nobody was cut off.\n"
	if got := r.Verdict(); got != want {
		t.Errorf("%s", got)
	}
	of(answers, 11).Position = 6
	r.Faults = judgeBurst(fair, answers, k)
	if got := r.Verdict(); r.Ready() || !strings.HasPrefix(got, "Not ready:\n- ") || strings.Count(got, mendBug) != 1 {
		t.Errorf("%s", got)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(r.Figures()), "\n") {
		if len(strings.Fields(line)) < 3 || strings.Contains(line, "%!") {
			t.Errorf("a figure reads %q", line)
		}
	}
}

func TestExamplesStayShort(t *testing.T) {
	if got := examples([]string{"a", "a", "b", "a", "c", "d", "e"}); got != "a, b, c …" {
		t.Error(got)
	}
}
