package qa

import (
	"fmt"
	"strings"
	"testing"

	"agora/app/db"
)

// dump gives everything in every table as text.
func (h *house) dump() string {
	h.t.Helper()
	catalogue := `SELECT name FROM sqlite_master WHERE type = 'table'`
	if h.db.Engine == db.Postgres {
		catalogue = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	var tables []string
	if err := h.db.Read.NewRaw(catalogue).Scan(h.t.Context(), &tables); err != nil {
		h.t.Fatal(err)
	}
	var all strings.Builder
	for _, table := range tables {
		var rows []map[string]any
		if err := h.db.Read.NewRaw(`SELECT * FROM "`+table+`"`).Scan(h.t.Context(), &rows); err != nil {
			h.t.Fatal(err)
		}
		for _, row := range rows {
			for column, v := range row {
				if b, ok := v.([]byte); ok {
					v = string(b)
				}
				fmt.Fprintf(&all, "%s.%s=%v\n", table, column, v)
			}
		}
	}
	return all.String()
}

func TestAnonymousMeansAnonymous(t *testing.T) {
	each(t, func(h *house) {
		h.row("person", map[string]any{"id": "person-77", "email": "anna@example.org"})
		v := Viewer{Room: session, View: Audience, Voter: "cookie-of-anna-4711", Person: "person-77"}
		nameless := h.must(v, Request{Op: "op-of-anna-1", Do: ActAsk, Text: "Kuka tämän päätti?"})
		h.must(moderator, Request{Do: ActApprove, Question: nameless.ID})
		h.must(v, Request{Op: "op-of-anna-2", Do: ActVote, Question: nameless.ID, On: ptr(true)})
		h.must(v, Request{Op: "op-of-anna-3", Do: ActMine, Secrets: []string{nameless.Secret}})
		h.must(v, Request{Op: "op-of-anna-4", Do: ActAlike, Text: "Kuka päätti tämän?"})
		h.must(v, Request{Op: "op-of-anna-5", Do: ActRevise, Question: nameless.ID, Secret: nameless.Secret, Text: "Kuka tämän oikein päätti?"})
		staff := Viewer{Room: session, View: Moderator, Voter: "desk", Person: "person-staff"}
		for _, r := range []Request{
			{Do: ActBlock, Question: nameless.ID}, {Do: ActSplit, Question: nameless.ID, Texts: []string{"Kuka?", "Miksi?"}},
			{Do: ActMerge, Question: h.ask("bo", "Mitä?").ID, Questions: []string{nameless.ID}}, {Do: ActUndo}, {Do: ActUndo}, {Do: ActUnblock, Question: nameless.ID},
		} {
			h.must(staff, r)
		}
		h.exec(`DELETE FROM person`)
		stored := h.dump()
		for _, trace := range []string{"cookie-of-anna", "person-77", "op-of-anna", nameless.Secret, "anna@"} {
			if strings.Contains(stored, trace) {
				t.Errorf("%q is stored", trace)
			}
		}
		// Nor can a guess be tried with what the database holds alone.
		var key string
		if err := h.db.Read.NewRaw(`SELECT room_key FROM live_room`).Scan(t.Context(), &key); err != nil {
			t.Fatal(err)
		}
		for _, purpose := range []string{forVoter, forAsker, forNamed} {
			if strings.Contains(stored, mark(key, purpose, v.Voter)) {
				t.Errorf("a copy of the database is enough to try voters as %s", purpose)
			}
		}
		if !strings.Contains(stored, mark(h.seal(key), forVoter, v.Voter)) {
			t.Error("the mark of the vote is not found: the search is blind")
		}
		// The same search must find a question with a name, else it proves nothing.
		h.row("person", map[string]any{"id": "person-77", "email": "anna@example.org"})
		named := h.must(v, Request{Do: ActAsk, Text: "Saanko puheenvuoron?", Name: ptr("Anna Aho")})
		stored = h.dump()
		for _, trace := range []string{"question.person_id=person-77", "question.name=Anna Aho"} {
			if !strings.Contains(stored, trace) {
				t.Errorf("%q is not found: the search is blind", trace)
			}
		}
		if n := h.number(`SELECT count(DISTINCT asker) FROM question`); n != 3 {
			t.Error("the mark of the named question gives the nameless one away")
		}
		if n := h.number(`SELECT count(*) FROM question q JOIN vote v ON v.voter = q.asker`); n != 0 {
			t.Error("the mark of a vote is the mark of an asker")
		}
		_ = named
	})
}

func TestClosingDestroysWhatTellsVotersApart(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "Miksi?")
		h.vote("anna", q.ID, true)
		h.must(moderator, Request{Do: ActNow, Question: q.ID})
		var key string
		if err := h.db.Read.NewRaw(`SELECT room_key FROM live_room`).Scan(t.Context(), &key); err != nil || len(key) != 64 {
			t.Fatalf("key %q %v", key, err)
		}
		v := viewer(Audience, "anna")
		if m, err := h.Mine(t.Context(), v, q.Secret); err != nil || len(m.Votes) != 1 || len(m.Questions) != 1 {
			t.Errorf("before: %+v %v", m, err)
		}
		pending := h.must(v, Request{Do: ActAsk, Text: "Entä tämä?"})
		for range 2 {
			if err := h.Close(t.Context(), session); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Contains(h.dump(), key) || strings.Contains(h.dump(), mark(h.seal(key), forAsker, "anna")) {
			t.Error("the key or what was made with it for askers is still there")
		}
		if m, err := h.Mine(t.Context(), v, q.Secret); err != nil || len(m.Votes) != 0 || len(m.Questions) != 1 {
			t.Errorf("after: %+v %v", m, err)
		}
		if got := h.get(q.ID); got.State != StateAnswered || got.AnsweredAt == nil {
			t.Errorf("what was being answered: %+v", got)
		}
		for _, r := range []Request{
			{Do: ActAsk, Text: "Vielä?"}, {Do: ActVote, Question: q.ID, On: ptr(true)},
		} {
			if ack := h.try(v, r); ack.Code != CodeClosed {
				t.Errorf("%s in a closed room: %q", r.Do, ack.Code)
			}
		}
		if ack := h.try(moderator, Request{Do: ActResume}); ack.Code != CodeClosed {
			t.Errorf("a closed room was opened: %q", ack.Code)
		}
		// One's own question may still be taken back, and moderators still sort.
		h.must(v, Request{Do: ActWithdraw, Question: pending.ID, Secret: pending.Secret})
		h.must(moderator, Request{Do: ActRestore, Question: q.ID})
		h.must(moderator, Request{Do: ActLater, Question: q.ID})
		h.agree()
	})
}

