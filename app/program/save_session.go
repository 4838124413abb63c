package program

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

// SaveSession makes a session (id empty) or changes one, with its slot in the
// draft and its speakers. Texts show at once where the session is public; time
// and room wait for the next release.
func (s *Service) SaveSession(ctx context.Context, by string, e edition.Edition, id string, in SessionInput) (Session, error) {
	f := fail.Fields{}
	in.check(f, e)
	act := "session.change"
	if id == "" {
		act = "session.new"
	}
	var x Session
	err := s.change(ctx, by, e, act, func(ctx context.Context, tx bun.Tx) (string, error) {
		again, err := madeBefore(ctx, tx, id, &in)
		if err != nil {
			return "", err
		}
		if again.EditionID == e.ID {
			x = again
			return x.ID, errMadeBefore
		}
		if x, err = sessionFor(ctx, tx, e, id, in); err != nil {
			return "", err
		}
		speakers, err := s.resolve(ctx, tx, e, f, in)
		if err != nil {
			return "", err
		}
		if err := f.Err(); err != nil {
			return "", err
		}
		x.apply(in)
		x.ChangedAt = s.now()
		if err := writeSession(ctx, tx, &x, id == ""); err != nil {
			return "", err
		}
		if err := s.writeSpeakers(ctx, tx, e, x.ID, speakers); err != nil {
			return "", err
		}
		return x.ID, s.saveSlot(ctx, tx, by, e, x.ID, in)
	})
	if errors.Is(err, errMadeBefore) {
		err = nil
	}
	return x, err
}

// errMadeBefore ends a transaction that has nothing to do.
var errMadeBefore = errors.New("this form made its session already")

// madeBefore finds the session that the same form made. A key that cannot be an
// id, or is one of another edition, is left out.
func madeBefore(ctx context.Context, tx bun.IDB, id string, in *SessionInput) (Session, error) {
	var x Session
	if _, err := uuid.Parse(in.Key); id != "" || err != nil || len(in.Key) != 36 {
		in.Key = ""
		return x, nil
	}
	err := tx.NewSelect().Model(&x).Where("id = ?", in.Key).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, nil
	}
	in.Key = ""
	return x, err
}

// sessionFor reads the session that is to be changed, or prepares a new one.
func sessionFor(ctx context.Context, tx bun.IDB, e edition.Edition, id string, in SessionInput) (Session, error) {
	if id == "" {
		fresh := cmp.Or(strings.ToLower(in.Key), db.NewID())
		return Session{ID: fresh, GUID: fresh, EditionID: e.ID}, nil
	}
	var x Session
	err := tx.NewSelect().Model(&x).Where("id = ?", id).Where("edition_id = ?", e.ID).Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return x, fail.Missing("program.session_missing")
	case err != nil:
		return x, err
	case in.Version != 0 && in.Version != x.Version:
		return x, fail.Clash("program.changed_meanwhile")
	}
	return x, nil
}

func (s *Session) apply(in SessionInput) {
	if s.Extra.TextLanguage != "" && s.Title[s.Extra.TextKey] != in.Title[s.Extra.TextKey] {
		s.Extra.TextLanguage = "" // rewritten, so in the language of its field
	}
	s.Title, s.Subtitle, s.Abstract, s.Description = in.Title, in.Subtitle, in.Abstract, in.Description
	s.Language, s.Capacity, s.Cancelled = in.Language, in.Capacity, in.Cancelled
	if s.Kind != in.Kind {
		s.Kind, s.Extra.Word = in.Kind, string(in.Kind)
	}
	s.Extra.DoNotRecord = in.DoNotRecord
	s.TrackID = pointer(in.TrackID)
}

// resolve looks at what the input points to: all of it must be of this edition.
// Speakers without an id and of an unknown name come back to be made.
func (s *Service) resolve(ctx context.Context, tx bun.IDB, e edition.Edition, f fail.Fields, in SessionInput) ([]SpeakerRef, error) {
	for field, ref := range map[string]struct{ id, table string }{"room": {in.RoomID, "room"}, "track": {in.TrackID, "track"}} {
		if ref.id == "" {
			continue
		}
		known, err := tx.NewSelect().Table(ref.table).Where("id = ?", ref.id).Where("edition_id = ?", e.ID).Exists(ctx)
		if err != nil {
			return nil, err
		}
		if !known {
			f.Add(field, "program."+field+"_missing")
		}
	}
	if len(in.Speakers) == 0 || len(f["speakers"]) > 0 {
		return nil, nil
	}
	var all []Speaker
	if err := tx.NewSelect().Model(&all).Column("id", "name").Where("edition_id = ?", e.ID).Order("id").Scan(ctx); err != nil {
		return nil, err
	}
	return match(f, in.Speakers, all), nil
}

