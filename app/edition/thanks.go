package edition

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

// ThanksKind is what somebody was to the day.
type ThanksKind string

// The kinds of those who are thanked; each is called by the message thanks.kind.KIND.
const (
	Volunteer ThanksKind = "volunteer"
	Host      ThanksKind = "host"
	Partner   ThanksKind = "partner"
)

// ThanksKinds lists them in the order they are shown.
var ThanksKinds = [...]ThanksKind{Partner, Host, Volunteer}

// LogoScope is what logos are sent in for.
const LogoScope = "picture:thanks"

// maxThanks keeps the list one that people read.
const maxThanks = 300

// Thanks is somebody who made the day, thanked by name. Logo is a picture's file
// or empty. PersonID is who that is, where it is known.
type Thanks struct {
	bun.BaseModel `bun:"table:thanks"`

	ID        string `bun:",pk"`
	EditionID string
	Kind      ThanksKind
	Name      string
	What      text.Texts
	URL       string `bun:"url"`
	Logo      string
	PersonID  string
	Rank      int64
	CreatedAt time.Time

	// LogoAt is the address of the edition that the picture is kept in: one that
	// was planned from it shows the same.
	LogoAt string `bun:",scanonly"`
}

// ThanksInput is what an organiser says of somebody. Key is the form's own and
// becomes the id of who is new, so that a form sent twice thanks once.
type ThanksInput struct {
	Key  string
	Kind ThanksKind
	Name string
	What text.Texts
	URL  string
	// Logo is a picture sent in for LogoScope; nil leaves the one there is, and an
	// empty one takes it away.
	Logo *string
}

// thankedAt is an edition at one revision: whatever changes its thanks raises it.
type thankedAt struct {
	id       string
	revision int64
}

// Thanked lists those an edition thanks, by kind and in the organiser's order,
// kept as Find keeps editions. Nobody changes the list that is given.
func (s *Service) Thanked(ctx context.Context, e Edition) ([]Thanks, error) {
	return s.thanks.Get(ctx, thankedAt{e.ID, e.Revision}, func(ctx context.Context) ([]Thanks, error) {
		var list []Thanks
		err := withLogos(s.db.Read.NewSelect().Model(&list)).Where("thanks.edition_id = ?", e.ID).Order("thanks.rank", "thanks.id").Scan(ctx)
		slices.SortStableFunc(list, func(a, b Thanks) int { return a.Kind.place() - b.Kind.place() })
		return list, err
	})
}

func withLogos(q *bun.SelectQuery) *bun.SelectQuery {
	return q.ColumnExpr("thanks.*, COALESCE(at.slug, '') AS logo_at").
		Join("LEFT JOIN file AS f ON f.id = thanks.logo").Join("LEFT JOIN edition AS at ON at.id = f.edition_id")
}

func (k ThanksKind) place() int { return slices.Index(ThanksKinds[:], k) }

// OneThanks gives one of those an edition thanks.
func (s *Service) OneThanks(ctx context.Context, editionID, id string) (Thanks, error) {
	return oneThanks(ctx, s.db.Read, editionID, id)
}

func oneThanks(ctx context.Context, idb bun.IDB, editionID, id string) (Thanks, error) {
	var t Thanks
	err := withLogos(idb.NewSelect().Model(&t)).Where("thanks.id = ? AND thanks.edition_id = ?", id, editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return t, fail.Missing("thanks.missing")
	}
	return t, err
}

// AddThanks thanks somebody more, after the others.
func (s *Service) AddThanks(ctx context.Context, by string, e Edition, in ThanksInput) (Thanks, error) {
	if err := in.check(); err != nil {
		return Thanks{}, err
	}
	t := Thanks{ID: freshID(in.Key), EditionID: e.ID, CreatedAt: s.now()}
	t.apply(in)
	err := s.thank(ctx, by, e, "thanks.add", func(ctx context.Context, tx bun.Tx) (string, error) {
		var made []Thanks
		if err := tx.NewSelect().Model(&made).Where("id = ?", t.ID).Scan(ctx); err != nil {
			return "", err
		}
		switch {
		case len(made) == 1 && made[0].EditionID == e.ID:
			t = made[0]
			return "", nil // the same form was sent before
		case len(made) == 1:
			return "", fail.Missing("thanks.missing") // nobody's form: the key is of another edition
		}
		if err := t.keepLogo(ctx, tx, in.Logo); err != nil {
			return "", err
		}
		return t.ID, insertThanks(ctx, tx, e.ID, []Thanks{t})
	})
	return t, err
}

