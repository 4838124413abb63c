package edition

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

// maxWhat is a line or two beside a name.
const maxWhat = 300

var idPattern = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// check cleans the input and gives every problem at once.
func (in *ThanksInput) check() error {
	f := fail.Fields{}
	if !slices.Contains(ThanksKinds[:], in.Kind) {
		f.Add("kind", "field.required")
	}
	name, ok := text.Clean(in.Name)
	in.Name = strings.Join(strings.Fields(name), " ")
	switch {
	case !ok:
		f.Add("name", "field.characters")
	case in.Name == "":
		f.Add("name", "field.required")
	case len([]rune(in.Name)) > maxTitle:
		f.Add("name", "field.long", "max", maxTitle)
	}
	checkTexts(f, "what", in.What, maxWhat, false)
	in.URL = strings.TrimSpace(in.URL)
	if clean, ok := text.Clean(in.URL); in.URL != "" && (!ok || clean != in.URL || !webAddress(in.URL) || len(in.URL) > maxText) {
		f.Add("url", "field.url")
	}
	return f.Err()
}

// CheckThanks gives every problem of an input, before its picture is looked at.
func CheckThanks(in ThanksInput) error { return in.check() }

// Helper is somebody of the team to be thanked.
type Helper struct{ PersonID, Name string }

// ThankTeam thanks those of the team who are not yet thanked, as volunteers, and
// tells how many that were.
func (s *Service) ThankTeam(ctx context.Context, by string, e Edition, team []Helper) (n int, err error) {
	err = s.thank(ctx, by, e, "thanks.team", func(ctx context.Context, tx bun.Tx) (string, error) {
		var rows []Thanks
		if err := tx.NewSelect().Model(&rows).Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
			return "", err
		}
		known := map[string]bool{}
		for _, t := range rows {
			known[t.PersonID], known[strings.ToLower(t.Name)] = true, true
		}
		var list []Thanks
		for _, h := range team {
			in := ThanksInput{Kind: Volunteer, Name: h.Name}
			if in.check() != nil || known[h.PersonID] || known[strings.ToLower(in.Name)] {
				continue
			}
			known[h.PersonID], known[strings.ToLower(in.Name)] = true, true
			list = append(list, Thanks{ID: db.NewID(), EditionID: e.ID, Kind: Volunteer, Name: in.Name, PersonID: h.PersonID, CreatedAt: s.now()})
		}
		if n = len(list); n == 0 {
			return "", nil
		}
		return e.ID, insertThanks(ctx, tx, e.ID, list)
	})
	return n, err
}

// CarryThanks thanks in a new edition those of some kinds whom an earlier one
// thanked, for the transaction that plans it.
func CarryThanks(ctx context.Context, tx bun.IDB, now time.Time, fromID, toID string, kinds ...ThanksKind) (int, error) {
	var rows []Thanks
	err := tx.NewSelect().Model(&rows).Where("edition_id = ? AND kind IN (?)", fromID, bun.List(kinds)).Order("rank", "id").Scan(ctx)
	if err != nil {
		return 0, err
	}
	for i := range rows {
		rows[i].ID, rows[i].EditionID, rows[i].CreatedAt = db.NewID(), toID, now
	}
	return len(rows), insertThanks(ctx, tx, toID, rows)
}

// ExportedThanks is what a person is given of being thanked.
type ExportedThanks struct {
	EditionID string     `json:"edition"`
	Name      string     `json:"name"`
	What      text.Texts `json:"what"`
}

// Export gives where a person is thanked by name.
func (s *Service) Export(ctx context.Context, personID string) (any, error) {
	list := []ExportedThanks{}
	err := s.db.Read.NewSelect().TableExpr("thanks").Column("edition_id", "name", "what").
		Where("person_id = ? AND person_id <> ''", personID).Order("created_at", "id").Scan(ctx, &list)
	return list, err
}

// Erase takes a person's name from all lists of thanks.
func (s *Service) Erase(ctx context.Context, tx bun.IDB, personID string) error {
	var rows []Thanks
	err := tx.NewRaw("DELETE FROM thanks WHERE person_id = ? AND person_id <> '' RETURNING *", personID).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	for _, t := range rows {
		if err := Touch(ctx, tx, t.EditionID); err != nil {
			return err
		}
		if err := dropLogos(ctx, tx, t.Logo); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, s.now(), audit.Entry{Person: personID, Edition: t.EditionID, Act: "thanks.remove", Subject: t.ID}); err != nil {
			return err
		}
	}
	s.Forget() // kept pages are told by the revision anyway
	return nil
}
