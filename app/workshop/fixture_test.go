package workshop

import (
	"context"
	"fmt"
	"os"
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
	"agora/app/registration"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var noon = time.Date(2027, 1, 20, 12, 0, 0, 0, time.UTC)

// world is a site with one edition, its programme and people.
type world struct {
	*testing.T
	db      *db.DB
	clock   *apptest.Clock
	ws      *Service
	program *program.Service
	series  edition.Series
	edition edition.Edition
	room    program.Room
	n       int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	c := apptest.NewClock(noon)
	editions := edition.New(d, c.Now)
	w := &world{T: t, db: d, clock: c, ws: node(t, d, c), program: program.New(d, c.Now, editions)}
	var err error
	if w.series, err = editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: text.One(text.Finnish, "CMADFI")}); err != nil {
		t.Fatal(err)
	}
	w.edition = w.newEdition("2027")
	if w.room, err = w.program.SaveRoom(t.Context(), "org", w.edition, "", program.RoomInput{Name: text.Texts{text.Finnish: "Pajatila", text.English: "Studio"}}); err != nil {
		t.Fatal(err)
	}
	return w
}

// node is a service of its own, as another process has one.
func node(t *testing.T, d *db.DB, c *apptest.Clock) *Service {
	s := New(d, c.Now, edition.New(d, c.Now), func(r registration.Registration) string { return "https://agora.example/ticket/" + r.ID })
	t.Cleanup(s.Close)
	return s
}

func (w *world) newEdition(slug string) edition.Edition {
	w.Helper()
	in := edition.Input{Slug: slug, Title: text.One(text.Finnish, "CMADFI "+slug), Venue: text.One(text.Finnish, "Agora"),
		Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish, text.English},
		StartsAt: at("09:00"), EndsAt: at("17:00"), OpensAt: noon.AddDate(0, -1, 0), ClosesAt: at("09:00")}
	var e edition.Edition
	w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
		if e, err = edition.Insert(ctx, tx, noon, "org", w.series, in); err != nil {
			return err
		}
		rows := []registration.Place{{EditionID: e.ID, Kind: registration.Onsite}, {EditionID: e.ID, Kind: registration.Remote}}
		_, err = tx.NewInsert().Model(&rows).Exec(ctx)
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

// at is a moment of the day on the wall clock in Helsinki.
func at(s string) time.Time {
	v, err := time.Parse("2006-01-02 15:04 -0700", "2027-01-25 "+s+" +0200")
	if err != nil {
		panic(err)
	}
	return v.UTC()
}

func of(n int64) *int64 { return &n }

// people registers n people of a kind, each with a place.
func (w *world) people(kind registration.Kind, n int) []registration.Registration {
	w.Helper()
	wanted := make([]account.NewPerson, n)
	for i := range wanted {
		w.n++
		wanted[i] = account.NewPerson{Email: fmt.Sprintf("o%d@example.org", w.n), Name: fmt.Sprintf("Osallistuja %d", w.n), Language: text.Finnish}
	}
	rows := make([]registration.Registration, n)
	w.tx(func(ctx context.Context, tx bun.Tx) error {
		known, err := account.Ensure(ctx, tx, noon, wanted)
		if err != nil {
			return err
		}
		for i, p := range wanted {
			id := db.NewID()
			rows[i] = registration.Registration{ID: id, EditionID: w.edition.ID, PersonID: known[p.Email].ID, Kind: kind,
				State: registration.Confirmed, Code: id, Version: 1, Name: p.Name, Email: p.Email, Language: text.Finnish,
				Photo: registration.PhotoAsk, CreatedAt: noon, ChangedAt: noon}
		}
		_, err = tx.NewInsert().Model(&rows).Exec(ctx)
		return err
	})
	return rows
}

func (w *world) person(kind registration.Kind) registration.Registration {
	w.Helper()
	return w.people(kind, 1)[0]
}

