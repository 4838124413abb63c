package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// migrateKey is the advisory lock that lets one node migrate at a time.
const migrateKey = 4_190_215

// errElsewhere says that another node has just run the migration.
var errElsewhere = errors.New("migrated by another node")

// ErrNewer is returned for a database that a later version has migrated.
var ErrNewer = errors.New("the database was made by a newer version of Agora; start that version, or restore a backup made with this one")

// Migrate brings the schema up to the newest file of fsys and returns the names
// of what it ran. Each file runs in a transaction of its own that also marks it
// as applied, so a crash leaves it either wholly done or not at all.
func Migrate(ctx context.Context, d *DB, fsys fs.FS) ([]string, error) {
	migrations := migrate.NewMigrations()
	if err := migrations.Discover(fsys); err != nil {
		return nil, err
	}
	m := migrate.NewMigrator(d.Write, migrations,
		migrate.WithMarkAppliedOnSuccess(true),
		migrate.WithUpsert(true),
		migrate.BeforeMigration(d.claim),
		migrate.AfterMigration(d.settle))
	// Two nodes may both try to make the bookkeeping tables; the second finds them.
	if err := m.Init(ctx); err != nil {
		if err = m.Init(ctx); err != nil {
			return nil, err
		}
	}
	if err := refuseNewer(ctx, m, migrations); err != nil {
		return nil, err
	}
	if d.Engine == SQLite {
		// Rebuilding a parent table with the keys on would empty its children;
		// settle checks them instead.
		if _, err := d.Write.ExecContext(ctx, "PRAGMA foreign_keys=OFF"); err != nil {
			return nil, err
		}
		defer d.Write.ExecContext(ctx, "PRAGMA foreign_keys=ON") //nolint:errcheck // the next start sets it again
	}
	return run(ctx, m)
}

func run(ctx context.Context, m *migrate.Migrator) ([]string, error) {
	var names []string
	for {
		group, err := m.Migrate(ctx)
		for _, done := range group.Migrations {
			if err == nil || done.Name != group.Migrations[len(group.Migrations)-1].Name {
				names = append(names, done.String())
			}
		}
		if !errors.Is(err, errElsewhere) {
			return names, err
		}
	}
}

// claim runs first in a migration's transaction: it waits for other nodes and
// looks whether they have done the work.
func (d *DB) claim(ctx context.Context, conn bun.IConn, m *migrate.Migration) error {
	if d.Engine == Postgres {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", migrateKey)); err != nil {
			return err
		}
	}
	rows, err := conn.QueryContext(ctx, fmt.Sprintf("SELECT 1 FROM bun_migrations WHERE name = '%s'", m.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return errElsewhere
	}
	return rows.Err()
}

// settle runs last in a migration's transaction: it checks what foreign_keys=OFF
// left unchecked and marks the migration as applied.
func (d *DB) settle(ctx context.Context, conn bun.IConn, m *migrate.Migration) error {
	if d.Engine == SQLite {
		rows, err := conn.QueryContext(ctx, "PRAGMA foreign_key_check")
		if err != nil {
			return err
		}
		broken := rows.Next()
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if broken {
			return fmt.Errorf("migration %s leaves rows without their parent", m.Name)
		}
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(
		"INSERT INTO bun_migrations (name, group_id) VALUES ('%s', %d) ON CONFLICT (name) DO NOTHING", m.Name, m.GroupID))
	return err
}

func refuseNewer(ctx context.Context, m *migrate.Migrator, known *migrate.Migrations) error {
	applied, err := m.AppliedMigrations(ctx)
	if err != nil {
		return err
	}
	for _, a := range applied {
		if !slices.ContainsFunc(known.Sorted(), func(k migrate.Migration) bool { return k.Name == a.Name }) {
			return fmt.Errorf("migration %s is unknown here: %w", a.Name, ErrNewer)
		}
	}
	return nil
}
