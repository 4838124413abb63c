package public

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/file"
	"agora/app/material"
	"agora/app/registration"
	"agora/app/web/page"
)

// MaterialOpen is where a piece of material is for ever: a file is sent, and to what
// is elsewhere the browser is sent on, at the moment of a recording that ?t=
// names. Organisers also get older versions, by ?v=.
func (s Pages) MaterialOpen(v *page.Visit) error {
	m, err := s.open(v)
	if err != nil {
		return err
	}
	return s.send(v, m)
}

// TicketMaterial is the same for whoever holds a ticket.
func (s Pages) TicketMaterial(v *page.Visit) error {
	m, err := s.openWithTicket(v)
	if err != nil {
		return err
	}
	return s.send(v, m)
}

// open gives the material of the address, if the visitor may see it now. What
// they may not is not there; only of what a confirmed place opens it is told so.
func (s Pages) open(v *page.Visit) (material.Material, error) {
	m, err := s.Material.BySlug(v.Ctx, v.Edition, v.Param("slug"))
	if err != nil || v.May("organiser") {
		return m, err
	}
	may, err := registered(v)
	if err != nil {
		return m, err
	}
	shown, ofPlace, err := s.shownTo(v, m, may)
	switch {
	case err != nil || shown:
		return m, err
	case ofPlace:
		return m, fail.New(fail.Forbidden, "material.registered_only")
	}
	return m, fail.Missing("material.missing")
}

func (s Pages) openWithTicket(v *page.Visit) (m material.Material, err error) {
	r, err := v.Holder()
	if err != nil {
		return m, err
	}
	if m, err = s.Material.BySlug(v.Ctx, v.Edition, v.Param("slug")); err != nil {
		return m, err
	}
	if shown, _, err := s.shownTo(v, m, r.State == registration.Confirmed); err != nil || shown {
		return m, err
	}
	return m, fail.Missing("material.missing")
}

// shownTo tells whether it is shown, and whether it would be to those with a place.
func (s Pages) shownTo(v *page.Visit, m material.Material, registered bool) (shown, ofPlace bool, err error) {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return false, false, err
	}
	if shown, err = s.Material.Shown(v.Ctx, v.Edition, p, m, v.Now, registered); err != nil || shown {
		return shown, false, err
	}
	ofPlace, err = s.Material.Shown(v.Ctx, v.Edition, p, m, v.Now, true)
	return false, ofPlace, err
}

func (s Pages) send(v *page.Visit, m material.Material) error {
	if asked := v.Query("v"); asked != "" && asked != strconv.FormatInt(m.Version, 10) {
		return s.sendOld(v, m, asked)
	}
	if m.File == nil {
		if m.FileID != "" {
			return fail.Missing("file.missing")
		}
		s.count(v, m)
		v.C.Set(fiber.HeaderCacheControl, "private, no-store")
		return v.C.Redirect(s.Material.AddressAt(m, secondsOf(v.Query("t"))), fiber.StatusFound)
	}
	cache := "no-cache"
	if m.Visibility != material.Public || v.SignedIn() {
		cache = "private, no-cache"
	}
	if err := v.SendFile(*m.File, false, cache); err != nil {
		return err
	}
	if status := v.C.Response().StatusCode(); status == fiber.StatusOK || status == fiber.StatusPartialContent {
		s.count(v, m)
	}
	return nil
}

// sendOld sends a version that has been replaced, to organisers.
func (s Pages) sendOld(v *page.Visit, m material.Material, number string) error {
	if !v.May("organiser") {
		return fail.Missing("material.missing")
	}
	versions, err := s.Material.Versions(v.Ctx, v.Edition, m.ID)
	if err != nil {
		return err
	}
	for _, old := range versions {
		switch {
		case strconv.FormatInt(old.Number, 10) != number:
		case old.File != nil:
			return v.SendFile(*old.File, false, "private, no-cache")
		case old.URL != "":
			v.C.Set(fiber.HeaderCacheControl, "private, no-store")
			return v.C.Redirect(old.URL, fiber.StatusFound)
		}
	}
	return fail.Missing("material.missing")
}

// count counts an opening: not the organisers' own, not a browser that fetches
// ahead of its reader, and a file that is fetched in parts only once.
func (s Pages) count(v *page.Visit, m material.Material) {
	ahead := strings.Contains(v.C.Get("Sec-Purpose")+v.C.Get("Purpose"), "prefetch")
	part := v.C.Get(fiber.HeaderRange)
	if v.C.Method() == fiber.MethodGet && !ahead && !v.May("organiser") && (part == "" || strings.HasPrefix(part, "bytes=0-")) {
		s.Material.Count(v.Edition, m.ID)
	}
}

// secondsOf reads how far into a recording to begin; nothing is its beginning.
func secondsOf(s string) time.Duration {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// Captions are a recording's words in one language, as browsers read them.
func (s Pages) Captions(v *page.Visit) error {
	m, err := s.open(v)
	if err != nil {
		return err
	}
	return s.sendCaptions(v, m)
}

// TicketCaptions are the same for whoever holds a ticket.
func (s Pages) TicketCaptions(v *page.Visit) error {
	m, err := s.openWithTicket(v)
	if err != nil {
		return err
	}
	return s.sendCaptions(v, m)
}

func (s Pages) sendCaptions(v *page.Visit, m material.Material) error {
	language, ok := strings.CutSuffix(v.Param("file"), ".vtt")
	for _, c := range m.Captions {
		if !ok || c.Language != language {
			continue
		}
		f, err := s.Files.ByID(v.Ctx, c.FileID)
		if err != nil {
			return err
		}
		b, err := s.readAll(v, f)
		if err != nil {
			return err
		}
		v.C.Set(fiber.HeaderCacheControl, "private, no-cache")
		v.C.Set(fiber.HeaderContentType, "text/vtt; charset=utf-8")
		return v.C.Send(material.WebVTT(b))
	}
	return fail.Missing("material.missing")
}

// readAll reads a small file; captions were measured when they were taken.
func (s Pages) readAll(v *page.Visit, f file.File) ([]byte, error) {
	r, err := s.Files.Open(v.Ctx, f, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	_, err = io.Copy(&b, io.LimitReader(r, material.MaxCaption))
	return b.Bytes(), err
}
