package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what has to come.
const patience = 30 * time.Second

// env makes an environment; a data folder of the test's own belongs to it.
func env(t *testing.T, pairs ...string) func(string) string {
	t.Helper()
	values := map[string]string{"AGORA_DATA": filepath.Join(t.TempDir(), "data"), "AGORA_ADDR": "127.0.0.1:0"}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return values[name] }
}

// agora runs a command and gives its exit code and what it said.
func agora(t *testing.T, getenv func(string) string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, getenv, &o, &e)
	return code, o.String(), e.String()
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestWrongConfiguration: one sentence that names the variable and the mend,
// exit code 1, and nothing made.
func TestWrongConfiguration(t *testing.T) {
	long := strings.Repeat("s", 40)
	for name, c := range map[string]struct {
		pairs []string
		says  string
	}{
		"address":         {[]string{"AGORA_ADDR", "8080"}, `AGORA_ADDR "8080" is no address to listen on; write host and port, such as 127.0.0.1:8080`},
		"base":            {[]string{"AGORA_BASE_URL", "day.example.fi"}, `AGORA_BASE_URL "day.example.fi" is no web address; write where people reach the site, such as https://day.example.fi`},
		"base with path":  {[]string{"AGORA_BASE_URL", "https://example.fi/agora"}, `AGORA_BASE_URL "https://example.fi/agora" is no web address; write where people reach the site, such as https://day.example.fi`},
		"base of files":   {[]string{"AGORA_BASE_URL", "ftp://example.fi"}, `AGORA_BASE_URL "ftp://example.fi" is no web address; write where people reach the site, such as https://day.example.fi`},
		"database":        {[]string{"AGORA_DATABASE_URL", "mysql://x"}, "AGORA_DATABASE_URL has to start with postgres://; leave it empty to use SQLite in the data folder"},
		"secret":          {[]string{"AGORA_SECRET", "short"}, `AGORA_SECRET is too short; use at least 32 characters, such as the output of "openssl rand -hex 32"`},
		"secret's file":   {[]string{"AGORA_SECRET_FILE", "/nowhere/secret"}, "AGORA_SECRET_FILE names a file that cannot be read (open /nowhere/secret: no such file or directory); check its path and rights"},
		"both":            {[]string{"AGORA_SECRET", long, "AGORA_SECRET_FILE", "/nowhere"}, "both AGORA_SECRET and AGORA_SECRET_FILE are set; keep one of them"},
		"short in a file": {[]string{"AGORA_SECRET_FILE", file(t, "short\n")}, `AGORA_SECRET is too short; use at least 32 characters, such as the output of "openssl rand -hex 32"`},
		"proxies":         {[]string{"AGORA_TRUSTED_PROXIES", "10.0.0.0/8, proxy"}, `AGORA_TRUSTED_PROXIES holds "proxy"; write addresses or ranges, such as 10.0.0.0/8`},
		"video hosts":     {[]string{"AGORA_VIDEO_HOSTS", "video.example.fi, https://x.fi"}, `AGORA_VIDEO_HOSTS holds "https://x.fi"; write the names of PeerTube servers, such as video.example.fi`},
		"fonts":           {[]string{"AGORA_FONTS", "/nowhere"}, `AGORA_FONTS "/nowhere" is no folder; name one with .ttf files, or leave it empty`},
		"mail":            {[]string{"AGORA_SMTP_URL", "mail.example.fi"}, ""},
		"mail's file":     {[]string{"AGORA_SMTP_URL_FILE", file(t, "gopher://x\n")}, ""},
		"nats":            {[]string{"AGORA_NATS_URL", "nats://a b:port"}, ""},
		"data":            {[]string{"AGORA_DATA", filepath.Join(file(t, ""), "below")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			getenv := env(t, c.pairs...)
			code, out, errs := agora(t, getenv, "migrate")
			said := strings.TrimSuffix(errs, "\n")
			if code != 1 || out != "" || c.says != "" && said != c.says {
				t.Errorf("exit code %d, %q\n%q", code, out, errs)
			}
			variable := strings.TrimSuffix(c.pairs[0], "_FILE")
			if c.says == "" && (!strings.Contains(said, variable) && name != "data" || strings.Contains(said, "\n") || said == "") {
				t.Errorf("it says %q, which does not name %s in one line", said, variable)
			}
			if strings.Contains(errs, long) {
				t.Error("it tells the secret")
			}
			if _, err := os.Stat(getenv("AGORA_DATA")); c.says != "" && err == nil {
				t.Error("a data folder was made")
			}
		})
	}
}

