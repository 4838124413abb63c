package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Store keeps bytes under names of ours, such as "file/0192…". There are two: a
// folder of this machine, and a bucket of an S3 service.
type Store interface {
	// Put stores size bytes under a name, whole or not at all.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	// Open gives length bytes from offset on; fs.ErrNotExist when there is none.
	Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error)
	// Remove takes a name away; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// List names everything there is, in no order.
	List(ctx context.Context, each func(name string, size int64, at time.Time) error) error
}

// nameForm is what a name in the store looks like; nothing else reaches a path.
var nameForm = regexp.MustCompile(`^(file|part|check|site)/([0-9a-f-]{1,64}|\.new-[0-9]+)$`)

// unfinished begins the names of what is just being written.
const unfinished = ".new-"

// Disk keeps files in a folder.
type Disk struct{ folder string }

// NewDisk makes the folder where it is not there yet.
func NewDisk(folder string) (*Disk, error) {
	for _, kind := range []string{"file", "part", "check", "site"} {
		if err := os.MkdirAll(filepath.Join(folder, kind), 0o700); err != nil {
			return nil, err
		}
	}
	return &Disk{folder}, nil
}

func (d *Disk) path(name string) (string, error) {
	if !nameForm.MatchString(name) {
		return "", errName(name)
	}
	return filepath.Join(d.folder, filepath.FromSlash(name)), nil
}

// Put writes beside the place, makes the bytes durable, and only then gives them
// their name.
func (d *Disk) Put(_ context.Context, name string, r io.Reader, size int64) (err error) {
	path, err := d.path(name)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(f.Name()))
		}
	}()
	n, err := io.Copy(f, r)
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(f.Close(), syncFolder(filepath.Dir(path)))
}

// syncFolder makes a new name durable.
func syncFolder(path string) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// section is a part of a file that closes it.
type section struct {
	io.Reader
	io.Closer
}

// Open gives a part of a stored file.
func (d *Disk) Open(_ context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	path, err := d.path(name)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	return section{io.NewSectionReader(f, offset, length), f}, nil
}

// Remove deletes a stored file.
func (d *Disk) Remove(_ context.Context, name string) error {
	path, err := d.path(name)
	if err != nil {
		return err
	}
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// List walks the folder. What a crash left half-written is listed too, under the
// name it has.
func (d *Disk) List(ctx context.Context, each func(name string, size int64, at time.Time) error) error {
	return filepath.WalkDir(d.folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || entry.IsDir() {
			return ignoreMissing(err)
		}
		info, err := entry.Info()
		if err != nil {
			return ignoreMissing(err)
		}
		name, err := filepath.Rel(d.folder, path)
		if err != nil {
			return err
		}
		return each(filepath.ToSlash(name), info.Size(), info.ModTime())
	})
}

// ignoreMissing passes over what was deleted while the folder was walked.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