// move changes a registration as registration does: under the edition's lock,
// telling those who follow in the same transaction.
func (w *world) move(moves ...registration.Move) {
	w.Helper()
	w.tx(func(ctx context.Context, tx bun.Tx) error {
		if err := lock(ctx, tx, w.edition.ID, false); err != nil {
			return err
		}
		for i := range moves {
			if _, err := tx.NewUpdate().Model(&moves[i].Registration).WherePK().Exec(ctx); err != nil {
				return err
			}
		}
		return w.ws.Follow(ctx, tx, w.edition, w.clock.Now(), moves)
	})
}

func left(r registration.Registration) registration.Move {
	r.State = registration.Cancelled
	return registration.Move{Registration: r, Left: true}
}

// session puts a session into the draft and opens it.
func (w *world) session(name, from, to string, in Input) Workshop {
	w.Helper()
	x := w.draft(program.Session{}, name, from, to)
	in.SessionID = x.ID
	return w.open(in)
}

// draft makes a session, or moves the one given.
func (w *world) draft(x program.Session, name, from, to string) program.Session {
	w.Helper()
	in := program.SessionInput{Title: text.One(text.Finnish, name), Kind: program.Workshop, Language: "fi"}
	if from != "" {
		in.RoomID, in.StartsAt, in.EndsAt = w.room.ID, at(from), at(to)
	}
	x, err := w.program.SaveSession(w.Context(), "org", w.edition, x.ID, in)
	if err != nil {
		w.Fatal(err)
	}
	return x
}

func (w *world) release() {
	w.Helper()
	if _, err := w.program.Release(w.Context(), "org", w.edition, "", nil); err != nil {
		w.Fatal(err)
	}
}

func (w *world) open(in Input) Workshop {
	w.Helper()
	x, err := w.ws.Open(w.Context(), w.edition, "org", in)
	if err != nil {
		w.Fatal(err)
	}
	return x
}

func (w *world) table(name string, places int64) Workshop {
	w.Helper()
	return w.open(Input{Title: text.One(text.Finnish, name), Capacity: of(places)})
}

func (w *world) signUp(r registration.Registration, x Workshop) (Result, error) {
	return w.ws.SignUp(w.Context(), w.edition, r, x.ID, db.Key{})
}

// in signs up and wants the answer: 0 is a place, else a position.
func (w *world) in(r registration.Registration, x Workshop, position int64) {
	w.Helper()
	want := Result{State: Confirmed}
	if position > 0 {
		want = Result{State: Waiting, Position: position}
	}
	if res, err := w.signUp(r, x); err != nil || res != want {
		w.Errorf("%s: %+v %v, want %+v", r.Name, res, err, want)
	}
}

func (w *world) leave(r registration.Registration, x Workshop) {
	w.Helper()
	if res, err := w.ws.Leave(w.Context(), w.edition, r, x.ID, db.Key{}); err != nil || res.State != Cancelled {
		w.Errorf("%+v %v", res, err)
	}
}

// state reads how somebody stands: a state, or nothing.
func (w *world) state(r registration.Registration, x Workshop) State {
	w.Helper()
	people, err := w.ws.SignedUp(w.Context(), w.edition.ID, x.ID)
	if err != nil {
		w.Fatal(err)
	}
	for _, p := range people {
		if p.RegistrationID == r.ID {
			return p.State
		}
	}
	return ""
}

func (w *world) count(query string, args ...any) int64 {
	w.Helper()
	var n int64
	if err := w.db.Read.NewRaw(query, args...).Scan(w.Context(), &n); err != nil {
		w.Fatal(err)
	}
	return n
}

// letters counts those of a kind.
func (w *world) letters(kind string) int64 {
	w.Helper()
	return w.count("SELECT count(*) FROM mail WHERE kind = ?", kind)
}

// refused wants an error with the key, of the error or of one of its fields.
func (w *world) refused(err error, key string) {
	w.Helper()
	e, ok := fail.As(err)
	if !ok {
		w.Errorf("%v, want %s", err, key)
		return
	}
	found := e.Key == key
	for _, list := range e.Fields {
		for _, p := range list {
			found = found || p.Key == key
		}
	}
	if !found {
		w.Errorf("%v, want %s", err, key)
	}
}
