package carry

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/message"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
	"agora/app/workshop"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// now is after the day that is planned from.
var now = time.Date(2027, 2, 10, 10, 0, 0, 0, time.UTC)

// world is a series whose edition of 2027 is over.
type world struct {
	*testing.T
	db       *db.DB
	clock    *apptest.Clock
	carry    *Service
	editions *edition.Service
	programs *program.Service
	regs     *registration.Service
	words    *text.Catalogue
	from     edition.Edition
	people   map[string]account.Person
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	c := apptest.NewClock(now)
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, db: d, clock: c, words: words, editions: edition.New(d, c.Now)}
	accounts := account.New(d, c.Now, "https://agora.example")
	w.programs, w.regs = program.New(d, c.Now, w.editions), registration.New(d, c.Now, w.editions, []byte("a secret of the tests, long enough"), "")
	t.Cleanup(w.regs.Close)
	w.carry = New(d, c.Now, words, w.editions, accounts)
	series, err := w.editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "cmadfi", Title: fi("CMADFI"), DateRule: edition.NewRule(time.January, 4, time.Monday)})
	w.must(err)
	w.from, err = w.regs.NewEdition(t.Context(), "org", series, edition.Input{Slug: "2027", Title: fi("CMADFI 2027"), Lead: fi("Yhdessä."), City: fi("Jyväskylä"),
		Venue: fi("Agora"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish, text.English}, StartsAt: at("2027-01-25 09:00"), EndsAt: at("2027-01-25 17:00"),
		OpensAt: at("2026-11-23 09:00"), ClosesAt: at("2027-01-18 23:59"), StreamURL: "https://example.org/live",
		Practical: edition.Practical{"wifi": fi("agora-vieras"), "contact": fi("järjestäjät@example.org")}},
		map[registration.Kind]*int64{registration.Onsite: of(300), registration.Remote: nil})
	w.must(err)
	w.fill(accounts)
	return w
}

// fill gives the edition one of everything that may come along, and of what may not.
func (w *world) fill(accounts *account.Service) {
	w.Helper()
	ctx := w.Context()
	w.must(w.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		w.people, err = account.Ensure(ctx, tx, now, []account.NewPerson{{Email: "maija@example.org", Name: "Maija"}, {Email: "olli@example.org", Name: "Olli"}, {Email: "puhuja@example.org", Name: "Puhuja"}})
		for email, role := range map[string]account.Role{"maija@example.org": account.Organiser, "olli@example.org": account.DoorStaff, "puhuja@example.org": account.Speaker} {
			if err == nil {
				err = accounts.Grant(ctx, tx, "org", w.people[email].ID, account.OfEdition(w.from.ID), role)
			}
		}
		return err
	}))
	rules := registration.UsualRules
	rules.OfferHours, rules.Promotion = 12, registration.ByOffer
	w.must(w.regs.SaveRules(ctx, w.from, "org", rules, 0))
	w.must(w.regs.SaveForm(ctx, w.from, "org", form.Form{Fields: []form.Field{{Key: "koko", Kind: form.Text, Label: fi("Paidan koko"), Purpose: fi("Paidat"), KeepDays: 30}}}, 1))
	w.must(w.regs.Resize(ctx, w.from, "org", registration.Sizes{Overbook: map[registration.Kind]int64{registration.Onsite: 20}}))
	w.programme()
	_, err := message.New(w.db, w.clock.Now, w.words, accounts, w.editions, w.regs).Save(ctx, w.from, "org",
		message.Input{Draft: message.Draft{Audience: message.Everybody, Subject: fi("Nähdään"), Body: fi("Hei {name}")}})
	w.must(err)
	_, err = w.db.Write.NewInsert().Model(&certificate.Rules{EditionID: w.from.ID, Basis: certificate.Stated, Minutes: 420, Remote: certificate.RemoteLive, RemoteMinutes: 90, Own: fi("Kiitos"), Version: 4, ChangedAt: now}).Exec(ctx)
	w.must(err)
	call := proposal.Call{EditionID: w.from.ID, OpensAt: at("2026-09-01 09:00"), ClosesAt: at("2026-10-25 23:59"), Text: fi("Kerro meille"), Version: 3}
	_, err = w.db.Write.NewInsert().Model(&call).Exec(ctx)
	w.must(err)
	for _, x := range []edition.ThanksInput{{Kind: edition.Partner, Name: "Leipomo", URL: "https://example.org/", What: fi("Pullat")},
		{Kind: edition.Host, Name: "Yliopisto"}, {Kind: edition.Volunteer, Name: "Maija"}} {
		_, err := w.editions.AddThanks(ctx, "org", w.from, x)
		w.must(err)
	}
}

