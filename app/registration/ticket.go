package registration

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// CodeLetters leaves out what is misread at a door: 0 O, 1 I L, 5 S, 8 B, U V.
const CodeLetters = "234679ACDEFGHJKMNPQRTWXYZ"

// codeLength gives 25^8, some 150 thousand million codes.
const codeLength = 8

// macLength is how many bytes of the HMAC a ticket's token carries.
const macLength = 16

// newCode makes the code people read aloud at the door: K7M4-PQ2X.
func newCode() string { return CleanCode(RandomLetters(codeLength)) }

// RandomLetters gives n of CodeLetters, each as likely as the others.
func RandomLetters(n int) string {
	var b strings.Builder
	raw := make([]byte, 1)
	for b.Len() < n {
		if _, err := rand.Read(raw); err != nil {
			panic("no randomness: " + err.Error())
		}
		// Taking only whole multiples keeps the first letters from coming oftener.
		if all := len(CodeLetters); int(raw[0]) < 256/all*all {
			b.WriteByte(CodeLetters[int(raw[0])%all])
		}
	}
	return b.String()
}

// CleanCode reads a code as people type it: small letters, spaces, no hyphen.
func CleanCode(s string) string {
	s = bareCode(s)
	if len(s) != codeLength || strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return s // cutting it could cut a letter in two
	}
	return s[:codeLength/2] + "-" + s[codeLength/2:]
}

// bareCode is any code without what people type between its letters.
func bareCode(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.ToUpper(s))
}

// Token is the secret part of a ticket's address: the registration's id and an
// HMAC of id and version. Nothing secret is stored, and a higher version ends
// the old ticket.
func (s *Service) Token(r Registration) string {
	id, err := uuid.Parse(r.ID)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(id[:], s.mac(r)...))
}

func (s *Service) mac(r Registration) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("ticket:" + r.ID + ":" + strconv.FormatInt(r.Version, 10)))
	return h.Sum(nil)[:macLength]
}

// openToken gives the id a token claims and the HMAC that has to prove it.
func openToken(token string) (id string, mac []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 16+macLength {
		return "", nil, false
	}
	return uuid.UUID(raw[:16]).String(), raw[16:], true
}

// TicketURL is the whole address of a ticket.
func (s *Service) TicketURL(r Registration) string { return s.baseURL + "/ticket/" + s.Token(r) }
