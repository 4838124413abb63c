package realtime

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestPassesHoldWhatTheySay(t *testing.T) {
	now := time.Date(2027, 1, 25, 9, 0, 0, 0, time.UTC)
	p := Pass{
		Room: "0191d2c4-7f00-7000-8000-000000000001", View: Moderator, Voter: "k3y/ä", Person: "person",
		Lang: "sv", Expires: now.Add(time.Minute),
	}
	text := p.Sign(testKey)
	for _, r := range text {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r) {
			t.Fatalf("%q may not stand in a subprotocol", r)
		}
	}
	got, err := ParsePass(testKey, text, now)
	if err != nil || got != p {
		t.Fatalf("got %+v, %v", got, err)
	}
	if _, err := ParsePass(testKey, text, now.Add(time.Minute)); !errors.Is(err, ErrPassExpired) {
		t.Fatalf("at its expiry: %v", err)
	}
	if _, err := ParsePass([]byte("other"), text, now); !errors.Is(err, ErrPassBad) {
		t.Fatalf("with another key: %v", err)
	}
	if _, err := ParsePass(nil, p.Sign(nil), now); !errors.Is(err, ErrPassBad) {
		t.Fatalf("without a key: %v", err)
	}
	for i := range text {
		forged := text[:i] + string(text[i]^1) + text[i+1:]
		if _, err := ParsePass(testKey, forged, now); !errors.Is(err, ErrPassBad) {
			t.Fatalf("changed at %d: %v", i, err)
		}
	}
	for _, bad := range []string{"", "agora", text + "A", text[1:], text[:len(text)-1], "é"} {
		if _, err := ParsePass(testKey, bad, now); !errors.Is(err, ErrPassBad) {
			t.Fatalf("%q: %v", bad, err)
		}
	}
	long := Pass{Room: strings.Repeat("r", 256), Expires: now.Add(time.Hour)}
	if _, err := ParsePass(testKey, long.Sign(testKey), now); !errors.Is(err, ErrPassBad) {
		t.Fatalf("too long: %v", err)
	}
}

func TestCodesSayWhetherToComeBack(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []Code{
		CodeStopping, CodeBehind, CodeUnavailable, CodePassExpired, CodeBadFrame, CodeTooBig, CodeFlood,
		CodePassBad, CodeElsewhere, CodeNoRoom, CodeNotAllowed,
	} {
		if seen[c.Word()] || c.Word() == "closed" {
			t.Errorf("%d has no word of its own", c)
		}
		seen[c.Word()] = true
		if c < 4000 || c > 4999 || c.ComeBack() != (c < 4500) {
			t.Errorf("%d is out of its range", c)
		}
	}
}

func FuzzReadAct(f *testing.F) {
	for _, seed := range []string{`{"op":"1","do":"ask"}`, `{"op":"1","do":"ask","text":"\u0000"}`, `{`, "\x00", `"\\u0000"`, `{"op":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		act, code := readAct(frame)
		if code == "" && (act.Op == "" || act.Do == "" || len(act.Op) > opMax || len(act.Do) > doMax) {
			t.Fatalf("%q passed as %+v", frame, act)
		}
		if code == "" && strings.ContainsRune(act.Op+act.Do, 0) {
			t.Fatalf("a NUL passed in %q", frame)
		}
	})
}

func FuzzParsePass(f *testing.F) {
	f.Add("AQAA")
	f.Fuzz(func(t *testing.T, text string) {
		raw, err := passText.DecodeString(text)
		if err == nil && len(raw) > 1 {
			readPass(raw) // what a signature protects must not panic either
		}
		if _, err := ParsePass(testKey, text, time.Unix(0, 0)); err == nil {
			t.Fatalf("%q passed", text)
		}
	})
}
