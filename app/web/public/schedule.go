package public

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/web/page"
)

const (
	kindXML  = "application/xml; charset=utf-8"
	kindJSON = "application/json; charset=utf-8"
	kindICS  = "text/calendar; charset=utf-8"
	kindAtom = "application/atom+xml; charset=utf-8"
)

// ScheduleXML, ScheduleJSON and ScheduleICS are the newest release for apps and
// calendars. They are the same for everybody, in each session's own language.
func (s Pages) ScheduleXML(v *page.Visit) error {
	return export(v, "schedule.xml", kindXML, "", func(w io.Writer, p *program.Programme) error {
		x, err := s.schedule(v, p)
		if err != nil {
			return err
		}
		return exchange.WriteXML(w, x)
	})
}

// ScheduleJSON is the same schedule in JSON.
func (s Pages) ScheduleJSON(v *page.Visit) error {
	return export(v, "schedule.json", kindJSON, "", func(w io.Writer, p *program.Programme) error {
		x, err := s.schedule(v, p)
		if err != nil {
			return err
		}
		return exchange.WriteJSON(w, x)
	})
}

// ScheduleICS is the whole programme, or with ?session a single one of it.
func (s Pages) ScheduleICS(v *page.Visit) error {
	slug := v.Query("session")
	name := v.Edition.Acronym() + ".ics"
	if slug != "" {
		p, err := s.Program.Programme(v.Ctx, v.Edition)
		if err != nil {
			return err
		}
		if p.BySlug(slug) == nil {
			return fail.Missing("programme.session_gone")
		}
		name = slug + ".ics"
	}
	v.C.Set(fiber.HeaderContentDisposition, fmt.Sprintf("inline; filename=%q", name))
	return export(v, "schedule.ics", kindICS, slug, func(w io.Writer, p *program.Programme) error {
		var only func(string) bool
		if slug != "" {
			only = func(id string) bool { return p.BySlug(slug) != nil && p.BySlug(slug).ID == id }
		}
		c, err := s.Program.Calendar(v.Ctx, v.Edition, s.root(), only)
		if err != nil {
			return err
		}
		return exchange.WriteICS(w, c)
	})
}

// schedule is the programme as files carry it, with its sessions' material.
func (s Pages) schedule(v *page.Visit, p *program.Programme) (exchange.Schedule, error) {
	x := program.Schedule(p, s.root())
	err := s.Material.Fill(v.Ctx, p, &x)
	return x, err
}

// export sends a file made of the public programme: once made, it is kept for as
// long as the edition stays as it is. Apps of other sites may read it.
func export(v *page.Visit, name, kind, part string, write func(io.Writer, *program.Programme) error) error {
	p, err := v.Site.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	due, err := v.Site.Material.Due(v.Ctx, v.Edition, p, v.Now)
	if err != nil {
		return err
	}
	key := fmt.Sprint(name, "\x00", v.Edition.ID, "\x00", part, "\x00", p.Edition.Revision, "\x00", due)
	err = v.SendMade(key, "no-cache", func() ([]byte, string, error) {
		var b bytes.Buffer
		err := write(&b, p)
		return b.Bytes(), kind, err
	})
	if err != nil {
		return err
	}
	v.C.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	return nil
}
