package web

import (
	"time"

	"agora/app/fail"
	"agora/app/registration"
	"agora/templates"
)

// doorPage finds a ticket by its code or a name, and lets people in.
type doorPage struct {
	Title    words
	Arrived  int64
	Expected int64
	Search   templates.Field
	Verdict  *doorVerdict
	Found    []doorPerson
	Searched bool
	Action   string
}

// shape leaves the public pages out: at the door they would only be pressed by mistake.
func (p doorPage) shape(f *frame) { f.Nav = nil }

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

func (s *Site) door(v *visit) error {
	if code := v.query("code"); code != "" {
		verdict, err := s.look(v, code)
		if err != nil {
			return err
		}
		return v.doorPage(verdict, "")
	}
	return v.doorPage(nil, v.query("q"))
}

// look judges a code without changing anything: the button does that.
func (s *Site) look(v *visit, code string) (*doorVerdict, error) {
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, code)
	if fail.Is(err, fail.NotFound) {
		return &doorVerdict{Stop: true, Title: v.t("door.unknown_title"), Name: registration.CleanCode(code), Text: v.t("door.unknown")}, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := s.Door.All(v.ctx, v.edition.ID)
	if err != nil {
		return nil, err
	}
	verdict := &doorVerdict{Name: r.Name, Organisation: r.Organisation, Photo: r.Photo, Code: r.Code}
	switch c, in := all[r.ID]; {
	case in:
		verdict.Stop, verdict.Title = true, v.t("door.again")
		verdict.Text = v.t("door.again_at", "when", v.sentenceTime(c.At))
	case r.State == registration.Confirmed && r.Kind == registration.Onsite:
		verdict.Title, verdict.MayEnter = v.t("door.valid"), true
	default:
		verdict.Stop, verdict.Title = true, v.t("door.not_valid")
		verdict.Text = v.t("door." + doorReason(r))
	}
	return verdict, nil
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

func (s *Site) doorArrive(v *visit) error {
	f := v.sent()
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, f.get("code"))
	if fail.Is(err, fail.NotFound) {
		return v.doorPage(&doorVerdict{Stop: true, Title: v.t("door.unknown_title"), Name: registration.CleanCode(f.get("code")), Text: v.t("door.unknown")}, "")
	}
	if err != nil {
		return err
	}
	verdict := &doorVerdict{Title: v.t("door.welcome"), Name: r.Name, Organisation: r.Organisation, Photo: r.Photo, Code: r.Code}
	c, again, err := s.Door.Arrive(v.ctx, v.edition, v.person.ID, r)
	switch e, known := fail.As(err); {
	case known && (e.Kind == fail.Conflict || e.Kind == fail.NotFound):
		verdict.Stop, verdict.Title, verdict.Text = true, v.t("door.not_valid"), v.sentence(e.Key, e.Args)
	case err != nil:
		return err
	case again:
		verdict.Stop, verdict.Title = true, v.t("door.again")
		verdict.Text = v.t("door.again_at", "when", v.sentenceTime(c.At))
	}
	return v.doorPage(verdict, "")
}

func (s *Site) doorUndo(v *visit) error {
	r, err := s.Registrations.ByCode(v.ctx, v.edition.ID, v.sent().get("code"))
	if err != nil {
		return err
	}
	if err := s.Door.Undo(v.ctx, v.edition, r.ID); err != nil {
		return err
	}
	v.say("success", "flash.undone")
	return v.redirect("/door" + v.edition.Path())
}

func (v *visit) doorPage(verdict *doorVerdict, search string) error {
	s, e := v.site, v.edition
	places, err := s.Registrations.Places(v.ctx, e.ID)
	if err != nil {
		return err
	}
	p := doorPage{Title: v.words(e.Title), Expected: places[registration.Onsite].Taken, Verdict: verdict,
		Action: "/door" + e.Path(), Searched: search != "", Search: v.blank().set("q", search).field("q", "search", "door.search")}
	arrived, err := s.Door.All(v.ctx, e.ID)
	if err != nil {
		return err
	}
	p.Arrived = int64(len(arrived))
	if search != "" {
		rows, _, err := s.Registrations.List(v.ctx, e.ID, registration.Filter{Search: search, State: registration.Confirmed, Kind: registration.Onsite, Limit: doorFound})
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, in := arrived[r.ID]
			p.Found = append(p.Found, doorPerson{Name: r.Name, Organisation: r.Organisation, Code: r.Code, In: in, At: e.Local(c.At)})
		}
	}
	return v.render("door/door", v.t("door.title"), p)
}
