package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// Entry is what the door knows of a registration. There is no address in it, and of
// one that was cancelled no name. The names are short: a phone keeps hundreds.
type Entry struct {
	ID           string             `json:"i"`
	Version      int64              `json:"v"`
	Code         string             `json:"c"`
	Name         string             `json:"n,omitempty"`
	Organisation string             `json:"o,omitempty"`
	Kind         registration.Kind  `json:"k"`
	State        registration.State `json:"s"`
	Photo        registration.Photo `json:"p,omitempty"`
	First        bool               `json:"f,omitempty"`
	Speaker      bool               `json:"r,omitempty"`
	Note         string             `json:"m,omitempty"`
	Sessions     []string           `json:"w,omitempty"` // of the workshops they have a place in
}

// Place is somewhere people are scanned: the door, or a session.
type Place struct {
	ID       string     `json:"id"`
	Title    text.Texts `json:"title"`
	Workshop bool       `json:"workshop,omitempty"` // with places of its own: who is not signed up is told
	StartsAt time.Time  `json:"at"`
}

// Roster is what a device needs to work by itself. Hash changes with all of it.
type Roster struct {
	Hash   string
	People []Entry
	Places []Place
}

// Roster gives the edition's roster, at most a second old.
func (s *Service) Roster(ctx context.Context, e edition.Edition) (Roster, error) {
	return s.rosters.Get(ctx, e.ID, func(ctx context.Context) (Roster, error) { return s.readRoster(ctx, e) })
}

// entryRow is a registration with what is asked beside it. Newcomers are only told
// where the series has had a day before.
type entryRow struct {
	Entry `bun:",extend"`
}

func (s *Service) readRoster(ctx context.Context, e edition.Edition) (r Roster, err error) {
	var rows []entryRow
	err = s.db.Read.NewRaw(`SELECT r.id, r.version, r.code, r.name, r.organisation, r.kind, r.state, r.photo, coalesce(n.note, '') AS note,
		EXISTS (SELECT 1 FROM speaker s WHERE s.edition_id = r.edition_id AND s.person_id = r.person_id) AS speaker,
		EXISTS (SELECT 1 FROM edition p WHERE p.series_id = ? AND p.starts_at < ?) AND NOT EXISTS (
			SELECT 1 FROM registration f JOIN edition p ON p.id = f.edition_id
			WHERE f.person_id = r.person_id AND f.state = 'confirmed' AND p.series_id = ? AND p.starts_at < ?) AS first
		FROM registration r LEFT JOIN door_note n ON n.registration_id = r.id
		WHERE r.edition_id = ? ORDER BY r.id`, e.SeriesID, e.StartsAt, e.SeriesID, e.StartsAt, e.ID).Scan(ctx, &rows)
	if err != nil {
		return r, err
	}
	signed, err := s.signedUp(ctx, e.ID)
	if err != nil {
		return r, err
	}
	for _, row := range rows {
		entry := row.Entry
		if entry.State == registration.Cancelled {
			entry = Entry{ID: entry.ID, Version: entry.Version, Code: entry.Code, Kind: entry.Kind, State: entry.State}
		}
		entry.Sessions = signed[entry.ID]
		r.People = append(r.People, entry)
	}
	if r.Places, err = s.places(ctx, e.ID); err != nil {
		return r, err
	}
	b, err := json.Marshal([]any{r.People, r.Places})
	sum := sha256.Sum256(b)
	r.Hash = hex.EncodeToString(sum[:8])
	return r, err
}

// signedUp gives, by registration, the sessions in which it has a place.
func (s *Service) signedUp(ctx context.Context, editionID string) (map[string][]string, error) {
	var rows []struct{ RegistrationID, SessionID string }
	err := s.db.Read.NewRaw(`SELECT u.registration_id, w.session_id FROM sign_up u JOIN workshop w ON w.id = u.workshop_id
		WHERE w.edition_id = ? AND u.state = 'confirmed' AND w.session_id IS NOT NULL ORDER BY w.session_id`, editionID).Scan(ctx, &rows)
	byID := map[string][]string{}
	for _, r := range rows {
		byID[r.RegistrationID] = append(byID[r.RegistrationID], r.SessionID)
	}
	return byID, err
}

// places lists the sessions of the released programme in the order of the day,
// those with places of their own first.
func (s *Service) places(ctx context.Context, editionID string) (list []Place, err error) {
	var rows []struct {
		ID       string
		Title    text.Texts
		Workshop bool
		StartsAt time.Time
	}
	err = s.db.Read.NewRaw(`SELECT s.id, s.title, t.starts_at, EXISTS (SELECT 1 FROM workshop w WHERE w.session_id = s.id) AS workshop
		FROM session s JOIN slot t ON t.session_id = s.id
		WHERE s.edition_id = ? AND NOT s.cancelled AND s.kind <> 'break'
		AND t.release_id = (SELECT id FROM release WHERE edition_id = ? ORDER BY number DESC LIMIT 1) ORDER BY t.starts_at, s.id`, editionID, editionID).Scan(ctx, &rows)
	for _, r := range rows {
		list = append(list, Place{ID: r.ID, Title: r.Title, Workshop: r.Workshop, StartsAt: r.StartsAt})
	}
	slices.SortStableFunc(list, func(a, b Place) int {
		switch {
		case a.Workshop == b.Workshop:
			return 0
		case a.Workshop:
			return -1
		}
		return 1
	})
	return list, err
}

// One finds somebody in the roster.
func (r Roster) One(registrationID string) (Entry, bool) {
	i := slices.IndexFunc(r.People, func(e Entry) bool { return e.ID == registrationID })
	if i < 0 {
		return Entry{}, false
	}
	return r.People[i], true
}
