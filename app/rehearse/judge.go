package rehearse

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"agora/app/registration"
)

// Fault is something that may not be so on the day: what was seen, and what to
// do about it.
type Fault struct{ What, Mend string }

// limits are how long people may wait before a site counts as not ready.
type limits struct {
	most    time.Duration // ninety-nine of a hundred presses
	slowest time.Duration
	seen    time.Duration // a change in the live room, until the last viewer sees it
}

// usual: a second is how long people wait without pressing again, three is when
// the server itself tells them to; what is seen within a second feels live.
var usual = limits{most: time.Second, slowest: 3 * time.Second, seen: time.Second}

// patchesPerSecond is what the protocol promises to a viewer at most.
const patchesPerSecond = 10

const (
	mendBug = "This must never happen. Do not open registration with this version; report it with these figures."
	mendLog = "Look into the server's log for the reason, and rehearse again."
)

// shownFaults bounds how many examples of one kind are named.
const shownFaults = 3

// judgeBurst finds every way in which the answers contradict the seats, each
// other or the database.
func judgeBurst(plan Plan, answers []answer, k kept) (faults []Fault) {
	var unanswered []string
	told := map[int]answer{}
	for _, a := range answers {
		if a.Problem != "" {
			unanswered = append(unanswered, a.Problem)
			continue
		}
		one, pressed := told[a.Person]
		if pressed && (one.Code != a.Code || one.State != a.State || one.Position != a.Position) {
			faults = append(faults, Fault{fmt.Sprintf("Somebody pressed twice and got two answers: %s %s %d and %s %s %d.",
				one.Code, one.State, one.Position, a.Code, a.State, a.Position), mendBug})
		}
		told[a.Person] = a
	}
	if n := len(unanswered); n > 0 {
		faults = append(faults, Fault{fmt.Sprintf("%s of %s presses got no answer (%s).", number(n), number(len(answers)), examples(unanswered)), mendLog})
	}
	faults = append(faults, judgeTold(plan, told, len(unanswered) == 0)...)
	return append(faults, judgeKept(plan, told, k, len(unanswered) == 0)...)
}

// judgeTold: what people were told fits the seats. Where somebody has no answer,
// gaps prove nothing.
func judgeTold(plan Plan, told map[int]answer, whole bool) (faults []Fault) {
	add := func(format string, args ...any) {
		faults = append(faults, Fault{fmt.Sprintf(format, args...), mendBug})
	}
	confirmed, line := 0, []int64{}
	holders := map[string]int{}
	for _, a := range told {
		holders[a.Code]++
		switch registration.State(a.State) {
		case registration.Confirmed:
			confirmed++
		case registration.Waiting:
			line = append(line, a.Position)
		default:
			add("Somebody was told the state %q.", a.State)
		}
	}
	for code, n := range holders {
		if n > 1 {
			add("The seat %s was given to %d people.", code, n)
		}
	}
	if want := min(plan.Seats, plan.People); confirmed > plan.Seats {
		add("%s people were given one of %s seats.", number(confirmed), number(plan.Seats))
	} else if confirmed < want && whole {
		add("Only %s of %s seats were given.", number(confirmed), number(want))
	}
	if whole {
		faults = append(faults, judgeLine("were told to", line)...)
	}
	return faults
}

// judgeLine: positions go from 1 to the number of people, each once.
func judgeLine(what string, line []int64) (faults []Fault) {
	times := map[int64]int{}
	for _, n := range line {
		times[n]++
	}
	var missing, doubled []string
	for n := int64(1); n <= int64(len(line)); n++ {
		if times[n] == 0 {
			missing = append(missing, number(n))
		}
	}
	for _, n := range slices.Sorted(maps.Keys(times)) {
		if times[n] > 1 {
			doubled = append(doubled, number(n))
		}
	}
	if len(missing) > 0 {
		faults = append(faults, Fault{fmt.Sprintf("Places in the waiting list that %s nobody: %s.", what, examples(missing)), mendBug})
	}
	if len(doubled) > 0 {
		faults = append(faults, Fault{fmt.Sprintf("Places in the waiting list that %s more than one: %s.", what, examples(doubled)), mendBug})
	}
	return faults
}

