package mail_test

import (
	"context"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/apptest"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/mail"
)

// A rehearsal writes thousands of letters to addresses that cannot be: no mail
// server is handed one, and they hold up nobody else's.
func TestLettersToNowhereAreNeverHandedOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, b := apptest.NewClock(start), &box{}
		s := service(t, d, c, b)
		for range 30 {
			queue(t, d, c, letter(mail.Confirmed, "practice-0.1@practice.invalid"), letter(mail.Confirmed, "x@Agora.INVALID"))
		}
		queue(t, d, c, letter(mail.Confirmed, "aino@invalid.example"))
		deliver(t, s, 1)
		deliver(t, s, 0)
		for _, m := range outbox(t, s, "e") {
			if want := map[bool]mail.State{true: mail.Sent, false: mail.Held}[m.Email == "aino@invalid.example"]; m.State != want {
				t.Errorf("%s is %s", m.Email, m.State)
			}
		}
		other := letter(mail.Confirmed, "bo@example.fi")
		other.EditionID = "other"
		queue(t, d, c, other)
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error { return mail.RemoveEdition(ctx, tx, "e") })
		if err != nil || len(outbox(t, s, "e")) != 0 || len(outbox(t, s, "other")) != 1 {
			t.Errorf("removing an edition's letters: %v", err)
		}
	})
}
