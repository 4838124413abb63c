package db

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Tables lists every table, parents before their children, so that rows can be
// put back in this order. Leases are not kept: they belong to running nodes. Nor
// is the index of the search, which is made anew from the rest.
var Tables = []string{
	"setting", "idempotency", "audit", "mail", "person", "sign_in_link", "login", "role",
	"series", "edition", "thanks", "notice", "file", "file_text", "upload", "place", "registration_setup", "hold", "tally", "draft", "list_import", "registration", "listing", "message",
	"room", "track", "session", "speaker", "session_speaker", "release", "slot", "workshop", "sign_up", "edit", "delay", "favourite", "imported", "import_file",
	"material", "material_version", "withdrawn", "download", "spared", "speaking", "speaking_rules", "speaking_change", "call", "proposal", "review", "live_default", "live_room", "question", "vote", "answer", "live_edit", "live_block", "live_message", "live_link", "answer_wish", "poll", "poll_ballot", "poll_tally", "check_in", "door_setup", "door_device", "door_scan", "presence", "door_note", "certificate", "certificate_rules", "certificate_word", "certificate_presence",
	"printout", "badge_design", "badge_setup", "badge_print",
}

// loadSet is how many rows are put back with one statement.
const loadSet = 200

// maxLine bounds a row of a dump; the longest hold a session's texts.
const maxLine = 16 << 20

// Snapshot runs fn in one read transaction, so that everything it reads is of
// the same moment, while others go on writing.
func (d *DB) Snapshot(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if d.Engine == Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	return d.Read.RunInTx(ctx, options, func(ctx context.Context, tx bun.Tx) error {
		if d.Engine == Postgres {
			// It holds up nobody, and what it reads may go to a slow disk.
			if _, err := tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
				return err
			}
		}
		return fn(ctx, tx)
	})
}

// column is a column of a dump with its kind: text, number, bool or time.
type column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// kindOf maps what the engines call a type to what a dump calls it.
func kindOf(t string) string {
	switch t = strings.ToUpper(t); {
	case strings.HasPrefix(t, "TIMESTAMP"):
		return "time"
	case t == "BOOLEAN" || t == "BOOL":
		return "bool"
	case t == "BIGINT" || t == "INT8" || t == "INTEGER":
		return "number"
	}
	return "text"
}

// Dump writes a table as lines of JSON: first its columns, then a line per row.
// Both engines write the same.
func Dump(ctx context.Context, tx bun.IDB, table string, w io.Writer) error {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	columns := make([]column, len(types))
	for i, t := range types {
		columns[i] = column{Name: t.Name(), Kind: kindOf(t.DatabaseTypeName())}
	}
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err := out.Encode(columns); err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		line := make([]any, len(values))
		for i, v := range values {
			if line[i], err = plainValue(columns[i].Kind, v); err != nil {
				return fmt.Errorf("%s.%s: %w", table, columns[i].Name, err)
			}
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return rows.Err()
}

// sqliteTime is how bun writes a time on SQLite.
const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

func plainValue(kind string, v any) (any, error) {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	switch x := v.(type) {
	case nil:
		return nil, nil
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano), nil
	case string:
		if kind != "time" {
			return x, nil
		}
		t, err := time.Parse(sqliteTime, x)
		return t.UTC().Format(time.RFC3339Nano), err
	case int64:
		if kind == "bool" {
			return x != 0, nil
		}
		return x, nil
	case bool:
		return x, nil
	}
	return nil, fmt.Errorf("a value of type %T", v)
}

// Load puts the rows of a dump into an empty table. Columns the table no longer
// has are refused rather than lost.
func Load(ctx context.Context, tx bun.IDB, table string, r io.Reader) error {
	if !slices.Contains(Tables, table) {
		return fmt.Errorf("the backup holds a table %q that this version does not know", table)
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return fmt.Errorf("the backup's table %q: %w", table, err)
		}
		return fmt.Errorf("the backup's table %q is empty of even its columns", table)
	}
	var columns []column
	if err := json.Unmarshal(lines.Bytes(), &columns); err != nil {
		return fmt.Errorf("the backup's table %q: %w", table, err)
	}
	var set [][]any
	for lines.Scan() {
		row, err := readRow(columns, lines.Bytes())
		if err != nil {
			return fmt.Errorf("the backup's table %q: %w", table, err)
		}
		if set = append(set, row); len(set) == loadSet {
			if err := insertRows(ctx, tx, table, columns, set); err != nil {
				return err
			}
			set = set[:0]
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return insertRows(ctx, tx, table, columns, set)
}

func readRow(columns []column, line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != len(columns) {
		return nil, fmt.Errorf("a row of %d values for %d columns", len(raw), len(columns))
	}
	row := make([]any, len(raw))
	for i, value := range raw {
		var into any
		switch columns[i].Kind {
		case "time":
			into = new(*time.Time)
		case "bool":
			into = new(*bool)
		case "number":
			into = new(*int64)
		default:
			into = new(*string)
		}
		if err := json.Unmarshal(value, into); err != nil {
			return nil, fmt.Errorf("%s: %w", columns[i].Name, err)
		}
		row[i] = into
	}
	return row, nil
}

func insertRows(ctx context.Context, tx bun.IDB, table string, columns []column, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("INSERT INTO ? (")
	args := []any{bun.Ident(table)}
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("?")
		args = append(args, bun.Ident(c.Name))
	}
	b.WriteString(") VALUES ")
	for n, row := range rows {
		if n > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(?" + strings.Repeat(", ?", len(row)-1) + ")")
		for _, v := range row {
			args = append(args, pointed(v))
		}
	}
	_, err := tx.NewRaw(b.String(), args...).Exec(ctx)
	return err
}

// pointed takes the value out of what readRow made; nil is NULL.
func pointed(v any) any {
	switch p := v.(type) {
	case **time.Time:
		if *p != nil {
			return (*p).UTC()
		}
	case **bool:
		if *p != nil {
			return **p
		}
	case **int64:
		if *p != nil {
			return **p
		}
	case **string:
		if *p != nil {
			return **p
		}
	}
	return nil
}
