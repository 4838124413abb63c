package web

import (
	"fmt"
	"slices"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/templates"
)

// speakerPage is who somebody is and what they speak about.
type speakerPage struct {
	Name        string
	Face        templates.Person
	Biography   words
	Links       []program.Link
	Sessions    []templates.SessionRow
	ProgramHref string
	about       string
}

func (p speakerPage) shape(f *frame) { f.Description = p.about }

// speaker shows somebody who is on a session of the newest release.
func (s *Site) speaker(v *visit) error {
	p, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	who := p.SpeakerBySlug(v.param("slug"))
	if who == nil {
		return fail.Missing("programme.speaker_gone")
	}
	return v.publicPage("program/speaker", who.Name, fmt.Sprint(p.Edition.Revision, turn(p, v.now)), func() (any, error) {
		page := speakerPage{Name: who.Name, Face: templates.Person{Name: who.Name, Initials: initials(who.Name), Size: "big"},
			Biography: v.words(who.Biography), ProgramHref: v.edition.Path() + "/program"}
		if page.about = shorten(page.Biography.Text, maxAbout); page.about == "" {
			page.about = v.t("speaker_page.about", "name", who.Name, "edition", v.edition.Name(v.lang))
		}
		if who.Extra.URL != "" {
			page.Links = append(page.Links, program.Link{Title: shownURL(who.Extra.URL), URL: who.Extra.URL})
		}
		for _, l := range who.Extra.Links {
			if l.Title == "" {
				l.Title = shownURL(l.URL)
			}
			page.Links = append(page.Links, l)
		}
		for _, x := range who.Sessions {
			row := v.sessionRow(x)
			row.Time = v.onDay(upperFirst(text.Weekday(v.lang, x.StartsAt))+" "+text.DayMonth(v.lang, x.StartsAt), x.StartsAt, x.EndsAt)
			row.Speakers = slices.DeleteFunc(row.Speakers, func(name string) bool { return name == who.Name })
			page.Sessions = append(page.Sessions, row)
		}
		return page, nil
	})
}
