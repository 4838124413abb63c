package paper

import "math"

// MaxDots is how many dots a hall has: above it a dot stands for several seats.
const MaxDots = 1200

// The hall, as on the site: one dot is one seat, rows of an amphitheatre.
const (
	defaultDots = 300
	stageRadius = 0.29 // of the outermost row
)

// seat is a dot's place: x from -1 to 1, y up from the stage from 0 to 1.
type seat struct{ x, y float64 }

// hall places n seats, counted row by row from the stage and from left to right, and tells the radius that lets
// neighbours keep their distance.
func hall(n int) ([]seat, float64) {
	if n <= 0 {
		n = defaultDots
	}
	n = min(n, MaxDots)
	rows := min(18, max(3, int(math.Round(math.Sqrt(float64(n)/3.7)))))
	step := (1 - stageRadius) / float64(rows-1)
	sum := 0.0
	for i := range rows {
		sum += stageRadius + step*float64(i)
	}
	seats := make([]seat, 0, n)
	for i := range rows {
		r := stageRadius + step*float64(i)
		count := int(math.Round(float64(n) * r / sum))
		if i == rows-1 || len(seats)+count > n {
			count = n - len(seats)
		}
		for k := range count {
			a := math.Pi * (1 - (float64(k)+.5)/float64(count))
			seats = append(seats, seat{r * math.Cos(a), r * math.Sin(a)})
		}
	}
	return seats, min(step, math.Pi*stageRadius/math.Max(float64(n)*stageRadius/sum, 1)) * .19
}

// dotOf maps a seat's number (from 0) to its dot when dots stand for several seats.
func dotOf(number, seats int) int {
	if seats <= MaxDots {
		return number
	}
	return number * MaxDots / seats
}

// markDots are the three rows of dots that stand for the series, in units of the mark's width.
func markDots() []seat {
	var out []seat
	for _, row := range [][2]float64{{5, 3}, {10, 5}, {15, 8}} {
		for k := range int(row[1]) {
			a := math.Pi * (1 - (float64(k)+.5)/row[1])
			out = append(out, seat{row[0] * math.Cos(a) / 34, row[0] * math.Sin(a) / 34})
		}
	}
	return out
}