func TestOneIsToldWhatIsOnesOwn(t *testing.T) {
	each(t, func(h *house) {
		v := viewer(Audience, "anna")
		mine := h.must(v, Request{Do: ActAsk, Text: "Miksi?"})
		h.must(moderator, Request{Do: ActReject, Question: mine.ID, Reason: "Kysyttiin jo."})
		h.ask("bo", "Mitä?")
		m := h.must(v, Request{Do: ActMine, Secrets: []string{mine.Secret, "a guess"}})
		if len(m.Mine.Questions) != 1 || m.Mine.Questions[0].Reason != "Kysyttiin jo." || m.Mine.Questions[0].State != StateRejected {
			t.Errorf("mine: %+v", m.Mine)
		}
		if m, err := h.Mine(t.Context(), v); err != nil || len(m.Questions) != 0 {
			t.Errorf("without the secret: %+v %v", m, err)
		}
		if m, err := h.Mine(t.Context(), viewer(Audience, "eva"), "guess"); err != nil || string(m.Frame()) != `{"t":"mine","votes":[],"questions":[]}` {
			t.Errorf("nothing is mine: %s %v", m.Frame(), err)
		}
		if _, err := h.Mine(t.Context(), Viewer{Room: "nowhere"}); err == nil {
			t.Error("a room that is not there has nothing of mine")
		}
		// A person who asked by name needs no secret, on any device.
		h.row("person", map[string]any{"id": "person-1", "email": "eva@example.org"})
		signed := Viewer{Room: session, View: Audience, Voter: "person-1", Person: "person-1"}
		named := h.must(signed, Request{Do: ActAsk, Text: "Milloin?", Name: ptr("Eva")})
		if m, err := h.Mine(t.Context(), signed); err != nil || len(m.Questions) != 1 || m.Questions[0].ID != named.ID {
			t.Errorf("by person: %+v %v", m, err)
		}
		h.must(signed, Request{Do: ActWithdraw, Question: named.ID})
		if m, _ := h.Mine(t.Context(), signed); len(m.Questions) != 0 {
			t.Error("what was taken back is still told")
		}
	})
}

func TestExportAndErasure(t *testing.T) {
	each(t, func(h *house) {
		h.row("person", map[string]any{"id": "person-1", "email": "eva@example.org"})
		eva := Viewer{Room: session, View: Audience, Voter: "person-1", Person: "person-1"}
		published := h.must(eva, Request{Do: ActAsk, Text: "Milloin?", Name: ptr("Eva Ek")})
		h.must(moderator, Request{Do: ActApprove, Question: published.ID})
		h.must(eva, Request{Do: ActAsk, Text: "Luonnos", Name: ptr("Eva Ek")})
		nameless := h.must(eva, Request{Do: ActAsk, Text: "Nimetön"})
		other := h.ask("bo", "Mitä?")
		h.vote("bo", published.ID, true)
		h.must(eva, Request{Do: ActVote, Question: other.ID, On: ptr(true)})
		before := h.room()

		data, err := h.Export(t.Context(), "person-1")
		if own := data.([]Own); err != nil || len(own) != 2 || own[0].Text != "Milloin?" || own[1].Name != "Eva Ek" {
			t.Errorf("exported %+v %v", data, err)
		}
		if err := h.Erase(t.Context(), h.db.Write, "person-1"); err != nil {
			t.Fatal(err)
		}
		h.exec(`DELETE FROM person WHERE id = 'person-1'`)
		if s := h.dump(); strings.Contains(s, "Eva Ek") || strings.Contains(s, "person-1") || strings.Contains(s, "Luonnos") {
			t.Error("something of the person is left")
		}
		if q := h.get(published.ID); q.Name != nil || q.Votes != 1 || q.Text != "Milloin?" {
			t.Errorf("published: %+v", q)
		}
		if h.get(other.ID).Votes != 0 || h.get(nameless.ID).Text != "Nimetön" {
			t.Error("the vote was not taken back, or a nameless question was touched")
		}
		if after := h.room(); after.Epoch == before.Epoch || after.Version <= before.Version {
			t.Errorf("viewers keep copies: %+v, %+v", before, after)
		}
		h.ears.Take()
		if err := h.AnnounceAll(t.Context()); err != nil || len(h.ears.Take()) != 1 {
			t.Error("the room is not told of", err)
		}
		h.agree()
	})
}
