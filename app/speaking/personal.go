package speaking

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/file"
	"agora/app/program"
)

// Told is what a person is given of their own side as a speaker.
type Told struct {
	Edition    string          `json:"edition"`
	Email      string          `json:"email"`
	Language   string          `json:"language"`
	State      State           `json:"state"`
	Consent    map[Subject]any `json:"consent"`
	Licence    string          `json:"licence"`
	Note       string          `json:"note"`
	Equipment  string          `json:"equipment"`
	InvitedAt  *time.Time      `json:"invited_at"`
	AnsweredAt *time.Time      `json:"answered_at"`
	Changes    []ToldChange    `json:"changes"`
}

// ToldChange is one text that was changed through the link.
type ToldChange struct {
	At       time.Time `json:"at"`
	Field    string    `json:"field"`
	Language string    `json:"language,omitempty"`
	Was      string    `json:"was"`
	Became   string    `json:"became"`
}

// ofPerson finds what is a person's: by their address, by the registration they
// attend by, or by the speaker they sign in as.
const ofPerson = `(email <> '' AND email = (SELECT email FROM person WHERE id = ?0)
	OR registration_id <> '' AND registration_id IN (SELECT id FROM registration WHERE person_id = ?0)
	OR speaker_id IN (SELECT id FROM speaker WHERE person_id = ?0))`

// Export gives everything this area keeps of a person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	rows, err := find(ctx, s.db.Read, personID)
	if err != nil {
		return nil, err
	}
	list := make([]Told, len(rows))
	for i, x := range rows {
		list[i] = Told{Edition: x.EditionID, Email: x.Email, Language: string(x.Language), State: x.State, Consent: map[Subject]any{},
			Licence: x.Licence, Note: x.Note, Equipment: x.Equipment, InvitedAt: x.InvitedAt, AnsweredAt: x.AnsweredAt, Changes: []ToldChange{}}
		for what, word := range x.Consent {
			list[i].Consent[what] = word
		}
		var changes []Change
		if err := s.db.Read.NewSelect().Model(&changes).Where("speaker_id = ?", x.SpeakerID).Order("created_at", "id").Scan(ctx); err != nil {
			return nil, err
		}
		for _, c := range changes {
			list[i].Changes = append(list[i].Changes, ToldChange{At: c.CreatedAt, Field: c.Field, Language: string(c.Language), Was: c.Was, Became: c.Became})
		}
	}
	return list, nil
}

func find(ctx context.Context, idb bun.IDB, personID string) ([]Speaking, error) {
	var rows []Speaking
	err := idb.NewSelect().Model(&rows).Where(ofPerson, personID).Order("edition_id", "speaker_id").Scan(ctx)
	return rows, err
}

// Erase takes away what the person said, their link and their pictures. What they
// agreed to or refused stays, by nobody: it still says what may be shown.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	rows, err := find(ctx, tx, personID)
	if err != nil {
		return err
	}
	for _, x := range rows { // all of them first: one that is forgotten shares no address any more
		if err := claim(ctx, tx, x, personID); err != nil {
			return err
		}
	}
	for _, x := range rows {
		if err := edition.Touch(ctx, tx, x.EditionID); err != nil {
			return err
		}
		if err := file.Drop(ctx, tx, x.Original, x.Withheld); err != nil {
			return err
		}
		x.Email, x.Note, x.Equipment, x.Original, x.Withheld = "", "", "", "", ""
		x.Untold, x.UntoldAt = nil, nil
		x.Link++
		x.Version++
		if err := write(ctx, tx, &x); err != nil {
			return err
		}
		if _, err := tx.NewDelete().Model((*Change)(nil)).Where("speaker_id = ?", x.SpeakerID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// claim says whose the speaker is where only their address tells it: who was asked
// and has not answered is nobody's in the programme, which would keep what they
// wrote. An address that several speakers share is none of theirs alone.
func claim(ctx context.Context, tx bun.IDB, x Speaking, personID string) error {
	var alone bool
	err := tx.NewRaw(`SELECT person_id IS NULL AND NOT EXISTS (SELECT 1 FROM speaking WHERE edition_id = ?0 AND email = ?1 AND speaker_id <> ?2)
		FROM speaker WHERE id = ?2`, x.EditionID, x.Email, x.SpeakerID).Scan(ctx, &alone)
	if err != nil || !alone || x.Email == "" {
		return err
	}
	return program.Recognise(ctx, tx, x.EditionID, x.SpeakerID, personID)
}

// RemoveEdition drops what speakers did in a practice edition.
func RemoveEdition(ctx context.Context, tx bun.IDB, editionID string) error {
	for _, table := range []string{"speaking_change", "speaking", "speaking_rules"} {
		if _, err := tx.NewDelete().Table(table).Where("edition_id = ?", editionID).Exec(ctx); err != nil {
			return err
		}
	}
	_, err := tx.NewRaw("DELETE FROM spared WHERE session_id IN (SELECT id FROM session WHERE edition_id = ?)", editionID).Exec(ctx)
	return err
}
