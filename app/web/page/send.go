package page

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/file"
	"agora/app/file/content"
)

const (
	// filePolicy lets a file do nothing, should a browser ever draw one.
	filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"
	// pdfPolicy lets our own pages show a PDF. A sandbox would keep the browsers'
	// viewers from starting, and the viewers draw with styles of their own.
	pdfPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; frame-ancestors 'self'"
	// stallTime is how long a receiver may take nothing before the file is given up.
	stallTime = time.Minute
)

// SendFile sends a stored file, or the part of it that is asked for. Only a PDF
// shows in our own pages; everything else is for saving. cache is its
// Cache-Control.
func (v *Visit) SendFile(f file.File, download bool, cache string) error {
	c := v.C
	etag := `"` + f.SHA256[:min(len(f.SHA256), 32)] + `"`
	c.Set(fiber.HeaderETag, etag)
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderLastModified, f.CreatedAt.UTC().Format(httpTime))
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, filePolicy)
	shown := f.Kind == content.PDF && !download
	if shown {
		c.Set(fiber.HeaderContentSecurityPolicy, pdfPolicy)
	}
	c.Set(fiber.HeaderContentDisposition, disposition(f.Name, shown))
	if match := c.Get(fiber.HeaderIfNoneMatch); match != "" && (match == "*" || strings.Contains(match, etag)) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.Kind.ContentType())
	from, length, partial, ok := v.rangeOf(f, etag)
	if !ok {
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes */%d", f.Size))
		return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
	}
	if partial {
		c.Status(fiber.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, from+length-1, f.Size))
	}
	if c.Method() == fiber.MethodHead {
		c.Response().SkipBody = true
		c.Response().Header.SetContentLength(int(length))
		return nil
	}
	return v.stream(f, from, length)
}

const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// rangeOf reads which part is asked for. Several parts at once, what is not
// understood and a range of what has changed since are answered with the whole;
// ok is false when the part lies behind the end.
func (v *Visit) rangeOf(f file.File, etag string) (from, length int64, partial, ok bool) {
	asked, isBytes := strings.CutPrefix(v.C.Get(fiber.HeaderRange), "bytes=")
	if since := v.C.Get(fiber.HeaderIfRange); !isBytes || v.C.Method() != fiber.MethodGet || strings.Contains(asked, ",") ||
		since != "" && since != etag && since != f.CreatedAt.UTC().Format(httpTime) {
		return 0, f.Size, false, true
	}
	first, last, dash := strings.Cut(strings.TrimSpace(asked), "-")
	a, errFirst := strconv.ParseInt(first, 10, 64)
	b, errLast := strconv.ParseInt(last, 10, 64)
	switch {
	case !dash, errFirst != nil && first != "", errLast != nil && last != "", first == "" && last == "", a < 0, b < 0:
		return 0, f.Size, false, true
	case first == "":
		a, b = max(0, f.Size-b), f.Size-1
		if last == "0" {
			return 0, 0, false, false
		}
	case last == "":
		b = f.Size - 1
	case b < a:
		return 0, f.Size, false, true
	}
	if a >= f.Size {
		return 0, 0, false, false
	}
	return a, min(b, f.Size-1) - a + 1, true, true
}

// stream sends bytes as fast as the other end takes them.
func (v *Visit) stream(f file.File, from, length int64) error {
	// The route's time is over when the handler returns; the file has its own.
	ctx, cancel := context.WithCancel(context.WithoutCancel(v.Ctx))
	r, err := v.Site.Files.Open(ctx, f, from, length)
	if err != nil {
		cancel()
		if errors.Is(err, fs.ErrNotExist) {
			v.Site.Log.Error("a file's bytes are not in the store", "file", f.ID)
			return fail.Missing("file.missing")
		}
		return fail.Later(busyPause, err)
	}
	v.C.Response().SetBodyStream(&paced{r: r, conn: v.C.Context().Conn(), cancel: cancel, stall: time.AfterFunc(stallTime, cancel)}, int(length))
	return nil
}

// paced gives a slow receiver time for as long as it takes something: a talk's
// slides over a phone may need longer than any page. One that takes nothing, or a
// store that gives nothing, is given up.
type paced struct {
	r      io.ReadCloser
	conn   net.Conn
	cancel context.CancelFunc
	stall  *time.Timer
}

// Read is called when the other end has taken what was read before.
func (p *paced) Read(b []byte) (int, error) {
	p.stall.Reset(stallTime)
	if err := p.conn.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// Close lets go of the file, also when the receiver went away.
func (p *paced) Close() error {
	p.stall.Stop()
	defer p.cancel()
	return p.r.Close()
}

// disposition says whether to show or to save a file, and under which name
// (RFC 6266); the plain name is for old programs.
func disposition(name string, shown bool) string {
	how := "attachment"
	if shown {
		how = "inline"
	}
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
	return how + `; filename="` + plain + `"; filename*=UTF-8''` + extended(name)
}

// extended writes a name as RFC 8187 has it.
func extended(name string) string {
	const plain = "!#$&+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var s strings.Builder
	for _, b := range []byte(name) {
		if strings.IndexByte(plain, b) >= 0 {
			s.WriteByte(b)
		} else {
			fmt.Fprintf(&s, "%%%02X", b)
		}
	}
	return s.String()
}
