package registration_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// must registers and expects to be let in.
func (w *world) must(in registration.Input) registration.Registration {
	w.Helper()
	res, err := w.register(in, "")
	if err != nil {
		w.Fatal(err)
	}
	return res.Registration
}

// now is a registration as it is stored at this moment.
func (w *world) now(r registration.Registration) registration.Registration {
	w.Helper()
	found, err := w.reg.ByCode(w.Context(), w.edition.ID, r.Code)
	if err != nil {
		w.Fatal(err)
	}
	return found
}

func (w *world) rules(change func(*registration.Rules)) {
	w.Helper()
	setup, err := w.reg.Setup(w.Context(), w.edition.ID)
	if err != nil {
		w.Fatal(err)
	}
	change(&setup.Rules)
	if err := w.reg.SaveRules(w.Context(), w.edition, "", setup.Rules, setup.Version); err != nil {
		w.Fatal(err)
	}
}

// letters counts the letters of a kind to an address.
func (w *world) letters(kind, email string) int64 {
	w.Helper()
	return w.count("SELECT count(*) FROM mail WHERE kind = ? AND email = ?", kind, email)
}

func refusedFor(t *testing.T, err error, field, key string) {
	t.Helper()
	e, ok := fail.As(err)
	if !ok || len(e.Fields[field]) != 1 || e.Fields[field][0].Key != key {
		t.Errorf("%v, want %s at %s", err, key, field)
	}
}

func clashes(t *testing.T, err error, key string) {
	t.Helper()
	if e, ok := fail.As(err); !ok || e.Kind != fail.Conflict || e.Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// A seat that comes free is offered until a deadline; no answer, or a no, gives it
// to the next, and who holds a remote place keeps it.
func TestOffers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(1), nil)
		w.rules(func(r *registration.Rules) { r.Promotion, r.OfferHours = registration.ByOffer, 24 })
		seated := w.must(person(0))
		var line []registration.Registration
		for i := 1; i <= 4; i++ {
			in := person(i)
			in.Meanwhile = i == 2
			line = append(line, w.must(in))
		}
		if _, err := w.reg.Cancel(t.Context(), w.edition, seated); err != nil {
			t.Fatal(err)
		}
		first := w.now(line[0])
		if first.State != registration.Offered || !first.OfferUntil.Equal(opening.Add(24*time.Hour)) || w.letters("registration_offered", "o1@example.org") != 1 {
			t.Fatalf("%s until %v", first.State, first.OfferUntil)
		}
		if err := w.reg.LapseOffers(t.Context()); err != nil || w.now(line[0]).State != registration.Offered {
			t.Fatalf("an offer lapsed before its time, %v", err)
		}
		w.clock.Set(opening.Add(24 * time.Hour))
		_, err := w.reg.Accept(t.Context(), w.edition, first)
		clashes(t, err, "registration.offer_over")
		if err := w.reg.LapseOffers(t.Context()); err != nil {
			t.Fatal(err)
		}
		second := w.now(line[1])
		if w.now(line[0]).State != registration.Cancelled || w.letters("offer_lapsed", "o1@example.org") != 1 || second.State != registration.Offered || !second.Meanwhile {
			t.Fatalf("first %s, second %s %v", w.now(line[0]).State, second.State, second.Meanwhile)
		}
		w.consistent()
		if _, err := w.reg.Decline(t.Context(), w.edition, second); err != nil {
			t.Fatal(err)
		}
		if r := w.now(line[1]); r.State != registration.Confirmed || r.Kind != registration.Remote || r.Meanwhile {
			t.Errorf("who declined lost the remote place: %s %s", r.State, r.Kind)
		}
		for range 2 { // pressing twice is no mistake
			if _, err := w.reg.Accept(t.Context(), w.edition, line[2]); err != nil {
				t.Fatal(err)
			}
		}
		if r := w.now(line[2]); r.State != registration.Confirmed || r.OfferUntil != nil {
			t.Errorf("accepted: %s until %v", r.State, r.OfferUntil)
		}
		_, err = w.reg.Accept(t.Context(), w.edition, line[3])
		clashes(t, err, "registration.no_offer")
		w.consistent()
		w.orderly()
	})
}

// Near the day seats go out only as offers, whatever the organiser has chosen.
func TestNearTheDaySeatsAreOffered(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t), of(1), nil)
	seated, next, last := w.must(person(0)), w.must(person(1)), w.must(person(2))
	if _, err := w.reg.Cancel(t.Context(), w.edition, seated); err != nil {
		t.Fatal(err)
	}
	if r := w.now(next); r.State != registration.Confirmed {
		t.Errorf("long before: %s", r.State)
	}
	w.clock.Set(w.edition.StartsAt.AddDate(0, 0, -7))
	if _, err := w.reg.Cancel(t.Context(), w.edition, next); err != nil {
		t.Fatal(err)
	}
	if r := w.now(last); r.State != registration.Offered {
		t.Errorf("a week before: %s", r.State)
	}
}

