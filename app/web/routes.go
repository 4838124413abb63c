package web

import (
	"context"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
)

const (
	get  = fiber.MethodGet
	post = fiber.MethodPost
)

const (
	// pageTime bounds the work of a request: a database that hangs is told to the
	// visitor soon, and not by a page that never comes.
	pageTime = 3 * time.Second
	// workTime is for what really takes long: printing and importing.
	workTime = 60 * time.Second
)

// time is how long a request to the route may work.
func (r route) time() time.Duration {
	if strings.HasSuffix(r.path, ".pdf") || strings.HasSuffix(r.path, "/import") || strings.HasSuffix(r.path, "/paper") ||
		strings.Contains(r.path, "/badges/") || strings.Contains(r.path, "/certificates/") {
		return workTime
	}
	return pageTime
}

// route is one line of the table: who may use which address, and who answers.
type route struct {
	method, path string
	who          who
	handler      func(*Site, *visit) error
}

// routes is every address there is, from top to bottom. Fixed parts come before
// {series}, which would take them otherwise.
var routes = []route{
	{get, "/healthz", anyone, (*Site).healthz},
	{get, "/readyz", anyone, (*Site).readyz},
	{get, "/static/:hash/*", anyone, (*Site).staticFile},
	{get, "/favicon.ico", anyone, (*Site).favicon},
	{get, "/robots.txt", anyone, (*Site).robots},

	{get, "/", anyone, (*Site).home},
	{get, "/privacy", anyone, (*Site).privacy},

	{get, "/sign-in", anyone, (*Site).signInForm},
	{post, "/sign-in", anyone, (*Site).signInAsk},
	{post, "/sign-in/code", anyone, (*Site).signInCode},
	{get, "/sign-in/:token", bearer, (*Site).signInPeek},
	{post, "/sign-in/:token", bearer, (*Site).signInRedeem},
	{post, "/sign-out", signedIn, (*Site).signOut},
	{get, "/me", signedIn, (*Site).me},
	{get, "/me/data.json", signedIn, (*Site).meData},
	{post, "/me/erase", signedIn, (*Site).meErase},
	{post, "/me/logins/:login/revoke", signedIn, (*Site).meRevoke},

	{get, "/ticket/:token", bearer, (*Site).ticket},
	{get, "/ticket/:token/ticket.ics", bearer, (*Site).ticketICS},
	{post, "/ticket/:token/cancel", bearer, (*Site).ticketCancel},
	{post, "/ticket/:token/switch", bearer, (*Site).ticketSwitch},
	{get, "/ticket/:token/certificate.pdf", bearer, (*Site).ticketCertificate},
	{get, "/verify", anyone, (*Site).verifyForm},
	{get, "/verify/:code", anyone, (*Site).verify},

	{get, "/api/v1/openapi.json", anyone, (*Site).openAPI},
	{get, "/api/v1/editions/:series/:edition", anyone, (*Site).apiEdition},
	{post, "/api/v1/editions/:series/:edition/registrations", anyone, (*Site).apiRegister},
	{get, "/api/v1/live/:session", anyone, (*Site).liveSocket},
	{post, "/api/v1/live/:session/pass", anyone, (*Site).livePass},

	{get, "/desk", staff, (*Site).desk},
	{get, "/desk/mail", owner, (*Site).deskMail},
	{get, "/desk/new", owner, (*Site).seriesForm},
	{post, "/desk/new", owner, (*Site).seriesCreate},
	{get, "/desk/:series", organiser, (*Site).deskSeries},
	{get, "/desk/:series/new", organiser, (*Site).editionForm},
	{post, "/desk/:series/new", organiser, (*Site).editionCreate},
	{get, "/desk/:series/:edition", moderator, (*Site).deskEdition},
	{get, "/desk/:series/:edition/settings", organiser, (*Site).settingsForm},
	{post, "/desk/:series/:edition/settings", organiser, (*Site).settingsSave},
	{get, "/desk/:series/:edition/registrations", organiser, (*Site).deskRegistrations},
	{post, "/desk/:series/:edition/registrations/:code/cancel", organiser, (*Site).deskCancel},
	{get, "/desk/:series/:edition/program", organiser, (*Site).deskProgram},
	{get, "/desk/:series/:edition/program/new", organiser, (*Site).sessionForm},
	{get, "/desk/:series/:edition/program/:slug", organiser, (*Site).sessionForm},
	{post, "/desk/:series/:edition/program/new", organiser, (*Site).sessionSave},
	{post, "/desk/:series/:edition/program/:slug", organiser, (*Site).sessionSave},
	{post, "/desk/:series/:edition/program/:slug/material", organiser, (*Site).materialAdd},
	{post, "/desk/:series/:edition/program/:slug/material/:material/remove", organiser, (*Site).materialRemove},
	{get, "/desk/:series/:edition/rooms", organiser, (*Site).deskRooms},
	{post, "/desk/:series/:edition/rooms", organiser, (*Site).roomSave},
	{post, "/desk/:series/:edition/tracks", organiser, (*Site).trackSave},
	{post, "/desk/:series/:edition/release", organiser, (*Site).programRelease},
	{post, "/desk/:series/:edition/import", organiser, (*Site).programImport},
	{get, "/desk/:series/:edition/live", moderator, (*Site).deskLive},
	{get, "/desk/:series/:edition/live/:slug", moderator, (*Site).moderate},
	{post, "/desk/:series/:edition/live/:slug", moderator, (*Site).moderateAct},
	{get, "/desk/:series/:edition/paper", organiser, (*Site).deskPaper},
	{get, "/desk/:series/:edition/badges.pdf", organiser, (*Site).badgesPDF},
	{get, "/desk/:series/:edition/badges/:code", organiser, (*Site).badgePDF},
	{get, "/desk/:series/:edition/certificates.pdf", organiser, (*Site).certificatesPDF},
	{get, "/desk/:series/:edition/certificates/:code", organiser, (*Site).certificatePDF},
	{get, "/desk/:series/:edition/people", organiser, (*Site).deskPeople},
	{post, "/desk/:series/:edition/people", organiser, (*Site).deskPeopleAdd},
	{post, "/desk/:series/:edition/people/remove", organiser, (*Site).deskPeopleRemove},
	{get, "/desk/:series/:edition/mail", organiser, (*Site).deskMail},

	{get, "/door/:series/:edition", doorStaff, (*Site).door},
	{post, "/door/:series/:edition", doorStaff, (*Site).doorArrive},
	{post, "/door/:series/:edition/undo", doorStaff, (*Site).doorUndo},

	{get, "/grid.:file", anyone, (*Site).grid},
	{get, "/:series/theme.:file", anyone, (*Site).theme},
	{get, "/:series", anyone, (*Site).series},
	{get, "/:series/:edition", anyone, (*Site).editionPage},
	{get, "/:series/:edition/register", anyone, (*Site).registerForm},
	{post, "/:series/:edition/register", anyone, (*Site).register},
	{get, "/:series/:edition/program", anyone, (*Site).program},
	{get, "/:series/:edition/practical", anyone, (*Site).practical},
	{get, "/:series/:edition/materials", anyone, (*Site).materials},
	{get, "/:series/:edition/schedule.xml", anyone, (*Site).scheduleXML},
	{get, "/:series/:edition/schedule.json", anyone, (*Site).scheduleJSON},
	{get, "/:series/:edition/schedule.ics", anyone, (*Site).scheduleICS},
	{get, "/:series/:edition/feed.xml", anyone, (*Site).feed},
	{get, "/:series/:edition/speakers/:slug", anyone, (*Site).speaker},
	{get, "/:series/:edition/sessions/:slug", anyone, (*Site).session},
	{get, "/:series/:edition/sessions/:slug/live", anyone, (*Site).live},
	{post, "/:series/:edition/sessions/:slug/live", anyone, (*Site).liveAct},
	{get, "/:series/:edition/live", anyone, (*Site).liveDay},
}

