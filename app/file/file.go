// Package file keeps what people send in: slides, documents, pictures. A file is
// recognised by what is in it, never by its name, and its bytes lie in a store
// under a name of ours: a folder, or a bucket that several nodes share.
//
// What is sent in is loose until an area takes it up with Keep, in the
// transaction of its own fact; what stays loose, or was let go with Drop, is
// swept away after a day.
//
// Tables: file, file_text, upload.
package file

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/file/content"
)

const (
	// MaxFile protects the disk, and everybody who opens the file on a phone.
	MaxFile = 250 << 20
	// MaxPart is the most that one request of a sending in parts may bring; it
	// stands in memory while the request lasts.
	MaxPart = 4 << 20
	// MaxPicture is the largest file that is opened as a picture.
	MaxPicture = 20 << 20
	// looseTime is how long a file waits for being taken up, and a sending that
	// was cut off for being gone on with.
	looseTime = 24 * time.Hour
)

// Kind is what a file is, by its content.
type Kind = content.Kind

// Reading says whether the words of a file have been read out for the search.
type Reading string

// The states of reading.
const (
	Wanted  Reading = "wanted"
	Read    Reading = "read"
	Failed  Reading = "failed"  // nothing could be read out of it in the time and memory given
	Useless Reading = "useless" // a kind without words
)

// File is what was sent in, whole. Name is what its sender called it, cleaned;
// Scope is what it was sent for ("session:ID", "speaker:ID", "edition:ID",
// "picture:ID"), and so who may take it up.
type File struct {
	bun.BaseModel `bun:"table:file"`

	ID            string `bun:",pk"`
	EditionID     string
	Scope         string
	Name          string
	Kind          Kind
	Size          int64
	SHA256        string `bun:"sha256"`
	Width, Height int64  // of pictures
	Reading       Reading
	Kept          bool
	CreatedAt     time.Time
}

// Service takes, keeps and gives files.
type Service struct {
	db     *db.DB
	now    func() time.Time
	store  Store
	temp   string
	reader []string
	// drawing lets one picture be decoded at a time: a large one fills memory.
	drawing chan struct{}
}

// New makes the service. temp is a folder on this machine where a file lies while
// it is looked at.
func New(d *db.DB, now func() time.Time, store Store, temp string) *Service {
	return &Service{db: d, now: now, store: store, temp: temp, drawing: make(chan struct{}, 1)}
}

// ByID gives a file.
func (s *Service) ByID(ctx context.Context, id string) (f File, err error) {
	err = s.db.Read.NewSelect().Model(&f).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return f, fail.Missing("file.missing")
	}
	return f, err
}

// Several gives some files by their ids; ids that are not there are left out.
func (s *Service) Several(ctx context.Context, ids []string) (map[string]File, error) {
	byID := make(map[string]File, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	var rows []File
	err := s.db.Read.NewSelect().Model(&rows).Where("id IN (?)", bun.List(ids)).Scan(ctx)
	for _, f := range rows {
		byID[f.ID] = f
	}
	return byID, err
}

// Open gives the bytes of a file from offset on, length of them, or with -1 all
// the rest. ctx has to live as long as the reader.
func (s *Service) Open(ctx context.Context, f File, offset, length int64) (io.ReadCloser, error) {
	if length < 0 {
		length = f.Size - offset
	}
	return s.store.Open(ctx, stored(f.ID), offset, length)
}

// Keep takes a loose file up, in the caller's transaction. It is NotFound when it
// was sent for something else. Keeping twice changes nothing.
func Keep(ctx context.Context, tx bun.IDB, id, editionID, scope string) (f File, err error) {
	err = tx.NewRaw("UPDATE file SET kept = TRUE WHERE id = ? AND edition_id = ? AND scope = ? RETURNING *", id, editionID, scope).Scan(ctx, &f)
	if errors.Is(err, sql.ErrNoRows) {
		return f, fail.Missing("file.missing")
	}
	return f, err
}

// Drop lets files go, in the caller's transaction; rows and bytes are swept away
// later.
func Drop(ctx context.Context, tx bun.IDB, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.NewUpdate().Model((*File)(nil)).Set("kept = FALSE").Where("id IN (?)", bun.List(ids)).Exec(ctx)
	return err
}

// stored is the name of a file's bytes in the store.
func stored(id string) string { return "file/" + id }

// errName is our own mistake: names in the store are made here.
func errName(name string) error { return fmt.Errorf("%q is no name in the store", name) }
