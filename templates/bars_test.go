package templates

import (
	"strings"
	"testing"
)

func TestBars(t *testing.T) {
	b := Bars{Names: []string{"a", "b"}, Groups: []BarGroup{{"2016", []int{290, 160}}, {"2027", []int{0, -4}}}}
	svg := string(b.SVG())
	if b.Top() != 300 || b.Half() != 150 || strings.Count(svg, "<rect") != 4 {
		t.Errorf("top %d: %s", b.Top(), svg)
	}
	for _, part := range []string{`class="bar-1" x="197.4" y="6.7" width="49.3" height="193.3"`, `class="bar-2" x="753.4" y="200" width="49.3" height="0"`} {
		if !strings.Contains(svg, part) {
			t.Errorf("no %s in %s", part, svg)
		}
	}
	if empty := string(Bars{}.SVG()); strings.Contains(empty, "rect") || strings.Contains(empty, "NaN") {
		t.Error(empty)
	}
	many := Bars{Names: []string{"a", "b", "c"}}
	for range 40 {
		many.Groups = append(many.Groups, BarGroup{"x", []int{1, 2, 3}})
	}
	if svg := string(many.SVG()); strings.Count(svg, "<rect") != 120 || strings.Contains(svg, `x="1001`) {
		t.Error("forty years do not fit")
	}
}

func TestPins(t *testing.T) {
	p := Pins{Label: `Kartta: "A" & B`, List: []Pin{{Name: "Turku", Lon: 22.27, Lat: 60.45}, {Name: "Joensuu <b>", Lon: 29.76, Lat: 62.6, Next: true}, {Name: "Praha", Lon: 14.4, Lat: 50.1}}}
	svg := string(p.SVG())
	for part, n := range map[string]int{`aria-label="Kartta: &#34;A&#34; &amp; B"`: 1, "<circle": 2, `class="land-pin next"`: 1, `text-anchor="end"`: 1, "Joensuu &lt;b&gt;</text>": 1, "Praha": 0, "style=": 0} {
		if got := strings.Count(svg, part); got != n {
			t.Errorf("%s: %d", part, got)
		}
	}
	if dots := strings.Count(svg, "h0"); dots < 200 || dots > 500 {
		t.Errorf("%d dots", dots)
	}
	// Helsinki and Espoo are told apart.
	near := Pins{List: []Pin{{Name: "Helsinki", Lon: 24.94, Lat: 60.17}, {Name: "Espoo", Lon: 24.66, Lat: 60.21}}}
	_, first, _ := strings.Cut(string(near.SVG()), "<text")
	_, second, _ := strings.Cut(first, "<text")
	line := func(s string) string { _, s, _ = strings.Cut(s, ` y="`); s, _, _ = strings.Cut(s, `"`); return s }
	if line(first) == line(second) {
		t.Error("names lie on each other")
	}
	for _, where := range [][2]float64{{25.7, 62.2}, {26, 67}, {24.9, 60.3}} {
		if !inside(where[0], where[1], land[:]) {
			t.Error(where, "is in Finland")
		}
	}
	for _, where := range [][2]float64{{18, 59.3}, {30.3, 59.9}, {24.7, 59.4}, {21, 64}} {
		if inside(where[0], where[1], land[:]) {
			t.Error(where, "is not in Finland")
		}
	}
}
