package registering

import (
	"net/url"
	"strconv"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/templates"
)

// workshopPage opens a session for signing up, sets up a topic table, or changes
// or closes either.
type workshopPage struct {
	New, Table, None    bool
	Title               page.Words
	Row                 workshopRow
	Problems            []templates.Problem
	Session             templates.Field
	Titles, About       page.TextGroup
	Capacity            templates.Field
	Audience            templates.Choice
	Key, Action, Base   string
	Program             string
	Closing             bool // somebody has signed up, so closing is asked once more
	SignedUp            int64
	CloseText, CloseYes string
}

// WorkshopNew asks which session to open.
func (s Pages) WorkshopNew(v *page.Visit) error { return s.workshopNew(v, v.Blank(), false) }

// TableNew asks for a topic table.
func (s Pages) TableNew(v *page.Visit) error { return s.workshopNew(v, v.Blank(), true) }

// WorkshopOpen opens a session for signing up.
func (s Pages) WorkshopOpen(v *page.Visit) error { return s.workshopOpen(v, false) }

// TableOpen sets up a topic table.
func (s Pages) TableOpen(v *page.Visit) error { return s.workshopOpen(v, true) }

func (s Pages) workshopOpen(v *page.Visit, table bool) error {
	f := v.Sent()
	in := workshopSent(f, workshop.Workshop{})
	in.Key = f.Get("key")
	if !table {
		if in.SessionID = f.Get("session"); in.SessionID == "" {
			f.Note("session", "field.required")
		}
	}
	var err error
	if len(f.Problems) == 0 {
		_, err = s.Workshops.Open(v.Ctx, v.Edition, v.Person.ID, in)
	}
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict {
		err = fail.Wrong("session", e.Key, e.Args...)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.workshopNew(v, f, table)
	}
	v.Say("success", "flash.workshop_opened")
	return v.Redirect("/desk" + v.Edition.Path() + "/workshops")
}

// workshopSent reads the form; old are the texts of languages it does not ask for.
func workshopSent(f *page.Form, old workshop.Workshop) workshop.Input {
	return workshop.Input{Audience: registration.Kind(f.Get("audience")), Capacity: f.Count("capacity"),
		Title: f.TextsOver("title", old.Title), About: f.TextsOver("about", old.About)}
}

func (s Pages) workshopNew(v *page.Visit, f *page.Form, table bool) error {
	p := workshopPage{New: true, Table: table, Key: f.Key(), Action: v.C.Path(), Base: "/desk" + v.Edition.Path() + "/workshops"}
	p.Title = page.Words{Text: v.T(map[bool]string{true: "workshops.new_table", false: "workshops.new"}[table])}
	if !table {
		options, err := s.openable(v)
		if err != nil {
			return err
		}
		p.Session = f.Field("session", "select", "workshops.session")
		p.Session.Options = options
		p.None = len(options) < 2
	}
	return s.workshopPage(v, f, p)
}

// openable are the sessions of the draft that people can be let sign up to.
func (s Pages) openable(v *page.Visit) ([]templates.Option, error) {
	draft, err := s.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	list, err := s.Workshops.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, w := range list {
		if w.SessionID != nil {
			open[*w.SessionID] = true
		}
	}
	options := []templates.Option{{Value: "", Text: v.T("workshops.choose")}}
	for _, x := range draft.Sessions {
		if open[x.ID] || x.Cancelled || x.Kind == program.Break {
			continue
		}
		name := v.Words(x.Title).Text
		if !x.StartsAt.IsZero() {
			name = v.T("workshops.option", "when", text.DateTime(v.Lang, v.Edition.Local(x.StartsAt)), "title", name)
		}
		options = append(options, templates.Option{Value: x.ID, Text: name})
	}
	return options, nil
}

