package account

import (
	"context"
	"strings"

	"github.com/uptrace/bun"
)

// practiceHost is where the people of a rehearsal have their addresses: nowhere
// (RFC 2606).
const practiceHost = "@practice.invalid"

// PracticeEmail is the address of somebody who exists for one rehearsal only.
// rehearsal is letters, digits and hyphens.
func PracticeEmail(rehearsal, who string) string { return rehearsal + "." + who + practiceHost }

// RemovePractice drops the people of a rehearsal. Whoever claims such an address
// elsewhere stays: what refers to them is not the rehearsal's to remove.
func RemovePractice(ctx context.Context, tx bun.IDB, rehearsal string) error {
	if rehearsal == "" || strings.ContainsAny(rehearsal, "%_.") {
		return nil // no name of a rehearsal; it would match others
	}
	_, err := tx.NewRaw(`DELETE FROM person WHERE email LIKE ?
		AND NOT EXISTS (SELECT 1 FROM registration AS r WHERE r.person_id = person.id)
		AND id NOT IN (SELECT s.person_id FROM speaker AS s WHERE s.person_id IS NOT NULL)`,
		PracticeEmail(rehearsal, "%")).Exec(ctx)
	return err
}
