package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// probe is a change on its way to everybody: who sees its words for the first time
// counts down.
type probe struct {
	number atomic.Int64
	words  atomic.Pointer[[]byte]
	left   atomic.Int64
	all    atomic.Pointer[chan time.Time]
}

// start looks for words from now on; the channel tells when the last viewer saw them.
func (p *probe) start(words string, viewers int64) <-chan time.Time {
	b, all := []byte(words), make(chan time.Time, 1)
	p.words.Store(&b)
	p.all.Store(&all)
	p.left.Store(viewers)
	p.number.Add(1)
	return all
}

// look is for each viewer's reader; seen is its own.
func (p *probe) look(seen *int64, frame []byte) {
	n := p.number.Load()
	if n == *seen || !bytes.Contains(frame, *p.words.Load()) {
		return
	}
	*seen = n
	if p.left.Add(-1) == 0 {
		*p.all.Load() <- time.Now()
	}
}

// The bare loop is a process of its own, so that its processor time is counted alone:
// it takes so many connections, and for each line of its input, such as "20 310",
// writes 20 times 310 bytes to all of them and says what that cost.

const bareEnv = "AGORA_BENCH_BARE"

func writeBare() {
	n, err := strconv.Atoi(os.Getenv(bareEnv))
	ln, errListen := net.Listen("tcp", "127.0.0.1:0")
	if err = errors.Join(err, errListen); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(ln.Addr())
	conns := make([]net.Conn, n)
	for i := range conns {
		if conns[i], err = ln.Accept(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	fmt.Println("all")
	for orders := bufio.NewScanner(os.Stdin); orders.Scan(); {
		var times, size int
		if _, err := fmt.Sscan(orders.Text(), &times, &size); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		began := spent(os.Getpid())
		frame := make([]byte, size)
		for range times {
			var both sync.WaitGroup
			for half := range 2 { // on both processors, as the hub does
				both.Go(func() {
					for i := half; i < n; i += 2 {
						_, _ = conns[i].Write(frame) // a reader that ended shows in what it did not get
					}
				})
			}
			both.Wait()
		}
		fmt.Println(int64(spent(os.Getpid()) - began))
	}
}

// bare is that process as the benchmark sees it.
type bare struct {
	in  io.Writer
	out *bufio.Scanner
	got atomic.Int64 // bytes
}

func startBare(b *testing.B, n int) *bare {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), bareEnv+"="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	in, errIn := cmd.StdinPipe()
	out, errOut := cmd.StdoutPipe()
	if err := errors.Join(errIn, errOut, cmd.Start()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	l := &bare{in: in, out: bufio.NewScanner(out)}
	l.out.Scan()
	addr := l.out.Text()
	for range n {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { conn.Close() })
		go func() {
			buffer := make([]byte, 2<<10)
			for {
				n, err := conn.Read(buffer)
				l.got.Add(int64(n))
				if err != nil {
					return
				}
			}
		}()
	}
	l.out.Scan()
	return l
}

// write has it send and gives what that cost, once everything has arrived.
func (l *bare) write(ctx context.Context, times, size, conns int) time.Duration {
	want := l.got.Load() + int64(times*size*conns)
	fmt.Fprintf(l.in, "%d %d\n", times, size)
	l.out.Scan()
	cost, _ := strconv.ParseInt(l.out.Text(), 10, 64)
	for l.got.Load() < want && pause(ctx, time.Millisecond) {
	}
	return time.Duration(cost)
}

// spent is the processor time of all threads of a process, to the nanosecond.
func spent(pid int) (sum time.Duration) {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, task := range tasks {
		raw, err := os.ReadFile(filepath.Clean(task))
		if err != nil {
			continue // the thread ended
		}
		first, _, _ := strings.Cut(string(raw), " ")
		n, _ := strconv.ParseInt(first, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}
