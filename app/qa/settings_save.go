package qa

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/fail"
)

// Default gives the settings that an edition's rooms have unless they have own ones,
// and their version.
func (s *Service) Default(ctx context.Context, editionID string) (Settings, int64, error) {
	return defaultOf(ctx, s.db.Read, editionID)
}

func defaultOf(ctx context.Context, idb bun.IDB, editionID string) (Settings, int64, error) {
	var row struct {
		Settings Settings
		Version  int64
	}
	err := idb.NewRaw(`SELECT settings, version FROM live_default WHERE edition_id = ?`, editionID).Scan(ctx, &row)
	if errors.Is(err, sql.ErrNoRows) {
		return DefaultSettings(), 0, nil
	}
	if err != nil {
		return Settings{}, 0, fmt.Errorf("reading the settings of live rooms: %w", err)
	}
	return row.Settings, row.Version, nil
}

// SetDefault gives an edition's rooms other settings, all but those that have own
// ones. seen is the version that was read: when somebody saved meanwhile, nothing is
// done.
func (s *Service) SetDefault(ctx context.Context, by, editionID string, seen int64, set Settings) error {
	if err := set.check(); err != nil {
		return err
	}
	var told []*room
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		told = nil
		res, err := tx.NewRaw(`INSERT INTO live_default (edition_id, settings, version) VALUES (?0, ?1, ?2)
			ON CONFLICT (edition_id) DO UPDATE SET settings = EXCLUDED.settings, version = EXCLUDED.version
			WHERE live_default.version = ?3`, editionID, set, seen+1, seen).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); n == 0 || err != nil {
			return errors.Join(err, fail.Clash(CodeStale.Key()))
		}
		var ids []string
		if err := tx.NewRaw(`SELECT session_id FROM live_room WHERE edition_id = ? AND NOT own ORDER BY session_id`, editionID).Scan(ctx, &ids); err != nil {
			return err
		}
		for _, id := range ids {
			r, err := s.lockRoom(ctx, tx, id)
			if err != nil {
				return err
			}
			if err := writeSettings(ctx, tx, r, set, false); err != nil {
				return err
			}
			told = append(told, r)
		}
		return audit.Write(ctx, tx, s.now().UTC(), audit.Entry{Person: by, Edition: editionID, Act: "live.settings", Subject: editionID})
	})
	if err == nil {
		s.tellAll(told)
	}
	return err
}

// SetRoom gives one room settings of its own, or with nil those of its edition.
// Labels that are not in the settings any more leave the questions.
func (s *Service) SetRoom(ctx context.Context, by, sessionID string, own *Settings) error {
	var set Settings
	if own != nil {
		set = *own
		if err := set.check(); err != nil {
			return err
		}
	}
	var told *room
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		r, err := s.lockRoom(ctx, tx, sessionID)
		if err != nil {
			return err
		}
		if r == nil {
			return missingRoom()
		}
		if own == nil {
			if set, _, err = defaultOf(ctx, tx, r.Edition); err != nil {
				return err
			}
		}
		told = r
		if err := writeSettings(ctx, tx, r, set, own != nil); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now().UTC(), audit.Entry{Person: by, Edition: r.Edition, Act: "room.settings", Subject: sessionID})
	})
	if err == nil {
		s.tell(sessionID, told.Version, false)
	}
	return err
}

func writeSettings(ctx context.Context, tx bun.IDB, r *room, set Settings, own bool) error {
	if _, err := tx.NewRaw(`UPDATE live_room SET settings = ?, own = ?, changed = version WHERE session_id = ?`, set, own, r.SessionID).Exec(ctx); err != nil {
		return err
	}
	lost := slices.ContainsFunc(r.Settings.Labels, func(l Label) bool { return !set.label(l.ID) })
	if !lost {
		return nil
	}
	var rows []*question
	if err := tx.NewSelect().Model(&rows).Where("session_id = ? AND labels <> '[]'", r.SessionID).Scan(ctx); err != nil {
		return err
	}
	w := newWorld()
	for _, q := range rows {
		left := slices.DeleteFunc(slices.Clone(q.Labels), func(id string) bool { return !set.label(id) })
		if len(left) < len(q.Labels) {
			q.Labels = left
			w.touch(r, q)
		}
	}
	return writeQuestions(ctx, tx, w.changed)
}

func (s *Service) tellAll(rooms []*room) {
	for _, r := range rooms {
		s.tell(r.SessionID, r.Version, false)
	}
}
