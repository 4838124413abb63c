package page

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

// contentPolicy is the Content-Security-Policy of every page: nothing inline,
// nothing from elsewhere, no framing. It names the websocket's own scheme
// because some browsers do not count it as 'self'.
func (s *Site) contentPolicy() string {
	socket := "ws://" + s.Base.Host
	if s.Secure {
		socket = "wss://" + s.Base.Host
	}
	if s.Config.Demo {
		socket += " ws://localhost:* ws://127.0.0.1:*"
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self' " + socket + "; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// LetIn lets the page that is being made show frames and media of these places,
// and of no others, once somebody presses for them; Self is our own.
func (v *Visit) LetIn(frames, media []string) {
	policy := v.Site.policy
	for _, d := range []struct {
		name   string
		places []string
	}{{"frame-src", frames}, {"media-src", media}} {
		if len(d.places) > 0 {
			places := slices.Sorted(slices.Values(d.places))
			policy += "; " + d.name + " " + strings.Join(slices.Compact(places), " ")
		}
	}
	v.policy = policy
	v.C.Set(policyHeader, policy)
}

// Self is our own place in a policy.
const Self = "'self'"

const policyHeader = "Content-Security-Policy"

// Protect sets the headers every answer carries.
func (s *Site) Protect(c *fiber.Ctx) {
	c.Set(policyHeader, s.policy)
	c.Set("X-Content-Type-Options", "nosniff")
	// no-referrer would make browsers send "Origin: null" with forms.
	c.Set("Referrer-Policy", "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	if s.Secure {
		c.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// CheckOrigin refuses changes that another site makes a browser send. The
// browser's own word counts first; where it is absent (plain http) the origin
// must be ours; a call with neither passes only without cookies: a program.
func (s *Site) CheckOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return nil
	}
	foreign := fail.New(fail.Unwelcome, "web.foreign_origin")
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		if site == "same-origin" {
			return nil
		}
		return foreign
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		if s.OwnOrigin(origin) {
			return nil
		}
		return foreign
	}
	if len(c.Request().Header.Peek(fiber.HeaderCookie)) > 0 {
		return foreign
	}
	return nil
}

// OwnOrigin compares an Origin header with the configured address.
func (s *Site) OwnOrigin(origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	if u.Scheme == s.Base.Scheme && strings.EqualFold(u.Host, s.Base.Host) {
		return true
	}
	return s.Config.Demo && u.Scheme == "http" && u.Port() == s.Base.Port() && loopback(u.Hostname())
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ClientAddress is who is on the other end: the connection's own address, or,
// behind a trusted proxy, the rightmost hop that is not one of ours.
func (s *Site) ClientAddress(c *fiber.Ctx) string {
	address := c.Context().RemoteIP().String()
	if !s.trusted(address) {
		return address
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop := strings.TrimSpace(hops[i])
		if net.ParseIP(hop) == nil {
			break
		}
		address = hop
		if !s.trusted(hop) {
			break
		}
	}
	return address
}

func (s *Site) trusted(address string) bool {
	ip := net.ParseIP(address)
	for _, p := range s.Config.TrustedProxies {
		if _, block, err := net.ParseCIDR(p); err == nil && block.Contains(ip) {
			return true
		}
		if one := net.ParseIP(p); one != nil && one.Equal(ip) {
			return true
		}
	}
	return false
}
