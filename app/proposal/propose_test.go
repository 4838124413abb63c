package proposal

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/text"
)

func TestAProposalIsTakenInAndFoundByItsLinkOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := talk("Aino@Example.fi", "  Hiljaiset   äänet ")
		in.Others = Others{{"Bo Öhman", "bo@example.fi"}, {"", " "}}
		p := w.propose(in)
		got, err := w.s.ByToken(t.Context(), w.s.Token(p))
		if err != nil || got.Title != "Hiljaiset äänet" || got.Email != "aino@example.fi" || got.State != Sent || got.SentAt == nil ||
			!reflect.DeepEqual(got.Others, Others{{"Bo Öhman", "bo@example.fi"}}) {
			t.Errorf("%+v, %v", got, err)
		}
		if n := w.count("mail WHERE kind = ? AND email = 'aino@example.fi'", mail.ProposalReceived); n != 1 {
			t.Errorf("%d letters", n)
		}
		if n := w.count("mail WHERE email = 'bo@example.fi'"); n != 0 {
			t.Errorf("a co-speaker was written to %d times before anything was decided", n)
		}
		other := p
		other.Link = 2
		for _, token := range []string{"", "x", w.s.Token(other), w.s.Token(p)[:20], strings.Repeat("A", 43), w.s.Token(Proposal{ID: db.NewID(), Link: 1})} {
			_, err := w.s.ByToken(t.Context(), token)
			w.refused(err, fail.NotFound, "proposal.missing")
		}
	})
}

func TestTheClockOfTheCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.propose(talk("a@example.fi", "Ajoissa"))
		for _, c := range []struct {
			now, begun time.Time
			key        string
		}{
			{opens.Add(-time.Second), opens.Add(-time.Hour), "proposal.not_open"},
			{opens, opens, ""},
			{closes.Add(-time.Second), time.Time{}, ""},
			{closes, closes.Add(-time.Minute), ""}, // begun in time
			{closes, closes, "proposal.closed"},
			{closes.Add(finishTime - time.Second), closes.Add(-24 * time.Hour), ""},
			{closes.Add(finishTime - time.Second), time.Time{}, "proposal.closed"},
			{closes.Add(finishTime), closes.Add(-time.Minute), "proposal.closed"},
		} {
			w.clock.Set(c.now)
			_, err := w.s.Propose(t.Context(), w.edition, talk(db.NewID()+"@example.fi", "Kello"), c.begun, true, db.Key{})
			if c.key == "" && err != nil {
				t.Errorf("at %v: %v", c.now, err)
			} else if c.key != "" {
				w.refused(err, fail.Conflict, c.key)
			}
		}
		// What is there already was begun in time, and is closed with the grace too.
		w.clock.Set(closes.Add(finishTime - time.Second))
		p, err := w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Viime hetkellä"), p.Version, false)
		if err != nil || p.Title != "Viime hetkellä" {
			t.Errorf("%+v, %v", p, err)
		}
		w.clock.Set(closes.Add(finishTime))
		_, err = w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Myöhässä"), p.Version, false)
		w.refused(err, fail.Conflict, "proposal.closed")
		// An extension opens it again.
		w.call(CallInput{OpensAt: opens, ClosesAt: closes.AddDate(0, 0, 7), Rules: Rules{Best: 5, Each: 3}})
		if _, err := w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Jatkoajalla"), p.Version, false); err != nil {
			t.Error(err)
		}
	})
}

func TestTheMarkProvesWhenAFormWasShown(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	mark := w.s.Mark(w.edition.ID)
	if at := w.s.Begun(w.edition.ID, mark); !at.Equal(noon) {
		t.Errorf("%v", at)
	}
	for _, bad := range []string{"", ".", "x.y", mark + "x", "1" + mark, strings.Replace(mark, ".", "0.", 1), mark[:len(mark)-2]} {
		if at := w.s.Begun(w.edition.ID, bad); !at.IsZero() {
			t.Errorf("%q was begun %v", bad, at)
		}
	}
	if at := w.s.Begun("another", mark); !at.IsZero() {
		t.Errorf("another edition's mark counts: %v", at)
	}
}

