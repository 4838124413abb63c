package edition

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/text"
)

// practicePrefix marks the series of a rehearsal. Nobody else may take it: what
// bears it is hidden from lists and may be removed.
const practicePrefix = "practice-"

var practicePattern = regexp.MustCompile(`^` + practicePrefix + `[0-9a-f]{16}$`)

// Practice reports whether a series is a rehearsal's.
func (s Series) Practice() bool { return practicePattern.MatchString(s.Slug) }

// NewPractice makes a series for one rehearsal. It leaves no trace in the log,
// because it is removed again.
func (s *Service) NewPractice(ctx context.Context, title text.Texts) (Series, error) {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	one := Series{ID: db.NewID(), CreatedAt: s.now()}
	one.apply(SeriesInput{Slug: practicePrefix + hex.EncodeToString(b), Title: title})
	_, err := s.db.Write.NewInsert().Model(&one).Exec(ctx)
	return one, err
}

// Practices lists the series of rehearsals: the running one, and those that were
// killed before they could clean up.
func (s *Service) Practices(ctx context.Context) ([]Series, error) {
	var list []Series
	err := s.db.Read.NewSelect().Model(&list).Where("slug LIKE ?", practicePrefix+"%").Order("slug").Scan(ctx)
	return slices.DeleteFunc(list, func(one Series) bool { return !one.Practice() }), err
}

// RemovePractice drops a rehearsal's series with its editions, whose content the
// other areas have removed before. No other series can be removed.
func RemovePractice(ctx context.Context, tx bun.IDB, one Series) error {
	if !one.Practice() {
		return nil
	}
	if _, err := tx.NewDelete().Model((*Thanks)(nil)).Where("edition_id IN (SELECT id FROM edition WHERE series_id = ?)", one.ID).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewDelete().Model((*Edition)(nil)).Where("series_id = ?", one.ID).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*Series)(nil)).Where("id = ?", one.ID).Exec(ctx)
	return err
}

func reserved(slug string) bool { return taken[slug] || strings.HasPrefix(slug, practicePrefix) }
