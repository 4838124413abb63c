package agenda

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/workshop"
)

// Service keeps what people mark and knows what else is theirs.
type Service struct {
	db            *db.DB
	now           func() time.Time
	programs      *program.Service
	registrations *registration.Service
	workshops     *workshop.Service
	words         *text.Catalogue
	secret        []byte
	base          string
}

// New makes the service; links start with baseURL.
func New(d *db.DB, now func() time.Time, words *text.Catalogue, programs *program.Service, registrations *registration.Service,
	workshops *workshop.Service, secret []byte, baseURL string) *Service {
	return &Service{db: d, now: now, programs: programs, registrations: registrations, workshops: workshops, words: words,
		secret: secret, base: strings.TrimRight(baseURL, "/")}
}

// Marked gives the ids of the sessions a person has marked in an edition, the
// first marked first.
func (s *Service) Marked(ctx context.Context, editionID, personID string) ([]string, error) {
	return marked(ctx, s.db.Read, editionID, personID)
}

func marked(ctx context.Context, idb bun.IDB, editionID, personID string) ([]string, error) {
	ids := []string{}
	err := idb.NewSelect().Model((*row)(nil)).Column("session_id").Where("edition_id = ? AND person_id = ?", editionID, personID).
		OrderExpr("created_at, session_id").Scan(ctx, &ids)
	return ids, err
}

// Set marks some sessions and takes others off in one call, as a device does
// when it comes back to its person, and gives all that are marked then. Ids
// that the public programme does not have are passed over: a device may have
// kept them since before they went. What is marked already stays so, and to take
// off one that is not is no mistake.
func (s *Service) Set(ctx context.Context, e edition.Edition, personID string, mark, unmark []string) ([]string, error) {
	if len(mark) > maxMarked || len(unmark) > maxMarked {
		return nil, fail.Clash("agenda.too_many", "max", maxMarked)
	}
	p, err := s.programs.Programme(ctx, e)
	if err != nil {
		return nil, err
	}
	rows, now := []row{}, s.now()
	seen := map[string]bool{}
	for _, id := range mark {
		if p.ByID(id) != nil && !seen[id] {
			seen[id] = true
			rows = append(rows, row{PersonID: personID, SessionID: id, EditionID: e.ID, CreatedAt: now})
		}
	}
	var all []string
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if len(rows) > 0 {
			if _, err = tx.NewInsert().Model(&rows).On("CONFLICT (person_id, session_id) DO NOTHING").Exec(ctx); err != nil {
				return err
			}
		}
		if len(unmark) > 0 {
			_, err = tx.NewDelete().Model((*row)(nil)).
				Where("person_id = ? AND edition_id = ? AND session_id IN (?)", personID, e.ID, bun.List(unmark)).Exec(ctx)
			if err != nil {
				return err
			}
		}
		all, err = marked(ctx, tx, e.ID, personID)
		return err
	})
	return all, err
}

// Mine gives a person's whole agenda by the public programme.
func (s *Service) Mine(ctx context.Context, e edition.Edition, personID string) (Agenda, error) {
	p, err := s.programs.Programme(ctx, e)
	if err != nil {
		return Agenda{}, err
	}
	var b builder
	ids, err := s.Marked(ctx, e.ID, personID)
	if err != nil {
		return Agenda{}, err
	}
	for _, id := range ids {
		if i := b.item(p, id); i != nil {
			i.Marked = true
		}
	}
	for _, who := range p.Speakers {
		if who.PersonID == nil || *who.PersonID != personID {
			continue
		}
		for _, x := range who.Sessions {
			if i := b.item(p, x.ID); i != nil {
				i.Speaks = true
			}
		}
	}
	if err := s.signUps(ctx, p, personID, &b); err != nil {
		return Agenda{}, err
	}
	return b.agenda(p), nil
}

// signUps adds what the person's registration is signed up to; who is not
// registered has nothing.
func (s *Service) signUps(ctx context.Context, p *program.Programme, personID string, b *builder) error {
	r, err := s.registrations.OfPerson(ctx, p.Edition.ID, personID)
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	entries, err := s.workshops.Agenda(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, w := range entries {
		if w.Workshop.SessionID == nil {
			b.tables = append(b.tables, Table{Name: w.Workshop.Called(), State: w.State, Position: w.Position})
			continue
		}
		if i := b.item(p, *w.Workshop.SessionID); i != nil {
			i.State, i.Position = w.State, w.Position
		}
	}
	return nil
}
