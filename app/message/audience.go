package message

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

// Audience is a group of an edition's people. Its name in the catalogue is
// message.audience.<audience>.
type Audience string

// The groups.
const (
	Confirmed  Audience = "confirmed" // with a seat
	Remote     Audience = "remote"
	Waiting    Audience = "waiting"
	Offered    Audience = "offered"
	Unanswered Audience = "unanswered" // asked whether they come, and silent
	Pending    Audience = "pending"    // waiting for an organiser's word
	Everybody  Audience = "everybody"  // registered in any way
)

// Audiences lists them.
var Audiences = [...]Audience{Confirmed, Remote, Waiting, Offered, Unanswered, Pending, Everybody}

// where are the registrations of an audience. Erased ones have no address.
func (a Audience) where() string {
	who := "1 = 0"
	switch a {
	case Confirmed:
		who = "r.kind = 'onsite' AND r.state = 'confirmed'"
	case Remote:
		who = "(r.kind = 'remote' AND r.state = 'confirmed' OR r.meanwhile AND r.state IN ('waiting', 'offered'))"
	case Waiting:
		who = "r.state = 'waiting' AND NOT r.pending"
	case Offered:
		who = "r.state = 'offered'"
	case Unanswered:
		who = "r.kind = 'onsite' AND r.state = 'confirmed' AND r.asked_at IS NOT NULL AND r.coming_at IS NULL"
	case Pending:
		who = "r.pending AND r.state <> 'cancelled'"
	case Everybody:
		who = "r.state <> 'cancelled'"
	}
	return who + " AND r.email <> ''"
}

// Counts tells how many people each audience holds now.
func (s *Service) Counts(ctx context.Context, editionID string) (map[Audience]int64, error) {
	sums := make([]string, len(Audiences))
	for i, a := range Audiences {
		sums[i] = "COALESCE(SUM(CASE WHEN " + a.where() + " THEN 1 ELSE 0 END), 0) AS " + string(a)
	}
	var n struct{ Confirmed, Remote, Waiting, Offered, Unanswered, Pending, Everybody int64 }
	err := s.db.Read.NewRaw("SELECT "+strings.Join(sums, ", ")+" FROM registration AS r WHERE r.edition_id = ?", editionID).Scan(ctx, &n)
	return map[Audience]int64{Confirmed: n.Confirmed, Remote: n.Remote, Waiting: n.Waiting, Offered: n.Offered,
		Unanswered: n.Unanswered, Pending: n.Pending, Everybody: n.Everybody}, err
}

// Count tells how many people an audience holds now.
func (s *Service) Count(ctx context.Context, e edition.Edition, a Audience) (int64, error) {
	counts, err := s.Counts(ctx, e.ID)
	return counts[a], err
}

// recipient is somebody who is written to, with their position in the waiting
// list, or 0.
type recipient struct {
	registration.Registration `bun:",extend"`
	Position                  int64
}

// recipients gives up to limit people of an audience in order of their ids,
// those after the id given.
func recipients(ctx context.Context, tx bun.IDB, editionID string, a Audience, after string, limit int) ([]recipient, error) {
	var rows []recipient
	err := tx.NewRaw(`WITH standing AS (
			SELECT w.id, ROW_NUMBER() OVER (PARTITION BY w.kind ORDER BY w.line) AS position FROM registration AS w
			WHERE w.edition_id = ? AND w.state = 'waiting' AND NOT w.pending)
		SELECT r.*, COALESCE(standing.position, 0) AS position
		FROM registration AS r LEFT JOIN standing ON standing.id = r.id
		WHERE r.edition_id = ? AND r.id > ? AND `+a.where()+` ORDER BY r.id LIMIT ?`, editionID, editionID, after, limit).Scan(ctx, &rows)
	return rows, err
}

// Share is how many of an audience read one language, and in which the draft
// reaches them.
type Share struct {
	Reads, Gets text.Lang
	People      int64
}

// Shares tells how many people a draft goes to, by the language they chose.
func (s *Service) Shares(ctx context.Context, e edition.Edition, d Draft) ([]Share, error) {
	var rows []struct {
		Language text.Lang
		People   int64
	}
	err := s.db.Read.NewRaw("SELECT r.language, COUNT(*) AS people FROM registration AS r WHERE r.edition_id = ? AND "+d.Audience.where()+
		" GROUP BY r.language", e.ID).Scan(ctx, &rows)
	var list []Share
	for _, l := range text.Langs {
		for _, r := range rows {
			if r.Language == l {
				list = append(list, Share{Reads: l, Gets: d.clean().in(e, l), People: r.People})
			}
		}
	}
	return list, err
}
