package registration_test

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// An old ticket is known as one that was handed over, and no other token is.
func TestHandedOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(2), nil)
		r, other := w.must(person(1)), w.must(person(2))
		tokens := []string{w.reg.Token(r)}
		for _, name := range []string{"toinen", "kolmas"} {
			res, err := w.reg.HandOver(t.Context(), w.edition, r, registration.Heir{Name: name, Email: name + "@example.org", Language: text.Swedish})
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, w.reg.Token(res.Registration))
			if r, err = w.reg.ByToken(t.Context(), tokens[len(tokens)-1]); err != nil || r.Language != text.Swedish {
				t.Errorf("the heir reads %s (%v)", r.Language, err)
			}
		}
		ahead := r
		ahead.Version++
		want := map[string]bool{tokens[0]: true, tokens[1]: true, tokens[2]: false, w.reg.Token(ahead): false, w.reg.Token(other): false,
			tokens[0][:21] + w.reg.Token(other)[21:]: false, "": false, "x": false}
		for token, was := range want {
			id, got, err := w.reg.HandedOver(t.Context(), token)
			if err != nil || got != was || (id == w.edition.ID) != was {
				t.Errorf("%q: %v of %q, want %v (%v)", token, got, id, was, err)
			}
		}
	})
}
