package migrations_test

import (
	"io/fs"
	"slices"
	"testing"

	"agora/migrations"
)

// Both engines go through the same numbers, each with one file: a number with
// two files would lose one, and one that an engine lacks could come later there.
func TestEnginesHaveTheSameNumbers(t *testing.T) {
	names := map[string][]string{}
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		ours := migrations.For(engine)
		found, err := fs.Glob(ours, "*")
		if err != nil || len(found) < 5 {
			t.Fatalf("%s has %v, %v", engine, found, err)
		}
		names[engine] = found
		for _, name := range found {
			if b, err := fs.ReadFile(ours, name); err != nil || len(b) == 0 {
				t.Errorf("%s: %s: %v", engine, name, err)
			}
		}
		for i, name := range found[1:] {
			if name[:4] <= found[i][:4] {
				t.Errorf("%s has %s after %s", engine, name, found[i])
			}
		}
	}
	if !slices.Equal(names["SQLite"], names["PostgreSQL"]) {
		t.Errorf("%v", names)
	}
	own, _ := fs.ReadFile(migrations.For("SQLite"), "0005_search.tx.up.sql")
	other, _ := fs.ReadFile(migrations.For("PostgreSQL"), "0005_search.tx.up.sql")
	if len(own) == 0 || len(other) == 0 || string(own) == string(other) {
		t.Error("the search has the same tables on both engines")
	}
}