// ChangeThanks says something else of somebody.
func (s *Service) ChangeThanks(ctx context.Context, by string, e Edition, id string, in ThanksInput) error {
	if err := in.check(); err != nil {
		return err
	}
	return s.thank(ctx, by, e, "thanks.change", func(ctx context.Context, tx bun.Tx) (string, error) {
		t, err := oneThanks(ctx, tx, e.ID, id)
		if err != nil {
			return "", err
		}
		was := t.Logo
		t.apply(in)
		if err := t.keepLogo(ctx, tx, in.Logo); err != nil {
			return "", err
		}
		if _, err = tx.NewUpdate().Model(&t).WherePK().ExcludeColumn("edition_id", "person_id", "rank", "created_at").Exec(ctx); err != nil {
			return "", err
		}
		if was != t.Logo {
			err = dropLogos(ctx, tx, was)
		}
		return id, err
	})
}

// RemoveThanks takes a name away, as whoever is thanked may ask at any time.
// Removing it twice is fine.
func (s *Service) RemoveThanks(ctx context.Context, by string, e Edition, id string) error {
	return s.thank(ctx, by, e, "thanks.remove", func(ctx context.Context, tx bun.Tx) (string, error) {
		t, err := oneThanks(ctx, tx, e.ID, id)
		if fail.Is(err, fail.NotFound) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if _, err := tx.NewDelete().Model(&t).WherePK().Exec(ctx); err != nil {
			return "", err
		}
		return id, dropLogos(ctx, tx, t.Logo)
	})
}

// MoveThanks moves somebody one place up or down among their kind.
func (s *Service) MoveThanks(ctx context.Context, by string, e Edition, id string, up bool) error {
	return s.thank(ctx, by, e, "thanks.move", func(ctx context.Context, tx bun.Tx) (string, error) {
		t, err := oneThanks(ctx, tx, e.ID, id)
		if err != nil {
			return "", err
		}
		beside := tx.NewSelect().Model((*Thanks)(nil)).Where("edition_id = ? AND kind = ?", e.ID, t.Kind).Limit(1)
		if up {
			beside.Where("(rank, id) < (?, ?)", t.Rank, t.ID).Order("rank DESC", "id DESC")
		} else {
			beside.Where("(rank, id) > (?, ?)", t.Rank, t.ID).Order("rank", "id")
		}
		var other Thanks
		err = beside.Scan(ctx, &other)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil // already at the end
		}
		if err != nil {
			return "", err
		}
		_, err = tx.NewRaw("UPDATE thanks SET rank = CASE WHEN id = ? THEN ? ELSE ? END WHERE id IN (?, ?)",
			t.ID, other.Rank, t.Rank, t.ID, other.ID).Exec(ctx)
		return id, err
	})
}

// thank runs one act about the list in a transaction that holds the edition's
// row, so that two organisers do not give out one rank. An act without a subject
// changed nothing and is not logged. The log names nobody: it stays when a name
// has gone.
func (s *Service) thank(ctx context.Context, by string, e Edition, act string, fn func(context.Context, bun.Tx) (string, error)) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		subject, err := fn(ctx, tx)
		if err != nil || subject == "" {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: subject})
	})
	s.Forget()
	return err
}

func (t *Thanks) apply(in ThanksInput) {
	t.Kind, t.Name, t.What, t.URL = in.Kind, in.Name, in.What, in.URL
}

// keepLogo takes a new logo up, or lets it be as it was.
func (t *Thanks) keepLogo(ctx context.Context, tx bun.IDB, logo *string) error {
	if logo == nil || *logo == t.Logo {
		return nil
	}
	t.Logo = *logo
	if t.Logo == "" {
		return nil
	}
	_, err := file.Keep(ctx, tx, t.Logo, t.EditionID, LogoScope)
	return err
}

// dropLogos lets those logos go that nobody is shown with any more: an edition
// planned from another shows the same picture.
func dropLogos(ctx context.Context, tx bun.IDB, ids ...string) error {
	for _, id := range ids {
		if id == "" {
			continue
		}
		used, err := tx.NewSelect().Model((*Thanks)(nil)).Where("logo = ?", id).Exists(ctx)
		if err != nil {
			return err
		}
		if !used {
			if err := file.Drop(ctx, tx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertThanks writes rows after those there are; whoever calls holds the
// edition's row.
func insertThanks(ctx context.Context, tx bun.IDB, editionID string, rows []Thanks) error {
	if len(rows) == 0 {
		return nil
	}
	var last struct{ Rank, N int64 }
	err := tx.NewRaw("SELECT COALESCE(MAX(rank), 0) AS rank, COUNT(*) AS n FROM thanks WHERE edition_id = ?", editionID).Scan(ctx, &last)
	if err != nil {
		return err
	}
	if last.N+int64(len(rows)) > maxThanks {
		return fail.Clash("thanks.too_many", "max", maxThanks)
	}
	for i := range rows {
		rows[i].Rank = last.Rank + int64(i) + 1
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// freshID is the id of something new: the form's key, when it can be one.
func freshID(key string) string {
	if len(key) == len(db.NewID()) && idPattern.MatchString(key) {
		return key
	}
	return db.NewID()
}
