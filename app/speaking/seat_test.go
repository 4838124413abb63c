package speaking_test

import (
	"sync"
	"testing"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/registration"
	"agora/app/speaking"
)

func TestAPlaceIsKeptAndTaken(t *testing.T) {
	each(t, 2, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö kasvaa")
		out := w.invite(aino, "aino@example.fi")
		w.equal("seat", out.Seat, speaking.SeatKept)
		w.equal("kept", w.places(), "0+1 of 2+0, 0 wait")
		w.register("Eka", registration.Onsite)
		w.register("Toka", registration.Onsite)
		w.equal("kept from others", w.places(), "1+1 of 2+0, 1 wait")

		for range 2 { // two windows, or two presses
			out, err := w.Accept(w.Context(), w.e, out.Speaking, speaking.Yes{})
			w.ok(err)
			w.equal("accepted", out.Seat, speaking.SeatTaken)
		}
		w.equal("taken", w.places(), "2+0 of 2+0, 1 wait")
		x := w.side(aino)
		r, err := w.reg.OfPerson(w.Context(), w.e.ID, w.person("aino@example.fi"))
		w.ok(err)
		w.equal("registration", x.RegistrationID, r.ID)
		w.equal("name on it", r.Name, "Aino Kallio")
		w.equal("letters", w.letters()[3:], "[speaker_accepted to aino@example.fi]")
		if ticket := w.last(mail.SpeakerAccepted); ticket.Attachment == "" {
			w.Error("the letter has no calendar entry")
		}

		_, err = w.Decline(w.Context(), w.e, x)
		w.ok(err)
		w.equal("freed for who waits", w.places(), "2+0 of 2+0, 0 wait")
		if _, err := w.reg.OfPerson(w.Context(), w.e.ID, r.PersonID); !fail.Is(err, fail.NotFound) {
			w.Errorf("the speaker still has a registration: %v", err)
		}
		w.equal("state", w.side(aino).State, speaking.Declined)
		if body := w.last(mail.SpeakerNews).Body; !contains(body, "Aino Kallio cannot come to speak") {
			w.Errorf("the organiser reads %q", body)
		}
	})
}

func TestNoPlaceCanBeKept(t *testing.T) {
	each(t, 1, func(w *world) {
		w.register("Eka", registration.Onsite)
		w.register("Toka", registration.Onsite)
		aino := w.speaker("Aino Kallio", "Yhteisö kasvaa")
		out := w.invite(aino, "aino@example.fi")
		w.equal("none kept", out.Seat, speaking.SeatNone)
		out, err := w.Accept(w.Context(), w.e, out.Speaking, speaking.Yes{})
		w.ok(err)
		w.equal("none given", out.Seat, speaking.SeatNone)
		w.equal("nobody is passed", w.places(), "1+0 of 1+0, 1 wait")
		attending, err := w.Attending(w.Context(), w.e.ID)
		w.ok(err)
		if len(attending) != 1 {
			w.Errorf("on the badge list: %v", attending)
		}
		if body := w.last(mail.SpeakerNews).Body; !contains(body, "beyond the size of the hall") {
			w.Errorf("the organiser reads %q", body)
		}
		out, err = w.Place(w.Context(), "org", w.e, aino.ID, false)
		w.ok(err)
		w.equal("still none", out.Seat, speaking.SeatNone)
		out, err = w.Place(w.Context(), "org", w.e, aino.ID, true)
		w.ok(err)
		w.equal("beyond", out.Seat, speaking.SeatTaken)
		w.equal("one over the size", w.places(), "2+0 of 1+1, 1 wait")
	})
}

