package paper

import (
	"time"

	"agora/app/db"
)

// Service is the press with what is kept for it.
type Service struct {
	db    *db.DB
	now   func() time.Time
	Press *Press
}

// New makes the service; press prints.
func New(d *db.DB, now func() time.Time, press *Press) *Service {
	return &Service{db: d, now: now, Press: press}
}
