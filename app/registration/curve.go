package registration

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// tally is what a kind of place was like at the end of an hour in which it
// changed.
type tally struct {
	bun.BaseModel `bun:"table:tally"`

	EditionID string    `bun:",pk"`
	Kind      Kind      `bun:",pk"`
	Hour      time.Time `bun:",pk"`
	Capacity  *int64
	Taken     int64
	Waiting   int64
}

// count writes the tally of this hour.
func (t *turn) count(ctx context.Context, p *Place) error {
	row := tally{EditionID: p.EditionID, Kind: p.Kind, Hour: t.now.UTC().Truncate(time.Hour), Capacity: p.Capacity, Taken: p.Taken, Waiting: p.Waiting}
	_, err := t.tx.NewInsert().Model(&row).On("CONFLICT (edition_id, kind, hour) DO UPDATE").
		Set("capacity = EXCLUDED.capacity").Set("taken = EXCLUDED.taken").Set("waiting = EXCLUDED.waiting").Exec(ctx)
	return err
}

// Point is what the places of a kind were like at the end of an hour or a day.
type Point struct {
	At       time.Time // its beginning, on the edition's clock
	Capacity *int64
	Taken    int64
	Waiting  int64
}

// curveHours is up to how many hours a curve goes by the hour: the first days
// after the opening are told in hours, a whole autumn in days.
const curveHours = 72

// Curve gives how an edition's places of a kind filled, a point for each hour or,
// when that is long, for each day, without gaps. Daily points stand at the edition's
// own days, also where daylight saving makes one longer.
func (s *Service) Curve(ctx context.Context, e edition.Edition, kind Kind) ([]Point, error) {
	var rows []tally
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND kind = ?", e.ID, kind).Order("hour").Scan(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	until := s.now()
	if until.After(e.EndsAt) {
		until = e.EndsAt
	}
	step := func(t time.Time) time.Time { return t.Add(time.Hour) }
	start := func(t time.Time) time.Time { return e.Local(t) }
	if until.Sub(rows[0].Hour) > curveHours*time.Hour {
		start = func(t time.Time) time.Time {
			y, m, d := e.Local(t).Date()
			return time.Date(y, m, d, 0, 0, 0, 0, e.Location())
		}
		step = func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }
	}
	var points []Point
	for at := start(rows[0].Hour); !at.After(until) || len(rows) > 0; at = step(at) {
		next := step(at)
		p := Point{At: at}
		if len(points) > 0 {
			p = points[len(points)-1]
			p.At = at
		}
		for len(rows) > 0 && rows[0].Hour.Before(next) {
			p.Capacity, p.Taken, p.Waiting = rows[0].Capacity, rows[0].Taken, rows[0].Waiting
			rows = slices.Delete(rows, 0, 1)
		}
		points = append(points, p)
	}
	return points, nil
}
