package qa

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/app/fail"
	"agora/app/text"
)

// with gives the room settings of its own.
func (h *house) with(change func(*Settings)) {
	h.t.Helper()
	set := DefaultSettings()
	change(&set)
	if err := h.SetRoom(h.t.Context(), "person-1", session, &set); err != nil {
		h.t.Fatal(err)
	}
}

func TestSettingsAreCheckedAllAtOnce(t *testing.T) {
	each(t, func(h *house) {
		bad := Settings{Review: "never", Names: "hidden", Slow: -1, Sources: []Source{"dream"}, Filter: []text.Lang{"de"},
			Words:  []string{"a\x00b"},
			Labels: []Label{{Name: "Kiire"}, {Name: "Kiire"}, {Name: strings.Repeat("x", LabelMax+1)}}}
		err := h.SetRoom(t.Context(), "p", session, &bad)
		e, _ := fail.As(err)
		if e == nil {
			t.Fatal(err)
		}
		for _, field := range []string{"review", "names", "slow", "sources", "filter", "words", "labels"} {
			if len(e.Fields[field]) == 0 {
				t.Errorf("nothing is said about %s", field)
			}
		}
		good := DefaultSettings()
		good.Words = []string{" Salaisuus ", "salaisuus", "", "Salaisuus"}
		good.Labels = []Label{{ID: "l2", Name: "Budjetti"}, {Name: "Kiire"}, {Name: " "}}
		if err := h.SetRoom(t.Context(), "p", session, &good); err != nil {
			t.Fatal(err)
		}
		got := h.room()
		if fmt.Sprint(got.Settings.Words, got.Settings.Labels) != "[Salaisuus salaisuus] [{l2 Budjetti} {l1 Kiire}]" || !got.Own {
			t.Errorf("%+v", got.Settings)
		}
		if n := h.number(`SELECT count(*) FROM audit WHERE act = 'room.settings' AND person_id = 'p' AND edition_id = 'edition-1'`); n != 1 {
			t.Error("the log does not tell")
		}
	})
}

// Rooms follow their edition until they have settings of their own.
func TestRoomsFollowTheirEdition(t *testing.T) {
	each(t, func(h *house) {
		set, version, err := h.Default(t.Context(), "edition-1")
		if err != nil || version != 0 || set.Review != ReviewBefore || set.Reactions {
			t.Fatalf("%+v %d %v", set, version, err)
		}
		set.Slow = 30
		if err := h.SetDefault(t.Context(), "p", "edition-1", 0, set); err != nil {
			t.Fatal(err)
		}
		if err := h.SetDefault(t.Context(), "p", "edition-1", 0, set); !fail.Is(err, fail.Conflict) {
			t.Errorf("somebody else's settings were overwritten: %v", err)
		}
		if h.room().Settings.Slow != 30 {
			t.Error("an open room does not follow")
		}
		if r, err := h.Open(t.Context(), "session-2"); err != nil || r.Settings.Slow != 30 || r.Own {
			t.Errorf("a new room does not follow: %+v %v", r.Settings, err)
		}
		h.with(func(s *Settings) { s.Slow = 5 })
		set.Slow = 60
		if err := h.SetDefault(t.Context(), "p", "edition-1", 1, set); err != nil || h.room().Settings.Slow != 5 {
			t.Errorf("a room's own settings are gone: %v", err)
		}
		if err := h.SetRoom(t.Context(), "p", session, nil); err != nil || h.room().Settings.Slow != 60 || h.room().Own {
			t.Errorf("it does not follow again: %+v %v", h.room().Settings, err)
		}
		if room := string(h.changes(0).Room[Audience]); !strings.Contains(room, `"slow":60`) || strings.Contains(room, "labels") {
			t.Errorf("told: %s", room)
		}
		if err := h.SetRoom(t.Context(), "p", "nowhere", nil); !fail.Is(err, fail.NotFound) {
			t.Errorf("a room that is not there: %v", err)
		}
	})
}