// TestFiles of secrets are read, without the line end that editors leave.
func TestFiles(t *testing.T) {
	secret := strings.Repeat("0123456789", 4)
	getenv := env(t, "AGORA_SECRET_FILE", file(t, secret+"\n"), "AGORA_BASE_URL_FILE", file(t, "https://day.example.fi/\n"))
	got, err := readEnvironment(getenv)
	if err != nil || got.Secret != secret || got.BaseURL != "https://day.example.fi" {
		t.Errorf("%q at %q, %v", got.Secret, got.BaseURL, err)
	}
	code, out, errs := agora(t, getenv, "sign-in", "--owner", "owner@example.org")
	if want := regexp.MustCompile(`^A link for owner@example\.org, to be used once within 30 minutes:\n  https://day\.example\.fi/sign-in/[A-Za-z0-9_-]{43}\n$`); code != 0 || !want.MatchString(out) {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(getenv("AGORA_DATA"), "secret")); err == nil {
		t.Error("a secret of its own was made beside the given one")
	}
}

// TestUsage: what cannot be understood shows how it is written, exit code 2.
func TestUsage(t *testing.T) {
	for line, want := range map[string]struct {
		code      int
		out, errs string
	}{
		"":                             {0, "  agora serve    [--demo]", ""},
		"help":                         {0, "  agora serve    [--demo]", ""},
		"--help":                       {0, "  agora serve    [--demo]", ""},
		"serv":                         {2, "", `There is no command "serv".`},
		"serve now":                    {2, "", "Usage: agora serve "},
		"serve --port 1":               {2, "", "Usage: agora serve "},
		"sign-in":                      {2, "", "Usage: agora sign-in "},
		"sign-in a@b.fi c@d.fi":        {2, "", "Usage: agora sign-in "},
		"import":                       {2, "", "Usage: agora import "},
		"export":                       {2, "", "Usage: agora export "},
		"export --edition cmadfi":      {2, "", "Usage: agora export "},
		"backup":                       {2, "", "Usage: agora backup "},
		"restore a b":                  {2, "", "Usage: agora restore "},
		"doctor all":                   {2, "", "Usage: agora doctor"},
		"migrate --down":               {2, "", "Usage: agora migrate"},
		"sign-in nobody":               {1, "", "\n  email: An address has one @ sign"},
		"export --edition none/2027":   {1, "", "There is no such edition. The address may have changed.\n"},
		"import /nowhere":              {1, "", "the file cannot be read: open /nowhere: no such file or directory\n"},
		"restore /nowhere":             {1, "", "this file is no backup of Agora, or it was cut off\n"},
		"backup /tmp/never/made/a.zip": {1, "", "there is no database in "},
	} {
		t.Run(line, func(t *testing.T) {
			code, out, errs := agora(t, env(t), strings.Fields(line)...)
			if code != want.code || !strings.Contains(out, want.out) || !strings.Contains(errs, want.errs) || (out == "") != (want.out == "") {
				t.Errorf("exit code %d\n%s\n%s", code, out, errs)
			}
		})
	}
}

const schedule = `<?xml version="1.0" encoding="UTF-8"?>
<schedule><conference><acronym>small2027</acronym><title>Small day</title><start>2027-01-25</start><end>2027-01-25</end><days>1</days><timeslot_duration>00:05</timeslot_duration><time_zone_name>Europe/Helsinki</time_zone_name></conference>
<day index="1" date="2027-01-25"><room name="Aula"><event id="1" guid="11111111-1111-4111-8111-111111111111"><date>2027-01-25T09:00:00+02:00</date><start>09:00</start><duration>00:30</duration><room>Aula</room><title>Opening</title><type>talk</type><language>en</language><persons><person id="1">A Speaker</person></persons></event></room></day></schedule>`

