package account

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/fail"
)

// Role is what somebody is somewhere.
type Role string

// The roles. Their names in the catalogue are account.role.<role>.
const (
	Owner     Role = "owner" // of the whole installation
	Organiser Role = "organiser"
	Moderator Role = "moderator"
	DoorStaff Role = "door_staff"
	Catering  Role = "catering" // the kitchen: how many need what
	Reviewer  Role = "reviewer" // reads and scores what was proposed
	Speaker   Role = "speaker"
)

// Scope says where a role holds.
type Scope string

// All is everywhere.
const All Scope = "all"

const (
	seriesScope  = "series:"
	editionScope = "edition:"
)

// OfSeries is a series with all its editions.
func OfSeries(id string) Scope { return Scope(seriesScope + id) }

// OfEdition is one edition.
func OfEdition(id string) Scope { return Scope(editionScope + id) }

func (s Scope) edition() string {
	id, _ := strings.CutPrefix(string(s), editionScope)
	if id == string(s) {
		return ""
	}
	return id
}

// covers reports whether a role at s holds for the edition of the series. An
// empty edition means the series itself, an empty series the installation.
func (s Scope) covers(seriesID, editionID string) bool {
	return s == All ||
		seriesID != "" && s == OfSeries(seriesID) ||
		editionID != "" && s == OfEdition(editionID)
}

func (s Scope) valid() bool {
	kind, id, found := strings.Cut(string(s), ":")
	return s == All || found && id != "" && (kind+":" == seriesScope || kind+":" == editionScope)
}

// Held is a role at its scope.
type Held struct {
	Scope Scope `json:"scope"`
	Role  Role  `json:"role"`
}

// Roles are all roles of one person.
type Roles []Held

// May reports whether they allow what role may do in the edition of the series.
// What is not allowed by a rule here is not allowed.
func (r Roles) May(role Role, seriesID, editionID string) bool {
	return slices.ContainsFunc(r, func(h Held) bool {
		return h.valid() && h.Scope.covers(seriesID, editionID) && h.Role.includes(role)
	})
}

// Owner reports whether they are an owner's.
func (r Roles) Owner() bool { return r.May(Owner, "", "") }

// valid: only the whole installation has owners.
func (h Held) valid() bool {
	return h.Scope.valid() && h.Role.includes(h.Role) && (h.Role != Owner || h.Scope == All)
}

func (r Role) includes(other Role) bool {
	switch r {
	case Owner:
		return slices.Contains([]Role{Owner, Organiser, Moderator, DoorStaff, Catering, Reviewer, Speaker}, other)
	case Organiser:
		return slices.Contains([]Role{Organiser, Moderator, DoorStaff, Catering, Reviewer}, other)
	case Moderator, DoorStaff, Catering, Reviewer, Speaker:
		return r == other
	}
	return false
}

// Grant gives somebody a role. by is who gives it, for the audit log.
func (s *Service) Grant(ctx context.Context, tx bun.IDB, by, personID string, scope Scope, role Role) error {
	if !(Held{scope, role}).valid() {
		return fail.Wrong("role", "account.role.unknown")
	}
	res, err := tx.NewRaw(`INSERT INTO role (person_id, scope, role) VALUES (?, ?, ?)
		ON CONFLICT (person_id, scope, role) DO NOTHING`, personID, scope, role).Exec(ctx)
	if err != nil {
		return err
	}
	return s.told(ctx, tx, res, "role.grant", by, personID, Held{scope, role})
}

// RevokeRole takes a role away. The last owner stays: nobody could come in again.
func (s *Service) RevokeRole(ctx context.Context, tx bun.IDB, by, personID string, scope Scope, role Role) error {
	if role == Owner {
		if err := keepAnOwner(ctx, tx, personID); err != nil {
			return err
		}
	}
	res, err := tx.NewRaw(`DELETE FROM role WHERE person_id = ? AND scope = ? AND role = ?`, personID, scope, role).Exec(ctx)
	if err != nil {
		return err
	}
	return s.told(ctx, tx, res, "role.revoke", by, personID, Held{scope, role})
}

// told writes the act to the log, when there was one.
func (s *Service) told(ctx context.Context, tx bun.IDB, res sql.Result, act, by, personID string, h Held) error {
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	s.seen.forget()
	return audit.Write(ctx, tx, s.now(), audit.Entry{
		Person: by, Edition: h.Scope.edition(), Act: act, Subject: personID, Detail: string(h.Role) + " " + string(h.Scope),
	})
}

// keepAnOwner refuses when the person is the only owner. It locks all owners
// first: two who leave at once must not both be the last but one.
func keepAnOwner(ctx context.Context, tx bun.IDB, personID string) error {
	var owners []string
	err := tx.NewRaw(`UPDATE role SET scope = scope WHERE role = ? AND scope = ? RETURNING person_id`, Owner, All).Scan(ctx, &owners)
	if err != nil {
		return err
	}
	if len(owners) == 1 && owners[0] == personID {
		return fail.Clash("account.role.last_owner")
	}
	return nil
}

// OwnerExists reports whether the installation has an owner yet.
func (s *Service) OwnerExists(ctx context.Context) (bool, error) {
	return s.db.Read.NewSelect().TableExpr("role").Where("role = ? AND scope = ?", Owner, All).Exists(ctx)
}

// Holder is somebody with a role at a scope.
type Holder struct {
	Person
	Role Role
}

// Holders gives everybody who holds a role at exactly this scope.
func (s *Service) Holders(ctx context.Context, scope Scope) ([]Holder, error) {
	var rows []struct {
		Person `bun:",extend"`
		Role   Role
	}
	err := s.db.Read.NewSelect().TableExpr("role AS r").ColumnExpr("p.*, r.role").
		Join("JOIN person AS p ON p.id = r.person_id").
		Where("r.scope = ?", scope).OrderExpr("r.role, p.name, p.email").Scan(ctx, &rows)
	holders := make([]Holder, len(rows))
	for i, r := range rows {
		holders[i] = Holder{Person: r.Person, Role: r.Role}
	}
	return holders, err
}
