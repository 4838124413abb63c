package meet

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 20, 12, 0, 0, 0, time.UTC)

// world is a site with one edition. Its time stands still until a test moves it.
type world struct {
	*testing.T
	*Service
	db      *db.DB
	at      time.Time
	series  edition.Series
	edition edition.Edition
	n       int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, db: d, at: noon}
	now := func() time.Time { return w.at }
	w.Service = New(d, now)
	var err error
	w.series, err = edition.New(d, now).NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")})
	if err != nil {
		t.Fatal(err)
	}
	w.edition = w.newEdition("2027")
	return w
}

func (w *world) newEdition(slug string) (e edition.Edition) {
	w.Helper()
	w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		e, err = edition.Insert(ctx, tx, noon, "org", w.series, edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI"),
			Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish}, StartsAt: noon.Add(100 * time.Hour), EndsAt: noon.Add(108 * time.Hour),
			OpensAt: noon, ClosesAt: noon.Add(time.Hour)})
		if err != nil {
			return err
		}
		_, err = tx.NewInsert().Model(&registration.Place{EditionID: e.ID, Kind: registration.Onsite}).Exec(ctx)
		return err
	})
	return e
}

func (w *world) tx(fn func(ctx context.Context, tx bun.Tx) error) {
	w.Helper()
	if err := w.db.Tx(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// person registers somebody of the name.
func (w *world) person(name string) registration.Registration {
	w.Helper()
	w.n++
	r := registration.Registration{ID: db.NewID(), EditionID: w.edition.ID, Kind: registration.Onsite, State: registration.Confirmed,
		Version: 1, Name: name, Organisation: "Oy " + name, Email: fmt.Sprintf("o%d@example.org", w.n), Language: text.Finnish, CreatedAt: noon, ChangedAt: noon}
	r.Code = r.ID
	w.tx(func(ctx context.Context, tx bun.Tx) error {
		people, err := account.Ensure(ctx, tx, noon, []account.NewPerson{{Email: r.Email, Name: name, Language: text.Finnish}})
		if err != nil {
			return err
		}
		r.PersonID = people[r.Email].ID
		_, err = tx.NewInsert().Model(&r).Exec(ctx)
		return err
	})
	return r
}

// change stores a registration as it is now, and tells of it.
func (w *world) change(m registration.Move) {
	w.Helper()
	w.tx(func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewUpdate().Model(&m.Registration).WherePK().Exec(ctx); err != nil {
			return err
		}
		return w.Follow(ctx, tx, w.edition, w.at, []registration.Move{m})
	})
}

func (w *world) save(r registration.Registration, about string, topics ...string) {
	w.Helper()
	if err := w.Save(w.Context(), w.edition, r, Input{Wish: true, About: about, Topics: topics}); err != nil {
		w.Error(err)
	}
}

// sees wants the people's names in order, joined by spaces, and the topics.
func (w *world) sees(topic, names, topics string) {
	w.Helper()
	list, err := w.List(w.Context(), w.edition.ID, topic)
	if err != nil {
		w.Fatal(err)
	}
	var people, counts []string
	for _, p := range list.People {
		people = append(people, p.Name)
	}
	for _, t := range list.Topics {
		counts = append(counts, fmt.Sprint(t.Name, ":", t.People))
	}
	if got := strings.Join(people, " "); got != names {
		w.Errorf("%q shows %q, want %q", topic, got, names)
	}
	if got := strings.Join(counts, " "); got != topics {
		w.Errorf("topics %q, want %q", got, topics)
	}
}

func key(err error, field string) string {
	e, ok := fail.As(err)
	switch {
	case !ok:
		return fmt.Sprint(err)
	case len(e.Fields[field]) > 0:
		return e.Fields[field][0].Key
	}
	return e.Key
}

func TestWhoIsComing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o, a, s := w.person("Öhman"), w.person("Aalto"), w.person("Åberg")
		w.person("Hiljainen")
		w.sees("", "", "")
		w.save(o, " Podcast\n🎙️ ", "Some", "#Rekry", "some", "")
		w.save(a, "", "SOME", "Äänet")
		w.save(s, "مرحبا")
		w.sees("", "Aalto Åberg Öhman", "Some:2 Rekry:1 Äänet:1")
		w.sees("sOmE", "Aalto Öhman", "Some:2 Rekry:1 Äänet:1")
		w.sees("muuta", "", "Some:2 Rekry:1 Äänet:1")
		if mine, err := w.Mine(t.Context(), o.ID); err != nil || !mine.Wish || mine.About != "Podcast 🎙️" || !slices.Equal(mine.Topics, []string{"Some", "Rekry"}) {
			t.Errorf("%+v %v", mine, err)
		}
		w.save(o, "Toisin", "Rekry") // said again
		w.sees("some", "Aalto", "Rekry:1 SOME:1 Äänet:1")
		for range 2 {
			if err := w.Save(t.Context(), w.edition, a, Input{About: strings.Repeat("x", 500)}); err != nil {
				t.Error("leaving the list is always possible:", err)
			}
		}
		w.sees("", "Åberg Öhman", "Rekry:1")
		if mine, err := w.Mine(t.Context(), a.ID); err != nil || mine.Wish {
			t.Errorf("%+v %v", mine, err)
		}
		list, err := w.List(t.Context(), w.edition.ID, "Rekry")
		if err != nil || list.All != 2 || list.People[0].Organisation != "Oy Öhman" || list.People[0].About != "Toisin" || list.People[0].Kind != registration.Onsite {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.person("Aalto")
		for _, c := range []struct {
			in         Input
			field, key string
		}{
			{Input{About: strings.Repeat("ä", 141)}, "about", "field.long"},
			{Input{About: "a\x00"}, "about", "field.characters"},
			{Input{Topics: []string{"1", "2", "3", "4", "5", "6"}}, "topics", "meet.topics_many"},
			{Input{Topics: []string{strings.Repeat("ä", 41)}}, "topics", "field.long"},
			{Input{Topics: []string{"\xff"}}, "topics", "field.characters"},
		} {
			c.in.Wish = true
			if got := key(w.Save(t.Context(), w.edition, r, c.in), c.field); got != c.key {
				t.Errorf("%+v: %s, want %s", c.in, got, c.key)
			}
		}
		w.save(r, strings.Repeat("ä", 140), "1", "2", "3", "4", "#"+strings.Repeat("5", 40))
		refused := func(e edition.Edition, r registration.Registration, want string) {
			t.Helper()
			if got := key(w.Save(t.Context(), e, r, Input{Wish: true}), ""); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		refused(w.newEdition("2028"), r, "registration.ticket_missing")
		refused(w.edition, registration.Registration{ID: "nobody"}, "registration.ticket_missing")
		waits := w.person("Jonottaja")
		waits.State, waits.Line = registration.Waiting, 1
		w.change(registration.Move{Registration: waits})
		refused(w.edition, waits, "meet.not_attending")
		setup := registration.Setup{EditionID: w.edition.ID, Rules: registration.UsualRules, Version: 1}
		setup.Rules.Meet = false
		if _, err := d.Write.NewInsert().Model(&setup).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		refused(w.edition, r, "meet.off")
		w.sees("", "", "")
		if err := w.Save(t.Context(), w.edition, r, Input{}); err != nil {
			t.Error("leaving the list is always possible:", err)
		}
		setup.Rules.Meet = true
		if _, err := d.Write.NewUpdate().Model(&setup).WherePK().Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.at = w.edition.EndsAt
		refused(w.edition, r, "meet.over")
	})
}

