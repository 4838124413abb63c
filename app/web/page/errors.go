package page

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

// Statuses is the one place where kinds of error become HTTP statuses.
var Statuses = map[fail.Kind]int{
	fail.Invalid:   fiber.StatusUnprocessableEntity,
	fail.NotFound:  fiber.StatusNotFound,
	fail.SignIn:    fiber.StatusUnauthorized,
	fail.Forbidden: fiber.StatusForbidden,
	fail.Conflict:  fiber.StatusConflict,
	fail.Gone:      fiber.StatusGone,
	fail.TooLarge:  fiber.StatusRequestEntityTooLarge,
	fail.TooMany:   fiber.StatusTooManyRequests,
	fail.Busy:      fiber.StatusServiceUnavailable,
	fail.Unwelcome: fiber.StatusForbidden,
	fail.Internal:  fiber.StatusInternalServerError,
}

// busyPause is when to come back while the database does not answer.
const busyPause = 2 * time.Second

// OrLater gives an error back, or, where it means that the database is away, one
// that says when to come back.
func OrLater(err error) error {
	if fail.KindOf(err) == fail.Internal && db.Unavailable(err) {
		return fail.Later(busyPause, err)
	}
	return err
}

// errorPage says what happened and where to go on.
type errorPage struct {
	Status    int
	Text      string
	Reference string
	HomeHref  string
}

// AnswerError turns any error into a page or a JSON answer. What is our fault
// goes to the log under a reference, which is all the visitor sees of it.
func (s *Site) AnswerError(v *Visit, err error) error {
	err = OrLater(err)
	kind := fail.KindOf(err)
	e, _ := fail.As(err)
	reference := ""
	if kind == fail.Internal {
		reference = newReference()
		s.Log.Error("request failed", "reference", reference, "method", v.C.Method(), "path", v.C.Path(), "error", err.Error())
		e = fail.New(fail.Internal, "web.our_fault", "reference", reference)
	}
	if kind == fail.Busy {
		v.PutOff(e)
		if method := v.C.Method(); method == fiber.MethodGet || method == fiber.MethodHead {
			e = fail.New(fail.Busy, "web.away") // nothing was typed that could be kept
		}
	}
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	if v.api {
		return v.jsonError(Statuses[kind], e, reference)
	}
	if method := v.C.Method(); kind == fail.SignIn && (method == fiber.MethodGet || method == fiber.MethodHead) {
		return v.Redirect("/sign-in?next=" + url.QueryEscape(v.C.OriginalURL()))
	}
	v.C.Status(Statuses[kind])
	p := errorPage{Status: Statuses[kind], Text: v.Sentence(e.Key, e.Args), Reference: reference, HomeHref: v.wayOn()}
	title := v.T("web.error_title")
	if kind == fail.NotFound || kind == fail.Gone {
		title = v.T("web.missing_title")
	}
	return v.Render("web/error", title, p)
}

// PutOff says when to come back, to the visitor and to the log.
func (v *Visit) PutOff(e *fail.Error) {
	if n, tell := v.Site.puttingOff.count(v.Now); tell {
		v.Site.Log.Warn("requests were put off", "requests", n, "path", v.C.Path(), "error", e.Error())
	}
	v.C.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(max(e.RetryAfter, time.Second).Seconds()))))
}

// oncePer keeps a log readable while everything fails for the same reason.
const oncePer = time.Second

// tally counts what is told only now and then.
type tally struct {
	mu   sync.Mutex
	n    int
	next time.Time
}

// count adds one, and says whether it is time to tell how many there were.
func (t *tally) count(now time.Time) (n int, tell bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	if now.Before(t.next) {
		return 0, false
	}
	n, t.n, t.next = t.n, 0, now.Add(oncePer)
	return n, true
}

// wayOn is the nearest page that is there: the edition's, or the front page.
func (v *Visit) wayOn() string {
	if v.Edition.ID != "" {
		return v.Edition.Path()
	}
	return "/"
}

// Sentence translates a message whose arguments may be instants, which are told
// on the edition's clock.
func (v *Visit) Sentence(key string, args []any) string {
	shown := make([]any, len(args))
	for i, a := range args {
		if at, ok := a.(time.Time); ok {
			a = v.SentenceTime(at)
		}
		shown[i] = a
	}
	return v.T(key, shown...)
}

// SentenceTime tells an instant on the edition's clock.
func (v *Visit) SentenceTime(at time.Time) string { return text.DateTime(v.Lang, v.Edition.Local(at)) }

// LastResort is Fiber's error handler: it sees what never reached a handler.
func (s *Site) LastResort(c *fiber.Ctx, err error) error {
	var fe *fiber.Error
	forgotten := false
	if errors.As(err, &fe) {
		switch {
		case fe.Code == fiber.StatusRequestEntityTooLarge:
			err = fail.New(fail.TooLarge, "web.too_large")
			if c.Request().Header.ContentLength() > file.MaxFile {
				err = fail.New(fail.TooLarge, "file.too_large", "max", file.MaxFile>>20)
			}
			defer linger(c)
		case fe.Code == fiber.StatusBadGateway, fe.Code == fiber.StatusBadRequest && strings.Contains(fe.Message, "multipart"):
			// The body of a form could not be read. Its head is forgotten by now.
			forgotten = true
			c.Method(fiber.MethodPost)
			err = brokenForm()
			defer linger(c)
		case fe.Code == fiber.StatusNotFound || fe.Code == fiber.StatusMethodNotAllowed:
			err = fail.Missing("web.not_found")
		case fe.Code < 500:
			return c.SendStatus(fe.Code)
		}
	}
	s.Protect(c)
	v := s.Visit(c)
	if l, ok := s.langs.coming.take(&c.Request().Header); ok && forgotten {
		v.Lang = l
	}
	return s.AnswerError(v, err)
}

// What is still on its way when a body is refused by its head is read and thrown
// away for a while: a browser that is cut off while it sends shows a broken
// connection and not what we said.
const (
	lingerTime = 30 * time.Second
	lingerMost = 512 << 20
)

// roomTried is what has to fit where files of forms lie while they come in.
const roomTried = 1 << 20

// brokenForm finds out why a form with a file could not be read: the server's
// library does not say.
func brokenForm() error {
	f, err := os.CreateTemp("", "room-*")
	if err == nil {
		_, err = f.Write(make([]byte, roomTried))
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return &fail.Error{Kind: fail.Busy, Key: "file.no_room", RetryAfter: time.Minute, Err: err}
	}
	return fail.New(fail.Invalid, "file.refused.cut")
}

// linger sends the answer at once and then waits until the other end has stopped.
func linger(c *fiber.Ctx) {
	conn, ok := c.Context().Conn().(interface {
		net.Conn
		CloseWrite() error
	})
	if !ok {
		return
	}
	c.Context().SetConnectionClose()
	w := bufio.NewWriter(conn)
	if conn.SetDeadline(time.Now().Add(lingerTime)) != nil || c.Response().Write(w) != nil || w.Flush() != nil || conn.CloseWrite() != nil {
		return // it is gone already
	}
	_, _ = io.CopyN(io.Discard, conn, lingerMost) // to the end, or for as long as we wait
}

// newReference names an error in page and log.
func newReference() string {
	b := make([]byte, 5)
	if _, err := rand.Read(b); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(b)
}
