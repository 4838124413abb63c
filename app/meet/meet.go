// Package meet shows who is coming to those who come: the name, organisation,
// a line about oneself and topics to talk about, of everybody who wishes to be
// found, until the day after.
//
// A listing hangs on a registration and is of one person: it ends when the
// place is given up or handed over; see Follow.
//
// Table: listing.
package meet

import (
	"strings"
	"time"

	"github.com/uptrace/bun"
	"golang.org/x/text/cases"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

const (
	maxAbout  = 140 // one line, as in a short post
	maxTopics = 5   // enough to begin to talk
	maxTopic  = 40  // a topic, not a sentence
)

// Topics are what somebody would like to talk about.
type Topics = db.List[string]

// row is a listing.
type row struct {
	bun.BaseModel `bun:"table:listing"`

	RegistrationID string `bun:",pk"`
	EditionID      string
	About          string
	Topics         Topics
	CreatedAt      time.Time
}

// Input is what a person says of themselves. Without the wish to be found the
// listing is deleted, whatever else stands there.
type Input struct {
	Wish   bool
	About  string
	Topics []string
}

// check cleans the input and gives every problem at once. Topics said twice are
// one, and the sign of a hashtag is no part of a topic.
func (in *Input) check() error {
	f := fail.Fields{}
	in.About = line(f, "about", in.About, maxAbout)
	topics, seen := []string{}, map[string]bool{}
	for _, topic := range in.Topics {
		topic = line(f, "topics", strings.TrimLeft(strings.TrimSpace(topic), "#"), maxTopic)
		if topic != "" && !seen[fold(topic)] {
			seen[fold(topic)] = true
			topics = append(topics, topic)
		}
	}
	if in.Topics = topics; len(topics) > maxTopics {
		f.Add("topics", "meet.topics_many", "max", maxTopics)
	}
	return f.Err()
}

// line cleans a text of one line.
func line(f fail.Fields, field, s string, most int) string {
	clean, ok := text.Clean(s)
	clean = strings.Join(strings.Fields(clean), " ")
	switch {
	case !ok:
		f.Add(field, "field.characters")
		return ""
	case len([]rune(clean)) > most:
		f.Add(field, "field.long", "max", most)
	}
	return clean
}

// fold writes a topic so that its spellings meet.
func fold(topic string) string { return cases.Fold().String(topic) }
