package paper

import "slices"

// Kind says what happened to a text on its way to paper. Callers have a sentence for each.
type Kind string

// From harmless to serious.
const (
	Cleaned   Kind = "cleaned"   // control or zero-width characters were left out
	Fitted    Kind = "fitted"    // smaller than the design's size, or on more lines
	Condensed Kind = "condensed" // set in the narrow font
	Dropped   Kind = "dropped"   // emoji or symbols were left out
	Broken    Kind = "broken"    // a word was divided where it has no hyphen
	Direction Kind = "direction" // written from right to left: set by a simple rule, worth a look
	Shaping   Kind = "shaping"   // a script whose letters change with their neighbours: set letter by letter
	Repaired  Kind = "repaired"  // bytes that are no UTF-8 show as U+FFFD
	Missing   Kind = "missing"   // no font has these letters
	Cut       Kind = "cut"       // did not fit; ends in an ellipsis
	BadCode   Kind = "bad_code"  // the QR content is empty or too long; no QR was printed
	Failed    Kind = "failed"    // could not be printed at all
)

// Shared is the index of remarks on words that stand on every badge of a batch.
const Shared = -1

// Remark is one thing an organiser may want to know before printing.
type Remark struct {
	Index  int    `json:"index"` // of the badge or certificate in the batch, or Shared
	Who    string `json:"who"`   // its name as printed, or its code when nothing was printable
	Field  string `json:"field"`
	Kind   Kind   `json:"kind"`
	Detail string `json:"detail,omitempty"` // the characters concerned, or the size in points
}

// NeedsLook tells remarks that call for a person's eye from those that only explain.
func (r Remark) NeedsLook() bool {
	switch r.Kind {
	case Cleaned, Fitted, Condensed:
		return false
	}
	return true
}

// Report is the outcome of a batch. Every text that was not printed as given is in Remarks.
type Report struct {
	Pages   int      `json:"pages"`
	Printed int      `json:"printed"`
	Remarks []Remark `json:"remarks"`
}

// NeedsLook gives the remarks worth a look before printing.
func (r Report) NeedsLook() []Remark {
	return slices.DeleteFunc(slices.Clone(r.Remarks), func(m Remark) bool { return !m.NeedsLook() })
}

// Has tells whether item index got a remark of this kind.
func (r Report) Has(index int, kind Kind) bool {
	return slices.ContainsFunc(r.Remarks, func(m Remark) bool { return m.Index == index && m.Kind == kind })
}

// lost tells whether something that people can see was left out.
func (r Report) lost() bool {
	return slices.ContainsFunc(r.Remarks, func(m Remark) bool { return m.Kind == Dropped || m.Kind == Missing })
}

// note is a remark before it is known whose it is.
type note struct {
	kind   Kind
	detail string
}

func (r *Report) add(index int, who, field string, notes []note) {
	for _, n := range notes {
		r.Remarks = append(r.Remarks, Remark{index, who, field, n.kind, n.detail})
	}
}

// fitted adds the notes of a field. That a line other than the name had to shrink a little is nobody's worry.
func (r *Report) fitted(index int, who, field string, notes []note) {
	r.add(index, who, field, slices.DeleteFunc(notes, func(n note) bool { return n.kind == Fitted && field != "name" }))
}
