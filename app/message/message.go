// Package message is what organisers write to groups of people, and what goes
// out by itself before the day: the reminders and the question whether somebody
// comes.
//
// A message is written, looked at as one person will read it, and sent once: the
// letters to everybody are rows of the outbox, written in the transaction that
// takes the message.
//
// Table: message.
package message

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/text"
)

// maxListed bounds the list of an edition's messages.
const maxListed = 200

// Message is what an organiser wrote. SentAt is nil while it is a draft; Letters
// is to how many it went. Version is raised by every change, so that two
// organisers do not overwrite each other. PersonID is who touched it last.
type Message struct {
	bun.BaseModel `bun:"table:message"`

	ID        string `bun:",pk"`
	EditionID string
	PersonID  string
	Audience  Audience
	Subject   text.Texts
	Body      text.Texts
	Version   int64
	Letters   int64
	CreatedAt time.Time
	ChangedAt time.Time
	SentAt    *time.Time
}

// Draft is what of a message its writer decides.
func (m Message) Draft() Draft {
	return Draft{Subject: m.Subject, Body: m.Body, Audience: m.Audience}
}

// Service writes, previews and sends messages.
type Service struct {
	db            *db.DB
	now           func() time.Time
	words         *text.Catalogue
	accounts      *account.Service
	editions      *edition.Service
	registrations *registration.Service
}

// New makes the service.
func New(d *db.DB, now func() time.Time, words *text.Catalogue, accounts *account.Service,
	editions *edition.Service, registrations *registration.Service) *Service {
	return &Service{db: d, now: now, words: words, accounts: accounts, editions: editions, registrations: registrations}
}

// List gives an edition's messages, the newest first.
func (s *Service) List(ctx context.Context, editionID string) ([]Message, error) {
	var list []Message
	err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", editionID).
		Order("created_at DESC", "id DESC").Limit(maxListed).Scan(ctx)
	return list, err
}

// Get gives one message of an edition.
func (s *Service) Get(ctx context.Context, editionID, id string) (Message, error) {
	return get(ctx, s.db.Read, editionID, id)
}

func get(ctx context.Context, idb bun.IDB, editionID, id string) (Message, error) {
	var m Message
	err := idb.NewSelect().Model(&m).Where("id = ? AND edition_id = ?", id, editionID).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fail.Missing("message.missing")
	}
	return m, err
}

// Save keeps a draft: a new one when the input has no id, else a change of the
// version that was shown. Conflict when it was changed or sent meanwhile.
func (s *Service) Save(ctx context.Context, e edition.Edition, by string, in Input) (Message, error) {
	in.Draft = in.Draft.clean()
	if err := in.Draft.check(e, false); err != nil {
		return Message{}, err
	}
	now := s.now()
	if in.ID == "" {
		return s.begin(ctx, Message{ID: fresh(in.Key), EditionID: e.ID, PersonID: by, Audience: in.Audience, Subject: in.Subject,
			Body: in.Body, Version: 1, CreatedAt: now, ChangedAt: now})
	}
	var changed []Message
	err := s.db.Write.NewUpdate().Model((*Message)(nil)).Set("audience = ?", in.Audience).Set("subject = ?", in.Subject).
		Set("body = ?", in.Body).Set("person_id = ?", by).Set("changed_at = ?", now).Set("version = version + 1").
		Where("id = ? AND edition_id = ?", in.ID, e.ID).Where("version = ? AND sent_at IS NULL", in.Version).
		Returning("*").Scan(ctx, &changed)
	if err != nil {
		return Message{}, err
	}
	if len(changed) == 1 {
		return changed[0], nil
	}
	m, err := s.Get(ctx, e.ID, in.ID)
	return m, errors.Join(err, late(m))
}

// fresh is the id of a new draft: the form's key, when it can be one.
func fresh(key string) string {
	if id, err := uuid.Parse(key); err == nil && len(key) == len(id.String()) {
		return id.String()
	}
	return db.NewID()
}

// begin writes a new draft, or gives the one that the same form made before.
func (s *Service) begin(ctx context.Context, m Message) (Message, error) {
	res, err := s.db.Write.NewInsert().Model(&m).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return m, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return m, err
	}
	made, err := s.Get(ctx, m.EditionID, m.ID)
	if err == nil && (made.Version != 1 || made.PersonID != m.PersonID || made.Audience != m.Audience ||
		!maps.Equal(made.Subject, m.Subject) || !maps.Equal(made.Body, m.Body)) {
		err = late(made)
	}
	return made, err
}

// late says why a message that was shown cannot be had any more.
func late(m Message) error {
	switch {
	case m.ID == "":
		return nil // the message itself is missing, and that is said already
	case m.SentAt != nil:
		return fail.Clash("message.sent_already")
	}
	return fail.Clash("message.changed_meanwhile")
}

// Discard drops a draft. What was sent stays as a record.
func (s *Service) Discard(ctx context.Context, e edition.Edition, id string, version int64) error {
	res, err := s.db.Write.NewDelete().Model((*Message)(nil)).Where("id = ? AND edition_id = ?", id, e.ID).
		Where("version = ? AND sent_at IS NULL", version).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	m, err := s.Get(ctx, e.ID, id)
	return errors.Join(err, late(m))
}