func TestAskingByTheSettings(t *testing.T) {
	each(t, func(h *house) {
		h.row("speaker", map[string]any{"id": "speaker-1", "edition_id": "edition-1", "slug": "s1", "guid": "s1"})
		h.exec(`INSERT INTO session_speaker (session_id, speaker_id, rank) VALUES (?, 'speaker-1', 1)`, session)
		ask := func(voter string, r Request) (Ack, State) {
			r.Do = ActAsk
			ack := h.try(viewer(Audience, voter), r)
			if ack.Code != "" {
				return ack, ""
			}
			return ack, h.get(ack.ID).State
		}
		h.with(func(s *Settings) {
			s.Review, s.Names, s.Words = ReviewAfter, NamesRequired, []string{"salais*", "kesän juhla"}
		})
		for name, c := range map[string]struct {
			r     Request
			code  Code
			state State
		}{
			"without a name":        {Request{Text: "Miksi?"}, CodeName, ""},
			"at once for all":       {Request{Text: "Miksi?", Name: ptr("Anna")}, "", StateApproved},
			"held by our own word":  {Request{Text: "Miksi PERKELEEN usein?", Name: ptr("Anna")}, "", StateNew},
			"held with a mark":      {Request{Text: "Onpa saa\u00adtanan hyvä", Name: ptr("Anna")}, "", StateNew},
			"held in Swedish":       {Request{Text: "Vad i helvete?", Name: ptr("Anna")}, "", StateNew},
			"held in English":       {Request{Text: "What the fuck?", Name: ptr("Anna")}, "", StateNew},
			"held by theirs":        {Request{Text: "Onko tämä salaisuus?", Name: ptr("Anna")}, "", StateNew},
			"held by their phrase":  {Request{Text: "Milloin on kesän  JUHLA?", Name: ptr("Anna")}, "", StateNew},
			"held by the name":      {Request{Text: "Miksi?", Name: ptr("Vittu Saatana")}, "", StateNew},
			"a part of a word":      {Request{Text: "Paljonko helvettiläisiä on Scunthorpessa, entä skitteli?", Name: ptr("Anna")}, "", StateApproved},
			"to a speaker":          {Request{Text: "Miksi?", Name: ptr("Anna"), Speaker: "speaker-1"}, "", StateApproved},
			"to nobody who speaks":  {Request{Text: "Miksi?", Name: ptr("Anna"), Speaker: "speaker-9"}, CodeSpeaker, ""},
			"to what can be no one": {Request{Text: "Miksi?", Name: ptr("Anna"), Speaker: "a b"}, CodeNotFound, ""},
		} {
			ack, state := ask(name, c.r)
			if ack.Code != c.code || state != c.state {
				t.Errorf("%s: %q %s, want %q %s", name, ack.Code, state, c.code, c.state)
			}
			if c.state == StateNew && h.get(ack.ID).Held == "" {
				t.Errorf("%s: moderators are not told why", name)
			}
		}
		if ack := h.try(moderator, Request{Do: ActAsk, Text: "Salista!", Source: SourceFloor}); ack.Code != "" {
			t.Errorf("moderators need no name: %q", ack.Code)
		}
		h.with(func(s *Settings) { s.Sources, s.Filter = []Source{SourceChat}, nil })
		if ack := h.try(moderator, Request{Do: ActAsk, Text: "Salista?", Source: SourceFloor}); ack.Code != CodeBadAct {
			t.Errorf("a source that is off: %q", ack.Code)
		}
		if ack, _ := ask("x", Request{Text: "perkele"}); h.get(ack.ID).Held != "" {
			t.Error("the filter is off, and yet")
		}
		if ack, _ := ask("y", Request{Text: "Kenelle?", Speaker: "speaker-1"}); h.get(ack.ID).Speaker != "speaker-1" || h.get(ack.ID).State != StateNew {
			t.Errorf("addressed: %+v", h.get(ack.ID))
		}
	})
}

func TestSlowMode(t *testing.T) {
	each(t, func(h *house) {
		h.with(func(s *Settings) { s.Slow = 120 })
		ask := func(voter string, name *string) Ack {
			return h.try(viewer(Audience, voter), Request{Do: ActAsk, Text: "Miksi?", Name: name})
		}
		ask("anna", nil)
		h.clock.Move(100 * time.Second)
		if ack := ask("anna", ptr("Anna")); ack.Code != CodeSlowMode || fmt.Sprint(ack.Args) != "[seconds 20]" {
			t.Errorf("too soon, under a name: %q %v", ack.Code, ack.Args)
		}
		if ack := ask("bo", nil); ack.Code != "" {
			t.Errorf("somebody else: %q", ack.Code)
		}
		h.clock.Move(20 * time.Second)
		if ack := ask("anna", nil); ack.Code != "" {
			t.Errorf("in time: %q", ack.Code)
		}
	})
}

