package templates

import (
	"fmt"
	"html/template"
	"math"
	"slices"
)

// Meter shows how far a kind of place is filled. A capacity of zero or less means no
// limit. Text is an own sentence after the figures.
type Meter struct {
	Taken, Waiting, Capacity int
	Text                     string
}

// Limited tells whether there is anything to measure against.
func (m Meter) Limited() bool { return m.Capacity > 0 }

// SVG is the bar: taken seats, free ones, and beyond the limit's line those who wait.
// It is decoration beside the figures in words.
func (m Meter) SVG() template.HTML {
	const width = 1000.0
	taken, waiting := max(m.Taken, 0), max(m.Waiting, 0)
	whole := float64(max(m.Capacity, taken, 1) + waiting)
	at := func(n int) string { return short(width * float64(n) / whole) }
	var d drawing
	d.WriteString(`<svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">`)
	fmt.Fprintf(&d, `<rect class="taken" width="%s" height="10"/>`, at(taken))
	if waiting > 0 {
		start := max(m.Capacity, taken)
		fmt.Fprintf(&d, `<rect class="wait" x="%s" width="%s" height="10"/><path class="limit" d="M%s 0v10"/>`, at(start), at(waiting), at(start))
	}
	d.WriteString(`</svg>`)
	return d.html()
}

// Chart is a curve of counts over days or hours with the limit they approach (none
// when zero), and a second one of those who wait where Waiting is given.
type Chart struct {
	Label    string
	Values   []int
	Days     []string
	Capacity int
	Waiting  []int
	// Left is what was free at each point, below zero when there was no limit.
	Left []int
}

// Point is one row of the chart's table.
type Point struct {
	Day                  string
	Count, Left, Waiting int
}

// Detailed tells whether the table says what was left and who waited.
func (c Chart) Detailed() bool { return len(c.Left) > 0 }

// Waits tells whether anybody ever waited, and so a second curve is drawn.
func (c Chart) Waits() bool { return slices.ContainsFunc(c.Waiting, func(n int) bool { return n > 0 }) }

// Limited tells whether a limit is drawn.
func (c Chart) Limited() bool { return c.Capacity > 0 }

// Points pairs days with counts, as far as both are given.
func (c Chart) Points() []Point {
	points := make([]Point, min(len(c.Values), len(c.Days)))
	for i := range points {
		points[i] = Point{Day: c.Days[i], Count: c.Values[i]}
		if i < len(c.Left) {
			points[i].Left = c.Left[i]
		}
		if i < len(c.Waiting) {
			points[i].Waiting = c.Waiting[i]
		}
	}
	return points
}

// First is the day under the curve's start, and Last the one under its end.
func (c Chart) First() string {
	if len(c.Days) == 0 {
		return ""
	}
	return c.Days[0]
}

// Last is the day under the curve's end; empty when it would repeat First.
func (c Chart) Last() string {
	if len(c.Days) < 2 {
		return ""
	}
	return c.Days[len(c.Days)-1]
}

// Top is the scale's end: a round, even number not below any value or the limit.
func (c Chart) Top() int {
	highest := max(c.Capacity, 4)
	for _, v := range slices.Concat(c.Values, c.Waiting) {
		highest = max(highest, v)
	}
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{2, 3, 4, 5, 6, 8, 10} {
			if top := step * unit; top >= highest && top%2 == 0 {
				return top
			}
		}
	}
}

// Half is the middle of the scale.
func (c Chart) Half() int { return c.Top() / 2 }

// SVG is the curve alone, stretched to its box; figures stand around it as text so
// that they keep their size on a phone.
func (c Chart) SVG() template.HTML {
	const width, height = 1000.0, 200.0
	top := float64(c.Top())
	y := func(n int) string { return short(height * (1 - float64(max(n, 0))/top)) }
	var d drawing
	d.WriteString(`<svg class="chart-plot" viewBox="0 0 1000 200" preserveAspectRatio="none" aria-hidden="true"><path class="rule" d="M0 0h1000M0 100h1000M0 200h1000"/>`)
	through := func(values []int) (line, last string) {
		last = "0"
		for i, v := range values {
			last = short(width * float64(i) / math.Max(1, float64(len(values)-1)))
			line += " " + last + " " + y(v)
		}
		return line[1:], last
	}
	if n := len(c.Values); n > 0 {
		line, last := through(c.Values)
		fmt.Fprintf(&d, `<path class="area" d="M0 200L%s %s 200z"/><path class="curve" d="M%s"/>`, line, last, line)
		if c.Waits() {
			waits, _ := through(c.Waiting)
			fmt.Fprintf(&d, `<path class="waits" d="M%s"/>`, waits)
		}
		fmt.Fprintf(&d, `<path class="end" d="M%s %sh0"/>`, last, y(c.Values[n-1]))
	}
	if c.Limited() {
		fmt.Fprintf(&d, `<path class="limit" d="M0 %sh1000"/>`, y(c.Capacity))
	}
	d.WriteString(`</svg>`)
	return d.html()
}
