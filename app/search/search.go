// Package search finds what the public may read in all editions: sessions,
// speakers, material with the words inside its files, questions with their
// answers, and the editions themselves.
//
// The program takes texts apart into tokens; the engines only look tokens up, so
// both find the same. The index may be behind, by seconds: whatever it finds is
// read again from the tables of the areas, and shown only if a stranger may see
// it at that moment. It is derived from those tables, stands in no backup and
// may be emptied at any time.
//
// Tables: search_entry, search_seen, search_stem, search_token.
package search

import (
	"runtime"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
)

// Kind is what was found.
type Kind string

// The kinds, each called by the message search.kind.KIND.
const (
	Edition  Kind = "edition"
	Session  Kind = "session"
	Speaker  Kind = "speaker"
	Material Kind = "material"
	Question Kind = "question"
)

// Kinds lists them in the order in which they are shown among equals.
var Kinds = [...]Kind{Edition, Session, Speaker, Material, Question}

const (
	// PageSize is how many hits a page shows.
	PageSize = 20
	// MaxPages bounds how far one may leaf, and so what one search costs: whoever
	// has not found it among the first hits needs other words.
	MaxPages = 10
	// MaxText is how much of a question is read, in bytes; MaxWords how many words
	// of it count.
	MaxText  = 300
	MaxWords = 12
	// searchTime is how long the engine may take for one search.
	searchTime = 2 * time.Second
)

// Ask is what somebody looks for. The empty value of a filter is everything.
type Ask struct {
	Text     string
	Series   string // ids
	Edition  string
	Kind     Kind
	Language string    // code of the language something is held or written in
	Lang     text.Lang // in which whoever asks reads
	Page     int       // from 1 on
}

// Result is one page of hits.
type Result struct {
	Hits []Hit
	Page int
	// Pages is how many pages there are; More says that the last of them is where
	// we stop, and not the end.
	Pages int
	More  bool
	// Found counts the hits on all pages.
	Found int
	// Begun says that there are words among the hits that only begin like the last
	// one asked for.
	Begun bool
	// Empty says that nothing was asked for: no word, or only words to leave out.
	Empty bool
	// Cut says that the question was longer than what counts.
	Cut bool
}

// Hit is something that was found, as strangers may see it now.
type Hit struct {
	Kind    Kind
	Edition edition.Edition
	// Title is what it is called, with the words that were asked for marked.
	Title Marked
	// Session is what a session, a piece of material or a question belongs to.
	Session *program.Session
	// Names are who speaks in the session.
	Names []string
	// Speaker is set for speakers; Others are further editions they spoke in.
	Speaker *program.Speaker
	Others  []edition.Edition
	// Material is set for material.
	Material *material.Material
	// QuestionID is set for questions.
	QuestionID string
	// Snippet is the place of the hit in its text; empty when only the title has it.
	Snippet Snippet
}

// Place says in which text a snippet stands; each is called by the message
// search.place.PLACE.
type Place string

// The places of snippets.
const (
	InAbstract    Place = "abstract"
	InBiography   Place = "biography"
	InText        Place = "text"     // of a file
	InCaptions    Place = "captions" // of a recording
	InAnswer      Place = "answer"
	InPractical   Place = "practical"
	InDescription Place = "description" // of an edition
)

// Snippet is a part of a text around the words that were asked for.
type Snippet struct {
	Marked
	Place Place
	By    string // who wrote the answer
	Page  int    // of the file, from 1 on; 0 when unknown
}

// Marked is a text with the words in it that were asked for.
type Marked struct {
	Parts []Part
	Lang  text.Lang // it is written in; empty when unknown
}

// Part is a piece of a marked text.
type Part struct {
	Text string
	Hit  bool
}

// String gives the text without its marks.
func (m Marked) String() string {
	var s string
	for _, p := range m.Parts {
		s += p.Text
	}
	return s
}

// Service searches and keeps the index.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	// slots bounds the searches at one time: they are work for the processor, and
	// the readers of the database are for the pages too.
	slots chan struct{}
	// rest is how long the index leaves the writer to others between two sets.
	rest time.Duration
}

// New makes the service. Refresh has to be called from time to time.
func New(d *db.DB, now func() time.Time, editions *edition.Service) *Service {
	return &Service{db: d, now: now, editions: editions, slots: make(chan struct{}, max(2, runtime.NumCPU())), rest: restTime}
}
