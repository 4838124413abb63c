package speaking_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
)

func TestInvitationLetter(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö kasvaa")
		_, err := w.Invite(w.Context(), "org", w.e, aino.ID, "aino.example.fi", "")
		w.refused(err, fail.Invalid, "account.email.at")
		_, err = w.Invite(w.Context(), "org", w.e, "nobody", "a@example.fi", "")
		w.refused(err, fail.NotFound, "program.speaker_missing")
		_, err = w.Invite(w.Context(), "org", w.edition("2028", 5), aino.ID, "a@example.fi", "")
		w.refused(err, fail.NotFound, "program.speaker_missing")
		for range 2 { // pressed twice
			w.invite(aino, "aino@example.fi")
		}
		w.equal("letters", w.letters(), "[speaker_invited to aino@example.fi]")
		body := w.last(mail.SpeakerInvited).Body
		for _, want := range []string{"Aino Kallio", "CMADFI 2027", "Yhteisö kasvaa", "Tampere", w.URL(w.side(aino))} {
			if !strings.Contains(body, want) {
				w.Errorf("the invitation lacks %q:\n%s", want, body)
			}
		}
		if strings.Contains(body, "viimeistään") {
			w.Errorf("a date that was not given:\n%s", body)
		}
	})
}

// An address that was mended ends the link that went to the wrong one.
func TestLinkToAnotherAddress(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "anio@example.fi")
		wrong := w.Token(w.side(aino))
		w.invite(aino, "aino@example.fi")
		x, err := w.ByToken(w.Context(), wrong)
		w.refused(err, fail.Gone, "speaking.link_renewed")
		w.equal("nothing but the edition", x, speaking.Speaking{EditionID: w.e.ID})
		if _, err := w.ByToken(w.Context(), w.Token(w.side(aino))); err != nil {
			w.Error(err)
		}
		w.equal("one place is kept", w.places(), "0+1 of 9+0, 0 wait")
		opened := w.side(aino)
		_, err = w.Renew(w.Context(), "org", w.e, aino.ID)
		w.ok(err)
		_, err = w.Accept(w.Context(), w.e, opened, speaking.Yes{})
		w.refused(err, fail.Gone, "speaking.link_renewed")
		_, err = w.SaveProfile(w.Context(), w.e, opened, speaking.ProfileInput{Version: 1, Name: "Joku"})
		w.refused(err, fail.Gone, "speaking.link_renewed")
		w.equal("not registered either", w.places(), "0+1 of 9+0, 0 wait")
		w.equal("letters", w.letters(), "[speaker_invited to anio@example.fi speaker_invited to aino@example.fi speaker_renewed to aino@example.fi]")
	})
}

// What is done through the link is told to the address, once a day, all of it.
func TestChangesAreTold(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		copies := func() (n int) {
			w.ok(w.TellChanges(w.Context()))
			for _, l := range w.letters() {
				if strings.HasPrefix(l, mail.SpeakerChanged) {
					n++
				}
			}
			return n
		}
		save := func() {
			_, err := w.SaveProfile(w.Context(), w.e, w.side(aino), speaking.ProfileInput{Name: "Aino Kallio", Biography: text.One(text.Finnish, w.now().String())})
			w.ok(err)
		}
		save()
		w.on(time.Minute)
		_, err := w.SavePractical(w.Context(), w.e, w.side(aino), speaking.PracticalInput{Version: 1, Note: "Tulen junalla."})
		w.ok(err)
		w.equal("at once", copies(), 0)
		w.on(15 * time.Minute)
		w.equal("after the sitting", copies(), 1)
		w.equal("once", copies(), 1)
		body := w.last(mail.SpeakerChanged).Body
		if !strings.Contains(body, "– Esittelysi\n– Aikataulu ja tarpeet") || !strings.Contains(body, "uusi linkki") || strings.Contains(body, "/speak/") {
			w.Errorf("the copy says\n%s", body)
		}
		save()
		w.on(time.Hour)
		w.equal("the same day", copies(), 1)
		w.on(24 * time.Hour)
		w.equal("the next day", copies(), 2)
	})
}

func TestChangesAreKept(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		session := aino.Sessions[0]
		_, err := w.SaveTexts(w.Context(), w.e, w.side(aino), session.ID, program.TextsInput{Title: text.Texts{text.Finnish: "Yhteisö kukkii", text.English: "Bloom"}})
		w.ok(err)
		changes, err := w.Changes(w.Context(), w.e, aino.ID)
		w.ok(err)
		var got []string
		for _, c := range changes {
			got = append(got, c.Field+" "+string(c.Language)+": "+c.Was+" → "+c.Became)
		}
		w.equal("changes", len(got), 2)
		for _, want := range []string{"title fi: Yhteisö → Yhteisö kukkii", "title en:  → Bloom"} {
			if !strings.Contains(strings.Join(got, "|"), want) {
				w.Errorf("%q lacks %q", got, want)
			}
		}
		bo := w.speaker("Bo Ek", "Luottamus")
		_, err = w.SaveTexts(w.Context(), w.e, w.side(aino), bo.Sessions[0].ID, program.TextsInput{Title: text.One(text.Finnish, "Minun")})
		w.refused(err, fail.NotFound, "program.session_missing")
	})
}

