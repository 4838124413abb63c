package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/program"
	"agora/app/text"
)

const gridPath = "/desk/cmadfi/2030/program/grid"

// gridHouse is a site with an edition of one day: two rooms, three sessions of
// which two are one after the other, a break, and one without a time.
type gridHouse struct {
	*webHouse
	rooms    map[string]string
	sessions map[string]program.Session
}

func newGridHouse(t *testing.T) *gridHouse {
	t.Helper()
	h := &gridHouse{webHouse: demoHouse(t), rooms: map[string]string{}, sessions: map[string]program.Session{}}
	e := h.newEdition("2030", nil, nil)
	for _, name := range []string{"Aula", "Sali 2"} {
		r, err := h.Program.SaveRoom(t.Context(), "", e, "", program.RoomInput{Name: text.One(text.Finnish, name)})
		h.must(err)
		h.rooms[name] = r.ID
	}
	for _, x := range []struct {
		title, room, from, to, who string
		kind                       program.Kind
	}{{"Avaus", "Aula", "10:00", "10:30", "Åsa Öhman", program.Talk}, {"Paneeli", "Aula", "10:30", "11:30", "Bo Exempel", program.Panel},
		{"Työpaja", "Sali 2", "10:00", "11:00", "", program.Workshop}, {"Kahvi", "Aula", "11:30", "12:00", "", program.Break}, {"Odottaa", "", "", "", "Åsa Öhman", program.Talk}} {
		in := program.SessionInput{Title: text.One(text.Finnish, x.title), Kind: x.kind, RoomID: h.rooms[x.room]}
		if x.from != "" {
			in.StartsAt, in.EndsAt = gridAt(x.from), gridAt(x.to)
		}
		if x.who != "" {
			in.Speakers = []program.SpeakerRef{{Name: x.who}}
		}
		saved, err := h.Program.SaveSession(t.Context(), "", e, "", in)
		h.must(err)
		h.sessions[x.title] = saved
	}
	return h
}

// gridAt is a time on the clock of the edition's day.
func gridAt(clock string) time.Time { return clockAt("2027-01-21 " + clock) }

// spot is where a session stands in the draft now, in words.
func (h *gridHouse) spot(title string) string {
	h.t.Helper()
	draft, err := h.Program.Draft(h.t.Context(), h.find("2030"))
	h.must(err)
	x := draft.ByID(h.sessions[title].ID)
	if x == nil || !x.Scheduled() {
		return ""
	}
	room := ""
	if x.Room != nil {
		room = " " + x.Room.Name[text.Finnish]
	}
	return x.StartsAt.Format("15:04") + "–" + x.EndsAt.Format("15:04") + room
}

func (h *gridHouse) expect(title, want string) {
	h.t.Helper()
	if got := h.spot(title); got != want {
		h.t.Errorf("%s is at %q, want %q", title, got, want)
	}
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)">`)

// form opens a session's form on the page as a browser without scripts would.
func (h *gridHouse) form(title string) url.Values {
	h.t.Helper()
	body := h.page(asOrganiser, gridPath+"?session="+h.sessions[title].ID)
	_, form, _ := strings.Cut(body, "data-panel-form")
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], strings.ReplaceAll(m[2], "&#43;", "+"))
	}
	for _, name := range []string{"start", "end"} {
		values.Set(name, between(form, `name="`+name+`" type="datetime-local" value="`, `"`, ""))
	}
	values.Set("room", between(form, `selected`, "", ""))
	if m := regexp.MustCompile(`<option value="([^"]+)" selected`).FindStringSubmatch(form); m != nil {
		values.Set("room", m[1])
	}
	return values
}

func (h *gridHouse) send(values url.Values, changes ...string) reply {
	h.t.Helper()
	for i := 0; i+1 < len(changes); i += 2 {
		values.Set(changes[i], changes[i+1])
	}
	return h.post(asOrganiser, gridPath, values)
}

