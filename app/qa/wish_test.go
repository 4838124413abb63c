package qa

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/app/fail"
	"agora/app/text"
)

func letters(_ context.Context, a Answered, lang text.Lang) (string, string, error) {
	return "CMADFI " + string(lang), "https://agora.test/" + a.Session, nil
}

func (h *house) tellAnswered() int {
	h.t.Helper()
	n, err := h.TellAnswered(h.t.Context(), letters)
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestWhoAskedToBeToldIsToldOnce(t *testing.T) {
	each(t, func(h *house) {
		anna := viewer(Audience, "anna")
		q := h.must(anna, Request{Do: ActAsk, Text: "Kuka tämän päätti?"})
		if err := h.TellMe(t.Context(), anna, q.ID, q.Secret, " anna@example.org ", text.Swedish); err != nil {
			t.Fatal(err)
		}
		if err := h.TellMe(t.Context(), anna, q.ID, q.Secret, "Anna@Example.org", text.Swedish); err != nil {
			t.Fatal(err)
		}
		if err := h.TellMe(t.Context(), viewer(Audience, "bo"), q.ID, "guess", "bo@example.org", text.Finnish); !fail.Is(err, fail.NotFound) {
			t.Errorf("for a question that one must not know of: %v", err)
		}
		h.must(moderator, Request{Do: ActApprove, Question: q.ID})
		if err := h.TellMe(t.Context(), viewer(Audience, "bo"), q.ID, "", "bo@example.org", text.Finnish); err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"", "anna", "a@b@c", "@b", "a@", "a@b\nBcc: c@d", "a b@c", strings.Repeat("x", 250) + "@example.org", "a\x00@b"} {
			if err := h.TellMe(t.Context(), anna, q.ID, q.Secret, bad, text.Finnish); !fail.Is(err, fail.Invalid) {
				t.Errorf("%.20q: %v", bad, err)
			}
		}
		if n := h.number(`SELECT count(*) FROM answer_wish`); n != 2 {
			t.Errorf("%d wishes of two people", n)
		}
		h.must(moderator, Request{Do: ActNow, Question: q.ID})
		h.must(moderator, Request{Do: ActAnswered, Question: q.ID})
		if n := h.tellAnswered(); n != 0 {
			t.Errorf("%d letters before the press could be taken back", n)
		}
		h.must(moderator, Request{Do: ActUndo})
		h.clock.Move(tellAfter)
		if n := h.tellAnswered(); n != 0 {
			t.Errorf("%d letters although it was taken back", n)
		}
		h.must(moderator, Request{Do: ActRedo})
		if n := h.tellAnswered(); n != 2 {
			t.Errorf("%d letters", n)
		}
		if n := h.tellAnswered(); n != 0 {
			t.Errorf("%d letters once more", n)
		}
		// A restore and a second answer tell nobody again, and undo does not either.
		h.must(moderator, Request{Do: ActUndo})
		h.must(moderator, Request{Do: ActRedo})
		h.clock.Move(tellAfter)
		if n := h.tellAnswered(); n != 0 || h.number(`SELECT count(*) FROM answer_wish`) != 0 {
			t.Error("the addresses are still there")
		}
		var sent []struct{ Email, Language, Args string }
		if err := h.db.Read.NewRaw(`SELECT email, language, args FROM mail ORDER BY email`).Scan(t.Context(), &sent); err != nil || len(sent) != 2 {
			t.Fatal(sent, err)
		}
		if sent[0].Email != "anna@example.org" || sent[0].Language != "sv" || !strings.Contains(sent[0].Args, "CMADFI sv") || strings.Contains(sent[0].Args, q.ID) || strings.Contains(sent[0].Args, "päätti") {
			t.Errorf("%+v", sent[0])
		}
	})
}

// Nothing stored leads from a question to an address or back, nor tells how long the
// address is or when exactly it was left.
func TestAWishLeadsToNobody(t *testing.T) {
	each(t, func(h *house) {
		v := viewer(Audience, "cookie-of-anna-4711")
		q := h.must(v, Request{Do: ActAsk, Text: "Kuka?"})
		other := h.ask("bo", "Miksi?")
		for _, w := range []struct{ question, secret, email string }{{q.ID, q.Secret, "anna@example.org"}, {other.ID, other.Secret, "anna@example.org"}, {other.ID, "", strings.Repeat("x", 60) + "@example.org"}} {
			if err := h.TellMe(t.Context(), v, w.question, w.secret, w.email, text.Finnish); err != nil {
				t.Fatal(err)
			}
		}
		var rows []wish
		if err := h.db.Read.NewSelect().Model(&rows).Scan(t.Context()); err != nil || len(rows) != 3 {
			t.Fatal(rows, err)
		}
		var key, owner, asker string
		if err := h.db.Read.NewRaw(`SELECT r.room_key, q.owner, q.asker FROM question AS q JOIN live_room AS r ON r.session_id = q.session_id WHERE q.id = ?`, q.ID).
			Scan(t.Context(), &key, &owner, &asker); err != nil {
			t.Fatal(err)
		}
		traces := []string{"anna", "example.org", q.ID, q.Secret, owner, asker, "4711", mark(h.seal(key), forVoter, v.Voter), mark(h.seal(key), forAsker, v.Voter)}
		seen := map[string]bool{}
		for _, w := range rows {
			all := fmt.Sprint(w.ID, w.Subject, w.Address, w.Day)
			for _, trace := range traces {
				if strings.Contains(all, trace) {
					t.Errorf("%q is stored with a wish", trace)
				}
			}
			if len(w.Address) != len(rows[0].Address) || w.Day != "2027-01-25" {
				t.Errorf("a wish tells more than it must: %+v", w)
			}
			if seen[w.ID] || seen[w.Address] {
				t.Error("two wishes of one address can be put side by side")
			}
			seen[w.ID], seen[w.Address] = true, true
		}
		// The search is not blind: with the server's secret the address is found.
		found := false
		for _, w := range rows {
			a, err := h.openAddress(q.ID, w.Address)
			found = found || err == nil && a.Email == "anna@example.org" && w.Subject == h.wishKey("subject", q.ID)
		}
		if !found {
			t.Error("nobody could ever be told")
		}
		stranger := New(h.db, h.clock.Now, []byte("another secret"), nil)
		t.Cleanup(stranger.Stop)
		for _, w := range rows {
			if _, err := stranger.openAddress(q.ID, w.Address); err == nil {
				t.Error("a copy of the database opens an address")
			}
		}
		h.clock.Move(wishLife + 24*time.Hour)
		if err := h.ForgetWishes(t.Context()); err != nil || h.number(`SELECT count(*) FROM answer_wish`) != 0 {
			t.Error("addresses are kept for ever", err)
		}
	})
}