// TestImport reads a schedule and reports; what is none is told and makes nothing.
func TestImport(t *testing.T) {
	getenv := env(t)
	for name, content := range map[string]string{
		"empty": "", "a picture": "\x89PNG\r\n\x1a\n", "a page": "<!DOCTYPE html><html><body>Hello</body></html>", "half": schedule[:len(schedule)/2], "JSON of something": `{"a":1}`,
		"a bomb": `<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><schedule>&b;</schedule>`, "words": "Dear organiser,\nplease find our schedule below.",
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := agora(t, getenv, "import", file(t, content), "--edition", "small/2027")
			if code != 1 || out != "" || len(strings.TrimSpace(errs)) < 20 || strings.Contains(errs, "⟦") {
				t.Errorf("exit code %d\n%s\n%s", code, out, errs)
			}
			if code, _, errs := agora(t, getenv, "export", "--edition", "small/2027"); code != 1 || errs != "There is no such edition. The address may have changed.\n" {
				t.Errorf("an edition was made: exit code %d %s", code, errs)
			}
		})
	}
	path := file(t, schedule)
	code, out, errs := agora(t, getenv, "import", path, "--edition", "small/2027")
	if code != 0 || !strings.Contains(out, "1 sessions, 1 rooms, 0 tracks, 1 speakers.\n") || !strings.Contains(out, "Into small/2027: 1 added, 0 changed, 0 unchanged, 0 no longer in the file.\n") {
		t.Fatalf("exit code %d\n%s\n%s", code, out, errs)
	}
	if code, out, _ := agora(t, getenv, "import", path); code != 0 || !strings.Contains(out, "Into small/2027: 0 added, 0 changed, 1 unchanged, 0 no longer in the file.\n") {
		t.Errorf("again, by the file's own name: exit code %d\n%s", code, out)
	}
	for _, format := range []string{"xml", "json", "ics"} {
		code, out, errs := agora(t, getenv, "export", "--edition", "small/2027", "--format", format)
		if code != 0 || !strings.Contains(out, "Opening") {
			t.Errorf("%s: exit code %d %s", format, code, errs)
		}
	}
	if code, out, errs := agora(t, getenv, "export", "--edition", "small/2027", "--format", "pdf"); code != 1 || out != "" || errs != "the format is xml, json or ics\n" {
		t.Errorf("another format: exit code %d %s%s", code, out, errs)
	}
}

