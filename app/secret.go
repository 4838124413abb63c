package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"agora/app/db"
)

// minSecret is the shortest secret taken, in characters.
const minSecret = 32

// errOtherSecret stops a node whose tickets and passes the others would refuse.
var errOtherSecret = errors.New("AGORA_SECRET is not the one this database was started with; " +
	"give every node the same secret, or restore the file \"secret\" of the data folder")

// ownSecret gives the secret that signs tickets and passes: the configured one,
// or the one kept in the data folder, made at the first start. The database
// remembers a fingerprint, so that two nodes never work with different ones.
func ownSecret(ctx context.Context, d *db.DB, configured, data string) ([]byte, error) {
	secret, path, made := strings.TrimSpace(configured), filepath.Join(data, "secret"), false
	if secret == "" {
		var err error
		if secret, made, err = keptSecret(path); err != nil {
			return nil, err
		}
	}
	if len(secret) < minSecret {
		return nil, fmt.Errorf("AGORA_SECRET is too short: use at least %d characters, such as the output of \"openssl rand -hex 32\"", minSecret)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("fingerprint"))
	fingerprint := hex.EncodeToString(mac.Sum(nil)[:8])
	known, err := d.Setting(ctx, "secret_fingerprint", fingerprint)
	if err != nil {
		return nil, err
	}
	if known != fingerprint {
		if made {
			// A new one would only stand in the way of the lost one.
			return nil, errors.Join(errOtherSecret, os.Remove(path))
		}
		return nil, errOtherSecret
	}
	return []byte(secret), nil
}

// keptSecret reads the secret of the data folder, or makes it.
func keptSecret(path string) (secret string, made bool, err error) {
	b, err := os.ReadFile(path) // #nosec G304 -- the data folder is the operator's own
	if err == nil {
		return strings.TrimSpace(string(b)), false, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", false, err
	}
	raw := make([]byte, minSecret)
	if _, err := rand.Read(raw); err != nil {
		return "", false, err
	}
	secret = hex.EncodeToString(raw)
	return secret, true, os.WriteFile(path, []byte(secret+"\n"), 0o600)
}
