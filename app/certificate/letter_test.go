package certificate_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/certificate"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

// The morning after, everybody whose certificate can be had is told once, in one
// letter however many they have, and nobody else.
func TestTellingPeople(t *testing.T) {
	each(t, func(w *world) {
		w.session("Oma ääni", day.Add(time.Hour), day.Add(2*time.Hour), "Päivi Puhuja", "Vain Nimi")
		people := w.people(5, "Vieras", registration.Onsite)
		for _, r := range people[:3] {
			w.arrive(r)
		}
		paivi := w.speaker("Päivi Puhuja")
		if !paivi.Entitled || paivi.Facts.Minutes != 60 {
			w.Fatalf("%+v", paivi)
		}
		_, err := w.speaking.Invite(w.Context(), "organiser", w.e, paivi.Speaker.ID, "paivi@example.fi", text.Finnish)
		w.ok(err)
		side, err := w.speaking.Of(w.Context(), w.e, paivi.Speaker.ID)
		w.ok(err)
		_, err = w.speaking.Accept(w.Context(), w.e, side, speaking.Yes{Kind: registration.Onsite})
		w.ok(err)
		r := w.speaker("Päivi Puhuja").Registration
		w.arrive(r)
		for name, at := range map[string]time.Time{"on the day": day.Add(5 * time.Hour), "in the evening": over.Add(4 * time.Hour), "before eight": over.Add(14 * time.Hour)} {
			w.set(at)
			w.ok(w.Tell(w.Context()))
			if n := len(w.letters()); n != 0 {
				w.Errorf("%s %d were told", name, n)
			}
		}
		w.set(over.Add(16 * time.Hour))
		var both sync.WaitGroup
		for range 3 { // several nodes
			both.Go(func() { w.ok(w.Tell(w.Context())) })
		}
		both.Wait()
		told := w.letters()
		if len(told) != 4 {
			w.Fatalf("%d letters: %v", len(told), told)
		}
		letter := told["paivi@example.fi"]
		if !strings.Contains(letter.Body, w.reg.TicketURL(r)) || !strings.Contains(letter.Subject, "CMADFI 2027") {
			w.Errorf("%s\n%s", letter.Subject, letter.Body)
		}
		if n := w.count("SELECT count(*) FROM certificate WHERE told_at IS NOT NULL"); n != 5 {
			w.Errorf("%d certificates were given out", n) // three guests, and two of the speaker's
		}
		// A device of the door that was offline brings somebody late.
		w.arrive(people[3])
		w.on(time.Hour)
		w.ok(w.Tell(w.Context()))
		if n := len(w.letters()); n != 5 {
			w.Errorf("%d letters after a late arrival", n)
		}
		w.arrive(people[4])
		w.set(over.AddDate(0, 0, 9))
		w.ok(w.Tell(w.Context()))
		if n := len(w.letters()); n != 5 {
			w.Errorf("%d letters more than a week after", n)
		}
	})
}

func TestNobodyIsToldUnasked(t *testing.T) {
	each(t, func(w *world) {
		r := w.person("Aino", registration.Onsite)
		w.arrive(r)
		w.rules(func(r *certificate.Rules) { r.Letter = false })
		w.set(over.Add(16 * time.Hour))
		w.ok(w.Tell(w.Context()))
		if n := len(w.letters()); n != 0 {
			w.Errorf("%d letters", n)
		}
		// Switched on later, they go to those who have theirs already too.
		w.mine(r)
		w.rules(func(r *certificate.Rules) { r.Letter = true })
		w.ok(w.Tell(w.Context()))
		w.ok(w.Tell(w.Context()))
		if n := len(w.letters()); n != 1 {
			w.Errorf("%d letters", n)
		}
	})
}

// Speakers of what was called off, and those who declined, have none; without the
// rule nobody has.
func TestCertificatesOfSpeaking(t *testing.T) {
	each(t, func(w *world) {
		w.session("Oma ääni", day.Add(time.Hour), day.Add(2*time.Hour), "Päivi Puhuja", "Otto Öhman")
		w.session("Toinen", day.Add(3*time.Hour), day.Add(220*time.Minute), "Päivi Puhuja")
		st := w.speaker("Päivi Puhuja")
		if st.Facts.Minutes != 100 || len(st.Facts.Sessions) != 2 {
			w.Errorf("%+v", st.Facts)
		}
		otto := w.speaker("Otto Öhman").Speaker
		_, err := w.speaking.Invite(w.Context(), "organiser", w.e, otto.ID, "otto@example.fi", text.Finnish)
		w.ok(err)
		side, err := w.speaking.Of(w.Context(), w.e, otto.ID)
		w.ok(err)
		_, err = w.speaking.Decline(w.Context(), w.e, side)
		w.ok(err)
		if st := w.speaker("Otto Öhman"); st.Entitled {
			w.Error("who declined has a certificate of speaking")
		}
		w.set(over)
		i, err := w.OfSpeaker(w.Context(), w.e, st.Speaker.ID)
		if err != nil || i.Kind != certificate.Speaking || i.Name != "Päivi Puhuja" {
			w.Fatalf("%v %+v", err, i)
		}
		sheet, err := w.Sheet(w.Context(), w.e, text.English, i)
		w.ok(err)
		if sheet.Title != "Certificate of speaking" || len(sheet.Parts) != 2 || sheet.Dot != 0 {
			w.Errorf("%+v", sheet)
		}
		w.rules(func(r *certificate.Rules) { r.Speaking = false })
		if st := w.speaker("Päivi Puhuja"); st.Entitled {
			w.Error("speakers have certificates though there are none")
		}
		if proof, err := w.Verify(w.Context(), i.Code); err != nil || !proof.Holds() {
			w.Errorf("what was given out ended with the rule: %v", err)
		}
	})
}
