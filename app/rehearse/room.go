package rehearse

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/valyala/fasthttp"
)

const (
	// joiners is how many open the live room at one moment, as a hall does that
	// was just shown its code.
	joiners = 64
	// joinTries is how often a viewer tries, as its page does by itself.
	joinTries = 3
	// actsPerSecond is what a busy hall does; one viewer does at most actsEach.
	actsPerSecond = 300
	actsEach      = 3
	// askEvery: one act in so many is a question, the others are votes.
	askEvery = 15
	// askMax keeps an asker below the limit of questions per minute.
	askMax = 2
	// step is how often the acts due are sent.
	step = 10 * time.Millisecond
	// seeTime is how long a change is watched for; then it counts as that late.
	seeTime = 3 * time.Second
	// perAddress: the server takes so many sockets of one address, and a bit more.
	perAddress = 4_500
)

// hall is the live room during a rehearsal: its viewers and what they counted.
type hall struct {
	r       *Rehearsal
	p       practice
	viewers []*viewer

	closing   atomic.Bool // what ends now was not lost
	measuring atomic.Bool
	live      atomic.Int64
	frames    atomic.Int64
	sent      atomic.Int64
	answered  atomic.Int64
	watch     watched

	mu      sync.Mutex
	refused []string
	reasons []string
	codes   []string
	asked   int64
}

// watched is a change on its way to everybody: the probe's votes grow by one,
// and each viewer that sees the new number counts down.
type watched struct {
	number atomic.Int64
	left   atomic.Int64
	acked  chan time.Time
	all    chan time.Time
}

// room fills the live room, lets people ask and vote, and measures when the
// last viewer sees a change.
func (r *Rehearsal) room(ctx context.Context, p practice) (Room, error) {
	h := &hall{r: r, p: p, watch: watched{acked: make(chan time.Time, 1), all: make(chan time.Time, 1)}}
	var readers sync.WaitGroup
	defer readers.Wait()
	defer h.leave()
	h.join(ctx, &readers)
	joined := len(h.viewers)
	if ctx.Err() != nil || joined == 0 {
		return Room{Refused: h.refused}, ctx.Err()
	}
	var passed atomic.Int64
	end := r.watch(stageLive, &passed, p.plan.Seconds)
	span := time.Duration(p.plan.Seconds) * time.Second
	acting, stop := context.WithTimeout(ctx, span)
	defer stop()
	started := r.Stopwatch()
	h.measuring.Store(true)
	var crowd sync.WaitGroup
	crowd.Go(func() { h.act(acting, &passed) })
	seen := h.probe(acting)
	crowd.Wait()
	h.measuring.Store(false)
	took := r.Stopwatch().Sub(started)
	h.settle(ctx)
	end()
	room := h.sum()
	room.Joined, room.Took, room.Seen = joined, took, seen
	if err := ctx.Err(); err != nil {
		return room, err
	}
	return room, r.count(ctx, p, &room)
}

// join brings the viewers in.
func (h *hall) join(ctx context.Context, readers *sync.WaitGroup) {
	var next, done atomic.Int64
	defer h.r.watch(stageJoining, &done, h.p.plan.Viewers)()
	var all sync.WaitGroup
	for range min(joiners, h.p.plan.Viewers) {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= h.p.plan.Viewers || ctx.Err() != nil {
					return
				}
				v, err := h.joinOne(ctx, i)
				h.mu.Lock()
				if err != nil {
					h.refused = append(h.refused, err.Error())
				} else {
					h.viewers = append(h.viewers, v)
					h.live.Add(1)
					readers.Go(v.read)
				}
				h.mu.Unlock()
				done.Add(1)
			}
		})
	}
	all.Wait()
}

func (h *hall) joinOne(ctx context.Context, i int) (v *viewer, err error) {
	for try := range joinTries {
		var pass string
		if pass, err = h.r.pass(h.p.session); err == nil {
			if v, err = h.dial(ctx, i, pass); err == nil {
				return v, nil
			}
		}
		if !pause(ctx, time.Duration(rand.Int64N(int64(time.Second)<<try))) { // spreads load; nothing secret
			break
		}
	}
	return nil, err
}

// pass asks for a room pass, as a program does.
func (r *Rehearsal) pass(session string) (string, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI(r.base + "/api/v1/live/" + session + "/pass")
	req.Header.SetMethod(fasthttp.MethodPost)
	if err := r.client.DoTimeout(req, res, callTime); err != nil {
		return "", err
	}
	if res.StatusCode() != fasthttp.StatusOK {
		return "", fmt.Errorf("status %d for a pass", res.StatusCode())
	}
	var said struct{ Pass string }
	err := json.Unmarshal(res.Body(), &said)
	return said.Pass, err
}

