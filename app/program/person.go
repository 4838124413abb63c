package program

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/text"
)

// Spoken is what a person is given of themselves as a speaker.
type Spoken struct {
	Edition   string       `json:"edition"`
	Name      string       `json:"name"`
	Biography text.Texts   `json:"biography"`
	Links     []Link       `json:"links,omitempty"`
	Sessions  []text.Texts `json:"sessions"`
}

// Export gives what the programmes say of the person.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	var people []Speaker
	if err := s.db.Read.NewSelect().Model(&people).Where("person_id = ?", personID).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	var said []struct {
		SpeakerID string
		Title     text.Texts
	}
	err := s.db.Read.NewRaw(`SELECT ss.speaker_id, s.title FROM session_speaker AS ss JOIN session AS s ON s.id = ss.session_id
		JOIN speaker AS p ON p.id = ss.speaker_id WHERE p.person_id = ? ORDER BY s.id`, personID).Scan(ctx, &said)
	if err != nil {
		return nil, err
	}
	list := make([]Spoken, 0, len(people))
	for _, who := range people {
		one := Spoken{Edition: who.EditionID, Name: who.Name, Biography: who.Biography, Links: who.Extra.Links, Sessions: []text.Texts{}}
		for _, x := range said {
			if x.SpeakerID == who.ID {
				one.Sessions = append(one.Sessions, x.Title)
			}
		}
		list = append(list, one)
	}
	return list, nil
}

// Erase takes away what the person told about themselves. The name stays in the
// programme that was published, as in its printed copies, unless an organiser
// changes it; it leads to nobody any more, in no other edition either.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	var rows []Speaker
	// Also the rows that were said to be the same human, and never signed in.
	err := tx.NewSelect().Model(&rows).Column("id", "edition_id", "picture").
		Where("person_id = ?0 OR person_id IS NULL AND who IN (SELECT who FROM speaker WHERE person_id = ?0)", personID).Order("edition_id").Scan(ctx)
	if err != nil {
		return err
	}
	for _, who := range rows {
		if err := edition.Touch(ctx, tx, who.EditionID); err != nil {
			return err
		}
		if err := file.Drop(ctx, tx, who.Picture); err != nil {
			return err
		}
		_, err = tx.NewUpdate().Model((*Speaker)(nil)).Set("person_id = NULL").Set("biography = ?", text.Texts{}).Set("extra = ?", Extra{}).
			Set("availability = ?", Spans{}).Set("picture = ''").Set("who = ?", db.NewID()).Set("version = version + 1").
			Where("id = ?", who.ID).Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, table := range []string{"edit", "delay"} { // what was done stays, by nobody
		if _, err := tx.NewUpdate().Table(table).Set("person_id = ''").Where("person_id = ?", personID).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}
