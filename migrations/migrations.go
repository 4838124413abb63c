// Package migrations holds the schema as numbered SQL files. Nearly all are one
// text for SQLite and PostgreSQL: ids are text made by the program, times
// TIMESTAMPTZ, structured values JSON in TEXT. What only one of them
// understands lies in the folder of its name, under a number that the other
// folder has too and no common file.
//
// A file is never edited after it has been released; a change is a new file.
package migrations

import (
	"embed"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.sql sqlite/*.sql postgresql/*.sql
var files embed.FS

// For gives the migrations of an engine, as one folder in the order of their
// numbers: two files of one number in one folder would make one vanish.
func For(engine string) fs.ReadDirFS { return folder(strings.ToLower(engine)) }

// folder is the common files with those of one engine.
type folder string

// Open gives the file of this name, the engine's own before the common one.
func (f folder) Open(name string) (fs.File, error) {
	if strings.Contains(name, "/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if name == "." {
		return files.Open(name)
	}
	own, err := files.Open(string(f) + "/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return files.Open(name)
	}
	return own, err
}

// ReadDir lists the one folder there is.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	common, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	own, err := files.ReadDir(string(f))
	if err != nil {
		return nil, err
	}
	list := append(slices.DeleteFunc(common, fs.DirEntry.IsDir), own...)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}
