package file

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/file/content"
)

// maxParts bounds what a sending writes down of its parts; at the largest size
// of a part a file has 63.
const maxParts = 1000

// Upload is a file that is being sent in part by part. Received bytes are safe,
// whatever happens; the sender goes on from there within a day, on any node.
// FileID is set when it is whole.
type Upload struct {
	bun.BaseModel `bun:"table:upload"`

	ID        string `bun:",pk"`
	EditionID string
	Scope     string
	Name      string
	Size      int64
	Received  int64
	Parts     Parts
	FileID    string
	CreatedAt time.Time
	ChangedAt time.Time
}

// Part is what one request brought: Size bytes under part/ID in the store.
type Part struct {
	ID   string `json:"id"`
	Size int64  `json:"size"`
}

// Parts are in the order of the file.
type Parts = db.List[Part]

// partName is where a part lies in the store.
func partName(id string) string { return "part/" + id }

// Begin opens a sending in of size bytes. What is too large is refused here,
// before a byte of it travels.
func (s *Service) Begin(ctx context.Context, editionID, scope, name string, size int64) (Upload, error) {
	switch {
	case size < 1:
		return Upload{}, fail.Wrong(content.Field, "file.refused.empty")
	case size > MaxFile:
		return Upload{}, tooLarge()
	}
	if err := s.roomFor(ctx, editionID, scope, size); err != nil {
		return Upload{}, err
	}
	at := s.now()
	u := Upload{ID: db.NewID(), EditionID: editionID, Scope: scope, Name: CleanName(name, ""), Size: size, CreatedAt: at, ChangedAt: at}
	return u, s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&u).Exec(ctx)
		return err
	})
}

// tooLarge says what the limit is.
func tooLarge() error { return fail.Wrong(content.Field, "file.too_large", "max", MaxFile>>20) }

// Uploading gives a sending; NotFound for another scope.
func (s *Service) Uploading(ctx context.Context, id, scope string) (u Upload, err error) {
	err = s.db.Read.NewSelect().Model(&u).Where("id = ? AND scope = ?", id, scope).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return u, fail.Missing("file.upload_gone")
	}
	return u, err
}

// Append adds the next part, which is safe when it returns. An offset other than
// what was received is a Conflict and changes nothing. The last part makes the
// file; a file that is not taken is Invalid, and the sending is over.
func (s *Service) Append(ctx context.Context, id, scope string, offset int64, part []byte) (Upload, error) {
	u, err := s.Uploading(ctx, id, scope)
	switch {
	case err != nil:
		return u, err
	case u.FileID != "" && offset == u.Size && len(part) == 0:
		return u, nil
	case u.FileID != "" || offset != u.Received:
		return u, fail.Clash("file.offset")
	case len(part) > MaxPart:
		return u, fail.New(fail.TooLarge, "file.part_too_large", "max", MaxPart>>20)
	case len(part) == 0:
		return u, nil
	case len(u.Parts) >= maxParts:
		return u, fail.Wrong(content.Field, "file.parts_too_small")
	}
	if offset == 0 {
		err = content.Glance(part)
	}
	switch {
	case err != nil:
	case offset+int64(len(part)) > u.Size:
		err = fail.Wrong(content.Field, "file.longer_than_said")
	case offset+int64(len(part)) == u.Size:
		u, err = s.complete(ctx, u, part)
	default:
		u, err = s.extend(ctx, u, part)
	}
	if fail.Is(err, fail.Invalid) {
		err = errors.Join(err, s.Abort(ctx, id, scope))
	}
	return u, err
}

// extend stores a part and then counts it, if nobody else has been faster.
func (s *Service) extend(ctx context.Context, u Upload, part []byte) (Upload, error) {
	p := Part{ID: db.NewID(), Size: int64(len(part))}
	if err := s.put(ctx, partName(p.ID), bytes.NewReader(part), p.Size); err != nil {
		return u, err
	}
	was := u.Received
	u.Received, u.Parts, u.ChangedAt = was+p.Size, append(u.Parts, p), s.now()
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error { return advance(ctx, tx, u, was) })
	if err != nil {
		return u, errors.Join(err, s.discard(ctx, partName(p.ID)))
	}
	return u, nil
}

