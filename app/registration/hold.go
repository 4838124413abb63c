package registration

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/text"
)

const (
	maxHoldName = 80   // stands in a table and in the audit log
	maxHold     = 1000 // seats of one hold; more is a capacity of its own
	maxInvited  = 200  // people of one invitation, each with a hold and a letter
	codeWord    = 6    // letters of a code that several may use
)

// HoldInput is what an organiser says of places held back.
type HoldInput struct {
	Name  string
	Kind  Kind
	Seats int64
	// Coded gives the hold a code with which people take its places themselves.
	Coded     bool
	ReleaseAt time.Time // zero: by hand
	// Key is the form's own, so that one that is sent twice keeps places once.
	Key db.Key
}

// Check gives every problem of the input at once.
func (in HoldInput) Check(e edition.Edition, now time.Time) error { return in.check(e, now).Err() }

func (in *HoldInput) check(e edition.Edition, now time.Time) fail.Fields {
	f := fail.Fields{}
	cleanField(f, "name", &in.Name, maxHoldName, true)
	if in.Kind != Onsite && in.Kind != Remote {
		f.Add("kind", "registration.place_unknown")
	}
	if in.Seats < 1 || in.Seats > maxHold {
		f.Add("seats", "registration.hold_seats", "max", maxHold)
	}
	switch {
	case in.ReleaseAt.IsZero():
	case !in.ReleaseAt.After(now):
		f.Add("release_at", "registration.hold_past")
	case in.ReleaseAt.After(e.EndsAt):
		f.Add("release_at", "registration.hold_late")
	}
	return f
}

// Keep holds places back, behind a code when it is wanted. Invalid when fewer
// places are free.
func (s *Service) Keep(ctx context.Context, e edition.Edition, by string, in HoldInput) error {
	if err := in.check(e, s.now()).Err(); err != nil {
		return err
	}
	h := in.hold(e, s.now())
	if in.Coded {
		h.Code = RandomLetters(codeWord)
	}
	return s.keep(ctx, e, by, "hold.keep", in, "", h)
}

func (in HoldInput) hold(e edition.Edition, now time.Time) *Hold {
	h := &Hold{ID: db.NewID(), EditionID: e.ID, Kind: in.Kind, Name: in.Name, Seats: in.Seats, CreatedAt: now}
	if !in.ReleaseAt.IsZero() {
		at := in.ReleaseAt.UTC()
		h.ReleaseAt = &at
	}
	return h
}

// Invite keeps one place for each address and writes to them. Either all are
// invited or nobody is; an address that was invited before is a problem.
func (s *Service) Invite(ctx context.Context, e edition.Edition, by string, in HoldInput, addresses []string, l text.Lang) error {
	in.Seats = 1
	f := in.check(e, s.now())
	switch n := len(addresses); {
	case n == 0:
		f.Add("emails", "field.required")
	case n > maxInvited:
		f.Add("emails", "registration.invite_most", "max", maxInvited)
	}
	var holds []*Hold
	seen := map[string]bool{}
	for _, address := range addresses {
		email, problem := account.ParseEmail(address)
		switch {
		case problem != "":
			f.Add("emails", "registration.invite_address", "address", address)
		case seen[email]:
		default:
			seen[email] = true
			h := in.hold(e, s.now())
			h.Email, h.Code = email, RandomLetters(codeLength)
			holds = append(holds, h)
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.keep(ctx, e, by, "hold.invite", in, l, holds...)
}

// keep is the act of holding places back. Those who are invited get their letter
// in the same transaction.
func (s *Service) keep(ctx context.Context, e edition.Edition, by, what string, in HoldInput, l text.Lang, holds ...*Hold) error {
	a := act{edition: e, at: s.now(), by: by, key: in.Key}
	if !a.key.Zero() {
		a.key.BodyHash = db.HashBody([]any{what, in.Name, in.Kind, in.Seats, in.Coded, in.ReleaseAt, emails(holds)})
	}
	a.decide = func(t *turn, a *act) (Result, error) {
		trial, all := *t.hall.places[holds[0].Kind], int64(0)
		for _, h := range holds {
			all += h.Seats
		}
		switch n, unlimited := trial.Free(); {
		case !unlimited && n == 0:
			return Result{}, fail.Wrong("seats", "registration.hold_none")
		case !unlimited && n < all:
			return Result{}, fail.Wrong("seats", "registration.hold_free", "n", n)
		}
		for _, h := range holds {
			if err := t.hall.keep(h); err != nil {
				return Result{}, err
			}
			if h.Email != "" {
				t.post = append(t.post, t.s.invitation(e, *h, l))
			}
		}
		if holds[0].Email != "" {
			t.saves = append(t.saves, func(ctx context.Context, tx bun.IDB) error { return notInvited(ctx, tx, e.ID, holds) })
		}
		t.log(a, what, holds[0].Name, strconv.FormatInt(all, 10))
		return Result{}, nil
	}
	_, err := s.group.Do(ctx, a)
	return err
}

// notInvited refuses addresses for which a place is kept, or was taken, already.
func notInvited(ctx context.Context, tx bun.IDB, editionID string, holds []*Hold) error {
	ids := make([]string, len(holds))
	for i, h := range holds {
		ids[i] = h.ID
	}
	var known []string
	err := tx.NewSelect().Model((*Hold)(nil)).Distinct().Column("email").Where("edition_id = ? AND released_at IS NULL", editionID).
		Where("email IN (?) AND id NOT IN (?)", bun.List(emails(holds)), bun.List(ids)).Order("email").Scan(ctx, &known)
	if err != nil {
		return err
	}
	f := fail.Fields{}
	for _, email := range known {
		f.Add("emails", "registration.invite_known", "address", email)
	}
	return f.Err()
}

// emails are the addresses of holds.
func emails(holds []*Hold) []string {
	list := make([]string, len(holds))
	for i, h := range holds {
		list[i] = h.Email
	}
	return list
}

// Release gives what is left of a hold to everybody; by is empty when its date
// does it. A hold that is released already stays so.
func (s *Service) Release(ctx context.Context, e edition.Edition, by, holdID string) error {
	a := act{edition: e, at: s.now(), by: by, holds: []string{holdID}, grows: true}
	a.decide = func(t *turn, a *act) (Result, error) {
		h := t.hall.holds[holdID]
		if h == nil {
			return Result{}, fail.Missing("registration.hold_missing")
		}
		if h.ReleasedAt == nil {
			t.log(a, "hold.release", h.Name, strconv.FormatInt(h.Left(), 10))
		}
		t.hall.letGo(h)
		return Result{}, nil
	}
	_, err := s.group.Do(ctx, a)
	return err
}

// Holds lists an edition's holds, those still held first.
func (s *Service) Holds(ctx context.Context, editionID string) ([]Hold, error) {
	var list []Hold
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", editionID).
		OrderExpr("CASE WHEN released_at IS NULL THEN 0 ELSE 1 END, created_at, id").Scan(ctx)
	return list, err
}

// HoldByCode finds what a code opens, as typed; Missing when it opens nothing.
func (s *Service) HoldByCode(ctx context.Context, editionID, code string) (Hold, error) {
	var h Hold
	err := s.db.Read.NewSelect().Model(&h).Where("edition_id = ? AND code = ?", editionID, bareCode(code)).Limit(1).Scan(ctx)
	if code == "" || errors.Is(err, sql.ErrNoRows) {
		return h, fail.Missing("registration.code_unknown")
	}
	return h, err
}
