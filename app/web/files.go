package web

import (
	"io/fs"
	"path"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/static"
)

var fileKinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png",
}

// staticFile serves our own files. The address holds their hash, so a browser
// may keep them for a year and never has an old one.
func (s *Site) staticFile(v *visit) error {
	name := path.Clean(v.param("*"))
	kind, known := fileKinds[path.Ext(name)]
	if "/static/"+v.param("hash") != s.static || !known || !fs.ValidPath(name) {
		return fail.Missing("web.not_found")
	}
	k, err := s.cache.get("static\x00"+name, func() ([]byte, string, error) {
		b, err := fs.ReadFile(static.FS, name)
		if err != nil {
			return nil, "", fail.Missing("web.not_found")
		}
		return b, kind, nil
	})
	if err != nil {
		return err
	}
	return v.sendKept(k, "public, max-age=31536000, immutable")
}

// favicon and robots live at addresses that others choose.
func (s *Site) favicon(v *visit) error { return v.c.Redirect(s.static+"/icon.svg", fiber.StatusFound) }

func (s *Site) robots(v *visit) error {
	v.c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return v.c.SendString("User-agent: *\nDisallow: /desk\nDisallow: /ticket\nDisallow: /me\nDisallow: /verify\nDisallow: /api\n")
}

// healthz says that the process is up; it looks at nothing else.
func (s *Site) healthz(v *visit) error { return v.c.SendString("ok\n") }

// readyz says whether the process can serve: its database answers and it is
// not stopping.
func (s *Site) readyz(v *visit) error {
	if s.draining() {
		return v.c.Status(fiber.StatusServiceUnavailable).SendString("stopping\n")
	}
	if err := s.DB.Read.PingContext(v.ctx); err != nil {
		s.Log.Warn("not ready", logValue(err))
		return v.c.Status(fiber.StatusServiceUnavailable).SendString("the database does not answer\n")
	}
	return v.c.SendString("ready\n")
}
