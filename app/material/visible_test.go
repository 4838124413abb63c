package material

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/program"
	"agora/app/text"
)

func TestWhoSeesWhatWhen(t *testing.T) {
	ends := noon.Add(time.Hour)
	open := Case{At: ends, Ends: ends}
	with := func(change func(*Case)) Case { c := open; change(&c); return c }
	registered := with(func(c *Case) { c.Registered = true })
	for name, x := range map[string]struct {
		m    Material
		c    Case
		want bool
	}{
		"public now":                           {Material{Visibility: Public, Shown: Now}, open, true},
		"public now, long before":              {Material{Visibility: Public, Shown: Now}, with(func(c *Case) { c.At = noon.AddDate(-1, 0, 0) }), true},
		"public now, session without a time":   {Material{Visibility: Public, Shown: Now}, with(func(c *Case) { c.Ends = time.Time{} }), true},
		"public after, at the very end":        {Material{Visibility: Public, Shown: After}, open, true},
		"public after, a moment before":        {Material{Visibility: Public, Shown: After}, with(func(c *Case) { c.At = ends.Add(-time.Microsecond) }), false},
		"public after, it does not take place": {Material{Visibility: Public, Shown: After}, with(func(c *Case) { c.Ends = time.Time{} }), false},
		"public at, at the moment":             {Material{Visibility: Public, Shown: At, ShownAt: ends}, open, true},
		"public at, a moment before":           {Material{Visibility: Public, Shown: At, ShownAt: ends}, with(func(c *Case) { c.At = ends.Add(-time.Microsecond) }), false},
		"public at no moment":                  {Material{Visibility: Public, Shown: At}, open, false},
		"registered, a stranger":               {Material{Visibility: Registered, Shown: Now}, open, false},
		"registered, somebody with a place":    {Material{Visibility: Registered, Shown: Now}, registered, true},
		"registered after, before the end":     {Material{Visibility: Registered, Shown: After}, with(func(c *Case) { c.Registered, c.At = true, noon }), false},
		"hidden, somebody with a place":        {Material{Visibility: Hidden, Shown: Now}, registered, false},
		"public, the consent withdrawn":        {Material{Visibility: Public, Shown: Now}, with(func(c *Case) { c.Withdrawn = true }), false},
		"registered, the consent withdrawn":    {Material{Visibility: Registered, Shown: Now}, with(func(c *Case) { c.Registered, c.Withdrawn = true, true }), false},
		"a visibility nobody knows":            {Material{Visibility: "friends", Shown: Now}, registered, false},
		"a moment nobody knows":                {Material{Visibility: Public, Shown: "soon"}, open, false},
		"nothing said at all":                  {Material{}, registered, false},
	} {
		if got := x.m.ShownIn(x.c); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func (k *shop) release() {
	k.t.Helper()
	if _, err := k.ps.Release(k.t.Context(), "org", k.e, "", nil); err != nil {
		k.t.Fatal(err)
	}
}

// seen names what a visitor sees, and the key that pages are kept by.
func (k *shop) seen(at time.Time, registered bool) (list, due string) {
	k.t.Helper()
	e, err := k.es.Find(k.t.Context(), "cmadfi", "2027")
	if err != nil {
		k.t.Fatal(err)
	}
	p, err := k.ps.Programme(k.t.Context(), e)
	if err != nil {
		k.t.Fatal(err)
	}
	by, err := k.Visible(k.t.Context(), e, p, at, registered)
	if err != nil {
		k.t.Fatal(err)
	}
	var names []string
	for _, x := range p.Sessions {
		for _, m := range by[x.ID] {
			names = append(names, m.Title.String())
			if shown, err := k.Shown(k.t.Context(), e, p, m, at, registered); err != nil || !shown {
				k.t.Errorf("%s is in the list and not shown, %v", m.Title, err)
			}
		}
	}
	if due, err = k.Due(k.t.Context(), e, p, at); err != nil {
		k.t.Fatal(err)
	}
	return strings.Join(names, " "), fmt.Sprint(p.Edition.Revision, " ", due)
}

func (k *shop) add(x program.Session, title string, change func(*Input)) Material {
	k.t.Helper()
	in := Input{Kind: Slides, Title: text.One(text.Finnish, title), URL: "https://example.org/" + title}
	change(&in)
	m, err := k.Add(k.t.Context(), org, k.e, x.ID, in)
	if err != nil {
		k.t.Fatal(err)
	}
	return m
}

func TestVisibleTurnsAtTheSecond(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		at := noon.Add(3 * time.Hour)
		k.add(k.session, "nyt", func(*Input) {})
		k.add(k.session, "lopussa", func(in *Input) { in.Shown = After })
		k.add(k.session, "illalla", func(in *Input) { in.Shown, in.ShownAt, in.Visibility = At, at, Registered })
		k.add(k.session, "piilossa", func(in *Input) { in.Visibility = Hidden })
		if got, _ := k.seen(noon, true); got != "" {
			t.Errorf("before any release: %s", got)
		}
		k.release()
		draft := k.newSession(k.e, "Luonnos")
		k.add(draft, "luonnoksessa", func(*Input) {})
		keys := map[string]string{}
		for _, c := range []struct {
			at         time.Time
			registered bool
			want       string
		}{
			{noon, true, "nyt"}, {noon.Add(time.Hour - time.Second), true, "nyt"}, {noon.Add(time.Hour), false, "nyt lopussa"},
			{at.Add(-time.Microsecond), true, "nyt lopussa"}, {at, true, "nyt lopussa illalla"}, {at, false, "nyt lopussa"},
		} {
			got, key := k.seen(c.at, c.registered)
			if got != c.want {
				t.Errorf("%s, registered %v: %s, want %s", c.at, c.registered, got, c.want)
			}
			if was, known := keys[fmt.Sprint(key, c.registered)]; known && was != got {
				t.Errorf("pages kept by %s would show both %q and %q", key, was, got)
			}
			keys[fmt.Sprint(key, c.registered)] = got
		}
	})
}

func TestDelayAndCancellingMoveTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		room, err := k.ps.SaveRoom(ctx, "org", k.e, "", program.RoomInput{Name: text.One(text.Finnish, "Sali")})
		if err != nil {
			t.Fatal(err)
		}
		in := program.SessionInput{Title: text.One(text.Finnish, "Oma"), Kind: program.Talk, StartsAt: noon, EndsAt: noon.Add(time.Hour), RoomID: room.ID}
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, in); err != nil {
			t.Fatal(err)
		}
		k.add(k.session, "lopussa", func(in *Input) { in.Shown = After })
		k.release()
		if got, _ := k.seen(noon.Add(time.Hour), false); got != "lopussa" {
			t.Errorf("on time: %q", got)
		}
		if err := k.ps.SetDelay(ctx, "org", k.e, room.ID, 20, noon); err != nil {
			t.Fatal(err)
		}
		if got, _ := k.seen(noon.Add(time.Hour+19*time.Minute), false); got != "" {
			t.Errorf("twenty minutes late: %q", got)
		}
		if got, _ := k.seen(noon.Add(time.Hour+20*time.Minute), false); got != "lopussa" {
			t.Errorf("at the real end: %q", got)
		}
		in.Cancelled = true
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, in); err != nil {
			t.Fatal(err)
		}
		k.release()
		if got, _ := k.seen(noon.AddDate(1, 0, 0), false); got != "" {
			t.Errorf("a session that did not take place: %q", got)
		}
	})
}

func TestConsentTakenBackAndGivenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		ctx := t.Context()
		in := program.SessionInput{Title: text.One(text.Finnish, "Oma"), Kind: program.Talk, StartsAt: noon, EndsAt: noon.Add(time.Hour),
			Speakers: []program.SpeakerRef{{Name: "Aino"}, {Name: "Bo"}}}
		if _, err := k.ps.SaveSession(ctx, "org", k.e, k.session.ID, in); err != nil {
			t.Fatal(err)
		}
		draft, err := k.ps.Draft(ctx, k.e)
		if err != nil {
			t.Fatal(err)
		}
		who := draft.BySlug(k.session.Slug).Speakers
		k.add(k.session, "ainon", func(in *Input) { in.SpeakerID = who[0].ID })
		k.add(k.session, "bon", func(in *Input) { in.SpeakerID = who[1].ID })
		k.add(k.session, "talon", func(*Input) {})
		k.add(k.session, "tallenne", func(in *Input) { in.Kind = Recording })
		k.release()
		turn := func(fn func(context.Context, bun.IDB, string, string, Part) error, part Part) {
			t.Helper()
			err := d.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return fn(ctx, tx, k.e.ID, who[0].ID, part) })
			if err != nil {
				t.Fatal(err)
			}
			k.es.Forget()
		}
		for _, c := range []struct {
			fn   func(context.Context, bun.IDB, string, string, Part) error
			part Part
			want string
		}{
			{WithdrawSpeaker, PartMaterial, "bon talon tallenne"}, {WithdrawSpeaker, PartMaterial, "bon talon tallenne"},
			{WithdrawSpeaker, PartRecording, "bon talon"}, {RestoreSpeaker, PartMaterial, "ainon bon talon"},
			{RestoreSpeaker, PartRecording, "ainon bon talon tallenne"}, {RestoreSpeaker, PartRecording, "ainon bon talon tallenne"},
		} {
			turn(c.fn, c.part)
			if got, _ := k.seen(noon, true); got != c.want {
				t.Errorf("%s: %q, want %q", c.part, got, c.want)
			}
		}
		turn(WithdrawSpeaker, PartMaterial)
		k.add(k.session, "uusi", func(in *Input) { in.SpeakerID = who[0].ID })
		if got, _ := k.seen(noon, true); strings.Contains(got, "uusi") {
			t.Errorf("what came later is shown: %s", got)
		}
		var gone map[string]bool
		if gone, err = k.Withdrawn(ctx, k.e); err != nil || !gone[who[0].ID] || len(gone) != 1 {
			t.Errorf("%v %v", gone, err)
		}
	})
}

// TestVisibleCostsOnce: an edition's material is read once for each revision.
func TestVisibleCostsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newShop(t, d)
		k.add(k.session, "nyt", func(*Input) {})
		k.release()
		e, err := k.es.Find(t.Context(), "cmadfi", "2027")
		if err != nil {
			t.Fatal(err)
		}
		p, err := k.ps.Programme(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		c := &dbtest.Queries{}
		d.Read = d.Read.WithQueryHook(c)
		for range 3 {
			if _, err := k.Visible(t.Context(), e, p, noon, false); err != nil {
				t.Fatal(err)
			}
		}
		if n := c.Load(); n > 6 { // begin, three tables, commit, on PostgreSQL a setting
			t.Errorf("%d queries", n)
		}
	})
}
