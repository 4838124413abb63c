package qa

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/fail"
)

// Link lets its holder into one view of a room, for every session there, without an
// account. It is signed, not stored: only how often it was renewed is.
type Link struct {
	EditionID string
	RoomID    string // the room of the building, not of one session
	View      View
	Number    int64 // raised by each renewal, which ends the links before it
}

// LinkViews are the views there are links for.
var LinkViews = [...]View{Moderator, Stage, Screen}

const (
	linkRoom   = 16
	linkNumber = 4
	linkMAC    = 16 // bytes of the HMAC that a link carries
)

// String is the view as addresses and tables call it.
func (v View) String() string {
	if v >= Views {
		return ""
	}
	return [...]string{"audience", "moderator", "stage", "screen"}[v]
}

// Token is the secret part of a link's address.
func (s *Service) Token(l Link) string {
	id, err := uuid.Parse(l.RoomID)
	if err != nil {
		return ""
	}
	raw := binary.BigEndian.AppendUint32(id[:], uint32(l.Number)) //nolint:gosec // raised by hand, one at a time
	return base64.RawURLEncoding.EncodeToString(append(raw, s.linkMAC(l)...))
}

func (s *Service) linkMAC(l Link) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("live-link:" + l.View.String() + ":" + l.RoomID + ":" + strconv.FormatInt(l.Number, 10)))
	return h.Sum(nil)[:linkMAC]
}

// Links gives the links of rooms, as they are now, by room and view.
func (s *Service) Links(ctx context.Context, editionID string, roomIDs []string) (map[string]map[View]Link, error) {
	var rows []struct {
		RoomID string
		View   string
		Number int64
	}
	err := s.db.Read.NewRaw("SELECT room_id, view, number FROM live_link WHERE edition_id = ?", editionID).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	numbers := map[string]int64{}
	for _, r := range rows {
		numbers[r.RoomID+r.View] = r.Number
	}
	all := map[string]map[View]Link{}
	for _, id := range roomIDs {
		all[id] = map[View]Link{}
		for _, v := range LinkViews {
			all[id][v] = Link{EditionID: editionID, RoomID: id, View: v, Number: max(1, numbers[id+v.String()])}
		}
	}
	return all, nil
}

// OpenLink opens a link. Missing for one that nobody was given; Gone for one that
// was renewed: then its edition is told, so that the page can say whom to ask.
func (s *Service) OpenLink(ctx context.Context, v View, token string) (Link, error) {
	missing := fail.Missing("qa.link.missing")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != linkRoom+linkNumber+linkMAC {
		return Link{}, missing
	}
	l := Link{RoomID: uuid.UUID(raw[:linkRoom]).String(), View: v, Number: int64(binary.BigEndian.Uint32(raw[linkRoom:]))}
	if !hmac.Equal(raw[linkRoom+linkNumber:], s.linkMAC(l)) {
		return Link{}, missing
	}
	stands, err := s.LinkStands(ctx, &l)
	switch {
	case err != nil:
		return Link{}, err
	case l.EditionID == "":
		return Link{}, missing
	case !stands:
		return Link{EditionID: l.EditionID}, fail.New(fail.Gone, "qa.link.renewed")
	}
	return l, nil
}

// LinkStands tells whether a link was not renewed since it was given, and fills in
// its edition; that stays empty when the room is not there any more.
func (s *Service) LinkStands(ctx context.Context, l *Link) (bool, error) {
	var now struct {
		EditionID string
		Number    int64
	}
	err := s.db.Read.NewRaw(`SELECT r.edition_id, COALESCE(l.number, 1) AS number FROM room AS r
		LEFT JOIN live_link AS l ON l.room_id = r.id AND l.view = ? WHERE r.id = ?`, l.View.String(), l.RoomID).Scan(ctx, &now)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	l.EditionID = now.EditionID
	return err == nil && now.Number == l.Number, err
}

// RenewLink ends the link of a room and view that is known by its number. Pressing
// twice renews once: the number that was pressed with is over by then.
func (s *Service) RenewLink(ctx context.Context, by string, l Link) error {
	now := s.now().UTC().Truncate(time.Microsecond)
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Table("room").Where("id = ? AND edition_id = ?", l.RoomID, l.EditionID).Exists(ctx)
		if err != nil {
			return err
		}
		if !known || !slices.Contains(LinkViews[:], l.View) {
			return fail.Missing("qa.link.missing")
		}
		renewed, err := renewLink(ctx, tx, l, now)
		if err != nil || !renewed {
			return err
		}
		return audit.Write(ctx, tx, now, audit.Entry{Person: by, Edition: l.EditionID, Act: "live.link", Subject: l.RoomID, Detail: l.View.String()})
	})
}

// renewLink tells whether the link was still of that number.
func renewLink(ctx context.Context, tx bun.IDB, l Link, now time.Time) (bool, error) {
	var done sql.Result
	var err error
	if l.Number == 1 {
		done, err = tx.NewRaw(`INSERT INTO live_link (edition_id, room_id, view, number, renewed_at) VALUES (?, ?, ?, 2, ?)
			ON CONFLICT (room_id, view) DO NOTHING`, l.EditionID, l.RoomID, l.View.String(), now).Exec(ctx)
	} else {
		done, err = tx.NewRaw(`UPDATE live_link SET number = number + 1, renewed_at = ? WHERE room_id = ? AND view = ? AND number = ?`,
			now, l.RoomID, l.View.String(), l.Number).Exec(ctx)
	}
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}
