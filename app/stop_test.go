package app

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A lost secret is asked for, not replaced.
func TestLostSecretIsNotReplaced(t *testing.T) {
	cfg := Config{Data: t.TempDir(), BaseURL: "https://agora.example"}
	a, err := New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_ = a.Close()
	path := filepath.Join(cfg.Data, "secret")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "secret") {
		t.Errorf("started with another secret: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("another secret lies where the lost one belongs")
	}
}

// A site that stops well says nothing, however often it is closed.
func TestStopIsQuiet(t *testing.T) {
	var log bytes.Buffer
	a, err := New(t.Context(), Config{Data: t.TempDir(), Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1"}, time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	a.stopHub()
	if _, err := a.Listen(); err != nil {
		t.Fatal(err)
	}
	addr := a.listener.Addr().String()
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	if log.Len() > 0 {
		t.Error(log.String())
	}
	a.Config.Addr = addr
	if _, err := a.Listen(); err != nil {
		t.Error("the address is still taken: ", err)
	}
	_ = a.Close()
}
