//go:build unix

package realtime

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// The viewers of a benchmark live in a process of their own, so that the processor time counted here is the server's
// alone. AGORA_BENCH_VIEWERS raises their number.

const crowdEnv = "AGORA_BENCH_CROWD"

func TestMain(m *testing.M) {
	if order := os.Getenv(crowdEnv); order != "" {
		runCrowd(order)
		return
	}
	os.Exit(m.Run())
}

func benchViewers() int {
	if n, err := strconv.Atoi(os.Getenv("AGORA_BENCH_VIEWERS")); err == nil && n > 0 {
		return n
	}
	return 400
}

// runCrowd opens sockets, bare ones or viewers, reads all that comes, and ends with its standard input.
func runCrowd(order string) {
	kind, rest, _ := strings.Cut(order, " ")
	addr, count, _ := strings.Cut(rest, " ")
	n, _ := strconv.Atoi(count)
	for i := range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			fmt.Println("crowd:", err)
			os.Exit(1)
		}
		if kind == "viewers" {
			fmt.Fprintf(conn, "GET /api/v1/live/aula HTTP/1.1\r\nHost: a\r\nOrigin: https://agora.test\r\n"+
				"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+goodKey+
				"Sec-WebSocket-Protocol: %s, %s\r\n\r\n", Protocol, passFor("aula", Audience, fmt.Sprint("voter", i)))
			if answer, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || answer.StatusCode != 101 {
				fmt.Println("crowd: no upgrade:", err)
				os.Exit(1)
			}
		}
		go func() {
			buf := make([]byte, 8<<10)
			for {
				if _, err := conn.Read(buf); err != nil {
					return
				}
			}
		}()
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func startCrowd(b *testing.B, kind, addr string, n int) {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d", crowdEnv, kind, addr, n))
	cmd.Stdout = os.Stderr
	hold, err := cmd.StdinPipe()
	must(b, err)
	must(b, cmd.Start())
	b.Cleanup(func() {
		hold.Close()
		_ = cmd.Wait() // it ends because its input did
	})
}

// benchHub is a real app with a hub whose ticks the benchmark gives.
func benchHub(b *testing.B, source *board) (h *Hub, addr string, tick chan time.Time, spread chan struct{}) {
	b.Helper()
	tick, spread = make(chan time.Time), make(chan struct{}, 1)
	h = New(Options{
		Source: source, Acts: source, PassKey: testKey, ItemsKey: "questions",
		Origin: func(*fiber.Ctx) bool { return true }, Tick: tick, Beat: make(chan time.Time),
		spread: func() { spread <- struct{}{} },
	})
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	Prepare(app)
	app.Get("/api/v1/live/:id", func(c *fiber.Ctx) error { return h.Serve(c, c.Params("id")) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	go func() { _ = app.Listener(ln) }() // ends with Shutdown
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = h.Shutdown(ctx)
		_ = app.Shutdown()
	})
	return h, ln.Addr().String(), tick, spread
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// bareSockets accepts n plain connections from a crowd.
func bareSockets(b *testing.B, n int) []net.Conn {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	b.Cleanup(func() { ln.Close() })
	startCrowd(b, "bare", ln.Addr().String(), n)
	conns := make([]net.Conn, n)
	for i := range conns {
		conns[i], err = ln.Accept()
		must(b, err)
		b.Cleanup(func() { conns[i].Close() })
	}
	return conns
}

// BenchmarkFanOut compares the hub with a bare write loop of the same bytes, in turns, so that both have the same
// neighbours. ratio is the server's processor time per delivered frame over the loop's.
func BenchmarkFanOut(b *testing.B) {
	for _, size := range []int{200, 2000} {
		b.Run(fmt.Sprintf("text=%d", size), func(b *testing.B) { benchFanOut(b, size) })
	}
}

func benchFanOut(b *testing.B, size int) {
	n := benchViewers()
	source := newBoard()
	h, addr, tick, spread := benchHub(b, source)
	bare := bareSockets(b, n)
	startCrowd(b, "viewers", addr, n)
	text := strings.Repeat("x", size)
	version := source.put("q1", text, true)
	settled := func() bool {
		r := h.room("aula")
		if r == nil {
			return false
		}
		for _, v := range r.everybody() {
			v.mu.Lock()
			there := v.greeted && v.at >= version && !v.busy
			v.mu.Unlock()
			if !there {
				return false
			}
		}
		return len(r.everybody()) == n
	}
	eventually(b, "all are here", settled)
	<-spread // the first load
	r := h.room("aula")
	var hub, loop time.Duration
	round := func() {
		version = source.put("q1", text, true)
		before := cpu()
		h.Notify("aula", version)
		tick <- time.Now()
		<-spread
		middle := cpu()
		frame := r.live.Load().patch[Audience]
		var work sync.WaitGroup
		for half := range 2 { // on both processors, as the hub does
			work.Go(func() {
				for i := half; i < n; i += 2 {
					_, _ = bare[i].Write(frame)
				}
			})
		}
		work.Wait()
		hub, loop = hub+middle-before, loop+cpu()-middle
	}
	for range 3 {
		round()
	}
	hub, loop = 0, 0
	b.ResetTimer()
	for range b.N {
		round()
	}
	frames := float64(n * b.N)
	b.ReportMetric(hub.Seconds()*1e6/frames, "hub-µs/frame")
	b.ReportMetric(loop.Seconds()*1e6/frames, "bare-µs/frame")
	b.ReportMetric(hub.Seconds()/loop.Seconds(), "ratio")
}

// BenchmarkIdleViewer reports the resident memory one more idle viewer takes.
func BenchmarkIdleViewer(b *testing.B) {
	n := benchViewers()
	source := newBoard()
	source.put("q1", "a question", true)
	h, addr, _, spread := benchHub(b, source)
	startCrowd(b, "viewers", addr, 20)
	eventually(b, "the first are here", func() bool { return h.Health().Sockets == 20 })
	<-spread
	debug.FreeOSMemory()
	before := resident(b)
	startCrowd(b, "viewers", addr, n)
	eventually(b, "all are here", func() bool { return h.Health().Sockets == 20+n })
	debug.FreeOSMemory()
	b.ReportMetric(float64(resident(b)-before)/float64(n), "B/viewer")
	for range b.N {
		_ = h.Health()
	}
}

// resident is this process's memory as the system counts it.
func resident(b *testing.B) int {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip("no /proc here")
	}
	pages, err := strconv.Atoi(strings.Fields(string(raw))[1])
	must(b, err)
	return pages * os.Getpagesize()
}
