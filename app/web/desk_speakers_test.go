package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

const speakersDesk = "/desk/cmadfi/2030/speakers"

// speakerHouse has an edition with one session, by one speaker, 10–11 on its day.
func speakerHouse(t *testing.T) (*webHouse, edition.Edition, string) {
	t.Helper()
	h := demoHouse(t)
	e := h.newEdition("2030", nil, nil)
	day := e.Local(e.StartsAt).Format("2006-01-02")
	_, err := h.Program.SaveSession(t.Context(), "", e, "", program.SessionInput{Title: text.One(text.Finnish, "Avaus"), Kind: program.Talk,
		StartsAt: clockAt(day + " 10:00"), EndsAt: clockAt(day + " 11:00"), Speakers: []program.SpeakerRef{{Name: "Åsa Öhman"}}})
	h.must(err)
	return h, e, day
}

func (h *webHouse) speaker(e edition.Edition, slug string) program.Speaker {
	h.t.Helper()
	draft, err := h.Program.Draft(h.t.Context(), e)
	h.must(err)
	who := draft.SpeakerBySlug(slug)
	if who == nil {
		h.t.Fatal("no speaker ", slug)
	}
	return *who
}

func (h *webHouse) away(e edition.Edition) (n int) {
	h.t.Helper()
	clashes, err := h.Program.Clashes(h.t.Context(), e)
	h.must(err)
	for _, c := range clashes {
		if c.Kind == program.AwayClash {
			n++
		}
	}
	return n
}

