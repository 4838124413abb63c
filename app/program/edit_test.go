package program

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// grid is the draft in one line per session: title, room and times.
func (k *desk) grid() string {
	k.t.Helper()
	g, err := k.GridState(k.t.Context(), "org", k.e)
	if err != nil {
		k.t.Fatal(err)
	}
	var lines []string
	for _, x := range g.Sessions {
		room := "-"
		if x.Room != nil {
			room = x.Room.Name.String()
		}
		lines = append(lines, fmt.Sprintf("%s %s %s–%s", x.Title, room, x.StartsAt.Format("15:04"), x.EndsAt.Format("15:04")))
	}
	for _, x := range g.Unscheduled {
		lines = append(lines, x.Title.String())
	}
	return strings.Join(lines, ", ")
}

// seen is a session as it is in the draft now.
func (k *desk) seen(x Session) Seen {
	k.t.Helper()
	found := k.draft().ByID(x.ID)
	if found == nil {
		k.t.Fatalf("%s is not in the draft", x.Title)
	}
	spot := found.Spot()
	return Seen{ID: x.ID, Spot: &spot}
}

func (k *desk) do(by string, in EditInput) EditResult {
	k.t.Helper()
	r, err := k.Edit(k.t.Context(), by, k.e, in)
	if err != nil {
		k.t.Fatalf("%s: %v", in.Act, err)
	}
	return r
}

func (k *desk) wantGrid(want string) {
	k.t.Helper()
	if got := k.grid(); got != want {
		k.t.Errorf("grid\n %s, want\n %s", got, want)
	}
}

func clock27(s string) time.Time { return at("2027-01-25 " + s) }

func TestEveryActOfTheEditor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		a := k.session(talk("A", "10:00", "10:45", aula))
		b := k.session(talk("B", "12:00", "12:20", sali))
		c := k.session(talk("C", "", "", Room{}))
		before := k.fresh().Revision

		r := k.do("org", EditInput{Act: Move, Session: k.seen(a), RoomID: sali.ID, StartsAt: clock27("11:00")})
		k.wantGrid("A Sali 11:00–11:45, B Sali 12:00–12:20, C")
		if r.Seq != 4 || len(r.Changed) != 1 || r.Changed[0].Version != a.Version+1 || !r.CanUndo || r.CanRedo || k.fresh().Revision <= before {
			t.Errorf("after the move: %+v", r)
		}
		k.do("org", EditInput{Act: Move, Session: k.seen(b), StartsAt: clock27("12:05"), EndsAt: clock27("12:25")})
		k.wantGrid("A Sali 11:00–11:45, B - 12:05–12:25, C")
		k.do("org", EditInput{Act: Resize, Session: k.seen(a), EndsAt: clock27("12:30")})
		k.do("org", EditInput{Act: Place, Session: k.seen(c), RoomID: aula.ID, StartsAt: clock27("09:00")})
		k.wantGrid("C Aula 09:00–09:30, A Sali 11:00–12:30, B - 12:05–12:25")
		r = k.do("org", EditInput{Act: Swap, Session: k.seen(a), Other: k.seen(c)})
		k.wantGrid("A Aula 09:00–10:30, C Sali 11:00–11:30, B - 12:05–12:25")
		if len(r.Changed) != 2 {
			t.Errorf("a swap changed %d", len(r.Changed))
		}
		k.do("org", EditInput{Act: Lift, Session: k.seen(b)})
		k.wantGrid("A Aula 09:00–10:30, C Sali 11:00–11:30, B")
		k.do("org", EditInput{Act: Place, Session: k.seen(b), RoomID: aula.ID, StartsAt: clock27("13:00"), EndsAt: clock27("14:00")})
		k.wantGrid("A Aula 09:00–10:30, C Sali 11:00–11:30, B Aula 13:00–14:00")
		// Where it is already: nothing is written.
		r = k.do("org", EditInput{Act: Move, Session: k.seen(b), RoomID: aula.ID, StartsAt: clock27("13:00")})
		if r.Seq != 10 || len(r.Changed) != 1 {
			t.Errorf("a move to the same place: %+v", r)
		}
		if !k.programme().Empty() {
			t.Error("the editor changed the public programme")
		}
		edits, err := k.EditsSince(t.Context(), k.e.ID, 9)
		if err != nil || len(edits) != 1 || edits[0].Act != Place || edits[0].PersonID != "org" || edits[0].Changes.List[0].After.RoomID != aula.ID {
			t.Errorf("edits since 9: %+v %v", edits, err)
		}
	})
}

