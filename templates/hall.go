package templates

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// MaxDots is how many seats are drawn one by one; beyond it a dot stands for several,
// so that dots stay apart on a phone and the picture stays small.
const MaxDots = 1200

// The hall's canvas: half circles around a stage at the middle of the lower edge.
const (
	hallWidth, hallHeight = 664, 352
	hallX, hallY          = 332.0, 330.0
	innerRadius           = 92.0
	outerRadius           = 318.0
)

// HallDrawing is the amphitheatre and how many seats one of its dots stands for.
type HallDrawing struct {
	SVG   template.HTML
	Scale int
}

type seat struct{ x, y, wish float64 }

// Hall draws the seats of an edition. The order in which seats fill depends only on the
// capacity, so one more registration adds one dot and moves none. mine is the viewer's
// 1-based number among the taken (0: none). A capacity of zero or less means no limit:
// then only the taken seats are dots, on rows left open.
func Hall(capacity, taken, mine int, label string) HallDrawing {
	taken, mine = max(taken, 0), max(mine, 0)
	seats, open := capacity, capacity <= 0
	if open {
		seats = max(60, int(math.Ceil(float64(taken)*1.3)))
	}
	scale := hallScale(seats)
	dots := (seats + scale - 1) / scale
	filled := scaled(min(taken, seats), seats, dots, scale)

	places, radius, radii := arrange(dots)
	var d drawing
	fmt.Fprintf(&d, `<svg class="hall" viewBox="0 0 %d %d" role="img" aria-label="%s">`, hallWidth, hallHeight, esc(label))
	if open {
		drawRows(&d, radii)
	}
	me := -1
	if mine > 0 {
		me = min((mine-1)/scale, dots-1)
	}
	drawTaken(&d, places[:filled], me, radius)
	if !open {
		drawFree(&d, places[filled:], me-filled, radius)
	}
	if me >= 0 {
		drawMine(&d, places[me], radius)
	}
	fmt.Fprintf(&d, `<path class="stage" stroke-width="2" stroke-linecap="round" d="M%s 336Q%s 314 %s 336"/></svg>`,
		short(hallX-52), short(hallX), short(hallX+52))
	return HallDrawing{SVG: d.html(), Scale: scale}
}

// hallScale picks a number that people can say: 2, 5, 10, 20, 50 …
func hallScale(seats int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{1, 2, 5} {
			if seats <= MaxDots*step*unit {
				return step * unit
			}
		}
	}
}

// scaled keeps the ends honest: one taken seat shows, and one free seat too.
func scaled(taken, seats, dots, scale int) int {
	n := (taken + scale/2) / scale
	if taken > 0 {
		n = max(n, 1)
	}
	if taken < seats {
		n = min(n, dots-1)
	}
	return min(n, dots)
}

// arrange spreads the dots over rows that grow with the radius and returns them in the
// order they fill: from the stage outwards and the middle first, as people do sit down.
func arrange(dots int) (places []seat, radius float64, radii []float64) {
	area := math.Pi / 2 * (outerRadius*outerRadius - innerRadius*innerRadius)
	rows := max(1, int(math.Round((outerRadius-innerRadius)/math.Sqrt(1.4*area/float64(dots))))+1)
	if dots < 3*rows {
		rows = max(1, dots/3)
	}
	total := 0.0
	for i := range rows {
		r := (innerRadius + outerRadius) / 2
		if rows > 1 {
			r = innerRadius + float64(i)*(outerRadius-innerRadius)/float64(rows-1)
		}
		radii = append(radii, r)
		total += r
	}
	rng := rand.New(rand.NewPCG(7, uint64(dots))) // #nosec G404 -- a picture, not a secret
	pitch := math.MaxFloat64
	upto, placed := 0.0, 0
	for _, r := range radii {
		upto += r
		count := int(math.Round(upto/total*float64(dots))) - placed
		placed += count
		pitch = min(pitch, math.Pi*r/float64(max(count, 1)))
		for i := range count {
			angle := math.Pi * (1 - (float64(i)+.5)/float64(count))
			places = append(places, seat{
				x:    hallX + r*math.Cos(angle),
				y:    hallY - r*math.Sin(angle),
				wish: (r-innerRadius)/(outerRadius-innerRadius) + .09*math.Abs(math.Cos(angle)) + .11*rng.NormFloat64(),
			})
		}
	}
	slices.SortStableFunc(places, func(a, b seat) int { return cmp.Compare(a.wish, b.wish) })
	return places, min(11, pitch*.29), radii
}

