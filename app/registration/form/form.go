// Package form is what an organiser asks of those who register: fields of their
// own, under which condition each is shown, why it is asked and for how long the
// answer is kept. It checks answers, puts them into words and forgets those that
// have outlived their purpose. It reads and writes no table.
package form

import (
	"database/sql/driver"

	"agora/app/db"
	"agora/app/text"
)

// Kind is how a field is answered.
type Kind string

// The kinds of field.
const (
	Text    Kind = "text"    // one line
	Long    Kind = "long"    // several lines
	Choice  Kind = "choice"  // one of the options
	Several Kind = "several" // any of the options
	YesNo   Kind = "yesno"
	Number  Kind = "number" // a whole number
)

// Kinds lists them in the order they are offered.
var Kinds = [...]Kind{Text, Long, Choice, Several, YesNo, Number}

// Field is one question. Its key is made once and never changes, so that answers
// stay with their question when its words do.
type Field struct {
	Key      string     `json:"key"`
	Kind     Kind       `json:"kind"`
	Label    text.Texts `json:"label"`
	Hint     text.Texts `json:"hint,omitempty"`
	Purpose  text.Texts `json:"purpose,omitempty"`
	Options  []Option   `json:"options,omitempty"`
	Required bool       `json:"required,omitempty"`
	// When shows the field only to those who answered another one so.
	When *Condition `json:"when,omitempty"`
	// KeepDays is how many days after the edition's end the answer is kept.
	KeepDays int `json:"keep_days"`
	// Special is about health or conviction: asked with a consent of its own,
	// seen by few, deleted soon after the day.
	Special bool `json:"special,omitempty"`
}

// Option is one answer of a choice.
type Option struct {
	Key   string     `json:"key"`
	Label text.Texts `json:"label"`
}

// Condition is met by an answer: an option's key, or "yes" or "no".
type Condition struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// Form is an edition's own questions, in their order.
type Form struct {
	Fields []Field `json:"fields"`
}

// Answers are by the key of their field: a string for text, long and choice, a
// list of strings for several, a bool for yesno and a whole number for number.
type Answers map[string]any

// Value stores answers as JSON.
func (a Answers) Value() (driver.Value, error) {
	if a == nil {
		return "{}", nil
	}
	return db.ValueJSON(a)
}

// Scan reads stored answers.
func (a *Answers) Scan(src any) error { return db.ScanJSON(src, a) }

// Value stores a form as JSON.
func (f Form) Value() (driver.Value, error) { return db.ValueJSON(f) }

// Scan reads a stored form.
func (f *Form) Scan(src any) error { return db.ScanJSON(src, f) }
