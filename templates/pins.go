package templates

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
)

// Pins are places on a map of Finland, which is drawn of dots as the hall is. Of
// places elsewhere nothing is drawn.
type Pins struct {
	Label string
	List  []Pin
}

// Pin is a named place in degrees; Next is where people gather next.
type Pin struct {
	Name     string
	Lon, Lat float64
	Next     bool
}

// The map's canvas: degrees become units so that a dot is as far from the next
// one east as from the next one north, as at 64 degrees.
const (
	west, east   = 19.0, 32.0
	south, north = 59.6, 70.2
	perLat       = 42.0
	perLon       = perLat * .438
	dotEvery     = 11.0
	mapDot       = 2.6
	pinDot       = 6.0
	nameHigh     = 18.0 // a line of a name
	nameWide     = 8.6  // a letter of it, generously
)

// The canvas is as large as the degrees it shows.
const mapWidth, mapHeight = 239, 446

// land is the outline of Finland with its coast, roughly, in degrees.
var land = [...][2]float64{{22.9, 59.8}, {24.0, 60.0}, {25.0, 60.15}, {26.2, 60.35}, {27.75, 60.5}, {28.6, 60.95}, {29.4, 61.4}, {30.3, 61.85},
	{31.2, 62.4}, {31.6, 62.9}, {30.6, 63.4}, {30.0, 63.75}, {30.5, 64.2}, {29.65, 64.9}, {29.75, 65.6}, {29.05, 66.9}, {30.0, 67.7}, {28.5, 68.2},
	{28.6, 68.9}, {29.3, 69.4}, {28.0, 70.1}, {26.5, 69.95}, {25.8, 69.4}, {25.7, 68.9}, {24.9, 68.6}, {23.9, 68.85}, {22.4, 68.75}, {21.2, 69.3},
	{20.6, 69.05}, {21.8, 68.55}, {23.2, 68.15}, {23.65, 67.9}, {23.5, 67.4}, {23.95, 66.8}, {23.65, 66.3}, {24.15, 65.8}, {25.2, 65.5}, {25.4, 65.0},
	{24.5, 64.7}, {23.9, 64.2}, {23.0, 63.8}, {21.5, 63.2}, {21.2, 62.4}, {21.5, 61.5}, {21.3, 60.8}, {21.9, 60.3}}

// islands is Åland.
var islands = [...][2]float64{{19.9, 60.35}, {20.2, 60.2}, {19.8, 60.15}}

// SVG draws the land, the pins and their names.
func (p Pins) SVG() template.HTML {
	var d drawing
	fmt.Fprintf(&d, `<svg class="land" viewBox="0 0 %d %d" role="img" aria-label="%s"><path class="land-dots" d="`, mapWidth, mapHeight, esc(p.Label))
	row := 0
	for y := dotEvery / 2; y < float64(mapHeight); y += dotEvery * math.Sqrt(3) / 2 {
		row++
		for x := dotEvery / 2 * float64(1+row%2); x < float64(mapWidth); x += dotEvery {
			if lon, lat := west+x/perLon, north-y/perLat; inside(lon, lat, land[:]) {
				fmt.Fprintf(&d, "M%s %sh0", short(x), short(y))
			}
		}
	}
	for _, i := range islands {
		x, y := onMap(i[0], i[1])
		fmt.Fprintf(&d, "M%s %sh0", short(x), short(y))
	}
	fmt.Fprintf(&d, `" stroke-width="%s"/>`, short(2*mapDot))
	p.draw(&d)
	d.WriteString(`</svg>`)
	return d.html()
}

// draw puts the pins on the map from north to south; a name goes left of its pin
// where the map ends right of it, and lower where another stands.
func (p Pins) draw(d *drawing) {
	type box struct{ from, to, y float64 }
	var named []box
	list := slices.Clone(p.List)
	slices.SortStableFunc(list, func(a, b Pin) int { return cmp.Compare(b.Lat, a.Lat) })
	for _, pin := range list {
		if pin.Lon < west || pin.Lon > east || pin.Lat < south || pin.Lat > north {
			continue
		}
		class, anchor := "land-pin", "start"
		if pin.Next {
			class += " next"
		}
		x, y := onMap(pin.Lon, pin.Lat)
		wide := nameWide * float64(len([]rune(pin.Name)))
		at := box{from: x + 2*pinDot, y: y}
		if at.to = at.from + wide; at.to > float64(mapWidth) {
			anchor, at.from, at.to = "end", x-2*pinDot-wide, x-2*pinDot
		}
		for slices.ContainsFunc(named, func(o box) bool { return o.from < at.to && at.from < o.to && math.Abs(o.y-at.y) < nameHigh }) {
			at.y += 2
		}
		named = append(named, at)
		edge := at.from
		if anchor == "end" {
			edge = at.to
		}
		fmt.Fprintf(d, `<circle class="%s" cx="%s" cy="%s" r="%s"/><text class="land-name" x="%s" y="%s" text-anchor="%s" dominant-baseline="central">%s</text>`,
			class, short(x), short(y), short(pinDot), short(edge), short(at.y), anchor, esc(pin.Name))
	}
}

func onMap(lon, lat float64) (x, y float64) { return (lon - west) * perLon, (north - lat) * perLat }

// inside tells whether a point lies within an outline: a ray from it crosses the
// outline an odd number of times.
func inside(lon, lat float64, outline [][2]float64) bool {
	in := false
	for i, a := range outline {
		b := outline[(i+1)%len(outline)]
		if (a[1] > lat) != (b[1] > lat) && lon < (b[0]-a[0])*(lat-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}