// judgeKept: the database holds what people were told, and its counters agree
// with its rows.
func judgeKept(plan Plan, told map[int]answer, k kept, whole bool) (faults []Fault) {
	add := func(format string, args ...any) {
		faults = append(faults, Fault{fmt.Sprintf(format, args...), mendBug})
	}
	rows := map[string]keptRow{}
	var confirmed, waiting int64
	var line []int64
	for _, row := range k.Rows {
		rows[row.Code] = row
		if registration.State(row.State) == registration.Waiting {
			waiting++
			line = append(line, row.Line)
		} else {
			confirmed++
		}
	}
	var lost []string
	for _, a := range told {
		if row, ok := rows[a.Code]; !ok || row.State != a.State || row.Line != a.Position {
			lost = append(lost, a.Code)
		}
	}
	slices.Sort(lost)
	if len(lost) > 0 {
		add("%s answers are not what the database holds (%s).", number(len(lost)), examples(lost))
	}
	if extra := len(k.Rows) - len(told); extra > 0 && whole {
		add("The database holds %s registrations that nobody was told of.", number(extra))
	}
	if k.Taken != confirmed || k.Waiting != waiting {
		add("The counters say %d taken and %d waiting; the rows say %d and %d.", k.Taken, k.Waiting, confirmed, waiting)
	}
	if confirmed > int64(plan.Seats) || k.Taken > k.Capacity {
		add("The database holds %d confirmed for %d seats.", confirmed, plan.Seats)
	}
	return append(faults, judgeLine("the database gave to", line)...)
}

// burst compares how long people waited with how long they do.
func (l limits) burst(b Burst) (faults []Fault) {
	const mend = "Try again with nothing else running on this machine. A slow disk is the usual reason: the data folder belongs on " +
		"an SSD of the machine itself. Figure \"one by one\" below says what the disk can do."
	switch {
	case b.P99 > l.most:
		faults = append(faults, Fault{fmt.Sprintf("Of a hundred people one waited %s or longer; more than %s is too long.", seconds(b.P99), seconds(l.most)), mend})
	case b.Slowest > l.slowest:
		faults = append(faults, Fault{fmt.Sprintf("The slowest waited %s; more than %s is too long.", seconds(b.Slowest), seconds(l.slowest)), mend})
	}
	return faults
}

// judgeRoom finds what a viewer would have noticed, except for waiting.
func judgeRoom(plan Plan, room Room) (faults []Fault) {
	add := func(mend, format string, args ...any) {
		faults = append(faults, Fault{fmt.Sprintf(format, args...), mend})
	}
	if n := plan.Viewers - room.Joined; n > 0 {
		add("Each viewer needs an open file of the server: start it where \"ulimit -n\" gives at least 20000. "+
			"A proxy or firewall on this machine may count connections too.",
			"%s of %s viewers could not join the live room (%s).", number(n), number(plan.Viewers), examples(room.Refused))
	}
	if room.Lost > 0 {
		add(mendLog, "%s of %s viewers were cut off (%s).", number(room.Lost), number(room.Joined), examples(room.Reasons))
	}
	if room.Failed > 0 || room.Unanswered > 0 {
		add(mendLog, "%s votes and questions were refused and %s never answered (%s).",
			number(room.Failed), number(room.Unanswered), examples(room.Codes))
	}
	if room.Unanswered == 0 && (room.Votes != room.KeptVotes || room.Votes != room.CountedVotes || room.Asked != room.KeptAsked) {
		add(mendBug, "%d votes and %d questions were confirmed; the database holds %d votes (shown as %d) and %d questions.",
			room.Votes, room.Asked, room.KeptVotes, room.CountedVotes, room.KeptAsked)
	}
	if most := patchesPerSecond*room.Took.Seconds() + 2; float64(room.MostPatches) > most {
		add(mendBug, "A viewer got %d updates in %s; ten a second is the most.", room.MostPatches, seconds(room.Took))
	}
	if room.Joined > 0 && len(room.Seen) == 0 {
		add(mendLog, "No change reached the viewers.")
	}
	return faults
}

func (l limits) room(room Room) (faults []Fault) {
	if p99 := quantile(room.Seen, 0.99); p99 > l.seen {
		faults = append(faults, Fault{
			fmt.Sprintf("In the live room the last viewer saw a change %s after it was made; more than %s does not feel live.", seconds(p99), seconds(l.seen)),
			"Try again with nothing else running on this machine, and with as many viewers as you expect. A faster processor helps here, " +
				"or PostgreSQL and a second node.",
		})
	}
	return faults
}

// examples names the first few of a list, each once.
func examples(list []string) string {
	var kinds []string
	for _, s := range list {
		if !slices.Contains(kinds, s) && len(kinds) <= shownFaults {
			kinds = append(kinds, s)
		}
	}
	if len(kinds) > shownFaults {
		return strings.Join(kinds[:shownFaults], ", ") + " …"
	}
	return strings.Join(kinds, ", ")
}

// quantile of durations in any order; 0 of none.
func quantile(list []time.Duration, q float64) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
