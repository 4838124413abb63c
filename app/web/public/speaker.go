package public

import (
	"fmt"
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// speakerPage is who somebody is, what they speak about here, and what they have
// spoken about in other editions.
type speakerPage struct {
	Name        string
	Face        templates.Person
	Biography   page.Words
	Links       []program.Link
	Sessions    []speakerTalk
	Elsewhere   string // the heading of Others
	Others      []speakerEdition
	ProgramHref string
	ListHref    string
	EditHref    string // for organisers
	Stars       starBox
	Data        ldSpeaker
	about       string
}

// speakerTalk is a session with what it left behind.
type speakerTalk struct {
	Row      templates.SessionRow
	Material []materialRow
}

// speakerEdition is what somebody spoke about in another edition.
type speakerEdition struct {
	Name, When string
	Href, Page string // the edition, and the speaker's page there
	Talks      []speakerTalk
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
	all, err := s.Program.Elsewhere(v.Ctx, who.Who)
	if err != nil {
		return err
	}
	key, err := s.speakerKey(v, p, all)
	if err != nil {
		return err
	}
	return v.PublicPage("program/speaker", who.Name, key, func() (any, error) { return s.newSpeakerPage(v, p, who, all) })
}

// speakerKey names what the page depends on: the programme and the material of
// every edition in which the same human speaks.
func (s Pages) speakerKey(v *page.Visit, p *program.Programme, all []program.Appearance) (string, error) {
	var b strings.Builder
	fmt.Fprint(&b, p.Edition.Revision, turn(p, v.Now))
	for _, a := range all {
		due, err := s.Material.Due(v.Ctx, a.Edition, a.Programme, v.Now)
		if err != nil {
			return "", err
		}
		fmt.Fprint(&b, " ", a.Edition.ID, a.Edition.Revision, " ", due)
	}
	return b.String(), nil
}

func (s Pages) newSpeakerPage(v *page.Visit, p *program.Programme, who *program.Speaker, all []program.Appearance) (any, error) {
	st, err := s.newStars(v)
	if err != nil {
		return nil, err
	}
	base := v.Edition.Path()
	made := speakerPage{Stars: st.box(), Name: who.Name, Face: speakerFace(v, who, "portrait"), Biography: v.Words(who.Biography),
		Links: speakerLinks(who), ProgramHref: base + "/program", ListHref: base + "/speakers"}
	if made.about = page.Shorten(made.Biography.Text, maxAbout); made.about == "" {
		made.about = v.T("speaker_page.about", "name", who.Name, "edition", v.Edition.Name(v.Lang))
	}
	if v.May("organiser") {
		made.EditHref = "/desk" + base + "/speakers/" + who.Slug
	}
	if made.Sessions, err = s.speakerTalks(v, p, who, st); err != nil {
		return nil, err
	}
	if err := s.speakElsewhere(v, &made, all); err != nil {
		return nil, err
	}
	made.Data = newLdSpeaker(v, who, made)
	return made, nil
}

// speakElsewhere tells the other editions, and whether they were before this one
// or after it.
func (s Pages) speakElsewhere(v *page.Visit, made *speakerPage, all []program.Appearance) error {
	earlier, later := false, false
	for _, a := range all {
		if a.Edition.ID == v.Edition.ID {
			continue
		}
		there := *v
		there.Edition = a.Edition
		talks, err := s.speakerTalks(&there, a.Programme, a.Speaker, stars{v: &there})
		if err != nil {
			return err
		}
		after := a.Edition.StartsAt.After(v.Edition.StartsAt)
		earlier, later = earlier || !after, later || after
		one := speakerEdition{Name: a.Edition.Name(v.Lang), Href: a.Edition.Path(), Page: a.Edition.Path() + "/speakers/" + a.Speaker.Slug, Talks: talks}
		one.When = text.Date(v.Lang, a.Edition.Local(a.Edition.StartsAt))
		if city := there.Words(a.Edition.City).Text; !strings.Contains(one.Name, city) {
			one.When = city + " " + one.When
		}
		made.Others = append(made.Others, one)
	}
	switch {
	case earlier && later:
		made.Elsewhere = v.T("speaker_page.elsewhere")
	case later:
		made.Elsewhere = v.T("speaker_page.later")
	default:
		made.Elsewhere = v.T("speaker_page.earlier")
	}
	return nil
}

// speakerTalks are a speaker's sessions in the visit's edition, with the material
// that the visitor may see.
func (s Pages) speakerTalks(v *page.Visit, p *program.Programme, who *program.Speaker, st stars) ([]speakerTalk, error) {
	may, err := registered(v)
	if err != nil {
		return nil, err
	}
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, may)
	if err != nil {
		return nil, err
	}
	talks := make([]speakerTalk, 0, len(who.Sessions))
	for _, x := range who.Sessions {
		row := sessionRow(v, x, st)
		row.Time = v.OnDay(page.UpperFirst(text.Weekday(v.Lang, x.StartsAt))+" "+text.DayMonth(v.Lang, x.StartsAt), x.StartsAt, x.EndsAt)
		row.Speakers = slices.DeleteFunc(row.Speakers, func(name string) bool { return name == who.Name })
		talks = append(talks, speakerTalk{Row: row, Material: materialRows(v, by[x.ID], x)})
	}
	return talks, nil
}

// speakerFace is a speaker's picture, which stands there only while it may be
// published, or else their initials.
func speakerFace(v *page.Visit, who *program.Speaker, size string) templates.Person {
	return templates.Person{Name: who.Name, Initials: page.Initials(who.Name), Size: size, Picture: page.PicturePath(v.Edition, who.Picture)}
}

// speakerLinks are a speaker's own places on the web.
func speakerLinks(who *program.Speaker) []program.Link {
	var list []program.Link
	if who.Extra.URL != "" {
		list = append(list, program.Link{URL: who.Extra.URL})
	}
	for _, l := range who.Extra.Links {
		if l.URL != who.Extra.URL || l.Title != "" {
			list = append(list, l)
		}
	}
	list = slices.DeleteFunc(list, func(l program.Link) bool { return shownHost(l.URL) == "" })
	for i := range list {
		if list[i].Title == "" {
			list[i].Title = page.ShownURL(list[i].URL)
		}
	}
	return list
}
