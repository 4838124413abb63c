package material

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

// What a speaker may bring: MaxVersions of one piece, and MaxSent bytes of files
// for one session, earlier versions counted in, for none of the history goes.
// It protects the disk from a link that anybody may hold; organisers, who see to
// the disk, are not bound.
const (
	MaxVersions = 50
	MaxSent     = 2 << 30
)

const keyVersions, keySent = "material.versions_many", "material.sent_much"

// room sees whether a speaker may bring what m is now, in its newest version.
func room(ctx context.Context, tx bun.IDB, by Author, m Material) error {
	if by.Speaker == "" {
		return nil
	}
	field := "file"
	if m.FileID == "" {
		field = "url"
	}
	if m.Version > MaxVersions {
		return fail.Wrong(field, keyVersions, "max", MaxVersions)
	}
	if m.FileID == "" {
		return nil
	}
	var sent int64
	err := tx.NewRaw(`SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM file WHERE id = ? OR id IN (SELECT v.file_id FROM material_version AS v
		JOIN material AS m ON m.id = v.material_id WHERE m.session_id = ? AND v.speaker_id = ?)`, m.FileID, m.SessionID, by.Speaker).Scan(ctx, &sent)
	if err != nil {
		return err
	}
	if sent > MaxSent {
		return fail.Wrong(field, keySent, "max", MaxSent>>30)
	}
	return nil
}

// Full tells whether err says that a speaker may bring no more, so that the
// organisers hear of it.
func Full(err error) bool {
	e, ok := fail.As(err)
	if !ok {
		return false
	}
	for _, problems := range e.Fields {
		for _, p := range problems {
			if p.Key == keyVersions || p.Key == keySent {
				return true
			}
		}
	}
	return false
}
