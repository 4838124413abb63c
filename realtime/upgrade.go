package realtime

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

// Protocol is the subprotocol the server selects. The pass is offered beside it and never selected.
const Protocol = "agora.v1"

// readBuffer is what each idle viewer costs for reading; acts are small.
const readBuffer = 512

// Prepare makes an app's server leave upgraded connections alone. Without it, closing a viewer from another goroutine
// silently does nothing; so Serve refuses to work.
func Prepare(app *fiber.App) { app.Server().KeepHijackedConns = true }

// handshake is a request to upgrade, copied out of the server's reused buffers.
type handshake struct {
	request *http.Request
	pass    Pass
	code    Code // why the viewer is sent away right after the upgrade, where it can read it; 0 is welcome
	address string
	epoch   string
	version int64
}

// Serve upgrades a request to a viewer of the room. What a page cannot be told over HTTP (browsers hide the status
// of a failed upgrade) is told by a close code after it; strangers and overload are turned away before.
func (h *Hub) Serve(c *fiber.Ctx, room string) error {
	if !c.App().Server().KeepHijackedConns {
		return errors.New("realtime: the server was not prepared: call realtime.Prepare(app)")
	}
	if !strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket") || c.Method() != fiber.MethodGet {
		c.Set(fiber.HeaderUpgrade, "websocket")
		return fiber.NewError(fiber.StatusUpgradeRequired, "this address speaks websocket")
	}
	if !h.opt.Origin(c) {
		return fiber.NewError(fiber.StatusForbidden, "foreign origin")
	}
	token, err := passToken(c.Get("Sec-WebSocket-Protocol"))
	if err != nil {
		return err
	}
	hs := h.check(c, token, strings.Clone(room))
	if why := h.reserve(hs.pass, hs.address); why != roomLeft {
		return refuse(c, why)
	}
	ctx := c.Context()
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(nc net.Conn) { h.welcome(nc, hs) })
	return nil
}

// passToken finds the pass among the offered subprotocols.
func passToken(offered string) (token string, err error) {
	spoken := false
	for t := range strings.SplitSeq(offered, ",") {
		switch t = strings.TrimSpace(t); t {
		case Protocol:
			spoken = true
		default:
			token = t
		}
	}
	if !spoken {
		return "", fiber.NewError(fiber.StatusBadRequest, "offer the subprotocol "+Protocol)
	}
	if token == "" {
		return "", fiber.NewError(fiber.StatusUnauthorized, "offer the room pass as second subprotocol")
	}
	return token, nil
}

// check reads the pass and copies what of the request outlives the handler.
func (h *Hub) check(c *fiber.Ctx, token, room string) *handshake {
	header := make(http.Header, 5)
	for _, name := range []string{
		"Connection", "Upgrade", "Sec-Websocket-Version", "Sec-Websocket-Key", "Sec-Websocket-Protocol",
	} {
		header.Set(name, strings.Clone(c.Get(name)))
	}
	hs := &handshake{request: &http.Request{Method: http.MethodGet, Header: header}}
	hs.epoch, hs.version = splitSince(strings.Clone(c.Query("since")))
	if h.opt.Address != nil {
		hs.address = strings.Clone(h.opt.Address(c))
	}
	pass, err := ParsePass(h.opt.PassKey, token, h.opt.Now())
	view, known := ParseView(c.Query("view"))
	switch {
	case errors.Is(err, ErrPassExpired):
		hs.code = CodePassExpired
	case err != nil:
		hs.code = CodePassBad
	case !known || pass.Room != room || pass.View != view:
		hs.code = CodeElsewhere
	default:
		hs.pass = pass
		// Not the request's own context: fasthttp reuses it, and whoever answers
		// may still hold it then.
		ctx, cancel := context.WithTimeout(h.ctx, MineTime)
		defer cancel()
		hs.code = h.admit(ctx, pass.viewer())
	}
	return hs
}

func (p Pass) viewer() Viewer {
	return Viewer{Room: p.Room, View: p.View, Voter: p.Voter, Person: p.Person, Lang: p.Lang}
}

