package page

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

// PlainText reports whether s may go any further: valid UTF-8 without NUL.
// PostgreSQL takes neither, and SQLite stops reading a statement at a NUL.
func PlainText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// CheckText refuses, before anything is looked up, an address or a form that
// holds what no text may. Uploads and JSON are read by who takes them.
func (v *Visit) CheckText() error {
	path, err := url.PathUnescape(v.C.Path())
	if err != nil || !PlainText(path) {
		return fail.Missing("web.not_found")
	}
	for key, value := range v.C.Request().URI().QueryArgs().All() {
		if !PlainText(string(key)) || !PlainText(string(value)) {
			return fail.Missing("web.not_found")
		}
	}
	if v.C.Method() != fiber.MethodPost {
		return nil
	}
	for key, value := range v.C.Request().PostArgs().All() {
		if !PlainText(string(key)) || !PlainText(string(value)) {
			return fail.New(fail.Invalid, "field.characters")
		}
	}
	return v.checkParts()
}

// checkParts looks at the fields of a form that brings files.
func (v *Visit) checkParts() error {
	if len(v.C.Request().Header.MultipartFormBoundary()) == 0 {
		return nil
	}
	sent, err := v.C.MultipartForm()
	if err != nil {
		return nil //nolint:nilerr // whoever reads the form is told
	}
	for key, values := range sent.Value {
		for _, value := range values {
			if !PlainText(key) || !PlainText(value) {
				return fail.New(fail.Invalid, "field.characters")
			}
		}
	}
	return nil
}

// under reports whether a path is the place or lies below it.
func under(path, place string) bool { return path == place || strings.HasPrefix(path, place+"/") }

// localPath writes a path so that no browser takes it for another site's
// address, however many slashes somebody typed.
func localPath(path string) string { return "/" + strings.TrimLeft(path, `/\`) }
