package agenda

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/google/uuid"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
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
	a, err := s.Mine(ctx, e, personID)
	if err != nil {
		return nil, err
	}
	p, err := s.programs.Programme(ctx, e)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = exchange.WriteICS(&b, s.calendar(p, a, name))
	return b.Bytes(), err
}

// calendar is the programme's, cut down to the agenda.
func (s *Service) calendar(p *program.Programme, a Agenda, name string) exchange.Calendar {
	own := map[string]*Item{}
	stamp := p.Release.ReleasedAt
	for _, i := range a.Items {
		own[i.Session.GUID] = i
		if i.Session.ChangedAt.After(stamp) {
			stamp = i.Session.ChangedAt
		}
	}
	if stamp.IsZero() {
		stamp = p.Edition.CreatedAt
	}
	c := exchange.CalendarOf(program.Schedule(p, s.base), stamp.UTC().Truncate(time.Second))
	c.Name = name
	kept := c.Events[:0]
	for _, e := range c.Events {
		i := own[e.UID]
		if i == nil {
			continue
		}
		e.Sequence = int(i.Session.Version)
		e.Modified = i.Session.ChangedAt
		e.Tentative = i.State == workshop.Waiting && !i.Marked && !i.Speaks
		kept = append(kept, e)
	}
	c.Events = kept
	return c
}
