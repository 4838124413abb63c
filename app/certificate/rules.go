package certificate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

const (
	// MaxMinutes bounds what a certificate may say: a week of full days.
	MaxMinutes = 7 * 24 * 60
	// maxOwn is what has room above the facts of the paper.
	maxOwn = 400
	// maxSigner bounds a name or a title on the line of a signature.
	maxSigner = 80
	// MaxSigners is how many stand side by side.
	MaxSigners = 2
	// SignatureScope is the scope of the pictures of signatures.
	SignatureScope = "signature"
	// usualRemote is how long somebody has to be in the live rooms unless the
	// organiser says otherwise.
	usualRemote = 60
)

// Basis says where the hours on a certificate of attendance come from.
type Basis string

// The bases; each is told by the message certificate.basis.BASIS.
const (
	Stated   Basis = "stated"   // the organiser states them, for whoever came in
	Sessions Basis = "sessions" // from the sessions somebody was scanned in at
)

// Bases lists them in the order they are offered.
var Bases = [...]Basis{Stated, Sessions}

// Remote says which of those who take part remotely get a certificate.
type Remote string

// The rules for them; each is told by the message certificate.remote.RULE.
const (
	RemoteNone Remote = "none"
	RemoteLive Remote = "live" // who was long enough in the live rooms
	RemoteWord Remote = "word" // those whom the organiser names
	RemoteAll  Remote = "all"  // everybody with a remote place
)

// Remotes lists them in the order they are offered.
var Remotes = [...]Remote{RemoteNone, RemoteLive, RemoteWord, RemoteAll}

// Rules are how an edition gives its certificates, and what they say.
type Rules struct {
	bun.BaseModel `bun:"table:certificate_rules,alias:rules"`

	EditionID string `bun:",pk"`
	Basis     Basis
	// Minutes is what is stated for everybody; 0 prints the day's times instead.
	Minutes       int64
	Remote        Remote
	RemoteMinutes int64
	Speaking      bool
	Letter        bool       // the day after, a letter tells people where theirs is
	Own           text.Texts // the series' own words
	Signers       Signers
	Version       int64
	ChangedAt     time.Time
}

// Signer is one who signs: Picture is the file of the signature, if any.
type Signer struct {
	Name    string     `json:"name"`
	Title   text.Texts `json:"title,omitempty"`
	Picture string     `json:"picture,omitempty"`
}

// Signers are those who sign, side by side.
type Signers []Signer

// Value stores them as JSON.
func (s Signers) Value() (driver.Value, error) {
	if s == nil {
		s = Signers{}
	}
	b, err := json.Marshal(s)
	return string(b), err
}

// Scan reads what Value stored.
func (s *Signers) Scan(src any) error { return scan(src, s) }

// pictures are the files of their signatures.
func (s Signers) pictures() []string {
	var ids []string
	for _, one := range s {
		if one.Picture != "" {
			ids = append(ids, one.Picture)
		}
	}
	return ids
}

// usual are the rules of an edition that has none of its own.
func usual(editionID string) Rules {
	return Rules{EditionID: editionID, Basis: Stated, Remote: RemoteNone, RemoteMinutes: usualRemote, Speaking: true, Letter: true,
		Own: text.Texts{}, Signers: Signers{}}
}

// Rules gives an edition's.
func (s *Service) Rules(ctx context.Context, editionID string) (Rules, error) {
	return rulesOf(ctx, s.db.Read, editionID)
}

func rulesOf(ctx context.Context, idb bun.IDB, editionID string) (Rules, error) {
	var r Rules
	err := idb.NewSelect().Model(&r).Where("edition_id = ?", editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return usual(editionID), nil
	}
	return r, err
}

// Check gives every problem of the rules.
func (r Rules) Check() error {
	f := fail.Fields{}
	if !slices.Contains(Bases[:], r.Basis) {
		f.Add("basis", "field.required")
	}
	if !slices.Contains(Remotes[:], r.Remote) {
		f.Add("remote", "field.required")
	}
	if r.Minutes < 0 || r.Minutes > MaxMinutes {
		f.Add("minutes", "certificate.minutes_range", "max", int64(MaxMinutes))
	}
	if r.RemoteMinutes < 1 || r.RemoteMinutes > MaxMinutes {
		f.Add("remote_minutes", "certificate.remote_minutes_range", "max", int64(MaxMinutes))
	}
	for l, own := range r.Own {
		if utf8.RuneCountInString(own) > maxOwn {
			f.Add("own_"+string(l), "field.long", "max", maxOwn)
		}
	}
	for i, who := range r.Signers {
		field := SignerField(i)
		if strings.TrimSpace(who.Name) == "" {
			f.Add(field, "certificate.signer_nameless")
		}
		if utf8.RuneCountInString(who.Name) > maxSigner {
			f.Add(field, "field.long", "max", maxSigner)
		}
		for l, title := range who.Title {
			if utf8.RuneCountInString(title) > maxSigner {
				f.Add(field+"_title_"+string(l), "field.long", "max", maxSigner)
			}
		}
	}
	return f.Err()
}

// SignerField names the field of a signer's name, counted from 0.
func SignerField(i int) string { return [MaxSigners]string{"signer_first", "signer_second"}[i] }

// SaveRules changes an edition's rules. It is a Clash when they are not the
// version any more that was shown.
func (s *Service) SaveRules(ctx context.Context, by string, e edition.Edition, r Rules) error {
	if err := r.Check(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		was, err := rulesOf(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		shown := r.Version
		r.EditionID, r.Version, r.ChangedAt = e.ID, shown+1, s.now()
		q := tx.NewInsert().Model(&r).On("CONFLICT (edition_id) DO UPDATE").Where("rules.version = ?", shown)
		for _, column := range []string{"basis", "minutes", "remote", "remote_minutes", "speaking", "letter", "own", "signers", "version", "changed_at"} {
			q = q.Set(column + " = EXCLUDED." + column)
		}
		res, err := q.Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || was.Version != shown {
			return errors.Join(err, fail.Clash("certificate.rules_changed"))
		}
		if err := s.swapPictures(ctx, tx, e.ID, was.Signers.pictures(), r.Signers.pictures()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "certificate.rules", Subject: e.ID})
	})
}

// swapPictures takes up the pictures of signatures that are new and lets go of
// those that no edition shows any more: an edition planned from another signs
// with the same.
func (s *Service) swapPictures(ctx context.Context, tx bun.IDB, editionID string, was, now []string) error {
	for _, id := range now {
		if slices.Contains(was, id) {
			continue
		}
		if _, err := file.Keep(ctx, tx, id, editionID, SignatureScope); err != nil {
			return err
		}
	}
	for _, id := range was {
		if slices.Contains(now, id) {
			continue
		}
		var all []Rules
		if err := tx.NewSelect().Model(&all).Column("signers").Where("edition_id <> ?", editionID).Scan(ctx); err != nil {
			return err
		}
		if slices.ContainsFunc(all, func(r Rules) bool { return slices.Contains(r.Signers.pictures(), id) }) {
			continue
		}
		if err := file.Drop(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// CarryOver gives an edition that is being planned the rules of another: its words
// and signatures, but not the hours, which are of one day.
func CarryOver(ctx context.Context, tx bun.IDB, now time.Time, from, to edition.Edition) (int, error) {
	r, err := rulesOf(ctx, tx, from.ID)
	if err != nil || r.Version == 0 {
		return 0, err
	}
	r.EditionID, r.Version, r.Minutes, r.ChangedAt = to.ID, 1, 0, now
	_, err = tx.NewInsert().Model(&r).Exec(ctx)
	return 1, err
}
