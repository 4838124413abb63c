package program

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/text"
)

func TestChangesOfOneSession(t *testing.T) {
	slot := func(room, from, to string, off bool) []Slot {
		return []Slot{{SessionID: "s", RoomID: pointer(room), StartsAt: clock27(from), EndsAt: clock27(to), Cancelled: off}}
	}
	at10, off := slot("a", "10:00", "11:00", false), slot("a", "10:00", "11:00", true)
	for name, c := range map[string]struct {
		from, to []Slot
		want     ChangeKind
	}{
		"nothing":                 {at10, at10, ""},
		"nothing, being off":      {off, off, ""},
		"new":                     {nil, at10, Added},
		"gone":                    {at10, nil, Removed},
		"gone after being off":    {off, nil, Removed},
		"later":                   {at10, slot("a", "10:05", "11:05", false), Moved},
		"longer":                  {at10, slot("a", "10:00", "11:05", false), Moved},
		"another room":            {at10, slot("b", "10:00", "11:00", false), Relocated},
		"no room":                 {at10, slot("", "10:00", "11:00", false), Relocated},
		"later and another room":  {at10, slot("b", "10:05", "11:05", false), Moved},
		"called off":              {at10, off, Cancelled},
		"moved and called off":    {at10, slot("b", "12:00", "13:00", true), Cancelled},
		"new but called off":      {nil, off, Cancelled},
		"after all":               {off, at10, Uncancelled},
		"after all, elsewhere":    {off, slot("b", "12:00", "13:00", false), Uncancelled},
		"moved while called off":  {off, slot("b", "12:00", "13:00", true), Moved},
		"another room, while off": {off, slot("b", "10:00", "11:00", true), Relocated},
	} {
		list := Changes(c.from, c.to)
		got := ChangeKind("")
		if len(list) == 1 {
			got = list[0].Kind
			if list[0].Before.None() != (c.from == nil) || list[0].After.None() != (c.to == nil) {
				t.Errorf("%s: from %+v to %+v", name, list[0].Before, list[0].After)
			}
		}
		if got != c.want || len(list) > 1 {
			t.Errorf("%s: %v, want %s", name, list, c.want)
		}
	}
}

// ear is somebody who listens to releases.
type ear struct {
	heard []string
	fails error
}

func (l *ear) Released(_ context.Context, tx bun.IDB, e edition.Edition, r Release, changes []Change) error {
	for _, c := range changes {
		l.heard = append(l.heard, fmt.Sprintf("%d %s %s", r.Number, c.Kind, c.Session.Name(text.Finnish)))
	}
	_, err := tx.NewRaw("UPDATE edition SET stream_url = 'heard' WHERE id = ?", e.ID).Exec(context.Background())
	return errors.Join(err, l.fails)
}

func TestReleasesTellWhatChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx, l := t.Context(), &ear{}
		k.Listen(l)
		aula, sali := k.room("Aula"), k.room("Sali")
		a, b := k.session(talk("A", "10:00", "10:45", aula)), k.session(talk("B", "12:00", "12:30", sali))
		k.session(talk("C", "13:00", "13:30", sali))
		k.release()
		if got := strings.Join(l.heard, ", "); got != "1 added A, 1 added B, 1 added C" {
			t.Errorf("heard %s", got)
		}
		if list, err := k.Pending(ctx, k.e); err != nil || len(list) != 0 {
			t.Errorf("pending after a release: %v %v", list, err)
		}
		k.do("org", EditInput{Act: Move, Session: k.seen(a), RoomID: sali.ID, StartsAt: clock27("11:00")})
		off := talk("B", "12:00", "12:30", sali)
		off.Cancelled = true
		if _, err := k.SaveSession(ctx, "org", k.e, b.ID, off); err != nil {
			t.Fatal(err)
		}
		// Who listens and fails takes the release with it.
		l.heard, l.fails = nil, errors.New("no letters today")
		e := k.fresh()
		if _, err := k.Release(ctx, "org", e, "", nil); !errors.Is(err, l.fails) {
			t.Errorf("released in spite of a failing listener: %v", err)
		}
		if len(l.heard) != 2 || k.programme().Release.Number != 1 || k.fresh().Revision != e.Revision {
			t.Errorf("heard %v", l.heard)
		}
		l.heard, l.fails = nil, nil
		pending, err := k.Pending(ctx, k.e)
		if err != nil || len(pending) != 2 {
			t.Fatalf("pending %v %v", pending, err)
		}
		k.release()
		if got := strings.Join(l.heard, ", "); got != "2 moved A, 2 cancelled B" {
			t.Errorf("heard %s", got)
		}
		if _, err := k.Release(ctx, "org", k.e, "", nil); key(err) != "program.nothing_new" || len(l.heard) != 2 {
			t.Errorf("released again: %v", err)
		}
		log, err := k.Changelog(ctx, k.e, 1)
		if err != nil || len(log) != 1 || log[0].Release.Number != 2 {
			t.Fatalf("release 2: %+v %v", log, err)
		}
		changes := log[0].Changes
		if !slices.EqualFunc(changes, pending, func(a, b Change) bool { return a.Kind == b.Kind && a.After.Same(b.After) && a.Before.Same(b.Before) }) {
			t.Errorf("release 2: %+v %v, was pending %+v", changes, err, pending)
		}
		k.told(changes, "moved A: 10:00–10:45, Aula → 11:00–11:45, Sali; cancelled B: 12:00–12:30, Sali → 12:00–12:30, Sali")
		if log, err := k.Changelog(ctx, k.other(), 1); err != nil || len(log) != 0 {
			t.Errorf("another edition's releases: %+v %v", log, err)
		}
	})
}

func (k *desk) told(changes []Change, want string) {
	k.t.Helper()
	var said []string
	for _, c := range changes {
		said = append(said, fmt.Sprintf("%s %v: %v → %v", c.Kind, c.Session.Title, where{k.e, c.BeforeRoom, c.Before}, where{k.e, c.AfterRoom, c.After}))
	}
	if got := strings.Join(said, "; "); got != want {
		k.t.Errorf("told\n %s, want\n %s", got, want)
	}
}

func TestTheChangelogTakesTheSameQueriesHoweverLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		aula := k.room("Aula")
		x := k.session(talk("A", "09:00", "09:30", aula))
		var queries []int64
		for i := range 3 {
			k.do("org", EditInput{Act: Move, Session: k.seen(x), RoomID: aula.ID, StartsAt: clock27(fmt.Sprintf("%d:00", 10+i))})
			k.session(talk("B", "09:00", "09:30", Room{}))
			k.release()
			plain := *d
			c := count(d)
			list, err := k.Changelog(t.Context(), k.e, 10)
			queries = append(queries, c.Load())
			*d = plain
			if err != nil || len(list) != i+1 || list[0].Release.Number != int64(i+1) || len(list[0].Changes) != 2 || list[0].Changes[1].Session == nil {
				t.Fatalf("%+v %v", list, err)
			}
		}
		if queries[0] != queries[2] {
			t.Errorf("queries %v", queries)
		}
		if list, err := k.Changelog(t.Context(), k.e, 1); err != nil || len(list) != 1 || len(list[0].Changes) != 2 || list[0].Changes[1].Kind != Moved {
			t.Errorf("the newest alone: %+v %v", list, err)
		}
	})
}
