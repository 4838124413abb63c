package page

import (
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"agora/app/text"
)

// What browsers wish for is kept beyond the request, and stays as it was when
// the connection is used again.
func TestKeptWishes(t *testing.T) {
	s := &Site{Deps: Deps{Now: func() time.Time { return time.Time{} }}, langs: &langMemo{known: map[string]text.Lang{}}}
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(string(s.Visit(c).Lang)) })
	listener := fasthttputil.NewInmemoryListener()
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	client := &fasthttp.HostClient{Addr: "agora.test", MaxConns: 1, Dial: func(string) (net.Conn, error) { return listener.Dial() }}
	wishes := []string{"sv-FI,sv;q=0.9,de;q=0.1", "en-GB,en;q=0.8,fr;q=0.2", "fi-FI,fi;q=0.7,et;q=0.3"}
	var req fasthttp.Request
	var res fasthttp.Response
	for _, w := range wishes {
		req.SetRequestURI("http://agora.test/")
		req.Header.Set("Accept-Language", w)
		if err := client.Do(&req, &res); err != nil || res.StatusCode() != fiber.StatusOK {
			t.Fatal(err, res.StatusCode())
		}
	}
	client.CloseIdleConnections()
	if err := app.Shutdown(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
	for i, w := range wishes {
		if l := s.langs.known[w]; l != []text.Lang{"sv", "en", "fi"}[i] {
			t.Errorf("%q is remembered as %q among %v", w, l, s.langs.known)
		}
	}
}
