package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// pgPassing are PostgreSQL's classes and codes of errors that pass by
// themselves (appendix A of its manual): connections (08), rolled back by a
// deadlock (40), too few resources (53), being shut down or started (57P01 to 57P03).
var pgPassing = []string{"08", "40", "53", "57P01", "57P02", "57P03"}

// sqlitePassing are SQLite's primary result codes of the same kind: locked by
// another process, no space, a disk that does not answer.
var sqlitePassing = map[int]bool{sqlite3.SQLITE_BUSY: true, sqlite3.SQLITE_FULL: true, sqlite3.SQLITE_IOERR: true, sqlite3.SQLITE_NOMEM: true}

// primaryCode cuts SQLite's extended result codes down to the primary one.
const primaryCode = 0xff

// Unavailable reports whether an error says that the database cannot serve at
// this moment, rather than that something is wrong with what it was asked.
func Unavailable(err error) bool {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var lite *sqlite.Error
	var network *net.OpError
	switch {
	case errors.As(err, &pg):
		for _, prefix := range pgPassing {
			if strings.HasPrefix(pg.Code, prefix) {
				return true
			}
		}
		return false
	case errors.As(err, &lite):
		return sqlitePassing[lite.Code()&primaryCode]
	case errors.As(err, &connect), errors.As(err, &network):
		return true
	}
	// A server that ends in the middle of its answer leaves an unexpected end.
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) || err != nil && pgconn.SafeToRetry(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, sql.ErrTxDone)
}