// drawTaken makes each dot a line of no length with a round end: a third of the bytes
// of circles, which matters on a page that thousands open at once.
func drawTaken(d *drawing, places []seat, skip int, radius float64) {
	fmt.Fprintf(d, `<path class="taken" stroke-width="%s" stroke-linecap="round" d="`, short(2*radius))
	for i, p := range places {
		if i != skip {
			d.WriteString("M" + short(p.x) + " " + short(p.y) + "h0")
		}
	}
	d.WriteString(`"/>`)
}

func drawFree(d *drawing, places []seat, skip int, radius float64) {
	line := max(.7, min(1.3, radius*.24))
	r := short(radius - line/2)
	fmt.Fprintf(d, `<path class="seat" stroke-width="%s" d="`, short(line))
	for i, p := range places {
		if i != skip {
			d.WriteString("M" + short(p.x) + " " + short(p.y-radius+line/2) + "a" + r + " " + r + " 0 1 0 .1 0z")
		}
	}
	d.WriteString(`"/>`)
}

// drawMine adds a ring, so that the own seat is told by shape as well as by colour.
func drawMine(d *drawing, p seat, radius float64) {
	at := "M" + short(p.x) + " " + short(p.y) + "h0"
	fmt.Fprintf(d, `<path class="mine" stroke-width="%s" stroke-linecap="round" d="%s"/>`, short(min(2.4*radius, 2*radius+3)), at)
	ring := min(radius*2.1, radius+6)
	r := short(ring)
	fmt.Fprintf(d, `<path class="mine-ring" stroke-width="1.6" d="M%s %sa%s %s 0 1 0 .1 0z"/>`, short(p.x), short(p.y-ring), r, r)
}

func drawRows(d *drawing, radii []float64) {
	d.WriteString(`<path class="row-line" stroke-width="1.2" d="`)
	for _, r := range radii {
		fmt.Fprintf(d, "M%s %sa%s %s 0 0 1 %s 0", short(hallX-r), short(hallY), short(r), short(r), short(2*r))
	}
	d.WriteString(`"/>`)
}

// markPath is the mark: the hall in three rows of dots.
const markPath = "M10.7 19.6a1.9 1.9 0 1 0 .1 0zM15 17.1a1.9 1.9 0 1 0 .1 0zM19.3 19.6a1.9 1.9 0 1 0 .1 0zM5.5 19a1.9 1.9 0 1 0 .1 0z" +
	"M9.1 14a1.9 1.9 0 1 0 .1 0zM15 12.1a1.9 1.9 0 1 0 .1 0zM20.9 14a1.9 1.9 0 1 0 .1 0zM24.5 19a1.9 1.9 0 1 0 .1 0z" +
	"M0.3 19.2a1.9 1.9 0 1 0 .1 0zM2.5 13.8a1.9 1.9 0 1 0 .1 0zM6.7 9.6a1.9 1.9 0 1 0 .1 0zM12.1 7.4a1.9 1.9 0 1 0 .1 0z" +
	"M17.9 7.4a1.9 1.9 0 1 0 .1 0zM23.3 9.6a1.9 1.9 0 1 0 .1 0zM27.5 13.8a1.9 1.9 0 1 0 .1 0zM29.7 19.2a1.9 1.9 0 1 0 .1 0z"

// Mark is the hall in three rows of dots.
func Mark() template.HTML {
	var d drawing
	d.WriteString(`<svg viewBox="-2 4 34 24" aria-hidden="true"><path class="mark-dots" d="` + markPath + `"/></svg>`)
	return d.html()
}

// short writes a coordinate with one decimal at most.
func short(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}
