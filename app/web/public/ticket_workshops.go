package public

import (
	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
	"agora/app/web/page"
	"agora/app/workshop"
	"agora/templates"
)

// ticketWorkshopsPage is where those who take part sign up to what has few places.
type ticketWorkshopsPage struct {
	Tabs    ticketTabs
	Attends bool
	Zone    string
	// Closed stands there for those who do not take part, None where there is
	// nothing to sign up to.
	Closed, None templates.Empty
	Workshops    []workshopRow
	Tables       []workshopRow
}

// workshopRow is a workshop or a topic table with how the holder stands to it.
type workshopRow struct {
	ID, Href    string
	Name, About page.Words
	When        string
	Room        page.Words
	Free        int64
	Unlimited   bool
	Full        bool
	Waiting     int64
	Audience    string
	// State is the holder's own, empty when they are not signed up.
	State    workshop.State
	Position int64
	Table    bool
	Begun    bool
	Closed   bool // called off, begun, or not for them
	Gone     bool // called off
	Refused  string
	Key      string
	Self     string
}

// TicketWorkshops shows what one can sign up to.
func (s Pages) TicketWorkshops(v *page.Visit) error {
	h, err := s.holding(v)
	if err != nil {
		return err
	}
	return s.workshopsPage(v, h, "", "")
}

// TicketWorkshop signs up to one workshop or leaves it. A refusal stands beside
// the workshop it is about.
func (s Pages) TicketWorkshop(v *page.Visit) error {
	h, err := s.holding(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	id, key := f.Get("workshop"), page.ActKey("workshop:"+h.Reg.ID, f.Key())
	do, said := s.Workshops.SignUp, "flash.workshop_in"
	if f.Get("do") == "leave" {
		do, said = s.Workshops.Leave, "flash.workshop_left"
		if f.Get("was") == string(workshop.Waiting) {
			said = "flash.workshop_unqueued"
		}
	}
	res, err := do(v.Ctx, v.Edition, h.Reg, id, key)
	if fail.Is(err, fail.Invalid) {
		// The key is of a page that somebody went back to: this is an act of its own.
		key.Key = db.NewID()
		res, err = do(v.Ctx, v.Edition, h.Reg, id, key)
	}
	if e, ok := fail.As(err); ok && e.Kind == fail.Conflict && h.attends() {
		v.C.Status(page.Statuses[fail.Conflict])
		return s.workshopsPage(v, h, id, v.Sentence(e.Key, e.Args))
	}
	if err != nil {
		return err
	}
	if res.State == workshop.Waiting {
		said = "flash.workshop_waiting"
	}
	v.Say("success", said)
	return v.Redirect(h.Self + "/workshops")
}

func (s Pages) workshopsPage(v *page.Visit, h holding, about, refused string) error {
	p := ticketWorkshopsPage{Attends: h.attends(), Zone: v.ZoneWords(),
		Closed: templates.Empty{Title: v.T("ticket.workshops_closed"), Text: v.T("ticket.workshops_closed_how"), Href: h.Self, Action: v.T("ticket.back")},
		None:   templates.Empty{Title: v.T("ticket.workshops_none"), Text: v.T("ticket.workshops_none_how")}}
	list, err := s.Workshops.List(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	agenda, err := s.Workshops.Agenda(v.Ctx, h.Reg.ID)
	if err != nil {
		return err
	}
	programme, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	mine := map[string]workshop.Entry{}
	for _, entry := range agenda {
		mine[entry.Workshop.ID] = entry
	}
	for _, w := range list {
		row := workshopRowOf(v, h, w, programme.Release.Number > 0)
		row.State, row.Position = mine[w.ID].State, mine[w.ID].Position
		if w.ID == about {
			row.Refused = refused
		}
		if w.Table() {
			p.Tables = append(p.Tables, row)
		} else {
			p.Workshops = append(p.Workshops, row)
		}
	}
	if p.Tabs, err = s.ticketTabs(v, h); err != nil {
		return err
	}
	return v.Render("registration/ticket_workshops", v.T("ticket.workshops_title"), p)
}

// workshopRowOf tells of a workshop. Before anything is released its time and
// room are a draft, and nobody's to see.
func workshopRowOf(v *page.Visit, h holding, w workshop.Workshop, released bool) workshopRow {
	e := v.Edition
	kind, attends := h.Reg.Attends()
	row := workshopRow{ID: w.ID, Name: v.Words(w.Called()), About: v.Words(w.About), Full: w.Full(), Waiting: w.Waiting,
		Audience: string(w.Audience), Key: db.NewID(), Gone: w.CalledOff, Self: h.Self, Table: w.Table()}
	row.Free, row.Unlimited = w.Free()
	row.Begun = h.Over
	if released && w.Scheduled() {
		from, to := e.Local(w.StartsAt), e.Local(w.EndsAt)
		row.When, row.Room = text.Span(v.Lang, from, to), v.Words(w.Room)
		if from.Format("0102") != e.Local(e.StartsAt).Format("0102") || e.Local(e.StartsAt).Format("0102") != e.Local(e.EndsAt).Format("0102") {
			row.When = text.LongDate(v.Lang, from) + " " + row.When
		}
		row.Begun = row.Begun || !v.Now.Before(w.StartsAt)
	}
	if released && w.Slug != "" {
		row.Href = e.Path() + "/sessions/" + w.Slug
	}
	row.Closed = row.Begun || w.CalledOff || attends && !w.Fits(kind)
	return row
}
