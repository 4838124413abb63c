package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"agora/app"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/file/content"
	"agora/app/registration"
	"agora/app/text"
)

// builder makes the program once for all tests that start it.
type builder struct {
	once   sync.Once
	folder string
	err    error
}

var built builder

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == readTextCommand {
		os.Exit(content.Child(os.Args[2:], os.Stdin, os.Stdout))
	}
	if os.Getenv(bareEnv) != "" {
		writeBare()
		return
	}
	code := dbtest.Run(m)
	if built.folder != "" {
		os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// program gives the path of the real binary.
func program(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		if built.folder, built.err = os.MkdirTemp("", "agora-binary-"); built.err != nil {
			return
		}
		cmd := exec.CommandContext(context.Background(), "go", "build", "-o", filepath.Join(built.folder, "agora"), ".")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Logf("%s", out)
			built.err = err
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.folder, "agora")
}

const (
	siteSeats   = 300
	siteSeries  = "/crash"
	siteEdition = siteSeries + "/1"
	// answerTime is how long a client waits for one answer; none may take that long.
	answerTime = 10 * time.Second
)

// site is an installation with one edition, served by the real binary.
type site struct {
	t        testing.TB
	base     string
	data     string
	database string
	env      []string
	cmd      *exec.Cmd
	log      *heard
	ready    []time.Duration
	wrap     func(*exec.Cmd)  // starts the server in another way
	ended    func(end func()) // saves what would go with it
}

// newSite makes the installation, on SQLite when database is empty. change may
// alter what is prepared.
func newSite(t testing.TB, database string, seats int64, change func(*edition.Input)) *site {
	t.Helper()
	port := freePort(t)
	s := &site{t: t, data: t.TempDir(), database: database, base: "http://127.0.0.1:" + port}
	s.env = append(os.Environ(), "AGORA_DATA="+s.data, "AGORA_ADDR=127.0.0.1:"+port, "AGORA_DATABASE_URL="+database)
	prepare(t, app.Config{Data: s.data, DatabaseURL: database, BaseURL: s.base}, seats, change)
	return s
}

func prepare(t testing.TB, cfg app.Config, seats int64, change func(*edition.Input)) {
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
	now := time.Now()
	in := edition.Input{
		Slug: "1", Title: text.One(text.English, "Crash 1"), Zone: "Europe/Helsinki", Languages: edition.Languages{text.English},
		StartsAt: now.AddDate(0, 1, 0), EndsAt: now.AddDate(0, 1, 1), OpensAt: now.Add(-time.Hour), ClosesAt: now.AddDate(0, 0, 20),
	}
	if change != nil {
		change(&in)
	}
	_, err = a.Registrations.NewEdition(t.Context(), "", series, in, map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
	if err != nil {
		t.Fatal(err)
	}
}

// address is what a test opens to look into the site's database.
func (s *site) address() string {
	if s.database != "" {
		return s.database
	}
	return filepath.Join(s.data, "agora.db")
}

// start runs the server until it is ready, and notes how long that took.
func (s *site) start(ctx context.Context) {
	s.t.Helper()
	cmd := exec.CommandContext(ctx, program(s.t), "serve")
	cmd.Env = s.env
	if s.wrap != nil {
		s.wrap(cmd)
	}
	began := time.Now()
	s.log = &heard{grew: make(chan struct{}, 1)}
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.cmd = cmd
	s.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	s.until(ctx, "ready", func() bool {
		res, err := http.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	s.ready = append(s.ready, time.Since(began))
}

func (s *site) kill() {
	s.t.Helper()
	end := func() {
		if err := s.cmd.Process.Kill(); err != nil {
			s.t.Fatal(err)
		}
		_ = s.cmd.Wait()
	}
	if s.ended == nil {
		end()
		return
	}
	s.ended(end)
}

// until asks again and again, for as long as patience lasts.
func (s *site) until(ctx context.Context, what string, so func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !so() {
		if !pause(ctx, time.Millisecond) {
			log := s.log.String()
			s.t.Fatalf("not %s in time; its log ends with\n%s", what, log[max(0, len(log)-2000):])
		}
	}
}

// pause lets others go on; it reports whether there is still time.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// browser keeps its connections.
func browser(most int) *http.Client {
	return &http.Client{Timeout: answerTime, Transport: &http.Transport{MaxIdleConnsPerHost: most, MaxConnsPerHost: most},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is what a request came to.
type answer struct {
	What   string
	Status int
	Header http.Header
	Body   []byte
	At     time.Time
	Took   time.Duration
	Err    error
}

// registered is what the API says of a registration.
type registered struct {
	Code, State string
	Position    int64
	TicketURL   string `json:"ticket_url"`
}

func (s *site) ask(client *http.Client, what string, req *http.Request) answer {
	a := answer{What: what, At: time.Now()}
	req.Header.Set("Accept-Language", "en")
	res, err := client.Do(req)
	if err != nil {
		a.Err, a.Took = err, time.Since(a.At)
		return a
	}
	defer res.Body.Close()
	a.Status, a.Header = res.StatusCode, res.Header
	a.Body, a.Err = io.ReadAll(res.Body)
	a.Took = time.Since(a.At)
	return a
}

func (s *site) get(ctx context.Context, client *http.Client, path string) answer {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return answer{What: path, Err: err}
	}
	return s.ask(client, path, req)
}

// press asks for a seat once; the address is the key of the act.
func (s *site) press(ctx context.Context, client *http.Client, email string) (answer, registered) {
	body, err := json.Marshal(map[string]string{"name": "Somebody", "email": email, "place": "onsite"})
	if err != nil {
		return answer{Err: err}, registered{}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/editions"+siteEdition+"/registrations", bytes.NewReader(body))
	if err != nil {
		return answer{Err: err}, registered{}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", "key of "+email)
	a := s.ask(client, "registration", req)
	var said registered
	if a.Err == nil && a.Status == http.StatusCreated {
		a.Err = json.Unmarshal(a.Body, &said)
	}
	return a, said
}

// restOf is how long the server asks to wait.
func (a answer) restOf() time.Duration {
	n, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if err != nil || n < 1 {
		return 0
	}
	return time.Duration(n) * time.Second
}

func freePort(t testing.TB) string {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	return port
}
