// Package certificate gives out certificates of attendance and of speaking: to
// whom by which rule, with which number and code, and what they prove. What a
// certificate says of its holder is kept as it was given out, so that paper and
// page agree for as long as it holds; a change makes a new one and revokes the old.
//
// It also keeps how long somebody who joined with their ticket was in the live
// rooms, for certificates alone, and an organiser's word on who was there.
//
// Tables: certificate, certificate_rules, certificate_word,
// certificate_presence.
package certificate

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/door"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/paper"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/speaking"
	"agora/app/text"
)

// Kind is what a certificate is of.
type Kind string

// The kinds.
const (
	Attendance Kind = "attendance"
	Speaking   Kind = "speaking"
)

// Kinds lists them in the order they are offered.
var Kinds = [...]Kind{Attendance, Speaking}

// Reason says why a certificate was revoked; each is told by the message
// certificate.reason.REASON.
type Reason string

// The reasons. The last two are never chosen by hand.
const (
	Absent   Reason = "absent"   // its holder was not there
	Mistake  Reason = "mistake"  // something on it is wrong
	Other    Reason = "other"    //
	Replaced Reason = "replaced" // a newer one holds
	Erased   Reason = "erased"   // its holder had their data erased
)

// Reasons lists those an organiser may give.
var Reasons = [...]Reason{Absent, Mistake, Other}

// Issued is a certificate that has been given out. SpeakerID is empty for one of
// attendance; PersonID may be for one of speaking.
type Issued struct {
	bun.BaseModel `bun:"table:certificate,alias:issued"`

	ID             string `bun:",pk"`
	EditionID      string
	Kind           Kind
	RegistrationID string
	SpeakerID      string
	PersonID       string
	Code           string
	Number         int64
	Name           string
	Facts          Facts
	IssuedAt       time.Time
	RevokedAt      *time.Time
	Reason         Reason
	Note           string // the organisers' own, shown to nobody else
	ToldAt         *time.Time
}

// Holds tells whether it has not been revoked.
func (i Issued) Holds() bool { return i.RevokedAt == nil }

// about is whom a certificate is for: what a second one would clash with.
func (i Issued) about() subject { return subject{i.Kind, i.RegistrationID, i.SpeakerID} }

type subject struct {
	kind                    Kind
	registrationID, speaker string
}

// Facts are what a certificate says beside the name. They never change after it
// was given out.
type Facts struct {
	// Minutes is how long; 0 prints the day's times instead.
	Minutes  int64  `json:"minutes,omitempty"`
	Sessions []Part `json:"sessions,omitempty"`
	Remote   bool   `json:"remote,omitempty"`
	// Door says that it rests on the check-in alone, and so ends with it.
	Door bool `json:"door,omitempty"`
}

// Part is a session that counts.
type Part struct {
	ID      string     `json:"id"`
	Title   text.Texts `json:"title"`
	Minutes int64      `json:"minutes"`
}

// Value stores the facts as JSON.
func (f Facts) Value() (driver.Value, error) {
	b, err := json.Marshal(f)
	return string(b), err
}

// Scan reads what Value stored.
func (f *Facts) Scan(src any) error { return scan(src, f) }

func (f Facts) equal(g Facts) bool { return db.HashBody(f) == db.HashBody(g) }

func scan(src, into any) error {
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), into)
	case []byte:
		return json.Unmarshal(v, into)
	}
	return fmt.Errorf("certificate: %T is no JSON", src)
}

// Service gives out certificates.
type Service struct {
	db            *db.DB
	now           func() time.Time
	words         *text.Catalogue
	editions      *edition.Service
	programs      *program.Service
	registrations *registration.Service
	speakings     *speaking.Service
	door          *door.Service
	files         *file.Service // nil: signatures are left out
	press         *paper.Press  // nil: nothing is printed
	baseURL       string
}

// New makes the service. baseURL is where certificates can be checked.
func New(d *db.DB, now func() time.Time, words *text.Catalogue, editions *edition.Service, programs *program.Service,
	registrations *registration.Service, speakings *speaking.Service, at *door.Service, files *file.Service, press *paper.Press, baseURL string) *Service {
	return &Service{db: d, now: now, words: words, editions: editions, programs: programs, registrations: registrations,
		speakings: speakings, door: at, files: files, press: press, baseURL: baseURL}
}

// codeLength gives 25^12 codes: nobody finds a certificate by trying.
const codeLength = 12

// CleanCode reads a certificate's code as people type it.
func CleanCode(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(registration.CodeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(s))
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), "-")
}

func newCode() string { return CleanCode(registration.RandomLetters(codeLength)) }
