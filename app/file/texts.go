package file

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/file/content"
)

const (
	// readSet is how many files are read at one turn of the job.
	readSet = 20
	// readTime is how long one file may take; the process bounds its own work too.
	readTime = 30 * time.Second
	// lastWords is how long the process may take to end once it was told to.
	lastWords = 2 * time.Second
)

// Text is the words of a file, for the search.
type Text struct {
	bun.BaseModel `bun:"table:file_text"`

	FileID string `bun:",pk"`
	Text   string
}

// ReadWith names the command that reads words (see content.Child): the program
// itself, called by another name. Without one no words are read.
func (s *Service) ReadWith(command ...string) { s.reader = command }

// ReadTexts reads the words out of files that were taken up and wait for it, in a
// process of its own for each: a file made to harm harms that process alone.
func (s *Service) ReadTexts(ctx context.Context) (n int, err error) {
	if len(s.reader) == 0 {
		return 0, nil
	}
	var waiting []File
	err = s.db.Read.NewSelect().Model(&waiting).Where("reading = ? AND kept", Wanted).Order("created_at").Limit(readSet).Scan(ctx)
	if err != nil {
		return 0, err
	}
	for _, f := range waiting {
		text, err := s.wordsOf(ctx, f)
		if ctx.Err() != nil {
			return n, ctx.Err() // the site stops; the file is read at the next start
		}
		reading := Read
		var harmed *exec.ExitError
		switch {
		case errors.As(err, &harmed) && text == "", errors.Is(err, errNoSource):
			reading = Failed
		case errors.As(err, &harmed): // some pages are better than none
		case err != nil:
			return n, err
		}
		if err := s.noteText(ctx, f.ID, reading, text); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// errNoSource says that a row has no bytes.
var errNoSource = errors.New("the bytes of the file are not in the store")

// wordsOf copies a file to this machine and lets the process read it.
func (s *Service) wordsOf(ctx context.Context, f File) (string, error) {
	r, err := s.Open(ctx, f, 0, -1)
	if errors.Is(err, os.ErrNotExist) {
		return "", errNoSource
	}
	if err != nil {
		return "", err
	}
	defer r.Close()
	w, err := s.newWhole()
	if err != nil {
		return "", err
	}
	defer w.Close()
	if err := w.copyAll(r, f.Size); err != nil {
		return "", err
	}
	if _, err := w.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	return s.runReader(ctx, f.Kind, w.File)
}

// runReader runs the process. It gets nothing of our environment, which may hold
// secrets, and what it says beyond the bound is not listened to.
func (s *Service) runReader(ctx context.Context, kind Kind, in *os.File) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, readTime)
	defer cancel()
	// #nosec G204 -- the command is our own program, the kind one of a list
	cmd := exec.CommandContext(ctx, s.reader[0], append(s.reader[1:len(s.reader):len(s.reader)], string(kind))...)
	cmd.Stdin, cmd.Env, cmd.WaitDelay, cmd.Dir = in, []string{"GOMAXPROCS=1"}, lastWords, "/"
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	words, errRead := io.ReadAll(io.LimitReader(out, content.MaxWords))
	if len(words) == content.MaxWords {
		cancel()
	}
	err = cmd.Wait()
	text := strings.ReplaceAll(strings.ToValidUTF8(string(words), ""), "\x00", "")
	if err == nil && errRead != nil && ctx.Err() == nil {
		err = errRead
	}
	return text, err
}

// noteText writes down what was read, unless the file has gone meanwhile.
func (s *Service) noteText(ctx context.Context, id string, reading Reading, text string) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model((*File)(nil)).Set("reading = ?", reading).Where("id = ? AND reading = ?", id, Wanted).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 || text == "" {
			return err
		}
		_, err = tx.NewInsert().Model(&Text{FileID: id, Text: text}).On("CONFLICT (file_id) DO UPDATE").Set("text = EXCLUDED.text").Exec(ctx)
		return err
	})
}
