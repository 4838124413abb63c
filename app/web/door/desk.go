package door

import (
	"html/template"
	"slices"
	"strings"
	"time"

	entrance "agora/app/door"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// deskPage is where organisers see how the door does, hand out its devices and say
// what becomes of empty seats.
type deskPage struct {
	Action, Door string
	Arrived      int64
	Inside       int64
	Expected     int64
	Devices      []deviceRow
	Fresh        *freshLink
	Name         templates.Field
	Session      templates.Field
	Prints       templates.Field
	Release      templates.Field
	Zone         string
	NoteCode     templates.Field
	NoteText     templates.Field
	Notes        []noteRow
	Alerts       []alertRow
	Problems     []templates.Problem
}

type deviceRow struct {
	ID, Name, Place, State string
	Holds                  string
	Revoked                bool
}

// freshLink is a link that was made just now and is shown once.
type freshLink struct {
	Name, Link string
	QR         template.HTML
}

type noteRow struct{ Name, Code, Text string }

// Desk shows the door to organisers.
func (s Pages) Desk(v *page.Visit) error {
	return s.desk(v, s.deskForm(v, v.Blank()), nil)
}

// deskForm fills in what is stored where nothing was typed.
func (s Pages) deskForm(v *page.Visit, f *page.Form) *page.Form {
	if at, err := s.Door.ReleaseAt(v.Ctx, v.Edition.ID); err == nil && !f.Has("release_at") && len(f.Problems["release_at"]) == 0 {
		f.SetTime("release_at", at, v.Edition.Location())
	}
	return f
}

func (s Pages) desk(v *page.Visit, f *page.Form, fresh *freshLink) error {
	e := v.Edition
	roster, err := s.Door.Roster(v.Ctx, e)
	if err != nil {
		return err
	}
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	news, err := s.Door.NewsSince(v.Ctx, e.ID, 1<<62)
	if err != nil {
		return err
	}
	p := deskPage{Action: "/desk" + e.Path() + "/door", Door: "/door" + e.Path(), Arrived: news.Arrived, Inside: news.Inside,
		Expected: places[registration.Onsite].Taken, Fresh: fresh, Zone: v.ZoneWords(),
		Name: f.Field("name", "text", "door_desk.name"), Session: f.Field("session", "select", "door_desk.session"), Prints: f.Field("prints", "checkbox", "door_desk.prints"),
		Release: f.Field("release_at", "datetime-local", "door_desk.unused_at"), NoteCode: f.Field("note_code", "text", "door_desk.note_code"), NoteText: f.Field("note", "text", "door_desk.note_text")}
	p.Name.Required, p.NoteCode.Required, p.Release.Optional = true, true, true
	p.NoteCode.Autocomplete, p.Name.Autocomplete = "off", "off"
	p.Session.Options = placeOptions(v, roster.Places, atDoor)
	if p.Devices, err = s.deviceRows(v, roster); err != nil {
		return err
	}
	if p.Notes, err = s.noteRows(v, roster); err != nil {
		return err
	}
	alerts, err := s.Door.Alerts(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(alerts) {
		p.Alerts = append(p.Alerts, sayAlert(v, roster, a))
	}
	p.Problems = f.Summary()
	return v.Render("door/desk", v.T("door.title"), p)
}

func (s Pages) deviceRows(v *page.Visit, roster entrance.Roster) (list []deviceRow, err error) {
	devices, err := s.Door.Devices(v.Ctx, v.Edition.ID)
	for _, d := range devices {
		row := deviceRow{ID: d.ID, Name: d.Name, Place: v.T("door.place_door"), Revoked: d.RevokedAt != nil}
		for _, place := range roster.Places {
			if place.ID == d.SessionID {
				row.Place = v.Words(place.Title).Text
			}
		}
		switch {
		case row.Revoked:
			row.State = v.T("door_desk.state_revoked")
		case d.Works() && d.SeenAt != nil:
			row.State = v.T("door_desk.state_seen", "when", v.SentenceTime(*d.SeenAt))
			if d.Waiting > 0 {
				row.Holds = v.T("door_desk.state_holds", "n", d.Waiting)
			}
		case d.Linked(v.Now):
			row.State = v.T("door_desk.state_waiting")
		default:
			row.State = v.T("door_desk.state_lapsed")
		}
		list = append(list, row)
	}
	return list, err
}

func (s Pages) noteRows(v *page.Visit, roster entrance.Roster) (list []noteRow, err error) {
	notes, err := s.Door.Notes(v.Ctx, v.Edition.ID)
	for _, n := range notes {
		who, _ := roster.One(n.RegistrationID)
		list = append(list, noteRow{Name: who.Name, Code: who.Code, Text: n.Note})
	}
	slices.SortFunc(list, func(a, b noteRow) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// DeviceAdd makes a device and shows its link, once.
func (s Pages) DeviceAdd(v *page.Visit) error {
	f := v.Sent()
	d, link, err := s.Door.AddDevice(v.Ctx, v.Edition, v.Person.ID, entrance.DeviceInput{Name: f.Get("name"), Session: session(f.Get("session")), Prints: f.Has("prints")})
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.desk(v, s.deskForm(v, f), nil)
	}
	return s.showLink(v, d.Name, link)
}

func (s Pages) showLink(v *page.Visit, name, link string) error {
	address := s.Config.BaseURL + "/door" + v.Edition.Path() + "/join/" + link
	qr, err := templates.QR(address, v.T("door_desk.link_qr"))
	if err != nil {
		return err
	}
	return s.desk(v, s.deskForm(v, v.Blank()), &freshLink{Name: name, Link: address, QR: qr})
}

// DeviceRenew gives a device another link.
func (s Pages) DeviceRenew(v *page.Visit) error {
	link, err := s.Door.Renew(v.Ctx, v.Edition, v.Person.ID, v.Param("device"))
	if err != nil {
		return err
	}
	devices, err := s.Door.Devices(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	name := ""
	for _, d := range devices {
		if d.ID == v.Param("device") {
			name = d.Name
		}
	}
	return s.showLink(v, name, link)
}

// DeviceRevoke ends a device.
func (s Pages) DeviceRevoke(v *page.Visit) error {
	if err := s.Door.Revoke(v.Ctx, v.Edition, v.Person.ID, v.Param("device")); err != nil {
		return err
	}
	return s.back(v, "flash.device_revoked")
}

func (s Pages) back(v *page.Visit, said string) error {
	v.Say("success", said)
	return v.Redirect("/desk" + v.Edition.Path() + "/door")
}

// ReleaseSave says from when unused seats are given away.
func (s Pages) ReleaseSave(v *page.Visit) error {
	f := v.Sent()
	at := f.At("release_at", v.Edition.Location())
	var err error
	if len(f.Problems) == 0 {
		err = s.Door.SetRelease(v.Ctx, v.Edition, v.Person.ID, at.Truncate(time.Minute))
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.desk(v, f, nil)
	}
	return s.back(v, "flash.door_saved")
}

// NoteSave keeps a note for the door, or removes it when nothing is left of it.
func (s Pages) NoteSave(v *page.Visit) error {
	f := v.Sent()
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, f.Get("note_code"))
	if err != nil {
		f.Note("note_code", "door.unknown")
		err = nil
	} else {
		err = s.Door.SetNote(v.Ctx, v.Edition, v.Person.ID, r.ID, f.Get("note"))
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.desk(v, s.deskForm(v, f), nil)
	}
	return s.back(v, "flash.door_saved")
}