func TestParty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(4), nil)
		ask := func(together bool, from, n int) (registration.Result, error) {
			p := registration.Party{Together: together}
			for i := from; i < from+n; i++ {
				p.People = append(p.People, person(i))
			}
			return w.reg.RegisterParty(t.Context(), w.edition, p, db.Key{Scope: "register:" + w.edition.ID, Key: fmt.Sprint("party", from)})
		}
		lead, err := ask(true, 0, 3)
		if err != nil || lead.Registration.State != registration.Confirmed {
			t.Fatalf("%v %+v", err, lead)
		}
		again, err := ask(true, 0, 3)
		if err != nil || again.Registration.ID != lead.Registration.ID {
			t.Errorf("the same key: %v %+v", err, again)
		}
		if n := w.count("SELECT count(*) FROM registration WHERE party = ?", lead.Registration.ID); n != 3 {
			t.Errorf("%d of the party", n)
		}
		together, err := ask(true, 10, 3) // one seat is free
		if err != nil || together.Registration.State != registration.Waiting || together.Position != 1 {
			t.Fatalf("together: %v %+v", err, together)
		}
		if single := w.must(person(20)); single.State != registration.Confirmed {
			t.Error("nobody may sit where only a party waits that does not fit")
		}
		if _, err := w.reg.Cancel(t.Context(), w.edition, lead.Registration); err != nil {
			t.Fatal(err)
		}
		split, err := ask(false, 30, 3) // one seat is free again
		if err != nil || split.Registration.State != registration.Confirmed {
			t.Fatalf("split: %v %+v", err, split)
		}
		if n := w.count("SELECT count(*) FROM registration WHERE party = ? AND state = 'waiting'", split.Registration.ID); n != 2 {
			t.Errorf("%d of the split party wait", n)
		}
		if err := w.reg.Resize(t.Context(), w.edition, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: of(7)}}); err != nil {
			t.Fatal(err)
		}
		if n := w.count("SELECT count(*) FROM registration WHERE party = ? AND state = 'confirmed'", together.Registration.ID); n != 3 {
			t.Errorf("%d of the party that stays together have places", n)
		}
		w.consistent()
		if n := w.letters("registration_party", "o0@example.org"); n != 1 {
			t.Errorf("%d lists were sent", n)
		}
		rows := w.count("SELECT count(*) FROM registration") + w.count("SELECT count(*) FROM person")
		p := registration.Party{People: []registration.Input{person(50), person(50), person(0), {Name: "", Email: "x", Place: registration.Onsite}}}
		_, err = w.reg.RegisterParty(t.Context(), w.edition, p, db.Key{})
		refusedFor(t, err, "people.1.email", "registration.party_twice")
		refusedFor(t, err, "people.3.name", "field.required")
		p.People = []registration.Input{person(60), person(20)}
		_, err = w.reg.RegisterParty(t.Context(), w.edition, p, db.Key{})
		refusedFor(t, err, "people.1.email", "registration.party_known")
		if n := w.count("SELECT count(*) FROM registration") + w.count("SELECT count(*) FROM person"); n != rows {
			t.Error("a refused party left somebody behind")
		}
	})
}

// A place handed over is another person's: the old ticket stops working and
// nothing that was said of the one before goes along.
func TestHandOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		in := person(1)
		in.Needs, in.Consent, in.Photo = "vegaani", true, registration.PhotoNo
		r, other := w.must(in), w.must(person(2))
		token := w.reg.Token(r)
		_, err := w.reg.HandOver(t.Context(), w.edition, r, registration.Heir{Name: "Kaksi", Email: other.Email})
		refusedFor(t, err, "email", "registration.hand_known")
		_, err = w.reg.HandOver(t.Context(), w.edition, r, registration.Heir{Name: "Yksi", Email: r.Email})
		refusedFor(t, err, "email", "registration.hand_self")
		res, err := w.reg.HandOver(t.Context(), w.edition, r, registration.Heir{Name: "Perijä Ålander", Email: "perija@example.org", Language: text.Swedish})
		if err != nil {
			t.Fatal(err)
		}
		got := res.Registration
		if got.ID != r.ID || got.Name != "Perijä Ålander" || got.Needs != "" || got.Photo != registration.PhotoAsk || got.Code == r.Code || got.ConsentAt != nil {
			t.Errorf("%+v", got)
		}
		if _, err := w.reg.ByToken(t.Context(), token); !fail.Is(err, fail.NotFound) {
			t.Errorf("the old ticket: %v", err)
		}
		if _, err := w.reg.ByCode(t.Context(), w.edition.ID, r.Code); !fail.Is(err, fail.NotFound) {
			t.Errorf("the old code: %v", err)
		}
		if _, err := w.reg.ByToken(t.Context(), w.reg.Token(got)); err != nil {
			t.Errorf("the new ticket: %v", err)
		}
		if w.letters("handed_over", "o1@example.org") != 1 || w.letters("handed_to", "perija@example.org") != 1 {
			t.Error("both have to be told")
		}
		_, err = w.reg.HandOver(t.Context(), w.edition, r, registration.Heir{Name: "Kolmas", Email: "kolmas@example.org"})
		if !fail.Is(err, fail.NotFound) {
			t.Errorf("the old ticket handed the place on once more: %v", err)
		}
		if again := w.must(person(1)); again.State != registration.Waiting {
			t.Errorf("who gave the place away comes again: %s", again.State)
		}
		w.consistent()
	})
}

