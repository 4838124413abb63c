package paper

// Design says where things go on a badge. It is plain data, so that organisers' own designs can be stored as JSON
// and edited beside the ready ones. Lengths are millimetres, type sizes points.
type Design struct {
	Name     string    `json:"name"`
	Page     Size      `json:"page"`
	Cell     Size      `json:"cell"` // one badge; a page holds Columns × Rows of them, centred
	Columns  int       `json:"columns"`
	Rows     int       `json:"rows"`
	Cuts     bool      `json:"cuts"` // marks for the cutter outside the badges
	Elements []Element `json:"elements"`
	// Roles are colours of the organisers' own, by role, as #rrggbb; a role that is not here has the program's.
	Roles map[RoleKind]string `json:"roles,omitempty"`
	// Logo is the picture that ElementLogo shows, as Logo made it.
	Logo []byte `json:"logo,omitempty"`
}

// Size is a width and a height.
type Size struct {
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// Box is a place within the badge, from its top left corner.
type Box struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
	W float64 `json:"w"`
	H float64 `json:"h"`
}

// What an Element can be. They are drawn in the order of the design, the hall first.
const (
	ElementHall         = "hall"         // the quiet ground; its box is the amphitheatre and may leave the badge
	ElementMark         = "mark"         // the series' three rows of dots
	ElementLogo         = "logo"         // a picture of the organisers' own
	ElementSeries       = "series"       // the series' name
	ElementEdition      = "edition"      // city and year
	ElementName         = "name"         // the person's name
	ElementOrganisation = "organisation" //
	ElementRole         = "role"         // band in the role's colour with its word
	ElementQR           = "qr"           //
	ElementCode         = "code"         // ticket code in letters
	ElementPhoto        = "photo"        // photo consent: sign and word
	ElementFirst        = "first"        // sign and word, for those who come for the first time
	ElementAnswer       = "answer"       // the answer to one question of the form
	ElementText         = "text"         // the same words on every badge
)

// ElementKinds are all of them, in the order in which they are offered.
var ElementKinds = [...]string{ElementName, ElementOrganisation, ElementRole, ElementQR, ElementCode, ElementPhoto, ElementFirst,
	ElementAnswer, ElementText, ElementLogo, ElementSeries, ElementEdition, ElementMark, ElementHall}

// Element is one thing on the badge. Text is as large as Max, comfortable down to Good, and at the smallest Min.
type Element struct {
	Kind   string  `json:"kind"`
	Box    Box     `json:"box"`
	Max    float64 `json:"max,omitempty"`
	Good   float64 `json:"good,omitempty"`
	Min    float64 `json:"min,omitempty"`
	Lines  int     `json:"lines,omitempty"`
	Bold   bool    `json:"bold,omitempty"`
	Quiet  bool    `json:"quiet,omitempty"` // grey instead of ink
	Centre bool    `json:"centre,omitempty"`
	Right  bool    `json:"right,omitempty"`
	Bottom bool    `json:"bottom,omitempty"` // sits on the lower edge of its box
	Text   string  `json:"text,omitempty"`   // of ElementText
	Field  string  `json:"field,omitempty"`  // the key of ElementAnswer's question
}

// Textual tells elements that hold words, and so have sizes and lines.
func (e Element) Textual() bool {
	switch e.Kind {
	case ElementHall, ElementMark, ElementQR, ElementLogo:
		return false
	}
	return true
}

// Single is the design with one badge a page, for printing one at the door.
func (d Design) Single() Design {
	d.Page, d.Columns, d.Rows, d.Cuts = d.Cell, 1, 1, false
	return d
}

// Has tells whether the design shows something.
func (d Design) Has(kind string) bool {
	for _, e := range d.Elements {
		if e.Kind == kind {
			return true
		}
	}
	return false
}

// colour is what a role's band is painted in.
func (d Design) colour(k RoleKind, accent Colour) Colour {
	if own, err := Hex(d.Roles[k]); err == nil {
		return own
	}
	return k.colour(accent)
}

// on gives the words' colour that can be read on a ground: white, or ink on a light one.
func (c Colour) on() Colour {
	if c.light() > .36 {
		return ink
	}
	return white
}

// light is how bright a colour looks, 0 to 1, by its plain weights.
func (c Colour) light() float64 {
	linear := func(v uint8) float64 { f := float64(v) / 255; return f * f }
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}