// programme makes a day of two talks, a lunch and a workshop, released; one
// more session is called off.
func (w *world) programme() {
	w.Helper()
	ctx, e := w.Context(), w.from
	room, err := w.programs.SaveRoom(ctx, "org", e, "", program.RoomInput{Name: fi("Sali"), Capacity: of(300), StreamURL: "https://example.org/sali"})
	w.must(err)
	track, err := w.programs.SaveTrack(ctx, "org", e, "", program.TrackInput{Name: fi("Yhteisöt"), Color: "#0d5c52"})
	w.must(err)
	var shop program.Session
	for _, x := range []program.SessionInput{
		{Title: fi("Avaus"), Kind: program.Keynote, TrackID: track.ID, RoomID: room.ID, StartsAt: at("2027-01-25 09:15"), EndsAt: at("2027-01-25 10:00"), Speakers: []program.SpeakerRef{{Name: "Puhuja"}}},
		{Title: fi("Lounas"), Kind: program.Break, StartsAt: at("2027-01-25 12:00"), EndsAt: at("2027-01-25 13:00")},
		{Title: fi("Työpaja"), Abstract: fi("Tehdään itse."), Kind: program.Workshop, RoomID: room.ID, StartsAt: at("2027-01-25 13:00"), EndsAt: at("2027-01-25 15:00"), Speakers: []program.SpeakerRef{{Name: "Puhuja"}}},
		{Title: fi("Peruttu"), Kind: program.Talk, Cancelled: true, StartsAt: at("2027-01-25 15:00"), EndsAt: at("2027-01-25 16:00")},
		{Title: fi("Ilta"), Kind: program.Meetup, StartsAt: at("2027-01-26 01:00"), EndsAt: at("2027-01-26 02:00")},
	} {
		made, err := w.programs.SaveSession(ctx, "org", e, "", x)
		w.must(err)
		if x.Kind == program.Workshop {
			shop = made
		}
	}
	_, err = w.programs.Release(ctx, "org", e, "", nil)
	w.must(err)
	shops := workshop.New(w.db, w.clock.Now, w.editions, func(registration.Registration) string { return "" })
	w.Cleanup(shops.Close)
	for _, in := range []workshop.Input{{SessionID: shop.ID, Capacity: of(20)}, {Title: fi("Aihepöytä"), Capacity: of(8)}} {
		_, err := shops.Open(ctx, e, "org", in)
		w.must(err)
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// plan is one for 24 January 2028 that takes the parts along.
func (w *world) plan(parts ...Part) Plan {
	return Plan{Parts: parts, Key: db.Key{Scope: "next", Key: "one"}, Capacity: map[registration.Kind]*int64{registration.Onsite: of(250), registration.Remote: nil},
		Input: edition.Input{Slug: "2028", Title: fi("CMADFI 2028"), City: fi("Turku"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.Finnish},
			StartsAt: at("2028-01-24 10:00"), EndsAt: at("2028-01-24 17:00"), OpensAt: at("2027-11-22 09:00"), ClosesAt: at("2028-01-17 23:59")}}
}

// lines are the rows of a query, each with its columns parted by "|".
func (w *world) lines(query string, args ...any) string {
	w.Helper()
	rows, err := w.db.Read.QueryContext(w.Context(), query, args...)
	w.must(err)
	defer rows.Close()
	columns, err := rows.Columns()
	w.must(err)
	var list []string
	for rows.Next() {
		cells, into := make([]*string, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		w.must(rows.Scan(into...))
		var line []string
		for _, c := range cells {
			if c == nil {
				line = append(line, "-")
			} else {
				line = append(line, *c)
			}
		}
		list = append(list, strings.Join(line, "|"))
	}
	w.must(rows.Err())
	return strings.Join(list, "\n")
}

func fi(s string) text.Texts { return text.One(text.Finnish, s) }
func of(n int64) *int64      { return &n }

// at is a moment on the clock of Helsinki.
func at(s string) time.Time { return apptest.Helsinki(s).UTC() }
