package door

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

const (
	maxDeviceName = 40 // fits the line above a verdict
	maxDevices    = 60 // more doors than that no day has
	// seenEvery keeps a device that looks for news every few seconds from being
	// written down as often.
	seenEvery = 20 * time.Second
	// linkLife is how long a link waits for somebody to join by it.
	linkLife = 14 * 24 * time.Hour
)

// Device is a phone that keeps the door without anybody being signed in on it. It
// joins by a link that works once, and is revoked by the organiser.
type Device struct {
	bun.BaseModel `bun:"table:door_device"`

	ID        string `bun:",pk"`
	EditionID string
	Name      string
	// SessionID is what it is meant for: a session, or empty for the door.
	SessionID  string
	Prints     bool // opens the badge of whom it lets in, to be printed
	LinkHash   string
	SecretHash string
	// Waiting is how many scans it said it still held when it was last heard of.
	Waiting   int64
	CreatedAt time.Time
	JoinedAt  *time.Time
	SeenAt    *time.Time
	RevokedAt *time.Time
}

// Linked reports whether its link can still be used.
func (d Device) Linked(now time.Time) bool {
	return d.LinkHash != "" && d.RevokedAt == nil && now.Before(d.CreatedAt.Add(linkLife))
}

// Works reports whether it keeps the door.
func (d Device) Works() bool { return d.SecretHash != "" && d.RevokedAt == nil }

// DeviceInput is what an organiser says of a device.
type DeviceInput struct {
	Name    string
	Session string
	Prints  bool
}

// secret makes something nobody can guess, as it stands in a link or a cookie.
func secret() string {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		panic("no randomness: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte("door " + secret))
	return hex.EncodeToString(sum[:])
}

// AddDevice makes a device and the link by which it joins. The link is given out
// here and never again: only its hash is kept.
func (s *Service) AddDevice(ctx context.Context, e edition.Edition, by string, in DeviceInput) (d Device, link string, err error) {
	if in.Name, err = cleanName(in.Name); err != nil {
		return d, "", err
	}
	link = secret()
	d = Device{ID: db.NewID(), EditionID: e.ID, Name: in.Name, SessionID: in.Session, Prints: in.Prints, LinkHash: hashOf(link), CreatedAt: s.now()}
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		places, err := placesOf(ctx, tx, e.ID, []Scan{{SessionID: in.Session}})
		if err != nil {
			return err
		}
		if !places[in.Session] {
			return fail.Wrong("session", "door.place_unknown")
		}
		n, err := tx.NewSelect().Model((*Device)(nil)).Where("edition_id = ? AND revoked_at IS NULL", e.ID).Count(ctx)
		if err != nil {
			return err
		}
		if n >= maxDevices {
			return fail.Wrong("name", "door.devices_most", "n", maxDevices)
		}
		if _, err := tx.NewInsert().Model(&d).Exec(ctx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "door.device_add", Subject: d.ID, Detail: d.Name})
	})
	return d, link, err
}

func cleanName(name string) (string, error) {
	name, ok := text.Clean(name)
	switch {
	case !ok:
		return "", fail.Wrong("name", "field.characters")
	case name == "":
		return "", fail.Wrong("name", "field.required")
	case len([]rune(name)) > maxDeviceName:
		return "", fail.Wrong("name", "field.long", "max", maxDeviceName)
	}
	return name, nil
}

// ByLink finds the device that a link would join. Gone when it was used or revoked.
func (s *Service) ByLink(ctx context.Context, link string) (Device, error) {
	var d Device
	err := s.db.Read.NewSelect().Model(&d).Where("link_hash = ?", hashOf(link)).Scan(ctx)
	if err != nil {
		return d, missing(err, "door.link_over")
	}
	if !d.Linked(s.now()) {
		return d, fail.Missing("door.link_over")
	}
	return d, nil
}

// Join makes the browser that opened a link the device. Of two who press at once
// one joins.
func (s *Service) Join(ctx context.Context, link string) (d Device, secretOf string, err error) {
	if d, err = s.ByLink(ctx, link); err != nil {
		return d, "", err
	}
	secretOf = secret()
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewRaw(`UPDATE door_device SET link_hash = '', secret_hash = ?, joined_at = ?, seen_at = ?
			WHERE id = ? AND link_hash = ? AND revoked_at IS NULL`, hashOf(secretOf), s.now(), s.now(), d.ID, hashOf(link)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fail.Missing("door.link_over")
		}
		return nil
	})
	return d, secretOf, err
}

// BySecret finds the device that a browser is. Gone when it was revoked, so that it
// can be told to forget what it keeps.
func (s *Service) BySecret(ctx context.Context, secretOf string) (Device, error) {
	var d Device
	err := s.db.Read.NewSelect().Model(&d).Where("secret_hash = ?", hashOf(secretOf)).Scan(ctx)
	if err != nil {
		return d, missing(err, "door.device_unknown")
	}
	return d, nil
}

// Renew ends whatever a device has and gives it another link: its phone was lost, or
// another one takes its place.
func (s *Service) Renew(ctx context.Context, e edition.Edition, by, id string) (link string, err error) {
	link = secret()
	return link, s.change(ctx, e, by, id, "door.device_renew", "link_hash = ?, secret_hash = '', joined_at = NULL, created_at = ?", hashOf(link), s.now())
}

// Revoke ends a device. It forgets its list when it next asks for news.
func (s *Service) Revoke(ctx context.Context, e edition.Edition, by, id string) error {
	return s.change(ctx, e, by, id, "door.device_revoke", "link_hash = '', revoked_at = ?", s.now())
}

func (s *Service) change(ctx context.Context, e edition.Edition, by, id, act, set string, args ...any) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewRaw("UPDATE door_device SET "+set+" WHERE id = ? AND edition_id = ? AND revoked_at IS NULL", append(args, id, e.ID)...).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fail.Missing("door.device_unknown")
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: id})
	})
}

// Seen notes that a device was heard of, and how much it still holds.
func (s *Service) Seen(ctx context.Context, d Device, waiting int64) error {
	if d.ID == "" || d.SeenAt != nil && d.Waiting == waiting && s.now().Sub(*d.SeenAt) < seenEvery {
		return nil
	}
	_, err := s.db.Write.NewRaw("UPDATE door_device SET seen_at = ?, waiting = ? WHERE id = ?", s.now(), max(0, waiting), d.ID).Exec(ctx)
	return err
}

// Devices lists an edition's devices, those revoked at the end.
func (s *Service) Devices(ctx context.Context, editionID string) ([]Device, error) {
	var rows []Device
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ?", editionID).
		OrderExpr("CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, name, id").Scan(ctx)
	return rows, err
}
