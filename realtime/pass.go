package realtime

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Pass admits one viewer to one room in one view until it expires. It is a signed text, so that admitting an
// audience reads no database.
type Pass struct {
	Room    string
	View    View
	Voter   string // a key per person and room that votes and limits go by
	Person  string // id of a signed-in person, else empty
	Lang    string // language of the page, for answers to acts
	Expires time.Time
}

var (
	// ErrPassBad is any text that this server did not sign.
	ErrPassBad = errors.New("realtime: not a pass of this server")
	// ErrPassExpired is a pass of this server that is too old.
	ErrPassExpired = errors.New("realtime: pass expired")
)

// passPurpose keeps other signatures made with the same secret from serving as passes.
const passPurpose = "agora room pass 1\x00"

const (
	passFieldMax = 255
	// passKeyMin refuses a key that was forgotten: anybody could sign with an empty one.
	passKeyMin = 16
)

var passText = base64.RawURLEncoding.Strict()

// Sign gives the pass as text that may stand as a websocket subprotocol. A field over 255 bytes signs to a text
// that no server accepts.
func (p Pass) Sign(key []byte) string {
	b := make([]byte, 0, 64+len(p.Room)+len(p.Voter)+len(p.Person))
	b = append(b, 1, byte(p.View))
	b = binary.AppendUvarint(b, uint64(max(p.Expires.Unix(), 0)))
	for _, field := range []string{p.Room, p.Voter, p.Person, p.Lang} {
		if len(field) > passFieldMax {
			return "too-long"
		}
		b = append(b, byte(len(field)))
		b = append(b, field...)
	}
	return passText.EncodeToString(append(b, passMAC(key, b)...))
}

// ParsePass checks text against the key and the time; only a pass signed with the key comes back.
func ParsePass(key []byte, text string, now time.Time) (Pass, error) {
	raw, err := passText.DecodeString(text)
	if err != nil || len(raw) < sha256.Size+2 || len(key) < passKeyMin {
		return Pass{}, ErrPassBad
	}
	body, mac := raw[:len(raw)-sha256.Size], raw[len(raw)-sha256.Size:]
	if !hmac.Equal(mac, passMAC(key, body)) {
		return Pass{}, ErrPassBad
	}
	p, ok := readPass(body)
	if !ok {
		return Pass{}, ErrPassBad
	}
	if !now.Before(p.Expires) {
		return p, ErrPassExpired
	}
	return p, nil
}

func readPass(b []byte) (p Pass, ok bool) {
	if b[0] != 1 || b[1] >= Views {
		return p, false
	}
	p.View = View(b[1])
	seconds, n := binary.Uvarint(b[2:])
	if n <= 0 || seconds > 1<<40 {
		return p, false
	}
	p.Expires = time.Unix(int64(seconds), 0).UTC()
	b = b[2+n:]
	for _, field := range []*string{&p.Room, &p.Voter, &p.Person, &p.Lang} {
		if len(b) == 0 || len(b)-1 < int(b[0]) {
			return p, false
		}
		*field, b = string(b[1:1+int(b[0])]), b[1+int(b[0]):]
	}
	return p, len(b) == 0
}

func passMAC(key, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(passPurpose))
	mac.Write(body)
	return mac.Sum(nil)
}
