package rehearse

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"agora/app/account"
	"agora/app/registration"
)

const (
	// twice: every so manieth person presses two times, as impatient ones do.
	twice = 10
	// tries is how often a press is repeated, with its key, when the server asks
	// for it or the line breaks; a page does the same.
	tries = 6
	// longestRest bounds what the server may ask to wait before that.
	longestRest = 2 * time.Second
)

// answer is what a press of the button came to.
type answer struct {
	Person   int
	Again    bool // the second press of an impatient one
	Code     string
	State    string
	Position int64
	Took     time.Duration // from the first try to the answer
	Repeated int           // how often it had to be tried again
	Problem  string        // why there is no answer
}

// burst lets everybody press at one moment, over a bounded number of
// connections, and gives the answers and how long all of it took.
func (r *Rehearsal) burst(ctx context.Context, p practice) ([]answer, time.Duration, error) {
	presses := pressesOf(p.plan.People)
	answers := make([]answer, len(presses))
	var next, done atomic.Int64
	var ready, all sync.WaitGroup
	open := make(chan struct{})
	for range min(connections, len(presses)) {
		ready.Add(1)
		all.Go(func() {
			// Their page is loaded: the connection is there before the opening.
			_, _ = r.get(ctx, "/healthz")
			ready.Done()
			<-open
			for {
				i := int(next.Add(1)) - 1
				if i >= len(presses) || ctx.Err() != nil {
					return
				}
				answers[i] = r.press(ctx, p, presses[i])
				done.Add(1)
			}
		})
	}
	ready.Wait()
	end := r.watch(stageBurst, &done, len(presses))
	started := r.Stopwatch()
	close(open)
	all.Wait()
	took := r.Stopwatch().Sub(started)
	end()
	return answers, took, ctx.Err()
}

// pressesOf puts the people in line; both presses of an impatient one are under
// way together.
func pressesOf(people int) []answer {
	list := make([]answer, 0, people+people/twice)
	for i := range people {
		list = append(list, answer{Person: i})
		if i%twice == twice-1 {
			list = append(list, answer{Person: i, Again: true})
		}
	}
	return list
}

// press sends one registration until it is answered.
func (r *Rehearsal) press(ctx context.Context, p practice, a answer) answer {
	languages := [...]string{"fi", "sv", "en"}
	body, err := json.Marshal(map[string]string{
		"name": fmt.Sprintf("Harjoittelija %d Övning", a.Person), "place": string(registration.Onsite),
		"email":    account.PracticeEmail(p.series.Slug, strconv.Itoa(a.Person)),
		"language": languages[a.Person%len(languages)],
	})
	if err != nil {
		a.Problem = err.Error()
		return a
	}
	started := r.Stopwatch()
	for {
		rest := r.try(p, &a, body)
		a.Took = r.Stopwatch().Sub(started)
		if a.Problem == "" || rest <= 0 || a.Repeated >= tries || !pause(ctx, rest) {
			return a
		}
		a.Repeated++
	}
}

// try sends it once. A rest says that it may be repeated, and when.
func (r *Rehearsal) try(p practice, a *answer, body []byte) (rest time.Duration) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(r.base + "/api/v1/editions" + p.edition.Path() + "/registrations")
	req.Header.SetMethod(fasthttp.MethodPost)
	req.Header.SetContentType("application/json")
	req.Header.Set("Idempotency-Key", "press-"+strconv.Itoa(a.Person))
	req.SetBodyRaw(body)
	if err := r.client.DoTimeout(req, res, callTime); err != nil {
		a.Problem = err.Error()
		return time.Second / 10
	}
	switch res.StatusCode() {
	case fasthttp.StatusCreated:
		var said struct {
			Code, State string
			Position    *int64
		}
		if err := json.Unmarshal(res.Body(), &said); err != nil {
			a.Problem = "an answer that cannot be read"
			return 0
		}
		a.Problem, a.Code, a.State, a.Position = "", said.Code, said.State, 0
		if said.Position != nil {
			a.Position = *said.Position
		}
		return 0
	case fasthttp.StatusServiceUnavailable, fasthttp.StatusTooManyRequests:
		a.Problem = "status " + strconv.Itoa(res.StatusCode())
		return restOf(res)
	}
	a.Problem = "status " + strconv.Itoa(res.StatusCode())
	return 0
}

// restOf is how long the server asks to wait.
func restOf(res *fasthttp.Response) time.Duration {
	seconds, err := strconv.Atoi(string(res.Header.Peek(fasthttp.HeaderRetryAfter)))
	if err != nil || seconds < 1 {
		return time.Second / 10
	}
	return min(time.Duration(seconds)*time.Second, longestRest)
}

// kept is what the database holds after the burst.
type kept struct {
	Capacity, Taken, Waiting int64
	Rows                     []keptRow
}

type keptRow struct {
	Code  string
	State string
	Line  int64
}

// kept reads it.
func (r *Rehearsal) kept(ctx context.Context, p practice) (k kept, err error) {
	err = r.DB.Read.NewRaw("SELECT capacity, taken, waiting FROM place WHERE edition_id = ? AND kind = ?", p.edition.ID, registration.Onsite).
		Scan(ctx, &k.Capacity, &k.Taken, &k.Waiting)
	if err != nil {
		return k, err
	}
	err = r.DB.Read.NewRaw("SELECT code, state, line FROM registration WHERE edition_id = ? AND state <> ?", p.edition.ID, registration.Cancelled).
		Scan(ctx, &k.Rows)
	return k, err
}
