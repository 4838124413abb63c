package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/app"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/registration"
	"agora/app/text"
)

const (
	crashes      = 50
	crashClients = 32
	crashSeats   = 300
	// crashLimit bounds the whole test; a client that is never answered fails it.
	crashLimit = 4 * time.Minute
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// The server is killed without warning again and again while people register,
// each repeating a call with its key until it is answered. Whatever was
// acknowledged must be there afterwards, once, with its letter.
func TestKilledServerLosesAndDoublesNothing(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "agora")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("SQLite", func(t *testing.T) { crash(t, binary, "") })
	t.Run("PostgreSQL", func(t *testing.T) { crash(t, binary, dbtest.PostgresURL(t)) })
}

// fragile is a server that is killed and started again.
type fragile struct {
	t       *testing.T
	binary  string
	env     []string
	base    string
	acked   atomic.Int64
	killed  int
	slowest time.Duration
}

func crash(t *testing.T, binary, databaseURL string) {
	data := t.TempDir()
	port := freePort(t)
	f := &fragile{t: t, binary: binary, base: "http://127.0.0.1:" + port, env: append(os.Environ(),
		"AGORA_DATA="+data, "AGORA_ADDR=127.0.0.1:"+port, "AGORA_DATABASE_URL="+databaseURL)}
	prepare(t, app.Config{Data: data, DatabaseURL: databaseURL, BaseURL: f.base})
	ctx, cancel := context.WithTimeout(t.Context(), crashLimit)
	defer cancel()

	enough := make(chan struct{})
	tickets := make([]map[string]string, crashClients)
	var clients sync.WaitGroup
	for i := range tickets {
		tickets[i] = map[string]string{}
		clients.Go(func() { f.client(ctx, i, tickets[i], enough) })
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range crashes {
		f.untilKilled(ctx, int64(5+rng.IntN(60)))
	}
	server := f.start(ctx)
	close(enough)
	clients.Wait()
	if err := server.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = server.Wait()
	t.Logf("%d acknowledged over %d kills, slowest restart to ready %v", f.acked.Load(), f.killed, f.slowest)
	if f.killed != crashes {
		t.Fatalf("killed %d times, want %d", f.killed, crashes)
	}
	address := databaseURL
	if address == "" {
		address = filepath.Join(data, "agora.db")
	}
	d := dbtest.Open(t, address)
	for _, fault := range judge(t, d, tickets) {
		t.Error(fault)
	}
	// The control: a registration that vanishes after it was acknowledged is seen.
	if _, err := d.Write.NewRaw("DELETE FROM registration WHERE email = ?", "c0-0@example.org").Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(judge(t, d, tickets)) == 0 {
		t.Error("a lost registration goes unnoticed")
	}
}

func prepare(t *testing.T, cfg app.Config) {
	t.Helper()
	a, err := app.New(t.Context(), cfg, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	series, err := a.Editions.NewSeries(t.Context(), "", edition.SeriesInput{Slug: "crash", Title: text.One(text.English, "Crash")})
	if err != nil {
		t.Fatal(err)
	}
	seats, now := int64(crashSeats), time.Now()
	_, err = a.Registrations.NewEdition(t.Context(), "", series, edition.Input{
		Slug: "1", Title: text.One(text.English, "Crash 1"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.English},
		StartsAt: now.AddDate(0, 1, 0), EndsAt: now.AddDate(0, 1, 1), OpensAt: now.Add(-time.Hour), ClosesAt: now.AddDate(0, 0, 20),
	}, map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the server until it is ready.
func (f *fragile) start(ctx context.Context) *exec.Cmd {
	f.t.Helper()
	began := time.Now()
	cmd := exec.CommandContext(ctx, f.binary, "serve")
	cmd.Env = f.env
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		f.t.Fatal(err)
	}
	for {
		res, err := http.Get(f.base + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				f.slowest = max(f.slowest, time.Since(began))
				return cmd
			}
		}
		if ctx.Err() != nil {
			f.t.Fatalf("not ready in time:\n%s", log.String())
		}
	}
}

// untilKilled lets the server acknowledge some calls and kills it amid the next.
func (f *fragile) untilKilled(ctx context.Context, more int64) {
	f.t.Helper()
	server := f.start(ctx)
	for until := f.acked.Load() + more; f.acked.Load() < until; {
		select {
		case <-ctx.Done():
			f.t.Fatal("nobody is answered any more")
		case <-time.After(time.Millisecond):
		}
	}
	if err := server.Process.Kill(); err != nil {
		f.t.Fatal(err)
	}
	_ = server.Wait()
	f.killed++
}

// client registers one person after the other, each until it is answered.
func (f *fragile) client(ctx context.Context, who int, tickets map[string]string, enough <-chan struct{}) {
	client := &http.Client{Timeout: 5 * time.Second}
	for n := 0; ; n++ {
		select {
		case <-enough:
			return
		default:
		}
		email := fmt.Sprintf("c%d-%d@example.org", who, n)
		code, ok := f.register(ctx, client, email)
		if !ok {
			return
		}
		tickets[email] = code
		f.acked.Add(1)
	}
}

func (f *fragile) register(ctx context.Context, client *http.Client, email string) (code string, ok bool) {
	body, err := json.Marshal(map[string]string{"name": "Somebody", "email": email, "place": "onsite"})
	if err != nil {
		f.t.Error(err)
		return "", false
	}
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.base+"/api/v1/editions/crash/1/registrations", bytes.NewReader(body))
		if err != nil {
			f.t.Error(err)
			return "", false
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", "key of "+email)
		res, err := client.Do(req)
		if err != nil {
			continue // killed: the same again
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode == http.StatusServiceUnavailable {
			continue
		}
		if res.StatusCode != http.StatusCreated {
			f.t.Errorf("%s: %d %s", email, res.StatusCode, answer)
			return "", false
		}
		var said struct{ Code string }
		if err := json.Unmarshal(answer, &said); err != nil {
			continue // cut off in the middle
		}
		return said.Code, true
	}
	f.t.Errorf("%s was never answered", email)
	return "", false
}

// judge compares what was acknowledged with what is stored, and tells every fault.
func judge(t *testing.T, d *db.DB, tickets []map[string]string) (faults []string) {
	t.Helper()
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	var stored []registration.Registration
	if err := d.Read.NewSelect().Model(&stored).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	codes, lines := map[string]string{}, map[int64]int{}
	var confirmed, waiting int64
	for _, r := range stored {
		if codes[r.Email] != "" {
			fault("%s is registered twice", r.Email)
		}
		codes[r.Email] = r.Code
		if r.State == registration.Confirmed {
			confirmed++
			continue
		}
		waiting++
		lines[r.Line]++
	}
	for _, mine := range tickets {
		for email, code := range mine {
			if codes[email] != code {
				fault("%s was told %s and is stored as %q", email, code, codes[email])
			}
		}
	}
	for n := int64(1); n <= waiting; n++ {
		if lines[n] != 1 {
			fault("number %d of the waiting list stands %d times", n, lines[n])
		}
	}
	var p registration.Place
	if err := d.Read.NewSelect().Model(&p).Where("kind = ?", registration.Onsite).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	var letters int64
	if err := d.Read.NewRaw("SELECT count(*) FROM mail").Scan(t.Context(), &letters); err != nil {
		t.Fatal(err)
	}
	if confirmed != min(crashSeats, int64(len(stored))) || p.Taken != confirmed || p.Waiting != waiting || letters != int64(len(stored)) {
		fault("%d confirmed and %d waiting; counters say %d and %d; %d letters for %d people",
			confirmed, waiting, p.Taken, p.Waiting, letters, len(stored))
	}
	return faults
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
