package realtime

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// line is the network side of one viewer. Gorilla reads from it; what gorilla would write by itself after the
// handshake (answers to control frames, closes) is left out, because the viewer's own writer is the only one.
type line struct {
	net.Conn
	raw   syscall.RawConn // nil where sockets cannot be tried without waiting, as under TLS
	early []byte          // bytes that came together with the handshake
	open  bool            // the handshake is answered
}

// sendBuffer bounds what the kernel holds for a viewer that is behind. Grown by itself it would reach megabytes: old
// news to a slow phone, and so long without a sign of progress that the phone would count as lost.
const sendBuffer = 64 << 10

func newLine(nc net.Conn, early []byte) *line {
	l := &line{Conn: nc, early: early}
	if tcp, ok := nc.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // its own default serves too, only less well
	}
	if sc, ok := nc.(syscall.Conn); ok && canTry {
		if raw, err := sc.SyscallConn(); err == nil {
			l.raw = raw
		}
	}
	return l
}

func (l *line) Read(p []byte) (int, error) {
	if len(l.early) > 0 {
		n := copy(p, l.early)
		l.early = l.early[n:]
		if len(l.early) == 0 {
			l.early = nil
		}
		return n, nil
	}
	return l.Conn.Read(p)
}

// Write is gorilla's way out: it passes the answer to the handshake and nothing after.
func (l *line) Write(p []byte) (int, error) {
	if l.open {
		return len(p), nil
	}
	return l.Conn.Write(p)
}

// write sends all of b, waiting as long as the other side makes progress. stall is how long it may take nothing.
func (l *line) write(b []byte, stall, whole time.Duration) error {
	end := time.Now().Add(whole)
	for {
		if err := l.SetWriteDeadline(time.Now().Add(stall)); err != nil {
			return err
		}
		n, err := l.Conn.Write(b)
		if err == nil {
			return l.SetWriteDeadline(time.Time{})
		}
		if n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Now().After(end) {
			return err
		}
		b = b[n:]
	}
}

// shut ends the sending side after a close frame and gives the viewer a moment to answer it; closing at once could
// destroy the close frame on its way.
func (l *line) shut() {
	if half, ok := l.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		if l.SetReadDeadline(time.Now().Add(FarewellTime)) == nil {
			return
		}
	}
	l.Close()
}

// drop closes at once and forgets what was not sent yet, so that the kernel keeps nothing for a viewer that is lost.
func (l *line) drop() {
	if tcp, ok := l.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // closing follows in any case
	}
	l.Close()
}
