package edition

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
	"agora/app/fail"
)

// fresh is how long another node's change may stay unseen here.
const fresh = time.Second

// maxKept bounds the editions kept in memory.
const maxKept = 500

// Service reads and changes series and editions.
type Service struct {
	db  *db.DB
	now func() time.Time

	kept   *db.Recent[string, Edition]
	series *db.Recent[string, Series]
	of     *db.Recent[string, []Edition]
	front  *db.Recent[string, Front]
	thanks *db.Recent[thankedAt, []Thanks]
}

// Front is what the front page shows: every series and its editions by the id of
// the series, the newest first.
type Front struct {
	Series   []Series
	Editions map[string][]Edition
}

// New makes the service.
func New(d *db.DB, now func() time.Time) *Service {
	return &Service{db: d, now: now,
		kept: db.NewRecent[string, Edition](now, fresh, maxKept), series: db.NewRecent[string, Series](now, fresh, maxKept),
		of: db.NewRecent[string, []Edition](now, fresh, maxKept), front: db.NewRecent[string, Front](now, fresh, 1),
		thanks: db.NewRecent[thankedAt, []Thanks](now, fresh, maxKept)}
}

// AllSeries lists the series by name of their address, without a rehearsal's.
func (s *Service) AllSeries(ctx context.Context) ([]Series, error) {
	var list []Series
	err := s.db.Read.NewSelect().Model(&list).Order("slug").Scan(ctx)
	return slices.DeleteFunc(list, Series.Practice), err
}

// SeriesBySlug finds a series, kept as Find keeps editions.
func (s *Service) SeriesBySlug(ctx context.Context, slug string) (Series, error) {
	return s.series.Get(ctx, slug, func(ctx context.Context) (Series, error) {
		var one Series
		err := s.db.Read.NewSelect().Model(&one).Where("slug = ?", slug).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return one, fail.Missing("edition.series_missing")
		}
		return one, err
	})
}

// Front gives all series with their editions, kept as Find keeps editions.
func (s *Service) Front(ctx context.Context) (Front, error) {
	return s.front.Get(ctx, "", func(ctx context.Context) (Front, error) {
		list, err := s.AllSeries(ctx)
		if err != nil {
			return Front{}, err
		}
		all, err := s.all(ctx, list)
		return Front{Series: list, Editions: all}, err
	})
}

// Of lists a series' editions, the newest first, kept as Find keeps them. Nobody
// changes the list that is given.
func (s *Service) Of(ctx context.Context, series Series) ([]Edition, error) {
	return s.of.Get(ctx, series.ID, func(ctx context.Context) ([]Edition, error) {
		var list []Edition
		err := s.db.Read.NewSelect().Model(&list).Where("series_id = ?", series.ID).Order("starts_at DESC").Scan(ctx)
		for i := range list {
			list[i].Series = series
			list[i].location = list[i].Location()
		}
		return list, err
	})
}

// all lists the editions of all series by series, the newest first.
func (s *Service) all(ctx context.Context, series []Series) (map[string][]Edition, error) {
	var list []Edition
	if err := s.db.Read.NewSelect().Model(&list).Order("starts_at DESC").Scan(ctx); err != nil {
		return nil, err
	}
	known := make(map[string]Series, len(series))
	for _, one := range series {
		known[one.ID] = one
	}
	by := map[string][]Edition{}
	for _, e := range list {
		e.Series, e.location = known[e.SeriesID], e.Location()
		by[e.SeriesID] = append(by[e.SeriesID], e)
	}
	return by, nil
}

// Find gives an edition by its address. It is kept for a second, so a busy page
// costs no query, and for as long as the database does not answer.
func (s *Service) Find(ctx context.Context, series, slug string) (Edition, error) {
	return s.kept.Get(ctx, series+"/"+slug, func(ctx context.Context) (Edition, error) {
		return find(ctx, s.db.Read, series, slug)
	})
}

// ByID gives an edition by its id.
func (s *Service) ByID(ctx context.Context, id string) (Edition, error) {
	var e Edition
	err := s.db.Read.NewSelect().Model(&e).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return e, fail.Missing("edition.missing")
	}
	if err != nil {
		return e, err
	}
	err = s.db.Read.NewSelect().Model(&e.Series).Where("id = ?", e.SeriesID).Scan(ctx)
	e.location = e.Location()
	return e, err
}

