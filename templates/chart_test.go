package templates

import (
	"strings"
	"testing"
)

func TestMeter(t *testing.T) {
	half := string(Meter{Taken: 150, Capacity: 300}.SVG())
	if !strings.Contains(half, `class="taken" width="500"`) || strings.Contains(half, "wait") {
		t.Error(half)
	}
	full := string(Meter{Taken: 300, Waiting: 100, Capacity: 300}.SVG())
	if !strings.Contains(full, `class="taken" width="750"`) || !strings.Contains(full, `class="wait" x="750" width="250"`) {
		t.Error(full)
	}
	over := string(Meter{Taken: 320, Capacity: 300}.SVG())
	if !strings.Contains(over, `width="1000"`) {
		t.Error(over)
	}
	if (Meter{Taken: 5}).Limited() {
		t.Error("no capacity is no limit")
	}
	if empty := string(Meter{}.SVG()); strings.Contains(empty, "NaN") {
		t.Error(empty)
	}
}

func TestChartScale(t *testing.T) {
	for highest, want := range map[int]int{0: 4, 5: 6, 10: 10, 11: 20, 211: 300, 300: 300, 301: 400, 999: 1000} {
		if got := (Chart{Values: []int{0, highest}}).Top(); got != want {
			t.Errorf("highest %d: top %d, want %d", highest, got, want)
		}
	}
	c := Chart{Values: []int{0, 100}, Capacity: 300}
	if c.Top() != 300 || c.Half() != 150 {
		t.Error("the limit is part of the scale")
	}
}

func TestChartDrawsValuesAndLimit(t *testing.T) {
	svg := string(Chart{Values: []int{0, 50, 100}, Capacity: 100}.SVG())
	for _, want := range []string{`class="curve" d="M0 200 500 100 1000 0"`, `class="limit" d="M0 0h1000"`, `class="end" d="M1000 0h0"`} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s missing in %s", want, svg)
		}
	}
	one := string(Chart{Values: []int{3}}.SVG())
	if strings.Contains(one, "NaN") || strings.Contains(one, "limit") {
		t.Error(one)
	}
	if none := string(Chart{}.SVG()); strings.Contains(none, "curve") {
		t.Error(none)
	}
}

func TestChartPoints(t *testing.T) {
	c := Chart{Values: []int{1, 2, 3}, Days: []string{"a", "b"}}
	if p := c.Points(); len(p) != 2 || p[1] != (Point{Day: "b", Count: 2}) || c.First() != "a" || c.Last() != "b" {
		t.Error(p)
	}
	if (Chart{}).First() != "" || (Chart{Days: []string{"a"}}).Last() != "" {
		t.Error("a single day stands once")
	}
}

// Those who wait are a curve of their own on the same scale, and the table says
// what was left.
func TestChartOfWaiting(t *testing.T) {
	c := Chart{Values: []int{50, 100, 100}, Waiting: []int{0, 0, 200}, Left: []int{50, 0, -1}, Days: []string{"a", "b", "c"}, Capacity: 100}
	if c.Top() != 200 || !c.Detailed() || !c.Waits() {
		t.Error(c.Top(), c.Detailed(), c.Waits())
	}
	if svg := string(c.SVG()); !strings.Contains(svg, `class="waits" d="M0 200 500 200 1000 0"`) || !strings.Contains(svg, `class="curve" d="M0 150 500 100 1000 100"`) {
		t.Error(svg)
	}
	if p := c.Points(); p[2] != (Point{Day: "c", Count: 100, Left: -1, Waiting: 200}) {
		t.Error(p)
	}
	c.Waiting = []int{0, 0, 0}
	if svg := string(c.SVG()); strings.Contains(svg, "waits") {
		t.Error("nobody waits, and a curve of them is drawn")
	}
}
