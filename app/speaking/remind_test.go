package speaking_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/app/fail"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/speaking"
)

func TestRemindOnce(t *testing.T) {
	each(t, 9, func(w *world) {
		aino, bo, cia := w.speaker("Aino Kallio", "Yhteisö"), w.speaker("Bo Ek", "Luottamus"), w.speaker("Cia Ö", "Jaksaminen")
		w.invite(aino, "aino@example.fi")
		_, err := w.Prepare(w.Context(), "org", w.e, bo.ID, "", "sv")
		w.ok(err)
		ids := []string{aino.ID, bo.ID, cia.ID, "nobody", aino.ID}
		w.set(start.Add(time.Hour))

		var all sync.WaitGroup
		outs := make([]speaking.Reminded, 2)
		for i := range outs { // two organisers press at once
			all.Add(1)
			go func() {
				defer all.Done()
				var err error
				if outs[i], err = w.Remind(w.Context(), "org", w.e, slices.Clone(ids)); err != nil {
					w.Error(err)
				}
			}()
		}
		all.Wait()
		if n := len(outs[0].Sent) + len(outs[1].Sent); n != 1 {
			w.Errorf("%d letters: %+v", n, outs)
		}
		skipped := outs[0].Skipped
		if len(outs[0].Sent) == 0 {
			skipped = outs[1].Skipped
		}
		w.equal("skipped", skipped, map[string]string{bo.ID: "address", cia.ID: "unasked", "nobody": "missing"})
		body := w.last(mail.SpeakerReminder).Body
		for _, want := range []string{"– vastaus: pääsetkö puhumaan", "– esittely itsestäsi", "– kuva sinusta", "– mitä sinusta saa julkaista", "– kuvaus esityksestä ”Yhteisö”", "– kalvot esitykseen ”Yhteisö”", w.URL(w.side(aino))} {
			if !strings.Contains(body, want) {
				w.Errorf("the reminder lacks %q:\n%s", want, body)
			}
		}
		if strings.Contains(body, "allenne") || strings.Contains(body, "Luottamus") {
			w.Errorf("the reminder asks for what is not theirs:\n%s", body)
		}

		for _, c := range []struct {
			after time.Duration
			sent  int
		}{{23 * time.Hour, 0}, {24 * time.Hour, 1}} {
			w.set(start.Add(time.Hour).Add(c.after))
			out, err := w.Remind(w.Context(), "org", w.e, []string{aino.ID})
			w.ok(err)
			w.equal("after "+c.after.String(), len(out.Sent), c.sent)
		}
		other := w.edition("2028", 5)
		out, err := w.Remind(w.Context(), "org", other, []string{aino.ID})
		w.ok(err)
		w.equal("another edition's speaker", out.Skipped[aino.ID], "missing")
	})
}

func TestRulesAndSpared(t *testing.T) {
	each(t, 9, func(w *world) {
		aino := w.speaker("Aino Kallio", "Yhteisö")
		w.invite(aino, "aino@example.fi")
		rules := speaking.UsualRules()
		rules.Due, rules.Speaker = day, []speaking.Need{speaking.NeedConsent, "gold", speaking.NeedAnswer}
		rules.Session = map[program.Kind][]speaking.Need{program.Talk: {speaking.NeedSlides, speaking.NeedWriteup}, "dance": {speaking.NeedSlides}}
		rules.Texts = []string{"abstract", "price"}
		w.ok(w.SaveRules(w.Context(), "org", w.e, 0, rules))
		w.refused(w.SaveRules(w.Context(), "org", w.e, 0, rules), fail.Conflict, "speaking.meanwhile")
		setup, err := w.Setup(w.Context(), w.e.ID)
		w.ok(err)
		w.equal("saved", setup.Rules.Speaker, "[answer consent]")
		w.equal("kinds", len(setup.Rules.Session), 1)
		w.equal("texts", setup.Rules.Texts, "[abstract]")
		session := aino.Sessions[0]
		w.ok(w.Spare(w.Context(), "org", w.e, session.ID, speaking.NeedSlides, true))
		w.ok(w.Spare(w.Context(), "org", w.e, session.ID, speaking.NeedSlides, true))
		w.refused(w.Spare(w.Context(), "org", w.edition("2028", 5), session.ID, speaking.NeedSlides, true), fail.NotFound, "program.session_missing")
		list, err := w.Board(w.Context(), w.e, "fi")
		w.ok(err)
		w.equal("owes", list[0].Sessions[0].Needs, "[writeup]")
		w.ok(w.Spare(w.Context(), "org", w.e, session.ID, speaking.NeedSlides, false))
		list, err = w.Board(w.Context(), w.e, "fi")
		w.ok(err)
		w.equal("owes again", list[0].Sessions[0].Needs, "[slides writeup]")
		rules.Due = day.AddDate(2, 0, 0)
		w.refused(w.SaveRules(w.Context(), "org", w.e, 1, rules), fail.Invalid, "speaking.due_late")
	})
}

func TestBoardOfMany(t *testing.T) {
	each(t, 99, func(w *world) {
		for _, name := range []string{"Aino Kallio", "Bo Ek", "Cia Ö", "Dan Å", "Eeva Ä"} {
			w.invite(w.speaker(name, "Puhe: "+name), strings.ToLower(strings.Fields(name)[0])+"@example.fi")
		}
		list, err := w.Board(w.Context(), w.e, "fi")
		w.ok(err)
		w.equal("lines", len(list), 5)
		for _, o := range list {
			w.equal(o.Speaker.Name, o.Seat, speaking.SeatKept)
		}
	})
}