// WorkshopForm shows one to change or close it.
func (s Pages) WorkshopForm(v *page.Visit) error {
	w, err := s.Workshops.One(v.Ctx, v.Edition.ID, v.Param("workshop"))
	if err != nil {
		return err
	}
	return s.workshopChange(v, filledWorkshop(v, w), w, false)
}

// filledWorkshop is the form with a workshop as it is.
func filledWorkshop(v *page.Visit, w workshop.Workshop) *page.Form {
	f := v.Blank().Set("audience", string(w.Audience))
	f.SetTexts("title", w.Title)
	f.SetTexts("about", w.About)
	f.SetCount("capacity", w.Capacity)
	return f
}

// WorkshopSave changes it.
func (s Pages) WorkshopSave(v *page.Visit) error {
	w, err := s.Workshops.One(v.Ctx, v.Edition.ID, v.Param("workshop"))
	if err != nil {
		return err
	}
	f := v.Sent()
	in := workshopSent(f, w)
	if len(f.Problems) == 0 {
		_, err = s.Workshops.Change(v.Ctx, v.Edition, v.Person.ID, w.ID, in)
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.workshopChange(v, f, w, false)
	}
	v.Say("success", "flash.workshop_saved")
	return v.Redirect("/desk" + v.Edition.Path() + "/workshops")
}

// WorkshopRemove closes it. With people signed up it first says how many lose
// their place; when more have come since that was said, it says so again.
func (s Pages) WorkshopRemove(v *page.Visit) error {
	w, err := s.Workshops.One(v.Ctx, v.Edition.ID, v.Param("workshop"))
	if err != nil {
		return err
	}
	told, _ := strconv.ParseInt(v.Sent().Get("told"), 10, 64)
	err = s.Workshops.Remove(v.Ctx, v.Edition, v.Person.ID, w.ID, told > 0 && w.Taken+w.Waiting <= told)
	if fail.Is(err, fail.Conflict) {
		v.C.Status(page.Statuses[fail.Conflict])
		if w, err = s.Workshops.One(v.Ctx, v.Edition.ID, w.ID); err != nil {
			return err
		}
		return s.workshopChange(v, filledWorkshop(v, w), w, true)
	}
	if err != nil {
		return err
	}
	v.Say("success", "flash.workshop_closed")
	return v.Redirect("/desk" + v.Edition.Path() + "/workshops")
}

func (s Pages) workshopChange(v *page.Visit, f *page.Form, w workshop.Workshop, closing bool) error {
	base := "/desk" + v.Edition.Path() + "/workshops"
	n := w.Taken + w.Waiting
	p := workshopPage{Table: w.Table(), Title: v.Words(w.Called()), Row: newWorkshopRow(v, w), Base: base, Action: base + "/" + url.PathEscape(w.ID),
		Closing: closing, SignedUp: n, CloseText: v.T("workshops.close_nobody"), CloseYes: v.T("workshops.close_yes")}
	if n > 0 {
		p.CloseText, p.CloseYes = v.T("workshop.taken", "n", n), v.T("workshops.close_force", "n", n)
	}
	return s.workshopPage(v, f, p)
}

func (s Pages) workshopPage(v *page.Visit, f *page.Form, p workshopPage) error {
	p.Program = "/desk" + v.Edition.Path() + "/program"
	if p.Table {
		p.Titles = f.TextGroup("title", "text", "workshops.table_title")
	}
	p.About = f.TextGroup("about", "textarea", "workshops.about")
	label := "workshops.capacity"
	if p.Table {
		label = "workshops.table_capacity"
	}
	p.Capacity = f.Field("capacity", "text", label)
	p.Audience = f.Choice("audience", "workshops.audience", templates.Option{Value: "", Text: v.T("workshops.everybody")},
		templates.Option{Value: string(registration.Onsite), Text: v.T("workshops.only_onsite")},
		templates.Option{Value: string(registration.Remote), Text: v.T("workshops.only_remote")})
	p.Problems = f.Summary()
	return v.Render("desk/workshop_form", p.Title.Text, p)
}
