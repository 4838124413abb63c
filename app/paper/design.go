package paper

import (
	"fmt"
	"math"
	"slices"
)

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
	ElementSeries       = "series"       // the series' name
	ElementEdition      = "edition"      // city and year
	ElementName         = "name"         // the person's name
	ElementOrganisation = "organisation" //
	ElementRole         = "role"         // band in the role's colour with its word
	ElementQR           = "qr"           //
	ElementCode         = "code"         // ticket code in letters
	ElementPhoto        = "photo"        // photo consent: sign and word
	ElementText         = "text"         // the same words on every badge
)

var elementKinds = []string{ElementHall, ElementMark, ElementSeries, ElementEdition, ElementName, ElementOrganisation,
	ElementRole, ElementQR, ElementCode, ElementPhoto, ElementText}

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
	Text   string  `json:"text,omitempty"`
}

// Limits of a design, against a stored one that would draw without end.
const (
	maxSide     = 1200 // millimetres
	maxElements = 60
	maxCells    = 200
	maxLines    = 6
)

// Check tells what is wrong with a design before anything is printed with it.
func (d Design) Check() error {
	for _, v := range []float64{d.Page.W, d.Page.H, d.Cell.W, d.Cell.H} {
		if !(v >= 10 && v <= maxSide) {
			return fmt.Errorf("paper: design %q: a side of %g mm", d.Name, v)
		}
	}
	if d.Columns < 1 || d.Rows < 1 || d.Columns*d.Rows > maxCells {
		return fmt.Errorf("paper: design %q: %d × %d badges a page", d.Name, d.Columns, d.Rows)
	}
	if d.Cell.W*float64(d.Columns) > d.Page.W+.01 || d.Cell.H*float64(d.Rows) > d.Page.H+.01 {
		return fmt.Errorf("paper: design %q: the badges are larger than the page", d.Name)
	}
	if len(d.Elements) > maxElements {
		return fmt.Errorf("paper: design %q: more than %d elements", d.Name, maxElements)
	}
	for _, e := range d.Elements {
		if err := e.check(d.Cell); err != nil {
			return fmt.Errorf("paper: design %q: %s: %w", d.Name, e.Kind, err)
		}
	}
	return nil
}

func (e Element) check(cell Size) error {
	b := e.Box
	for _, v := range []float64{b.X, b.Y, b.W, b.H, e.Max, e.Good, e.Min} {
		if math.IsNaN(v) || math.Abs(v) > maxSide {
			return fmt.Errorf("a measure of %g", v)
		}
	}
	switch {
	case !slices.Contains(elementKinds, e.Kind):
		return fmt.Errorf("unknown element")
	case b.W <= 0 || b.H <= 0:
		return fmt.Errorf("an empty box")
	case e.Kind == ElementHall: // may bleed over the edge
		return nil
	case b.X < 0 || b.Y < 0 || b.X+b.W > cell.W+.01 || b.Y+b.H > cell.H+.01:
		return fmt.Errorf("its box leaves the badge")
	case e.textual() && !(e.Min >= 3 && e.Good >= e.Min && e.Max >= e.Good && e.Lines >= 1 && e.Lines <= maxLines):
		return fmt.Errorf("sizes must be 3 ≤ min ≤ good ≤ max, lines 1 to %d", maxLines)
	}
	return nil
}

func (e Element) textual() bool {
	return !slices.Contains([]string{ElementHall, ElementMark, ElementQR}, e.Kind)
}

// Designs are the ready ones, in the order in which they are offered.
func Designs() []Design { return []Design{A6(), Sheet8()} }

// A6 is one badge a page, upright, with room for a lanyard's slot above. The code's white margin is part of its box,
// so the box reaches past the margin by that much and the dark modules stand in line with the text.
func A6() Design {
	return Design{Name: "a6", Page: Size{105, 148}, Cell: Size{105, 148}, Columns: 1, Rows: 1, Elements: []Element{
		{Kind: ElementHall, Box: Box{-22.5, 52, 150, 79}},
		{Kind: ElementMark, Box: Box{9, 13.8, 9.4, 6}},
		{Kind: ElementSeries, Box: Box{20.2, 12.4, 36, 8}, Max: 13, Good: 11, Min: 7, Lines: 1, Bold: true, Bottom: true},
		{Kind: ElementEdition, Box: Box{56, 12.4, 40, 7.75}, Max: 10, Good: 9, Min: 6, Lines: 1, Quiet: true, Right: true, Bottom: true},
		{Kind: ElementName, Box: Box{9, 26, 87, 44}, Max: 46, Good: 24, Min: 12, Lines: 3, Bold: true, Bottom: true},
		{Kind: ElementOrganisation, Box: Box{9, 71.5, 87, 14}, Max: 14, Good: 11, Min: 8, Lines: 2, Quiet: true},
		{Kind: ElementQR, Box: Box{66.5, 89, 33, 33}},
		{Kind: ElementCode, Box: Box{66.5, 120.4, 33, 5}, Max: 9, Good: 8, Min: 5, Lines: 1, Centre: true},
		{Kind: ElementPhoto, Box: Box{9, 117.8, 54, 7}, Max: 10, Good: 9, Min: 6, Lines: 1},
		{Kind: ElementRole, Box: Box{0, 131, 105, 17}, Max: 20, Good: 15, Min: 9, Lines: 1, Bold: true},
	}}
}

// Sheet8 is eight badges of 90 × 65 mm on an A4 sheet, with cut marks.
func Sheet8() Design {
	return Design{Name: "a4-8", Page: Size{210, 297}, Cell: Size{90, 65}, Columns: 2, Rows: 4, Cuts: true, Elements: []Element{
		{Kind: ElementHall, Box: Box{-6, 4, 102, 51}},
		{Kind: ElementMark, Box: Box{6, 6.2, 7.4, 4.8}},
		{Kind: ElementSeries, Box: Box{14.8, 5.2, 32, 6.4}, Max: 10, Good: 9, Min: 6, Lines: 1, Bold: true, Bottom: true},
		{Kind: ElementEdition, Box: Box{46, 5.2, 38, 6.23}, Max: 8, Good: 7, Min: 5, Lines: 1, Quiet: true, Right: true, Bottom: true},
		{Kind: ElementName, Box: Box{6, 12, 78, 19.5}, Max: 26, Good: 17, Min: 9, Lines: 2, Bold: true, Bottom: true},
		{Kind: ElementOrganisation, Box: Box{6, 32.2, 57, 10}, Max: 10, Good: 8.5, Min: 6, Lines: 2, Quiet: true},
		{Kind: ElementQR, Box: Box{65.2, 31.2, 21, 21}},
		{Kind: ElementCode, Box: Box{65.2, 50.6, 21, 3.8}, Max: 6.5, Good: 6, Min: 4, Lines: 1, Centre: true},
		{Kind: ElementPhoto, Box: Box{6, 47.6, 56, 5.6}, Max: 8, Good: 7, Min: 5, Lines: 1},
		{Kind: ElementRole, Box: Box{0, 55, 90, 10}, Max: 13, Good: 10, Min: 6, Lines: 1, Bold: true},
	}}
}
