package public

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"

	"agora/app/web/page"
)

// openAPIText describes the API for other programs (OpenAPI 3.1). A test holds
// it against the table of routes.
//
//go:embed openapi.json
var openAPIText []byte

// OpenAPI describes the API.
func (s Pages) OpenAPI(v *page.Visit) error {
	return v.SendMade("openapi", "no-cache", func() ([]byte, string, error) {
		return openAPIText, fiber.MIMEApplicationJSONCharsetUTF8, nil
	})
}
