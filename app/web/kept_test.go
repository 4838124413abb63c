package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// TestKeptStrings: what a handler keeps of one request stays as it was when the
// connection is used again. The control is the same app without Immutable.
func TestKeptStrings(t *testing.T) {
	h := demoHouse(t)
	for _, immutable := range []bool{true, false} {
		config := h.Fiber().Config()
		if !config.Immutable {
			t.Fatal("the site's strings are not its own")
		}
		config.Immutable = immutable
		app := fiber.New(config)
		var kept []string
		app.Get("/:name", func(c *fiber.Ctx) error {
			kept = append(kept, c.Params("name"), c.Query("q"), c.Get("X-Kept"), c.Path())
			return nil
		})
		site := &webHouse{Site: &Site{Site: h.Site.Site, fiber: app}, t: t}
		site.serve()
		first := []string{"erste", "ensimmainen", "forsta", "/erste"}
		site.ask(http.MethodGet, "/erste?q=ensimmainen", "", "X-Kept", "forsta")
		site.ask(http.MethodGet, "/zweit?q=toinennenen", "", "X-Kept", "andraa")
		if same := slices.Equal(kept[:4], first); same != immutable {
			t.Errorf("immutable %v: kept %v", immutable, kept[:4])
		}
	}
}

// TestNoindex: personal and working pages are kept from search engines, public
// ones are not, whatever a series is called.
func TestNoindex(t *testing.T) {
	h := demoHouse(t)
	for slug, title := range map[string]string{"meetup": "M", "desktop": "D", "doors": "O", "verify-it": "V"} {
		series, err := h.Editions.NewSeries(t.Context(), "", seriesNamed(slug, title))
		h.must(err)
		_, err = h.Registrations.NewEdition(t.Context(), "", series, plainEdition("2027"), nil)
		h.must(err)
	}
	const robots = `<meta name="robots" content="noindex">`
	for path, hidden := range map[string]bool{"/": false, "/cmadfi": false, "/cmadfi/2027": false, "/meetup/2027": false, "/desktop": false, "/desktop/2027": false,
		"/doors/2027": false, "/verify-it": false, "/me": true, "/desk": true, "/desk/cmadfi/2027": true, "/door/cmadfi/2027": true, h.cast.Ticket: true, h.cast.Verify: true, "/verify": true, "/sign-in": true} {
		body := h.page(asOwner, path)
		if got := strings.Contains(body, robots); got != hidden {
			t.Errorf("%s: noindex %v", path, got)
		}
		if got, want := strings.Contains(body, `<nav class="side"`), strings.HasPrefix(path+"/", "/desk/"); got != want {
			t.Errorf("%s: the desk's list is shown: %v", path, got)
		}
	}
}

// A schedule file may be large, but a stranger's is not even read.
func TestLargeBodiesOnlyFromTheSignedIn(t *testing.T) {
	h := demoHouse(t)
	const border = "XbX"
	large := "--" + border + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xml\"\r\n\r\n" +
		strings.Repeat("x", 2*maxForm) + "\r\n--" + border + "--\r\n"
	send := func(who string) int {
		headers := []string{"Content-Type", "multipart/form-data; boundary=" + border, "Sec-Fetch-Site", "same-origin"}
		if who != "" {
			headers = append(headers, "Cookie", h.login(who))
		}
		return h.ask(http.MethodPost, "/desk/cmadfi/2027/import", large, headers...).status
	}
	if got := send(""); got != http.StatusRequestEntityTooLarge {
		t.Errorf("a stranger's file: %d", got)
	}
	if got := send(asOrganiser); got != http.StatusUnprocessableEntity {
		t.Errorf("the control, an organiser's file that is no schedule: %d", got)
	}
}
