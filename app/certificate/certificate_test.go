package certificate_test

import (
	"sync"
	"testing"
	"time"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// Everybody fetches their certificate at the same moment: each gets one, and the
// numbers have neither gap nor double.
func TestCertificatesFetchedAtOnce(t *testing.T) {
	each(t, func(w *world) {
		people := w.people(24, "Vieras", registration.Onsite)
		for _, r := range people {
			w.arrive(r)
		}
		w.set(over)
		numbers := make([]int64, 2*len(people))
		var all sync.WaitGroup
		for i, r := range people {
			for twice := range 2 {
				all.Go(func() {
					given, err := w.Mine(w.Context(), w.e, r, certificate.Attendance)
					if err != nil {
						w.Error(err)
					}
					numbers[2*i+twice] = given.Number
				})
			}
		}
		all.Wait()
		seen := map[int64]bool{}
		for i := range people {
			n := numbers[2*i]
			if n != numbers[2*i+1] || n < 1 || n > int64(len(people)) || seen[n] {
				w.Errorf("%s has the numbers %d and %d", people[i].Name, n, numbers[2*i+1])
			}
			seen[n] = true
		}
	})
}

// By the rules nobody has touched, a certificate proves that somebody was let in:
// without that there is none, nobody has one before the day is over, and it ends
// when the check-in is taken back.
func TestCertificatesAreOfThoseWhoArrived(t *testing.T) {
	each(t, func(w *world) {
		there, absent, remote := w.person("Aino", registration.Onsite), w.person("Bo", registration.Onsite), w.person("Cia", registration.Remote)
		w.arrive(there)
		for r, why := range map[string]certificate.Why{there.ID: certificate.AtTheDoor, absent.ID: certificate.NotArrived, remote.ID: certificate.NotRemote} {
			r, err := w.reg.ByID(w.Context(), r)
			w.ok(err)
			if st := w.of(r); st.Why != why || st.Entitled != (why == certificate.AtTheDoor) {
				w.Errorf("%s: %s, %v", r.Name, st.Why, st.Entitled)
			}
		}
		if _, err := w.Mine(w.Context(), w.e, there, certificate.Attendance); !fail.Is(err, fail.NotFound) {
			w.Errorf("before the day is over: %v", err)
		}
		w.set(over)
		i := w.mine(there)
		if i.Number != 1 || i.Name != "Aino" || i.Facts.Minutes != 0 {
			w.Errorf("%+v", i)
		}
		if proof, err := w.Verify(w.Context(), " "+i.Code); err != nil || proof.Name != there.Name || !proof.Holds() {
			w.Errorf("%v %+v", err, proof)
		}
		for _, r := range []registration.Registration{absent, remote} {
			if _, err := w.Mine(w.Context(), w.e, r, certificate.Attendance); !fail.Is(err, fail.NotFound) {
				w.Errorf("%s: %v", r.Name, err)
			}
		}
		w.ok(w.door.Undo(w.Context(), w.e, there.ID))
		if proof, err := w.Verify(w.Context(), i.Code); err != nil || proof.Holds() || proof.Reason != certificate.Absent {
			w.Errorf("a check-in taken back still proves: %v %+v", err, proof)
		}
	})
}

// What was given out stays as it was, whatever changes; a new one takes its place
// only when somebody asks for it, and the old one then says so.
func TestRenewing(t *testing.T) {
	each(t, func(w *world) {
		aino, bo := w.person("Aino", registration.Onsite), w.person("Bo", registration.Onsite)
		w.arrive(aino)
		w.arrive(bo)
		w.rules(func(r *certificate.Rules) { r.Minutes = 390 })
		w.set(over)
		first, other := w.mine(aino), w.mine(bo)
		w.rules(func(r *certificate.Rules) { r.Minutes = 360 })
		if st := w.of(aino); !st.Changed() || st.Issued.Facts.Minutes != 390 || st.Facts.Minutes != 360 {
			w.Errorf("%+v", st)
		}
		if again := w.mine(aino); again.ID != first.ID {
			w.Error("the holder got another one unasked")
		}
		n, err := w.RenewChanged(w.Context(), "organiser", w.e)
		if err != nil || n != 2 {
			w.Fatal(n, err)
		}
		if n, err = w.RenewChanged(w.Context(), "organiser", w.e); err != nil || n != 0 {
			w.Error(n, err)
		}
		fresh := w.mine(aino)
		if fresh.Code == first.Code || fresh.Number != 3 || fresh.Facts.Minutes != 360 {
			w.Errorf("%+v", fresh)
		}
		old, err := w.Verify(w.Context(), other.Code)
		if err != nil || old.Holds() || old.Reason != certificate.Replaced || old.Facts.Minutes != 390 {
			w.Errorf("%v %+v", err, old)
		}
		if same, err := w.Renew(w.Context(), "organiser", w.e, fresh.ID); err != nil || same.ID != fresh.ID {
			w.Errorf("one that says what it should: %v %+v", err, same)
		}
		if past, err := w.History(w.Context(), w.e, w.of(aino)); err != nil || len(past) != 2 || past[0].ID != fresh.ID {
			w.Errorf("%v %+v", err, past)
		}
	})
}

// One that was revoked does not come back by itself.
func TestRevoking(t *testing.T) {
	each(t, func(w *world) {
		aino := w.person("Aino", registration.Onsite)
		w.arrive(aino)
		w.set(over)
		i := w.mine(aino)
		if err := w.Revoke(w.Context(), "organiser", w.e, i.ID, "because", ""); !fail.Is(err, fail.Invalid) {
			w.Error(err)
		}
		if err := w.Revoke(w.Context(), "organiser", w.e, i.ID, certificate.Replaced, ""); !fail.Is(err, fail.Invalid) {
			w.Errorf("a reason that is the program's own: %v", err)
		}
		elsewhere := w.edition("2028", day.AddDate(1, 0, 0))
		w.ok(w.Revoke(w.Context(), "organiser", elsewhere, i.ID, certificate.Mistake, "")) // changes nothing
		if proof, err := w.Verify(w.Context(), i.Code); err != nil || !proof.Holds() {
			w.Fatalf("another edition's organiser revoked it: %v", err)
		}
		w.ok(w.Revoke(w.Context(), "organiser", w.e, i.ID, certificate.Mistake, "väärä nimi"))
		w.ok(w.Revoke(w.Context(), "organiser", w.e, i.ID, certificate.Other, "twice"))
		proof, err := w.Verify(w.Context(), i.Code)
		if err != nil || proof.Holds() || proof.Reason != certificate.Mistake || proof.Note != "väärä nimi" {
			w.Errorf("%v %+v", err, proof)
		}
		if _, err := w.Mine(w.Context(), w.e, aino, certificate.Attendance); !fail.Is(err, fail.NotFound) {
			w.Errorf("its holder got another one: %v", err)
		}
		if st := w.of(aino); st.Entitled || st.Why != certificate.Withdrawn {
			w.Errorf("%+v", st)
		}
		anew, err := w.Renew(w.Context(), "organiser", w.e, i.ID)
		if err != nil || anew.Number != 2 || w.mine(aino).ID != anew.ID {
			w.Errorf("%v %+v", err, anew)
		}
		if n := w.count("SELECT count(*) FROM audit WHERE act IN ('certificate.revoke', 'certificate.renew')"); n != 2 {
			w.Errorf("%d lines of the log", n)
		}
	})
}

// The organiser's word goes before the rules, either way, and can be taken back.
func TestOrganisersWord(t *testing.T) {
	each(t, func(w *world) {
		late, gone, remote := w.person("Aino", registration.Onsite), w.person("Bo", registration.Onsite), w.person("Cia", registration.Remote)
		w.arrive(gone)
		w.rules(func(r *certificate.Rules) { r.Minutes = 300 })
		w.ok(w.Give(w.Context(), "organiser", w.e, late.ID, true, 0))
		w.ok(w.Give(w.Context(), "organiser", w.e, gone.ID, false, 0))
		w.ok(w.Give(w.Context(), "organiser", w.e, remote.ID, true, 95))
		for _, c := range []struct {
			r       registration.Registration
			yes     bool
			why     certificate.Why
			minutes int64
		}{{late, true, certificate.ByWord, 300}, {gone, false, certificate.NotByWord, 0}, {remote, true, certificate.ByWord, 95}} {
			if st := w.of(c.r); st.Entitled != c.yes || st.Why != c.why || c.yes && st.Facts.Minutes != c.minutes {
				w.Errorf("%s: %+v", c.r.Name, st)
			}
		}
		w.ok(w.TakeBack(w.Context(), "organiser", w.e, gone.ID))
		if st := w.of(gone); !st.Entitled {
			w.Errorf("%+v", st)
		}
		elsewhere := w.edition("2028", day.AddDate(1, 0, 0))
		if err := w.Give(w.Context(), "organiser", elsewhere, late.ID, false, 0); !fail.Is(err, fail.NotFound) {
			w.Errorf("another edition's organiser: %v", err)
		}
		if err := w.Give(w.Context(), "organiser", w.e, late.ID, true, -1); !fail.Is(err, fail.Invalid) {
			w.Error(err)
		}
	})
}

// Hours can come from the sessions at whose doors somebody was scanned.
func TestHoursFromSessions(t *testing.T) {
	each(t, func(w *world) {
		morning := w.session("Aamu", day.Add(time.Hour), day.Add(100*time.Minute))
		noon := w.session("Työpaja", day.Add(3*time.Hour), day.Add(5*time.Hour))
		aino, bo := w.person("Aino", registration.Onsite), w.person("Bo", registration.Onsite)
		w.arrive(aino)
		w.arrive(bo)
		w.scan(aino, noon.ID)
		w.scan(aino, morning.ID)
		w.rules(func(r *certificate.Rules) { r.Basis = certificate.Sessions })
		st := w.of(aino)
		if !st.Entitled || st.Why != certificate.InSessions || st.Facts.Minutes != 160 || len(st.Facts.Sessions) != 2 || st.Facts.Sessions[0].ID != morning.ID {
			w.Errorf("%+v", st)
		}
		if st := w.of(bo); st.Entitled || st.Why != certificate.NoSession {
			w.Errorf("%+v", st)
		}
		w.set(over)
		sheet, err := w.Sheet(w.Context(), w.e, text.Finnish, w.mine(aino))
		w.ok(err)
		if len(sheet.Parts) != 2 || sheet.Parts[0] != "Aamu · 40\u00a0min" || sheet.Facts[2].Value != "2\u00a0h 40\u00a0min" {
			w.Errorf("%+v", sheet)
		}
	})
}
