package material

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
)

const (
	// keptFor is how long an edition's material stays in memory at one revision;
	// every change raises the revision.
	keptFor = 24 * time.Hour
	// maxKept bounds the editions whose material is in memory.
	maxKept = 32
)

// Case is what, beside the material itself, decides whether somebody sees it.
type Case struct {
	At         time.Time
	Ends       time.Time // of its session, with the delay; zero: it does not take place
	Registered bool      // whoever looks has a confirmed place
	Withdrawn  bool      // a consent on which it hangs was taken back
}

// Opens gives the moment from which on a piece of material may be seen by those
// it is for. What waits for the end of a session that does not take place never
// opens.
func (m Material) Opens(ends time.Time) (from time.Time, ever bool) {
	switch m.Shown {
	case Now:
		return time.Time{}, true
	case After:
		return ends, !ends.IsZero()
	case At:
		return m.ShownAt, !m.ShownAt.IsZero()
	}
	return time.Time{}, false
}

// ShownIn is the one rule of who sees material when.
func (m Material) ShownIn(c Case) bool {
	if c.Withdrawn || m.Visibility != Public && (m.Visibility != Registered || !c.Registered) {
		return false
	}
	from, ever := m.Opens(c.Ends)
	return ever && !c.At.Before(from)
}

// shelf is an edition's material at one revision, with all that the rule asks for.
type shelf struct {
	by        map[string][]Material
	ends      map[string]time.Time // by session
	withdrawn map[string]bool      // by material
	moments   []time.Time          // at which something opens, in order
}

// Visible gives what a visitor sees at a moment, by session. registered says that
// they have a confirmed place.
func (s *Service) Visible(ctx context.Context, e edition.Edition, p *program.Programme, at time.Time, registered bool) (map[string][]Material, error) {
	k, err := s.shelfOf(ctx, e, p)
	if err != nil {
		return nil, err
	}
	by := make(map[string][]Material, len(k.by))
	for session, list := range k.by {
		if p.ByID(session) == nil {
			continue
		}
		for _, m := range list {
			if m.ShownIn(k.caseOf(m, at, registered)) {
				by[session] = append(by[session], m)
			}
		}
	}
	return by, nil
}

// Shown tells whether a visitor sees one piece of material at a moment.
func (s *Service) Shown(ctx context.Context, e edition.Edition, p *program.Programme, m Material, at time.Time, registered bool) (bool, error) {
	k, err := s.shelfOf(ctx, e, p)
	if err != nil {
		return false, err
	}
	// The piece may be newer than the shelf, which then does not know of it.
	known := slices.ContainsFunc(k.by[m.SessionID], func(o Material) bool { return o.ID == m.ID })
	return known && p.ByID(m.SessionID) != nil && m.ShownIn(k.caseOf(m, at, registered)), nil
}

// Due names the state of an edition's material at a moment, for the key of a page
// that is kept: it changes at the very second at which something opens.
func (s *Service) Due(ctx context.Context, e edition.Edition, p *program.Programme, at time.Time) (string, error) {
	k, err := s.shelfOf(ctx, e, p)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(sort.Search(len(k.moments), func(i int) bool { return k.moments[i].After(at) })), nil
}

func (k *shelf) caseOf(m Material, at time.Time, registered bool) Case {
	return Case{At: at, Ends: k.ends[m.SessionID], Registered: registered, Withdrawn: k.withdrawn[m.ID]}
}

// revised is an edition at one revision.
type revised struct {
	id       string
	revision int64
}

// shelfOf gives the edition's material, read once for each revision.
func (s *Service) shelfOf(ctx context.Context, e edition.Edition, p *program.Programme) (*shelf, error) {
	return s.kept.Get(ctx, revised{e.ID, p.Edition.Revision}, func(ctx context.Context) (*shelf, error) {
		var k *shelf
		err := s.db.Snapshot(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
			k, err = readShelf(ctx, tx, e.ID, p)
			return err
		})
		return k, err
	})
}

func readShelf(ctx context.Context, tx bun.Tx, editionID string, p *program.Programme) (*shelf, error) {
	by, err := ofEdition(ctx, tx, editionID)
	if err != nil {
		return nil, fmt.Errorf("reading material: %w", err)
	}
	var delays program.Delays
	if err := tx.NewSelect().Model(&delays).Where("room_id IN (SELECT id FROM room WHERE edition_id = ?)", editionID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading delays: %w", err)
	}
	var gone []withdrawn
	if err := tx.NewSelect().Model(&gone).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("reading consents: %w", err)
	}
	k := &shelf{by: by, ends: map[string]time.Time{}, withdrawn: map[string]bool{}}
	for _, x := range p.Sessions {
		if x.Scheduled() && !x.Cancelled {
			k.ends[x.ID] = delays.Shift(x).EndsAt
		}
		for _, m := range by[x.ID] {
			k.withdrawn[m.ID] = hangsOn(m, x, gone)
			if from, ever := m.Opens(k.ends[x.ID]); ever && !from.IsZero() {
				k.moments = append(k.moments, from)
			}
		}
	}
	slices.SortFunc(k.moments, time.Time.Compare)
	return k, nil
}

// withdrawn is a consent that was taken back.
type withdrawn struct {
	bun.BaseModel `bun:"table:withdrawn"`

	SpeakerID string
	Part      Part
	EditionID string
}

// hangsOn tells whether material hangs on one of the consents that were taken
// back: of whoever brought it, and a recording on those of all who speak in it.
func hangsOn(m Material, x *program.Session, gone []withdrawn) bool {
	return slices.ContainsFunc(gone, func(w withdrawn) bool {
		if m.Kind != Recording {
			return w.Part == PartMaterial && w.SpeakerID == m.SpeakerID
		}
		return w.Part == PartRecording && (w.SpeakerID == m.SpeakerID ||
			slices.ContainsFunc(x.Speakers, func(who *program.Speaker) bool { return who.ID == w.SpeakerID }))
	})
}
