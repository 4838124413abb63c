package templates

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var pathOf = func(svg, class string) string {
	m := regexp.MustCompile(`<path class="` + class + `"[^>]* d="([^"]*)"`).FindStringSubmatch(svg)
	if m == nil {
		return ""
	}
	return m[1]
}

func dots(svg, class string) int { return strings.Count(pathOf(svg, class), "M") }

func TestHallDrawsEverySeatOnce(t *testing.T) {
	cases := []struct{ capacity, taken, mine, wantTaken, wantFree, wantMine, wantScale int }{
		{300, 0, 0, 0, 300, 0, 1},
		{300, 211, 0, 211, 89, 0, 1},
		{300, 300, 0, 300, 0, 0, 1},
		{300, 320, 0, 300, 0, 0, 1},
		{300, 212, 118, 211, 88, 1, 1},
		{300, 10, 11, 10, 289, 1, 1},
		{1, 0, 0, 0, 1, 0, 1},
		{1, 1, 1, 0, 0, 1, 1},
		{2, 1, 0, 1, 1, 0, 1},
		{7, 3, 0, 3, 4, 0, 1},
		{1200, 1, 0, 1, 1199, 0, 1},
		{1201, 1, 0, 1, 600, 0, 2},
		{1201, 1200, 0, 600, 1, 0, 2},
		{6000, 0, 0, 0, 1200, 0, 5},
		{100_000, 99_999, 0, 999, 1, 0, 100},
		{0, 50, 0, 50, 0, 0, 1},
		{-1, 0, 0, 0, 0, 0, 1},
		{40, -5, -5, 0, 40, 0, 1},
	}
	for _, c := range cases {
		got := Hall(c.capacity, c.taken, c.mine, "x")
		svg := string(got.SVG)
		if got.Scale != c.wantScale {
			t.Errorf("%+v: scale %d", c, got.Scale)
		}
		taken, free, mine := dots(svg, "taken"), dots(svg, "seat"), dots(svg, "mine")
		if taken != c.wantTaken || free != c.wantFree || mine != c.wantMine {
			t.Errorf("%+v: %d taken, %d free, %d mine", c, taken, free, mine)
		}
	}
}

func TestHallStaysInsideItsCanvas(t *testing.T) {
	point := regexp.MustCompile(`M(-?[\d.]+) (-?[\d.]+)`)
	for _, capacity := range []int{0, 1, 2, 5, 17, 60, 300, 1200, 4321} {
		svg := string(Hall(capacity, capacity/2, 0, "x").SVG)
		for _, m := range point.FindAllStringSubmatch(svg, -1) {
			x, _ := strconv.ParseFloat(m[1], 64)
			y, _ := strconv.ParseFloat(m[2], 64)
			if x < 5 || x > hallWidth-5 || y < 0 || y > hallHeight-5 {
				t.Fatalf("capacity %d: dot at %v %v", capacity, x, y)
			}
		}
	}
}

func TestHallDotsDoNotTouch(t *testing.T) {
	for _, capacity := range []int{2, 12, 60, 300, 1200} {
		places, radius, _ := arrange(capacity)
		for i, a := range places {
			for _, b := range places[:i] {
				if d := math.Hypot(a.x-b.x, a.y-b.y); d < 2*radius {
					t.Fatalf("capacity %d: dots %v apart with radius %v", capacity, d, radius)
				}
			}
		}
	}
}

func TestHallIsTheSameEveryTimeAndGrowsBySeats(t *testing.T) {
	if first, second := Hall(300, 100, 3, "x"), Hall(300, 100, 3, "x"); first != second {
		t.Fatal("two drawings differ")
	}
	before := pathOf(string(Hall(300, 100, 0, "x").SVG), "taken")
	after := pathOf(string(Hall(300, 101, 0, "x").SVG), "taken")
	if !strings.HasPrefix(after, before) {
		t.Fatal("one more seat moved others")
	}
}

func TestHallIsSmall(t *testing.T) {
	for _, taken := range []int{0, 211, 300} {
		if n := len(Hall(300, taken, 0, "x").SVG); n > 16<<10 {
			t.Errorf("%d taken: %d bytes", taken, n)
		}
	}
}

func TestHallEscapesItsLabel(t *testing.T) {
	svg := string(Hall(3, 1, 0, `"><script>alert(1)</script>`).SVG)
	if strings.Contains(svg, "<script") || !strings.Contains(svg, "&lt;script") {
		t.Fatal(svg)
	}
}

func TestMarkIsOneDrawing(t *testing.T) {
	frame, err := FS.ReadFile("base/frame.html")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(frame), `{{define "mark-path"}}`+markPath+`{{end}}`) || !strings.Contains(string(Mark()), markPath) {
		t.Fatal("the mark in base/frame.html and the one in Mark differ")
	}
	if n := strings.Count(markPath, "M"); n != 16 {
		t.Fatalf("%d dots", n)
	}
}

func BenchmarkHall(b *testing.B) {
	for b.Loop() {
		Hall(300, 211, 0, "300 paikkaa, 211 varattu")
	}
}
