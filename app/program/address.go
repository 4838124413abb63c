package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/text"
)

// Address is where a speaker can be written to, and in which language; both are
// empty where they are not known.
type Address struct {
	Email    string
	Language text.Lang
}

// Addresses tells what is known of some of an edition's speakers: where they were
// invited, who signs in as them, else the same of their newest other edition.
func (s *Service) Addresses(ctx context.Context, e edition.Edition, ids []string) (map[string]Address, error) {
	var rows []struct {
		ID, Invited, Email       string
		Spoken, PersonalLanguage text.Lang
		Here                     bool
	}
	err := s.db.Read.NewSelect().TableExpr("speaker AS me").
		ColumnExpr("me.id, coalesce(k.email, '') AS invited, coalesce(p.email, '') AS email").
		ColumnExpr("coalesce(k.language, '') AS spoken, coalesce(p.language, '') AS personal_language, s.id = me.id AS here").
		Join("JOIN speaker AS s ON s.who = me.who").Join("LEFT JOIN speaking AS k ON k.speaker_id = s.id").
		Join("LEFT JOIN person AS p ON p.id = s.person_id").
		Where("me.edition_id = ?", e.ID).Where("me.id IN (?)", bun.List(ids)).OrderExpr("me.id, here DESC, s.id DESC").Scan(ctx, &rows)
	known := map[string]Address{}
	for _, row := range rows {
		a := Address{row.Invited, row.Spoken}
		if a.Email == "" {
			a = Address{row.Email, row.PersonalLanguage}
		}
		if known[row.ID].Email == "" && a.Email != "" {
			known[row.ID] = a
		}
	}
	return known, err
}
