package workshop

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
)

// Open lets people sign up to a session of the programme, or sets up a topic
// table.
func (s *Service) Open(ctx context.Context, e edition.Edition, by string, in Input) (Workshop, error) {
	if err := in.check(in.SessionID == ""); err != nil {
		return Workshop{}, err
	}
	w := Workshop{ID: strings.ToLower(in.Key), EditionID: e.ID, Title: in.Title, About: in.About, Audience: in.Audience,
		Capacity: in.Capacity, CreatedAt: s.now()}
	if uuid.Validate(w.ID) != nil || len(w.ID) != len(db.NewID()) {
		w.ID = db.NewID()
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := lock(ctx, tx, e.ID, true); err != nil {
			return err
		}
		switch made, err := madeBefore(ctx, tx, e, w.ID); {
		case err != nil:
			return err
		case made != nil:
			w = *made
			return nil
		}
		if in.SessionID != "" {
			if err := mayOpen(ctx, tx, e, in.SessionID); err != nil {
				return err
			}
			w.SessionID = &in.SessionID
		}
		err := tx.NewRaw("SELECT COALESCE(MAX(rank), 0) + 1 FROM workshop WHERE edition_id = ?", e.ID).Scan(ctx, &w.Rank)
		if err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(&w).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "workshop.open", Subject: w.ID,
			Detail: detail(map[string]any{"session": in.SessionID, "title": w.Title, "capacity": w.Capacity, "audience": w.Audience})})
	})
	if err != nil {
		return Workshop{}, err
	}
	s.editions.Forget()
	return s.One(ctx, e.ID, w.ID)
}

// madeBefore finds what the same form has opened. A key that means something
// of another edition is nobody's form.
func madeBefore(ctx context.Context, tx bun.IDB, e edition.Edition, id string) (*Workshop, error) {
	var w Workshop
	err := tx.NewSelect().Model(&w).Where("id = ?", id).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case w.EditionID != e.ID:
		return nil, fail.Missing("workshop.missing")
	}
	return &w, nil
}

// mayOpen looks whether people can sign up to the session at all.
func mayOpen(ctx context.Context, tx bun.IDB, e edition.Edition, sessionID string) error {
	var x program.Session
	err := tx.NewSelect().Model(&x).Where("id = ? AND edition_id = ?", sessionID, e.ID).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fail.Wrong("session", "workshop.session_missing")
	case err != nil:
		return err
	case x.Cancelled:
		return fail.Wrong("session", "workshop.called_off")
	case x.Kind == program.Break:
		return fail.Wrong("session", "workshop.session_break")
	}
	open, err := tx.NewSelect().Model((*Workshop)(nil)).Where("session_id = ?", sessionID).Exists(ctx)
	if err == nil && open {
		return fail.Clash("workshop.already_open")
	}
	return err
}

// Change sets what is said of a workshop, whom it is for and how many places it
// has. What was promised stays: Invalid names the people a smaller capacity or
// another audience would turn away.
func (s *Service) Change(ctx context.Context, e edition.Edition, by, workshopID string, in Input) (Workshop, error) {
	w, err := s.One(ctx, e.ID, workshopID)
	if err != nil {
		return w, err
	}
	if err := in.check(w.Table()); err != nil {
		return w, err
	}
	if _, err := s.group.Do(ctx, act{edition: e, wish: change, by: by, workshop: workshopID, in: in}); err != nil {
		return w, err
	}
	return s.One(ctx, e.ID, workshopID)
}

// Remove takes a workshop away. With people signed up it does so only when
// forced to, and writes to every one of them.
func (s *Service) Remove(ctx context.Context, e edition.Edition, by, workshopID string, force bool) error {
	_, err := s.group.Do(ctx, act{edition: e, wish: remove, by: by, workshop: workshopID, force: force})
	return err
}

func detail(facts map[string]any) string {
	b, err := json.Marshal(facts)
	if err != nil {
		return ""
	}
	return string(b)
}
