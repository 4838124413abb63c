package account_test

import (
	"context"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/fail"
)

// TestWhoMayWhat is the whole matrix: every role at every scope against every
// need in its own edition, a sister edition, another series and the installation.
func TestWhoMayWhat(t *testing.T) {
	const (
		own, sister, series, other, all = "own edition", "sister edition", "own series", "other series", "installation"
	)
	places := map[string][2]string{own: {"s1", "e1"}, sister: {"s1", "e2"}, series: {"s1", ""}, other: {"s2", "e3"}, all: {"", ""}}
	needs := []account.Role{account.Owner, account.Organiser, account.Moderator, account.DoorStaff, account.Catering, account.Speaker}
	implied := map[account.Role][]account.Role{
		account.Owner:     needs,
		account.Organiser: {account.Organiser, account.Moderator, account.DoorStaff, account.Catering},
		account.Moderator: {account.Moderator}, account.DoorStaff: {account.DoorStaff}, account.Catering: {account.Catering}, account.Speaker: {account.Speaker},
	}
	reach := map[account.Scope][]string{
		account.All:             {own, sister, series, other, all},
		account.OfSeries("s1"):  {own, sister, series},
		account.OfEdition("e1"): {own},
	}
	for scope, there := range reach {
		for _, role := range needs {
			for place, at := range places {
				for _, need := range needs {
					want := contains(there, place) && contains(implied[role], need)
					if role == account.Owner && scope != account.All {
						want = false
					}
					roles := account.Roles{{Scope: scope, Role: role}}
					if got := roles.May(need, at[0], at[1]); got != want {
						t.Errorf("%s of %s may be %s in the %s: %v", role, scope, need, place, got)
					}
				}
			}
		}
	}
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func TestOddRolesOpenNothing(t *testing.T) {
	odd := account.Roles{
		{Scope: "series:", Role: account.Organiser}, {Scope: "edition:", Role: account.Organiser}, {Scope: "", Role: account.Owner},
		{Scope: account.All, Role: ""}, {Scope: account.All, Role: "root"}, {Scope: "series:*", Role: account.Organiser},
	}
	for _, need := range []account.Role{account.Owner, account.Organiser, account.Moderator, "", "root"} {
		for _, at := range [][2]string{{"", ""}, {"s1", "e1"}, {"s1", ""}, {"", "e1"}} {
			if odd.May(need, at[0], at[1]) || account.Roles(nil).May(need, at[0], at[1]) {
				t.Errorf("%q is open at %v", need, at)
			}
		}
	}
	if (account.Roles{{Scope: account.All, Role: account.Owner}}).May("root", "", "") {
		t.Error("an owner may what nobody named")
	}
	// An edition whose series is not given is covered by its own roles only.
	if (account.Roles{{Scope: account.OfSeries("s1"), Role: account.Organiser}}).May(account.Organiser, "", "e1") {
		t.Error("a series covers an edition of no series")
	}
}

func TestRolesAreGivenAndTakenAtOnce(t *testing.T) {
	each(t, func(k desk) {
		cookie := k.signIn("aino@example.fi").Token
		may := func() bool {
			k.Helper()
			_, roles, err := k.Who(k.Context(), cookie)
			if err != nil {
				k.Fatal(err)
			}
			return roles.May(account.Moderator, "s1", "e1")
		}
		if may() {
			k.Error("nobody gave a role")
		}
		for range 2 { // giving twice is one
			if err := k.Grant(k.Context(), k.d.Write, "boss", k.aino.ID, account.OfEdition("e1"), account.Moderator); err != nil {
				k.Fatal(err)
			}
		}
		if !may() {
			k.Error("the role does not hold")
		}
		holders, err := k.Holders(k.Context(), account.OfEdition("e1"))
		if err != nil || len(holders) != 1 || holders[0].ID != k.aino.ID || holders[0].Role != account.Moderator {
			k.Errorf("%+v %v", holders, err)
		}
		if err := k.RevokeRole(k.Context(), k.d.Write, "boss", k.aino.ID, account.OfEdition("e1"), account.Moderator); err != nil {
			k.Fatal(err)
		}
		if may() {
			k.Error("the role still holds")
		}
		lines, err := audit.Find(k.Context(), k.d.Read, audit.Query{Edition: "e1", Limit: 10})
		if err != nil || len(lines) != 2 || lines[0].Act != "role.revoke" || lines[1].Person != "boss" || lines[1].Subject != k.aino.ID {
			k.Errorf("%+v %v", lines, err)
		}
		for _, bad := range []account.Held{{Scope: "edition:", Role: account.Moderator}, {Scope: account.OfEdition("e1"), Role: account.Owner}, {Scope: account.All, Role: "root"}} {
			k.wants(fail.Invalid, k.Grant(k.Context(), k.d.Write, "boss", k.aino.ID, bad.Scope, bad.Role), "an odd role")
		}
	})
}

func TestTheLastOwnerStays(t *testing.T) {
	each(t, func(k desk) {
		exists := func(want bool) {
			k.Helper()
			if got, err := k.OwnerExists(k.Context()); err != nil || got != want {
				k.Errorf("an owner exists: %v %v", got, err)
			}
		}
		exists(false)
		bo := k.ensure("bo@example.fi")
		for _, p := range []account.Person{k.aino, bo} {
			if err := k.Grant(k.Context(), k.d.Write, "", p.ID, account.All, account.Owner); err != nil {
				k.Fatal(err)
			}
		}
		exists(true)
		// Both leave at the same moment; one of them is refused.
		var both sync.WaitGroup
		errs := make([]error, 2)
		for i, p := range []account.Person{k.aino, bo} {
			both.Go(func() {
				errs[i] = k.d.Tx(k.Context(), func(ctx context.Context, tx bun.Tx) error {
					return k.RevokeRole(ctx, tx, p.ID, p.ID, account.All, account.Owner)
				})
			})
		}
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !fail.Is(errs[0], fail.Conflict) && !fail.Is(errs[1], fail.Conflict) {
			k.Errorf("%v and %v", errs[0], errs[1])
		}
		exists(true)
		stays := k.aino
		if errs[1] != nil {
			stays = bo
		}
		k.wants(fail.Conflict, k.Erase(k.Context(), k.d.Write, stays.ID), "erasing the last owner")
	})
}
