package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"agora/app/db"
)

// exact compares an answer of the grid, with ids written as names.
func (h *gridHouse) exact(a reply, status int, want string) {
	h.t.Helper()
	got := strings.ReplaceAll(a.body, "\u00a0", " ")
	for title, x := range h.sessions {
		got = strings.ReplaceAll(got, x.ID, "<"+title+">")
	}
	for name, id := range h.rooms {
		got = strings.ReplaceAll(got, id, "<"+name+">")
	}
	if a.status != status || got != want {
		h.t.Errorf("status %d, want %d\ngot  %s\nwant %s", a.status, status, got, want)
	}
	if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != "application/json; charset=utf-8" {
		h.t.Error("headers", a.header)
	}
}

// TestGridAnswers: a move is answered with the session as it is now, the number
// and what clashes; the same op again is answered and not done again.
func TestGridAnswers(t *testing.T) {
	h := newGridHouse(t)
	seq := h.count("SELECT max(seq) FROM edit WHERE edition_id = ?", h.find("2030").ID)
	move := h.act("move", "Avaus", fmt.Sprintf(`,"room":%q,"start":"2027-01-21T08:15:00Z"`, h.rooms["Sali 2"]))
	h.exact(h.call(asOrganiser, gridPath+"/try", move), 200,
		`{"clashes":[{"kind":"room","text":"Sali 2: ”Työpaja” ja ”Avaus” ovat päällekkäin","ids":["<Työpaja>","<Avaus>"]}]}`)
	h.expect("Avaus", "10:00–10:30 Aula")
	want := fmt.Sprintf(`{"seq":%d,"changed":[{"id":"<Avaus>","slug":"avaus","title":"Avaus","who":"Åsa Öhman","kind":"talk","room":"<Sali 2>","start":"2027-01-21T08:15:00Z","end":"2027-01-21T08:45:00Z"}],"gone":[],`+
		`"clashes":[{"kind":"room","text":"Sali 2: ”Työpaja” ja ”Avaus” ovat päällekkäin","ids":["<Työpaja>","<Avaus>"]}],"said":"”Avaus” on nyt to 21.1. klo 10.15–10.45, Sali 2.","can_undo":true,"can_redo":false}`, seq+1)
	for range 2 {
		h.exact(h.call(asOrganiser, gridPath+"/edits", move), 200, want)
	}
	if n := h.count("SELECT max(seq) FROM edit WHERE edition_id = ?", h.find("2030").ID); n != seq+1 {
		t.Errorf("it was done %d times", n-seq)
	}
	h.exact(h.get(asOwner, fmt.Sprintf("%s/edits?since=%d", gridPath, seq)), 200,
		fmt.Sprintf(`{"seq":%d,"notes":[{"seq":%[1]d,"mine":false,"text":"Nimi organiser siirsi: ”Avaus” on nyt to 21.1. klo 10.15–10.45, Sali 2."}],"changed":[{"id":"<Avaus>","slug":"avaus","title":"Avaus","who":"Åsa Öhman","kind":"talk","room":"<Sali 2>","start":"2027-01-21T08:15:00Z","end":"2027-01-21T08:45:00Z"}],"gone":[],`+
			`"clashes":[{"kind":"room","text":"Sali 2: ”Työpaja” ja ”Avaus” ovat päällekkäin","ids":["<Työpaja>","<Avaus>"]}],"can_undo":false,"can_redo":false}`, seq+1))
	h.exact(h.get(asOwner, fmt.Sprintf("%s/edits?since=%d", gridPath, seq+1)), 200,
		fmt.Sprintf(`{"seq":%d,"notes":[],"changed":[],"gone":[],"clashes":[],"can_undo":false,"can_redo":false}`, seq+1))
	h.exact(h.get(asOwner, gridPath+"/edits?since=999"), 200, fmt.Sprintf(`{"seq":%d,"reload":true,"notes":[],"changed":[],"gone":[],"clashes":[],"can_undo":false,"can_redo":false}`, seq+1))
	h.exact(h.call(asOrganiser, gridPath+"/edits", fmt.Sprintf(`{"op":%q,"act":"undo"}`, db.NewID())), 200,
		fmt.Sprintf(`{"seq":%d,"changed":[{"id":"<Avaus>","slug":"avaus","title":"Avaus","who":"Åsa Öhman","kind":"talk","room":"<Aula>","start":"2027-01-21T08:00:00Z","end":"2027-01-21T08:30:00Z"}],"gone":[],"clashes":[],"said":"Kumottiin: ”Avaus”, to 21.1. klo 10.00–10.30, Aula.","can_undo":false,"can_redo":true}`, seq+2))
	h.exact(h.call(asOrganiser, gridPath+"/edits", h.act("lift", "Avaus", "")), 200,
		fmt.Sprintf(`{"seq":%d,"changed":[{"id":"<Avaus>","slug":"avaus","title":"Avaus","who":"Åsa Öhman","kind":"talk","room":""}],"gone":[],"clashes":[],"said":"”Avaus” on nyt ilman aikaa.","can_undo":true,"can_redo":false}`, seq+3))
}

