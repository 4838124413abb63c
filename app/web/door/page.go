package door

import (
	"encoding/json"
	"slices"
	"time"

	"agora/app/account"
	entrance "agora/app/door"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/static"
	"agora/templates"
)

// doorPage finds a ticket by its code or a name, and lets people in. With scripts
// it also scans, and goes on without network.
type doorPage struct {
	Title    page.Words
	Name     string // of the device
	Place    string // what is scanned for
	Here     string // its title, where it is not the door
	Mode     entrance.Act
	Places   []templates.Option
	Arrived  int64
	Inside   int64
	Expected int64
	Search   templates.Field
	Verdict  *verdict
	Found    []doorPerson
	Searched bool
	Action   string
	Manage   string // for organisers
	Manifest string
	Alerts   []alertRow
	Config   string
}

// Shape leaves the public pages out: at the door they would only be pressed by mistake.
func (p doorPage) Shape(f *page.Frame) {
	f.Nav, f.Desk = nil, nil
	f.Wide = false
	f.Scripts = append(f.Scripts, "door")
	f.Manifest, f.AppIcon = p.Manifest, f.Static+"/icon-192.png"
	if f.Person == nil {
		f.SignInHref = "" // a device that joined needs nobody signed in
	}
}

// verdict is the answer to a scanned or typed code.
type verdict struct {
	Stop, Ask    bool
	Title, Name  string
	Text         string
	Organisation string
	Photo        registration.Photo
	Marks        []string
	Note         string
	Code         string
	MayEnter     bool
	In           bool // is in now: can be checked out, or the arrival taken back
	Seat         bool // has no seat and may ask for one here
	Badge        string
}

type doorPerson struct {
	Name, Organisation, Code string
	In                       bool
	At                       time.Time
}

type alertRow struct{ Title, Name, Text string }

// found bounds the list of a name search.
const found = 12

// Page is what door staff have open.
func (s Pages) Page(v *page.Visit) error {
	if code := v.Query("code"); code != "" {
		verdict, err := s.look(v, code)
		if err != nil {
			return err
		}
		return s.show(v, verdict, "")
	}
	return s.show(v, nil, v.Query("q"))
}

// place is the session that is scanned for, or empty; a device begins with its own.
func (s Pages) place(v *page.Visit) string {
	if chosen := string(v.C.Request().PostArgs().Peek("place")); chosen != "" {
		return chosen
	}
	if chosen := v.Query("place"); chosen != "" {
		return chosen
	}
	if v.Device.SessionID != "" {
		return v.Device.SessionID
	}
	return atDoor
}

// atDoor is how the door itself is written in forms, where empty means not said.
const atDoor = "door"

// session is a place as the door's area knows it.
func session(place string) string {
	if place == atDoor {
		return ""
	}
	return place
}

func (s Pages) show(v *page.Visit, verdict *verdict, search string) error {
	e := v.Edition
	places, err := s.Registrations.Places(v.Ctx, e.ID)
	if err != nil {
		return err
	}
	roster, err := s.Door.Roster(v.Ctx, e)
	if err != nil {
		return err
	}
	place := s.place(v)
	p := doorPage{Title: v.Words(e.Title), Name: v.Device.Name, Expected: places[registration.Onsite].Taken, Verdict: verdict, Place: place,
		Action: "/door" + e.Path(), Searched: search != "", Search: v.Blank().Set("q", search).Field("q", "search", "door.search"), Mode: entrance.In}
	p.Manifest = p.Action + "/manifest.webmanifest"
	if v.May(account.Organiser) {
		p.Manage = "/desk" + e.Path() + "/door"
	}
	news, err := s.Door.NewsSince(v.Ctx, e.ID, 1<<62)
	if err != nil {
		return err
	}
	p.Arrived, p.Inside = news.Arrived, news.Inside
	p.Places = placeOptions(v, roster.Places, place)
	for _, o := range p.Places {
		if o.Checked && o.Value != atDoor {
			p.Here = o.Text
		}
	}
	if p.Alerts, err = s.alertRows(v, roster); err != nil {
		return err
	}
	if search != "" {
		if p.Found, err = s.find(v, search, session(place)); err != nil {
			return err
		}
	}
	if p.Config, err = s.config(v, p); err != nil {
		return err
	}
	return v.Render("door/door", v.T("door.title"), p)
}

