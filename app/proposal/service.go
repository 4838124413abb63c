package proposal

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

// Inviter writes to somebody who is on the programme now with their own link as
// a speaker.
type Inviter func(ctx context.Context, by string, e edition.Edition, speakerID, email string, l text.Lang) error

// Service is the way in for the open call.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	program  *program.Service
	invite   Inviter
	secret   []byte
	baseURL  string
	calls    *db.Recent[string, Call]
}

const (
	// fresh is how long another node's change of a call may stay unseen: the
	// edition's own page asks for it at every visit.
	fresh = time.Second
	// maxKept bounds the calls kept in memory.
	maxKept = 500
)

// New makes the service. secret signs the links of proposers; baseURL is where
// letters lead.
func New(d *db.DB, now func() time.Time, editions *edition.Service, programs *program.Service, invite Inviter, secret []byte, baseURL string) *Service {
	return &Service{db: d, now: now, editions: editions, program: programs, invite: invite, secret: secret, baseURL: baseURL,
		calls: db.NewRecent[string, Call](now, fresh, maxKept)}
}

// none reports whether nothing was found.
func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }
