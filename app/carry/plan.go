package carry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/certificate"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/message"
	"agora/app/proposal"
	"agora/app/registration"
)

// planned is the act that makes an edition from another; its line in the log
// holds the report.
const planned = "edition.planned"

// Next makes an edition that takes over from another what the organiser chose,
// all of it or nothing, and once however often the form is sent.
func (s *Service) Next(ctx context.Context, by string, from edition.Edition, p Plan) (edition.Edition, error) {
	p.Input.PlannedFrom = from.ID
	if err := s.Check(ctx, from, p); err != nil {
		// A form that was sent before clashes with what it has made itself.
		if made, known, recalled := s.made(ctx, s.db.Read, p); recalled != nil || known {
			return made, recalled
		}
		return edition.Edition{}, err
	}
	var e edition.Edition
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		var err error
		if e, err = edition.Insert(ctx, tx, s.now(), by, from.Series, p.Input); err != nil {
			return err
		}
		if !p.Key.Zero() {
			res, err := tx.NewInsert().Model(&db.Stored{Scope: p.Key.Scope, Key: p.Key.Key, BodyHash: p.hash(), Answer: e.ID, CreatedAt: s.now()}).
				On("CONFLICT DO NOTHING").Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, errTwice)
			}
		}
		report, err := s.areas(ctx, tx, by, from, e, p)
		if err != nil {
			return err
		}
		detail, err := json.Marshal(report)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: planned, Subject: e.Path(), Detail: string(detail)})
	})
	s.editions.Forget()
	if err != nil {
		// The same form may have been quicker in another window.
		if made, known, recalled := s.made(ctx, s.db.Write, p); recalled != nil || known {
			return made, recalled
		}
		return edition.Edition{}, err
	}
	return e, nil
}

// errTwice rolls back what the same form is making, or has made, elsewhere.
var errTwice = errors.New("carry: the same form twice")

// made gives the edition that the same form has made before. With other content
// it is a Clash: the organiser went back and has to know that it is there.
func (s *Service) made(ctx context.Context, idb bun.IDB, p Plan) (e edition.Edition, known bool, err error) {
	if p.Key.Zero() {
		return e, false, nil
	}
	stored, err := db.Recall(ctx, idb, []db.Key{p.Key})
	if err != nil {
		return e, false, err
	}
	answer, known := stored[db.Key{Scope: p.Key.Scope, Key: p.Key.Key}]
	if !known {
		return e, false, nil
	}
	if e, err = s.editions.ByID(ctx, answer.Answer); err != nil {
		return e, true, err
	}
	if answer.BodyHash != p.hash() {
		return e, true, fail.Clash("next.made_already", "path", e.Path())
	}
	return e, true, nil
}

func (p Plan) hash() string {
	return db.HashBody([]any{p.Input, p.Capacity, p.Parts})
}

// Check gives every problem of a plan that shows before it is carried out.
func (s *Service) Check(ctx context.Context, from edition.Edition, p Plan) error {
	f := fail.Fields{}
	for _, err := range []error{p.Input.Check(), registration.CheckCapacity(p.Capacity)} {
		if e, bad := fail.As(err); bad {
			maps.Copy(f, e.Fields)
		} else if err != nil {
			return err
		}
	}
	var others []edition.Edition
	err := s.db.Read.NewSelect().Model(&others).Where("series_id = ?", from.SeriesID).Scan(ctx)
	if err != nil {
		return err
	}
	in := p.Input
	if len(f["starts_at"])+len(f["ends_at"]) == 0 {
		if !in.StartsAt.After(s.now()) {
			f.Add("starts_at", "next.past")
		}
		for _, e := range others {
			if in.StartsAt.Before(e.EndsAt) && e.StartsAt.Before(in.EndsAt) {
				f.Add("starts_at", "next.days_taken", "slug", e.Slug)
				break
			}
		}
	}
	for _, e := range others {
		if e.Slug == in.Slug {
			f.Add("slug", "edition.slug_taken")
		}
	}
	if len(f["closes_at"]) == 0 && !in.ClosesAt.IsZero() && !in.ClosesAt.After(s.now()) {
		f.Add("closes_at", "next.closes_past")
	}
	return f.Err()
}

// ReportOf tells what came along when an edition was planned, if it was planned
// from another.
func (s *Service) ReportOf(ctx context.Context, e edition.Edition) (r Report, ok bool, err error) {
	if e.PlannedFrom == "" {
		return r, false, nil
	}
	var detail string
	err = s.db.Read.NewRaw("SELECT detail FROM audit WHERE edition_id = ? AND act = ? ORDER BY at LIMIT 1", e.ID, planned).Scan(ctx, &detail)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	return r, true, json.Unmarshal([]byte(detail), &r)
}

// simple are the parts that one function of an area takes over by itself.
func (s *Service) simple(by string, from, to edition.Edition) []taking {
	now := s.now()
	return []taking{
		{Team, func(ctx context.Context, tx bun.IDB) (int, error) {
			return s.accounts.CarryOver(ctx, tx, by, from.ID, to.ID)
		}},
		{Messages, func(ctx context.Context, tx bun.IDB) (int, error) {
			return message.CarryOver(ctx, tx, now, by, from, to)
		}},
		{Call, func(ctx context.Context, tx bun.IDB) (int, error) { return proposal.CarryOver(ctx, tx, now, from, to) }},
		{Partners, func(ctx context.Context, tx bun.IDB) (int, error) {
			return edition.CarryThanks(ctx, tx, now, from.ID, to.ID, edition.Partner)
		}},
		{Thanked, func(ctx context.Context, tx bun.IDB) (int, error) {
			return edition.CarryThanks(ctx, tx, now, from.ID, to.ID, edition.Host, edition.Volunteer)
		}},
		{Certificates, func(ctx context.Context, tx bun.IDB) (int, error) {
			return certificate.CarryOver(ctx, tx, now, from, to)
		}},
	}
}

// taking takes one part over and counts it.
type taking struct {
	part  Part
	carry func(ctx context.Context, tx bun.IDB) (int, error)
}
