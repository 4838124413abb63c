package public

import (
	"strconv"
	"strings"

	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// materialsPage is all material of an edition that the visitor may see, session
// by session, with the answers that were written.
type materialsPage struct {
	Title, Lead string
	Empty       *templates.Empty
	Counts      []string
	Kinds       []page.Tab
	Languages   *templates.Field
	Kind        string // what is asked for, for the form of languages
	Action      string
	Days        []materialDay
	More        string // said when there is more for those with a place
	Ticket      string
	about       string
}

// materialDay has a heading where an edition has several days.
type materialDay struct {
	Title    string
	Sessions []materialSession
}

type materialSession struct {
	Title    page.Words
	Href     string
	Class    string
	When     string
	Speakers string
	Rows     []materialRow
	Answers  *answersRow
}

// answersRow leads to the questions that were answered.
type answersRow struct{ Href, Text, Note string }

func (p materialsPage) Shape(f *page.Frame) {
	f.Description, f.Scripts = p.about, append(f.Scripts, "player")
}

// answersKind is what a page asks by for written answers alone.
const answersKind = "answers"

// seenStates are the states of questions that everybody sees.
func seenStates() []string {
	var list []string
	for _, st := range qa.States {
		if qa.Audience.Sees(st) {
			list = append(list, string(st))
		}
	}
	return list
}

// registered tells whether the visitor is signed in and has a confirmed place.
func registered(v *page.Visit) (bool, error) {
	if !v.SignedIn() {
		return false, nil
	}
	r, err := v.Site.Registrations.OfPerson(v.Ctx, v.Edition.ID, v.Person.ID)
	if fail.Is(err, fail.NotFound) {
		return false, nil
	}
	return r.State == registration.Confirmed, err
}

// Materials lists what the sessions of the newest release left behind.
func (s Pages) Materials(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	due, err := s.Material.Due(v.Ctx, v.Edition, p, v.Now)
	if err != nil {
		return err
	}
	_, mark, err := s.Material.Answered(v.Ctx, v.Edition, seenStates)
	if err != nil {
		return err
	}
	key := strconv.FormatInt(p.Edition.Revision, 10) + " " + due + " " + mark
	return v.PublicPage("program/materials", v.T("materials_page.title"), key, func() (any, error) {
		may, err := registered(v)
		if err != nil {
			return nil, err
		}
		return s.materialsPage(v, p, lister{v: v, base: v.Edition.Path() + "/materials/", plays: true}, may)
	})
}

// TicketMaterials is the same for whoever holds a ticket, without signing in.
func (s Pages) TicketMaterials(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	ticket := "/ticket/" + v.Param("token")
	made, err := s.materialsPage(v, p, lister{v: v, base: ticket + "/materials/", plays: true}, r.State == registration.Confirmed)
	if err != nil {
		return err
	}
	made.Ticket, made.Action, made.More = ticket, ticket+"/materials", ""
	if r.State == registration.Confirmed {
		made.Title, made.Lead = v.T("materials_page.ticket_title"), v.T("materials_page.ticket_text")
	}
	v.C.Set("Cache-Control", "private, no-store")
	return v.Render("program/materials", made.Title, made)
}

// anyMaterial tells whether there is something to see yet.
func (s Pages) anyMaterial(v *page.Visit, registered bool) (bool, error) {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return false, err
	}
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, registered)
	return len(by) > 0, err
}

func (s Pages) materialsPage(v *page.Visit, p *program.Programme, l lister, registered bool) (materialsPage, error) {
	made := materialsPage{Title: v.T("materials_page.title"), about: v.T("materials_page.about", "name", v.Edition.Name(v.Lang)), Action: v.Edition.Path() + "/materials"}
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, registered)
	if err != nil {
		return made, err
	}
	answers, _, err := s.Material.Answered(v.Ctx, v.Edition, seenStates)
	if err != nil {
		return made, err
	}
	f := newMaterialFilter(v)
	var all []materialRow
	for _, d := range p.Days {
		day := materialDay{}
		if len(p.Days) > 1 {
			day.Title = page.UpperFirst(text.LongDate(v.Lang, d.Date))
		}
		for _, x := range d.Sessions {
			one := materialSession{Title: v.SessionWords(x, x.Title), Href: v.SessionHref(x), When: v.Span(x.StartsAt, x.EndsAt), Speakers: strings.Join(speakerNames(x), ", ")}
			one.Rows, one.Answers = f.take(l.rows(by[x.ID], x), answers[x.ID], v, x)
			if len(one.Rows) == 0 && one.Answers == nil {
				continue
			}
			if x.Track != nil {
				one.Class = "track-" + x.Track.Slug
			}
			all = append(all, one.Rows...)
			day.Sessions = append(day.Sessions, one)
		}
		if len(day.Sessions) > 0 {
			made.Days = append(made.Days, day)
		}
	}
	letIn(v, all)
	f.fill(v, &made)
	more, err := s.moreForRegistered(v, p, by)
	if more && !registered {
		made.More = v.T("materials_page.more")
	}
	return made, err
}

// moreForRegistered tells whether those with a place see more at this moment:
// that there is some, not what or how much.
func (s Pages) moreForRegistered(v *page.Visit, p *program.Programme, seen map[string][]material.Material) (bool, error) {
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, true)
	for session, list := range by {
		if len(list) > len(seen[session]) {
			return true, err
		}
	}
	return false, err
}