func placeOptions(v *page.Visit, places []entrance.Place, chosen string) []templates.Option {
	list := []templates.Option{{Value: atDoor, Text: v.T("door.place_door"), Checked: chosen == atDoor}}
	for _, p := range places {
		title, _ := v.Edition.In(p.Title, v.Lang)
		list = append(list, templates.Option{Value: p.ID, Text: text.Clock(v.Lang, v.Edition.Local(p.StartsAt)) + " " + title, Checked: chosen == p.ID})
	}
	return list
}

// find searches those with a seat by name.
func (s Pages) find(v *page.Visit, search, at string) (list []doorPerson, err error) {
	e := v.Edition
	rows, _, err := s.Registrations.List(v.Ctx, e.ID, registration.Filter{Search: search, State: registration.Confirmed, Kind: registration.Onsite, Limit: found})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	there, err := s.Door.Standings(v.Ctx, at, ids...)
	for _, r := range rows {
		is := there[r.ID]
		p := doorPerson{Name: r.Name, Organisation: r.Organisation, Code: r.Code, In: is.Inside}
		if is.Was() {
			p.At = e.Local(*is.FirstAt)
		}
		list = append(list, p)
	}
	return list, err
}

// alertsShown bounds the list on the page; the desk has all.
const alertsShown = 5

func (s Pages) alertRows(v *page.Visit, roster entrance.Roster) (list []alertRow, err error) {
	all, err := s.Door.Alerts(v.Ctx, v.Edition.ID)
	slices.Reverse(all)
	for _, a := range all[:min(len(all), alertsShown)] {
		list = append(list, sayAlert(v, roster, a))
	}
	return list, err
}

// sayAlert tells an alert in words.
func sayAlert(v *page.Visit, roster entrance.Roster, a entrance.Alert) alertRow {
	who, _ := roster.One(a.Registration)
	clock := func(ms int64) string { return text.At(v.Lang, v.Edition.Local(time.UnixMilli(ms))) }
	row := alertRow{Title: v.T("door.alert_" + string(a.Verdict)), Name: who.Name}
	if row.Name == "" {
		row.Name = who.Code
	}
	row.Text = v.T("door.alert_at", "when", clock(a.At), "where", orDoor(v, a.By))
	if a.FirstAt != 0 {
		row.Text = v.T("door.alert_twice", "when", clock(a.At), "where", orDoor(v, a.By), "first", clock(a.FirstAt), "first_where", orDoor(v, a.FirstBy))
	}
	return row
}

func orDoor(v *page.Visit, by string) string {
	if by == "" {
		return v.T("door.place_door")
	}
	return by
}

// config is what the scripts have to know; it names nobody but who is using it.
type config struct {
	Base    string            `json:"base"`
	Edition string            `json:"edition"`
	Key     string            `json:"key"`
	KeyID   string            `json:"keyId"`
	Device  string            `json:"device"`
	Name    string            `json:"name"`
	Place   string            `json:"place"`
	Prints  bool              `json:"prints"`
	Zone    string            `json:"zone"`
	Lang    text.Lang         `json:"lang"`
	Decoder string            `json:"decoder"`
	Worker  string            `json:"worker"`
	Words   map[string]string `json:"words"`
}

func (s Pages) config(v *page.Visit, p doorPage) (string, error) {
	e := v.Edition
	c := config{Base: p.Action, Edition: e.ID, Key: keyText(s.Seal), KeyID: s.Seal.KeyName(), Device: v.Device.ID, Name: v.Device.Name,
		Place: session(p.Place), Prints: v.Device.Prints, Zone: e.Location().String(), Lang: v.Lang, Worker: workerPath, Words: map[string]string{}}
	if static.Decoder() {
		c.Decoder = s.Static + "/decoder/decode.js"
	}
	for _, key := range spoken {
		c.Words[key] = v.T("door." + key)
	}
	for _, photo := range []registration.Photo{registration.PhotoYes, registration.PhotoAsk, registration.PhotoNo} {
		c.Words["photo_"+string(photo)] = v.T("photo." + string(photo))
	}
	b, err := json.Marshal(c)
	return string(b), err
}

// reason is the key that says why a registration does not open the door.
func reason(e edition.Edition, r registration.Registration) string {
	if f, ok := fail.As(entrance.Admits(e, r)); ok {
		return f.Key
	}
	return ""
}