func match(f fail.Fields, refs []SpeakerRef, all []Speaker) []SpeakerRef {
	ids, names := map[string]bool{}, map[string]string{}
	for _, who := range all {
		ids[who.ID] = true
		if name := strings.ToLower(who.Name); names[name] == "" {
			names[name] = who.ID
		}
	}
	var list []SpeakerRef
	seen := map[SpeakerRef]bool{}
	for _, ref := range refs {
		if ref.ID == "" {
			ref.ID = names[strings.ToLower(ref.Name)]
		} else if !ids[ref.ID] {
			f.Add("speakers", "program.speaker_missing")
			continue
		}
		key := SpeakerRef{ID: ref.ID}
		if ref.ID == "" {
			key.Name = strings.ToLower(ref.Name)
		}
		if !seen[key] {
			seen[key] = true
			list = append(list, ref)
		}
	}
	return list
}

func writeSession(ctx context.Context, tx bun.IDB, x *Session, fresh bool) error {
	x.Version++
	if fresh {
		used, err := usedSlugs(ctx, tx, "session", x.EditionID)
		if err != nil {
			return err
		}
		x.Slug = used.take(slugOf(first(x.Title), "session"))
		x.CreatedAt = x.ChangedAt
		_, err = tx.NewInsert().Model(x).Exec(ctx)
		return err
	}
	kept := []string{"id", "edition_id", "guid", "created_at"}
	if named, err := nameOpen(ctx, tx, x); err != nil {
		return err
	} else if !named {
		kept = append(kept, "slug")
	}
	_, err := tx.NewUpdate().Model(x).ExcludeColumn(kept...).Where("id = ?", x.ID).Where("edition_id = ?", x.EditionID).Exec(ctx)
	return err
}

// saveSlot gives the session the slot of its form, as an edit that others see
// and that can be undone where it moves the session.
func (s *Service) saveSlot(ctx context.Context, tx bun.IDB, by string, e edition.Edition, sessionID string, in SessionInput) error {
	before, err := slotNow(ctx, tx, sessionID)
	if err != nil {
		return err
	}
	after := Spot{}
	if in.StartsAt.IsZero() {
		_, err = tx.NewDelete().Model((*Slot)(nil)).Where("session_id = ?", sessionID).Where("release_id IS NULL").Exec(ctx)
	} else {
		after = Spot{RoomID: in.RoomID, StartsAt: in.StartsAt, EndsAt: in.EndsAt}
		err = putSlots(ctx, tx, []Slot{{ID: db.NewID(), SessionID: sessionID, RoomID: pointer(in.RoomID), StartsAt: in.StartsAt, EndsAt: in.EndsAt}})
	}
	if err != nil {
		return err
	}
	act := Saved
	if before.Same(after) {
		act = Retold
	}
	return s.noteOther(ctx, tx, e, by, act, Step{SessionID: sessionID, Before: before, After: after})
}

// slotNow is the session's slot in the draft.
func slotNow(ctx context.Context, idb bun.IDB, sessionID string) (Spot, error) {
	var slot Slot
	err := idb.NewSelect().Model(&slot).Where("session_id = ?", sessionID).Where("release_id IS NULL").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return Spot{}, nil
	}
	return slot.spot(), err
}

func (s *Service) writeSpeakers(ctx context.Context, tx bun.IDB, e edition.Edition, sessionID string, refs []SpeakerRef) error {
	if _, err := tx.NewDelete().Model((*sessionSpeaker)(nil)).Where("session_id = ?", sessionID).Exec(ctx); err != nil {
		return err
	}
	if len(refs) == 0 {
		return nil
	}
	used, err := usedSlugs(ctx, tx, "speaker", e.ID)
	if err != nil {
		return err
	}
	var people []Speaker
	rows := make([]sessionSpeaker, len(refs))
	for i, ref := range refs {
		if ref.ID == "" {
			ref.ID = db.NewID()
			people = append(people, Speaker{ID: ref.ID, GUID: ref.ID, EditionID: e.ID, Who: ref.ID, Version: 1, Name: ref.Name, Slug: used.take(slugOf(ref.Name, "speaker"))})
		}
		rows[i] = sessionSpeaker{SessionID: sessionID, SpeakerID: ref.ID, Rank: int64(i + 1)}
	}
	if err := insert(ctx, tx, people); err != nil {
		return err
	}
	return insert(ctx, tx, rows)
}

// first gives the text an address is made of: Finnish before Swedish before English.
func first(t text.Texts) string {
	for _, l := range text.Langs {
		if t[l] != "" {
			return t[l]
		}
	}
	return ""
}

// with gives a copy that has s in the language.
func with(t text.Texts, l text.Lang, s string) text.Texts {
	t = maps.Clone(t)
	if t == nil {
		t = text.Texts{}
	}
	if s == "" {
		delete(t, l)
	} else {
		t[l] = s
	}
	return t
}

// pointer is nil for what is empty.
func pointer(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
