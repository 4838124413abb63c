package account_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/text"
)

func TestALoginLastsAsLongAsItIsUsed(t *testing.T) {
	each(t, func(k desk) {
		l := k.signIn("aino@example.fi")
		for range 4 {
			k.c.Move(59 * 24 * time.Hour)
			if _, _, err := k.Who(k.Context(), l.Token); err != nil {
				k.Fatalf("signed out at %v: %v", k.c.Now(), err)
			}
		}
		k.c.Move(60 * 24 * time.Hour)
		_, _, err := k.Who(k.Context(), l.Token)
		k.wants(fail.SignIn, err, "after sixty days away")
		if err := k.Sweep(k.Context()); err != nil {
			k.Fatal(err)
		}
		k.c.Move(2 * time.Hour)
		if err := k.Sweep(k.Context()); err != nil || k.count(`SELECT count(*) FROM login`) != 0 || k.count(`SELECT count(*) FROM sign_in_link`) != 0 {
			k.Errorf("swept, %v", err)
		}
	})
}

func TestUsingALoginIsWrittenOnceAnHour(t *testing.T) {
	each(t, func(k desk) {
		l := k.signIn("aino@example.fi")
		q := &dbtest.Queries{}
		k.d.Read, k.d.Write = k.d.Read.WithQueryHook(q), k.d.Write.WithQueryHook(q)
		ask := func(want int64) {
			k.Helper()
			before := q.Load()
			if _, _, err := k.Who(k.Context(), l.Token); err != nil || q.Load()-before != want {
				k.Errorf("%d statements instead of %d, %v", q.Load()-before, want, err)
			}
		}
		ask(1)
		ask(0) // within the same moment
		k.c.Move(2 * time.Second)
		ask(1)
		k.c.Move(time.Hour)
		ask(2)
		k.c.Move(10 * time.Second)
		ask(1)
		places, err := k.Logins(k.Context(), k.aino.ID, l.Token)
		if err != nil || len(places) != 1 || !places[0].Seen.Equal(start.Add(time.Hour+2*time.Second)) {
			k.Errorf("%+v %v", places, err)
		}
	})
}

func TestCookiesThatOpenNothing(t *testing.T) {
	each(t, func(k desk) {
		l := k.signIn("aino@example.fi")
		for _, cookie := range []string{"", "x", l.Token + "x", l.ID, strings.ToLower(l.Token)} {
			_, _, err := k.Who(k.Context(), cookie)
			k.wants(fail.SignIn, err, fmt.Sprintf("cookie %q", cookie))
		}
	})
}

func TestLoginsAreListedAndEndedByTheirOwnerOnly(t *testing.T) {
	each(t, func(k desk) {
		bo := k.ensure("bo@example.fi")
		phone, desktop, other := k.signIn("aino@example.fi"), k.signIn("aino@example.fi"), k.signIn("bo@example.fi")
		places, err := k.Logins(k.Context(), k.aino.ID, desktop.Token)
		if err != nil || len(places) != 2 || places[0].Agent != "Firefox" {
			k.Fatalf("%+v %v", places, err)
		}
		for _, p := range places {
			if p.Here != (p.ID == desktop.ID) {
				k.Errorf("here: %+v", p)
			}
		}
		in := func(token string) bool { _, _, err := k.Who(k.Context(), token); return err == nil }
		k.wants(fail.NotFound, k.Revoke(k.Context(), bo.ID, phone.ID), "somebody else's login")
		if !in(phone.Token) {
			k.Error("somebody else ended a login")
		}
		if err := k.Revoke(k.Context(), k.aino.ID, phone.ID); err != nil || in(phone.Token) || !in(desktop.Token) {
			k.Errorf("revoked: %v", err)
		}
		for range 2 {
			if err := k.SignOut(k.Context(), desktop.Token); err != nil || in(desktop.Token) || !in(other.Token) {
				k.Errorf("signed out: %v", err)
			}
		}
	})
}

func TestExportHoldsWhatIsKnownAndNoSecret(t *testing.T) {
	each(t, func(k desk) {
		l := k.signIn("aino@example.fi")
		if err := k.Grant(k.Context(), k.d.Write, "", k.aino.ID, account.OfSeries("s1"), account.Organiser); err != nil {
			k.Fatal(err)
		}
		got, err := k.Export(k.Context(), k.aino.ID)
		if err != nil {
			k.Fatal(err)
		}
		b, err := json.Marshal(got)
		if err != nil {
			k.Fatal(err)
		}
		for _, want := range []string{`"aino@example.fi"`, `"Aino"`, `"organiser"`, `"series:s1"`, "Firefox"} {
			if !strings.Contains(string(b), want) {
				k.Errorf("%s lacks %s", b, want)
			}
		}
		if strings.Contains(string(b), l.Token) || strings.Contains(strings.ToLower(string(b)), "hash") {
			k.Errorf("%s holds a secret", b)
		}
		_, err = k.Export(k.Context(), "nobody")
		k.wants(fail.NotFound, err, "nobody")
	})
}

func TestErasureLeavesNobody(t *testing.T) {
	each(t, func(k desk) {
		l, other := k.signIn("aino@example.fi"), k.signIn("bo@example.fi")
		k.request("aino@example.fi", "")
		token, _ := k.mailed("aino@example.fi")
		if err := k.Grant(k.Context(), k.d.Write, "", k.aino.ID, account.All, account.Organiser); err != nil {
			k.Fatal(err)
		}
		catalogue, err := text.Load()
		if err != nil {
			k.Fatal(err)
		}
		letters, err := mail.New(k.d, k.c.Now, catalogue, nil, "", "https://agora.example")
		if err != nil {
			k.Fatal(err)
		}
		if _, _, err := k.Who(k.Context(), l.Token); err != nil { // remembered
			k.Fatal(err)
		}
		err = k.d.Tx(k.Context(), func(ctx context.Context, tx bun.Tx) error {
			if err := letters.Erase(ctx, tx, k.aino.ID); err != nil {
				return err
			}
			return k.Service.Erase(ctx, tx, k.aino.ID)
		})
		if err != nil {
			k.Fatal(err)
		}
		_, _, err = k.Who(k.Context(), l.Token)
		k.wants(fail.SignIn, err, "an erased person's cookie")
		_, err = k.Redeem(k.Context(), token, "")
		k.wants(fail.Gone, err, "an erased person's link")
		p, err := k.ByID(k.Context(), k.aino.ID)
		if err != nil || p.Name != "" || strings.Contains(p.Email, "@") {
			k.Errorf("%+v %v", p, err)
		}
		for _, table := range []string{"sign_in_link", "login", "role"} {
			if k.count(`SELECT count(*) FROM `+table+` WHERE person_id = ?`, k.aino.ID) != 0 {
				k.Errorf("%s still knows the person", table)
			}
		}
		if k.count(`SELECT count(*) FROM mail WHERE email LIKE 'aino%' OR args LIKE '%sign-in%'`) != 0 {
			k.Error("the outbox still knows the person")
		}
		if _, _, err := k.Who(k.Context(), other.Token); err != nil {
			k.Errorf("somebody else was erased too: %v", err)
		}
		// The address is free again, for somebody new.
		if again := k.ensure("aino@example.fi"); again.ID == k.aino.ID {
			k.Error("the erased row was taken over")
		}
	})
}
