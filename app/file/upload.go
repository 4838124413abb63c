package file

import (
	"context"
	"io"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
)

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
	FileID    string
	CreatedAt time.Time
	ChangedAt time.Time
}

// Begin opens a sending in of size bytes.
func (s *Service) Begin(ctx context.Context, editionID, scope, name string, size int64) (Upload, error) {
	return Upload{}, fail.New(fail.Busy, "file.away")
}

// Uploading gives a sending; NotFound for another scope.
func (s *Service) Uploading(ctx context.Context, id, scope string) (Upload, error) {
	return Upload{}, fail.Missing("file.upload_gone")
}

// Append adds the next part. An offset other than what was received is a
// Conflict; the last part makes the file.
func (s *Service) Append(ctx context.Context, id, scope string, offset int64, part []byte) (Upload, error) {
	return Upload{}, fail.Missing("file.upload_gone")
}

// Abort gives a sending up.
func (s *Service) Abort(ctx context.Context, id, scope string) error { return nil }

// Take takes a whole file, streamed.
func (s *Service) Take(ctx context.Context, editionID, scope, name string, r io.Reader) (File, error) {
	return File{}, fail.New(fail.Busy, "file.away")
}

// Crop says what of a picture is kept: a box of Width by Height around the focus,
// which is told in parts of the picture (0.5, 0.5 is its middle). Without Width
// nothing is cut off.
type Crop struct {
	Width, Height  int
	FocusX, FocusY float64
}

// TakePicture takes a picture: turned upright, cut, without what its camera wrote
// into it.
func (s *Service) TakePicture(ctx context.Context, editionID, scope, name string, r io.Reader, c Crop) (File, error) {
	return File{}, fail.New(fail.Busy, "file.away")
}

// Picture makes a picture of toScope from a file that was sent in for scope.
func (s *Service) Picture(ctx context.Context, fileID, scope, toScope string, c Crop) (File, error) {
	return File{}, fail.Missing("file.missing")
}

// Sweep deletes what nobody took up within a day.
func (s *Service) Sweep(ctx context.Context) (int, error) { return 0, nil }

// ReadTexts reads the words out of files that wait for it.
func (s *Service) ReadTexts(ctx context.Context) (int, error) { return 0, nil }
