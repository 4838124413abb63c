package web

import (
	"fmt"

	"agora/app/fail"
	"agora/app/program"
	"agora/templates"
)

// moved reports whether a session stands elsewhere in the draft than in public;
// one that is not public does.
func moved(public, draft *program.Session) bool {
	return public == nil || !public.StartsAt.Equal(draft.StartsAt) || !public.EndsAt.Equal(draft.EndsAt) || roomID(public) != roomID(draft)
}

func roomID(x *program.Session) string {
	if x.Room == nil {
		return ""
	}
	return x.Room.ID
}

// releaseForm tells what the next release would change, and asks for a note.
func (v *visit) releaseForm(p *deskProgramPage, f *form, draft, public *program.Programme) {
	p.Public = v.t("program_desk.not_released")
	if n := public.Release.Number; n > 0 {
		p.Public = v.t("program_desk.released", "number", fmt.Sprint(n), "when", v.published(public.Release.ReleasedAt))
		p.PublicHref = v.edition.Path() + "/program"
	}
	p.Changes = fold(v.draftChanges(draft, public))
	p.Next = v.t("program_desk.release_act", "number", fmt.Sprint(public.Release.Number+1))
	p.Name = f.field("name", "text", "program_desk.release_name")
	p.Name.Optional = true
	p.Note = v.textGroup(f, "note", "textarea", "program_desk.note")
	for i := range p.Note.Fields {
		p.Note.Fields[i].Optional, p.Note.Fields[i].Rows = p.Note.Legend == "", 2
	}
}

// draftChanges are the differences of the draft to what is public.
func (v *visit) draftChanges(draft, public *program.Programme) []deskChange {
	var list []deskChange
	for _, x := range draft.Sessions {
		old := public.ByID(x.ID)
		switch {
		case old == nil:
			list = append(list, deskChange{Kind: "added", Text: x.Name(v.lang), Note: v.timePlace(x)})
		case moved(old, x):
			list = append(list, deskChange{Kind: "changed", Text: x.Name(v.lang), Note: v.timePlace(old) + " → " + v.timePlace(x)})
		}
	}
	for _, old := range public.Sessions {
		if x := draft.ByID(old.ID); x == nil || !x.Scheduled() {
			list = append(list, deskChange{Kind: "removed", Text: old.Name(v.lang), Note: v.timePlace(old)})
		}
	}
	return list
}

// timePlace is when and where a session is: ma 25.1. klo 9.40–10.20, Sali 1.
func (v *visit) timePlace(x *program.Session) string {
	s := v.onDay(v.dayTab(x.StartsAt), x.StartsAt, x.EndsAt)
	if x.Room != nil {
		s += ", " + v.words(x.Room.Name).Text
	}
	return s
}

// programRelease publishes the draft.
func (s *Site) programRelease(v *visit) error {
	f := v.sent()
	_, err := s.Program.Release(v.ctx, v.person.ID, v.edition, f.get("name"), f.texts("note"))
	switch e, _ := fail.As(err); {
	case err == nil:
		v.say("success", "flash.program_released")
		return v.redirect("/desk" + v.edition.Path() + "/program")
	case f.refused(err):
		return v.deskProgramPage(f, nil, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.c.Status(statuses[fail.Conflict])
		return v.deskProgramPage(f, &templates.Notice{Kind: "info", Text: v.sentence(e.Key, e.Args)}, nil)
	}
	return err
}
