package templates

import (
	"fmt"
	"html/template"
)

// Bars compare groups of counts: a group for each year, a bar for each kind, at
// most three. The figures stand in a table elsewhere on the page.
type Bars struct {
	Label  string
	Names  []string // of the kinds, in the order of their bars
	Groups []BarGroup
}

// BarGroup is one year with a value for each kind.
type BarGroup struct {
	Name   string
	Values []int
}

// widest is a bar's greatest width: two years are no barn doors.
const widest = 56.0

// scale is the chart whose axis these bars share.
func (b Bars) scale() Chart {
	var c Chart
	for _, g := range b.Groups {
		c.Values = append(c.Values, g.Values...)
	}
	return c
}

// Top is the scale's end, and Half its middle.
func (b Bars) Top() int { return b.scale().Top() }

// Half is the middle of the scale.
func (b Bars) Half() int { return b.Top() / 2 }

// SVG is the bars alone, stretched to their box as a curve is.
func (b Bars) SVG() template.HTML {
	const width, height = 1000.0, 200.0
	top := float64(b.Top())
	var d drawing
	d.WriteString(`<svg class="chart-plot" viewBox="0 0 1000 200" preserveAspectRatio="none" aria-hidden="true"><path class="rule" d="M0 0h1000M0 100h1000M0 200h1000"/>`)
	each := width / float64(max(len(b.Groups), 1))
	bar := min(each*.8/float64(max(len(b.Names), 1)), widest)
	for i, g := range b.Groups {
		x := each*(float64(i)+.5) - bar*float64(len(g.Values))/2
		for kind, n := range g.Values {
			high := height * float64(max(n, 0)) / top
			fmt.Fprintf(&d, `<rect class="bar-%d" x="%s" y="%s" width="%s" height="%s"/>`, kind+1, short(x+bar*(float64(kind)+.06)), short(height-high), short(bar*.88), short(high))
		}
	}
	d.WriteString(`</svg>`)
	return d.html()
}
