package program

import (
	"fmt"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/text"
)

// clashing is a list of clashes in one line.
func clashing(list []Clash) string {
	var said []string
	for _, c := range list {
		one := string(c.Kind) + " " + c.First.Title.String()
		if c.Second != nil {
			one += c.Second.Title.String()
		}
		if c.Speaker != nil {
			one += " " + c.Speaker.Name
		}
		if c.Room != nil {
			one += " " + c.Room.Name.String()
		}
		if c.N > 0 {
			one += fmt.Sprint(" ", c.N)
		}
		said = append(said, one)
	}
	return strings.Join(said, ", ")
}

func (k *desk) wantClashes(want string) {
	k.t.Helper()
	list, err := k.Clashes(k.t.Context(), k.e)
	if got := clashing(list); err != nil || got != want {
		k.t.Errorf("clashes\n %s, want\n %s (%v)", got, want, err)
	}
	words, err := text.Load()
	if err != nil {
		k.t.Fatal(err)
	}
	for _, c := range list {
		key, args := c.Words()
		for _, l := range text.Langs {
			if said := words.T(l, key, args...); strings.ContainsAny(said, "{}⟦") || !strings.Contains(said, c.First.Name(l)) {
				k.t.Errorf("%s: %s", l, said)
			}
		}
	}
}

// raw runs SQL of another area's tables.
func (k *desk) raw(query string, args ...any) {
	k.t.Helper()
	if _, err := k.d.Write.NewRaw(query, args...).Exec(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
}

// workshop gives a session places, and signs people up by their kind.
func (k *desk) workshop(x Session, capacity any, audience string, people ...string) {
	k.t.Helper()
	k.raw(`INSERT INTO workshop (id, edition_id, session_id, title, about, audience, capacity, taken, waiting, line, rank, created_at)
		VALUES (?, ?, ?, '{}', '{}', ?, ?, 0, 0, 0, 1, ?)`, "w"+x.ID, k.e.ID, x.ID, audience, capacity, noon)
	for _, who := range people {
		kind := "onsite"
		if strings.HasPrefix(who, "r") {
			kind = "remote"
		}
		k.raw(`INSERT INTO person (id, email, name, language, created_at) VALUES (?0, ?0 || '@example.org', ?0, 'fi', ?1) ON CONFLICT DO NOTHING`, who, noon)
		k.raw(`INSERT INTO registration (id, edition_id, person_id, kind, state, meanwhile, line, code, version, name, email, organisation,
			language, photo, needs, answers, created_at, changed_at) VALUES (?0, ?1, ?0, ?2, 'confirmed', FALSE, 0, ?0, 1, ?0, '', '', 'fi', '', '{}', '{}', ?3, ?3)
			ON CONFLICT DO NOTHING`, who, k.e.ID, kind, noon)
		k.raw(`INSERT INTO sign_up (id, workshop_id, registration_id, state, line, created_at, changed_at) VALUES (?0 || ?1, ?0, ?1, 'confirmed', 0, ?2, ?2)`,
			"w"+x.ID, who, noon)
	}
}

func TestEveryKindOfClash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, seats := t.Context(), int64(2)
		sali := k.room("Sali")
		tupa, err := k.SaveRoom(ctx, "org", k.e, "", RoomInput{Name: text.One(text.Finnish, "Tupa"), Capacity: &seats, Equipment: text.One(text.Finnish, "Tykki")})
		if err != nil || tupa.Equipment.String() != "Tykki" {
			t.Fatal(tupa, err)
		}
		a := k.session(talk("A", "10:00", "11:00", tupa, "Bo"))
		b := k.session(talk("B", "11:00", "12:00", tupa, "Bo"))
		c := k.session(talk("C", "13:00", "14:00", sali, "Åsa"))
		k.workshop(a, 2, "", "p1", "p2")
		k.workshop(b, nil, "", "p1", "p2", "r1", "r2")
		k.workshop(c, 40, "remote", "p1", "r1")
		for _, title := range []string{"Tauko", "Lounas"} { // breaks are in no break's way
			in := talk(title, "15:00", "15:30", sali, "Åsa")
			in.Kind = Break
			k.session(in)
		}
		k.wantClashes("")

		// The same, moved into each other: room, speaker, and who signed up to both.
		k.do("org", EditInput{Act: Move, Session: k.seen(b), RoomID: tupa.ID, StartsAt: clock27("10:30")})
		k.wantClashes("room AB Tupa, speaker AB Bo, attendees AB 2")
		k.do("org", EditInput{Act: Move, Session: k.seen(c), RoomID: tupa.ID, StartsAt: clock27("11:15")})
		k.wantClashes("room AB Tupa, room BC Tupa, speaker AB Bo, attendees AB 2, attendees BC 2")
		off := talk("B", "10:30", "11:30", tupa, "Bo")
		off.Cancelled = true
		if _, err := k.SaveSession(ctx, "org", k.e, b.ID, off); err != nil {
			t.Fatal(err)
		}
		k.wantClashes("")

		// A room too small: for the places given, for who has signed up, for the session's own limit.
		k.raw("UPDATE workshop SET capacity = 3 WHERE session_id = ?", a.ID)
		k.wantClashes("small A Tupa 3")
		k.raw("UPDATE workshop SET capacity = 1, taken = 0 WHERE session_id = ?", a.ID)
		k.wantClashes("")
		k.raw("UPDATE workshop SET audience = '' WHERE session_id = ?", c.ID)
		k.wantClashes("small C Tupa 40")
		k.raw("DELETE FROM workshop WHERE session_id = ?", c.ID)
		own, many := talk("C", "11:15", "12:15", tupa, "Åsa"), int64(3)
		own.Capacity = &many
		if _, err := k.SaveSession(ctx, "org", k.e, c.ID, own); err != nil {
			t.Fatal(err)
		}
		k.wantClashes("small C Tupa 3")
		k.do("org", EditInput{Act: Move, Session: k.seen(c), RoomID: sali.ID, StartsAt: clock27("11:15")})
		k.wantClashes("")
	})
}

func TestSpeakersAreAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, aula := t.Context(), k.room("Aula")
		x := k.session(talk("A", "10:00", "11:00", aula, "Bo"))
		bo := k.draft().Speakers[0]
		save := func(spans Spans) error {
			t.Helper()
			_, err := k.SaveSpeaker(ctx, "org", k.e, bo.ID, SpeakerInput{Name: "Bo", Availability: spans})
			return err
		}
		span := func(from, to string) Span { return Span{clock27(from), clock27(to)} }
		for _, c := range []struct {
			spans Spans
			want  string
		}{
			{Spans{span("10:00", "11:00")}, ""},
			{Spans{span("10:30", "12:00"), span("09:00", "10:30")}, ""}, // they touch
			{Spans{span("10:31", "12:00"), span("09:00", "10:30")}, "away A Bo"},
			{Spans{span("12:00", "13:00")}, "away A Bo"},
			{nil, "away A Bo"}, // as it was
			{Spans{}, ""},
		} {
			if err := save(c.spans); err != nil {
				t.Fatal(err)
			}
			k.wantClashes(c.want)
		}
		if err := save(Spans{span("12:00", "12:00")}); problem(err, "availability") != "program.ends_before" {
			t.Errorf("a span of nothing: %v", err)
		}
		if err := save(make(Spans, maxSpans+1)); problem(err, "availability") != "program.spans_many" {
			t.Errorf("too many spans: %v", err)
		}
		if err := save(Spans{span("09:00", "11:00")}); err != nil {
			t.Fatal(err)
		}
		r := k.do("org", EditInput{Act: Resize, Session: k.seen(x), EndsAt: clock27("11:05")})
		if got := clashing(r.Clashes); got != "away A Bo" {
			t.Errorf("told with the act: %s", got)
		}
	})
}

// What an act would clash with is told before; it is the same afterwards, and
// nothing but the act's own.
func TestTryingIsDoingWithoutDoing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula, sali := k.room("Aula"), k.room("Sali")
		a := k.session(talk("A", "10:00", "11:00", aula, "Bo"))
		b := k.session(talk("B", "12:00", "14:00", sali, "Åsa"))
		k.session(talk("C", "10:30", "11:30", sali, "Åsa"))
		k.session(talk("D", "12:30", "13:30", aula, "Bo"))
		k.session(talk("E", "12:30", "13:00", aula)) // clashes with D whatever happens
		lunch := talk("L", "10:15", "10:45", Room{})
		lunch.Kind = Break
		l := k.session(lunch)
		for _, c := range []struct {
			in   EditInput
			want string
		}{
			{EditInput{Act: Move, Session: k.seen(a), RoomID: aula.ID, StartsAt: clock27("09:00")}, ""},
			{EditInput{Act: Move, Session: k.seen(a), RoomID: sali.ID, StartsAt: clock27("11:30")}, "room AB Sali"},
			{EditInput{Act: Move, Session: k.seen(a), RoomID: aula.ID, StartsAt: clock27("11:45")}, "room AD Aula, room AE Aula, speaker AD Bo"},
			{EditInput{Act: Swap, Session: k.seen(a), Other: k.seen(b)}, "speaker BC Åsa, speaker AD Bo"},
			{EditInput{Act: Copy, Session: k.seen(l)}, "room AL Aula, room LC Sali"},
		} {
			grid := k.grid()
			list, err := k.Try(t.Context(), k.e, c.in)
			if got := clashing(list); err != nil || got != c.want {
				t.Errorf("trying %s: %s, want %s (%v)", c.in.Act, got, c.want, err)
			}
			k.wantGrid(grid)
			if r := k.do("org", c.in); clashing(r.Clashes) != c.want {
				t.Errorf("doing %s: %s, want %s", c.in.Act, clashing(r.Clashes), c.want)
			}
			k.do("org", EditInput{Act: Undo})
			k.wantGrid(grid)
		}
	})
}

func TestTheEditorsQueriesDoNotGrow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		x := k.session(talk("A", "10:00", "10:30", aula, "Bo"))
		k.workshop(x, 20, "", "p1")
		y := k.session(talk("B", "10:00", "10:30", aula, "Åsa"))
		k.workshop(y, 20, "", "p1", "p2")
		end := clock27("11:00")
		measure := func() (queries [3]int64) {
			in := EditInput{Act: Resize, Session: k.seen(x), EndsAt: end}
			end = end.Add(3600e9)
			plain := *d
			c := count(d)
			for i, do := range []func() error{
				func() error { _, err := k.GridState(t.Context(), "org", k.e); return err },
				func() error { _, err := k.Clashes(t.Context(), k.e); return err },
				func() error { _, err := k.Edit(t.Context(), "org", k.e, in); return err },
			} {
				before := c.Load()
				if err := do(); err != nil {
					t.Fatal(err)
				}
				queries[i] = c.Load() - before
			}
			*d = plain
			return queries
		}
		few := measure()
		for i := range 3 {
			z := k.session(talk("C", "10:00", "10:30", aula, "Bo", fmt.Sprint("Speaker ", i)))
			k.workshop(z, 20, "", "p1", "p2")
		}
		if more := measure(); more != few {
			t.Errorf("queries %v, then %v", few, more)
		} else {
			t.Logf("queries for the grid, its clashes and an edit: %v", few)
		}
	})
}
