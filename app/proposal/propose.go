package proposal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
)

const (
	// mostOfAddress bounds what one address may ever begin in a call, withdrawn
	// ones too: each sends a letter, perhaps to somebody who never asked.
	mostOfAddress = 20
	// mostOfCall bounds a call as a whole; no team reads more.
	mostOfCall = 2000
	codeLength = 6
)

// Propose takes a new proposal in, or, unless sent, keeps it for later. begun is
// when its form was shown. The key makes repeating safe. What is refused:
// Conflict when the call does not take it, Invalid for problems in the input.
func (s *Service) Propose(ctx context.Context, e edition.Edition, in Input, begun time.Time, send bool, key db.Key) (Proposal, error) {
	var p Proposal
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		c, err := hold(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		if err := in.check(c, send); err != nil {
			return err
		}
		if key.Key != "" {
			key.BodyHash = db.HashBody([]any{in, send})
		}
		known, err := repeated(ctx, tx, key, &p)
		if err != nil || known {
			return err
		}
		if !c.Takes(begun, s.now()) {
			return s.notNow(c)
		}
		if err := s.room(ctx, tx, c, in.Email, ""); err != nil {
			return err
		}
		return s.insert(ctx, tx, e, in, send, key, &p)
	})
	return p, err
}

// hold reads the call and keeps others who propose waiting, so that limits hold.
func hold(ctx context.Context, tx bun.IDB, editionID string) (Call, error) {
	if _, err := tx.NewUpdate().Table("call").Set("version = version").Where("edition_id = ?", editionID).Exec(ctx); err != nil {
		return Call{}, err
	}
	c, err := callOf(ctx, tx, editionID)
	if err == nil && c.EditionID == "" {
		err = fail.Missing("proposal.no_call")
	}
	return c, err
}

// repeated finds the proposal that the same form made.
func repeated(ctx context.Context, tx bun.IDB, key db.Key, p *Proposal) (bool, error) {
	found, err := db.Recall(ctx, tx, []db.Key{key})
	if err != nil {
		return false, err
	}
	stored, ok := found[db.Key{Scope: key.Scope, Key: key.Key}]
	if !ok {
		return false, nil
	}
	if stored.BodyHash != key.BodyHash {
		return false, fail.Wrong("idempotency_key", "registration.key_reused")
	}
	var id string
	if err := json.Unmarshal([]byte(stored.Answer), &id); err != nil {
		return false, err
	}
	err = tx.NewSelect().Model(p).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return false, fail.Missing("proposal.missing")
	}
	return true, err
}

// notNow says why nothing can be sent in at this moment, with the times.
func (s *Service) notNow(c Call) error {
	if c.Phase(s.now()) == Before {
		return fail.Clash("proposal.not_open", "opens", c.OpensAt)
	}
	return fail.Clash("proposal.closed", "closed", c.ClosesAt)
}

// room refuses what is more than one address, or a call, may hold.
func (s *Service) room(ctx context.Context, tx bun.IDB, c Call, email, besides string) error {
	var n struct{ Whole, Live, Ever int64 }
	err := tx.NewRaw(`SELECT COUNT(*) AS whole,
			COALESCE(SUM(CASE WHEN email = ?0 AND state <> ?1 THEN 1 ELSE 0 END), 0) AS live,
			COALESCE(SUM(CASE WHEN email = ?0 THEN 1 ELSE 0 END), 0) AS ever
		FROM proposal WHERE edition_id = ?2 AND id <> ?3`, email, Withdrawn, c.EditionID, besides).Scan(ctx, &n)
	switch {
	case err != nil:
		return err
	case n.Whole >= mostOfCall:
		return fail.Clash("proposal.call_full")
	case n.Live >= c.Rules.Each || n.Ever >= mostOfAddress:
		return fail.Wrong("email", "proposal.address_full", "n", min(c.Rules.Each, mostOfAddress))
	}
	return nil
}