func TestWrongInputToTheEditor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, other := k.room("Aula"), k.other()
		elsewhere, err := k.SaveRoom(t.Context(), "org", other, "", RoomInput{Name: text.One(text.Finnish, "Muualla")})
		if err != nil {
			t.Fatal(err)
		}
		x := k.session(talk("A", "10:00", "10:45", aula))
		w := k.session(talk("W", "", "", Room{}))
		grid := k.grid()
		for name, c := range map[string]struct {
			in         EditInput
			field, key string
		}{
			"another edition's room": {EditInput{Act: Move, Session: k.seen(x), RoomID: elsewhere.ID, StartsAt: clock27("11:00")}, "room", "program.room_missing"},
			"no time":                {EditInput{Act: Move, Session: k.seen(x)}, "start", "program.time_missing"},
			"the day before":         {EditInput{Act: Move, Session: k.seen(x), StartsAt: at("2027-01-24 11:00")}, "start", "program.outside_days"},
			"past the night":         {EditInput{Act: Move, Session: k.seen(x), StartsAt: at("2027-01-26 04:30")}, "end", "program.outside_days"},
			"moved and two minutes":  {EditInput{Act: Move, Session: k.seen(x), StartsAt: clock27("11:00"), EndsAt: clock27("11:02")}, "end", "program.edit_length"},
			"two minutes":            {EditInput{Act: Resize, Session: k.seen(x), EndsAt: clock27("10:02")}, "end", "program.edit_length"},
			"thirteen hours":         {EditInput{Act: Resize, Session: k.seen(x), EndsAt: clock27("23:00")}, "end", "program.edit_length"},
			"backwards":              {EditInput{Act: Resize, Session: k.seen(x), EndsAt: clock27("09:00")}, "end", "program.ends_before"},
			"no end":                 {EditInput{Act: Resize, Session: k.seen(x)}, "end", "program.ends_before"},
			"move without slot":      {EditInput{Act: Move, Session: k.seen(w), StartsAt: clock27("11:00")}, "session", "program.edit_unplaced"},
			"place with slot":        {EditInput{Act: Place, Session: k.seen(x), StartsAt: clock27("11:00")}, "session", "program.edit_placed"},
			"swap with itself":       {EditInput{Act: Swap, Session: k.seen(x), Other: k.seen(x)}, "other", "program.edit_swap"},
			"swap with no slot":      {EditInput{Act: Swap, Session: k.seen(x), Other: k.seen(w)}, "other", "program.edit_swap"},
			"no such act":            {EditInput{Act: "fly", Session: k.seen(x)}, "act", "program.edit_unknown"},
			"seen by nobody":         {EditInput{Act: Lift, Session: Seen{ID: x.ID}}, "session", "program.edit_unseen"},
			"a bad op":               {EditInput{Act: Lift, Session: k.seen(x), Op: "1"}, "op", "program.edit_op"},
		} {
			_, err := k.Edit(t.Context(), "org", k.e, c.in)
			if problem(err, c.field) != c.key {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := k.Try(t.Context(), k.e, c.in); c.field != "op" && problem(err, c.field) != c.key {
				t.Errorf("trying %s: %v", name, err)
			}
		}
		for _, in := range []EditInput{{Act: Lift, Session: k.seen(x)}, {Act: Move, Session: k.seen(x), StartsAt: clock27("11:00")}} {
			if _, err := k.Edit(t.Context(), "org", other, in); !fail.Is(err, fail.NotFound) {
				t.Errorf("%s through another edition: %v", in.Act, err)
			}
		}
		k.wantGrid(grid)
	})
}