// mount puts the table into the router. Nothing else registers a route.
func (s *Site) mount() {
	for _, r := range routes {
		s.fiber.Add(r.method, r.path, s.answer(r))
		if r.method == get {
			s.fiber.Add(fiber.MethodHead, r.path, s.answer(r))
		}
	}
	s.fiber.Use(s.answer(route{who: anyone, handler: func(*Site, *visit) error { return fail.Missing("web.not_found") }}))
}

// answer is the way of every request: protect, find out who and about what,
// decide whether they may, and only then the handler.
func (s *Site) answer(r route) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		s.protect(c)
		v := s.visit(c)
		ctx, cancel := context.WithTimeout(context.Background(), r.time())
		defer cancel()
		v.ctx = ctx
		defer func() {
			if p := recover(); p != nil {
				s.Log.Error("a handler panicked", "path", c.Path(), "panic", p, "stack", string(debug.Stack()))
				err = s.answerError(v, fail.New(fail.Internal, "web.our_fault"))
			}
		}()
		if err := s.guard(v, r); err != nil {
			return s.answerError(v, err)
		}
		if err := r.handler(s, v); err != nil {
			return s.answerError(v, err)
		}
		return nil
	}
}

// guard looks at origin, text, identity, the edition of the address and who may use
// the route, in this order.
func (s *Site) guard(v *visit, r route) error {
	if err := s.checkOrigin(v.c); err != nil {
		return err
	}
	if err := v.checkText(); err != nil {
		return err
	}
	if err := v.identify(); err != nil {
		return err
	}
	if err := v.locate(); err != nil {
		return err
	}
	return r.who.admit(v)
}

// locate finds the series and the edition that the address names.
func (v *visit) locate() (err error) {
	series, slug := v.param("series"), v.param("edition")
	switch {
	case series == "":
		return nil
	case slug == "":
		v.edition.Series, err = v.site.Editions.SeriesBySlug(v.ctx, series)
		v.edition.SeriesID = v.edition.Series.ID
	default:
		v.edition, err = v.site.Editions.Find(v.ctx, series, slug)
	}
	return err
}