// A block is of an asker, with and without a name, in one room, until it closes.
func TestBlockingAnAsker(t *testing.T) {
	each(t, func(h *house) {
		ask := func(voter string, name *string) Ack {
			h.clock.Move(time.Minute)
			return h.try(viewer(Audience, voter), Request{Do: ActAsk, Text: "Miksi?", Name: name})
		}
		nameless, other := ask("anna", nil), ask("bo", ptr("Bo"))
		h.must(moderator, Request{Do: ActBlock, Question: nameless.ID})
		h.must(moderator, Request{Do: ActBlock, Question: nameless.ID})
		for _, name := range []*string{nil, ptr("Anna"), ptr("Eva")} {
			if ack := ask("anna", name); ack.Code != CodeBlocked {
				t.Errorf("blocked, and yet: %q", ack.Code)
			}
		}
		if ack := ask("bo", nil); ack.Code != "" {
			t.Errorf("somebody else: %q", ack.Code)
		}
		h.must(moderator, Request{Do: ActBlock, Question: other.ID})
		if ack := ask("bo", nil); ack.Code != CodeBlocked {
			t.Errorf("blocked for a question with a name: %q", ack.Code)
		}
		room := h.changes(0).Room
		if len(h.room().Blocked) != 2 || !strings.Contains(string(room[Moderator]), nameless.ID) || strings.Contains(string(room[Stage])+string(room[Audience]), "blocked") {
			t.Errorf("told: %s", room[Moderator])
		}
		h.must(moderator, Request{Do: ActUnblock, Question: nameless.ID})
		if ack := ask("anna", nil); ack.Code != "" {
			t.Errorf("let in again: %q", ack.Code)
		}
		floor := h.must(moderator, Request{Do: ActAsk, Text: "Salista?", Source: SourceFloor})
		if ack := h.try(moderator, Request{Do: ActBlock, Question: floor.ID}); ack.Code != CodeWrongState {
			t.Errorf("nobody asked this here: %q", ack.Code)
		}
		if n := h.number(`SELECT count(*) FROM audit WHERE act IN ('question.block', 'question.unblock') AND detail = ''`); n != 3 {
			t.Errorf("%d lines in the log", n)
		}
		if err := h.Close(t.Context(), session); err != nil {
			t.Fatal(err)
		}
		if n := h.number(`SELECT count(*) FROM live_block`); n != 0 {
			t.Error("blocks outlive the room's key")
		}
	})
}

func TestMessagesToTheStage(t *testing.T) {
	each(t, func(h *house) {
		stage := viewer(Stage, "host")
		first := h.must(moderator, Request{Do: ActTell, Text: "Viisi minuuttia\njäljellä"})
		if got := h.ears.Take(); len(got) != 1 || !strings.HasPrefix(got[0], "now ") {
			t.Errorf("announced %v", got)
		}
		h.clock.Move(time.Second)
		h.must(stage, Request{Do: ActSeen, Message: first.ID})
		h.must(stage, Request{Do: ActSeen, Message: first.ID})
		r := h.room()
		if len(r.Messages) != 1 || r.Messages[0].Text != "Viisi minuuttia jäljellä" || !r.Messages[0].SeenAt.Equal(morning.Add(time.Second)) {
			t.Errorf("%+v", r.Messages)
		}
		room := h.changes(0).Room
		if !strings.Contains(string(room[Stage]), "Viisi") || !strings.Contains(string(room[Moderator]), "seen_at") || strings.Contains(string(room[Audience])+string(room[Screen]), "Viisi") {
			t.Errorf("shown: %s", room[Stage])
		}
		for i := range MessagesMax + 1 {
			h.clock.Move(time.Second)
			h.must(moderator, Request{Do: ActTell, Text: fmt.Sprint("viesti ", i)})
		}
		if r := h.room(); len(r.Messages) != MessagesMax || r.Messages[0].Text != "viesti 1" {
			t.Errorf("%d stand, the oldest %q", len(r.Messages), r.Messages[0].Text)
		}
		h.must(moderator, Request{Do: ActUntell, Message: h.room().Messages[0].ID})
		if r := h.room(); len(r.Messages) != MessagesMax-1 {
			t.Errorf("%d stand", len(r.Messages))
		}
		for _, c := range []struct {
			v Viewer
			r Request
			w Code
		}{
			{moderator, Request{Do: ActTell}, CodeEmpty}, {moderator, Request{Do: ActTell, Text: strings.Repeat("x", MessageMax+1)}, CodeTooLong},
			{stage, Request{Do: ActSeen, Message: "none"}, CodeNotFound}, {stage, Request{Do: ActTell, Text: "x"}, CodeForbidden},
		} {
			if ack := h.try(c.v, c.r); ack.Code != c.w {
				t.Errorf("%s: %q, want %q", c.r.Do, ack.Code, c.w)
			}
		}
	})
}
