package web

import (
	"net"
	"os"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"
)

// BenchmarkProgramPage measures the programme of 1,007 sessions against a handler
// that does nothing but send the same bytes, over the same kind of connection.
func BenchmarkProgramPage(b *testing.B) {
	file, err := os.ReadFile("../../../shared/data/38c3.xml")
	if err != nil {
		b.Skip("the folder of real schedules is not there")
	}
	p := newProgramSite(b)
	p.ok(p.upload("38c3.xml", file, "release", "1"))
	const path = "/cmadfi/2027/program?day=all"
	zipped := p.get(path, "Accept-Encoding", "gzip")
	bare := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	bare.Get("/*", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.SendString(zipped.body)
	})
	b.Run("page", func(b *testing.B) { ask(b, p.Fiber(), path) })
	b.Run("same bytes", func(b *testing.B) { ask(b, bare, path) })
}

// ask sends requests over connections that stay open, as browsers do.
func ask(b *testing.B, app *fiber.App, path string) {
	listener := fasthttputil.NewInmemoryListener()
	app.Handler() // builds the router, as listening does
	go app.Server().Serve(listener)
	b.Cleanup(func() { listener.Close() })
	client := &fasthttp.Client{Dial: func(string) (net.Conn, error) { return listener.Dial() }}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		req.SetRequestURI("http://agora.test" + path)
		req.Header.Set("Accept-Encoding", "gzip")
		for pb.Next() {
			if err := client.Do(req, res); err != nil || res.StatusCode() != fiber.StatusOK {
				b.Error(err, res.StatusCode())
				return
			}
		}
	})
}
