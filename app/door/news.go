package door

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Where is where somebody is, as devices hear of it. By names the door or the
// person that let them in.
type Where struct {
	Registration string `json:"i"`
	Session      string `json:"p"`
	First        int64  `json:"a"` // milliseconds; 0: everything was taken back
	Inside       bool   `json:"in"`
	By           string `json:"by,omitempty"`
}

// Alert is what everybody at the doors should see: one ticket at two doors, one
// that has changed hands, one without a seat.
type Alert struct {
	ID           string  `json:"id"`
	Registration string  `json:"i"`
	Session      string  `json:"p"`
	Verdict      Verdict `json:"w"`
	At           int64   `json:"at"`
	By           string  `json:"by,omitempty"`
	FirstAt      int64   `json:"first,omitempty"`
	FirstBy      string  `json:"first_by,omitempty"`
}

// News is what has changed since a device last heard, and how many there are.
type News struct {
	Change int64
	Where  []Where
	Alerts []Alert
	// Over are alerts that were told and are none any more: what they spoke of was
	// taken back.
	Over    []string
	Arrived int64
	Inside  int64
}

// maxNews bounds one answer; a device that is further behind asks again.
const maxNews = 4000

// NewsSince gives what has changed at an edition's door after a change number. All
// of it is of one moment: a number that was told is never followed by an older one.
func (s *Service) NewsSince(ctx context.Context, editionID string, since int64) (n News, err error) {
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		n = News{}
		if err := tx.NewRaw("SELECT coalesce(max(change), 0) FROM door_setup WHERE edition_id = ?", editionID).Scan(ctx, &n.Change); err != nil {
			return err
		}
		if n.Arrived, n.Inside, err = counts(ctx, tx, editionID); err != nil || since >= n.Change {
			return err
		}
		if err := n.readWhere(ctx, tx, editionID, since); err != nil {
			return err
		}
		if n.Alerts, err = alerts(ctx, tx, "s.edition_id = ? AND s.change > ?", editionID, since); err != nil {
			return err
		}
		return tx.NewRaw("SELECT id FROM door_scan WHERE edition_id = ? AND change > ? AND act = 'in' AND verdict = 'undone' ORDER BY id", editionID, since).Scan(ctx, &n.Over)
	})
	return n, err
}

func counts(ctx context.Context, tx bun.IDB, editionID string) (arrived, inside int64, err error) {
	err = tx.NewRaw(`SELECT (SELECT count(*) FROM check_in WHERE edition_id = ?),
		(SELECT count(*) FROM presence WHERE edition_id = ? AND session_id = '' AND inside)`, editionID, editionID).Scan(ctx, &arrived, &inside)
	return arrived, inside, err
}

// readWhere reads whole changes only: what was merged together is told together.
func (n *News) readWhere(ctx context.Context, tx bun.IDB, editionID string, since int64) error {
	var rows []struct {
		RegistrationID, SessionID string
		FirstAt                   *time.Time
		Inside                    bool
		Change                    int64
		Label                     string
	}
	err := tx.NewRaw(`SELECT p.registration_id, p.session_id, p.first_at, p.inside, p.change, coalesce(nullif(d.name, ''), h.name, '') AS label
		FROM presence p LEFT JOIN door_device d ON d.id = p.device_id LEFT JOIN person h ON h.id = p.person_id
		WHERE p.edition_id = ? AND p.change > ? ORDER BY p.change LIMIT ?`, editionID, since, maxNews+1).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	if len(rows) > maxNews {
		last := rows[maxNews].Change
		for len(rows) > 0 && rows[len(rows)-1].Change == last {
			rows = rows[:len(rows)-1]
		}
		n.Change = last - 1
	}
	for _, r := range rows {
		w := Where{Registration: r.RegistrationID, Session: r.SessionID, Inside: r.Inside, By: r.Label}
		if r.FirstAt != nil {
			w.First = r.FirstAt.UnixMilli()
		}
		n.Where = append(n.Where, w)
	}
	return nil
}

// alertRow is an alert as it is read, with both scans and who made them.
type alertRow struct {
	ID, RegistrationID, SessionID string
	Verdict                       Verdict
	At                            time.Time
	Label                         string
	FirstAt                       *time.Time
	FirstLabel                    string
}

func alerts(ctx context.Context, idb bun.IDB, where string, args ...any) (list []Alert, err error) {
	var rows []alertRow
	err = idb.NewRaw(`SELECT s.id, s.registration_id, s.session_id, s.verdict, s.at, coalesce(nullif(d.name, ''), h.name, '') AS label,
		f.at AS first_at, coalesce(nullif(g.name, ''), k.name, '') AS first_label
		FROM door_scan s LEFT JOIN door_device d ON d.id = s.device_id LEFT JOIN person h ON h.id = s.person_id
		LEFT JOIN door_scan f ON f.id = s.against LEFT JOIN door_device g ON g.id = f.device_id LEFT JOIN person k ON k.id = f.person_id
		WHERE s.verdict IN ('again', 'outdated', 'refused') AND `+where+` ORDER BY s.at, s.id`, args...).Scan(ctx, &rows)
	for _, r := range rows {
		a := Alert{ID: r.ID, Registration: r.RegistrationID, Session: r.SessionID, Verdict: r.Verdict, At: r.At.UnixMilli(), By: r.Label, FirstBy: r.FirstLabel}
		if r.FirstAt != nil {
			a.FirstAt = r.FirstAt.UnixMilli()
		}
		list = append(list, a)
	}
	return list, err
}

// Alerts lists all of an edition's alerts.
func (s *Service) Alerts(ctx context.Context, editionID string) ([]Alert, error) {
	return alerts(ctx, s.db.Read, "s.edition_id = ?", editionID)
}

// Standing is where one person is, in words for a page.
type Standing struct {
	Presence
	By string // the door or the person that let them in
}

// Standings gives where some registrations are at a place.
func (s *Service) Standings(ctx context.Context, session string, registrationIDs ...string) (map[string]Standing, error) {
	byID := map[string]Standing{}
	if len(registrationIDs) == 0 {
		return byID, nil
	}
	var rows []struct {
		Presence `bun:",extend"`
		Label    string
	}
	err := s.db.Read.NewRaw(`SELECT p.*, coalesce(nullif(d.name, ''), h.name, '') AS label
		FROM presence p LEFT JOIN door_device d ON d.id = p.device_id LEFT JOIN person h ON h.id = p.person_id
		WHERE p.session_id = ? AND p.registration_id IN (?)`, session, bun.List(registrationIDs)).Scan(ctx, &rows)
	for _, r := range rows {
		byID[r.RegistrationID] = Standing{r.Presence, r.Label}
	}
	return byID, err
}

// Attendance is how long somebody was at a session, as far as it was scanned.
type Attendance struct {
	Session string
	From    time.Time
	Seconds int64 // 0: nobody scanned them out
}

// Sessions gives, by registration, the sessions somebody was scanned at.
func (s *Service) Sessions(ctx context.Context, editionID string) (map[string][]Attendance, error) {
	var rows []Presence
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND session_id <> '' AND first_at IS NOT NULL", editionID).
		Order("registration_id", "first_at", "session_id").Scan(ctx)
	byID := map[string][]Attendance{}
	for _, p := range rows {
		byID[p.RegistrationID] = append(byID[p.RegistrationID], Attendance{Session: p.SessionID, From: *p.FirstAt, Seconds: p.Seconds})
	}
	return byID, err
}
