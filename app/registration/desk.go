package registration

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/mail"
)

// Counts are how many of an edition's registrations an organiser finds under
// each word. Waiting are those in a line; Pending wait for an organiser's word.
type Counts struct {
	Total      int64
	Confirmed  int64
	Waiting    int64
	Offered    int64
	Pending    int64
	Unanswered int64
	Cancelled  int64
}

// Counts counts an edition's registrations in one pass.
func (s *Service) Counts(ctx context.Context, editionID string) (Counts, error) {
	var c Counts
	err := s.db.Read.NewRaw(`SELECT count(*) AS total,
		count(CASE WHEN state = 'confirmed' THEN 1 END) AS confirmed,
		count(CASE WHEN state = 'waiting' AND NOT pending THEN 1 END) AS waiting,
		count(CASE WHEN state = 'offered' THEN 1 END) AS offered,
		count(CASE WHEN state = 'waiting' AND pending THEN 1 END) AS pending,
		count(CASE WHEN state = 'confirmed' AND asked_at IS NOT NULL AND coming_at IS NULL THEN 1 END) AS unanswered,
		count(CASE WHEN state = 'cancelled' THEN 1 END) AS cancelled
		FROM registration WHERE edition_id = ?`, editionID).Scan(ctx, &c)
	return c, err
}

// Count tells how many registrations match.
func (s *Service) Count(ctx context.Context, editionID string, f Filter) (int64, error) {
	n, err := f.narrow(s.db.Read.NewSelect().Model((*Registration)(nil)).Where("edition_id = ?", editionID)).Count(ctx)
	return int64(n), err
}

// ByCodes finds several of an edition's registrations by the codes on their
// tickets, in the order in which they came. Unknown codes are left out.
func (s *Service) ByCodes(ctx context.Context, editionID string, codes []string) ([]Registration, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	var rows []Registration
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND code IN (?)", editionID, bun.List(codes)).Order("id").Scan(ctx)
	return rows, err
}

// Verdict is what organisers decide about people by hand.
type Verdict string

// The verdicts.
const (
	ToApprove Verdict = "approve"
	ToRefuse  Verdict = "refuse"
	ToCancel  Verdict = "cancel"
)

// Verdicts lists them.
var Verdicts = [...]Verdict{ToApprove, ToRefuse, ToCancel}

// Applies reports whether the verdict changes anything for r: one that waits for
// an organiser's word is approved or refused, any that lives cancelled.
func (d Verdict) Applies(r Registration) bool {
	return r.Live() && (d == ToCancel || r.Pending && (d == ToApprove || d == ToRefuse))
}

// Decide gives one verdict about several people as one act, in the order in which
// they came, and tells for how many it changed something. Those it does not apply
// to any more are left as they are, so a second press changes nothing.
func (s *Service) Decide(ctx context.Context, e edition.Edition, by string, verdict Verdict, ids []string) (done int, err error) {
	if !slices.Contains(Verdicts[:], verdict) {
		return 0, fail.Wrong("verdict", "field.required")
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return 0, nil
	}
	a := act{edition: e, at: s.now(), by: by, targets: ids}
	a.decide = func(t *turn, a *act) (Result, error) {
		done = 0 // the set may be decided again
		for _, id := range a.targets {
			r := t.known[id]
			if r == nil || !verdict.Applies(*r) {
				continue
			}
			t.log(a, "registration."+string(verdict), r.Code, "")
			t.hall.give(verdict, r)
			done++
		}
		return Result{}, nil
	}
	_, err = s.group.Do(ctx, a)
	return done, err
}

func (h *hall) give(verdict Verdict, r *Registration) {
	switch verdict {
	case ToApprove:
		h.approve(r)
	case ToRefuse:
		h.cancel(r, mail.Refused)
	case ToCancel:
		h.cancel(r, mail.Cancelled)
	}
}

// repeatLetter is how long the same letter is not sent to somebody again: an
// organiser who presses twice means one.
const repeatLetter = time.Minute

// SendAgain writes once more to somebody how their registration stands, with the
// ticket. sent is false when the same letter was written a moment ago.
func (s *Service) SendAgain(ctx context.Context, e edition.Edition, by string, r Registration) (sent bool, err error) {
	if !r.Live() {
		return false, fail.Clash("registration.is_cancelled")
	}
	position, err := s.Position(ctx, r)
	if err != nil {
		return false, err
	}
	letter := s.Letter(e, r, standing(r), position)
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		// Two presses at once are one after the other.
		if err := Lock(ctx, tx, e.ID); err != nil {
			return err
		}
		var n int64
		err := tx.NewRaw("SELECT count(*) FROM mail WHERE edition_id = ? AND email = ? AND kind = ? AND created_at > ?",
			e.ID, r.Email, letter.Kind, s.now().Add(-repeatLetter)).Scan(ctx, &n)
		if err != nil || n > 0 {
			return err
		}
		sent = true
		if err := mail.Queue(ctx, tx, s.now(), letter); err != nil {
			return err
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "registration.letter", Subject: r.Code})
	})
	return sent, err
}

// RenewTicket ends a ticket that somebody else has seen and mails its holder the
// new one, in the caller's transaction. Without a place there was none to see.
func (s *Service) RenewTicket(ctx context.Context, tx bun.IDB, e edition.Edition, id string) error {
	var list []Registration
	err := tx.NewRaw("UPDATE registration SET version = version + 1 WHERE id = ? AND edition_id = ? RETURNING *", id, e.ID).Scan(ctx, &list)
	if err != nil || len(list) == 0 {
		return err
	}
	r := list[0]
	if _, attends := r.Attends(); !attends || r.Email == "" {
		return nil
	}
	position, err := s.Position(ctx, r)
	if err != nil {
		return err
	}
	return mail.Queue(ctx, tx, s.now(), s.Letter(e, r, standing(r), position))
}

// standing is the kind of letter that says how somebody's registration stands.
func standing(r Registration) string {
	switch {
	case r.Pending:
		return mail.Pending
	case r.State == Waiting:
		return mail.Waiting
	case r.State == Offered:
		return mail.Offered
	case r.Kind == Remote:
		return mail.Remote
	}
	return mail.Confirmed
}

// Export says what left the house in a list, for the log.
type Export struct {
	Format  string `json:"format"`
	N       int64  `json:"n"`
	Special bool   `json:"special"` // with diet, access and other special answers
}

// Exported notes that an organiser took a list away.
func (s *Service) Exported(ctx context.Context, e edition.Edition, by string, what Export) error {
	b, err := json.Marshal(what)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "registration.export", Subject: e.Path(), Detail: string(b)})
	})
}
