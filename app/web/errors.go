package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

// statuses is the one place where kinds of error become HTTP statuses.
var statuses = map[fail.Kind]int{
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

// errorPage says what happened and where to go on.
type errorPage struct {
	Status    int
	Text      string
	Reference string
	HomeHref  string
}

// answerError turns any error into a page or a JSON answer. What is our fault
// goes to the log under a reference, which is all the visitor sees of it.
func (s *Site) answerError(v *visit, err error) error {
	if fail.KindOf(err) == fail.Internal && db.Unavailable(err) {
		err = fail.Later(busyPause, err)
	}
	kind := fail.KindOf(err)
	e, _ := fail.As(err)
	reference := ""
	if kind == fail.Internal {
		reference = newReference()
		s.Log.Error("request failed", "reference", reference, "method", v.c.Method(), "path", v.c.Path(), "error", err.Error())
		e = fail.New(fail.Internal, "web.our_fault", "reference", reference)
	}
	if kind == fail.Busy {
		v.putOff(e)
	}
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	if v.api {
		return v.jsonError(statuses[kind], e, reference)
	}
	if method := v.c.Method(); kind == fail.SignIn && (method == fiber.MethodGet || method == fiber.MethodHead) {
		return v.redirect("/sign-in?next=" + queryEscape(v.c.OriginalURL()))
	}
	v.c.Status(statuses[kind])
	p := errorPage{Status: statuses[kind], Text: v.sentence(e.Key, e.Args), Reference: reference, HomeHref: v.wayOn()}
	title := v.t("web.error_title")
	if kind == fail.NotFound || kind == fail.Gone {
		title = v.t("web.missing_title")
	}
	return v.render("web/error", title, p)
}

// putOff says when to come back, to the visitor and to the log.
func (v *visit) putOff(e *fail.Error) {
	v.site.Log.Warn("request put off", "path", v.c.Path(), "error", e.Error())
	v.c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(max(e.RetryAfter, time.Second).Seconds()))))
}

// wayOn is the nearest page that is there: the edition's, or the front page.
func (v *visit) wayOn() string {
	if v.edition.ID != "" {
		return v.edition.Path()
	}
	return "/"
}

// sentence translates a message whose arguments may be instants, which are told
// on the edition's clock.
func (v *visit) sentence(key string, args []any) string {
	shown := make([]any, len(args))
	for i, a := range args {
		if at, ok := a.(time.Time); ok {
			a = text.DateTime(v.lang, v.edition.Local(at))
		}
		shown[i] = a
	}
	return v.t(key, shown...)
}

// lastResort is Fiber's error handler: it sees what never reached a handler.
func (s *Site) lastResort(c *fiber.Ctx, err error) error {
	var fe *fiber.Error
	if errors.As(err, &fe) {
		switch {
		case fe.Code == fiber.StatusRequestEntityTooLarge:
			err = fail.New(fail.TooLarge, "web.too_large")
		case fe.Code == fiber.StatusNotFound || fe.Code == fiber.StatusMethodNotAllowed:
			err = fail.Missing("web.not_found")
		case fe.Code < 500:
			return c.SendStatus(fe.Code)
		}
	}
	s.protect(c)
	return s.answerError(s.visit(c), err)
}

// newReference names an error in page and log.
func newReference() string {
	b := make([]byte, 5)
	if _, err := rand.Read(b); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(b)
}

// logValue keeps what visitors typed out of structured logs.
func logValue(err error) slog.Attr { return slog.String("error", err.Error()) }

// sentenceTime tells an instant on the edition's clock.
func (v *visit) sentenceTime(at time.Time) string { return text.DateTime(v.lang, v.edition.Local(at)) }