func TestNobodyOverwritesSilently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		x, y := k.session(talk("A", "10:00", "10:45", aula)), k.session(talk("B", "13:00", "13:30", aula))
		old, oldVersion := k.seen(x), Seen{ID: x.ID, Version: x.Version}
		k.do("one", EditInput{Act: Move, Session: old, RoomID: sali.ID, StartsAt: clock27("11:00")})
		for _, seen := range []Seen{old, oldVersion} {
			_, err := k.Edit(t.Context(), "two", k.e, EditInput{Act: Move, Session: seen, RoomID: aula.ID, StartsAt: clock27("12:00")})
			var stale *Stale
			if key(err) != "program.moved_meanwhile" || !errors.As(err, &stale) || stale.Sessions[0].Room.ID != sali.ID {
				t.Fatalf("the second: %v", err)
			}
			words, err2 := text.Load()
			if err2 != nil {
				t.Fatal(err2)
			}
			e, _ := fail.As(err)
			if said := words.T(text.English, e.Key, e.Args...); !strings.Contains(said, "“A”") || !strings.Contains(said, "11:00–11:45, Sali") {
				t.Errorf("said %s", said)
			}
		}
		if _, err := k.Edit(t.Context(), "two", k.e, EditInput{Act: Swap, Session: k.seen(y), Other: old}); key(err) != "program.moved_meanwhile" {
			t.Errorf("a swap with what moved: %v", err)
		}
		k.do("one", EditInput{Act: Lift, Session: k.seen(x)})
		if _, err := k.Edit(t.Context(), "two", k.e, EditInput{Act: Lift, Session: old}); key(err) != "program.lifted_meanwhile" {
			t.Errorf("lifting twice: %v", err)
		}
		// A text mended meanwhile is no reason to refuse who saw the slot.
		seen := k.seen(y)
		if _, err := k.SaveSession(t.Context(), "one", k.e, y.ID, talk("Bee", "13:00", "13:30", aula)); err != nil {
			t.Fatal(err)
		}
		k.do("two", EditInput{Act: Move, Session: seen, RoomID: sali.ID, StartsAt: clock27("13:00")})
	})
}

func TestTwoOrganisersAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		x := k.session(talk("A", "10:00", "10:45", aula))
		nodes := []*Service{k.Service, New(d, func() time.Time { return noon }, edition.New(d, func() time.Time { return noon }))}
		seen := k.seen(x)
		var wg sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wg.Go(func() {
				_, results[i] = nodes[i%2].Edit(t.Context(), fmt.Sprint(i), k.e, EditInput{Act: Move, Session: seen, RoomID: aula.ID,
					StartsAt: clock27("11:00").Add(time.Duration(i) * time.Hour)})
			})
		}
		wg.Wait()
		won := 0
		for i, err := range results {
			switch {
			case err == nil:
				won++
				k.wantGrid(fmt.Sprintf("A Aula %02d:00–%02d:45", 11+i, 11+i))
			case key(err) != "program.moved_meanwhile":
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d moved the same session from the same place", won)
		}
	})
}

func TestAnOpRepeatedIsAnsweredAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		x := k.session(talk("A", "10:00", "10:45", aula))
		in := EditInput{Op: db.NewID(), Act: Move, Session: k.seen(x), RoomID: aula.ID, StartsAt: clock27("11:00")}
		first := k.do("org", in)
		again := k.do("org", in)
		if first.Seq != again.Seq || len(again.Changed) != 1 || again.Changed[0].Version != first.Changed[0].Version {
			t.Errorf("again %+v, first %+v", again, first)
		}
		undo := EditInput{Op: db.NewID(), Act: Undo}
		if a, b := k.do("org", undo), k.do("org", undo); a.Seq != b.Seq {
			t.Error("an undo was done twice")
		}
		k.wantGrid("A Aula 10:00–10:45")
		in.Act = Lift
		if _, err := k.Edit(t.Context(), "org", k.e, in); problem(err, "op") != "program.edit_op" {
			t.Errorf("another act under the same op: %v", err)
		}
		if _, err := k.Edit(t.Context(), "other", k.e, undo); problem(err, "op") != "program.edit_op" {
			t.Errorf("somebody else under the same op: %v", err)
		}
	})
}
