package demo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"agora/app/poll"
	"agora/app/qa"
	"agora/app/registration"
)

func testArchive(t *testing.T, h *house, cast Cast) {
	e := find(t, h, Archive)
	if n, err := h.door.Count(t.Context(), e.ID); err != nil || n != archiveArrived {
		t.Errorf("%d arrived, %v, want %d", n, err, archiveArrived)
	}
	p, err := h.program.Programme(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	materials, err := h.material.OfEdition(t.Context(), e)
	if err != nil || len(materials) < 6 {
		t.Errorf("%d sessions with material, %v", len(materials), err)
	}
	proof, err := h.certificates.Verify(t.Context(), strings.TrimPrefix(cast.Verify, "/verify/"))
	if err != nil || proof.Name != attendee.Name {
		t.Errorf("the certificate is %s's, %v", proof.Name, err)
	}
	x := p.BySlug("kaksi-aanta-lahettilyyden-kysymystunti")
	if x == nil || len(x.Speakers) != 2 {
		t.Fatalf("the session of two voices is %+v", x)
	}
	questions, err := h.qa.Questions(t.Context(), x.ID)
	if err != nil || len(questions) != 9 {
		t.Fatalf("%d questions, %v", len(questions), err)
	}
	longest, both := 0, 0
	for _, q := range questions {
		longest = max(longest, utf8.RuneCountInString(q.Text))
		if q.State != qa.StateAnswered || len(q.Answers) == 0 || q.AnsweredAt != nil {
			t.Errorf("%q is %s with %d answers", q.Text, q.State, len(q.Answers))
		}
		if len(q.Answers) == 2 {
			both++
		}
	}
	if longest != 456 || both != 7 {
		t.Errorf("the longest question has %d characters, %d were answered by both", longest, both)
	}
	if r, err := h.qa.Room(t.Context(), x.ID); err != nil || r.State != qa.RoomClosed {
		t.Errorf("the room is %s, %v", r.State, err)
	}
}

func testLive(t *testing.T, h *house, cast Cast) {
	e := find(t, h, Coming)
	p, err := h.program.Programme(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	on := p.Now(testNow)
	if len(on) != 1 || cast.Live != e.Path()+"/sessions/"+on[0].Slug+"/live" {
		t.Fatalf("%d sessions are on, the live path is %s", len(on), cast.Live)
	}
	for _, l := range []string{on[0].Title["sv"], on[0].Title["en"], on[0].Room.Name["sv"]} {
		if l == "" {
			t.Errorf("the live session lacks a language: %v, %v", on[0].Title, on[0].Room.Name)
		}
	}
	got := map[qa.State]int{}
	var rows []struct {
		State qa.State
		Votes int64
		Cast  int64
	}
	err = h.db.Read.NewRaw(`SELECT state, votes, (SELECT count(*) FROM vote WHERE question_id = q.id) AS cast
		FROM question AS q WHERE session_id = ?`, on[0].ID).Scan(t.Context(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		got[r.State]++
		if r.Votes != r.Cast {
			t.Errorf("a question counts %d votes and has %d", r.Votes, r.Cast)
		}
	}
	want := map[qa.State]int{qa.StateNew: 2, qa.StateApproved: 4, qa.StateQueued: 2, qa.StateNow: 1, qa.StateAnswered: 2, qa.StateRejected: 1}
	for state, n := range want {
		if got[state] != n {
			t.Errorf("%d questions are %s, want %d", got[state], state, n)
		}
	}
}

// testPolls: one runs and shows what was chosen, two are over, one is a draft.
func testPolls(t *testing.T, h *house) {
	p, err := h.program.Programme(t.Context(), find(t, h, Coming))
	if err != nil {
		t.Fatal(err)
	}
	list, err := h.polls.List(t.Context(), p.Now(testNow)[0].ID, qa.Audience)
	if err != nil {
		t.Fatal(err)
	}
	got := map[poll.State]int{}
	for _, shown := range list {
		got[shown.State]++
		sum := int64(0)
		for _, c := range shown.Result {
			sum += c.N
		}
		if sum < 50 || sum != shown.Voters {
			t.Errorf("%q has %d voters and %d in its result", shown.Text, shown.Voters, sum)
		}
	}
	if len(list) != 3 || got[poll.StateOpen] != 1 || got[poll.StateClosed] != 2 {
		t.Errorf("the audience sees %v", got)
	}
	if list, err = h.polls.List(t.Context(), p.Now(testNow)[0].ID, qa.Moderator); err != nil || len(list) != 4 {
		t.Errorf("moderators see %d polls, %v", len(list), err)
	}
}

// TestTexts: what an organiser would give per language is there in all three.
func TestTexts(t *testing.T) {
	files, err := content.ReadDir("content")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		var any any
		if err := read(strings.TrimSuffix(f.Name(), ".json"), &any); err != nil {
			t.Fatal(err)
		}
		languages(t, f.Name(), any)
	}
}

// languages looks at every object that has one of the three.
func languages(t *testing.T, place string, v any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			languages(t, place, e)
		}
	case map[string]any:
		n := 0
		for _, l := range []string{"fi", "sv", "en"} {
			if s, _ := v[l].(string); strings.TrimSpace(s) != "" {
				n++
			}
		}
		if n != 0 && n != 3 || n == 3 && len(v) != 3 {
			t.Errorf("%s: %d languages of %v", place, n, v)
		}
		for name, e := range v {
			if n == 0 && (name == "title" || name == "biography" || name == "abstract") {
				m, _ := e.(map[string]any)
				if len(m) == 0 {
					t.Errorf("%s: no text in %v", place, v)
				}
			}
			languages(t, place+" "+name, e)
		}
	}
}

// TestCrowd: the names that try out badges are there, and hold a seat.
func TestCrowd(t *testing.T) {
	crowd, err := newCrowd()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, v := range crowd {
		if i < specialNames {
			names = append(names, v.Name)
		}
		if !strings.HasSuffix(v.email, "@example.org") {
			t.Errorf("%s has the address %s", v.Name, v.email)
		}
	}
	all, sixty := strings.Join(names, " "), 0
	for _, letter := range []string{"Å", "Ġ", "ż", "Ł", "Ñ", "ő", "🌻"} {
		if !strings.Contains(all, letter) {
			t.Errorf("no name has %s", letter)
		}
	}
	for _, name := range names {
		if utf8.RuneCountInString(name) == 60 {
			sixty++
		}
	}
	if sixty != 1 {
		t.Errorf("%d names have 60 characters", sixty)
	}
	for _, kind := range registration.Kinds {
		in := crowd[0].input(kind)
		if in.Place != kind {
			t.Errorf("asked for %s, got %s", kind, in.Place)
		}
	}
}

func TestSpread(t *testing.T) {
	for n := range 50 {
		sum := 0
		for _, part := range spread(n, []float64{5, 3, 0, 1.5, 1}) {
			sum += part
		}
		if sum != n {
			t.Errorf("%d were spread to %d", n, sum)
		}
	}
}
