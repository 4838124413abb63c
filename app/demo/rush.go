package demo

import (
	"context"
	"math"
	"slices"
	"time"

	"agora/app/edition"
	"agora/app/registration"
)

// rush is how registrations spread over time: a share of them on the first day,
// most of those in its first hour, and then fewer and fewer with quiet weekends.
type rush struct {
	opens, until time.Time
	first        float64 // share of the first day
	tail         float64 // how fast the later days fade
}

// times gives n moments in order. People share moments, as those who press at
// once do: whoever shares one is decided in one transaction.
func (r rush) times(h *house, n int) []time.Time {
	days := 0
	for ; !h.day(r.opens, days+1, 0, 0).After(r.until); days++ {
	}
	weights := make([]float64, days+1)
	rest := 0.0
	for d := 1; d <= days; d++ {
		weights[d] = math.Pow(float64(d), -r.tail)
		switch h.day(r.opens, d, 12, 0).Weekday() {
		case time.Saturday, time.Sunday:
			weights[d] *= 0.3
		}
		rest += weights[d]
	}
	// The last day may have only begun; it gets no more than it would have.
	weights[0] = rest * r.first / (1 - r.first)
	if days == 0 {
		weights[0] = 1
	}
	var list []time.Time
	for d, count := range spread(n, weights) {
		for i, part := range spread(count, r.ofDay(d, count)) {
			at := r.moment(h, d, i)
			for range part {
				list = append(list, at)
			}
		}
	}
	slices.SortFunc(list, time.Time.Compare)
	return list
}

// opening are the minutes after the opening at which people came on the first
// day, and how many of a hundred.
var opening = []struct {
	minute int
	weight float64
}{{0, 14}, {1, 12}, {2, 9}, {4, 8}, {7, 7}, {12, 7}, {20, 6}, {35, 6}, {55, 5}, {100, 6}, {190, 6}, {300, 5}, {450, 4}, {630, 5}}

// later are the minutes of the day at which people came afterwards.
var later = []int{8*60 + 40, 12*60 + 15, 19*60 + 30}

// ofDay weighs the moments of a day. Few people share one moment.
func (r rush) ofDay(d, count int) []float64 {
	var w []float64
	switch {
	case d == 0:
		for _, o := range opening {
			w = append(w, o.weight)
		}
	case count < 4:
		w = make([]float64, len(later))
		w[d%len(later)] = 1
	default:
		w = []float64{4, 3, 2}
	}
	return w
}

// moment is the i-th one of a day, differently past the minute every day, and
// never later than until.
func (r rush) moment(h *house, d, i int) time.Time {
	at := r.opens.Add(time.Duration(d*7%13+3) * time.Second)
	if d == 0 {
		at = at.Add(time.Duration(opening[i].minute) * time.Minute)
	} else {
		at = h.day(r.opens, d, 0, later[i]+d*17%25).Add(time.Duration(d*29%60) * time.Second)
	}
	if at.After(r.until) {
		return r.until
	}
	return at
}

// spread shares n out by weight, to whole numbers, the largest remainders first.
func spread(n int, weights []float64) []int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	parts, order, left := make([]int, len(weights)), make([]int, len(weights)), n
	remainder := make([]float64, len(weights))
	for i, w := range weights {
		exact := float64(n) * w / sum
		parts[i] = int(exact)
		remainder[i], order[i] = exact-float64(parts[i]), i
		left -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainder[a] > remainder[b]:
			return -1
		case remainder[a] < remainder[b]:
			return 1
		}
		return 0
	})
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// claim is one registration to come.
type claim struct {
	at time.Time
	in registration.Input
}

// register lets everybody register at their time, in order, those of one moment
// at once. It gives the registrations in the order of the claims.
func (h *house) register(ctx context.Context, e edition.Edition, claims []claim) ([]registration.Registration, error) {
	slices.SortStableFunc(claims, func(a, b claim) int { return a.at.Compare(b.at) })
	done := make([]registration.Registration, len(claims))
	for from := 0; from < len(claims); {
		to := from + 1
		for to < len(claims) && claims[to].at.Equal(claims[from].at) {
			to++
		}
		h.clock.set(claims[from].at)
		err := together(to-from, func(i int) error {
			res, err := h.registrations.Register(ctx, e, claims[from+i].in, noKey)
			done[from+i] = res.Registration
			return err
		})
		if err != nil {
			return nil, err
		}
		from = to
	}
	return done, nil
}

// claims puts people and times together.
func claims(people []visitor, kind registration.Kind, times []time.Time) []claim {
	list := make([]claim, len(people))
	for i, v := range people {
		// Neighbours in the crowd do not come one after the other.
		list[i] = claim{at: times[i*37%len(times)], in: v.input(kind)}
	}
	return list
}
