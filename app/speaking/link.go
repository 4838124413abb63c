package speaking

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"

	"github.com/google/uuid"

	"agora/app/fail"
)

const (
	idLength   = 16
	linkLength = 4
	macLength  = 16 // bytes of the HMAC that a link carries
)

// Token is the secret part of a speaker's link: their id, the number of the link
// and an HMAC of both. Nothing secret is stored, and a renewed link ends the
// ones before it, which can still be told from forged ones.
func (s *Service) Token(x Speaking) string {
	id, err := uuid.Parse(x.SpeakerID)
	if err != nil {
		return ""
	}
	raw := binary.BigEndian.AppendUint32(id[:], uint32(x.Link)) //nolint:gosec // raised by hand, one at a time
	return base64.RawURLEncoding.EncodeToString(append(raw, s.mac(x.SpeakerID, x.Link)...))
}

// URL is the whole address of a speaker's own pages.
func (s *Service) URL(x Speaking) string { return s.baseURL + "/speak/" + s.Token(x) }

func (s *Service) mac(speakerID string, link int64) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("speak:" + speakerID + ":" + strconv.FormatInt(link, 10)))
	return h.Sum(nil)[:macLength]
}

// ByToken opens a speaker's own side. Missing for a link that nobody was given;
// Gone for one that was renewed: then the edition is told, so that the page can
// say whom to ask, and nothing else.
func (s *Service) ByToken(ctx context.Context, token string) (Speaking, error) {
	missing := fail.Missing("speaking.link_missing")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != idLength+linkLength+macLength {
		return Speaking{}, missing
	}
	id := uuid.UUID(raw[:idLength]).String()
	link := int64(binary.BigEndian.Uint32(raw[idLength:]))
	if !hmac.Equal(raw[idLength+linkLength:], s.mac(id, link)) {
		return Speaking{}, missing
	}
	var x Speaking
	err = s.db.Read.NewSelect().Model(&x).Where("speaker_id = ?", id).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Speaking{}, missing
	case err != nil:
		return Speaking{}, err
	case x.Link != link:
		return Speaking{EditionID: x.EditionID}, fail.New(fail.Gone, "speaking.link_renewed")
	}
	return x, nil
}