func TestHolds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(5), nil)
		release := opening.AddDate(0, 0, 10)
		keep := registration.HoldInput{Name: "Puhujat", Kind: registration.Onsite, Seats: 2, Coded: true, ReleaseAt: release}
		if err := w.reg.Keep(t.Context(), w.edition, "", keep); err != nil {
			t.Fatal(err)
		}
		keep.Seats = 4
		refusedFor(t, w.reg.Keep(t.Context(), w.edition, "", keep), "seats", "registration.hold_free")
		err := w.reg.Invite(t.Context(), w.edition, "", registration.HoldInput{Name: "Kumppanit", Kind: registration.Onsite}, []string{"kumppani@example.org"}, text.Finnish)
		if err != nil || w.letters("invitation", "kumppani@example.org") != 1 {
			t.Fatal(err)
		}
		for i := range 2 {
			w.must(person(i))
		}
		if r := w.must(person(3)); r.State != registration.Waiting {
			t.Errorf("the places held back were given away: %s", r.State)
		}
		holds, err := w.reg.Holds(t.Context(), w.edition.ID)
		if err != nil || len(holds) != 2 {
			t.Fatal(err, holds)
		}
		in := person(4)
		in.Code = strings.ToLower(holds[0].Code)
		guest := w.must(in)
		if guest.State != registration.Confirmed || guest.HoldID != holds[0].ID {
			t.Errorf("%+v", guest)
		}
		in = person(5)
		in.Code = "TUNTEMATON"
		_, err = w.register(in, "")
		refusedFor(t, err, "code", "registration.code_unknown")
		in.Code, in.Place = holds[0].Code, registration.Remote
		_, err = w.register(in, "")
		refusedFor(t, err, "code", "registration.code_kind_onsite")
		if _, err := w.reg.Cancel(t.Context(), w.edition, guest); err != nil {
			t.Fatal(err)
		}
		if n := w.count("SELECT held FROM place WHERE kind = 'onsite'"); n != 3 {
			t.Errorf("%d are held after the guest cancelled", n)
		}
		w.clock.Set(release)
		if err := w.reg.ReleaseHolds(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.count("SELECT count(*) FROM registration WHERE state = 'waiting'"); n != 0 {
			t.Errorf("%d wait while released places are free", n)
		}
		in = person(6)
		in.Code = holds[0].Code
		_, err = w.register(in, "")
		refusedFor(t, err, "code", "registration.code_used")
		w.consistent()
	})
}

func TestApprovalAndInvitedOnly(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t), of(1), nil)
	w.rules(func(r *registration.Rules) { r.Approval = true })
	a, b, c := w.must(person(1)), w.must(person(2)), w.must(person(3))
	if !a.Pending || w.letters("registration_pending", a.Email) != 1 || w.count("SELECT taken + waiting FROM place WHERE kind = 'onsite'") != 0 {
		t.Fatalf("%+v", a)
	}
	decided := func(verdict registration.Verdict, r registration.Registration, of int) {
		if done, err := w.reg.Decide(t.Context(), w.edition, "organiser", verdict, []string{r.ID}); err != nil || done != of {
			t.Errorf("%s decided for %d of %d: %v", verdict, done, of, err)
		}
	}
	if decided(registration.ToApprove, b, 1); w.now(b).State != registration.Confirmed {
		t.Fatalf("%+v", w.now(b))
	}
	decided(registration.ToApprove, a, 1)
	if n, err := w.reg.Position(t.Context(), w.now(a)); err != nil || n != 1 {
		t.Errorf("approved into a full hall: %v %d", err, n)
	}
	if decided(registration.ToRefuse, c, 1); w.now(c).State != registration.Cancelled || w.letters("registration_refused", c.Email) != 1 {
		t.Errorf("refused: %+v", w.now(c))
	}
	if decided(registration.ToRefuse, b, 0); w.now(b).State != registration.Confirmed || w.letters("registration_refused", b.Email) != 0 {
		t.Errorf("refused after the approval: %+v", w.now(b))
	}
	w.consistent()
	w.rules(func(r *registration.Rules) { r.Approval, r.InvitedOnly = false, true })
	_, err := w.register(person(4), "")
	refusedFor(t, err, "code", "registration.invited_only")
	if _, err := w.reg.Add(t.Context(), w.edition, "organiser", person(5)); err != nil {
		t.Errorf("an organiser may add whom they want: %v", err)
	}
}