func TestWritingDrafts(t *testing.T) {
	each(t, func(h *house) {
		for _, id := range []string{"s1", "s2"} {
			h.row("speaker", map[string]any{"id": id, "edition_id": "edition-1", "slug": id, "guid": id})
			h.exec(`INSERT INTO session_speaker (session_id, speaker_id, rank) VALUES (?, ?, 1)`, session, id)
		}
		a := h.ask("anna", "A?")
		b := h.must(viewer(Audience, "bo"), Request{Do: ActAsk, Text: "B?", Speaker: "s1"})
		h.must(moderator, Request{Do: ActApprove, Question: b.ID})
		h.must(moderator, Request{Do: ActLater, Question: a.ID})
		write := func(in Writing) (Written, error) {
			in.Question, in.Name = a.ID, "Maija"
			return h.Write(t.Context(), in)
		}
		h.ears.Take()
		draft, err := write(Writing{Speaker: "s1", Text: "Luonnos **näin**"})
		if err != nil || draft.Published || draft.Draft != "Luonnos **näin**" || draft.Version != 1 {
			t.Fatalf("%+v %v", draft, err)
		}
		if q := h.get(a.ID); len(q.Answers) != 0 || q.State != StateLater || len(h.ears.Take()) != 0 {
			t.Errorf("a draft is shown: %+v", q)
		}
		if strings.Contains(string(h.changes(0).Items[0].Views[Moderator]), "Luonnos") {
			t.Error("a draft is told to moderators")
		}
		if _, err := write(Writing{Speaker: "s1", Text: "Toisesta ikkunasta", Seen: 0}); !fail.Is(err, fail.Conflict) {
			t.Errorf("the assistant's text was overwritten: %v", err)
		}
		list, err := h.ToAnswer(t.Context(), "s1", []string{session})
		if err != nil || len(list) != 2 || list[0].ID != b.ID || !list[0].ForMe || list[1].Mine == nil || list[1].Mine.Draft != "Luonnos **näin**" {
			t.Fatalf("%+v %v", list, err)
		}
		if list, err := h.ToAnswer(t.Context(), "s2", []string{session}); err != nil || list[0].ID != a.ID || list[0].Mine != nil {
			t.Errorf("another speaker's: %+v %v", list, err)
		}
		done, err := write(Writing{Speaker: "s1", Text: "Valmis.", Publish: true, Seen: 1})
		if err != nil || !done.Published || done.Draft != "" || h.get(a.ID).State != StateAnswered || h.get(a.ID).AnsweredAt != nil {
			t.Fatalf("%+v %v", done, err)
		}
		if _, err := write(Writing{Speaker: "s2", Text: "Minäkin.", Publish: true, Seen: 0}); err != nil || len(h.get(a.ID).Answers) != 2 {
			t.Errorf("a second voice: %v", err)
		}
		if left, err := h.LeftOpen(t.Context(), []string{session}); err != nil || left[session] != 1 {
			t.Errorf("left: %v %v", left, err)
		}
		for i, speaker := range []string{"s1", "s2"} {
			w, err := h.Unpublish(t.Context(), a.ID, speaker, "")
			if err != nil || w.Published || w.Draft == "" {
				t.Errorf("%+v %v", w, err)
			}
			if want := []State{StateAnswered, StateLater}[i]; h.get(a.ID).State != want {
				t.Errorf("after %d were taken back it is %s", i+1, h.get(a.ID).State)
			}
		}
		if _, err := h.Unpublish(t.Context(), a.ID, "s1", ""); !fail.Is(err, fail.NotFound) {
			t.Errorf("taken back twice: %v", err)
		}
		for name, in := range map[string]Writing{"nothing": {Speaker: "s1"}, "too much": {Speaker: "s1", Text: strings.Repeat("ä", AnswerMax+1)}} {
			if _, err := write(in); !fail.Is(err, fail.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.must(moderator, Request{Do: ActReject, Question: h.ask("eva", "C?").ID, Reason: "Ei."})
		if list, err := h.ToAnswer(t.Context(), "s1", []string{session}); err != nil || len(list) != 2 {
			t.Errorf("a rejected one is to be answered: %+v %v", list, err)
		}
		h.agree()
	})
}