func TestSpeakersAreSaved(t *testing.T) {
	h, e, day := speakerHouse(t)
	form := url.Values{"name": {"  Bo   Exempel "}, "biography_fi": {"Tutkija."}, "biography_sv": {"Forskare."},
		"from_2": {day + "T09:00"}, "to_2": {day + "T12:30"}, "from_1": {""}, "to_1": {""}}
	if a := h.post(asOrganiser, speakersDesk+"/new", form); a.status != http.StatusSeeOther || a.location() != speakersDesk {
		t.Fatal(a.status, a.location())
	}
	who := h.speaker(e, "bo-exempel")
	want := program.Span{From: clockAt(day + " 09:00").UTC(), To: clockAt(day + " 12:30").UTC()}
	if who.Name != "Bo Exempel" || who.Biography[text.Swedish] != "Forskare." || len(who.Availability) != 1 ||
		!who.Availability[0].From.Equal(want.From) || !who.Availability[0].To.Equal(want.To) {
		t.Errorf("%+v", who)
	}
	list := h.page(asOrganiser, speakersDesk)
	for _, words := range []string{"klo\u00a09.00–12.30", "Milloin vain", ">Bo Exempel</a>", ">Åsa Öhman</a>", `href="` + speakersDesk + `" aria-current="page"`} {
		if !strings.Contains(list, words) {
			t.Errorf("the list does not say %s", words)
		}
	}
	body := h.page(asOrganiser, speakersDesk+"/bo-exempel")
	if strings.Count(body, `type="datetime-local"`) != 6 || !strings.Contains(body, `name="from_1" type="datetime-local" value="`+day+`T09:00"`) {
		t.Error("the form does not show the times")
	}
	// The same form again changes the one there is; a name alone leaves the rest.
	if a := h.post(asOrganiser, speakersDesk+"/bo-exempel", url.Values{"name": {"Bo Exempel-Ö"}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if now := h.speaker(e, "bo-exempel"); now.Name != "Bo Exempel-Ö" || now.ID != who.ID || len(now.Availability) != 1 || now.Biography[text.Finnish] != "Tutkija." {
		t.Errorf("%+v", now)
	}
	h.post(asOrganiser, speakersDesk+"/bo-exempel", url.Values{"name": {"Bo"}, "biography_fi": {""}, "from_1": {""}, "to_1": {""}})
	if now := h.speaker(e, "bo-exempel"); len(now.Availability) != 0 || now.Biography[text.Finnish] != "" || now.Biography[text.Swedish] != "Forskare." {
		t.Errorf("emptied: %+v", now)
	}
}

// A speaker who signs in stays the same person, and a language that the edition
// does not have keeps its text.
func TestSpeakersKeepWhatIsNotAsked(t *testing.T) {
	h, e, _ := speakerHouse(t)
	_, err := h.Program.SaveSpeaker(t.Context(), "", e, h.speaker(e, "asa-ohman").ID, program.SpeakerInput{Name: "Åsa Öhman", PersonID: h.attendee()})
	h.must(err)
	if a := h.post(asOrganiser, speakersDesk+"/asa-ohman", url.Values{"name": {"Åsa Öhman"}, "biography_en": {"Researcher."}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if who := h.speaker(e, "asa-ohman"); who.PersonID == nil || *who.PersonID != h.attendee() || who.Biography[text.English] != "Researcher." {
		t.Errorf("%+v", who)
	}
}

func TestSpeakersWrongInput(t *testing.T) {
	h, _, day := speakerHouse(t)
	before := h.dump()
	form := url.Values{"name": {strings.Repeat("å", 200)}, "biography_fi": {"Pidä tämä"},
		"from_1": {day + "T12:00"}, "to_1": {day + "T11:00"}, "from_2": {day + "T08:00"}, "to_2": {""}, "from_3": {""}, "to_3": {day + "T08:00"},
		"from_4": {"eilen"}, "to_4": {""}, "from_5": {"2020-01-01T08:00"}, "to_5": {"2020-01-01T10:00"}, "from_6": {day + "T15:00"}, "to_6": {day + "T16:00"}}
	a := h.post(asOrganiser, speakersDesk+"/new", form)
	if a.status != http.StatusUnprocessableEntity {
		t.Fatal(a.status)
	}
	for _, field := range []string{"name", "to_1", "to_2", "from_3", "from_4", "from_5"} {
		if strings.Count(a.body, `id="`+field+`-error"`) != 1 || strings.Count(a.body, `href="#`+field+`"`) != 1 {
			t.Errorf("%s is not told once beside it and above", field)
		}
	}
	if n := len(regexp.MustCompile(`<div id="\w+-error"`).FindAllString(a.body, -1)); n != 6 {
		t.Errorf("%d fields are blamed", n)
	}
	for _, typed := range []string{"Pidä tämä", `value="` + day + `T11:00"`, `value="eilen"`, `value="2020-01-01T10:00"`, `value="` + day + `T16:00"`} {
		if !strings.Contains(a.body, typed) {
			t.Errorf("lost: %s", typed)
		}
	}
	// Who is there already is not made twice, unless there are two people.
	twice := url.Values{"name": {"åsa  öhman"}}
	if a := h.post(asOrganiser, speakersDesk+"/new", twice); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="name-error"`) || !strings.Contains(a.body, `name="another"`) {
		t.Error(a.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("what was refused changed %s", diff)
	}
	twice.Set("another", "1")
	if a := h.post(asOrganiser, speakersDesk+"/new", twice); a.status != http.StatusSeeOther {
		t.Error(a.status)
	}
	if a := h.get(asOrganiser, speakersDesk+"/ei-ketaan"); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
}

// Nobody but the edition's own organisers, and nobody of another edition.
func TestSpeakersOfOthers(t *testing.T) {
	h, _, _ := speakerHouse(t)
	before := h.dump()
	for _, who := range []string{asOtherOrganiser, asModerator, asSpeaker, asAttendee} {
		for _, path := range []string{"", "/new", "/asa-ohman"} {
			if a := h.get(who, speakersDesk+path); a.status != http.StatusForbidden || strings.Contains(a.body, "Öhman") {
				t.Errorf("%s as %s: status %d", path, who, a.status)
			}
		}
		for _, path := range []string{"/new", "/asa-ohman", "/asa-ohman/remove"} {
			if a := h.post(who, speakersDesk+path, url.Values{"name": {"Joku"}}); a.status != http.StatusForbidden {
				t.Errorf("%s sent as %s: status %d", path, who, a.status)
			}
		}
	}
	// The speaker belongs to 2030; under another edition's address there is none.
	if a := h.post(asOrganiser, "/desk/cmadfi/2016/speakers/asa-ohman", url.Values{"name": {"Joku"}}); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("what was refused changed %s", diff)
	}
}

func TestSpeakersAway(t *testing.T) {
	h, e, day := speakerHouse(t)
	save := func(from, to string) {
		t.Helper()
		if a := h.post(asOrganiser, speakersDesk+"/asa-ohman", url.Values{"name": {"Åsa Öhman"}, "from_1": {from}, "to_1": {to}}); a.status != http.StatusSeeOther {
			t.Fatal(a.status, a.body)
		}
	}
	save(day+"T10:30", day+"T16:00")
	if n := h.away(e); n != 1 {
		t.Errorf("%d clashes, want the one at ten", n)
	}
	if body := h.page(asOrganiser, speakersDesk+"/asa-ohman"); !strings.Contains(body, `href="/desk/cmadfi/2030/program/avaus"`) {
		t.Error("the speaker's page does not tell the clash")
	}
	for _, times := range [][2]string{{day + "T10:00", day + "T11:00"}, {"", ""}} {
		save(times[0], times[1])
		if n := h.away(e); n != 0 {
			t.Errorf("%v: %d clashes", times, n)
		}
	}
	if body := h.page(asOrganiser, speakersDesk+"/asa-ohman"); strings.Contains(body, "/program/avaus") {
		t.Error("a clash is told that is none")
	}
}

func TestSpeakersRemoved(t *testing.T) {
	h, e, _ := speakerHouse(t)
	if body := h.page(asOrganiser, speakersDesk+"/asa-ohman"); strings.Contains(body, "/asa-ohman/remove") {
		t.Error("who is on a session is offered to be removed")
	}
	if a := h.post(asOrganiser, speakersDesk+"/asa-ohman/remove", nil); a.status != http.StatusConflict || !strings.Contains(a.body, `value="Åsa Öhman"`) {
		t.Error(a.status)
	}
	_, err := h.Program.SaveSpeaker(t.Context(), "", e, "", program.SpeakerInput{Name: "Bo"})
	h.must(err)
	if body := h.page(asOrganiser, speakersDesk+"/bo"); !strings.Contains(body, `action="`+speakersDesk+`/bo/remove"`) {
		t.Error("who is on nothing cannot be removed")
	}
	for range 2 { // pressed twice
		if a := h.post(asOrganiser, speakersDesk+"/bo/remove", nil); a.status != http.StatusSeeOther {
			t.Error(a.status)
		}
	}
	if n := h.count("SELECT count(*) FROM speaker WHERE edition_id = ?", e.ID); n != 1 {
		t.Errorf("%d speakers are left", n)
	}
}

func TestSpeakersRoomEquipment(t *testing.T) {
	h, e, _ := speakerHouse(t)
	rooms := "/desk/cmadfi/2030/rooms"
	form := url.Values{"r_name_fi": {"Aula"}, "r_equipment_fi": {"Projektori ja <mikki>"}, "r_equipment_sv": {"Projektor"}}
	if a := h.post(asOrganiser, rooms, form); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	room := func() *program.Room {
		draft, err := h.Program.Draft(t.Context(), e)
		h.must(err)
		return draft.Rooms[0]
	}
	id := room().ID
	if body := h.page(asOrganiser, rooms+"?room="+id); strings.Count(body, "Projektori ja &lt;mikki&gt;") != 2 {
		t.Error("the equipment is not in the list and in the form")
	}
	h.post(asOrganiser, rooms, url.Values{"room": {id}, "r_name_fi": {"Aula"}})
	if r := room(); r.Equipment[text.Swedish] != "Projektor" {
		t.Errorf("a form without it took it away: %v", r.Equipment)
	}
	h.post(asOrganiser, rooms, url.Values{"room": {id}, "r_name_fi": {"Aula"}, "r_equipment_fi": {""}, "r_equipment_sv": {""}})
	if r := room(); len(r.Equipment) != 0 {
		t.Errorf("emptied: %v", r.Equipment)
	}
	a := h.post(asOrganiser, rooms, url.Values{"room": {id}, "r_name_fi": {"Aula"}, "r_equipment_fi": {strings.Repeat("ä", 3000)}})
	if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, `id="r_equipment_fi-error"`) {
		t.Error(a.status)
	}
}

// A colour that no words can be read on is kept, and told about.
func TestSpeakersTrackColorTold(t *testing.T) {
	h, _, _ := speakerHouse(t)
	told := map[string]string{"fi": "Värin #797979 päällä", "sv": "syns tillräckligt bra på färgen #797979", "en": "stands out enough on the colour #797979"}
	a := h.post(asOrganiser, "/desk/cmadfi/2030/tracks", url.Values{"t_name_fi": {"Harmaa"}, "t_color": {"#797979"}})
	path, _, anchored := strings.Cut(a.location(), "#track-form")
	if a.status != http.StatusSeeOther || !anchored {
		t.Fatal(a.status, a.location())
	}
	for lang, words := range told {
		body := h.page(asOrganiser, path, "Accept-Language", lang)
		// The shades are those of the sheet that colours the pages.
		if !strings.Contains(body, words) || !strings.Contains(body, "#767676") || !strings.Contains(body, `value="#797979"`) {
			t.Errorf("%s: it is not told", lang)
		}
		if light, dark := page.TrackShades("#797979"); !strings.Contains(body, light) || !strings.Contains(body, dark) {
			t.Errorf("%s: the pages show %s and %s, which is not told", lang, light, dark)
		}
	}
	a = h.post(asOrganiser, "/desk/cmadfi/2030/tracks", url.Values{"t_name_fi": {"Vihreä"}, "t_color": {"#1a7f5a"}})
	if a.location() != "/desk/cmadfi/2030/rooms" {
		t.Error("a good colour is told about:", a.location())
	}
}
