package door

import (
	"encoding/base64"
	"net/url"

	entrance "agora/app/door"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/web/page"
)

// open finds the registration that a code stands for: one that was read from a
// ticket, and is proved, or one that was typed. NotFound and Conflict say in words
// what is wrong with it.
func (s Pages) open(v *page.Visit, code string) (registration.Registration, error) {
	if !entrance.LooksSealed(code) {
		return s.Registrations.ByCode(v.Ctx, v.Edition.ID, code)
	}
	ticket, err := s.Seal.Open(code, v.Edition.ID)
	if err != nil {
		return registration.Registration{}, err
	}
	r, err := s.Registrations.ByID(v.Ctx, ticket.Registration)
	switch {
	case err != nil:
		return r, err
	case r.EditionID != v.Edition.ID:
		return r, fail.Missing("door.foreign")
	case r.Version != ticket.Version:
		return r, fail.Clash("door.outdated")
	}
	return r, nil
}

// look judges a code without changing anything: the button does that.
func (s Pages) look(v *page.Visit, code string) (*verdict, error) {
	r, err := s.open(v, code)
	if stop, err := refusal(v, code, err); stop != nil || err != nil {
		return stop, err
	}
	at := session(s.place(v))
	there, err := s.Door.Standings(v.Ctx, at, r.ID)
	if err != nil {
		return nil, err
	}
	said := s.about(v, r)
	switch is := there[r.ID]; {
	case is.Inside:
		said.Stop, said.In, said.Title = true, true, v.T("door.again")
		said.Text = v.T("door.again_at", "when", v.SentenceTime(*is.FirstAt), "where", orDoor(v, is.By))
	case reason(v.Edition, r) != "":
		said.Stop, said.Title, said.Text = true, v.T("door.not_valid"), v.T(reason(v.Edition, r))
		said.Seat = at == ""
	default:
		said.Title, said.MayEnter = v.T("door.valid"), true
		if is.Was() {
			said.Title = v.T("door.has_left")
		}
	}
	return said, nil
}

// refusal says what is wrong with a code that opens nothing.
func refusal(v *page.Visit, code string, err error) (*verdict, error) {
	if err == nil {
		return nil, nil
	}
	f, known := fail.As(err)
	if !known || f.Kind != fail.NotFound && f.Kind != fail.Conflict {
		return nil, err
	}
	stop := &verdict{Stop: true, Title: v.T("door.unknown_title"), Text: v.Sentence("door.unknown", nil)}
	if !entrance.LooksSealed(code) {
		stop.Name = registration.CleanCode(code)
		return stop, nil
	}
	if v.Site.Words.Has(v.Lang, f.Key) && f.Key != "registration.ticket_missing" {
		stop.Title, stop.Text = v.T("door.not_valid"), v.Sentence(f.Key, f.Args)
	}
	return stop, nil
}

// about is what the door says of a person beside the verdict.
func (s Pages) about(v *page.Visit, r registration.Registration) *verdict {
	said := &verdict{Name: r.Name, Organisation: r.Organisation, Photo: r.Photo, Code: r.Code}
	if v.Device.Prints || v.Query("print") != "" {
		said.Badge = "/door" + v.Edition.Path() + "/badges/" + url.PathEscape(r.Code)
	}
	roster, err := s.Door.Roster(v.Ctx, v.Edition)
	if err != nil {
		return said // the name is enough to let somebody in
	}
	entry, known := roster.One(r.ID)
	if !known {
		return said
	}
	if entry.Speaker {
		said.Marks = append(said.Marks, v.T("door.speaker"))
	}
	if entry.First {
		said.Marks = append(said.Marks, v.T("door.first"))
	}
	said.Note = entry.Note
	if place := session(s.place(v)); place != "" {
		for _, p := range roster.Places {
			if p.ID == place && p.Workshop && !signedUp(entry, place) {
				said.Ask, said.Text = true, v.T("door.not_signed_up")
			}
		}
	}
	return said
}

func signedUp(e entrance.Entry, place string) bool {
	for _, id := range e.Sessions {
		if id == place {
			return true
		}
	}
	return false
}

// Act lets somebody in, or out.
func (s Pages) Act(v *page.Visit) error {
	f := v.Sent()
	r, err := s.open(v, f.Get("code"))
	if stop, err := refusal(v, f.Get("code"), err); stop != nil || err != nil {
		if err != nil {
			return err
		}
		return s.show(v, stop, "")
	}
	scan := s.Door.NewScan(r, session(s.place(v)), entrance.In, entrance.ByCode)
	if f.Get("mode") == string(entrance.Out) {
		return s.out(v, r, scan)
	}
	said := s.about(v, r)
	said.Title = v.T("door.welcome")
	is, again, err := s.Door.Enter(v.Ctx, v.Edition, v.DoorSource(), scan, r)
	switch e, known := fail.As(err); {
	case known && (e.Kind == fail.Conflict || e.Kind == fail.NotFound):
		said.Stop, said.Title, said.Text, said.Seat = true, v.T("door.not_valid"), v.Sentence(e.Key, e.Args), scan.SessionID == ""
		said.Badge = ""
	case err != nil:
		return err
	case again:
		there, err := s.Door.Standings(v.Ctx, scan.SessionID, r.ID)
		if err != nil {
			return err
		}
		said.Stop, said.In, said.Title = true, true, v.T("door.again")
		said.Text = v.T("door.again_at", "when", v.SentenceTime(*is.FirstAt), "where", orDoor(v, there[r.ID].By))
	default:
		said.In = true
	}
	return s.show(v, said, "")
}

func (s Pages) out(v *page.Visit, r registration.Registration, scan entrance.Scan) error {
	if err := s.Door.Leave(v.Ctx, v.Edition, v.DoorSource(), scan); err != nil {
		return err
	}
	said := s.about(v, r)
	said.Title, said.Text, said.Ask = v.T("door.left"), v.T("door.left_how"), false
	return s.show(v, said, "")
}

// Undo takes an arrival back.
func (s Pages) Undo(v *page.Visit) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Sent().Get("code"))
	if err != nil {
		return err
	}
	place := s.place(v)
	if err := s.Door.UndoAt(v.Ctx, v.Edition, v.DoorSource(), r.ID, session(place)); err != nil {
		return err
	}
	v.Say("success", "flash.undone")
	back := "/door" + v.Edition.Path()
	if place != atDoor {
		back += "?place=" + url.QueryEscape(place)
	}
	return v.Redirect(back)
}

func keyText(s *entrance.Seal) string { return base64.StdEncoding.EncodeToString(s.Public()) }
