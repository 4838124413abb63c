package desk

import (
	"time"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// doorPage finds a ticket by its code or a name, and lets people in.
type doorPage struct {
	Title    page.Words
	Arrived  int64
	Expected int64
	Search   templates.Field
	Verdict  *doorVerdict
	Found    []doorPerson
	Searched bool
	Action   string
}

// Shape leaves the public pages out: at the door they would only be pressed by mistake.
func (p doorPage) Shape(f *page.Frame) { f.Nav = nil }

// doorVerdict is the answer to a scanned or typed code.
type doorVerdict struct {
	Stop         bool
	Title, Name  string
	Text         string
	Organisation string
	Photo        registration.Photo
	Code         string
	MayEnter     bool
}

type doorPerson struct {
	Name, Organisation, Code string
	In                       bool
	At                       time.Time
}

// doorFound bounds the list of a name search.
const doorFound = 12

// DoorPage is what door staff have open.
func (s Pages) DoorPage(v *page.Visit) error {
	if code := v.Query("code"); code != "" {
		verdict, err := s.look(v, code)
		if err != nil {
			return err
		}
		return newDoorPage(v, verdict, "")
	}
	return newDoorPage(v, nil, v.Query("q"))
}

// look judges a code without changing anything: the button does that.
func (s Pages) look(v *page.Visit, code string) (*doorVerdict, error) {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
	if fail.Is(err, fail.NotFound) {
		return unknownTicket(v, code), nil
	}
	if err != nil {
		return nil, err
	}
	arrived, err := s.arrived(v, r)
	if err != nil {
		return nil, err
	}
	verdict := &doorVerdict{Name: r.Name, Organisation: r.Organisation, Photo: r.Photo, Code: r.Code}
	switch c, in := arrived[r.ID]; {
	case in:
		verdict.Stop, verdict.Title = true, v.T("door.again")
		verdict.Text = v.T("door.again_at", "when", v.SentenceTime(c.At))
	case r.State == registration.Confirmed && r.Kind == registration.Onsite:
		verdict.Title, verdict.MayEnter = v.T("door.valid"), true
	default:
		verdict.Stop, verdict.Title = true, v.T("door.not_valid")
		verdict.Text = v.T("door." + doorReason(r))
	}
	return verdict, nil
}

func unknownTicket(v *page.Visit, code string) *doorVerdict {
	return &doorVerdict{Stop: true, Title: v.T("door.unknown_title"), Name: registration.CleanCode(code), Text: v.T("door.unknown")}
}

func doorReason(r registration.Registration) string {
	switch {
	case r.State == registration.Waiting:
		return "waiting"
	case r.State == registration.Cancelled:
		return "cancelled"
	}
	return "remote"
}

// DoorArrive lets somebody in.
func (s Pages) DoorArrive(v *page.Visit) error {
	f := v.Sent()
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, f.Get("code"))
	if fail.Is(err, fail.NotFound) {
		return newDoorPage(v, unknownTicket(v, f.Get("code")), "")
	}
	if err != nil {
		return err
	}
	verdict := &doorVerdict{Title: v.T("door.welcome"), Name: r.Name, Organisation: r.Organisation, Photo: r.Photo, Code: r.Code}
	c, again, err := s.Door.Arrive(v.Ctx, v.Edition, v.Person.ID, r)
	switch e, known := fail.As(err); {
	case known && (e.Kind == fail.Conflict || e.Kind == fail.NotFound):
		verdict.Stop, verdict.Title, verdict.Text = true, v.T("door.not_valid"), v.Sentence(e.Key, e.Args)
	case err != nil:
		return err
	case again:
		verdict.Stop, verdict.Title = true, v.T("door.again")
		verdict.Text = v.T("door.again_at", "when", v.SentenceTime(c.At))
	}
	return newDoorPage(v, verdict, "")
}

// DoorUndo takes an arrival back.
func (s Pages) DoorUndo(v *page.Visit) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Sent().Get("code"))
	if err != nil {
		return err
	}
	if err := s.Door.Undo(v.Ctx, v.Edition, r.ID); err != nil {
		return err
	}
	v.Say("success", "flash.undone")
	return v.Redirect("/door" + v.Edition.Path())
}

func newDoorPage(v *page.Visit, verdict *doorVerdict, search string) error {
	s, e := v.Site, v.Edition
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	p := doorPage{Title: v.Words(e.Title), Expected: places[registration.Onsite].Taken, Verdict: verdict,
		Action: "/door" + e.Path(), Searched: search != "", Search: v.Blank().Set("q", search).Field("q", "search", "door.search")}
	if p.Arrived, err = s.Door.Count(v.Ctx, e.ID); err != nil {
		return err
	}
	if search != "" {
		rows, _, err := s.Registrations.List(v.Ctx, e.ID, registration.Filter{Search: search, State: registration.Confirmed, Kind: registration.Onsite, Limit: doorFound})
		if err != nil {
			return err
		}
		arrived, err := Pages{s}.arrived(v, rows...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, in := arrived[r.ID]
			p.Found = append(p.Found, doorPerson{Name: r.Name, Organisation: r.Organisation, Code: r.Code, In: in, At: e.Local(c.At)})
		}
	}
	return v.Render("door/door", v.T("door.title"), p)
}
