package db

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"
)

// Lease takes or keeps the named job for holder until now+life, and reports
// whether it is holder's. It is one conditional statement, so two nodes never
// both get it.
func (d *DB) Lease(ctx context.Context, name, holder string, now time.Time, life time.Duration) (bool, error) {
	res, err := d.Write.NewRaw(`INSERT INTO lease (name, holder, until) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE lease.holder = excluded.holder OR lease.until < ?`,
		name, holder, now.Add(life), now).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Release gives back every job of holder, so that another node, or this one
// started again, need not wait for the leases to run out.
func (d *DB) Release(ctx context.Context, holder string) error {
	_, err := d.Write.NewRaw(`DELETE FROM lease WHERE holder = ?`, holder).Exec(ctx)
	return err
}

// Setting gives a remembered value, storing first when there is none yet, and
// reports what is stored. Two nodes starting together agree on one. It writes
// only then: a backup must not wait for a busy server's writer.
func (d *DB) Setting(ctx context.Context, name, first string) (string, error) {
	value, err := setting(ctx, d.Read, name)
	if !errors.Is(err, sql.ErrNoRows) {
		return value, err
	}
	if _, err := d.Write.NewRaw(`INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`,
		name, first).Exec(ctx); err != nil {
		return "", err
	}
	return setting(ctx, d.Write, name)
}

func setting(ctx context.Context, idb bun.IDB, name string) (value string, err error) {
	err = idb.NewRaw(`SELECT value FROM setting WHERE name = ?`, name).Scan(ctx, &value)
	return value, err
}
