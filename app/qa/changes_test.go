package qa

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
)

func (h *house) changes(since int64) Changes {
	h.t.Helper()
	c, err := h.Changes(h.t.Context(), session, since)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func TestChangesGivesExactlyWhatIsNewer(t *testing.T) {
	each(t, func(h *house) {
		empty := h.changes(0)
		if empty.Version != 1 || empty.Epoch == "" || len(empty.Items) != 0 || string(empty.Room[Audience]) !=
			`{"state":"open","now":null,"counts":{"asked":0,"approved":0,"answered":0,"left":0},"asking":{"review":"before","names":"allowed","slow":0,"reactions":false}}` {
			t.Errorf("an empty room: %+v %s", empty, empty.Room[Audience])
		}
		a, b := h.ask("anna", "A?"), h.ask("bo", "B?")
		at := h.changes(0).Version
		if c := h.changes(at); len(c.Items) != 0 || c.Room[Audience] != nil {
			t.Errorf("nothing happened: %+v", c)
		}
		h.vote("eva", b.ID, true)
		c := h.changes(at)
		if len(c.Items) != 1 || c.Items[0].ID != b.ID || c.Items[0].Version != c.Version || c.Version <= at {
			t.Errorf("after a vote: %+v", c)
		}
		if c.Room[Audience] != nil || c.RoomVersion > at {
			t.Error("a vote does not change the room")
		}
		h.must(moderator, Request{Do: ActQueue, Question: a.ID})
		c = h.changes(c.Version)
		if len(c.Items) != 1 || c.Items[0].ID != a.ID || c.RoomVersion != c.Version {
			t.Errorf("after queueing: %+v", c)
		}
		if !strings.Contains(string(c.Room[Stage]), fmt.Sprintf(`"queue":[%q]`, a.ID)) || strings.Contains(string(c.Room[Audience]), "queue") {
			t.Errorf("room: %s %s", c.Room[Stage], c.Room[Audience])
		}
		if _, err := h.Changes(t.Context(), "nowhere", 0); err == nil {
			t.Error("a room that is not there has no state")
		}
		h.ears.Take()
		h.vote("eva", b.ID, true)
		if heard := h.ears.Take(); len(heard) != 0 {
			t.Errorf("a vote repeated was announced: %v", heard)
		}
		h.vote("eva", b.ID, false)
		if heard := h.ears.Take(); !slices.Equal(heard, []string{fmt.Sprintf("changed %s %d", session, h.changes(0).Version)}) {
			t.Errorf("announced %v", heard)
		}
	})
}

func TestViewsSeeWhatTheyMay(t *testing.T) {
	each(t, func(h *house) {
		sees := map[View]string{
			Audience:  "approved queued now answered later",
			Moderator: "new approved queued now answered later rejected withdrawn archived merged",
			Stage:     "queued now answered",
			Screen:    "approved queued now",
		}
		q := h.must(viewer(Audience, "anna"), Request{Do: ActAsk, Text: "Miksi <b>?", Name: ptr("Anna")})
		for _, state := range States {
			h.exec(`UPDATE question SET state = ?, reason = 'salainen syy', original = 'alkuperäinen'`, state)
			item := h.changes(0).Items[0]
			for v, states := range sees {
				want := slices.Contains(strings.Fields(states), string(state))
				if got := item.Views[v] != nil; got != want {
					t.Errorf("view %d of a question that is %s: %v", v, state, got)
				}
				seen, err := h.Seen(t.Context(), session, v)
				if err != nil || (len(seen) == 1) != want {
					t.Errorf("view %d lists %d questions that are %s, %v", v, len(seen), state, err)
				}
				if secret := strings.Contains(string(item.Views[v]), "salainen") || strings.Contains(string(item.Views[v]), "alkuper"); secret != (v == Moderator) {
					t.Errorf("view %d of a question that is %s: %s", v, state, item.Views[v])
				}
				if len(seen) == 1 && (seen[0].Reason != "") != (v == Moderator) {
					t.Errorf("view %d lists %+v", v, seen[0])
				}
			}
		}
		h.exec(`UPDATE question SET state = 'approved'`)
		var got map[string]any
		if err := json.Unmarshal(h.changes(0).Items[0].Views[Audience], &got); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{"id": q.ID, "text": "Miksi <b>?", "name": "Anna", "votes": 0.0, "state": "approved", "answers": []any{}, "at": "2027-01-25T07:40:00Z"}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("a question is %v, want %v", got, want)
		}
	})
}

func TestRoomsAreMadeOnDemand(t *testing.T) {
	each(t, func(h *house) {
		if _, err := h.Open(t.Context(), "no-session"); err == nil {
			t.Error("a room without a session")
		}
		first, err := h.Open(t.Context(), session)
		if again, err2 := h.Open(t.Context(), session); err != nil || err2 != nil || again.Epoch != first.Epoch || first.State != RoomOpen {
			t.Errorf("opened %+v, again %+v, %v %v", first, again, err, err2)
		}
		q := h.ask("anna", "Miksi?")
		h.ask("bo", "Mitä?")
		h.must(viewer(Audience, "eva"), Request{Do: ActAsk, Text: "Odottaa"})
		gone := h.must(viewer(Audience, "eva"), Request{Do: ActAsk, Text: "Peruttu"})
		h.must(viewer(Audience, "eva"), Request{Do: ActWithdraw, Question: gone.ID, Secret: gone.Secret})
		h.must(moderator, Request{Do: ActAnswered, Question: q.ID})
		counts, err := h.Counts(t.Context(), []string{session, "session-2"})
		if want := (Counts{Asked: 3, Approved: 2, Answered: 1, Left: 1}); err != nil || len(counts) != 1 || counts[session] != want {
			t.Errorf("counts %v %v", counts, err)
		}
		rooms, err := h.Rooms(t.Context(), []string{session, "session-2"})
		if err != nil || len(rooms) != 1 || rooms[session].State != RoomOpen {
			t.Errorf("rooms %v %v", rooms, err)
		}
		if rooms, err := h.Rooms(t.Context(), nil); err != nil || len(rooms) != 0 {
			t.Errorf("no sessions, %v %v", rooms, err)
		}
	})
}

// Reading costs the same for 1 question and for 3 with answers.
func TestReadingHasABudget(t *testing.T) {
	each(t, func(h *house) {
		count := func() int64 {
			c := &dbtest.Queries{}
			s := &Service{db: h.db, now: h.clock.Now}
			d := *h.db
			d.Read = d.Read.WithQueryHook(c)
			s.db = &d
			for _, read := range []func() error{
				func() error { _, err := s.Changes(t.Context(), session, 0); return err },
				func() error { _, err := s.Questions(t.Context(), session); return err },
				func() error { _, err := s.Rooms(t.Context(), []string{session, "session-2"}); return err },
			} {
				if err := read(); err != nil {
					t.Fatal(err)
				}
			}
			return c.Load()
		}
		add := func(n int) {
			for i := range n {
				h.clock.Move(time.Minute)
				q := h.ask("anna", fmt.Sprint("Kysymys ", i, "?"))
				if _, err := h.AnswerInWriting(t.Context(), q.ID, "", "Puhuja", "Vastaus."); err != nil {
					t.Fatal(err)
				}
			}
		}
		add(1)
		one := count()
		if add(2); count() != one {
			t.Errorf("1 question costs %d statements, 3 cost %d", one, count())
		}
	})
}
