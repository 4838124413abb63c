package account_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/fail"
	"agora/app/text"
)

// mailed is what the newest sign-in letter to somebody says.
func (k desk) mailed(email string) (token, code string) {
	k.Helper()
	var args []string
	err := k.d.Read.NewRaw(`SELECT args FROM mail WHERE email = ? AND kind = 'sign_in' ORDER BY id DESC`, email).Scan(k.Context(), &args)
	if err != nil || len(args) == 0 {
		k.Fatalf("no letter to %s, %v", email, err)
	}
	var said struct{ Link, Code string }
	if err := json.Unmarshal([]byte(args[0]), &said); err != nil {
		k.Fatal(err)
	}
	token, found := strings.CutPrefix(said.Link, "https://agora.example"+account.SignInPath)
	if !found {
		k.Fatalf("the link is %s", said.Link)
	}
	return token, said.Code
}

func (k desk) request(email, next string) (browser string) {
	k.Helper()
	browser, err := k.RequestLink(k.Context(), email, text.Finnish, next)
	if err != nil {
		k.Fatal(err)
	}
	return browser
}

func TestSigningInByLink(t *testing.T) {
	each(t, func(k desk) {
		k.request(" Aino@Example.fi", "/cmadfi/2027?tab=1")
		token, _ := k.mailed("aino@example.fi")
		for range 2 { // looking uses nothing up: mail scanners look
			if p, err := k.Peek(k.Context(), token); err != nil || p.ID != k.aino.ID {
				k.Fatalf("%+v %v", p, err)
			}
		}
		l, err := k.Redeem(k.Context(), token, "Firefox\x00\n"+strings.Repeat("x", 500))
		if err != nil || l.Person.ID != k.aino.ID || l.Next != "/cmadfi/2027?tab=1" || !l.Expires.Equal(start.Add(60*24*time.Hour)) {
			k.Errorf("%+v %v", l, err)
		}
		if p, _, err := k.Who(k.Context(), l.Token); err != nil || p.ID != k.aino.ID || p.Email != "aino@example.fi" {
			k.Errorf("%+v %v", p, err)
		}
		_, err = k.Redeem(k.Context(), token, "")
		k.wants(fail.Gone, err, "a link used twice")
		_, err = k.Peek(k.Context(), token)
		k.wants(fail.Gone, err, "looking at a used link")
		// Nothing stored opens anything.
		for _, table := range []string{"sign_in_link", "login"} {
			if n := k.count(`SELECT count(*) FROM `+table+` WHERE hash IN (?)`, bun.List([]string{token, l.Token})); n != 0 {
				k.Errorf("%s holds a secret", table)
			}
		}
	})
}

func TestLinksThatDoNotOpen(t *testing.T) {
	each(t, func(k desk) {
		browser := k.request("aino@example.fi", "")
		token, code := k.mailed("aino@example.fi")
		for what, wrong := range map[string]string{"nothing": "", "another": strings.Repeat("A", 43), "the browser's key": browser, "cut off": token[:42], "a quote": "' OR 1=1 --"} {
			_, err := k.Redeem(k.Context(), wrong, "")
			k.wants(fail.Gone, err, what)
		}
		k.c.Move(30 * time.Minute)
		_, err := k.Redeem(k.Context(), token, "")
		k.wants(fail.Gone, err, "an old link")
		_, err = k.RedeemCode(k.Context(), browser, code, "")
		k.wants(fail.Invalid, err, "an old code")
		if k.count(`SELECT count(*) FROM login`) != 0 {
			k.Error("somebody came in")
		}
	})
}

func TestOfManyAttemptsAtOneLinkOneSucceeds(t *testing.T) {
	each(t, func(k desk) {
		browser := k.request("aino@example.fi", "")
		token, code := k.mailed("aino@example.fi")
		var all sync.WaitGroup
		errs := make([]error, 12)
		for i := range errs {
			all.Go(func() {
				if i%4 == 0 {
					_, errs[i] = k.RedeemCode(k.Context(), browser, code, "")
				} else {
					_, errs[i] = k.Redeem(k.Context(), token, "")
				}
			})
		}
		all.Wait()
		good := 0
		for _, err := range errs {
			if err == nil {
				good++
			} else if !fail.Is(err, fail.Gone) && !fail.Is(err, fail.Invalid) {
				k.Error(err)
			}
		}
		if n := k.count(`SELECT count(*) FROM login`); good != 1 || n != 1 {
			k.Errorf("%d succeeded, %d logins", good, n)
		}
	})
}

func TestACodeBelongsToTheBrowserThatAsked(t *testing.T) {
	each(t, func(k desk) {
		k.ensure("bo@example.fi")
		mine, others := k.request("aino@example.fi", "/me"), k.request("bo@example.fi", "")
		_, code := k.mailed("aino@example.fi")
		for _, browser := range []string{others, "", strings.Repeat("0", 64)} {
			_, err := k.RedeemCode(k.Context(), browser, code, "")
			k.wants(fail.Invalid, err, "another browser")
		}
		spoken := strings.Replace(code, " ", " – ", 1)
		l, err := k.RedeemCode(k.Context(), mine, spoken, "")
		if err != nil || l.Person.ID != k.aino.ID || l.Next != "/me" {
			k.Errorf("%+v %v", l, err)
		}
		token, _ := k.mailed("aino@example.fi")
		_, err = k.Redeem(k.Context(), token, "")
		k.wants(fail.Gone, err, "the link of a used code")
	})
}