func (s *Service) insert(ctx context.Context, tx bun.IDB, e edition.Edition, in Input, send bool, key db.Key, p *Proposal) error {
	now := s.now()
	*p = Proposal{ID: db.NewID(), EditionID: e.ID, Link: 1, Version: 1, State: Draft, CreatedAt: now, ChangedAt: now,
		Code: registration.RandomLetters(codeLength)}
	p.fill(in)
	if send {
		p.State, p.SentAt = Sent, &now
	}
	if err := trackOf(ctx, tx, e, p.TrackID); err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(p).Exec(ctx); err != nil {
		return err
	}
	if err := s.confirm(ctx, tx, e, *p); err != nil || key.Zero() {
		return err
	}
	answer, err := json.Marshal(p.ID)
	if err != nil {
		return err
	}
	return db.Remember(ctx, tx, []db.Stored{{Scope: key.Scope, Key: key.Key, BodyHash: key.BodyHash, Answer: string(answer), CreatedAt: now}})
}

// trackOf: a track must be the edition's own.
func trackOf(ctx context.Context, tx bun.IDB, e edition.Edition, id string) error {
	if id == "" {
		return nil
	}
	known, err := tx.NewSelect().Table("track").Where("id = ?", id).Where("edition_id = ?", e.ID).Exists(ctx)
	if err == nil && !known {
		err = fail.Wrong("track", "program.track_missing")
	}
	return err
}

// Change writes a proposal anew, while the call is open and as long as its
// proposer knows of no decision. version is the one the form was filled from.
func (s *Service) Change(ctx context.Context, e edition.Edition, id string, in Input, version int64, send bool) (Proposal, error) {
	var p Proposal
	err := s.own(ctx, e, id, &p, func(ctx context.Context, tx bun.Tx, c Call) error {
		switch shown := p.Shown(); {
		case shown == Withdrawn:
			return fail.Clash("proposal.withdrawn")
		case shown != Sent && shown != Draft:
			return fail.Clash("proposal.decided")
		case !s.Changeable(c, p):
			return s.notNow(c)
		}
		if p.Version != version {
			return fail.Clash("proposal.changed_meanwhile")
		}
		if err := in.check(c, send || p.State != Draft); err != nil {
			return err
		}
		if in.Email != p.Email {
			if err := s.room(ctx, tx, c, in.Email, p.ID); err != nil {
				return err
			}
		}
		if err := trackOf(ctx, tx, e, in.TrackID); err != nil {
			return err
		}
		told := in.Email != p.Email
		p.fill(in)
		p.ChangedAt = s.now()
		if send && p.State == Draft {
			p.State, p.SentAt, told = Sent, &p.ChangedAt, true
		}
		if err := s.put(ctx, tx, &p, append(taken, "state", "sent_at", "changed_at")...); err != nil || !told {
			return err
		}
		return s.confirm(ctx, tx, e, p)
	})
	return p, err
}

// Changeable reports whether its proposer may still change it.
func (s *Service) Changeable(c Call, p Proposal) bool {
	shown := p.Shown()
	return (shown == Sent || shown == Draft) && c.Takes(p.CreatedAt, s.now())
}

// Withdraw takes a proposal back, as long as its proposer knows of no decision.
// Doing it twice is no mistake.
func (s *Service) Withdraw(ctx context.Context, e edition.Edition, id string) (Proposal, error) {
	var p Proposal
	err := s.own(ctx, e, id, &p, func(ctx context.Context, tx bun.Tx, _ Call) error {
		switch p.Shown() {
		case Withdrawn:
			return nil
		case Accepted, Declined:
			return fail.Clash("proposal.decided")
		}
		p.State, p.Told, p.ChangedAt = Withdrawn, "", s.now()
		return s.put(ctx, tx, &p, "state", "told", "changed_at")
	})
	return p, err
}

// own runs an act of a proposer, with the call held and the proposal read anew.
func (s *Service) own(ctx context.Context, e edition.Edition, id string, p *Proposal, act func(context.Context, bun.Tx, Call) error) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		c, err := hold(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		err = tx.NewSelect().Model(p).Where("id = ?", id).Where("edition_id = ?", e.ID).Scan(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			return fail.Missing("proposal.missing")
		}
		if err != nil {
			return err
		}
		return act(ctx, tx, c)
	})
}

func (s *Service) put(ctx context.Context, tx bun.IDB, p *Proposal, columns ...string) error {
	p.Version++
	_, err := tx.NewUpdate().Model(p).Column(append(columns, "version")...).Where("id = ?", p.ID).Exec(ctx)
	return err
}
