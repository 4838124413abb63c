package proposal

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration/form"
	"agora/app/speaking"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// The call is open through October; noon is in the middle of it.
var (
	noon   = time.Date(2026, 10, 15, 12, 0, 0, 0, time.UTC)
	opens  = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	closes = time.Date(2026, 10, 31, 22, 0, 0, 0, time.UTC)
)

// world is a site with one edition and its call.
type world struct {
	*testing.T
	db       *db.DB
	clock    *apptest.Clock
	s        *Service
	program  *program.Service
	accounts *account.Service
	editions *edition.Service
	series   edition.Series
	edition  edition.Edition
	invited  []string // who was written to, as speaker's name and address
	refuse   bool     // invitations fail
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	c := apptest.NewClock(noon)
	w := &world{T: t, db: d, clock: c, editions: edition.New(d, c.Now), accounts: account.New(d, c.Now, "https://agora.example")}
	w.program = program.New(d, c.Now, w.editions)
	w.s = New(d, c.Now, w.editions, w.program, w.invite, []byte("0123456789abcdef0123456789abcdef"), "https://agora.example")
	var err error
	if w.series, err = w.editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")}); err != nil {
		t.Fatal(err)
	}
	w.edition = w.newEdition("2027")
	w.call(CallInput{Rules: Rules{Best: 5, Each: 3}})
	return w
}

func (w *world) newEdition(slug string) edition.Edition {
	w.Helper()
	day := time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)
	in := edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI "+slug), Zone: "Europe/Helsinki",
		Languages: edition.Languages{text.Finnish, text.English}, StartsAt: day, EndsAt: day.Add(8 * time.Hour), OpensAt: noon, ClosesAt: day}
	var e edition.Edition
	w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		e, err = edition.Insert(ctx, tx, noon, "org", w.series, in)
		return err
	})
	return e
}

// call opens the call anew, in October unless it says otherwise.
func (w *world) call(in CallInput) Call {
	w.Helper()
	if in.OpensAt.IsZero() {
		in.OpensAt, in.ClosesAt = opens, closes
	}
	if in.Kinds == nil {
		in.Kinds = Offers{{program.Talk, []int64{30, 45}}, {program.Workshop, []int64{90}}}
	}
	c, err := w.s.Call(w.Context(), w.edition.ID)
	if err != nil {
		w.Fatal(err)
	}
	if c, err = w.s.SaveCall(w.Context(), "org", w.edition, c.Version, in); err != nil {
		w.Fatal(err)
	}
	return c
}

func (w *world) invite(ctx context.Context, _ string, e edition.Edition, speakerID, email string, _ text.Lang) error {
	if w.refuse {
		return errors.New("no mail today")
	}
	var name string
	if err := w.db.Read.NewRaw("SELECT name FROM speaker WHERE id = ?", speakerID).Scan(ctx, &name); err != nil {
		return err
	}
	w.invited = append(w.invited, name+" <"+email+">")
	x := speaking.Speaking{SpeakerID: speakerID, EditionID: e.ID, Email: email, Language: text.Finnish, State: speaking.Invited, Link: 1, Version: 1, CreatedAt: w.clock.Now()}
	_, err := w.db.Write.NewInsert().Model(&x).Exec(ctx)
	return err
}

func (w *world) tx(fn func(ctx context.Context, tx bun.Tx) error) {
	w.Helper()
	if err := w.db.Tx(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func talk(email, title string) Input {
	return Input{Name: "Aino Åberg", Email: email, Language: text.Finnish, Biography: "Yhteisömanageri Jyväskylästä.", Title: title,
		Abstract: "Miten kuunnella niitä, jotka eivät kirjoita?", Kind: program.Talk, Minutes: 30, Spoken: text.Finnish, Answers: form.Answers{}}
}

func (w *world) propose(in Input) Proposal {
	w.Helper()
	p, err := w.s.Propose(w.Context(), w.edition, in, w.clock.Now(), true, db.Key{})
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// read gives a proposal as it is stored.
func (w *world) read(p Proposal) Proposal {
	w.Helper()
	var now Proposal
	if err := w.db.Read.NewSelect().Model(&now).Where("id = ?", p.ID).Scan(w.Context()); err != nil {
		w.Fatal(err)
	}
	return now
}

func (w *world) person(email string) account.Person {
	w.Helper()
	var people map[string]account.Person
	w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		people, err = account.Ensure(ctx, tx, noon, []account.NewPerson{{Email: email, Name: "Arvioija " + email[:1]}})
		return err
	})
	return people[email]
}

func (w *world) count(query string, args ...any) int {
	w.Helper()
	var n int
	if err := w.db.Read.NewRaw("SELECT COUNT(*) FROM "+query, args...).Scan(w.Context(), &n); err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) decide(to State, list ...Proposal) Decided {
	w.Helper()
	d, err := w.s.Decide(w.Context(), "org", w.edition, w.picks(list...), to)
	if err != nil {
		w.Fatal(err)
	}
	return d
}

func (w *world) tell(list ...Proposal) Decided {
	w.Helper()
	d, err := w.s.Tell(w.Context(), "org", w.edition, w.picks(list...), nil)
	if err != nil {
		w.Fatal(err)
	}
	return d
}

// picks are the proposals as they are now.
func (w *world) picks(list ...Proposal) []Pick {
	w.Helper()
	picks := make([]Pick, len(list))
	for i, p := range list {
		picks[i] = Pick{p.Code, w.read(p).Version}
	}
	return picks
}

// refused checks the kind and the key of an error.
func (w *world) refused(err error, kind fail.Kind, key string) {
	w.Helper()
	e, ok := fail.As(err)
	if !ok || e.Kind != kind || e.Key != key {
		w.Errorf("got %v, want %v %s", err, kind, key)
	}
}

// wrong checks that an error is about exactly these fields.
func (w *world) wrong(err error, fields ...string) {
	w.Helper()
	e, ok := fail.As(err)
	if !ok || e.Kind != fail.Invalid {
		w.Errorf("got %v, want problems of %v", err, fields)
		return
	}
	var got []string
	for name := range e.Fields {
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(fields)
	if !slices.Equal(got, fields) {
		w.Errorf("got problems of %v, want %v", e.Fields, fields)
	}
}