// TestGridRefusals: what was moved meanwhile is told as it is now; wrong input by
// its field; nothing is done.
func TestGridRefusals(t *testing.T) {
	h := newGridHouse(t)
	old := h.act("move", "Avaus", `,"start":"2027-01-21T12:00:00Z"`)
	h.call(asOwner, gridPath+"/edits", h.act("resize", "Avaus", `,"end":"2027-01-21T08:25:00Z"`))
	h.expect("Avaus", "10:00–10:25 Aula")
	before := h.dump()
	h.exact(h.call(asOrganiser, gridPath+"/edits", old), 409, `{"error":"conflict","message":"`+h.sentence("program.moved_meanwhile")+
		`","changed":[{"id":"<Avaus>","slug":"avaus","title":"Avaus","kind":"talk","room":"<Aula>","start":"2027-01-21T08:00:00Z","end":"2027-01-21T08:25:00Z"}]}`)
	outside := h.sentence("program.outside_days")
	h.exact(h.call(asOrganiser, gridPath+"/edits", h.act("move", "Avaus", `,"start":"2029-01-21T12:00:00Z"`)), 422,
		`{"error":"invalid","message":"`+outside+`","errors":{"start":["`+outside+`"]}}`)
	for name, body := range map[string]string{
		"no JSON": "{", "nothing": "", "a list": "[]", "a time that is none": h.act("move", "Avaus", `,"start":"kello 12"`), "no op": `{"act":"undo"}`,
		"a NUL": `{"op":"` + db.NewID() + `","act":"lift","session":{"id":"a\u0000b","seen":{}}}`, "unseen": `{"op":"` + db.NewID() + `","act":"lift","session":{"id":"` + h.sessions["Avaus"].ID + `"}}`,
		"too long": `{"op":"` + strings.Repeat("x", 20<<10) + `"}`, "an act that is none": h.act("eat", "Avaus", ""), "a room that is none": h.act("move", "Avaus", `,"room":"x","start":"2027-01-21T09:00:00Z"`),
	} {
		for _, path := range []string{"/edits", "/try"} {
			if a := h.call(asOrganiser, gridPath+path, body); a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "⟦") {
				t.Errorf("%s to %s: status %d %s", name, path, a.status, a.body)
			}
		}
	}
	if a := h.call(asOrganiser, gridPath+"/edits", strings.ReplaceAll(old, h.sessions["Avaus"].ID, "nothing")); a.status != http.StatusNotFound {
		t.Error(a.status, a.body)
	}
	foreign := h.ask(http.MethodPost, gridPath+"/edits", h.act("lift", "Avaus", ""), "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site", "Cookie", h.login(asOrganiser))
	if foreign.status != http.StatusForbidden {
		t.Error("another site's page moved a session:", foreign.status)
	}
	if diff := differing(before, h.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
}

// sentence is a message about the session that the tests move, as JSON has it.
func (h *gridHouse) sentence(key string) string {
	return h.Words.T("fi", key, "title", "Avaus", "where", "klo 10.00–10.25, Aula")
}
