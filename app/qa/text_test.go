package qa

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"agora/app/fail"
)

func TestTextsAreCleanedAndMeasured(t *testing.T) {
	each(t, func(h *house) {
		family := "👩‍👩‍👧‍👦" // 7 characters joined to one sign
		for name, c := range map[string]struct {
			text string
			want Code
			kept string
		}{
			"600 characters":         {strings.Repeat("ä", 600), "", strings.Repeat("ä", 600)},
			"601 characters":         {strings.Repeat("ä", 601), CodeTooLong, ""},
			"600 with space around":  {"  " + strings.Repeat("ä", 600) + "\n", "", strings.Repeat("ä", 600)},
			"600 emoji":              {strings.Repeat("🎉", 600), "", strings.Repeat("🎉", 600)},
			"joined emoji":           {family, "", family},
			"nothing":                {"", CodeEmpty, ""},
			"spaces":                 {" \n\t ", CodeEmpty, ""},
			"only joiners":           {"\u200b\u200d\ufeff", CodeEmpty, ""},
			"a NUL":                  {"a\x00b", CodeBadText, ""},
			"invalid UTF-8":          {"a\xff", CodeBadText, ""},
			"control characters":     {"a\x07\x1bb", "", "ab"},
			"turned direction":       {"a\u202eb\u2066c", "", "abc"},
			"right to left":          {"שלום עולם", "", "שלום עולם"},
			"a script":               {`<script>alert("1")</script>`, "", `<script>alert("1")</script>`},
			"bun's placeholders":     {"-?1 ?0 'x' \\", "", "-?1 ?0 'x' \\"},
			"many empty lines":       {"a\r\n\r\n\r\n\r\nb", "", "a\n\nb"},
			"hashtag and quotations": {"”Miten #elämänturvaajat (oikeasti) jaksaa?”", "", "”Miten #elämänturvaajat (oikeasti) jaksaa?”"},
		} {
			ack := h.try(viewer(Audience, name), Request{Do: ActAsk, Text: c.text})
			if ack.Code != c.want {
				t.Errorf("%s: %q, want %q", name, ack.Code, c.want)
				continue
			}
			if c.want == "" && h.get(ack.ID).Text != c.kept {
				t.Errorf("%s: kept %q", name, h.get(ack.ID).Text)
			}
		}
	})
}

func TestNamesAreCleanedAndMeasured(t *testing.T) {
	each(t, func(h *house) {
		for name, c := range map[string]struct {
			given *string
			want  Code
			kept  string
		}{
			"none":            {nil, "", "<nil>"},
			"empty":           {ptr("  "), "", "<nil>"},
			"two lines":       {ptr("Anna\nAho"), "", "Anna Aho"},
			"80 characters":   {ptr(strings.Repeat("Ż", 80)), "", strings.Repeat("Ż", 80)},
			"81 characters":   {ptr(strings.Repeat("Ż", 81)), CodeTooLong, ""},
			"broken encoding": {ptr("\xc3"), CodeBadText, ""},
		} {
			ack := h.try(viewer(Audience, name), Request{Do: ActAsk, Text: "Miksi?", Name: c.given})
			if ack.Code != c.want {
				t.Errorf("%s: %q, want %q", name, ack.Code, c.want)
				continue
			}
			if c.want != "" {
				continue
			}
			got := "<nil>"
			if n := h.get(ack.ID).Name; n != nil {
				got = *n
			}
			if got != c.kept {
				t.Errorf("%s: kept %q", name, got)
			}
		}
	})
}

func TestEditKeepsTheOriginal(t *testing.T) {
	each(t, func(h *house) {
		q := h.ask("anna", "mikis?")
		for _, text := range []string{"Miksi?", "Miksi näin?"} {
			h.must(moderator, Request{Do: ActEdit, Question: q.ID, Text: text})
		}
		if got := h.get(q.ID); got.Text != "Miksi näin?" || got.Original != "mikis?" {
			t.Errorf("%+v", got)
		}
		for text, want := range map[string]Code{"": CodeEmpty, strings.Repeat("x", 601): CodeTooLong} {
			if ack := h.try(moderator, Request{Do: ActEdit, Question: q.ID, Text: text}); ack.Code != want {
				t.Errorf("edited to %d characters: %q", len(text), ack.Code)
			}
		}
		if ack := h.try(moderator, Request{Do: ActReject, Question: q.ID}); ack.Code != CodeEmpty {
			t.Errorf("rejected without a reason: %q", ack.Code)
		}
	})
}

