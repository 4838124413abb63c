package proposal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"agora/app/fail"
)

// macLength is how many bytes of an HMAC a link carries.
const macLength = 16

// Token is the secret part of a proposal's address: its id and an HMAC of id and
// link number. Whoever holds it may change and withdraw the proposal.
func (s *Service) Token(p Proposal) string {
	id, err := uuid.Parse(p.ID)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(id[:], s.mac("proposal", p.ID, strconv.FormatInt(p.Link, 10))...))
}

// URL is the whole address of a proposal.
func (s *Service) URL(p Proposal) string { return s.baseURL + "/proposal/" + s.Token(p) }

func (s *Service) mac(parts ...string) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte(strings.Join(parts, ":")))
	return h.Sum(nil)[:macLength]
}

// ByToken opens a proposal. A forged link and a proposal that is gone are the
// same to the caller.
func (s *Service) ByToken(ctx context.Context, token string) (Proposal, error) {
	missing := fail.Missing("proposal.missing")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 16+macLength {
		return Proposal{}, missing
	}
	var p Proposal
	err = s.db.Read.NewSelect().Model(&p).Where("id = ?", uuid.UUID(raw[:16]).String()).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Proposal{}, missing
	}
	if err != nil {
		return Proposal{}, err
	}
	if !hmac.Equal(raw[16:], s.mac("proposal", p.ID, strconv.FormatInt(p.Link, 10))) {
		return Proposal{}, missing
	}
	return p, nil
}

// Mark says, signed, when a form was shown for an edition: it comes back with
// the form and proves that a proposal was begun before closing.
func (s *Service) Mark(editionID string) string {
	at := strconv.FormatInt(s.now().Unix(), 10)
	return at + "." + base64.RawURLEncoding.EncodeToString(s.mac("begun", editionID, at))
}

// Begun reads a mark; one that is not ours was begun never.
func (s *Service) Begun(editionID, mark string) time.Time {
	at, proof, _ := strings.Cut(mark, ".")
	mac, err := base64.RawURLEncoding.DecodeString(proof)
	seconds, bad := strconv.ParseInt(at, 10, 64)
	if err != nil || bad != nil || !hmac.Equal(mac, s.mac("begun", editionID, at)) {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
