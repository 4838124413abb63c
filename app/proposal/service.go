package proposal

import (
	"time"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
)

// Service is the way in for the open call.
type Service struct {
	db       *db.DB
	now      func() time.Time
	editions *edition.Service
	program  *program.Service
	secret   []byte
	baseURL  string
}

// New makes the service. secret signs the links of proposers; baseURL is where
// letters lead.
func New(d *db.DB, now func() time.Time, editions *edition.Service, programs *program.Service, secret []byte, baseURL string) *Service {
	return &Service{db: d, now: now, editions: editions, program: programs, secret: secret, baseURL: baseURL}
}
