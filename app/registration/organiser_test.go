package registration_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

func TestRulesAreNotOverwrittenSilently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(1), nil)
		for version := range int64(2) {
			if err := w.reg.SaveRules(t.Context(), w.edition, "", registration.UsualRules, version); err != nil {
				t.Fatal(err)
			}
		}
		clashes(t, w.reg.SaveRules(t.Context(), w.edition, "", registration.UsualRules, 1), "registration.changed_meanwhile")
		clashes(t, w.reg.SaveForm(t.Context(), w.edition, "", form.Form{}, 0), "registration.changed_meanwhile")
		bad := registration.UsualRules
		bad.OfferHours, bad.QuietFrom = 0, 24
		err := w.reg.SaveRules(t.Context(), w.edition, "", bad, 2)
		refusedFor(t, err, "offer_hours", "registration.rule_range")
		refusedFor(t, err, "quiet_from", "registration.rule_range")
	})
}

// own is a form with a question that everybody has to answer and one about health.
var own = form.Form{Fields: []form.Field{
	{Key: "shirt", Kind: form.Choice, Label: text.One(text.Finnish, "Paidan koko"), Purpose: text.One(text.Finnish, "Paitojen tilaus"),
		Required: true, KeepDays: 10, Options: []form.Option{{Key: "s", Label: text.One(text.Finnish, "S")}, {Key: "m", Label: text.One(text.Finnish, "M")}}},
	{Key: "allergy", Kind: form.Text, Label: text.One(text.Finnish, "Allergia"), Purpose: text.One(text.Finnish, "Keittiölle"), Special: true, KeepDays: 2},
}}

// The edition's own questions are checked, corrected by the person themselves,
// and forgotten when their time is over.
func TestOwnForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(3), nil)
		if err := w.reg.SaveForm(t.Context(), w.edition, "", own, 0); err != nil {
			t.Fatal(err)
		}
		_, err := w.register(person(1), "")
		refusedFor(t, err, "answers.shirt", "field.required")
		in := person(1)
		in.Answers = form.Answers{"shirt": "m", "allergy": "pähkinä"}
		_, err = w.register(in, "")
		refusedFor(t, err, "consent", "registration.consent_missing")
		in.Consent = true
		r := w.must(in)
		if got := w.now(r); got.Answers["shirt"] != "m" || got.Answers["allergy"] != "pähkinä" || got.ConsentAt == nil {
			t.Errorf("%+v", got.Answers)
		}
		details := registration.Details{Name: "Uusi Nimi", Photo: registration.PhotoYes, Answers: form.Answers{"shirt": "s", "allergy": "maapähkinä"}, Consent: true}
		if err := w.reg.Correct(t.Context(), w.edition, r, details); err != nil {
			t.Fatal(err)
		}
		if got := w.now(r); got.Name != "Uusi Nimi" || got.Answers["shirt"] != "s" || got.Email != r.Email {
			t.Errorf("%+v", got)
		}
		details.Name = ""
		refusedFor(t, w.reg.Correct(t.Context(), w.edition, r, details), "name", "field.required")
		for _, step := range []struct {
			days int
			want int
		}{{0, 2}, {3, 1}, {11, 0}} {
			w.clock.Set(w.edition.EndsAt.AddDate(0, 0, step.days).Add(time.Minute))
			if _, err := w.reg.PurgeAnswers(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := w.now(r).Answers; len(got) != step.want {
				t.Errorf("%d days after the day %v is kept", step.days, got)
			}
		}
	})
}

func TestDraft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(3), nil)
		secret, err := w.reg.SaveDraft(t.Context(), w.edition, "", map[string]string{"name": "Å"})
		if err != nil || len(secret) != 32 {
			t.Fatal(err)
		}
		if same, err := w.reg.SaveDraft(t.Context(), w.edition, secret, map[string]string{"name": "Ä"}); err != nil || same != secret {
			t.Fatal(err)
		}
		got, err := w.reg.Draft(t.Context(), w.edition, secret)
		if err != nil || got["name"] != "Ä" || w.count("SELECT count(*) FROM draft WHERE hash = ?", secret) != 0 {
			t.Errorf("%v %v", got, err)
		}
		for _, wrong := range []string{"", "another"} {
			if got, err := w.reg.Draft(t.Context(), w.edition, wrong); err != nil || got != nil {
				t.Errorf("%q opened %v %v", wrong, got, err)
			}
		}
		w.clock.Set(w.edition.ClosesAt.Add(25 * time.Hour))
		if n, err := w.reg.PurgeDrafts(t.Context()); err != nil || n != 1 {
			t.Errorf("%d drafts were deleted, %v", n, err)
		}
	})
}