func TestEveryProblemAtOnce(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	send := func(in Input) error {
		_, err := w.s.Propose(t.Context(), w.edition, in, noon, true, db.Key{})
		return err
	}
	w.wrong(send(Input{}), "name", "email", "title", "abstract", "biography", "kind", "spoken")
	long := talk("a@example.fi", strings.Repeat("ä", MaxTitle+1))
	long.Abstract, long.Biography, long.Note = strings.Repeat("ä", MaxAbstract+1), strings.Repeat("ä", MaxBiography+1), strings.Repeat("ä", MaxNote+1)
	w.wrong(send(long), "title", "abstract", "biography", "note")
	kind := talk("a@example.fi", "x")
	kind.Minutes = 31
	w.wrong(send(kind), "kind")
	kind.Kind, kind.Minutes = program.Keynote, 30
	w.wrong(send(kind), "kind")
	hostile := talk("a@example.fi", "x\x00y")
	hostile.Abstract, hostile.Spoken = "\xff", "xx"
	w.wrong(send(hostile), "title", "abstract", "spoken")
	many := talk("a@example.fi", "x")
	for range MaxOthers + 1 {
		many.Others = append(many.Others, Other{"B", "b@example.fi"})
	}
	w.wrong(send(many), "others")
	twice := talk("a@example.fi", "x")
	twice.Others = Others{{"Minä", "A@example.fi"}, {"", "c@example.fi"}, {"D", "d"}}
	w.wrong(send(twice), "others.0.email", "others.1.name", "others.2.email")
	track := talk("a@example.fi", "x")
	track.TrackID = "nothing"
	if err := send(track); err != nil {
		t.Errorf("tracks are not asked for, so none is looked at: %v", err)
	}
	w.call(CallInput{Rules: Rules{Best: 5, Each: 3, Tracks: true}})
	w.wrong(send(track), "track")
	if n := w.count("proposal"); n != 1 {
		t.Errorf("%d proposals", n)
	}
}

func TestADraftMayHaveGapsUntilItIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p, err := w.s.Propose(t.Context(), w.edition, Input{Email: "a@example.fi", Title: "Kesken", Language: text.Swedish}, noon, false, db.Key{})
		if err != nil || p.State != Draft {
			t.Fatalf("%+v, %v", p, err)
		}
		if list, drafts, err := w.s.List(t.Context(), w.edition.ID, Filter{}); err != nil || len(list) != 0 || drafts != 1 {
			t.Errorf("organisers see %v, %d, %v", list, drafts, err)
		}
		_, err = w.s.Change(t.Context(), w.edition, p.ID, p.Input(), p.Version, true)
		w.wrong(err, "name", "abstract", "biography", "kind", "spoken")
		p, err = w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Valmis"), p.Version, true)
		if err != nil || p.State != Sent || w.read(p).SentAt == nil {
			t.Errorf("%+v, %v", p, err)
		}
		if kept, got := w.count("mail WHERE kind = ?", mail.ProposalKept), w.count("mail WHERE kind = ?", mail.ProposalReceived); kept != 1 || got != 1 {
			t.Errorf("%d and %d letters", kept, got)
		}
		// Once sent, it cannot become a draft with gaps again.
		_, err = w.s.Change(t.Context(), w.edition, p.ID, Input{Email: "a@example.fi", Title: "Tyhjä"}, p.Version, false)
		w.wrong(err, "name", "abstract", "biography", "kind", "spoken")
	})
}

func TestPressedTwiceIsOneProposalAndOtherWordsUnderTheKeyAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		key := db.Key{Scope: "propose:" + w.edition.ID, Key: db.NewID()}
		var wait sync.WaitGroup
		ids, errs := make([]string, 8), make([]error, 8)
		for i := range ids {
			wait.Go(func() {
				p, err := w.s.Propose(t.Context(), w.edition, talk("a@example.fi", "Kerran"), noon, true, key)
				ids[i], errs[i] = p.ID, err
			})
		}
		wait.Wait()
		for i := range ids {
			if errs[i] != nil || ids[i] != ids[0] {
				t.Errorf("%d: %s, %v", i, ids[i], errs[i])
			}
		}
		if n := w.count("proposal"); n != 1 || w.count("mail") != 1 {
			t.Errorf("%d proposals", n)
		}
		_, err := w.s.Propose(t.Context(), w.edition, talk("a@example.fi", "Toinen"), noon, true, key)
		w.wrong(err, "idempotency_key")
		// The same words again after closing are the same answer.
		w.clock.Set(closes.AddDate(0, 0, 1))
		if p, err := w.s.Propose(t.Context(), w.edition, talk("a@example.fi", "Kerran"), noon, true, key); err != nil || p.ID != ids[0] {
			t.Errorf("%v, %v", p.ID, err)
		}
	})
}

