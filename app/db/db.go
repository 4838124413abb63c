// Package db opens the database and holds what every area needs of one:
// transactions, migrations, group commit, stored answers of acts and leases.
//
// Two engines serve the same SQL. SQLite is the default: one writing
// connection, whose transactions take the write lock at once, and a pool of
// readers that cannot write. PostgreSQL serves several nodes.
//
// Tables: setting, lease, idempotency.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// Engine is the database program behind a DB.
type Engine string

// The engines.
const (
	SQLite   Engine = "SQLite"
	Postgres Engine = "PostgreSQL"
)

const (
	// busyWait is how long SQLite waits for another process's lock. A context
	// does not interrupt that wait, so it is short.
	busyWait = 2 * time.Second
	// writerCache, in KiB, keeps the pages of busy indexes in memory; it is only
	// used as far as pages are touched.
	writerCache = 64 << 10
	// checkpointPages is after how many pages the log is written back: often
	// enough for a small log, seldom enough not to stop a burst every few commits.
	checkpointPages = 4000
	// connectTime is how long, in seconds, a new connection may take. One waits in
	// the background for all that ask, outside of anybody's own time: a server
	// that takes a connection and says nothing would hold up the whole pool.
	connectTime = "2"
	// idleTime is how long PostgreSQL keeps the locks of a transaction in which
	// nobody says anything more: a node that fell off the network, or this one on a
	// connection that went silent, must not hold up everybody for hours.
	idleTime = "5s"
	// maxPostgresConns keeps one node from using up the server's connections.
	maxPostgresConns = 16
)

// DB is an open database. Write holds the connections that may change things;
// Read must be used for everything that does not.
type DB struct {
	Write  *bun.DB
	Read   *bun.DB
	Engine Engine
}

// Open connects to address: "postgres://…", or the path of a SQLite file,
// which is made when it is not there.
func Open(ctx context.Context, address string) (*DB, error) {
	d, err := open(address)
	if err != nil {
		return nil, err
	}
	for _, pool := range []*bun.DB{d.Write, d.Read} {
		if err := pool.PingContext(ctx); err != nil {
			d.Close()
			return nil, fmt.Errorf("opening the database: %w", err)
		}
	}
	return d, nil
}

func open(address string) (*DB, error) {
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(address)
	}
	return openSQLite(address)
}

func openPostgres(address string) (*DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("the address of the database is not a URL: %w", err)
	}
	q := u.Query()
	// bun puts the values into the text itself, so preparing would only cost a
	// round trip.
	q.Set("default_query_exec_mode", "exec")
	q.Set("timezone", "UTC")
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", connectTime)
	}
	u.RawQuery = q.Encode()
	config, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET idle_in_transaction_session_timeout = '"+idleTime+"'")
		return err
	}))
	pool.SetMaxOpenConns(maxPostgresConns)
	pool.SetMaxIdleConns(maxPostgresConns / 2)
	pool.SetConnMaxIdleTime(time.Minute)
	b := bun.NewDB(pool, pgdialect.New())
	return &DB{Write: b, Read: b, Engine: Postgres}, nil
}

func openSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyWait.Milliseconds()),
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)",
	}}
	address := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	writer, err := sql.Open("sqlite", fmt.Sprintf("%s&_txlock=immediate&_pragma=cache_size(-%d)&_pragma=wal_autocheckpoint(%d)",
		address, writerCache, checkpointPages))
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	// The file must be in WAL mode before the first reader opens it.
	if err := writer.Ping(); err != nil {
		return nil, fmt.Errorf("opening %s: %w", filepath.Base(path), err)
	}
	reader, err := sql.Open("sqlite", address+"&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	reader.SetMaxOpenConns(max(4, 2*runtime.NumCPU()))
	reader.SetMaxIdleConns(4)
	return &DB{
		Write:  bun.NewDB(writer, sqlitedialect.New()),
		Read:   bun.NewDB(reader, sqlitedialect.New()),
		Engine: SQLite,
	}, nil
}

// Close closes every connection.
func (d *DB) Close() error {
	err := d.Write.Close()
	if d.Read != d.Write {
		if e := d.Read.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Tx runs fn in one transaction and commits when it returns nil.
func (d *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	return d.Write.RunInTx(ctx, nil, fn)
}

// NewID makes a new id: a UUID of version 7 (RFC 9562), so ids sort by time.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
