package proposal

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/text"
)

func TestADecisionIsTheOrganisersOwnUntilItIsTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, q := w.propose(talk("a@example.fi", "Yksi")), w.propose(talk("b@example.fi", "Kaksi"))
		letters := w.count("mail")
		if got := w.decide(Accepted, p, q); got.Done != 2 || got.Passed != 0 {
			t.Fatalf("%+v", got)
		}
		for _, one := range []Proposal{p, q} {
			if now := w.read(one); now.State != Accepted || now.Shown() != Sent || !now.Untold() {
				t.Errorf("%+v", now)
			}
		}
		// Undone before telling, nothing has happened.
		if got := w.decide(Sent, q); got.Done != 1 {
			t.Errorf("%+v", got)
		}
		if now := w.read(q); now.State != Sent || now.DecidedAt != nil {
			t.Errorf("%+v", now)
		}
		if n := w.count("mail"); n != letters || w.count("session") != 0 {
			t.Errorf("somebody was told: %d letters", n-letters)
		}
		// Its proposer may go on changing what nobody has told them of.
		if _, err := w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Yksi, parempi"), w.read(p).Version, false); err != nil {
			t.Error(err)
		}
	})
}

func TestTellingMakesTheSessionTheSpeakersAndOneLetterEach(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := talk("a@example.fi", "Hyvä")
		in.Others = Others{{"Bo Öhman", "bo@example.fi"}}
		yes, no, later := w.propose(in), w.propose(talk("b@example.fi", "Ei")), w.propose(talk("c@example.fi", "Ehkä"))
		w.decide(Accepted, yes)
		w.decide(Declined, no)
		w.decide(Waiting, later)
		if err := w.s.Say(t.Context(), "org", w.edition, no.Code, "Ehdota ensi vuonna uudelleen."); err != nil {
			t.Fatal(err)
		}
		words := Words{Declined: text.One(text.Finnish, "Ehdotuksia tuli 40.")}
		got, err := w.s.Tell(t.Context(), "org", w.edition, w.picks(yes, no, later), words)
		if err != nil || got != (Decided{Done: 3}) {
			t.Fatalf("%+v, %v", got, err)
		}
		for kind, email := range map[string]string{mail.ProposalAccepted: "a@example.fi", mail.ProposalDeclined: "b@example.fi", mail.ProposalWaiting: "c@example.fi"} {
			if n := w.count("mail WHERE kind = ?", kind); n != 1 || w.count("mail WHERE kind = ? AND email = ?", kind, email) != 1 {
				t.Errorf("%d letters %s", n, kind)
			}
		}
		if said := w.read(no).Words; said != "Ehdotuksia tuli 40.\n\nEhdota ensi vuonna uudelleen." {
			t.Errorf("%q", said)
		}
		draft, err := w.program.Draft(t.Context(), w.edition)
		if err != nil || len(draft.Waiting) != 1 {
			t.Fatalf("%+v, %v", draft, err)
		}
		x := draft.Waiting[0]
		if x.ID != w.read(yes).SessionID || x.Title[text.Finnish] != "Hyvä" || x.Kind != program.Talk || x.Language != "fi" || x.Extra.Minutes != 30 ||
			x.Abstract[text.Finnish] != in.Abstract || len(x.Speakers) != 2 || x.Speakers[0].Name != "Aino Åberg" || x.Speakers[1].Name != "Bo Öhman" ||
			x.Speakers[0].Biography[text.Finnish] != in.Biography || !x.Speakers[1].Biography.Empty() {
			t.Errorf("%+v %+v", x, x.Speakers)
		}
		if want := []string{"Aino Åberg <a@example.fi>", "Bo Öhman <bo@example.fi>"}; !slices.Equal(w.invited, want) {
			t.Errorf("invited %q", w.invited)
		}
		public, err := w.program.Programme(t.Context(), w.edition)
		if err != nil || len(public.Sessions)+len(public.Speakers) != 0 {
			t.Errorf("the public sees %+v, %v", public, err)
		}
	})
}

func TestTwoWhoPressAtOnceTellOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var list []Proposal
		for _, who := range []string{"a", "b", "c"} {
			list = append(list, w.propose(talk(who+"@example.fi", "Puhe "+who)))
		}
		w.decide(Accepted, list...)
		picks := w.picks(list...)
		var wait sync.WaitGroup
		done := make([]Decided, 4)
		for i := range done {
			wait.Go(func() {
				var err error
				if done[i], err = w.s.tellOnly(t.Context(), "org", w.edition, picks, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		told := 0
		for _, one := range done {
			told += one.Done
		}
		if told != 3 || w.count("session") != 3 || w.count("speaker") != 3 || w.count("mail WHERE kind = ?", mail.ProposalAccepted) != 3 {
			t.Errorf("told %d, %d sessions", told, w.count("session"))
		}
	})
}

func TestWhatChangedSinceItWasShownIsNotTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, q, r := w.propose(talk("a@example.fi", "Yksi")), w.propose(talk("b@example.fi", "Kaksi")), w.propose(talk("c@example.fi", "Kolme"))
		w.decide(Declined, p, q, r)
		picks := w.picks(p, q, r)
		w.decide(Accepted, p) // another organiser thinks again
		if _, err := w.s.Withdraw(t.Context(), w.edition, q.ID); err != nil {
			t.Fatal(err)
		}
		got, err := w.s.Tell(t.Context(), "org", w.edition, picks, nil)
		if err != nil || got.Done != 1 || got.Passed != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		if w.read(p).Told != "" || w.read(q).Told != "" || w.read(r).Told != Declined {
			t.Error("the wrong ones were told")
		}
		// The same with deciding.
		old := []Pick{{p.Code, 1}}
		if got, err := w.s.Decide(t.Context(), "org", w.edition, old, Waiting); err != nil || got.Passed != 1 || w.read(p).State != Accepted {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestAfterTellingAReserveMayBeAcceptedAndAnAcceptedOneStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, q := w.propose(talk("a@example.fi", "Varalla")), w.propose(talk("b@example.fi", "Mukana"))
		w.decide(Waiting, p)
		w.decide(Accepted, q)
		w.tell(p, q)
		w.decide(Accepted, p)
		if now := w.read(p); now.Shown() != Waiting || !now.Untold() {
			t.Errorf("%+v", now)
		}
		w.decide(Sent, p) // undoing leads back to what was told
		if now := w.read(p); now.State != Waiting || now.Untold() {
			t.Errorf("%+v", now)
		}
		w.decide(Accepted, p)
		w.tell(p)
		if now := w.read(p); now.Told != Accepted || now.SessionID == "" || w.count("session") != 2 {
			t.Errorf("%+v", now)
		}
		for _, to := range []State{Declined, Sent, Waiting} {
			if got := w.decide(to, q); got.Done != 0 || got.Passed != 1 {
				t.Errorf("%s: %+v", to, got)
			}
		}
		_, err := w.s.Withdraw(t.Context(), w.edition, q.ID)
		w.refused(err, fail.Conflict, "proposal.decided")
		w.refused(w.s.Say(t.Context(), "org", w.edition, q.Code, "x"), fail.Conflict, "proposal.settled")
		_, err = w.s.Decide(t.Context(), "org", w.edition, w.picks(q), Withdrawn)
		w.wrong(err, "to")
	})
}

func TestSpeakersAreKnownAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		aino := w.person("a@example.fi")
		earlier := w.newEdition("2026")
		var then program.Speaker
		w.tx(func(ctx context.Context, tx bun.Tx) (err error) {
			then, err = program.WriteSpeaker(ctx, tx, earlier, "", program.SpeakerInput{Name: "Aino Åberg", PersonID: aino.ID})
			return err
		})
		p, q := w.propose(talk("a@example.fi", "Yksi")), w.propose(talk("a@example.fi", "Kaksi"))
		assistant := talk("a@example.fi", "Pomon puhe")
		assistant.Name = "Iso Pomo"
		r := w.propose(assistant)
		w.decide(Accepted, p, q, r)
		w.tell(p, q, r)
		var list []program.Speaker
		if err := w.db.Read.NewSelect().Model(&list).Where("edition_id = ?", w.edition.ID).Order("name").Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(list) != 2 || list[0].Name != "Aino Åberg" || list[0].Who != then.Who || list[1].Name != "Iso Pomo" || list[1].Who == then.Who {
			t.Errorf("%+v", list)
		}
		if n := w.count("session_speaker WHERE speaker_id = ?", list[0].ID); n != 2 {
			t.Errorf("%d sessions", n)
		}
		if want := []string{"Aino Åberg <a@example.fi>", "Iso Pomo <a@example.fi>"}; len(w.invited) != 2 || !slices.Contains(w.invited, want[0]) || !slices.Contains(w.invited, want[1]) {
			t.Errorf("invited %q", w.invited)
		}
	})
}

func TestInvitationsThatWereCutOffFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.propose(talk("a@example.fi", "Yksi"))
		w.decide(Accepted, p)
		w.refuse = true
		if got := w.tell(p); got.Done != 1 || !got.Late || w.read(p).Told != Accepted {
			t.Errorf("%+v", got)
		}
		if err := w.s.InviteAll(t.Context()); err == nil {
			t.Error("nobody hears that letters do not leave")
		}
		w.refuse = false
		for range 2 {
			if err := w.s.InviteAll(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.invited) != 1 {
			t.Errorf("invited %q", w.invited)
		}
		// Whom an organiser takes off later is not written to by the clock.
		w.tx(func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewRaw("DELETE FROM speaking").Exec(ctx)
			return err
		})
		w.clock.Move(inviteFor + time.Hour)
		if err := w.s.InviteAll(t.Context()); err != nil || len(w.invited) != 1 {
			t.Errorf("invited %q, %v", w.invited, err)
		}
	})
}

func TestTellingAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, q := w.propose(talk("a@example.fi", "Yksi")), w.propose(talk("b@example.fi", "Kaksi"))
		w.decide(Accepted, p, q)
		letters := w.count("mail")
		// The second cannot become a session, so the first does not either.
		w.tx(func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewRaw("UPDATE proposal SET kind = 'nonsense' WHERE id = ?", q.ID).Exec(ctx)
			return err
		})
		if _, err := w.s.Tell(t.Context(), "org", w.edition, w.picks(p, q), nil); !fail.Is(err, fail.Invalid) {
			t.Errorf("%v", err)
		}
		if w.count("session")+w.count("speaker") != 0 || w.count("mail") != letters || w.read(p).Told != "" || len(w.invited) != 0 {
			t.Error("half was told")
		}
		_, err := w.s.Tell(t.Context(), "org", w.edition, w.picks(p), Words{Accepted: text.One(text.Finnish, strings.Repeat("ä", MaxNote+1))})
		w.wrong(err, "accepted_fi")
	})
}
