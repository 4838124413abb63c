package qa

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"agora/app/db"
)

// A room's key makes everything that tells one viewer from another: with the
// key gone, nothing stored leads back to anybody. Each purpose has its own
// prefix, so that a voter cannot be matched with an asker.

const (
	forVoter  = "voter"
	forAsker  = "asker"       // of questions without a name
	forNamed  = "asker named" // another mark, or a name would give the nameless ones away
	forSecret = "secret"
	forOp     = "op"
	forActor  = "actor" // a moderator without an account
)

func newKey() string {
	b := make([]byte, 32)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// newEpoch needs no dot: it stands before one in addresses.
func newEpoch() string { return rand.Text()[:12] }

func keyed(key, purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(purpose))
	for _, p := range parts {
		mac.Write([]byte{0})
		mac.Write([]byte(p))
	}
	return mac.Sum(nil)
}

// seal joins a room's key with the server's secret to what marks are made with.
func (s *Service) seal(roomKey string) string {
	return string(keyed(string(s.secret), "room", roomKey))
}

func mark(key, purpose, voter string) string {
	return base64.RawURLEncoding.EncodeToString(keyed(key, purpose, voter)[:18])
}

// secretOf makes an asker's secret from the room's seal, the voter and the op, so
// that a repeated op gets the same secret again although it is stored nowhere.
func secretOf(key, voter, op string) string {
	return base64.RawURLEncoding.EncodeToString(keyed(key, forSecret, voter, op)[:24])
}

// ownerOf is what is stored of a secret.
func ownerOf(secret string) string {
	if secret == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("agora question owner\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// opKey names an act in the table of stored answers without naming who did it.
// The voter is part of it, so nobody is given the answer to another's op.
func opKey(r *room, a *act) db.Key {
	return db.Key{
		Scope:    "live:" + r.SessionID,
		Key:      base64.RawURLEncoding.EncodeToString(keyed(r.Seal, forOp, a.viewer.Voter, a.Op)),
		BodyHash: a.bodyHash(),
	}
}

// bodyHash is of what was asked for, without the op and secrets.
func (a *act) bodyHash() string {
	body := a.Request
	body.Op, body.Secret, body.Secrets = "", "", nil
	return db.HashBody(body)
}
