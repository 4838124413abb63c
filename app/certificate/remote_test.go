package certificate_test

import (
	"context"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

type ctx = context.Context

// watch says every minute that a page of the live rooms is open.
func (w *world) watch(r registration.Registration, minutes int) (d time.Duration) {
	w.Helper()
	var err error
	for range minutes {
		w.on(certificate.Pulse)
		d, err = w.Here(w.Context(), w.e, r)
		w.ok(err)
	}
	return d
}

// Minutes in the live rooms count once however many pages are open, not while
// nobody was there, and only in the edition's hours.
func TestMinutesInTheLiveRooms(t *testing.T) {
	each(t, func(w *world) {
		cia, onsite := w.person("Cia", registration.Remote), w.person("Aino", registration.Onsite)
		w.set(day)
		if _, err := w.Here(w.Context(), w.e, cia); !fail.Is(err, fail.Conflict) {
			w.Errorf("minutes are counted though nobody asked for them: %v", err)
		}
		w.set(opens)
		w.rules(func(r *certificate.Rules) { r.Remote, r.RemoteMinutes = certificate.RemoteLive, 30 })
		if _, err := w.Here(w.Context(), w.e, cia); !fail.Is(err, fail.Conflict) {
			w.Errorf("months before: %v", err)
		}
		w.set(day)
		if _, err := w.Here(w.Context(), w.e, onsite); !fail.Is(err, fail.Conflict) {
			w.Errorf("who sits in the hall: %v", err)
		}
		if d := w.watch(cia, 21); d != 20*time.Minute {
			w.Errorf("after 21 words of the page: %s", d)
		}
		for range 3 { // three more pages at the same moment
			if d, err := w.Here(w.Context(), w.e, cia); err != nil || d != 20*time.Minute {
				w.Errorf("%s %v", d, err)
			}
		}
		w.on(2 * time.Hour)
		if d, err := w.Here(w.Context(), w.e, cia); err != nil || d != 20*time.Minute {
			w.Errorf("two hours away were counted: %s %v", d, err)
		}
		if st := w.of(cia); st.Entitled || st.Why != certificate.TooShort {
			w.Errorf("%+v", st)
		}
		w.watch(cia, 14)
		if st := w.of(cia); !st.Entitled || st.Why != certificate.InLive || st.Facts.Minutes != 34 || !st.Facts.Remote {
			w.Errorf("%+v", st)
		}
		w.set(over.Add(time.Hour))
		if _, err := w.Here(w.Context(), w.e, cia); !fail.Is(err, fail.Conflict) {
			w.Errorf("after the day: %v", err)
		}
		i := w.mine(cia)
		sheet, err := w.Sheet(w.Context(), w.e, text.Finnish, i)
		w.ok(err)
		if sheet.Facts[1].Value != "Etänä" || sheet.Dot != 0 {
			w.Errorf("%+v", sheet)
		}
		w.set(over.AddDate(0, 3, 1))
		n, err := w.PurgePresence(w.Context())
		if proof, verified := w.Verify(w.Context(), i.Code); err != nil || n != 1 || verified != nil || !proof.Holds() || proof.Facts.Minutes != 34 {
			w.Errorf("%d %v %v %+v", n, err, verified, proof)
		}
	})
}

func TestRulesForRemotePeople(t *testing.T) {
	each(t, func(w *world) {
		cia := w.person("Cia", registration.Remote)
		for rule, why := range map[certificate.Remote]certificate.Why{certificate.RemoteNone: certificate.NotRemote, certificate.RemoteWord: certificate.NotByWord,
			certificate.RemoteAll: certificate.ByRule, certificate.RemoteLive: certificate.TooShort} {
			w.rules(func(r *certificate.Rules) { r.Remote, r.Minutes = rule, 120 })
			if st := w.of(cia); st.Why != why || st.Entitled != (rule == certificate.RemoteAll) || st.Entitled && st.Facts.Minutes != 120 {
				w.Errorf("%s: %+v", rule, st)
			}
		}
	})
}

// A mark counts for its own registration and edition, and ends when the ticket
// changes hands.
func TestMarks(t *testing.T) {
	each(t, func(w *world) {
		cia, dan := w.person("Cia", registration.Remote), w.person("Dan", registration.Remote)
		secret := []byte("0123456789abcdef0123456789abcdef")
		good := certificate.Mark(secret, cia)
		if r, err := w.Marked(w.Context(), secret, w.e, good); err != nil || r.ID != cia.ID {
			w.Errorf("%v %+v", err, r)
		}
		forged := certificate.Mark([]byte("another secret of the same length"), cia)
		for name, mark := range map[string]string{"empty": "", "forged": forged, "another's proof": dan.ID + good[len(cia.ID):], "cut off": good[:len(good)-2]} {
			if _, err := w.Marked(w.Context(), secret, w.e, mark); !fail.Is(err, fail.NotFound) {
				w.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Marked(w.Context(), secret, w.edition("2028", day.AddDate(1, 0, 0)), good); !fail.Is(err, fail.NotFound) {
			w.Errorf("another edition: %v", err)
		}
		_, err := w.db.Write.ExecContext(w.Context(), "UPDATE registration SET version = version + 1 WHERE id = ?", cia.ID)
		w.ok(err)
		if _, err := w.Marked(w.Context(), secret, w.e, good); !fail.Is(err, fail.NotFound) {
			w.Errorf("a former holder: %v", err)
		}
	})
}

// Who has their data erased leaves a number that proves nothing.
func TestErasing(t *testing.T) {
	each(t, func(w *world) {
		aino, bo := w.person("Aino", registration.Onsite), w.person("Bo", registration.Onsite)
		w.arrive(aino)
		w.arrive(bo)
		w.ok(w.Give(w.Context(), "organiser", w.e, aino.ID, true, 90))
		w.set(over)
		mine, other := w.mine(aino), w.mine(bo)
		out, err := w.Export(w.Context(), aino.PersonID)
		w.ok(err)
		if all := out.(certificate.Exported); len(all.Certificates) != 1 || all.Certificates[0].Code != mine.Code || !all.Word[w.e.ID] {
			w.Errorf("%+v", all)
		}
		w.ok(w.db.Tx(w.Context(), func(ctx ctx, tx bun.Tx) error { return w.Erase(ctx, tx, aino.PersonID) }))
		proof, err := w.Verify(w.Context(), mine.Code)
		if err != nil || proof.Holds() || proof.Name != "" || proof.Reason != certificate.Erased || proof.Facts.Minutes != 0 {
			w.Errorf("%v %+v", err, proof)
		}
		if proof, err := w.Verify(w.Context(), other.Code); err != nil || !proof.Holds() || proof.Name != "Bo" {
			w.Errorf("another's: %v %+v", err, proof)
		}
		if n := w.count("SELECT count(*) FROM certificate_word"); n != 0 {
			w.Error("the organiser's word is still there")
		}
	})
}
