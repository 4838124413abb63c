package speaking

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
)

// Texts are the texts of a session that organisers may leave to its speakers.
var Texts = [...]string{"title", "subtitle", "abstract", "description"}

// Rules are what an edition's organisers ask of speakers and leave to them.
type Rules struct {
	// Due is until when everything is wished for; zero: no date.
	Due time.Time `json:"due,omitzero"`
	// Speaker are the needs that every speaker owes, Session those of each kind of
	// session.
	Speaker []Need                  `json:"speaker"`
	Session map[program.Kind][]Need `json:"session"`
	// Texts are those of Texts that speakers may change.
	Texts []string `json:"texts"`
}

// UsualRules are those of an edition whose organiser has not chosen yet.
func UsualRules() Rules {
	talk := []Need{NeedAbstract, NeedSlides, NeedRecording}
	return Rules{
		Speaker: []Need{NeedAnswer, NeedBiography, NeedPicture, NeedConsent},
		Session: map[program.Kind][]Need{program.Talk: talk, program.Keynote: talk, program.Lightning: {NeedAbstract, NeedSlides},
			program.Panel: {NeedAbstract, NeedRecording}, program.Workshop: {NeedAbstract}, program.Meetup: {NeedAbstract}},
		Texts: Texts[:],
	}
}

// Allows reports whether speakers may change a session's text.
func (r Rules) Allows(name string) bool { return slices.Contains(r.Texts, name) }

// Asks reports whether every speaker owes the need.
func (r Rules) Asks(n Need) bool { return slices.Contains(r.Speaker, n) }

// check leaves only what there is, in its order.
func (r *Rules) check(e edition.Edition) error {
	f := fail.Fields{}
	if !r.Due.IsZero() && r.Due.After(e.EndsAt.AddDate(1, 0, 0)) {
		f.Add("due", "speaking.due_late")
	}
	r.Due = r.Due.UTC().Truncate(time.Minute)
	r.Speaker = among(OfSpeaker[:], r.Speaker)
	session := map[program.Kind][]Need{}
	for _, kind := range program.Kinds {
		if needs := among(OfSession[:], r.Session[kind]); len(needs) > 0 {
			session[kind] = needs
		}
	}
	r.Session, r.Texts = session, among(Texts[:], r.Texts)
	return f.Err()
}

// among gives those of all that are in some, in the order of all.
func among[T comparable](all, some []T) []T {
	kept := []T{}
	for _, one := range all {
		if slices.Contains(some, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// Value stores rules as JSON.
func (r Rules) Value() (driver.Value, error) { return db.ValueJSON(r) }

// Scan reads stored rules.
func (r *Rules) Scan(src any) error {
	*r = Rules{}
	return db.ScanJSON(src, r)
}

// Setup is an edition's rules with their version, which every change raises; 0 is
// that of the usual ones.
type Setup struct {
	bun.BaseModel `bun:"table:speaking_rules"`

	EditionID string `bun:",pk"`
	Rules     Rules
	Version   int64
}

// Setup gives what an edition asks of its speakers.
func (s *Service) Setup(ctx context.Context, editionID string) (Setup, error) {
	return setupOf(ctx, s.db.Read, editionID)
}

func setupOf(ctx context.Context, idb bun.IDB, editionID string) (Setup, error) {
	x := Setup{EditionID: editionID}
	err := idb.NewSelect().Model(&x).WherePK().Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Setup{EditionID: editionID, Rules: UsualRules()}, nil
	}
	return x, err
}

// SaveRules changes what is asked. version is the one the form was filled from;
// Conflict when somebody else has changed it since.
func (s *Service) SaveRules(ctx context.Context, by string, e edition.Edition, version int64, r Rules) error {
	if err := r.check(e); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		x := Setup{EditionID: e.ID, Rules: r, Version: version + 1}
		q := tx.NewInsert().Model(&x).On("CONFLICT (edition_id) DO UPDATE").Set("rules = EXCLUDED.rules").Set("version = EXCLUDED.version").
			Where("?TableAlias.version = ?", version)
		res, err := q.Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fail.Clash("speaking.meanwhile"))
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "speaking.rules", Subject: e.Path()})
	})
}

// Spare notes that a session does not owe something that others of its kind do,
// or takes that back.
func (s *Service) Spare(ctx context.Context, by string, e edition.Edition, sessionID string, n Need, on bool) error {
	if !slices.Contains(OfSession[:], n) {
		return fail.Missing("speaking.need_missing")
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		known, err := tx.NewSelect().Table("session").Where("id = ? AND edition_id = ?", sessionID, e.ID).Exists(ctx)
		if err != nil {
			return err
		}
		if !known {
			return fail.Missing("program.session_missing")
		}
		act := "speaking.spare"
		if on {
			_, err = tx.NewRaw("INSERT INTO spared (session_id, item) VALUES (?, ?) ON CONFLICT DO NOTHING", sessionID, n).Exec(ctx)
		} else {
			act = "speaking.ask"
			_, err = tx.NewRaw("DELETE FROM spared WHERE session_id = ? AND item = ?", sessionID, n).Exec(ctx)
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: act, Subject: sessionID, Detail: string(n)})
	})
}
