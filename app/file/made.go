package file

import (
	"context"
	"errors"
	"io"

	"agora/app/db"
)

// Make keeps what the program itself writes, streamed. Nothing of it stays when
// write fails. It is loose, as what people send in is, until it is kept; its words
// are not read for the search, for they stand elsewhere already.
func (s *Service) Make(ctx context.Context, editionID, scope, name string, kind Kind, write func(io.Writer) error) (File, error) {
	w, err := s.newWhole()
	if err != nil {
		return File{}, err
	}
	defer w.Close()
	if err := write(struct{ io.Writer }{w}); err != nil {
		return File{}, err
	}
	f := File{ID: db.NewID(), EditionID: editionID, Scope: scope, Name: CleanName(name, kind), Kind: kind,
		Size: w.size, SHA256: w.sha256(), Reading: Useless, CreatedAt: s.now()}
	if err := s.put(ctx, stored(f.ID), io.NewSectionReader(w, 0, w.size), w.size); err != nil {
		return File{}, err
	}
	if _, err := s.db.Write.NewInsert().Model(&f).Exec(ctx); err != nil {
		return File{}, errors.Join(err, s.discard(ctx, stored(f.ID)))
	}
	return f, nil
}
