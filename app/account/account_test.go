package account_test

import (
	"context"
	"fmt"
	"net/mail"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/text"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.Date(2027, 1, 11, 7, 0, 0, 0, time.UTC)

// desk is a service with its database, clock and one known person.
type desk struct {
	*account.Service
	*testing.T
	d    *db.DB
	c    *apptest.Clock
	aino account.Person
}

func each(t *testing.T, test func(k desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := apptest.NewClock(start)
		k := desk{Service: account.New(d, c.Now, "https://agora.example/"), T: t, d: d, c: c}
		k.aino = k.ensure("aino@example.fi")
		test(k)
	})
}

func (k desk) ensure(email string) account.Person {
	k.Helper()
	people, err := account.Ensure(k.Context(), k.d.Write, k.c.Now(), []account.NewPerson{{Email: email, Name: "Aino", Language: text.Swedish}})
	if err != nil {
		k.Fatal(err)
	}
	return people[email]
}

// signIn gives the cookie of a fresh login.
func (k desk) signIn(email string) account.Login {
	k.Helper()
	token, _, err := k.MakeLink(k.Context(), account.Invite{Email: email})
	if err != nil {
		k.Fatal(err)
	}
	l, err := k.Redeem(k.Context(), token, "Firefox")
	if err != nil {
		k.Fatal(err)
	}
	return l
}

func (k desk) count(query string, args ...any) int {
	k.Helper()
	var n int
	if err := k.d.Read.NewRaw(query, args...).Scan(k.Context(), &n); err != nil {
		k.Fatal(err)
	}
	return n
}

func (k desk) wants(kind fail.Kind, err error, what string) {
	k.Helper()
	if !fail.Is(err, kind) {
		k.Errorf("%s: %v", what, err)
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"  Aino.Aberg@Example.FI ":        "aino.aberg@example.fi",
		"o'brien+agora@sub.example.co.uk": "o'brien+agora@sub.example.co.uk",
		"åsa@räksmörgås.fi":               "åsa@räksmörgås.fi",
		"A\u030asa@example.fi":            "åsa@example.fi", // two ways of writing Å are one
	} {
		if got, problem := account.ParseEmail(in); got != want || problem != "" {
			t.Errorf("%q: %q %s", in, got, problem)
		}
		if a, err := mail.ParseAddress(want); err != nil || a.Address != want {
			t.Errorf("no letter can go to %q: %v", want, err)
		}
	}
	for in, want := range map[string]string{
		"": "missing", " ": "missing", "aino": "at", "aino@": "form", "@example.fi": "form", "a@b@example.fi": "at",
		"aino@example": "end", "aino@example.": "end", "aino@.fi": "end", "aino@example..fi": "form", "aino@exa mple.fi": "space",
		"aino@example.fi\nBcc: b@example.fi": "space", "ai\u200bno@example.fi": "space", "aino\x00@example.fi": "space", "\xff@example.fi": "form",
		"a..b@example.fi": "form", ".a@example.fi": "form", "Aino<aino@example.fi>": "form", "\"a b\"@example.fi": "space",
		"a,b@example.fi": "form", "a@1.2.3.4": "form", "a@[1.2.3.4]": "form", "a@-example.fi": "form", "a@example.f": "form",
		strings.Repeat("a", 65) + "@example.fi": "long", "a@" + strings.Repeat("abcdefgh.", 30) + "fi": "long",
	} {
		if got, problem := account.ParseEmail(in); problem != "account.email."+want || got != "" {
			t.Errorf("%q: %q %s, want %s", in, got, problem, want)
		}
	}
}

func TestEveryProblemHasItsSentence(t *testing.T) {
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"email.missing", "email.at", "email.end", "email.form", "email.long", "email.space", "code.wrong",
		"link.gone", "login.missing", "person.missing", "role.last_owner", "role.unknown", "sign_in.needed"} {
		if !c.Has(text.Finnish, "account."+key) {
			t.Errorf("account.%s is missing", key)
		}
	}
}

func TestEnsureIsTwoStatementsForAnyNumber(t *testing.T) {
	each(t, func(k desk) {
		var people []account.NewPerson
		for i := range 300 {
			people = append(people, account.NewPerson{Email: fmt.Sprintf("p%d@example.fi", i), Name: "Uusi", Language: "fi"})
		}
		people = append(people, people[7], account.NewPerson{Email: "AINO@example.fi", Name: "Joku muu", Language: "en"})
		q := &dbtest.Queries{}
		got, err := account.Ensure(k.Context(), k.d.Write.WithQueryHook(q), start, people)
		if err != nil || len(got) != 301 || q.Load() != 2 {
			k.Errorf("%d people in %d statements, %v", len(got), q.Load(), err)
		}
		if known := got["aino@example.fi"]; known.ID != k.aino.ID || known.Name != "Aino" || known.Language != text.Swedish {
			k.Errorf("a known person changed: %+v", known)
		}
		if again, err := account.Ensure(k.Context(), k.d.Write, start, people[:1]); err != nil || again["p0@example.fi"].ID != got["p0@example.fi"].ID {
			k.Errorf("asked again: %v %v", again, err)
		}
		if none, err := account.Ensure(k.Context(), k.d.Write, start, nil); err != nil || len(none) != 0 {
			k.Errorf("nobody: %v %v", none, err)
		}
	})
}

func TestNodesThatEnsureTheSamePeopleAgree(t *testing.T) {
	each(t, func(k desk) {
		var nodes sync.WaitGroup
		ids := make([]string, 4)
		for n := range ids {
			nodes.Go(func() {
				var people []account.NewPerson
				for i := range 50 {
					people = append(people, account.NewPerson{Email: fmt.Sprintf("p%d@example.fi", (i*7+n*13)%50)})
				}
				err := k.d.Tx(k.Context(), func(ctx context.Context, tx bun.Tx) error {
					got, err := account.Ensure(ctx, tx, start, people)
					ids[n] = got["p3@example.fi"].ID
					return err
				})
				if err != nil {
					k.Error(err)
				}
			})
		}
		nodes.Wait()
		for _, id := range ids {
			if id == "" || id != ids[0] {
				k.Errorf("nodes found %v", ids)
			}
		}
	})
}

func TestPeopleAreFoundByIDAndAddress(t *testing.T) {
	each(t, func(k desk) {
		for _, email := range []string{"aino@example.fi", " AINO@example.fi"} {
			if p, err := k.ByEmail(k.Context(), email); err != nil || p.ID != k.aino.ID {
				k.Errorf("%q: %+v %v", email, p, err)
			}
		}
		if p, err := k.ByID(k.Context(), k.aino.ID); err != nil || p.Email != "aino@example.fi" || !p.CreatedAt.Equal(start) || p.Label() != "Aino" {
			k.Errorf("%+v %v", p, err)
		}
		_, err := k.ByID(k.Context(), "nobody")
		k.wants(fail.NotFound, err, "nobody")
	})
}
