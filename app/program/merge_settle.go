package program

import (
	"context"
	"database/sql/driver"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/db"
)

// Conflict is a value that was changed both here and in the file since the file
// last came. Here stays unless the organiser takes the file's.
type Conflict struct {
	Key   string // for ImportOptions.Take: the thing's id and the field
	Name  string // what the thing is called
	Field string // title, when, room …: program.field.FIELD
	Here  string
	File  string
	Taken bool
}

// print is what a file last said of one thing: a short sum for each field. Texts
// stand elsewhere already, and the sums of a thousand sessions stay small.
type print map[string]string

// Value stores the print as JSON.
func (p print) Value() (driver.Value, error) { return db.ValueJSON(p) }

// Scan reads what Value stored.
func (p *print) Scan(src any) error {
	*p = print{}
	return db.ScanJSON(src, p)
}

type imported struct {
	bun.BaseModel `bun:"table:imported"`

	SubjectID string `bun:",pk"`
	EditionID string
	Prints    print
}

func sumOf(s string) string {
	h := fnv.New64a()
	h.Write([]byte(s))
	return fmt.Sprintf("%016x", h.Sum64())
}

// subject is a thing that a file and the organiser may both have changed.
type subject struct {
	m     *merge
	id    string
	name  string
	fresh bool // the file brings it; nothing of it stands here
	said  print
	kept  bool // something of the organiser's stays although the file says otherwise
}

func (m *merge) subject(id, name string, fresh bool) *subject {
	s := &subject{m: m, id: id, name: name, fresh: fresh, said: print{}}
	for field, sum := range m.said[id] {
		s.said[field] = sum
	}
	return s
}

// take decides whether a field becomes what the file says. Where only one side
// has changed it since last time, that side's change stays; where both have, the
// organiser is asked, and until then nothing here is overwritten.
func (s *subject) take(field, here, file string) bool { return s.takeAs(field, here, file, here, file) }

// takeAs is take for values that people read in another form.
func (s *subject) takeAs(field, here, file, readHere, readFile string) bool {
	last, known := s.said[field]
	said := sumOf(file)
	switch {
	case s.fresh || here == file || known && sumOf(here) == last || !known && here == "":
		s.said[field] = said
		return true
	}
	c := Conflict{Key: s.id + "." + field, Name: s.name, Field: field, Here: readHere, File: readFile}
	news := !known || said != last
	if c.Taken = s.m.takes[c.Key] || s.m.takeAll && news; c.Taken {
		s.said[field] = said
		s.m.done.Conflicts = append(s.m.done.Conflicts, c)
		return true
	}
	s.kept = true
	if news {
		s.m.done.Conflicts = append(s.m.done.Conflicts, c)
	}
	return false
}

// done notes what the file said, when that is news.
func (s *subject) done() {
	was := s.m.said[s.id]
	same := len(was) == len(s.said)
	for field, sum := range s.said {
		same = same && was[field] == sum
	}
	if !same {
		s.m.prints = append(s.m.prints, &imported{SubjectID: s.id, EditionID: s.m.e.ID, Prints: s.said})
	}
}

// lastSaid reads what files said of the edition's things.
func lastSaid(ctx context.Context, tx bun.IDB, editionID string) (map[string]print, error) {
	var rows []imported
	if err := tx.NewSelect().Model(&rows).Where("edition_id = ?", editionID).Scan(ctx); err != nil {
		return nil, err
	}
	said := make(map[string]print, len(rows))
	for _, r := range rows {
		said[r.SubjectID] = r.Prints
	}
	return said, nil
}

func (m *merge) writePrints(ctx context.Context, tx bun.IDB) error {
	for part := range slices.Chunk(m.prints, perStatement) {
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (subject_id) DO UPDATE").Set("prints = EXCLUDED.prints").Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}
