package registration_test

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// A form that keeps places or invites is carried out once, however often it is
// sent, and nobody is invited twice. Who was invited with others that were
// already is not invited either: all are, or nobody.
func TestHoldsAreMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, of(5), nil)
		keep := registration.HoldInput{Name: "Puhujat", Kind: registration.Onsite, Seats: 1, Key: db.Key{Scope: "hold", Key: "a"}}
		invite := registration.HoldInput{Name: "Kumppanit", Kind: registration.Onsite, Key: db.Key{Scope: "hold", Key: "b"}}
		send := func(in registration.HoldInput, addresses ...string) error {
			return w.reg.Invite(t.Context(), w.edition, "", in, addresses, text.Finnish)
		}
		for range 3 {
			if err := w.reg.Keep(t.Context(), w.edition, "", keep); err != nil {
				t.Fatal(err)
			}
			if err := send(invite, "eka@example.org", "toka@example.org"); err != nil {
				t.Fatal(err)
			}
		}
		keep.Seats = 2
		refusedFor(t, w.reg.Keep(t.Context(), w.edition, "", keep), "idempotency_key", "registration.key_reused")
		invite.Key.Key = "c"
		refusedFor(t, send(invite, "toka@example.org", "kolmas@example.org"), "emails", "registration.invite_known")
		holds, err := w.reg.Holds(t.Context(), w.edition.ID)
		if err != nil || len(holds) != 3 {
			t.Fatalf("%d holds, %v", len(holds), err)
		}
		// Released, the address can be invited again.
		for _, h := range holds {
			if h.Email == "toka@example.org" {
				if err := w.reg.Release(t.Context(), w.edition, "", h.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := send(invite, "toka@example.org", "kolmas@example.org", "neljas@example.org"); err != nil {
			t.Fatal(err)
		}
		invite.Key.Key = "d"
		refusedFor(t, send(invite, "viides@example.org"), "seats", "registration.hold_none")
		var letters int
		err = d.Read.NewRaw("SELECT count(*) FROM mail WHERE kind = 'invitation'").Scan(t.Context(), &letters)
		if err != nil || letters != 5 {
			t.Errorf("%d letters, %v", letters, err)
		}
	})
}
