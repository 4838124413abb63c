package desk

import (
	"fmt"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
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
func releaseForm(v *page.Visit, p *deskProgramPage, f *page.Form, draft, public *program.Programme) {
	p.Public = v.T("program_desk.not_released")
	if n := public.Release.Number; n > 0 {
		p.Public = v.T("program_desk.released", "number", fmt.Sprint(n), "when", v.Published(public.Release.ReleasedAt))
		p.PublicHref = v.Edition.Path() + "/program"
	}
	p.Changes = fold(draftChanges(v, draft, public))
	p.Next = v.T("program_desk.release_act", "number", fmt.Sprint(public.Release.Number+1))
	p.Name = f.Field("name", "text", "program_desk.release_name")
	p.Name.Optional = true
	p.Note = newTextGroup(v, f, "note", "textarea", "program_desk.note")
	for i := range p.Note.Fields {
		p.Note.Fields[i].Optional, p.Note.Fields[i].Rows = p.Note.Legend == "", 2
	}
}

// draftChanges are the differences of the draft to what is public.
func draftChanges(v *page.Visit, draft, public *program.Programme) []deskChange {
	var list []deskChange
	for _, x := range draft.Sessions {
		old := public.ByID(x.ID)
		switch {
		case old == nil:
			list = append(list, deskChange{Kind: "added", Text: x.Name(v.Lang), Note: timePlace(v, x)})
		case moved(old, x):
			list = append(list, deskChange{Kind: "changed", Text: x.Name(v.Lang), Note: timePlace(v, old) + " → " + timePlace(v, x)})
		}
	}
	for _, old := range public.Sessions {
		if x := draft.ByID(old.ID); x == nil || !x.Scheduled() {
			list = append(list, deskChange{Kind: "removed", Text: old.Name(v.Lang), Note: timePlace(v, old)})
		}
	}
	return list
}

// timePlace is when and where a session is: ma 25.1. klo 9.40–10.20, Sali 1.
func timePlace(v *page.Visit, x *program.Session) string {
	s := v.OnDay(v.DayTab(x.StartsAt), x.StartsAt, x.EndsAt)
	if x.Room != nil {
		s += ", " + v.Words(x.Room.Name).Text
	}
	return s
}

// ProgramRelease publishes the draft.
func (s Pages) ProgramRelease(v *page.Visit) error {
	f := v.Sent()
	_, err := s.Program.Release(v.Ctx, v.Person.ID, v.Edition, f.Get("name"), f.Texts("note"))
	switch e, _ := fail.As(err); {
	case err == nil:
		v.Say("success", "flash.program_released")
		return v.Redirect("/desk" + v.Edition.Path() + "/program")
	case f.Refused(err):
		return newDeskProgramPage(v, f, nil, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		return newDeskProgramPage(v, f, &templates.Notice{Kind: "info", Text: v.Sentence(e.Key, e.Args)}, nil)
	}
	return err
}
