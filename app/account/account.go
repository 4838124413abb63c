// Package account knows people by their e-mail addresses: how they sign in
// without a password, where they are signed in, and what they may do.
//
// Nothing that opens something is stored: of links, codes and cookies the
// database holds hashes only.
//
// Tables: person, sign_in_link, login, role.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/text"
)

// secretBytes is the length of links and cookies: too long to guess.
const secretBytes = 32

// Person is somebody known by an e-mail address.
type Person struct {
	bun.BaseModel `bun:"table:person"`

	ID        string
	Email     string
	Name      string
	Language  text.Lang
	CreatedAt time.Time

	// Made says that Ensure has just made this person.
	Made bool `bun:"-"`
}

// Label is what the person is called: the name, or the address without one.
func (p Person) Label() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Email
}

// Service holds the use cases of signing in.
type Service struct {
	db   *db.DB
	now  func() time.Time
	base string
	seen *visits
}

// New makes the service; links start with baseURL.
func New(d *db.DB, now func() time.Time, baseURL string) *Service {
	return &Service{db: d, now: now, base: strings.TrimRight(baseURL, "/"), seen: newVisits()}
}

// ByID gives a person.
func (s *Service) ByID(ctx context.Context, id string) (Person, error) {
	return s.person(ctx, "id = ?", id)
}

// ByEmail gives the person with an address, written in any way ParseEmail accepts.
func (s *Service) ByEmail(ctx context.Context, email string) (Person, error) {
	return s.person(ctx, "email = ?", normalise(email))
}

func (s *Service) person(ctx context.Context, where, value string) (Person, error) {
	var p Person
	err := s.db.Read.NewSelect().Model(&p).Where(where, value).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fail.Missing("account.person.missing")
	}
	return p, err
}

// NewPerson is somebody who may not be known yet. Email is as ParseEmail gives it.
type NewPerson struct {
	Email    string
	Name     string
	Language text.Lang
}

// Ensure gives the people with these addresses, keyed by address, and first
// makes those who are not there yet. It is two statements however many they
// are; who is known keeps their name and language.
func Ensure(ctx context.Context, tx bun.IDB, now time.Time, people []NewPerson) (map[string]Person, error) {
	known := make(map[string]Person, len(people))
	if len(people) == 0 {
		return known, nil
	}
	rows, emails := newRows(now, people)
	if _, err := tx.NewInsert().Model(&rows).On("CONFLICT (email) DO NOTHING").Exec(ctx); err != nil {
		return nil, err
	}
	var found []Person
	if err := tx.NewSelect().Model(&found).Where("email IN (?)", bun.List(emails)).Scan(ctx); err != nil {
		return nil, err
	}
	made := make(map[string]bool, len(rows))
	for _, row := range rows {
		made[row.ID] = true
	}
	for _, p := range found {
		p.Made = made[p.ID]
		known[p.Email] = p
	}
	return known, nil
}

// Unmake removes people who were made a moment ago, in the same transaction, and
// got nothing after all.
func Unmake(ctx context.Context, tx bun.IDB, ids []string) error {
	_, err := tx.NewDelete().Model((*Person)(nil)).Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// random gives a new secret and its readable form.
func random() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