// TestGridByForm does every act of the grid with nothing but forms.
func TestGridByForm(t *testing.T) {
	h := newGridHouse(t)
	h.expect("Avaus", "10:00–10:30 Aula")
	form := h.form("Avaus")
	a := h.send(form, "act", "put", "room", h.rooms["Sali 2"], "start", "2027-01-21T11:00", "end", "2027-01-21T11:45")
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location(), gridPath+"?day=2027-01-21&session=") {
		t.Fatal(a.status, a.location(), a.body)
	}
	h.expect("Avaus", "11:00–11:45 Sali 2")
	if again := h.send(form); again.status != http.StatusSeeOther { // pressed twice
		t.Error(again.status)
	}
	h.expect("Avaus", "11:00–11:45 Sali 2")
	undo := url.Values{"act": {"undo"}, "key": {db.NewID()}}
	if a := h.send(undo); a.status != http.StatusSeeOther {
		t.Fatal(a.status, a.body)
	}
	h.expect("Avaus", "10:00–10:30 Aula")
	h.send(undo) // the same once more undoes nothing else
	h.expect("Avaus", "10:00–10:30 Aula")
	h.send(url.Values{"act": {"redo"}, "key": {db.NewID()}})
	h.expect("Avaus", "11:00–11:45 Sali 2")

	h.send(h.form("Odottaa"), "act", "put", "room", h.rooms["Aula"], "start", "2027-01-21T09:00", "end", "")
	h.expect("Odottaa", "09:00–09:30 Aula")
	h.send(h.form("Odottaa"), "act", "lift")
	h.expect("Odottaa", "")

	body := h.page(asOrganiser, gridPath+"?session="+h.sessions["Paneeli"].ID)
	other := regexp.MustCompile(`<option value="(` + h.sessions["Työpaja"].ID + `[^"]*)"`).FindStringSubmatch(body)
	h.send(h.form("Paneeli"), "act", "swap", "other", strings.ReplaceAll(other[1], "&#43;", "+"))
	h.expect("Paneeli", "10:00–11:00 Sali 2")
	h.expect("Työpaja", "10:30–11:30 Aula")
	h.send(h.form("Kahvi"), "act", "copy")
	if n := h.count("SELECT count(*) FROM session WHERE kind = 'break' AND edition_id = ?", h.find("2030").ID); n != 2 {
		t.Errorf("%d breaks", n)
	}
	if n := h.count("SELECT count(*) FROM session WHERE kind = 'break' AND edition_id = ?", h.find("2027").ID); n == 0 {
		t.Error("the test is blind")
	}
}

// TestGridTellsClashes: what clashes is told in words where it is mended.
func TestGridTellsClashes(t *testing.T) {
	h := newGridHouse(t)
	a := h.send(h.form("Odottaa"), "act", "put", "room", h.rooms["Aula"], "start", "2027-01-21T10:15", "end", "2027-01-21T10:45")
	body := h.page(asOrganiser, a.location())
	_, panel, _ := strings.Cut(body, "data-panel-clashes>")
	panel, _, _ = strings.Cut(panel, "</ul>")
	want := "<li>Aula: ”Avaus” ja ”Odottaa” ovat päällekkäin</li><li>Aula: ”Odottaa” ja ”Paneeli” ovat päällekkäin</li><li>Åsa Öhman on samaan aikaan kahdessa: ”Avaus” ja ”Odottaa”</li>"
	if panel != want {
		t.Errorf("the form says\n%s\nwant\n%s", panel, want)
	}
	if n := strings.Count(body, " clash "); n != 3 {
		t.Errorf("%d blocks are marked", n)
	}
}