func find(ctx context.Context, idb bun.IDB, series, slug string) (Edition, error) {
	var e Edition
	err := idb.NewSelect().Model(&e.Series).Where("slug = ?", series).Scan(ctx)
	if err == nil {
		err = idb.NewSelect().Model(&e).Where("series_id = ?", e.Series.ID).Where("slug = ?", slug).Scan(ctx)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return e, fail.Missing("edition.missing")
	}
	e.location = e.Location()
	return e, err
}

// Forget has series and editions read again, after a change.
func (s *Service) Forget() {
	s.kept.Forget()
	s.series.Forget()
	s.of.Forget()
	s.front.Forget()
	s.thanks.Forget()
}

// Touch raises the edition's revision in the transaction of a change that shows
// on its public pages. The caller calls Forget after the commit.
func Touch(ctx context.Context, tx bun.IDB, editionID string) error {
	_, err := tx.NewRaw("UPDATE edition SET revision = revision + 1 WHERE id = ?", editionID).Exec(ctx)
	return err
}

// NewSeries makes a series.
func (s *Service) NewSeries(ctx context.Context, by string, in SeriesInput) (Series, error) {
	if err := in.Check(); err != nil {
		return Series{}, err
	}
	one := Series{ID: db.NewID(), CreatedAt: s.now()}
	one.apply(in)
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&one).Exec(ctx); err != nil {
			return slugTaken(err)
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Act: "series.new", Subject: one.Slug})
	})
	s.Forget()
	return one, err
}

func (s *Series) apply(in SeriesInput) {
	s.Slug, s.Title, s.About = in.Slug, in.Title, in.About
	s.Hashtag, s.Accent, s.DateRule = in.Hashtag, in.Accent, in.DateRule
}

// Insert makes an edition inside the caller's transaction: registration opens
// its places in the same one.
func Insert(ctx context.Context, tx bun.IDB, now time.Time, by string, series Series, in Input) (Edition, error) {
	if err := in.Check(); err != nil {
		return Edition{}, err
	}
	e := Edition{ID: db.NewID(), SeriesID: series.ID, Series: series, Revision: 1, PlannedFrom: in.PlannedFrom, CreatedAt: now}
	e.apply(in)
	if _, err := tx.NewInsert().Model(&e).Exec(ctx); err != nil {
		return e, slugTaken(err)
	}
	return e, audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: e.ID, Act: "edition.new", Subject: e.Path()})
}

// Update changes an edition inside the caller's transaction. Its address stays:
// others have linked to it.
func Update(ctx context.Context, tx bun.IDB, now time.Time, by string, e Edition, in Input) (Edition, error) {
	in.Slug = e.Slug
	if err := in.Check(); err != nil {
		return e, err
	}
	e.apply(in)
	_, err := tx.NewUpdate().Model(&e).WherePK().ExcludeColumn("revision", "series_id", "planned_from", "created_at").Exec(ctx)
	if err != nil {
		return e, err
	}
	if err := Touch(ctx, tx, e.ID); err != nil {
		return e, err
	}
	return e, audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: e.ID, Act: "edition.change", Subject: e.Path()})
}

func (e *Edition) apply(in Input) {
	e.Slug, e.Title, e.Lead, e.City, e.Venue = in.Slug, in.Title, in.Lead, in.City, in.Venue
	e.Zone, e.Languages, e.StreamURL, e.Practical = in.Zone, in.Languages, in.StreamURL, in.Practical
	e.StartsAt, e.EndsAt = in.StartsAt.UTC(), in.EndsAt.UTC()
	e.OpensAt, e.ClosesAt = in.OpensAt.UTC(), in.ClosesAt.UTC()
}

// slugTaken tells a doubled address from other errors; both engines say unique.
func slugTaken(err error) error {
	if strings.Contains(strings.ToLower(err.Error()), "unique") {
		return fail.Wrong("slug", "edition.slug_taken")
	}
	return err
}