// dial opens a viewer's socket and waits for the room's state.
func (h *hall) dial(ctx context.Context, i int, pass string) (*viewer, error) {
	from := net.Dialer{Timeout: callTime}
	if n := i / perAddress; n > 0 && runtime.GOOS == "linux" {
		// The whole of 127.0.0.0/8 is this machine here.
		from.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+n))}
	}
	d := websocket.Dialer{Subprotocols: []string{"agora.v1", pass}, HandshakeTimeout: callTime, NetDialContext: from.DialContext,
		ReadBufferSize: 4 << 10, WriteBufferSize: 512, WriteBufferPool: &writeBuffers}
	ws, res, err := d.DialContext(ctx, "ws"+h.r.base[len("http"):]+"/api/v1/live/"+h.p.session, nil)
	if err != nil {
		if res != nil {
			return nil, fmt.Errorf("status %d", res.StatusCode)
		}
		return nil, err
	}
	v := &viewer{h: h, ws: ws, wants: map[int]bool{}, holds: map[int]bool{}}
	if err := v.greeted(); err != nil {
		_ = ws.Close()
		return nil, err
	}
	return v, nil
}

// writeBuffers are shared: hardly any viewer writes at one moment.
var writeBuffers sync.Pool

// act lets the viewers vote and ask, evenly spread, until ctx ends.
func (h *hall) act(ctx context.Context, passed *atomic.Int64) {
	rate := min(actsPerSecond, actsEach*len(h.viewers))
	tick := time.NewTicker(step)
	defer tick.Stop()
	started, n := h.r.Stopwatch(), 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		spent := h.r.Stopwatch().Sub(started)
		passed.Store(int64(spent / time.Second))
		for due := int(spent.Seconds() * float64(rate)); n < due; n++ {
			v := h.viewers[n%len(h.viewers)]
			if n%askEvery == 0 && v.asks < askMax {
				v.ask()
			} else {
				v.vote(rand.IntN(len(h.p.questions))) // which one says nothing about anybody
			}
		}
	}
}

// probe makes one change after the other and waits until everybody has seen
// it. It gives, for each, how long after its confirmation the last one did.
func (h *hall) probe(ctx context.Context) (seen []time.Duration) {
	w := &h.watch
	for i, v := range h.viewers {
		if ctx.Err() != nil {
			return seen
		}
		drain(w.acked)
		drain(w.all)
		w.left.Store(h.live.Load())
		w.number.Store(int64(i + 1))
		v.send("p"+strconv.Itoa(i), `"do":"vote","question":"`+h.p.probe+`","on":true`)
		acked, ok := h.await(w.acked)
		if !ok {
			seen = append(seen, seeTime)
			continue
		}
		last, ok := h.await(w.all)
		if !ok {
			last = acked.Add(seeTime)
		}
		seen = append(seen, max(0, last.Sub(acked)))
	}
	<-ctx.Done() // a small hall has been through; the others act on
	return seen
}

func (h *hall) await(c chan time.Time) (time.Time, bool) {
	timer := time.NewTimer(seeTime)
	defer timer.Stop()
	select {
	case at := <-c:
		return at, true
	case <-timer.C:
		return time.Time{}, false
	}
}

// settle waits for the answers that are still under way.
func (h *hall) settle(ctx context.Context) {
	for range int(seeTime / step) {
		if h.answered.Load() >= h.sent.Load() || !pause(ctx, step) {
			return
		}
	}
}

// leave closes every socket, as somebody does who closes the page.
func (h *hall) leave() {
	h.closing.Store(true)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.viewers {
		v.leave()
	}
}

func (h *hall) sum() Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	room := Room{Refused: h.refused, Lost: len(h.reasons), Reasons: h.reasons, Failed: int64(len(h.codes)), Codes: h.codes,
		Asked: h.asked, Frames: h.frames.Load(), Acts: h.answered.Load() - int64(len(h.codes)), Unanswered: h.sent.Load() - h.answered.Load()}
	for _, v := range h.viewers {
		room.MostPatches = max(room.MostPatches, v.patches.Load())
		room.Votes += v.votes()
	}
	return room
}

// count reads what the database holds of what was confirmed.
func (r *Rehearsal) count(ctx context.Context, p practice, room *Room) error {
	err := r.DB.Read.NewRaw(`SELECT count(*), (SELECT count(*) FROM vote WHERE session_id = ?), CAST(coalesce(sum(votes), 0) AS BIGINT)
		FROM question WHERE session_id = ?`, p.session, p.session).Scan(ctx, &room.KeptAsked, &room.KeptVotes, &room.CountedVotes)
	room.KeptAsked -= questionCount + 1
	return err
}