// admit asks for the right of those who may see more than the audience.
func (h *Hub) admit(ctx context.Context, v Viewer) Code {
	if v.View == Audience || h.opt.Admit == nil {
		return 0
	}
	err := h.askAdmit(ctx, v)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, ErrNotAllowed):
		return CodeNotAllowed
	}
	h.opt.Log.Warn("right to a live room could not be read", "room", v.Room, "view", v.View.String(), "error", err)
	return CodeUnavailable
}

func (h *Hub) askAdmit(ctx context.Context, v Viewer) (err error) {
	defer h.rescue(&err)
	return h.opt.Admit(ctx, v)
}

// refuse answers overload before the upgrade, which costs least.
func refuse(c *fiber.Ctx, why full) error {
	status, after := fiber.StatusServiceUnavailable, 5
	if why == fullVoter || why == fullAddress {
		status, after = fiber.StatusTooManyRequests, 30
	}
	if why == fullStopping {
		after = 2
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(after))
	return fiber.NewError(status, "no place for one more viewer")
}

var upgrader = websocket.Upgrader{
	HandshakeTimeout: HandshakeTime,
	ReadBufferSize:   readBuffer,
	WriteBufferPool:  &sync.Pool{}, // gorilla writes no messages here, so none is ever taken
	Subprotocols:     []string{Protocol},
	CheckOrigin:      func(*http.Request) bool { return true }, // done before, where the request is whole
}

// welcome finishes the upgrade in the server's goroutine, which ends with it, and gives the viewer a fresh one whose
// stack is small.
func (h *Hub) welcome(nc net.Conn, hs *handshake) {
	early := drainEarly(nc)
	if wrapped, ok := nc.(interface{ UnsafeConn() net.Conn }); ok {
		nc = wrapped.UnsafeConn()
	}
	l := newLine(nc, early)
	ws, err := upgrader.Upgrade(&response{line: l}, hs.request, nil)
	if err != nil {
		l.Close()
		h.release(hs.address)
		return
	}
	l.open = true
	if hs.code != 0 {
		sendAway(l, hs.code)
		h.release(hs.address)
		return
	}
	v := &viewer{
		Viewer: hs.pass.viewer(), line: l, address: hs.address, expires: hs.pass.Expires.Unix(),
		sinceEpoch: hs.epoch, sinceVersion: hs.version,
	}
	if !h.join(v) {
		sendAway(l, CodeStopping)
		h.release(hs.address)
		return
	}
	go v.read(ws)
}

// drainEarly takes the bytes that came together with the handshake out of the server's buffer: with a deadline in the
// past, only what is buffered can be read.
func drainEarly(nc net.Conn) (early []byte) {
	if nc.SetReadDeadline(time.Unix(1, 0)) != nil {
		return nil
	}
	var buf [512]byte
	for {
		n, err := nc.Read(buf[:])
		early = append(early, buf[:n]...)
		if err != nil || n == 0 {
			return early
		}
	}
}

// sendAway closes a viewer that never joined.
func sendAway(l *line, code Code) {
	_ = l.SetDeadline(time.Now().Add(FarewellTime)) // a dead socket shows at the write
	if code.ComeBack() {
		retry := RetryUnavailable.Milliseconds()
		_, _ = l.Conn.Write(byeFrame(retry))
		_, _ = l.Conn.Write(closeFrame(code, retry))
	} else {
		_, _ = l.Conn.Write(closeFrame(code, -1))
	}
	l.shut()
	_, _ = io.Copy(io.Discard, l.Conn) // until the viewer closes too, or its time is over
	l.Close()
}

// response is as much of an http.ResponseWriter as gorilla's upgrader needs.
type response struct {
	line   *line
	header http.Header
}

func (r *response) Header() http.Header {
	if r.header == nil {
		r.header = make(http.Header)
	}
	return r.header
}

func (r *response) Write(p []byte) (int, error) { return len(p), nil }

func (r *response) WriteHeader(status int) {
	_ = r.line.SetWriteDeadline(time.Now().Add(HandshakeTime)) // closed right after in any case
	_, _ = io.WriteString(r.line.Conn, "HTTP/1.1 "+strconv.Itoa(status)+" "+http.StatusText(status)+
		"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

// Hijack gives the connection with buffers so small that gorilla makes its own.
func (r *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return r.line, bufio.NewReadWriter(bufio.NewReaderSize(r.line, 16), bufio.NewWriterSize(r.line, 16)), nil
}