func TestWhoIsRegisteredKeepsIt(t *testing.T) {
	each(t, 1, func(w *world) {
		aino, bo := w.speaker("Aino Kallio", "Yhteisö"), w.speaker("Bo Ek", "Luottamus")
		seat := w.register("Aino", registration.Onsite)
		w.equal("of their own", w.invite(aino, "aino@example.fi").Seat, speaking.SeatTaken)
		out, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{})
		w.ok(err)
		w.equal("kept", out.Speaking.RegistrationID, seat.ID)
		w.equal("taken once", w.places(), "1+0 of 1+0, 0 wait")
		_, err = w.Decline(w.Context(), w.e, w.side(aino))
		w.ok(err)
		w.equal("comes to listen still", w.places(), "1+0 of 1+0, 0 wait")

		w.register("Bo", registration.Onsite) // the hall is full: a number
		w.invite(bo, "bo@example.fi")
		out, err = w.Accept(w.Context(), w.e, w.side(bo), speaking.Yes{})
		w.ok(err)
		w.equal("in the line", w.places(), "1+0 of 1+0, 1 wait")
		w.equal("no seat", out.Seat, speaking.SeatNone)
		out, err = w.Accept(w.Context(), w.e, w.side(bo), speaking.Yes{Kind: registration.Remote})
		w.ok(err)
		w.equal("remote", out.Seat, speaking.SeatRemote)
		w.equal("out of the line", w.places(), "1+0 of 1+0, 0 wait")
	})
}

func TestAnAddressOfTwoSpeakers(t *testing.T) {
	each(t, 9, func(w *world) {
		aino, bo := w.speaker("Aino Kallio", "Yhteisö"), w.speaker("Bo Ek", "Luottamus")
		for _, who := range []string{"Aino Kallio", "Bo Ek"} {
			w.invite(w.find(who), "assistentti@example.fi")
		}
		out, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{})
		w.ok(err)
		w.equal("first", out.Seat, speaking.SeatTaken)
		out, err = w.Accept(w.Context(), w.e, w.side(bo), speaking.Yes{})
		w.ok(err)
		w.equal("second", out.Seat, speaking.SeatShared)
		w.equal("both come", w.side(bo).State, speaking.Accepted)
		w.equal("one seat is taken, one kept", w.places(), "1+1 of 9+0, 0 wait")
		w.invite(bo, "bo@example.fi")
		out, err = w.Place(w.Context(), "org", w.e, bo.ID, false)
		w.ok(err)
		w.equal("with an address of their own", out.Seat, speaking.SeatTaken)
		w.equal("two seats", w.places(), "2+0 of 9+0, 0 wait")
	})
}

func TestManyAtOnce(t *testing.T) {
	each(t, 3, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		x := w.side(aino)
		var all sync.WaitGroup
		for i := range 12 {
			all.Add(1)
			go func() {
				defer all.Done()
				switch i % 3 {
				case 0:
					_, _ = w.Accept(w.Context(), w.e, x, speaking.Yes{})
				case 1:
					_, _ = w.Decline(w.Context(), w.e, x)
				default:
					_, _ = w.Invite(w.Context(), "org", w.e, aino.ID, "aino@example.fi", "")
				}
			}()
		}
		all.Wait()
		out, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{})
		w.ok(err)
		w.equal("seat", out.Seat, speaking.SeatTaken)
		w.equal("one place, whatever happened", w.places(), "1+0 of 3+0, 0 wait")
		_, err = w.Decline(w.Context(), w.e, w.side(aino))
		w.ok(err)
		w.equal("and none after a no", w.places(), "0+0 of 3+0, 0 wait")
	})
}

func TestAnEditionWithoutAHall(t *testing.T) {
	each(t, 0, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		_, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{Kind: registration.Onsite})
		w.refused(err, fail.Invalid, "registration.place_unknown")
		out, err := w.Accept(w.Context(), w.e, w.side(aino), speaking.Yes{})
		w.ok(err)
		w.equal("seat", out.Seat, speaking.SeatRemote)
	})
}

func TestAnAddressThatIsNotKnown(t *testing.T) {
	each(t, 5, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		x, err := w.Prepare(w.Context(), "org", w.e, aino.ID, "", "sv")
		w.ok(err)
		w.equal("nobody is written to", len(w.letters()), 0)
		_, err = w.Accept(w.Context(), w.e, x, speaking.Yes{Email: "aino(at)example.fi"})
		w.refused(err, fail.Invalid, "account.email.at")
		_, err = w.Accept(w.Context(), w.e, x, speaking.Yes{Email: " Aino@Example.fi "})
		w.ok(err)
		w.equal("address", w.side(aino).Email, "aino@example.fi")
		w.equal("letters", w.letters(), "[speaker_accepted to aino@example.fi]")
	})
}
