package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

// plainText reports whether s may go any further: valid UTF-8 without NUL.
// PostgreSQL takes neither, and SQLite stops reading a statement at a NUL.
func plainText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// checkText refuses, before anything is looked up, an address or a form that
// holds what no text may. Uploads and JSON are read by who takes them.
func (v *visit) checkText() error {
	path, err := url.PathUnescape(v.c.Path())
	if err != nil || !plainText(path) {
		return fail.Missing("web.not_found")
	}
	for key, value := range v.c.Request().URI().QueryArgs().All() {
		if !plainText(string(key)) || !plainText(string(value)) {
			return fail.Missing("web.not_found")
		}
	}
	if v.c.Method() != fiber.MethodPost {
		return nil
	}
	for key, value := range v.c.Request().PostArgs().All() {
		if !plainText(string(key)) || !plainText(string(value)) {
			return fail.New(fail.Invalid, "field.characters")
		}
	}
	return nil
}

// under reports whether a path is the place or lies below it.
func under(path, place string) bool { return path == place || strings.HasPrefix(path, place+"/") }

// localPath writes a path so that no browser takes it for another site's
// address, however many slashes somebody typed.
func localPath(path string) string { return "/" + strings.TrimLeft(path, `/\`) }
