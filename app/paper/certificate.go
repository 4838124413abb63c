package paper

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

// Issued is a certificate that has been given out. It names nobody itself: the
// name is the registration's, and goes when that is erased.
type Issued struct {
	bun.BaseModel `bun:"table:certificate"`

	ID             string `bun:",pk"`
	EditionID      string
	RegistrationID string
	Code           string
	Number         int64
	IssuedAt       time.Time
	RevokedAt      *time.Time
}

// codeLength gives 25^12 codes: nobody finds a certificate by trying.
const codeLength = 12

// Service gives out certificates.
type Service struct {
	db    *db.DB
	now   func() time.Time
	Press *Press
}

// New makes the service; press prints.
func New(d *db.DB, now func() time.Time, press *Press) *Service {
	return &Service{db: d, now: now, Press: press}
}

// Arrived lists the confirmed registrations of an edition that were checked in,
// in order of name: those a certificate of attendance is for.
func (s *Service) Arrived(ctx context.Context, editionID string) ([]registration.Registration, error) {
	var rows []registration.Registration
	err := s.db.Read.NewSelect().Model(&rows).
		Where("registration.edition_id = ? AND registration.state = ?", editionID, registration.Confirmed).
		Where("EXISTS (SELECT 1 FROM check_in WHERE check_in.registration_id = registration.id)").
		Order("id").Scan(ctx)
	registration.ByName(rows)
	return rows, err
}

// Issue gives a certificate to each registration that has none yet, and returns
// theirs by registration. Whoever was not checked in gets none.
func (s *Service) Issue(ctx context.Context, e edition.Edition, regs []registration.Registration) (map[string]Issued, error) {
	var given map[string]Issued
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		given, err = s.issue(ctx, tx, e, regs)
		return err
	})
	return given, err
}

func (s *Service) issue(ctx context.Context, tx bun.Tx, e edition.Edition, regs []registration.Registration) (map[string]Issued, error) {
	if s.db.Engine == db.Postgres {
		// Numbers are counted on: one gives them out at a time. SQLite has one writer anyway.
		if _, err := tx.NewRaw("SELECT 1 FROM edition WHERE id = ? FOR NO KEY UPDATE", e.ID).Exec(ctx); err != nil {
			return nil, err
		}
	}
	have, last, err := issued(ctx, tx, e.ID)
	if err != nil {
		return nil, err
	}
	arrived := map[string]bool{}
	var ids []string
	if err := tx.NewRaw("SELECT registration_id FROM check_in WHERE edition_id = ?", e.ID).Scan(ctx, &ids); err != nil {
		return nil, err
	}
	for _, id := range ids {
		arrived[id] = true
	}
	given := map[string]Issued{}
	var fresh []Issued
	for _, r := range regs {
		if !arrived[r.ID] || r.EditionID != e.ID || r.State != registration.Confirmed {
			continue
		}
		one, done := have[r.ID]
		if !done {
			last++
			one = Issued{ID: db.NewID(), EditionID: e.ID, RegistrationID: r.ID, Code: newCode(), Number: last, IssuedAt: s.now()}
			fresh = append(fresh, one)
		}
		given[r.ID] = one
	}
	if len(fresh) > 0 {
		_, err = tx.NewInsert().Model(&fresh).Exec(ctx)
	}
	return given, err
}

// issued gives an edition's certificates by registration, and their last number.
func issued(ctx context.Context, idb bun.IDB, editionID string) (byReg map[string]Issued, last int64, err error) {
	var rows []Issued
	err = idb.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx)
	byReg = make(map[string]Issued, len(rows))
	for _, i := range rows {
		byReg[i.RegistrationID], last = i, max(last, i.Number)
	}
	return byReg, last, err
}

// Proof is what a certificate's code proves: no more than the paper says.
type Proof struct {
	Issued
	Name string
}

// Verify looks a code up. Unknown and mistyped codes are the same, and so is one
// whose check-in was taken back: nobody was there.
func (s *Service) Verify(ctx context.Context, code string) (Proof, error) {
	var p Proof
	err := s.db.Read.NewSelect().Model(&p.Issued).Where("code = ?", CleanCode(code)).
		Where("EXISTS (SELECT 1 FROM check_in WHERE check_in.registration_id = issued.registration_id)").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fail.Missing("verify.unknown")
	}
	if err != nil {
		return p, err
	}
	err = s.db.Read.NewRaw("SELECT name FROM registration WHERE id = ?", p.RegistrationID).Scan(ctx, &p.Name)
	return p, err
}

// CleanCode reads a certificate's code as people type it.
func CleanCode(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(registration.CodeLetters, r) {
			return r
		}
		return -1
	}, strings.ToUpper(s))
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), "-")
}

func newCode() string { return CleanCode(registration.RandomLetters(codeLength)) }
