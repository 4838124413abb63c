package door

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"

	"agora/app/fail"
)

// Seal signs what a ticket's QR code holds, so that a phone without network can
// tell a ticket from something that was made up. What is in the code opens
// nothing: a ticket's own address has another secret.
type Seal struct {
	private ed25519.PrivateKey
	// KeyID names the key in a code: the beginning of its hash.
	KeyID [keyIDLength]byte
}

// Ticket is what a code says. The edition is told by its tag alone; the signature
// is over the whole id, so that it holds for no other.
type Ticket struct {
	KeyID        [keyIDLength]byte
	Edition      [tagLength]byte
	Registration string
	Version      int64
	signature    []byte
}

const (
	keyIDLength = 4
	tagLength   = 4
	idLength    = 16
	// codeFormat begins every code; another layout gets another number.
	codeFormat = 1
	// headLength is what stands before the version.
	headLength = 1 + keyIDLength + tagLength + idLength
	// sealPurpose keeps the signature of a ticket from meaning anything else.
	sealPurpose = "agora ticket code 1\n"
	keyPurpose  = "agora key of ticket codes 1"
	// shortestCode is about how long a code is at least: what is shorter was typed.
	shortestCode = 40
)

// codeLetters are capitals and digits, which a QR code packs tightly, and which no
// camera app changes.
var codeLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSeal derives the signing key from the installation's secret, one way: whoever
// has the key learns nothing of the secret.
func NewSeal(secret []byte) *Seal {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(keyPurpose))
	s := &Seal{private: ed25519.NewKeyFromSeed(mac.Sum(nil))}
	sum := sha256.Sum256(s.Public())
	copy(s.KeyID[:], sum[:])
	return s
}

// Public is the key that proves codes; devices keep it.
func (s *Seal) Public() ed25519.PublicKey { return s.private.Public().(ed25519.PublicKey) }

// KeyName is the key's id as it is written.
func (s *Seal) KeyName() string { return hex.EncodeToString(s.KeyID[:]) }

// Code signs a registration of an edition at its version.
func (s *Seal) Code(editionID, registrationID string, version int64) string {
	id, err := uuid.Parse(registrationID)
	if err != nil {
		return ""
	}
	head := append([]byte{codeFormat}, s.KeyID[:]...)
	tag := editionTag(editionID)
	head = append(append(head, tag[:]...), id[:]...)
	head = binary.AppendUvarint(head, uint64(max(0, version))) // #nosec G115 -- versions count up from one
	return codeLetters.EncodeToString(append(head, ed25519.Sign(s.private, message(head, editionID))...))
}

// message is what is signed: the purpose, the code's own head, the whole edition.
func message(head []byte, editionID string) []byte {
	return append(append([]byte(sealPurpose), head...), editionID...)
}

// editionTag is the end of an edition's id, its random part.
func editionTag(editionID string) (tag [tagLength]byte) {
	if id, err := uuid.Parse(editionID); err == nil {
		copy(tag[:], id[idLength-tagLength:])
	}
	return tag
}

// LooksSealed tells a code that was read from one that was typed.
func LooksSealed(code string) bool { return len(code) >= shortestCode }

// Read takes a code apart without trusting it: a truncated or foreign one is
// refused as unknown.
func Read(code string) (t Ticket, err error) {
	unknown := fail.Missing("door.not_ours")
	raw, err := codeLetters.DecodeString(strings.ToUpper(strings.TrimSpace(code)))
	if err != nil || len(raw) <= headLength+ed25519.SignatureSize || raw[0] != codeFormat {
		return t, unknown
	}
	version, n := binary.Uvarint(raw[headLength:])
	if n <= 0 || len(raw) != headLength+n+ed25519.SignatureSize || version > 1<<31 {
		return t, unknown
	}
	copy(t.KeyID[:], raw[1:])
	copy(t.Edition[:], raw[1+keyIDLength:])
	t.Registration = uuid.UUID(raw[1+keyIDLength+tagLength : headLength]).String()
	t.Version = int64(version)
	t.signature = raw[headLength+n:]
	return t, nil
}

// Open reads a code and proves that it was made here, for this edition.
func (s *Seal) Open(code, editionID string) (Ticket, error) {
	t, err := Read(code)
	if err != nil {
		return t, err
	}
	if t.Edition != editionTag(editionID) {
		return t, fail.Missing("door.foreign")
	}
	id, err := uuid.Parse(t.Registration)
	if err != nil {
		return t, fail.Missing("door.not_ours")
	}
	head := append([]byte{codeFormat}, t.KeyID[:]...)
	head = append(append(head, t.Edition[:]...), id[:]...)
	head = binary.AppendUvarint(head, uint64(t.Version)) // #nosec G115 -- Read took it from an unsigned number below 1<<31
	if t.KeyID != s.KeyID || !ed25519.Verify(s.Public(), message(head, editionID), t.signature) {
		return t, fail.Missing("door.forged")
	}
	return t, nil
}
