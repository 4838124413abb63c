package material

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

const (
	// flushAfter is how long openings wait in memory for being written together:
	// what a process that is killed loses.
	flushAfter = 10 * time.Second
	// flushTime bounds one writing.
	flushTime = 5 * time.Second
)

// opened is one material on one day of its edition's clock.
type opened struct{ id, day string }

// counter gathers openings, so that a hall that opens the slides at once is one
// statement and nobody waits for it.
type counter struct {
	mu    sync.Mutex
	n     map[opened]int64
	timer *time.Timer
	off   bool
}

// Count notes that a piece of material was opened: on which day and nothing else.
func (s *Service) Count(e edition.Edition, id string) {
	c := &s.counter
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[opened{id, e.Local(s.now()).Format(time.DateOnly)}]++
	if c.timer == nil && !c.off {
		c.timer = time.AfterFunc(flushAfter, func() {
			ctx, cancel := context.WithTimeout(context.Background(), flushTime)
			defer cancel()
			_ = s.Flush(ctx) // what could not be written waits for the next opening
		})
	}
}

// Flush writes the openings that wait. What cannot be written waits on.
func (s *Service) Flush(ctx context.Context) error {
	c := &s.counter
	c.mu.Lock()
	waiting := c.n
	c.n = map[opened]int64{}
	if c.timer != nil {
		c.timer.Stop()
		c.timer = nil
	}
	c.mu.Unlock()
	if len(waiting) == 0 {
		return nil
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return write(ctx, tx, waiting) })
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for k, n := range waiting {
			c.n[k] += n
		}
	}
	return err
}

// Close writes what waits; later openings are not counted.
func (s *Service) Close() {
	s.counter.mu.Lock()
	s.counter.off = true
	s.counter.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	_ = s.Flush(ctx) // some counts are lost with a database that is away at the end
}

type download struct {
	bun.BaseModel `bun:"table:download"`

	MaterialID string `bun:",pk"`
	Day        string `bun:",pk"`
	N          int64
}

// write adds the openings to those there are; what was removed meanwhile has none.
// Rows are taken in one order, so that two nodes do not wait for each other.
func write(ctx context.Context, tx bun.Tx, waiting map[opened]int64) error {
	ids := make([]string, 0, len(waiting))
	for k := range waiting {
		ids = append(ids, k.id)
	}
	var there []string
	if err := tx.NewSelect().Model((*Material)(nil)).Column("id").Where("id IN (?)", bun.List(ids)).Scan(ctx, &there); err != nil {
		return err
	}
	var rows []download
	for k, n := range waiting {
		if slices.Contains(there, k.id) {
			rows = append(rows, download{MaterialID: k.id, Day: k.day, N: n})
		}
	}
	slices.SortFunc(rows, func(a, b download) int {
		return cmp.Or(cmp.Compare(a.MaterialID, b.MaterialID), cmp.Compare(a.Day, b.Day))
	})
	for part := range slices.Chunk(rows, perStatement) {
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (material_id, day) DO UPDATE").Set("n = download.n + EXCLUDED.n").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// Downloads tells how often each piece of an edition's material was opened. What
// waits in memory is not counted yet.
func (s *Service) Downloads(ctx context.Context, e edition.Edition) (map[string]int64, error) {
	var rows []download
	err := s.db.Read.NewSelect().Model(&rows).Column("material_id").ColumnExpr("sum(n) AS n").
		Where("material_id IN (SELECT id FROM material WHERE edition_id = ?)", e.ID).Group("material_id").Scan(ctx)
	by := make(map[string]int64, len(rows))
	for _, r := range rows {
		by[r.MaterialID] = r.N
	}
	return by, err
}

// Day is how often an edition's material was opened on a day (2027-01-25) of its
// clock.
type Day struct {
	Day string
	N   int64
}

// DownloadDays tells how often it was opened day by day, for a curve.
func (s *Service) DownloadDays(ctx context.Context, e edition.Edition) ([]Day, error) {
	var list []Day
	err := s.db.Read.NewSelect().Model((*download)(nil)).Column("day").ColumnExpr("sum(n) AS n").
		Where("material_id IN (SELECT id FROM material WHERE edition_id = ?)", e.ID).Group("day").Order("day").Scan(ctx, &list)
	return list, err
}
