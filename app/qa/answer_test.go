package qa

import (
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/fail"
)

func TestSeveralAnswerOneQuestion(t *testing.T) {
	each(t, func(h *house) {
		for _, id := range []string{"speaker-1", "speaker-2"} {
			h.row("speaker", map[string]any{"id": id, "edition_id": "edition-1", "slug": id, "guid": id})
		}
		q := h.ask("anna", "Kannattaako palkita?")
		h.must(moderator, Request{Do: ActLater, Question: q.ID})
		h.ears.Take()
		answer := func(speaker, name, text string) {
			t.Helper()
			if _, err := h.AnswerInWriting(t.Context(), q.ID, speaker, name, text); err != nil {
				t.Fatal(err)
			}
			h.clock.Move(time.Minute)
		}
		answer("speaker-1", "Puhuja Yksi", "Kyllä.")
		if heard := h.ears.Take(); len(heard) != 1 || !strings.HasPrefix(heard[0], "changed ") {
			t.Errorf("announced %v", heard)
		}
		answer("speaker-2", "Puhuja Kaksi", "Harkiten.")
		answer("speaker-1", "Puhuja Yksi", "Kyllä, mutta kohtuudella.")
		answer("", "Järjestäjä", "Kiitos!")
		answer("", "Järjestäjä", "Kiitos kaikille!")
		list, err := h.Questions(t.Context(), session)
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		var got []string
		for _, a := range list[0].Answers {
			got = append(got, a.By+": "+a.Text)
		}
		want := []string{"Puhuja Yksi: Kyllä, mutta kohtuudella.", "Puhuja Kaksi: Harkiten.", "Järjestäjä: Kiitos kaikille!"}
		if !slices.Equal(got, want) || list[0].State != StateAnswered || list[0].AnsweredAt != nil {
			t.Errorf("%v, %+v", got, list[0])
		}
		h.must(moderator, Request{Do: ActArchive, Question: q.ID})
		if _, err := h.AnswerInWriting(t.Context(), q.ID, "", "Joku", "x"); !fail.Is(err, fail.Conflict) {
			t.Errorf("an answer to what nobody sees: %v", err)
		}
		if _, err := h.AnswerInWriting(t.Context(), "nothing", "", "Joku", "x"); !fail.Is(err, fail.NotFound) {
			t.Errorf("an answer to nothing: %v", err)
		}
		_, err = h.AnswerInWriting(t.Context(), q.ID, "", " ", strings.Repeat("x", AnswerMax+1))
		if e, ok := fail.As(err); !ok || len(e.Fields["name"]) != 1 || len(e.Fields["text"]) != 1 {
			t.Errorf("all problems at once: %v", err)
		}
	})
}

func TestPageOrder(t *testing.T) {
	each(t, func(h *house) {
		ids := map[string]string{}
		for _, voter := range strings.Fields("a b c d e") {
			ids[h.ask(voter, voter+"?").ID] = voter
			h.clock.Move(time.Minute)
		}
		of := func(name string) string {
			for id, n := range ids {
				if n == name {
					return id
				}
			}
			return ""
		}
		h.vote("x", of("e"), true)
		h.must(moderator, Request{Do: ActNow, Question: of("d")})
		h.clock.Move(time.Minute)
		h.must(moderator, Request{Do: ActNow, Question: of("b")})
		h.must(moderator, Request{Do: ActAnswered, Question: of("b")})
		h.must(moderator, Request{Do: ActLater, Question: of("c")})
		list, err := h.Questions(t.Context(), session)
		var got []string
		for _, q := range list {
			got = append(got, ids[q.ID])
		}
		if err != nil || strings.Join(got, "") != "cdbea" {
			t.Errorf("order %v %v", got, err)
		}
	})
}

func TestCollect(t *testing.T) {
	each(t, func(h *house) {
		asked := time.Date(2016, 1, 25, 8, 0, 0, 0, time.UTC)
		list := []Collected{
			{Text: "Kuka päättää?", AskedAt: asked, Answers: []CollectedAnswer{{By: "Puhuja Yksi", Text: "Me kaikki."}, {By: "Puhuja Kaksi", Text: "Aina joku."}}},
			{Text: " ”Sattuiko mitään hauskaa?” 😀 ", Name: "Eräs #elämänturvaajat", AskedAt: asked.Add(time.Minute)},
		}
		done, err := h.Collect(t.Context(), "session-2", list)
		if err != nil || done != (Taken{New: 2}) {
			t.Fatal(done, err)
		}
		list[1].Answers = []CollectedAnswer{{By: "Puhuja Kaksi", Text: "Kerran."}, {By: "Puhuja Kaksi", Text: "Kahdesti."}}
		if done, err := h.Collect(t.Context(), "session-2", list); err != nil || done != (Taken{Known: 2}) {
			t.Errorf("taken again: %+v %v", done, err)
		}
		got, err := h.Questions(t.Context(), "session-2")
		if err != nil || len(got) != 2 || len(got[0].Answers) != 2 || len(got[1].Answers) != 1 ||
			got[1].Answers[0].Text != "Kahdesti." || got[1].State != StateAnswered || !got[0].At.Equal(asked) {
			t.Errorf("%+v %v", got, err)
		}
		_, err = h.Collect(t.Context(), "session-2", []Collected{
			{Text: "Hyvä?"}, {Text: strings.Repeat("x", 601)}, {Text: "Ja?", Answers: []CollectedAnswer{{By: "", Text: "a\x00"}}},
		})
		e, ok := fail.As(err)
		if !ok || len(e.Fields) != 3 || e.Fields["1.text"] == nil || e.Fields["2.answers.0.name"] == nil || e.Fields["2.answers.0.text"] == nil {
			t.Errorf("problems: %v", err)
		}
		if n := h.number(`SELECT count(*) FROM question WHERE session_id = 'session-2'`); n != 2 {
			t.Errorf("a list with problems left %d questions", n-2)
		}
		if _, err := h.Collect(t.Context(), "no-session", list); !fail.Is(err, fail.NotFound) {
			t.Errorf("no session: %v", err)
		}
		if _, err := h.Collect(t.Context(), session, make([]Collected, CollectMax+1)); !fail.Is(err, fail.TooLarge) {
			t.Errorf("too many: %v", err)
		}
	})
}