func TestACodeIsGuessedFiveTimesAtMost(t *testing.T) {
	each(t, func(k desk) {
		browser := k.request("aino@example.fi", "")
		token, code := k.mailed("aino@example.fi")
		for i := range 5 {
			_, err := k.RedeemCode(k.Context(), browser, fmt.Sprintf("%08d", i), "")
			k.wants(fail.Invalid, err, "a guess")
		}
		_, err := k.RedeemCode(k.Context(), browser, code, "")
		k.wants(fail.Invalid, err, "the sixth try, though right")
		if _, err := k.Redeem(k.Context(), token, ""); err != nil {
			k.Errorf("guesses must not break the link itself: %v", err)
		}
	})
}

func TestUnknownAddressesGetTheSameAnswerAndNoMail(t *testing.T) {
	each(t, func(k desk) {
		known, unknown := k.request("aino@example.fi", ""), k.request("nobody@example.fi", "")
		if len(known) != len(unknown) || known == unknown {
			k.Errorf("answers differ: %q %q", known, unknown)
		}
		_, a := k.RedeemCode(k.Context(), known, "x", "")
		_, b := k.RedeemCode(k.Context(), unknown, "x", "")
		if a.Error() != b.Error() {
			k.Errorf("%v, but %v", a, b)
		}
		if n := k.count(`SELECT count(*) FROM mail`); n != 1 || k.count(`SELECT count(*) FROM person`) != 1 {
			k.Errorf("%d letters", n)
		}
		_, err := k.RequestLink(k.Context(), "aino@example", text.Finnish, "")
		if e, ok := fail.As(err); !ok || e.Fields["email"][0].Key != "account.email.end" {
			k.Errorf("a broken address: %v", err)
		}
	})
}

func TestNobodysMailboxIsFilled(t *testing.T) {
	each(t, func(k desk) {
		var all sync.WaitGroup
		for range 9 {
			all.Go(func() { k.request("aino@example.fi", "") })
		}
		all.Wait()
		letters := func() int { return k.count(`SELECT count(*) FROM mail WHERE email = 'aino@example.fi'`) }
		if letters() != 5 {
			k.Errorf("%d letters within a moment", letters())
		}
		k.ensure("bo@example.fi")
		k.request("bo@example.fi", "")
		k.mailed("bo@example.fi") // others are not held up
		k.c.Move(59 * time.Minute)
		k.request("aino@example.fi", "")
		if letters() != 5 {
			k.Errorf("%d letters within the hour", letters())
		}
		k.c.Move(time.Minute)
		k.request("aino@example.fi", "")
		if letters() != 6 {
			k.Errorf("%d letters after the hour", letters())
		}
		// Who uses the links is not held up.
		for range 7 {
			k.c.Move(10 * time.Second)
			k.request("aino@example.fi", "")
			token, _ := k.mailed("aino@example.fi")
			if _, err := k.Redeem(k.Context(), token, ""); err != nil {
				k.Error(err)
			}
		}
	})
}

func TestALinkNobodyCouldQueueIsNotMade(t *testing.T) {
	each(t, func(k desk) {
		if _, err := k.d.Write.ExecContext(k.Context(), "ALTER TABLE mail RENAME TO elsewhere"); err != nil {
			k.Fatal(err)
		}
		if _, err := k.RequestLink(k.Context(), "aino@example.fi", text.Finnish, ""); err == nil {
			k.Error("a link without its letter")
		}
		if k.count(`SELECT count(*) FROM sign_in_link`) != 0 {
			k.Error("the link stayed")
		}
	})
}

func TestLinksOfTheCommandLine(t *testing.T) {
	each(t, func(k desk) {
		token, p, err := k.MakeLink(k.Context(), account.Invite{
			Email: "Owner@Example.fi", Name: "Omistaja", Language: text.Finnish, Owner: true, Life: 48 * time.Hour, Next: "/desk",
		})
		if err != nil || p.Email != "owner@example.fi" || k.URL(token) != "https://agora.example/sign-in/"+token {
			k.Fatalf("%+v %v", p, err)
		}
		k.c.Move(47 * time.Hour)
		l, err := k.Redeem(k.Context(), token, "")
		if err != nil || l.Next != "/desk" {
			k.Fatal(err)
		}
		if _, roles, err := k.Who(k.Context(), l.Token); err != nil || !roles.Owner() {
			k.Errorf("%v %v", roles, err)
		}
		_, _, err = k.MakeLink(k.Context(), account.Invite{Email: "owner"})
		k.wants(fail.Invalid, err, "a broken address")
		plain := k.signIn("bo@example.fi")
		if _, roles, _ := k.Who(k.Context(), plain.Token); len(roles) != 0 {
			k.Errorf("a plain link gave %v", roles)
		}
	})
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	for _, good := range []string{"/", "/me", "/cmadfi/2027/program?day=1#s", "/a//b", "/haku?q=%C3%A5"} {
		if account.LocalPath(good) != good {
			t.Errorf("%q was refused", good)
		}
	}
	for _, bad := range []string{"", "me", "//evil.example", "///evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example",
		"/\t/evil.example", "/\n/evil.example", " /me", "/me ", "javascript:alert(1)", "/%zz", "/\x00", "/\u2028x", "/" + strings.Repeat("a", 600)} {
		if got := account.LocalPath(bad); got != "" {
			t.Errorf("%q became %q", bad, got)
		}
	}
	each(t, func(k desk) {
		k.request("aino@example.fi", "//evil.example")
		token, _ := k.mailed("aino@example.fi")
		if l, err := k.Redeem(context.WithoutCancel(k.Context()), token, ""); err != nil || l.Next != "" {
			k.Errorf("%q %v", l.Next, err)
		}
	})
}
