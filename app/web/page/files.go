package page

import (
	"io/fs"
	"path"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/static"
)

const (
	// SheetKind is the kind of a style sheet.
	SheetKind = "text/css; charset=utf-8"
	// ForYears lets browsers keep what stands at an address that holds its hash.
	ForYears = "public, max-age=31536000, immutable"
)

var fileKinds = map[string]string{
	".css": SheetKind, ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".png": "image/png",
}

// StaticFile serves our own files. The address holds their hash, so a browser
// may keep them for a year and never has an old one.
func (s *Site) StaticFile(v *Visit) error {
	name := path.Clean(v.Param("*"))
	kind, known := fileKinds[path.Ext(name)]
	if "/static/"+v.Param("hash") != s.Static || !known || !fs.ValidPath(name) {
		return fail.Missing("web.not_found")
	}
	return v.SendMade("static\x00"+name, ForYears, func() ([]byte, string, error) {
		b, err := fs.ReadFile(static.FS, name)
		if err != nil {
			return nil, "", fail.Missing("web.not_found")
		}
		return b, kind, nil
	})
}

// Favicon lives, as Robots does, at an address that others choose.
func (s *Site) Favicon(v *Visit) error { return v.C.Redirect(s.Static+"/icon.svg", fiber.StatusFound) }

// Robots keeps search engines away from what is private.
func (s *Site) Robots(v *Visit) error {
	v.C.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return v.C.SendString("User-agent: *\nDisallow: /desk\nDisallow: /ticket\nDisallow: /proposal\nDisallow: /speak\nDisallow: /me\nDisallow: /verify\nDisallow: /api\n")
}

// Healthz says that the process is up; it looks at nothing else.
func (s *Site) Healthz(v *Visit) error { return v.C.SendString("ok\n") }

// Readyz says whether the process can serve: its database answers and it is
// not stopping.
func (s *Site) Readyz(v *Visit) error {
	if s.draining() {
		return v.C.Status(fiber.StatusServiceUnavailable).SendString("stopping\n")
	}
	if err := s.DB.Read.PingContext(v.Ctx); err != nil {
		s.Log.Warn("not ready", "error", err.Error())
		return v.C.Status(fiber.StatusServiceUnavailable).SendString("the database does not answer\n")
	}
	return v.C.SendString("ready\n")
}