// A listing is of one person with a place: it ends with either.
func TestFollowing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		gone, handed, moved, down := w.person("Lähtijä"), w.person("Antaja"), w.person("Vaihtaja"), w.person("Jonottaja")
		for _, r := range []registration.Registration{gone, handed, moved, down} {
			w.save(r, "Minä")
		}
		gone.State = registration.Cancelled
		w.change(registration.Move{Registration: gone, Left: true})
		before := handed
		handed.Version, handed.Name = 2, "Saaja"
		w.change(registration.Move{Registration: handed, Handed: true})
		moved.Kind = registration.Remote
		w.change(registration.Move{Registration: moved})
		down.State = registration.Waiting
		w.change(registration.Move{Registration: down})
		w.sees("", "Vaihtaja", "")
		if n, err := d.Read.NewSelect().Model((*row)(nil)).Count(t.Context()); err != nil || n != 2 {
			t.Errorf("%d listings %v; who waits may come back to theirs", n, err)
		}
		if got := key(w.Save(t.Context(), w.edition, before, Input{Wish: true, About: "Vanha"}), ""); got != "registration.ticket_missing" {
			t.Errorf("the former holder spoke in the name of the new one: %s", got)
		}
		w.save(handed, "Uusi")
		w.sees("", "Saaja Vaihtaja", "")
	})
}

func TestDeletedAfterTheDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.save(w.person("Aalto"), "")
		w.at = w.edition.EndsAt.Add(life - time.Microsecond)
		if n, err := w.Purge(t.Context()); err != nil || n != 0 {
			t.Error(n, err)
		}
		w.at = w.edition.EndsAt.Add(life)
		for _, want := range []int64{1, 0} {
			if n, err := w.Purge(t.Context()); err != nil || n != want {
				t.Error(n, err)
			}
		}
	})
}

func TestExportErasureAndRemoval(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.person("Aalto"), w.person("Berg")
		w.save(a, "Minä", "Some")
		w.save(b, "")
		got, err := w.Export(t.Context(), a.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		if js, err := json.Marshal(got); err != nil || !strings.Contains(string(js), `"about":"Minä","topics":["Some"]`) {
			t.Errorf("%s %v", js, err)
		}
		if err := w.Erase(t.Context(), d.Write, a.PersonID); err != nil {
			t.Fatal(err)
		}
		w.sees("", "Berg", "")
		w.tx(func(ctx context.Context, tx bun.Tx) error { return RemoveEdition(ctx, tx, w.edition.ID) })
		w.sees("", "", "")
	})
}