// advance writes how far a sending is, unless it is no longer where it was.
func advance(ctx context.Context, tx bun.IDB, u Upload, was int64) error {
	res, err := tx.NewUpdate().Model(&u).Column("received", "parts", "file_id", "changed_at").WherePK().Where("received = ?", was).Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fail.Clash("file.offset")
}

// complete puts the parts together, looks at the whole and stores it. The last
// part is counted together with the file's row: until then the sending stands
// where it stood, and the part may come again.
func (s *Service) complete(ctx context.Context, u Upload, last []byte) (Upload, error) {
	whole, err := s.assemble(ctx, u, last)
	if err != nil {
		return u, err
	}
	defer whole.Close()
	was, parts := u.Received, u.Parts
	f, err := s.settle(ctx, whole, File{EditionID: u.EditionID, Scope: u.Scope, Name: u.Name}, func(ctx context.Context, tx bun.IDB, f File) error {
		u.Received, u.Parts, u.FileID, u.ChangedAt = u.Size, nil, f.ID, s.now()
		return advance(ctx, tx, u, was)
	})
	if err != nil {
		u.Received, u.Parts, u.FileID = was, parts, ""
		return u, err
	}
	u.FileID = f.ID
	for _, p := range parts {
		// The file is whole; what is left lying is swept away later.
		_ = s.discard(ctx, partName(p.ID))
	}
	return u, nil
}

// assemble copies the parts into one file without a name on this machine.
func (s *Service) assemble(ctx context.Context, u Upload, last []byte) (*whole, error) {
	w, err := s.newWhole()
	if err != nil {
		return nil, err
	}
	for _, p := range u.Parts {
		r, err := s.store.Open(ctx, partName(p.ID), 0, p.Size)
		if err == nil {
			err = errors.Join(w.copyAll(r, p.Size), r.Close())
		}
		if errors.Is(err, fs.ErrNotExist) { // another window has finished first
			err = fail.Clash("file.offset")
		}
		if err != nil {
			return nil, errors.Join(s.away(err), w.Close())
		}
	}
	if _, err := w.Write(last); err != nil {
		return nil, errors.Join(s.away(err), w.Close())
	}
	return w, nil
}

// Abort gives a sending up; a file that it has become stays.
func (s *Service) Abort(ctx context.Context, id, scope string) error {
	var u Upload
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		return tx.NewRaw("DELETE FROM upload WHERE id = ? AND scope = ? RETURNING *", id, scope).Scan(ctx, &u)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return fail.Missing("file.upload_gone")
	}
	for _, p := range u.Parts {
		err = errors.Join(err, s.discard(ctx, partName(p.ID)))
	}
	return err
}

// whole is a file on this machine while it is looked at. It has no name any
// more, so that nothing is left of it however the process ends.
type whole struct {
	*os.File
	size int64
	sum  hashed
}

type hashed interface {
	io.Writer
	Sum([]byte) []byte
}

func (s *Service) newWhole() (*whole, error) {
	f, err := os.CreateTemp(s.temp, "sent-*")
	if err != nil {
		return nil, s.away(err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &whole{File: f, sum: sha256.New()}, nil
}

// Write adds to the file and to its sum.
func (w *whole) Write(b []byte) (int, error) {
	n, err := w.File.Write(b)
	w.size += int64(n)
	_, _ = w.sum.Write(b[:n]) // a sum takes everything
	return n, err
}

// copyAll adds all of r, which has to be size bytes.
func (w *whole) copyAll(r io.Reader, size int64) error {
	n, err := io.Copy(struct{ io.Writer }{w}, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func (w *whole) sha256() string { return hex.EncodeToString(w.sum.Sum(nil)) }
