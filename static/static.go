// Package static holds what browsers load beside a page: stylesheets, our own small ES
// modules and the icon. They are served under one hash of the whole folder, so files may
// name each other relatively and caches may keep them for ever. It owns no tables.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
)

// FS holds css/…, js/…, the icons and, where it was fetched before building, the
// decoder of QR codes (see decoder/fetch.sh), which is not ours.
//
//go:embed css js icon.svg icon-192.png icon-512.png decoder/*.js*
var FS embed.FS

// Hash names the folder's content, for the address under which it is served.
// Callers compute it once at start.
func Hash() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(FS, path)
		if err != nil {
			return err
		}
		// The length keeps two files from passing for one with the same bytes.
		fmt.Fprintf(sum, "%s %d\n", path, len(content))
		sum.Write(content)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("hash of the static folder: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// Decoder tells whether the decoder of QR codes was built in.
func Decoder() bool {
	_, err := fs.Stat(FS, "decoder/decode.js")
	return err == nil
}
