package paper

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

const (
	// maxDesigns bounds what one series keeps.
	maxDesigns = 40
	// maxName is the longest name of a design.
	maxName = 80
)

// OwnDesign is a design that organisers made. A series keeps it, so that next year has it too.
type OwnDesign struct {
	bun.BaseModel `bun:"table:badge_design"`

	ID        string `bun:",pk"`
	SeriesID  string
	Name      string
	Design    Design
	Version   int64
	CreatedAt time.Time
	ChangedAt time.Time
}

// OwnDesigns lists a series' own designs by name.
func (s *Service) OwnDesigns(ctx context.Context, seriesID string) (list []OwnDesign, err error) {
	err = s.db.Read.NewSelect().Model(&list).Where("series_id = ?", seriesID).Scan(ctx)
	compare := text.Collator(text.Finnish)
	slices.SortStableFunc(list, func(a, b OwnDesign) int {
		if c := compare(a.Name, b.Name); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list, err
}

// OwnDesign gives one of a series.
func (s *Service) OwnDesign(ctx context.Context, seriesID, id string) (d OwnDesign, err error) {
	err = s.db.Read.NewSelect().Model(&d).Where("id = ? AND series_id = ?", id, seriesID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return d, fail.Missing("badge.design_missing")
	}
	return d, err
}

// Design finds a design by what stands in an address: the name of a ready one, or the id of an own one.
func (s *Service) Design(ctx context.Context, seriesID, ref string) (Design, error) {
	for _, d := range Designs() {
		if d.Name == ref {
			return d, nil
		}
	}
	own, err := s.OwnDesign(ctx, seriesID, ref)
	return own.Design, err
}

// SaveDesign keeps a design: a new one when id is empty, else the one of that version. If somebody saved meanwhile,
// nothing is overwritten.
func (s *Service) SaveDesign(ctx context.Context, by string, e edition.Edition, id string, version int64, d Design) (own OwnDesign, err error) {
	d.Name = strings.TrimSpace(d.Name)
	switch n := len([]rune(d.Name)); {
	case n == 0:
		return own, fail.Wrong("name", "field.required")
	case n > maxName:
		return own, fail.Wrong("name", "field.long", "max", maxName)
	}
	if err := d.Check(); err != nil {
		return own, err
	}
	now := s.now()
	own = OwnDesign{ID: id, SeriesID: e.SeriesID, Name: d.Name, Design: d, Version: version + 1, CreatedAt: now, ChangedAt: now}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		act := "badge.design.change"
		if id == "" {
			act, own.ID, own.Version = "badge.design.new", db.NewID(), 1
			n, err := tx.NewSelect().Model((*OwnDesign)(nil)).Where("series_id = ?", e.SeriesID).Count(ctx)
			if err != nil {
				return err
			}
			if n >= maxDesigns {
				return fail.Clash("badge.too_many", "n", maxDesigns)
			}
			if _, err := tx.NewInsert().Model(&own).Exec(ctx); err != nil {
				return err
			}
		} else if err := replaceDesign(ctx, tx, &own, version); err != nil {
			return err
		}
		return audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: own.ID, Detail: own.Name})
	})
	return own, err
}

func replaceDesign(ctx context.Context, tx bun.IDB, own *OwnDesign, version int64) error {
	res, err := tx.NewUpdate().Model(own).Column("name", "design", "version", "changed_at").
		Where("id = ? AND series_id = ? AND version = ?", own.ID, own.SeriesID, version).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	there, err := tx.NewSelect().Model((*OwnDesign)(nil)).Where("id = ? AND series_id = ?", own.ID, own.SeriesID).Exists(ctx)
	if err == nil && !there {
		return fail.Missing("badge.design_missing")
	}
	if err != nil {
		return err
	}
	return fail.Clash("badge.changed_meanwhile")
}

// RemoveDesign takes an own design away. Editions that print with it go back to the first ready one.
func (s *Service) RemoveDesign(ctx context.Context, by string, e edition.Edition, id string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var own OwnDesign
		err := tx.NewRaw("DELETE FROM badge_design WHERE id = ? AND series_id = ? RETURNING *", id, e.SeriesID).Scan(ctx, &own)
		if errors.Is(err, sql.ErrNoRows) {
			return fail.Missing("badge.design_missing")
		}
		if err != nil {
			return err
		}
		if _, err := tx.NewRaw("UPDATE badge_setup SET design = '' WHERE design = ?", id).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "badge.design.remove", Subject: id, Detail: own.Name})
	})
}

// Chosen is the reference of the design that an edition prints with; see Design.
func (s *Service) Chosen(ctx context.Context, editionID string) (ref string, err error) {
	err = s.db.Read.NewRaw("SELECT design FROM badge_setup WHERE edition_id = ?", editionID).Scan(ctx, &ref)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if ref == "" {
		ref = Designs()[0].Name
	}
	return ref, err
}

// Choose sets the design that an edition prints with.
func (s *Service) Choose(ctx context.Context, by string, e edition.Edition, ref string) error {
	d, err := s.Design(ctx, e.SeriesID, ref)
	if err != nil {
		return err
	}
	was, err := s.Chosen(ctx, e.ID)
	if err != nil || was == ref {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewRaw("INSERT INTO badge_setup (edition_id, design) VALUES (?, ?) ON CONFLICT (edition_id) DO UPDATE SET design = excluded.design",
			e.ID, ref).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "badge.choose", Subject: ref, Detail: d.Name})
	})
}
