package public

import (
	"bytes"
	"fmt"
	"io"
	"time"

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
		x, err := s.schedule(v, p)
		if err != nil {
			return err
		}
		return exchange.WriteICS(w, calendarOf(p, x, slug))
	})
}

// calendarOf makes a calendar whose entries count their changes, so that a
// subscriber sees a moved session move.
func calendarOf(p *program.Programme, x exchange.Schedule, slug string) exchange.Calendar {
	c := exchange.CalendarOf(x, lastChange(p))
	versions, only := map[string]int64{}, ""
	for _, session := range p.Sessions {
		versions[session.GUID] = session.Version
		if session.Slug == slug {
			only = session.GUID
		}
	}
	kept := c.Events[:0]
	for _, e := range c.Events {
		if slug != "" && e.UID != only {
			continue
		}
		e.Sequence = int(versions[e.UID])
		kept = append(kept, e)
	}
	c.Events = kept
	return c
}

// lastChange is when the public programme became what it is. It keeps a file the
// same, byte for byte, until something in it changes.
func lastChange(p *program.Programme) time.Time {
	last := p.Release.ReleasedAt
	for _, x := range p.Sessions {
		if x.ChangedAt.After(last) {
			last = x.ChangedAt
		}
	}
	if last.IsZero() {
		last = p.Edition.CreatedAt
	}
	return last.UTC().Truncate(time.Second)
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
	key := fmt.Sprint(name, "\x00", v.Edition.ID, "\x00", part, "\x00", p.Edition.Revision)
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
