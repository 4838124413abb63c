package db

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// KeyLife is how long the answer to an act is kept for whoever repeats it.
const KeyLife = 48 * time.Hour

// Key names an act that may be repeated: where it was done, the caller's own
// key and a hash of what was asked.
type Key struct{ Scope, Key, BodyHash string }

// Zero reports whether no key was given.
func (k Key) Zero() bool { return k.Key == "" }

// HashBody hashes a decoded body, so that spacing and order of names in the
// JSON do not make another body of it.
func HashBody(body any) string {
	b, err := json.Marshal(body)
	if err != nil {
		panic("db: a body that cannot be written as JSON: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Stored is the answer kept for a key.
type Stored struct {
	bun.BaseModel `bun:"table:idempotency"`

	Scope     string
	Key       string
	BodyHash  string
	Answer    string
	CreatedAt time.Time
}

// Recall finds the stored answers of those keys that have one.
func Recall(ctx context.Context, idb bun.IDB, keys []Key) (map[Key]Stored, error) {
	byScope := map[string][]string{}
	for _, k := range keys {
		if !k.Zero() {
			byScope[k.Scope] = append(byScope[k.Scope], k.Key)
		}
	}
	found := map[Key]Stored{}
	for scope, names := range byScope {
		var rows []Stored
		err := idb.NewSelect().Model(&rows).
			Where("scope = ?", scope).Where("key IN (?)", bun.List(names)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[Key{Scope: r.Scope, Key: r.Key}] = r
		}
	}
	return found, nil
}

// Remember stores answers in the transaction of their acts.
func Remember(ctx context.Context, tx bun.IDB, rows []Stored) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// Did takes the key of an act that answers nothing, in the act's transaction. It
// reports whether the act was done before under the same key.
func Did(ctx context.Context, tx bun.IDB, k Key, at time.Time) (bool, error) {
	if k.Zero() {
		return false, nil
	}
	res, err := tx.NewInsert().Model(&Stored{Scope: k.Scope, Key: k.Key, BodyHash: k.BodyHash, Answer: "{}", CreatedAt: at}).
		On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 0, err
}

// Forget drops answers older than KeyLife.
func Forget(ctx context.Context, idb bun.IDB, now time.Time) error {
	_, err := idb.NewDelete().Model((*Stored)(nil)).Where("created_at < ?", now.Add(-KeyLife)).Exec(ctx)
	return err
}
