package speaking

import (
	"database/sql/driver"
	"slices"
	"time"

	"agora/app/db"
)

// Subject is something of a speaker's that may be published or not; each is
// called by the message speaking.consent.SUBJECT.
type Subject string

// The subjects.
const (
	Picture   Subject = "picture"
	Slides    Subject = "slides" // and whatever else the speaker hands in
	Recording Subject = "recording"
	Answers   Subject = "answers" // written after the day
)

// Subjects lists them in the order they are asked.
var Subjects = [...]Subject{Picture, Slides, Recording, Answers}

// Word is a yes or a no, and when it was given.
type Word struct {
	Yes bool      `json:"yes"`
	At  time.Time `json:"at"`
}

// Consent holds the word given on each subject; a subject without one was not
// answered.
type Consent map[Subject]Word

// Refuses reports whether the speaker has said no: then nothing of it is shown.
// What was not answered is left to the organisers.
func (c Consent) Refuses(what Subject) bool {
	w, said := c[what]
	return said && !w.Yes
}

// say takes the words over, each with the moment at which it became what it is,
// and tells what was changed and which yes was taken back.
func (x *Speaking) say(in ConsentInput, at time.Time) (changes []Change, withdrawn []Subject) {
	said := Consent{}
	for _, what := range Subjects {
		before, known := x.Consent[what]
		word := Word{Yes: in.Words[what], At: at}
		if known && before.Yes == word.Yes {
			word.At = before.At
		} else {
			changes = append(changes, Change{Field: "consent_" + string(what), Was: before.name(known), Became: word.name(true)})
		}
		if known && before.Yes && !word.Yes {
			withdrawn = append(withdrawn, what)
		}
		said[what] = word
	}
	if x.Licence != in.Licence {
		changes = append(changes, Change{Field: "licence", Was: x.Licence, Became: in.Licence})
	}
	x.Consent, x.Licence, x.ConsentAt = said, in.Licence, &at
	x.Version++
	return changes, withdrawn
}

// name is how a word stands among the changes: yes, no, or nothing.
func (w Word) name(said bool) string {
	switch {
	case !said:
		return ""
	case w.Yes:
		return "yes"
	}
	return "no"
}

// Complete reports whether every subject was answered.
func (c Consent) Complete() bool {
	return !slices.ContainsFunc(Subjects[:], func(what Subject) bool { _, said := c[what]; return !said })
}

// Value stores the consent as JSON.
func (c Consent) Value() (driver.Value, error) {
	if c == nil {
		c = Consent{}
	}
	return db.ValueJSON(map[Subject]Word(c))
}

// Scan reads what Value stored.
func (c *Consent) Scan(src any) error {
	*c = Consent{}
	return db.ScanJSON(src, (*map[Subject]Word)(c))
}
