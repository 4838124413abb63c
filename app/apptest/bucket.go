package apptest

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// Bucket gives the address of an empty bucket behind a socket of the loopback. Its
// secret is s3cr3t, a word that may stand in nothing that is said.
func Bucket(t testing.TB) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http://", "http://key:s3cr3t@", 1) + "/files"
}
