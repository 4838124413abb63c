package program

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program/exchange"
	"agora/app/text"
)

// ImportOptions say what else an import does, in its own transaction.
type ImportOptions struct {
	// Release publishes the result, when it differs from what is public.
	Release bool
	Name    string
	Note    text.Texts
	// Material takes over the attachments and recordings of the file's sessions.
	// Without it they are kept with the session, so that exports still have them.
	Material func(ctx context.Context, tx bun.IDB, e edition.Edition, list []Attached) error
	// Take are the keys of conflicts in which the file wins.
	Take map[string]bool
	// TakeAll lets the file win in all of them.
	TakeAll bool
}

// Attached is an attachment of a session, or its recording.
type Attached struct {
	SessionID string
	Link
	Recording bool
}

// Imported is what an import did to sessions, by title.
type Imported struct {
	Added     []string
	Changed   []string
	Unchanged int
	// Gone came with an earlier file and are not in this one. They stay until
	// somebody deletes them.
	Gone []string
	// Kept are sessions in which something that was edited here stays although
	// the file says otherwise; Conflicts are those values, also of rooms, tracks
	// and speakers, which the file has changed too.
	Kept      []string
	Conflicts []Conflict
	Rooms     int // new ones, as are Tracks and Speakers
	Tracks    int
	Speakers  int
	Release   Release // number 0: nothing was released
}

// Import takes a file's programme over into the draft, all of it or nothing.
// Sessions, rooms and speakers it knows by their guid are changed, others added;
// a language the file does not speak keeps its texts. What somebody changed here
// since the last file is not overwritten: see Conflict.
func (s *Service) Import(ctx context.Context, by string, e edition.Edition, x exchange.Schedule, o ImportOptions) (Imported, error) {
	name, err := checkRelease(o.Name, o.Note)
	if err != nil {
		return Imported{}, err
	}
	x = exchange.Complete(x)
	if len(x.Sessions) == 0 {
		return Imported{}, fail.Wrong("file", "program.import_empty")
	}
	var done Imported
	err = s.db.Tx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := edition.Touch(ctx, tx, e.ID); err != nil {
			return err
		}
		old, err := load(ctx, tx, e.ID, true)
		if err != nil {
			return err
		}
		m := newMerge(e, old, s.now(), o)
		if m.said, err = lastSaid(ctx, tx, e.ID); err != nil {
			return err
		}
		m.schedule(x)
		if err := m.write(ctx, tx); err != nil {
			return err
		}
		if o.Material != nil && len(m.attached) > 0 {
			if err := o.Material(ctx, tx, e, m.attached); err != nil {
				return err
			}
		}
		done = m.done
		if err := s.noteLoaded(ctx, tx, e, by, done); err != nil {
			return err
		}
		if o.Release {
			if done.Release, err = s.releaseChanged(ctx, tx, e, name, o.Note); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, s.now(), audit.Entry{Person: by, Edition: e.ID, Act: "program.import",
			Subject: e.ID, Detail: fmt.Sprintf("+%d ~%d =%d", len(done.Added), len(done.Changed), done.Unchanged)})
	})
	if err != nil {
		return Imported{}, err
	}
	s.editions.Forget()
	return done, nil
}
