package agenda

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/uuid"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program/exchange"
	"agora/app/workshop"
)

// macLength is how many bytes of the HMAC a feed's token carries.
const macLength = 16

// Token is the secret part of the address of a person's calendar feed: their id
// and an HMAC of it with the edition's. Nothing secret is stored.
func (s *Service) Token(editionID, personID string) string {
	id, err := uuid.Parse(personID)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(id[:], s.mac(editionID, id.String())...))
}

func (s *Service) mac(editionID, personID string) []byte {
	h := hmac.New(sha256.New, s.secret)
	h.Write([]byte("agenda:" + editionID + ":" + personID))
	return h.Sum(nil)[:macLength]
}

// open gives the person that a token was made for in an edition.
func (s *Service) open(editionID, token string) (personID string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 16+macLength {
		return "", false
	}
	personID = uuid.UUID(raw[:16]).String()
	return personID, hmac.Equal(raw[16:], s.mac(editionID, personID))
}

// ICS is the agenda behind a token as a calendar. UID and SEQUENCE are those of
// the programme's own calendar, so that an entry stays the same one when its
// session moves. NotFound tells nothing more: the token is of another edition,
// of nobody, or of somebody who had themselves erased.
func (s *Service) ICS(ctx context.Context, e edition.Edition, token, name string) ([]byte, error) {
	personID, ok := s.open(e.ID, token)
	if !ok {
		return nil, fail.Missing("agenda.feed_missing")
	}
	known, err := s.db.Read.NewSelect().Table("person").Where("id = ? AND email NOT LIKE 'erased:%'", personID).Exists(ctx)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, fail.Missing("agenda.feed_missing")
	}
	c, err := s.calendar(ctx, e, personID)
	if err != nil {
		return nil, err
	}
	c.Name = name
	var b bytes.Buffer
	err = exchange.WriteICS(&b, c)
	return b.Bytes(), err
}

// calendar is the programme's, cut down to what is the person's. A session they
// marked that has left the programme stays as a cancelled entry, so that it
// leaves their calendar too.
func (s *Service) calendar(ctx context.Context, e edition.Edition, personID string) (exchange.Calendar, error) {
	a, err := s.Mine(ctx, e, personID)
	if err != nil {
		return exchange.Calendar{}, err
	}
	ids, err := s.Marked(ctx, e.ID, personID)
	if err != nil {
		return exchange.Calendar{}, err
	}
	own, tentative := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		own[id] = true
	}
	for _, i := range a.Items {
		own[i.Session.ID] = true
		tentative[i.Session.GUID] = i.State == workshop.Waiting && !i.Marked && !i.Speaks
	}
	c, err := s.programs.Calendar(ctx, e, s.base, func(id string) bool { return own[id] })
	for i := range c.Events {
		c.Events[i].Tentative = tentative[c.Events[i].UID]
	}
	return c, err
}
