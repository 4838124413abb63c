// Package migrations holds the schema as numbered SQL files, one set for
// SQLite and PostgreSQL: ids are text made by the program, times TIMESTAMPTZ,
// structured values JSON in TEXT.
//
// A file is never edited after it has been released; a change is a new file.
package migrations

import "embed"

// FS holds the migrations in the order of their numbers.
//
//go:embed *.sql
var FS embed.FS