// TestBackupCommand: there and back again.
func TestBackupCommand(t *testing.T) {
	from, to := env(t), env(t)
	if code, _, errs := agora(t, from, "import", file(t, schedule)); code != 0 {
		t.Fatal(errs)
	}
	path := filepath.Join(t.TempDir(), "site.zip")
	if code, out, errs := agora(t, from, "backup", path); code != 0 || !strings.HasPrefix(out, "Backed up to "+path+" (") {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	if code, out, errs := agora(t, to, "restore", path); code != 0 || !strings.HasPrefix(out, "Restored into "+to("AGORA_DATA")) {
		t.Fatalf("exit code %d\n%s%s", code, out, errs)
	}
	_, want, _ := agora(t, from, "export", "--edition", "small/2027")
	if code, got, errs := agora(t, to, "export", "--edition", "small/2027"); code != 0 || got != want || got == "" {
		t.Errorf("exit code %d %s\n%s", code, errs, got)
	}
	if code, _, errs := agora(t, to, "restore", path); code != 1 || !strings.HasSuffix(errs, "already holds a site; restore into an empty one\n") {
		t.Errorf("over it: exit code %d %s", code, errs)
	}
}

// TestDoctor says what is well, and what to mend with exit code 1.
func TestDoctor(t *testing.T) {
	code, out, errs := agora(t, env(t), "doctor")
	for _, part := range []string{"Address: ", "Data folder: ", "Disk: ", "Database: SQLite answers, its schema is up to date", "Mail: none set"} {
		if !strings.Contains(out, "ok    "+part) {
			t.Errorf("it does not say %q", part)
		}
	}
	if code != 0 || strings.Contains(out, "MEND") {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
	code, out, errs = agora(t, env(t, "AGORA_DATA", filepath.Join(file(t, ""), "below"), "AGORA_SMTP_URL", "smtp://127.0.0.1:1", "AGORA_BASE_URL", "http://day.example.fi"), "doctor")
	for _, part := range []string{"MEND  Data folder: ", "MEND  Database: ", "MEND  Mail: 127.0.0.1:1 does not answer", "It is not https"} {
		if !strings.Contains(out, part) {
			t.Errorf("it does not say %q", part)
		}
	}
	if code != 1 || !regexp.MustCompile(`^\d of the points above need mending\n$`).MatchString(errs) {
		t.Errorf("exit code %d\n%s%s", code, out, errs)
	}
}

// heard is an output that can be waited for.
type heard struct {
	mu   sync.Mutex
	b    bytes.Buffer
	grew chan struct{}
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case h.grew <- struct{}{}:
	default:
	}
	return h.b.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.b.String()
}

// until waits for words of the output.
func (h *heard) until(t *testing.T, form string) []string {
	t.Helper()
	late := time.After(patience)
	for {
		if m := regexp.MustCompile(form).FindStringSubmatch(h.String()); m != nil {
			return m
		}
		select {
		case <-h.grew:
		case <-late:
			t.Fatalf("it never says %s, only\n%s", form, h.String())
		}
	}
}

// TestServe starts a site as a fresh machine does, with and without the demo.
func TestServe(t *testing.T) {
	for name, args := range map[string][]string{"demo": {"serve", "--demo"}, "first start": {"serve"}} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			out, errs := &heard{grew: make(chan struct{}, 1)}, &heard{grew: make(chan struct{}, 1)}
			getenv := env(t)
			done := make(chan int, 1)
			go func() { done <- run(ctx, append(args, "--addr", freeAddress(t)), getenv, out, errs) }()
			base := out.until(t, `Agora serves (http://127\.0\.0\.1:\d+) \(listening on `)[1]
			said := out.String()
			roles := []string{}
			for _, m := range regexp.MustCompile(`(?m)^  (organiser|moderator|speaker|attendee) +`+regexp.QuoteMeta(base)+`(/sign-in/[\w-]{43})$`).FindAllStringSubmatch(said, -1) {
				roles = append(roles, m[1])
				visit(t, base+m[2])
			}
			if name == "demo" {
				if strings.Join(roles, " ") != "organiser moderator speaker attendee" {
					t.Errorf("the links are of %v\n%s", roles, said)
				}
				for _, m := range regexp.MustCompile(`(?m)^  (a ticket|live now|a proof) +(http\S+)$`).FindAllStringSubmatch(said, -1) {
					visit(t, m[2])
				}
				visit(t, base+"/cmadfi/2027")
				if _, err := os.Stat(filepath.Join(getenv("AGORA_DATA"), "agora.db")); err != nil {
					t.Error("the demo is not in the folder it was told: ", err)
				}
			} else if m := out.until(t, `There is no owner yet\. Open this link within a day to become the owner:\n  (\S+)`); !strings.HasPrefix(m[1], base+"/sign-in/") {
				t.Errorf("the owner's link is %s", m[1])
			}
			stop()
			select {
			case code := <-done:
				if code != 0 {
					t.Errorf("exit code %d: %s", code, errs)
				}
			case <-time.After(patience):
				t.Fatal("it does not stop")
			}
		})
	}
}

func visit(t *testing.T, link string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, %v", link, res.StatusCode, err)
	}
}

// freeAddress is one that nobody listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
