package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

const (
	// addressMost is how many sockets a server takes of one address: a whole venue.
	addressMost = 5000
	// passTabs is how many of them may be one person's.
	passTabs    = 20
	hallAddress = "127.0.0.77"
	idleCrowd   = 60
	idleActors  = 20
)

// upgrade opens a viewer's socket by hand, so that nothing reads it but the test.
func (h *hall) upgrade(from, pass string, receive int) (net.Conn, *http.Response, error) {
	d := net.Dialer{Timeout: answerTime, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	s := h.sites[0]
	host := strings.TrimPrefix(s.base, "http://")
	conn, err := d.DialContext(h.ctx, "tcp", host)
	if err != nil {
		return nil, nil, err
	}
	if receive > 0 {
		err = conn.(*net.TCPConn).SetReadBuffer(receive)
	}
	if err == nil {
		_, err = fmt.Fprintf(conn, "GET /api/v1/live/%s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
			"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: agora.v1, %s\r\n\r\n", h.session, host, pass)
	}
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(conn, 16), nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		conn.Close()
		return nil, answer, err
	}
	return conn, answer, nil
}

// A whole venue behind one address watches and does nothing, not even read what
// comes. The others take part as if it were not there; the first above the limit
// is turned away before the upgrade, and who comes from elsewhere is not.
func TestAWholeVenueIdlesBehindOneAddress(t *testing.T) {
	h := newHall(t, "")
	h.keeping = true
	h.sites[0].start(h.ctx)
	h.open()
	people := h.fill(idleCrowd)
	passes := h.passes(addressMost/passTabs + 1)
	before := h.sites[0].memory("VmRSS")
	idle := h.idle(passes)
	defer func() {
		for _, c := range idle {
			c.Close()
		}
	}()
	each := (h.sites[0].memory("VmRSS") - before) / addressMost
	t.Logf("%d idle viewers of one address take %d bytes each", len(idle), each)
	last := passes[len(passes)-1]
	if conn, answer, err := h.upgrade(hallAddress, last, 0); conn != nil || answer == nil || answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" {
		t.Errorf("one more of that address: %v %v", answer, err)
	}
	if conn, answer, err := h.upgrade("127.0.0.78", last, 0); conn == nil {
		t.Errorf("somebody from another address: %v %v", answer, err)
	} else {
		conn.Close()
	}
	for _, v := range people[:idleActors] {
		v.takePart()
	}
	h.moderate()
	h.busy(20)
	h.unharmed(idleCrowd + 1)
}

// passes asks for so many, each of another person.
func (h *hall) passes(n int) (list []string) {
	h.t.Helper()
	client := browser(8)
	for range n {
		pass, err := h.passOf(client, "audience")
		if err != nil {
			h.t.Fatal(err)
		}
		list = append(list, pass)
	}
	return list
}

// idle opens as many sockets as one address may have.
func (h *hall) idle(passes []string) (all []net.Conn) {
	h.t.Helper()
	var next atomic.Int64
	var mu sync.Mutex
	var opening sync.WaitGroup
	for range 64 {
		opening.Go(func() {
			for i := next.Add(1) - 1; i < addressMost; i = next.Add(1) - 1 {
				conn, answer, err := h.upgrade(hallAddress, passes[i/passTabs], 4<<10)
				if conn == nil {
					h.fault("idle viewer %d: %v %v", i, answer, err)
					return
				}
				mu.Lock()
				all = append(all, conn)
				mu.Unlock()
			}
		})
	}
	opening.Wait()
	h.told()
	return all
}

// unharmed ends what people do and sees that nobody was lost, that everybody was
// answered, and that everybody shows what the database holds.
func (h *hall) unharmed(all int64) {
	h.t.Helper()
	h.settle()
	d := dbtest.Open(h.t, h.sites[0].address())
	h.agree(d)
	if n := h.live.Load(); n != all || h.tries != len(h.viewers) {
		h.t.Errorf("%d of %d are live, after %d tries", n, all, h.tries)
	}
	for _, fault := range judgeRoom(h.t.Context(), d, h.promised()) {
		h.t.Error(fault)
	}
}

const (
	// longQuestions of longText make changes large enough to fill every buffer
	// between the server and a viewer who does not read.
	longQuestions = 90
	longRounds    = 7
	slowReceive   = 4 << 10
)

// One viewer reads nothing and one a byte a second, while changes are large. They
// hold up nobody: all others show every change, and what they do is answered.
func TestStalledViewersHoldUpNobody(t *testing.T) {
	h := newHall(t, "")
	h.keeping = true
	h.sites[0].start(h.ctx)
	h.open()
	people := h.fill(idleCrowd)
	long := h.askLong()
	passes := h.passes(2)
	stalled, _, err := h.upgrade(hallAddress, passes[0], slowReceive)
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.Close()
	trickling, _, err := h.upgrade(hallAddress, passes[1], slowReceive)
	if err != nil {
		t.Fatal(err)
	}
	defer trickling.Close()
	got := h.trickle(trickling)
	for _, v := range people[:idleActors] {
		v.takePart()
	}
	var sent int64
	for n := range longRounds {
		for _, do := range []string{"archive", "restore"} {
			h.moderator.must(`"do":"` + do + `","questions":[` + long + `]`)
		}
		text := fmt.Sprintf("Marker %d of those that everybody sees", n)
		h.moderator.must(`"do":"edit","question":"` + h.questions[0] + `","text":"` + text + `"`)
		h.moderator.told.asked[h.questions[0]] = text
		h.until("everybody sees "+text, func() bool { return h.showing(h.questions[0], text) })
		sent += longQuestions * int64(len(longText))
	}
	if sent < 2*(slowReceive+128<<10) {
		t.Errorf("%d bytes fit into the buffers, so this proves nothing", sent)
	}
	t.Logf("%d KB of changes reached everybody while one viewer read nothing and one %d bytes", sent>>10, got.Load())
	h.unharmed(idleCrowd + 1)
}

var longText = strings.Repeat("long ", 110)

// askLong puts many long questions into the room; it gives their ids as a list.
func (h *hall) askLong() string {
	ids := make([]string, longQuestions)
	for i := range ids {
		text := longText + strconv.Itoa(i)
		id := h.moderator.must(`"do":"ask","source":"floor","text":"` + text + `"`).ID
		h.moderator.told.asked[id] = text
		ids[i] = strconv.Quote(id)
	}
	return strings.Join(ids, ",")
}

// trickle reads one byte a second for as long as the socket lives.
func (h *hall) trickle(conn net.Conn) *atomic.Int64 {
	var got atomic.Int64
	h.all.Go(func() {
		var one [1]byte
		for pause(h.ctx, time.Second) {
			if _, err := conn.Read(one[:]); err != nil {
				return
			}
			got.Add(1)
		}
	})
	return &got
}

// showing tells whether everybody shows a question with the text.
func (h *hall) showing(question, text string) bool {
	for _, v := range h.viewers {
		if _, _, things := v.sees(); !strings.Contains(things[question], text) {
			return false
		}
	}
	return true
}
