package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
)

// EditsSince lists the edits after seq, the oldest first. Where that is more
// than is kept, one edit comes that says Reload.
func (s *Service) EditsSince(ctx context.Context, editionID string, seq int64) ([]Edit, error) {
	var list []Edit
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", editionID).Where("seq >= ?", seq).Order("seq").Scan(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case seq == 0 && (len(list) == 0 || list[0].Seq == 1):
		return list, nil
	case len(list) > 0 && list[0].Seq == seq: // the one that was seen last
		return list[1:], nil
	}
	newest, err := newestEdit(ctx, s.db.Read, editionID)
	return []Edit{{EditionID: editionID, Seq: newest, Act: Loaded}}, err
}

func newestEdit(ctx context.Context, idb bun.IDB, editionID string) (seq int64, err error) {
	err = idb.NewSelect().Model((*Edit)(nil)).ColumnExpr("coalesce(max(seq), 0)").Where("edition_id = ?", editionID).Scan(ctx, &seq)
	return seq, err
}

// GridState reads the draft for the editor; by is who asks. It takes the same
// number of queries however large the draft is.
func (s *Service) GridState(ctx context.Context, by string, e edition.Edition) (GridState, error) {
	var g GridState
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if g.Seq, err = newestEdit(ctx, tx, e.ID); err != nil {
			return err
		}
		undo, redo, err := history(ctx, tx, e.ID, by)
		if err != nil {
			return err
		}
		g.CanUndo, g.CanRedo = undo != "", redo != ""
		if err := tx.NewSelect().Model(&g.Tracks).Where("edition_id = ?", e.ID).Order("rank", "id").Scan(ctx); err != nil {
			return err
		}
		p, err := whole(ctx, tx, e)
		if err != nil {
			return err
		}
		g.fill(p)
		return nil
	})
	return g, err
}

func (g *GridState) fill(p *plan) {
	g.Rooms, g.Sessions, g.Unscheduled = p.rooms, p.scheduled(), p.unscheduled()
	tracks := map[string]*Track{}
	for _, t := range g.Tracks {
		tracks[t.ID] = t
	}
	for _, x := range p.sessions {
		if x.TrackID != nil {
			x.Track = tracks[*x.TrackID]
		}
	}
	for _, who := range p.speakers {
		g.Speakers = append(g.Speakers, who)
	}
	byName(g.Speakers)
	for _, x := range g.Sessions {
		for _, who := range x.Speakers {
			who.Sessions = append(who.Sessions, x)
		}
	}
	g.Days = days(g.Sessions, g.Rooms)
	g.Clashes = p.clashes(nil)
}

// Clashes lists everything in the draft that cannot be as planned.
func (s *Service) Clashes(ctx context.Context, e edition.Edition) ([]Clash, error) {
	var list []Clash
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		p, err := whole(ctx, tx, e)
		if err != nil {
			return err
		}
		list = p.clashes(nil)
		return nil
	})
	return list, err
}

// whole reads all of the draft.
func whole(ctx context.Context, idb bun.IDB, e edition.Edition) (*plan, error) {
	p, err := newPlan(ctx, idb, e, part{})
	if err != nil {
		return nil, err
	}
	if err := p.readSpeakers(ctx, idb, part{}); err != nil {
		return nil, err
	}
	return p, p.readSeats(ctx, idb)
}
