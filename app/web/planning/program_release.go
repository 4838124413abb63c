package planning

import (
	"fmt"

	"agora/app/agenda"
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
func releaseForm(v *page.Visit, p *programPage, f *page.Form, public *program.Programme) error {
	p.Public = v.T("program_desk.not_released")
	if n := public.Release.Number; n > 0 {
		p.Public = v.T("program_desk.released", "number", fmt.Sprint(n), "when", v.SentenceTime(public.Release.ReleasedAt))
		p.PublicHref = v.Edition.Path() + "/program"
	}
	changes, err := v.Site.Program.Pending(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	p.Changes = fold(pendingChanges(v, changes))
	if public.Release.Number > 0 && v.Site.Agendas != nil {
		people, err := v.Site.Agendas.Affected(v.Ctx, v.Edition, changes)
		if err != nil {
			return err
		}
		p.Letters = v.T("agenda.letters", "n", people)
	}
	p.Next = v.T("program_desk.release_act", "number", fmt.Sprint(public.Release.Number+1))
	p.Name = f.Field("name", "text", "program_desk.release_name")
	p.Name.Optional = true
	p.Note = f.TextGroup("note", "textarea", "program_desk.note")
	for i := range p.Note.Fields {
		p.Note.Fields[i].Optional, p.Note.Fields[i].Rows = p.Note.Legend == "", 2
	}
	return nil
}

// pendingChanges are what the next release would tell people, in the words that
// the letter and the public log use.
func pendingChanges(v *page.Visit, changes []program.Change) []changeLine {
	words := agenda.Words{Catalogue: v.Site.Words, Lang: v.Lang, Edition: v.Edition}
	list := make([]changeLine, 0, len(changes))
	for _, c := range changes {
		line := changeLine{Kind: "changed", Text: words.Change(c)}
		switch c.Kind {
		case program.Added, program.Uncancelled:
			line.Kind = "added"
		case program.Removed, program.Cancelled:
			line.Kind = "removed"
		}
		list = append(list, line)
	}
	return list
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
		return newProgramPage(v, f, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		return newProgramPage(v, f, &templates.Notice{Kind: "info", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}