// TestGridRefusesWrongInput: a sentence beside the field, nothing lost, nothing done.
func TestGridRefusesWrongInput(t *testing.T) {
	h := newGridHouse(t)
	before := h.dump()
	for _, c := range []struct{ field, want string }{
		{"start", "2027-03-01T10:00"}, {"end", "2027-01-21T09:00"}, {"end", ""}, {"start", "huomenna"}, {"start", ""}, {"end", "2027-01-23T09:00"},
	} {
		a := h.send(h.form("Avaus"), "act", "put", c.field, c.want)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="`+c.field+`-error"`) || !strings.Contains(a.body, `id="`+c.field+`" name="`+c.field+`" type="datetime-local" value="`+c.want+`"`) {
			t.Errorf("%s=%s: status %d", c.field, c.want, a.status)
		}
		for _, f := range pageFaults(a.body, "fi") {
			t.Error(f)
		}
	}
	for name, values := range map[string]url.Values{
		"no act":         {"session": {h.sessions["Avaus"].ID}, "key": {db.NewID()}},
		"another's room": {"act": {"put"}, "room": {"nothing"}},
		"no key of ours": {"act": {"undo"}, "key": {"x"}},
		"swap with none": {"act": {"swap"}},
	} {
		for k, v := range h.form("Avaus") {
			if values[k] == nil {
				values[k] = v
			}
		}
		if a := h.post(asOrganiser, gridPath, values); a.status != http.StatusUnprocessableEntity || len(pageFaults(a.body, "fi")) > 0 {
			t.Errorf("%s: status %d", name, a.status)
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}

// TestGridStaleForm: what somebody else moved is not overwritten; the form says
// where it is now and keeps what was typed.
func TestGridStaleForm(t *testing.T) {
	h := newGridHouse(t)
	old := h.form("Avaus")
	h.send(h.form("Avaus"), "act", "put", "start", "2027-01-21T12:00", "end", "2027-01-21T12:30")
	a := h.send(old, "act", "put", "start", "2027-01-21T13:00", "end", "2027-01-21T13:30")
	if a.status != http.StatusConflict || !strings.Contains(a.body, "12.00–12.30, Aula") || !strings.Contains(a.body, `value="2027-01-21T13:00"`) {
		t.Errorf("status %d", a.status)
	}
	h.expect("Avaus", "12:00–12:30 Aula")
	if a := h.send(url.Values{"act": {"redo"}, "key": {db.NewID()}}); a.status != http.StatusConflict {
		t.Error("there was nothing to redo:", a.status)
	}
}

// TestGridOfOthers: moderators and organisers of other series neither see nor move.
func TestGridOfOthers(t *testing.T) {
	h := newGridHouse(t)
	before := h.dump()
	form := h.form("Avaus")
	form.Set("act", "lift")
	for _, who := range []string{asModerator, asOtherOrganiser, asSpeaker, asStranger} {
		want := refused(post, who)
		if a := h.post(who, gridPath, form); a.status != want {
			t.Errorf("%s: status %d", who, a.status)
		}
		for _, path := range []string{"/edits", "/try"} {
			if a := h.call(who, gridPath+path, h.act("lift", "Avaus", "")); a.status != want {
				t.Errorf("%s %s: status %d", who, path, a.status)
			}
		}
		if a := h.get(who, gridPath+"/edits?since=0"); a.status != refused(get, who) {
			t.Errorf("%s: status %d", who, a.status)
		}
	}
	// Under one's own address nothing of another series is reached.
	for _, path := range []string{"/edits", "/try"} {
		if a := h.call(asOtherOrganiser, "/desk/toinen/2027/program/grid"+path, h.act("lift", "Avaus", "")); a.status != http.StatusNotFound {
			t.Errorf("status %d: %s", a.status, a.body)
		}
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}

// act is a call of the script; seen is where the session is now.
func (h *gridHouse) act(act, title, rest string) string {
	h.t.Helper()
	draft, err := h.Program.Draft(h.t.Context(), h.find("2030"))
	h.must(err)
	seen, err := json.Marshal(draft.ByID(h.sessions[title].ID).Spot())
	h.must(err)
	return fmt.Sprintf(`{"op":%q,"act":%q,"session":{"id":%q,"seen":%s}%s}`, db.NewID(), act, h.sessions[title].ID, seen, rest)
}

func (h *gridHouse) call(who, path, body string) reply {
	h.t.Helper()
	return h.ask(http.MethodPost, path, body, "Content-Type", "application/json", "Sec-Fetch-Site", "same-origin", "Accept-Language", "fi", "Cookie", h.login(who))
}

// TestGridBeginsWithTheDayItself: something on the eve, weeks before, is not
// what the organiser came for.
func TestGridBeginsWithTheDayItself(t *testing.T) {
	h := demoHouse(t)
	e := h.find("2027")
	body := h.page(asOrganiser, "/desk/cmadfi/2027/program/grid")
	if tabs := strings.Count(body, `data-day="`); tabs < 2 {
		t.Fatalf("the test is blind: %d days", tabs)
	}
	if day := e.Local(e.StartsAt).Format(time.DateOnly); !strings.Contains(body, `data-day="`+day+`" aria-current="true"`) {
		t.Error(day, "is not shown first")
	}
}