func TestExportAndErase(t *testing.T) {
	each(t, 9, func(w *world) {
		aino, bo := w.speaker("Aino Kallio", "Yhteisö"), w.speaker("Bo Ek", "Luottamus")
		w.invite(aino, "aino@example.fi")
		w.invite(bo, "bo@example.fi")
		for _, who := range []*program.Speaker{aino, bo} {
			_, err := w.Accept(w.Context(), w.e, w.side(who), speaking.Yes{})
			w.ok(err)
			_, err = w.SavePractical(w.Context(), w.e, w.side(who), speaking.PracticalInput{Version: 1, Note: "Muistiin: " + who.Name})
			w.ok(err)
		}
		_, err := w.SaveConsent(w.Context(), w.e, w.side(aino), speaking.ConsentInput{Version: w.side(aino).Version,
			Words: map[speaking.Subject]bool{speaking.Picture: false, speaking.Slides: false, speaking.Recording: false, speaking.Answers: false}})
		w.ok(err)
		got, err := w.Export(w.Context(), w.person("aino@example.fi"))
		w.ok(err)
		list := got.([]speaking.Told)
		w.equal("exported", len(list), 1)
		w.equal("note", list[0].Note, "Muistiin: Aino Kallio")
		w.equal("changes", len(list[0].Changes) > 0, true)

		link := w.Token(w.side(aino))
		w.erase(w.person("aino@example.fi"))
		x := w.side(aino)
		if x.Email != "" || x.Note != "" || !x.Consent.Refuses(speaking.Recording) {
			w.Errorf("after erasing: %+v", x)
		}
		_, err = w.ByToken(w.Context(), link)
		w.refused(err, fail.Gone, "speaking.link_renewed")
		w.equal("another's stays", w.side(bo).Note, "Muistiin: Bo Ek")
		changes, err := w.Changes(w.Context(), w.e, aino.ID)
		w.ok(err)
		w.equal("changes of nobody", len(changes), 0)
	})
}

// Who has seen a speaker's pages has seen the ticket: it ends with the link, and
// its holder is mailed the new one.
func TestRenewedLinkEndsTheTicket(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		_, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{})
		w.ok(err)
		opens := func() (token string, err error) {
			url, err := w.Ticket(w.Context(), w.side(aino))
			w.ok(err)
			token = url[strings.LastIndex(url, "/")+1:]
			_, err = w.reg.ByToken(w.Context(), token)
			return token, err
		}
		old, err := opens()
		w.ok(err)
		_, err = w.Renew(w.Context(), "org", w.e, aino.ID)
		w.ok(err)
		_, err = w.reg.ByToken(w.Context(), old)
		w.refused(err, fail.NotFound, "registration.ticket_missing")
		token, err := opens()
		w.ok(err)
		if body := w.last(mail.Confirmed).Body; !strings.Contains(body, token) {
			w.Errorf("the letter lacks the new ticket:\n%s", body)
		}
	})
}

// Who was asked and has not answered is forgotten by the programme too; a shared
// address says of none of its speakers that they are the one who goes.
func TestEraseWhoWasOnlyAsked(t *testing.T) {
	each(t, 9, func(w *world) {
		aino, bo, eve := w.speaker("Aino Kallio", "Yhteisö"), w.speaker("Bo Ek", "Luottamus"), w.speaker("Eve Mäki", "Toinen")
		for who, email := range map[*program.Speaker]string{aino: "aino@example.fi", bo: "desk@example.fi", eve: "desk@example.fi"} {
			w.invite(who, email)
			_, err := w.SaveProfile(w.Context(), w.e, w.side(who), speaking.ProfileInput{Version: w.find(who.Name).Version, Name: who.Name,
				Biography: text.One(text.Finnish, "Kertoo itsestään.")})
			w.ok(err)
		}
		for _, email := range []string{"aino@example.fi", "desk@example.fi"} {
			id := "person-" + email
			_, err := w.db.Write.NewRaw("INSERT INTO person (id, email, name, language, created_at) VALUES (?, ?, '', 'fi', ?)", id, email, w.now()).Exec(w.Context())
			w.ok(err)
			w.erase(id)
			w.ok(w.db.Tx(w.Context(), func(ctx context.Context, tx bun.Tx) error { return w.programs.Erase(ctx, tx, id) }))
		}
		for name, stays := range map[string]bool{"Aino Kallio": false, "Bo Ek": true, "Eve Mäki": true} {
			if who := w.find(name); who.Biography.Empty() == stays {
				w.Errorf("%s: %v", name, who.Biography)
			}
		}
		if left := w.side(aino).Email + w.side(bo).Email + w.side(eve).Email; left != "" {
			w.Errorf("addresses left: %s", left)
		}
	})
}
