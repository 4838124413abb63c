// Package material is what sessions leave behind: slides, recordings, write-ups,
// handouts and links. Each piece is a file or a web address at an address of our
// own that stays for ever; a new version takes its place and the older ones stay
// for organisers. Who sees a piece, and from when on, is decided at every look by
// one function (Shown), with the consent of whoever it hangs on.
//
// Tables: material, material_version, download, withdrawn.
package material

import (
	"database/sql/driver"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/text"
)

// Kind is what a piece of material is.
type Kind string

// The kinds of material.
const (
	Slides    Kind = "slides"
	Recording Kind = "recording"
	Writeup   Kind = "writeup"
	Handout   Kind = "handout"
	Link      Kind = "link"
)

// Kinds lists them in the order they are offered; each is called by the message
// material.kind.KIND.
var Kinds = [...]Kind{Slides, Recording, Writeup, Handout, Link}

// Visibility is who sees a piece of material.
type Visibility string

// The visibilities; each is called by the message material.visibility.VISIBILITY.
const (
	Public     Visibility = "public"
	Registered Visibility = "registered" // those with a confirmed place
	Hidden     Visibility = "hidden"     // organisers alone
)

// Visibilities lists them in the order they are offered.
var Visibilities = [...]Visibility{Public, Registered, Hidden}

// When is from when on it is shown to those who see it.
type When string

// The moments; each is called by the message material.shown.WHEN.
const (
	Now   When = "now"
	After When = "after" // when the session has ended, its delay counted in
	At    When = "at"    // from ShownAt on
)

// Whens lists them in the order they are offered.
var Whens = [...]When{Now, After, At}

// Material is one piece of a session's material in its newest version. Without a
// title it is shown by the name of its kind. Either FileID or URL is set.
type Material struct {
	bun.BaseModel `bun:"table:material"`

	ID         string `bun:",pk"`
	EditionID  string
	SessionID  string
	Slug       string // of its address, unique within the edition; never changes
	Kind       Kind
	Title      text.Texts
	URL        string
	FileID     string
	Version    int64
	Visibility Visibility
	Shown      When
	ShownAt    time.Time `bun:",nullzero"`
	Language   string    // language tags with ", " between
	Licence    string    // a name out of Licences, or empty
	SpeakerID  string    // whose consent it hangs on; empty: nobody's
	// RecordedAt is the moment at which a recording begins; zero: unknown.
	RecordedAt    time.Time `bun:",nullzero"`
	Captions      Captions
	TranscriptURL string
	Extra         Extra
	Rank          int64
	CreatedAt     time.Time
	ChangedAt     time.Time `bun:",nullzero"`

	File *file.File `bun:"-"` // filled when material is read; nil for a link
}

// Version is one of the versions a piece of material has had.
type Version struct {
	bun.BaseModel `bun:"table:material_version"`

	MaterialID string `bun:",pk"`
	Number     int64  `bun:",pk"`
	FileID     string
	URL        string
	PersonID   string // who brought it: an organiser,
	SpeakerID  string // or a speaker
	CreatedAt  time.Time

	File *file.File `bun:"-"`
}

// Caption is a recording's words as a WebVTT file, in one language.
type Caption struct {
	Language string `json:"language"`
	FileID   string `json:"file"`
}

// Captions are a recording's captions, one per language.
type Captions = db.List[Caption]

// Extra is what else is known: Imported material came from a schedule file,
// which called it Word, and is still what the file said.
type Extra struct {
	Imported bool   `json:"imported,omitempty"`
	Word     string `json:"word,omitempty"`
}

// Value stores the extra as JSON.
func (x Extra) Value() (driver.Value, error) { return db.ValueJSON(x) }

// Scan reads what Value stored.
func (x *Extra) Scan(src any) error {
	*x = Extra{}
	return db.ScanJSON(src, x)
}

// Author is who changes material: an organiser by their person's id, or a
// speaker, who may only touch what hangs on them, in their own sessions.
type Author struct {
	Person  string
	Speaker string
}

// Organiser is the author that an organiser is.
func Organiser(personID string) Author { return Author{Person: personID} }

// Scope is what a file for a session's material has to be sent in for.
func (a Author) Scope(sessionID string) string {
	if a.Speaker != "" {
		return "speaker:" + a.Speaker
	}
	return "session:" + sessionID
}

// Path is the material's address, for ever.
func (m Material) Path(e edition.Edition) string { return e.Path() + "/materials/" + m.Slug }

// Service reads and changes material.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	baseURL  string
	hosts    []string // where PeerTube is
	kept     *db.Recent[revised, *shelf]
	answers  *db.Recent[string, answered]
	counter  counter
}

// New makes the service. videoHosts are hosts with PeerTube, besides the known
// hosts of videos and slides.
func New(d *db.DB, now func() time.Time, editions *edition.Service, baseURL string, videoHosts ...string) *Service {
	return &Service{db: d, now: now, editions: editions, baseURL: baseURL, hosts: videoHosts,
		kept:    db.NewRecent[revised, *shelf](now, keptFor, maxKept),
		answers: db.NewRecent[string, answered](now, time.Second, maxKept), counter: counter{n: map[opened]int64{}}}
}