func TestOneAddressHasAFewProposalsHoweverItGoesAboutIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				_, err := w.s.Propose(t.Context(), w.edition, talk("a@example.fi", "Tulva"), noon, true, db.Key{})
				if err != nil {
					w.wrong(err, "email")
				}
			})
		}
		wait.Wait()
		if n := w.count("proposal"); n != 3 {
			t.Fatalf("%d proposals", n)
		}
		// Taking one back makes room for another, but not for ever.
		for range mostOfAddress {
			list, _, _ := w.s.List(t.Context(), w.edition.ID, Filter{State: Sent})
			if _, err := w.s.Withdraw(t.Context(), w.edition, list[0].ID); err != nil {
				t.Fatal(err)
			}
			if _, err := w.s.Propose(t.Context(), w.edition, talk("A@example.fi", "Taas"), noon, true, db.Key{}); err != nil {
				w.wrong(err, "email")
				break
			}
		}
		if n := w.count("proposal"); n != mostOfAddress {
			t.Errorf("%d proposals", n)
		}
		// Nor can one be carried over from another address.
		p := w.propose(talk("b@example.fi", "Toisen"))
		in := p.Input()
		in.Email = "a@example.fi"
		_, err := w.s.Change(t.Context(), w.edition, p.ID, in, p.Version, false)
		w.wrong(err, "email")
	})
}

func TestChangingAndTakingBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.propose(talk("a@example.fi", "Yksi"))
		other := w.newEdition("webinar")
		_, err := w.s.Change(t.Context(), other, p.ID, p.Input(), p.Version, false)
		w.refused(err, fail.NotFound, "proposal.no_call")
		_, err = w.s.Withdraw(t.Context(), other, p.ID)
		w.refused(err, fail.NotFound, "proposal.no_call")
		if _, err := w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Kaksi"), p.Version, false); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Kolme"), p.Version, false)
		w.refused(err, fail.Conflict, "proposal.changed_meanwhile")
		in := talk("uusi@example.fi", "Kaksi")
		if _, err := w.s.Change(t.Context(), w.edition, p.ID, in, p.Version+1, false); err != nil {
			t.Fatal(err)
		}
		if n := w.count("mail WHERE email = 'uusi@example.fi'"); n != 1 {
			t.Errorf("the new address got %d letters", n)
		}
		for range 2 {
			if p, err = w.s.Withdraw(t.Context(), w.edition, p.ID); err != nil || p.State != Withdrawn {
				t.Fatalf("%v, %v", p.State, err)
			}
		}
		_, err = w.s.Change(t.Context(), w.edition, p.ID, in, p.Version, false)
		w.refused(err, fail.Conflict, "proposal.withdrawn")
	})
}

func TestLinksAreMailedToTheirOwnerAndNotInARow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		one, two := w.propose(talk("a@example.fi", "Yksi")), w.propose(talk("a@example.fi", "Kaksi"))
		w.propose(talk("b@example.fi", "Toisen"))
		for _, email := range []string{"a@example.fi", "a@example.fi", "kuka@example.fi"} {
			if err := w.s.MailLinks(t.Context(), w.edition, email); err != nil {
				t.Fatal(err)
			}
		}
		var letters []mail.Row
		if err := w.db.Read.NewSelect().Model(&letters).Where("kind = ?", mail.ProposalLinks).Scan(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(letters) != 1 || letters[0].Email != "a@example.fi" || !strings.Contains(letters[0].Args, w.s.Token(one)) ||
			!strings.Contains(letters[0].Args, w.s.Token(two)) || strings.Contains(letters[0].Args, "Toisen") {
			t.Errorf("%+v", letters)
		}
		w.clock.Move(linksPause + time.Second)
		if err := w.s.MailLinks(t.Context(), w.edition, "a@example.fi"); err != nil || w.count("mail WHERE kind = ?", mail.ProposalLinks) != 2 {
			t.Errorf("%v", err)
		}
	})
}
