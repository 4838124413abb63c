package public

import (
	"fmt"
	"slices"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakerPage is who somebody is and what they speak about.
type speakerPage struct {
	Name        string
	Face        templates.Person
	Biography   page.Words
	Links       []program.Link
	Sessions    []templates.SessionRow
	ProgramHref string
	Stars       starBox
	about       string
}

func (p speakerPage) Shape(f *page.Frame) {
	f.Description, f.Scripts = p.about, append(f.Scripts, "stars")
}

// Speaker shows somebody who is on a session of the newest release.
func (s Pages) Speaker(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	who := p.SpeakerBySlug(v.Param("slug"))
	if who == nil {
		return fail.Missing("programme.speaker_gone")
	}
	return v.PublicPage("program/speaker", who.Name, fmt.Sprint(p.Edition.Revision, turn(p, v.Now)), func() (any, error) {
		st, err := s.newStars(v)
		if err != nil {
			return nil, err
		}
		made := speakerPage{Stars: st.box(), Name: who.Name, Face: templates.Person{Name: who.Name, Initials: page.Initials(who.Name), Size: "big"},
			Biography: v.Words(who.Biography), ProgramHref: v.Edition.Path() + "/program"}
		if made.about = page.Shorten(made.Biography.Text, maxAbout); made.about == "" {
			made.about = v.T("speaker_page.about", "name", who.Name, "edition", v.Edition.Name(v.Lang))
		}
		if who.Extra.URL != "" {
			made.Links = append(made.Links, program.Link{Title: page.ShownURL(who.Extra.URL), URL: who.Extra.URL})
		}
		for _, l := range who.Extra.Links {
			if l.Title == "" {
				l.Title = page.ShownURL(l.URL)
			}
			made.Links = append(made.Links, l)
		}
		for _, x := range who.Sessions {
			row := sessionRow(v, x, st)
			row.Time = v.OnDay(page.UpperFirst(text.Weekday(v.Lang, x.StartsAt))+" "+text.DayMonth(v.Lang, x.StartsAt), x.StartsAt, x.EndsAt)
			row.Speakers = slices.DeleteFunc(row.Speakers, func(name string) bool { return name == who.Name })
			made.Sessions = append(made.Sessions, row)
		}
		return made, nil
	})
}