func TestLimitsPerViewer(t *testing.T) {
	each(t, func(h *house) {
		ask := func(voter string, name *string) Code {
			return h.try(viewer(Audience, voter), Request{Do: ActAsk, Text: "Miksi?", Name: name}).Code
		}
		for i := range AskMax {
			name := ptr("Anna")
			if i == 0 {
				name = nil
			}
			if c := ask("anna", name); c != "" {
				t.Fatalf("question %d: %q", i, c)
			}
			h.clock.Move(10 * time.Second)
		}
		if c := ask("anna", nil); c != CodeSlowDown {
			t.Errorf("one more: %q", c)
		}
		if c := ask("bo", nil); c != "" {
			t.Errorf("somebody else: %q", c)
		}
		h.clock.Move(AskWindow - 30*time.Second)
		if c := ask("anna", nil); c != "" {
			t.Errorf("a minute after the first: %q", c)
		}
		if c := ask("anna", nil); c != CodeSlowDown {
			t.Errorf("and one more: %q", c)
		}
		q := h.ask("cecilia", "Mitä?")
		for i := range VotesPerSecond + 1 {
			want := Code("")
			if i == VotesPerSecond {
				want = CodeSlowDown
			}
			if ack := h.vote("anna", q.ID, i%2 == 0); ack.Code != want {
				t.Errorf("vote %d: %q", i, ack.Code)
			}
		}
		if ack := h.vote("bo", q.ID, true); ack.Code != "" {
			t.Errorf("somebody else's vote: %q", ack.Code)
		}
		h.clock.Move(time.Second)
		if ack := h.vote("anna", q.ID, true); ack.Code != "" {
			t.Errorf("a second later: %q", ack.Code)
		}
	})
}

func TestFramesThatAreNoActs(t *testing.T) {
	each(t, func(h *house) {
		v := viewer(Audience, "anna")
		for frame, want := range map[string]Ack{
			``:                               {Code: CodeBadAct},
			`[]`:                             {Code: CodeBadAct},
			`{"do":"ask","text":"x"}`:        {Code: CodeBadAct},
			`{"op":"1","do":"ask","text":5}`: {Op: "1", Code: CodeBadAct},
			`{"op":"1","do":"fly"}`:          {Op: "1", Code: CodeBadAct},
			"{\"op\":\"1\",\"do\":\"ask\",\"text\":\"\xff\"}":             {Code: CodeBadText},
			`{"op":"1","do":"ask","text":"a\u0000b"}`:                     {Op: "1", Code: CodeBadText},
			`{"op":"1","do":"ask"}`:                                       {Op: "1", Code: CodeEmpty},
			`{"op":"1","do":"approve","question":"q"}`:                    {Op: "1", Code: CodeForbidden},
			`{"op":"1","do":"vote","question":"q","on":"yes"}`:            {Op: "1", Code: CodeBadAct},
			`{"op":"` + strings.Repeat("o", 65) + `","do":"ask"}`:         {Code: CodeBadAct},
			`{"op":"1","do":"ask","text":"x","source":"floor","name":""}`: {Op: "1"},
		} {
			ack := h.Act(t.Context(), v, []byte(frame))
			if ack.Op != want.Op || ack.Code != want.Code {
				t.Errorf("%q: op %q, %q; want %q, %q", frame, ack.Op, ack.Code, want.Op, want.Code)
			}
			if ack.Code == "" && h.get(ack.ID).Source != SourceAudience {
				t.Error("the audience chose its source")
			}
		}
	})
}

func FuzzAct(f *testing.F) {
	for _, frame := range []string{`{"op":"1","do":"ask","text":"Miksi?","name":null}`, `{"op":"2","do":"vote","question":"q","on":true}`, `{"op":3}`} {
		f.Add([]byte(frame))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		r, code := ReadRequest(frame)
		if code == "" && (r.Op == "" || len(r.Op) > OpMax) {
			t.Errorf("%q passed with op %q", frame, r.Op)
		}
		for v := range View(Views) {
			again := r
			if code, _ := again.check(v); code == "" && strings.ContainsRune(again.Text+again.Reason, 0) && r.Do != ActVote {
				if r.Do == ActAsk || r.Do == ActEdit || r.Do == ActReject {
					t.Errorf("%q lets a NUL through", frame)
				}
			}
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
	})
}

func TestAcksBecomeErrorsOfPages(t *testing.T) {
	if err := (Ack{ID: "q"}).Err(); err != nil {
		t.Errorf("done is no error: %v", err)
	}
	for _, c := range Codes {
		e, ok := fail.As(Ack{Code: c}.Err())
		if !ok || e.Key != c.Key() || (e.Kind == fail.Internal) != (c == CodeInternal) {
			t.Errorf("%s: %+v", c, e)
		}
	}
	e, _ := fail.As(Ack{Code: CodeTooLong, Args: []any{"field", "text", "max", 600}}.Err())
	if e == nil || len(e.Fields["text"]) != 1 || e.Fields["text"][0].Key != "qa.error.too_long" {
		t.Errorf("a text that is too long: %+v", e)
	}
	if m := (Ack{Secret: "s"}).More(); fmt.Sprint(m) != "map[secret:s]" {
		t.Errorf("more: %v", m)
	}
}
