package agenda

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/workshop"
)

var _ program.Listener = (*Service)(nil)

// owner is somebody with one of the sessions that changed.
type owner struct {
	ID, Email, Name string
	Language        text.Lang
	SessionID       string
}

// Released writes one letter to everybody who marked, is signed up to or speaks
// at a session that a release moves, calls off or takes away, about their own
// sessions only. What is new is nobody's yet, and of the first release everything
// is new.
func (s *Service) Released(ctx context.Context, tx bun.IDB, e edition.Edition, r program.Release, changes []program.Change) error {
	if r.Number <= 1 {
		return nil
	}
	owners, byID, err := s.owners(ctx, tx, e.ID, changes)
	if err != nil {
		return err
	}
	var letters []mail.Letter
	for from := 0; from < len(owners); {
		to := from
		own := make([]bool, len(changes))
		for ; to < len(owners) && owners[to].ID == owners[from].ID; to++ {
			own[byID[owners[to].SessionID]] = true
		}
		letters = append(letters, s.letter(e, r, owners[from], changes, own))
		from = to
	}
	return mail.Queue(ctx, tx, s.now(), letters...)
}

// Affected counts who would be written to if these changes were released.
func (s *Service) Affected(ctx context.Context, e edition.Edition, changes []program.Change) (int, error) {
	owners, _, err := s.owners(ctx, s.db.Read, e.ID, changes)
	people := map[string]bool{}
	for _, o := range owners {
		people[o.ID] = true
	}
	return len(people), err
}

// owners finds the people of what changes, ordered by person, in one statement,
// and where each session stands among the changes. Whoever had themselves erased
// has no address to write to.
func (s *Service) owners(ctx context.Context, idb bun.IDB, editionID string, changes []program.Change) (list []owner, byID map[string]int, err error) {
	byID = map[string]int{}
	var sessionIDs []string
	for i, c := range changes {
		if c.Kind != program.Added {
			byID[c.SessionID] = i
			sessionIDs = append(sessionIDs, c.SessionID)
		}
	}
	if len(sessionIDs) == 0 {
		return nil, byID, nil
	}
	err = idb.NewRaw(`SELECT p.id, p.email, p.name, p.language, o.session_id FROM (
			SELECT f.person_id, f.session_id FROM favourite AS f WHERE f.edition_id = ?
			UNION
			SELECT r.person_id, w.session_id FROM sign_up AS u JOIN workshop AS w ON w.id = u.workshop_id
				JOIN registration AS r ON r.id = u.registration_id
				WHERE w.edition_id = ? AND w.session_id IS NOT NULL AND u.state <> ? AND r.state <> ?
			UNION
			SELECT k.person_id, ss.session_id FROM session_speaker AS ss JOIN speaker AS k ON k.id = ss.speaker_id
				WHERE k.edition_id = ? AND k.person_id IS NOT NULL
		) AS o JOIN person AS p ON p.id = o.person_id
		WHERE o.session_id IN (?) AND p.email NOT LIKE 'erased:%' ORDER BY p.id, o.session_id`,
		editionID, editionID, workshop.Cancelled, registration.Cancelled, editionID, bun.List(sessionIDs)).Scan(ctx, &list)
	return list, byID, err
}

func (s *Service) letter(e edition.Edition, r program.Release, who owner, changes []program.Change, own []bool) mail.Letter {
	w := Words{Catalogue: s.words, Lang: who.Language, Edition: e}
	var lines []string
	for i, c := range changes {
		if own[i] {
			lines = append(lines, "- "+w.Change(c))
		}
	}
	note, _ := e.In(r.Note, who.Language)
	name := who.Name
	if name == "" {
		name = who.Email
	}
	return mail.Letter{EditionID: e.ID, Email: who.Email, Name: who.Name, Language: who.Language, Kind: mail.ProgramChanged, Args: map[string]any{
		"name": name, "edition": e.Name(who.Language), "changes": strings.Join(lines, "\n"), "note": note, "link": s.base + e.Path() + "/agenda",
	}}
}
