package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agora/app"
	"agora/app/account"
	"agora/app/db/dbtest"
	"agora/app/registration"
	"agora/app/text"
)

// longest is how long a test waits for what has to come.
const longest = 20 * time.Second

// running is a node on a port of its own.
type running struct {
	*app.App
	base string
	stop context.CancelFunc
	done chan error
}

func start(t *testing.T, cfg app.Config) *running {
	t.Helper()
	cfg.Addr, cfg.BaseURL = "127.0.0.1:0", "http://agora.test"
	a, err := app.New(t.Context(), cfg, stillNow, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	address, err := a.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{App: a, base: "http://" + address, stop: stop, done: make(chan error, 1)}
	go func() { r.done <- r.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	if status, _ := r.get(t, "/readyz"); status != http.StatusOK {
		t.Fatalf("not ready: %d", status)
	}
	return r
}

func (r *running) get(t *testing.T, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Timeout: longest, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestStartAndStop: a node serves, lets a request under way finish while it
// says that it is no longer ready, and then lets go of its port and files.
func TestStartAndStop(t *testing.T) {
	folder := t.TempDir()
	r := start(t, app.Config{Data: folder})
	if status, body := r.get(t, "/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("healthz: %d %q", status, body)
	}
	// A request whose body has not come yet keeps the server from closing.
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: agora.test\r\n"); err != nil {
		t.Fatal(err)
	}
	r.stop()
	if _, err := io.WriteString(conn, "\r\n"); err != nil {
		t.Error(err)
	}
	select {
	case err := <-r.done:
		if err != nil {
			t.Error("stopping: ", err)
		}
	case <-time.After(longest):
		t.Fatal("it does not stop")
	}
	if status, _ := r.get(t, "/healthz"); status != 0 {
		t.Errorf("it still answers with %d", status)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error("closing twice: ", err)
	}
	if err := r.DB.Read.PingContext(t.Context()); err == nil {
		t.Error("the database is still open")
	}
	// The same folder starts again as the same site.
	again := start(t, app.Config{Data: folder})
	if status, _ := again.get(t, "/"); status != http.StatusOK {
		t.Errorf("again: %d", status)
	}
}

// TestReadiness: with its database gone a node is alive and not ready.
func TestReadiness(t *testing.T) {
	r := start(t, app.Config{Data: t.TempDir()})
	if err := r.DB.Close(); err != nil {
		t.Fatal(err)
	}
	if status, body := r.get(t, "/readyz"); status != http.StatusServiceUnavailable || body != "the database does not answer\n" {
		t.Errorf("readyz: %d %q", status, body)
	}
	if status, _ := r.get(t, "/healthz"); status != http.StatusOK {
		t.Errorf("healthz: %d", status)
	}
}

// TestSecretIsKept: made once, the same at every start, and never another one.
func TestSecretIsKept(t *testing.T) {
	for name, source := range engines {
		t.Run(name, func(t *testing.T) {
			folder, address := t.TempDir(), source(t)
			quiet := slog.New(slog.DiscardHandler)
			open := func(cfg app.Config) error {
				cfg.DatabaseURL, cfg.BaseURL = address, "http://agora.test"
				a, err := app.New(t.Context(), cfg, stillNow, quiet)
				if err != nil {
					return err
				}
				return a.Close()
			}
			if err := open(app.Config{Data: folder}); err != nil {
				t.Fatal(err)
			}
			first, err := os.ReadFile(filepath.Join(folder, "secret"))
			if err != nil || len(strings.TrimSpace(string(first))) < 32 {
				t.Fatalf("the secret is %d bytes, %v", len(first), err)
			}
			if err := open(app.Config{Data: folder}); err != nil {
				t.Errorf("again: %v", err)
			}
			if err := open(app.Config{Data: folder, Secret: strings.TrimSpace(string(first))}); err != nil {
				t.Errorf("the same by configuration: %v", err)
			}
			err = open(app.Config{Data: folder, Secret: strings.Repeat("x", 40)})
			if err == nil || !strings.HasPrefix(err.Error(), "AGORA_SECRET is not the one this database was started with; ") {
				t.Errorf("another one: %v", err)
			}
			if err := open(app.Config{Data: folder, Secret: "short"}); err == nil || !strings.HasPrefix(err.Error(), "AGORA_SECRET is too short") {
				t.Errorf("a short one: %v", err)
			}
			if last, err := os.ReadFile(filepath.Join(folder, "secret")); err != nil || string(last) != string(first) {
				t.Errorf("the file has changed, %v", err)
			}
		})
	}
}

// TestTwoNodes share a database: a ticket and a login of one open on the other,
// a place is given once, and one of them does each job.
func TestTwoNodes(t *testing.T) {
	address := dbtest.PostgresURL(t)
	secret := strings.Repeat("shared ", 6)
	a := start(t, app.Config{Data: t.TempDir(), DatabaseURL: address, Secret: secret})
	b := start(t, app.Config{Data: t.TempDir(), DatabaseURL: address, Secret: secret})
	if _, err := app.New(t.Context(), app.Config{Data: t.TempDir(), DatabaseURL: address}, stillNow, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a third node with a secret of its own starts")
	}
	places, e := smallDay(t, a.DB)
	one := int64(1)
	if err := places.Resize(t.Context(), e, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: &one}}); err != nil {
		t.Fatal(err)
	}
	var made [2]atomic.Int64 // confirmed and waiting
	answers := make(chan error, 20)
	for i := range 20 {
		node := []*running{a, b}[i%2]
		go func() { answers <- claim(t, node, i, &made) }()
	}
	for range 20 {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if made[0].Load() != 1 || made[1].Load() != 19 {
		t.Errorf("%d confirmed and %d waiting of one place and twenty people", made[0].Load(), made[1].Load())
	}
	token, _, err := a.Accounts.MakeLink(t.Context(), account.Invite{Email: "a@agora.test", Language: text.Finnish})
	if err != nil {
		t.Fatal(err)
	}
	login, err := b.Accounts.Redeem(t.Context(), token, "tests")
	if err != nil {
		t.Fatal(err)
	}
	if who, _, err := a.Accounts.Who(t.Context(), login.Token); err != nil || who.Email != "a@agora.test" {
		t.Errorf("the other node knows %q, %v", who.Email, err)
	}
	if _, err := a.Accounts.Redeem(t.Context(), token, "tests"); err == nil {
		t.Error("a link works once on each node")
	}
}

// claim registers through a node's API.
func claim(t *testing.T, node *running, i int, made *[2]atomic.Int64) error {
	body := `{"name":"Nimi","email":"n` + string(rune('a'+i)) + `@agora.test","place":"onsite"}`
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, node.base+"/api/v1/editions/paiva/2027/registrations", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", string(rune('a'+i)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	switch {
	case res.StatusCode != http.StatusCreated:
		return errors.New(res.Status + ": " + string(b))
	case strings.Contains(string(b), `"state":"confirmed"`):
		made[0].Add(1)
	default:
		made[1].Add(1)
	}
	return nil
}
