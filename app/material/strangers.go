package material

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"agora/app/program"
)

// Strangers gives those of some pieces of material, of any editions, that anybody
// may see at a moment, with two statements. sessions are the public ones by their
// id, with times, rooms and speakers; what belongs to none of them is left out.
func Strangers(ctx context.Context, idb bun.IDB, list []Material, sessions map[string]*program.Session, at time.Time) ([]Material, error) {
	editions, rooms := []string{""}, []string{""}
	for _, m := range list {
		if x := sessions[m.SessionID]; x != nil {
			editions = append(editions, m.EditionID)
			if x.Room != nil {
				rooms = append(rooms, x.Room.ID)
			}
		}
	}
	var gone []withdrawn
	if err := idb.NewSelect().Model(&gone).Where("edition_id IN (?)", bun.List(editions)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading consents: %w", err)
	}
	var delays program.Delays
	if err := idb.NewSelect().Model(&delays).Where("room_id IN (?)", bun.List(rooms)).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading delays: %w", err)
	}
	var open []Material
	for _, m := range list {
		x := sessions[m.SessionID]
		if x == nil {
			continue
		}
		c := Case{At: at, Withdrawn: hangsOn(m, x, gone)}
		if x.Scheduled() && !x.Cancelled {
			c.Ends = delays.Shift(x).EndsAt
		}
		if m.ShownIn(c) {
			open = append(open, m)
		}
	}
	return open, nil
}
