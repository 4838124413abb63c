package certificate

import (
	"context"
	"time"

	"github.com/uptrace/bun"
)

// Exported is what a person is given of what is kept for certificates.
type Exported struct {
	Certificates []ExportedOne `json:"certificates,omitempty"`
	// Minutes in the live rooms, by edition.
	Minutes map[string]int64 `json:"minutes_in_live_rooms,omitempty"`
	// Word is the organisers' word that they were there, or not, by edition.
	Word map[string]bool `json:"organisers_word,omitempty"`
}

// ExportedOne is one certificate.
type ExportedOne struct {
	EditionID string     `json:"edition"`
	Kind      Kind       `json:"kind"`
	Number    int64      `json:"number"`
	Code      string     `json:"code"`
	Name      string     `json:"name"`
	Facts     Facts      `json:"facts"`
	IssuedAt  time.Time  `json:"issued_at"`
	RevokedAt *time.Time `json:"revoked_at,omitempty"`
	Reason    Reason     `json:"reason,omitempty"`
	Note      string     `json:"note,omitempty"`
}

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	out := Exported{Minutes: map[string]int64{}, Word: map[string]bool{}}
	if personID == "" {
		return out, nil
	}
	var rows []Issued
	if err := s.db.Read.NewSelect().Model(&rows).Where("person_id = ?", personID).Order("issued_at", "number").Scan(ctx); err != nil {
		return nil, err
	}
	for _, i := range rows {
		out.Certificates = append(out.Certificates, ExportedOne{i.EditionID, i.Kind, i.Number, i.Code, i.Name, i.Facts, i.IssuedAt, i.RevokedAt, i.Reason, i.Note})
	}
	const theirs = "registration_id IN (SELECT id FROM registration WHERE person_id = ?)"
	var seen []presence
	if err := s.db.Read.NewSelect().Model(&seen).Where(theirs, personID).Scan(ctx); err != nil {
		return nil, err
	}
	for _, p := range seen {
		out.Minutes[p.EditionID] = p.Seconds / 60
	}
	var words []Word
	err := s.db.Read.NewSelect().Model(&words).Where(theirs, personID).Scan(ctx)
	for _, w := range words {
		out.Word[w.EditionID] = w.Present
	}
	return out, err
}

// Erase takes a person's name off their certificates, which then prove nothing
// any more, and deletes the rest. The numbers stay.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	if personID == "" {
		return nil
	}
	_, err := tx.NewRaw(`UPDATE certificate SET name = '', facts = '{}', note = '', person_id = '', reason = ?, revoked_at = COALESCE(revoked_at, ?)
		WHERE person_id = ?`, Erased, s.now(), personID).Exec(ctx)
	if err != nil {
		return err
	}
	for _, table := range []string{"certificate_presence", "certificate_word"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE registration_id IN (SELECT id FROM registration WHERE person_id = ?)", bun.Ident(table), personID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
