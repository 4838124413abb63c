package file

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/file/content"
)

// roomPause is when to try again after the disk was full: somebody has to make
// room first. awayPause is when the store may answer again.
const (
	roomPause = 5 * time.Minute
	awayPause = 10 * time.Second
)

// errReading marks an error of the one who sends, not of ours.
type errReading struct{ error }

func (e errReading) Unwrap() error { return e.error }

// senders marks the errors of a reader as the sender's.
type senders struct{ io.Reader }

func (r senders) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = errReading{err}
	}
	return n, err
}

// Take takes a whole file, streamed. Nothing of it stays when it is not taken.
func (s *Service) Take(ctx context.Context, editionID, scope, name string, r io.Reader) (File, error) {
	w, err := s.receive(r, MaxFile, tooLarge)
	if err != nil {
		return File{}, err
	}
	defer w.Close()
	if err := s.roomFor(ctx, editionID, scope, w.size); err != nil {
		return File{}, err
	}
	return s.settle(ctx, w, File{EditionID: editionID, Scope: scope, Name: name}, nil)
}

// maxLoose is how much may wait for being taken up in one scope: it protects the
// disk from whoever holds a link and sends without end.
const maxLoose = 2 << 30

// roomFor sees how much waits already.
func (s *Service) roomFor(ctx context.Context, editionID, scope string, size int64) error {
	var loose, sending int64
	q := s.db.Read.NewSelect().ColumnExpr("CAST(COALESCE(SUM(size), 0) AS BIGINT)").Where("edition_id = ? AND scope = ?", editionID, scope)
	if err := q.Clone().Model((*File)(nil)).Where("NOT kept").Scan(ctx, &loose); err != nil {
		return err
	}
	if err := q.Clone().Model((*Upload)(nil)).Where("file_id = ''").Scan(ctx, &sending); err != nil {
		return err
	}
	if loose+sending+size > maxLoose {
		return fail.New(fail.TooMany, "file.too_many")
	}
	return nil
}

// receive copies what is sent, up to most bytes, into a file without a name.
func (s *Service) receive(r io.Reader, most int64, tooMuch func() error) (*whole, error) {
	w, err := s.newWhole()
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(struct{ io.Writer }{w}, io.LimitReader(senders{r}, most+1))
	var broken errReading
	switch {
	case errors.As(err, &broken):
		err = fail.Wrong(content.Field, "file.refused.cut")
	case err != nil:
		err = s.away(err)
	case w.size > most:
		err = tooMuch()
	}
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// settle recognises a whole file, stores it and writes its row, together with
// what the caller has to write.
func (s *Service) settle(ctx context.Context, w *whole, f File, also func(context.Context, bun.IDB, File) error) (File, error) {
	found, err := content.Recognise(w, w.size, f.Name)
	if err != nil {
		return File{}, err
	}
	if found.Encoding != content.Binary && found.Encoding != content.UTF8 {
		if w, err = s.rewrite(w, found.Encoding); err != nil {
			return File{}, err
		}
		defer w.Close()
	}
	f.Kind, f.Width, f.Height = found.Kind, found.Width, found.Height
	return s.keepBytes(ctx, w, f, also)
}

// rewrite copies a text as UTF-8.
func (s *Service) rewrite(w *whole, enc content.Encoding) (*whole, error) {
	text, err := s.newWhole()
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(struct{ io.Writer }{text}, content.Rewrite(io.NewSectionReader(w, 0, w.size), enc)); err != nil {
		return nil, errors.Join(s.away(err), text.Close())
	}
	return text, nil
}

// keepBytes puts the bytes into the store and then writes the row: a row without
// bytes would be a broken link, bytes without a row are swept away.
func (s *Service) keepBytes(ctx context.Context, w *whole, f File, also func(context.Context, bun.IDB, File) error) (File, error) {
	f.ID, f.Name, f.Size, f.SHA256, f.CreatedAt = db.NewID(), CleanName(f.Name, f.Kind), w.size, w.sha256(), s.now()
	f.Reading, f.Kept = Wanted, false
	if !f.Kind.Words() {
		f.Reading = Useless
	}
	if err := s.put(ctx, stored(f.ID), io.NewSectionReader(w, 0, w.size), w.size); err != nil {
		return File{}, err
	}
	err := s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.NewInsert().Model(&f).Exec(ctx); err != nil || also == nil {
			return err
		}
		return also(ctx, tx, f)
	})
	if err != nil {
		return File{}, errors.Join(err, s.discard(ctx, stored(f.ID)))
	}
	return f, nil
}

// put stores bytes, and tells a full disk and a store that does not answer from
// other mishaps.
func (s *Service) put(ctx context.Context, name string, r io.Reader, size int64) error {
	return s.away(s.store.Put(ctx, name, r, size))
}

// discard removes bytes that nothing speaks of, also when the request that
// brought them is over.
func (s *Service) discard(ctx context.Context, name string) error {
	return s.store.Remove(context.WithoutCancel(ctx), name)
}

// away turns what the disk or the bucket says into what the sender may do.
func (s *Service) away(err error) error {
	switch {
	case err == nil || fail.KindOf(err) != fail.Internal:
		return err
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG):
		return &fail.Error{Kind: fail.Busy, Key: "file.no_room", RetryAfter: roomPause, Err: err}
	}
	return &fail.Error{Kind: fail.Busy, Key: "file.away", RetryAfter: awayPause, Err: err}
}