// A list is registered in its order; those who are registered already stay as they
// are, and taking it twice adds nobody.
func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(200), nil)
		w.must(person(7))
		var people []registration.Input
		for i := range 300 {
			people = append(people, person(i))
		}
		people = append(people, registration.Input{Name: "Ilman osoitetta", Place: registration.Onsite})
		id, err := w.reg.PutList(t.Context(), w.edition, "organiser", people)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.reg.TakeList(t.Context(), w.edition, "somebody else", id); !fail.Is(err, fail.NotFound) {
			t.Errorf("somebody else took the list: %v", err)
		}
		sum, err := w.reg.TakeList(t.Context(), w.edition, "organiser", id)
		if err != nil || sum.Confirmed != 199 || sum.Waiting != 100 || sum.Known != 1 || len(sum.Failed) != 1 || sum.Failed[300] == nil {
			t.Errorf("%+v %v", sum, err)
		}
		var line []string
		if err := d.Read.NewRaw("SELECT email FROM registration WHERE state = 'waiting' ORDER BY line").Scan(t.Context(), &line); err != nil {
			t.Fatal(err)
		}
		for i, email := range line {
			if want := person(200 + i).Email; email != want {
				t.Fatalf("number %d of the line is %s, want %s", i+1, email, want)
			}
		}
		w.consistent()
		if _, err := w.reg.TakeList(t.Context(), w.edition, "organiser", id); !fail.Is(err, fail.NotFound) {
			t.Errorf("taken twice: %v", err)
		}
	})
}

func TestCurve(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		for i := range 3 {
			w.clock.Set(opening.Add(time.Duration(i) * 2 * time.Hour))
			w.must(person(i))
		}
		got, err := w.reg.Curve(t.Context(), w.edition, registration.Onsite)
		if err != nil {
			t.Fatal(err)
		}
		var taken, waiting []int64
		for _, p := range got {
			taken, waiting = append(taken, p.Taken), append(waiting, p.Waiting)
		}
		if !slices.Equal(taken, []int64{1, 1, 2, 2, 2}) || !slices.Equal(waiting, []int64{0, 0, 0, 0, 1}) {
			t.Errorf("taken %v, waiting %v", taken, waiting)
		}
		w.clock.Set(opening.AddDate(0, 0, 10))
		if got, err = w.reg.Curve(t.Context(), w.edition, registration.Onsite); err != nil || len(got) != 11 || got[10].Waiting != 1 || got[10].At.Hour() != 0 {
			t.Errorf("%d days, %v, %+v", len(got), err, got)
		}
	})
}

// followed notes what it is told of, and may refuse.
type followed struct {
	moves []registration.Move
	err   error
}

func (f *followed) Follow(_ context.Context, _ bun.IDB, _ edition.Edition, _ time.Time, moves []registration.Move) error {
	f.moves = append(f.moves, moves...)
	return f.err
}

// What hangs on a registration goes along in the same transaction, or nothing does.
func TestFollowers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		f := &followed{}
		w.reg.Followers(f)
		a, b := w.must(person(1)), w.must(person(2))
		waiting := w.must(person(3))
		if _, err := w.reg.Switch(t.Context(), w.edition, a, registration.Remote); err != nil {
			t.Fatal(err)
		}
		if _, err := w.reg.HandOver(t.Context(), w.edition, b, registration.Heir{Name: "H", Email: "h@example.org"}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.reg.Cancel(t.Context(), w.edition, w.now(waiting)); err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, m := range f.moves {
			said = append(said, fmt.Sprint(m.Registration.Name, " ", m.Registration.Kind, " left=", m.Left, " handed=", m.Handed))
		}
		want := []string{"Osallistuja 1 remote left=false handed=false", "H onsite left=false handed=true", "Osallistuja 3 onsite left=true handed=false"}
		if !slices.Equal(said, want) {
			t.Errorf("told %q", said)
		}
		f.err = fail.Clash("registration.is_cancelled")
		if _, err := w.reg.Cancel(t.Context(), w.edition, a); err == nil || w.now(a).State != registration.Confirmed {
			t.Errorf("cancelled although what hangs on it did not follow: %v", err)
		}
	})
}
