package web

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

// openAPIText describes the API for other programs (OpenAPI 3.1). A test holds
// it against the table of routes.
//
//go:embed openapi.json
var openAPIText []byte

func (s *Site) openAPI(v *visit) error {
	k, err := s.cache.get("openapi", func() ([]byte, string, error) {
		return openAPIText, fiber.MIMEApplicationJSONCharsetUTF8, nil
	})
	if err != nil {
		return err
	}
	return v.sendKept(k, "no-cache")
}
