package qa

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// Locked is a room whose version is raised in the caller's transaction, for what
// else happens in it: polls share its version, its settings and its key.
type Locked struct{ room *room }

// Lock raises the room's version and holds its row until the end of the transaction.
func (s *Service) Lock(ctx context.Context, tx bun.IDB, session string) (Locked, error) {
	r, err := s.lockRoom(ctx, tx, session)
	if err == nil && r == nil {
		err = missingRoom()
	}
	return Locked{r}, err
}

// Edition is the session's edition.
func (l Locked) Edition() string { return l.room.Edition }

// Version is the one that the transaction makes.
func (l Locked) Version() int64 { return l.room.Version }

// State is what the room lets its audience do.
func (l Locked) State() RoomState { return l.room.State }

// Mark is a viewer's mark for one purpose: another for each, and nobody's once the
// room is closed.
func (l Locked) Mark(purpose, voter string) string { return mark(l.room.Seal, purpose, voter) }

// OpKey names an act among the stored answers without naming who did it.
func (l Locked) OpKey(voter, op, bodyHash string) db.Key {
	k := opKey(l.room, &act{Request: Request{Op: op}, viewer: Viewer{Voter: voter}})
	k.BodyHash = bodyHash
	return k
}

// Holds gives the words of a text that the room's filter stops at.
func (l Locked) Holds(text string) string { return l.room.holds(&question{Text: text}) }

// Passed tells of a version of the room that holds no news of questions.
func (s *Service) Passed(session string, version int64) {
	s.follow(&step{room: session, version: version})
}

// Sealed gives a way to make marks for a room without locking it; none when the room
// is closed.
func (s *Service) Sealed(ctx context.Context, session string) (func(purpose, voter string) string, error) {
	m, unlock, err := s.fresh(ctx, session)
	if err != nil {
		return nil, err
	}
	seal := m.seal
	unlock()
	if seal == "" {
		return nil, nil
	}
	return func(purpose, voter string) string { return mark(seal, purpose, voter) }, nil
}

// CheckText cleans a text in place and refuses one that is empty, too long (in
// characters) or not to be stored.
func CheckText(s *string, field string, limit int, lines bool) (Code, []any) {
	return checkText(s, field, limit, shape(lines))
}
