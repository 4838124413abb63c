package door_test

import (
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/door"
	"agora/app/fail"
)

// What is not a ticket of this edition, made here, is refused, and each in words of
// its own.
func TestForgedForeignAndTruncatedCodes(t *testing.T) {
	ours, theirs := door.NewSeal([]byte("a secret")), door.NewSeal([]byte("another secret"))
	e, other, r := db.NewID(), db.NewID(), db.NewID()
	good := ours.Code(e, r, 3)
	ticket, err := ours.Open(good, e)
	if err != nil || ticket.Registration != r || ticket.Version != 3 {
		t.Fatalf("a good code: %+v, %v", ticket, err)
	}
	if ticket, err := ours.Open(strings.ToLower(" "+good+" "), e); err != nil || ticket.Registration != r {
		t.Errorf("as a program may change it: %v", err)
	}
	flip := func(at int) string {
		b := []byte(good)
		b[at] = 'A' + (b[at]-'A'+1)%26
		if b[at] < 'A' || b[at] > 'Z' {
			b[at] = 'Q'
		}
		return string(b)
	}
	for name, c := range map[string]struct{ code, key string }{
		"another installation's":  {theirs.Code(e, r, 3), "door.forged"},
		"another edition's":       {ours.Code(other, r, 3), "door.foreign"},
		"cut short":               {good[:len(good)-2], "door.not_ours"},
		"cut in half":             {good[:len(good)/2], "door.not_ours"},
		"with more behind it":     {good + "AA", "door.not_ours"},
		"another person's id":     {flip(30), "door.forged"},
		"another version":         {flip(42), "door.forged"},
		"another signature":       {flip(len(good) - 20), "door.forged"},
		"nothing":                 {"", "door.not_ours"},
		"a typed code":            {"K7M4-PQ2X", "door.not_ours"},
		"letters no code has":     {strings.Replace(good, "A", "1", 1), "door.not_ours"},
		"a web address":           {"HTTPS://AGORA.EXAMPLE/T/" + good, "door.not_ours"},
		"the ticket's own secret": {"AZr-Q2V4dKyJw0l4aVvB1g4pWq0h1mVq0V2b3N4M5", "door.not_ours"},
	} {
		_, err := ours.Open(c.code, e)
		if f, ok := fail.As(err); !ok || f.Kind != fail.NotFound || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	// Whatever single letter is changed, no other ticket comes of it.
	for i := range good {
		if got, err := ours.Open(flip(i), e); err == nil && (got.Registration != r || got.Version != 3) {
			t.Errorf("with letter %d changed it is another ticket: %+v", i, got)
		}
	}
	if strings.Trim(good, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || len(good) > 145 {
		t.Errorf("a QR code does not pack it tightly: %d letters, %s", len(good), good)
	}
}
