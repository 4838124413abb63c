package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"agora/app"
	"agora/app/db"
	"agora/app/mail"
	"agora/migrations"
)

const (
	// littleSpace is when the disk is worth a word: a day's material and backups
	// need more.
	littleSpace = 1 << 30
	// badClock is how far database and machine may differ before opening times do.
	badClock = 2 * time.Second
	dialTime = 5 * time.Second
)

// finding is one thing the doctor looked at.
type finding struct {
	what, advice string
	ok           bool
}

// doctor looks at everything a site stands on and gives plain advice. It ends
// with exit code 1 when something has to be mended.
func doctor(ctx context.Context, env environment, args []string, out io.Writer) error {
	words, err := flags("doctor", args, func(fs *flag.FlagSet) { fs.StringVar(&env.Data, "data", env.Data, "") })
	if err != nil || len(words) > 0 {
		return errUsage
	}
	bad := 0
	for _, look := range []func(context.Context, environment) finding{lookAddress, lookFolder, lookDisk, lookFiles, lookDatabase, lookMail} {
		f := look(ctx, env)
		mark := "ok  "
		if !f.ok {
			mark = "MEND"
			bad++
		}
		fmt.Fprintf(out, "%s  %s\n", mark, f.what)
		if f.advice != "" {
			fmt.Fprintf(out, "      %s\n", f.advice)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of the points above need mending", bad)
	}
	return nil
}

func lookAddress(_ context.Context, env environment) finding {
	base := env.reachedAt(env.Addr)
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return finding{what: "Address: " + base, advice: "Set AGORA_BASE_URL to where people reach the site."}
	case env.BaseURL == "":
		return finding{ok: true, what: "Address: " + base, advice: "Only this machine reaches it. Set AGORA_BASE_URL to the public address before the links go out."}
	case u.Scheme != "https":
		return finding{ok: true, what: "Address: " + base, advice: "It is not https: phones do not open the camera there, and cookies are less well protected."}
	}
	return finding{ok: true, what: "Address: " + base}
}

func lookFolder(_ context.Context, env environment) finding {
	if err := os.MkdirAll(env.Data, 0o700); err != nil {
		return finding{what: "Data folder: " + env.Data, advice: "It cannot be made (" + err.Error() + "). Set AGORA_DATA to a folder this program may write to."}
	}
	f, err := os.CreateTemp(env.Data, ".doctor-*")
	if err != nil {
		return finding{what: "Data folder: " + env.Data, advice: "It cannot be written to (" + err.Error() + "). Give the program's account the right to."}
	}
	f.Close()
	os.Remove(f.Name())
	return finding{ok: true, what: "Data folder: " + env.Data}
}

func lookDisk(_ context.Context, env environment) finding {
	var s syscall.Statfs_t
	if err := syscall.Statfs(env.Data, &s); err != nil {
		return finding{ok: true, what: "Disk: its space could not be asked for"}
	}
	free := int64(s.Bavail) * int64(s.Bsize)
	f := finding{ok: true, what: fmt.Sprintf("Disk: %d MB free", free>>20)}
	if free < littleSpace {
		f.ok, f.advice = false, "There is little space. Material and backups need more: a gigabyte at least."
	}
	return f
}

func lookFiles(ctx context.Context, env environment) finding {
	what := "Files: in the data folder"
	if env.S3URL != "" {
		what = "Files: in the bucket of AGORA_S3_URL"
	}
	if err := app.CheckFiles(ctx, env.Config); err != nil {
		return finding{what: what, advice: "They cannot be kept: " + err.Error() + "."}
	}
	return finding{ok: true, what: what + ", which takes and gives them"}
}

func lookDatabase(ctx context.Context, env environment) finding {
	address, name := env.DatabaseURL, "PostgreSQL"
	if address == "" {
		address, name = filepath.Join(env.Data, "agora.db"), "SQLite"
	}
	d, err := db.Open(ctx, address)
	if err != nil {
		return finding{what: "Database: " + name, advice: "It cannot be opened (" + err.Error() + "). Check AGORA_DATABASE_URL and that the server runs."}
	}
	defer d.Close()
	if _, err := db.Migrate(ctx, d, migrations.For(string(d.Engine))); err != nil {
		return finding{what: "Database: " + name, advice: err.Error()}
	}
	if d.Engine == db.Postgres {
		var theirs time.Time
		if err := d.Read.NewRaw("SELECT now()").Scan(ctx, &theirs); err == nil {
			if off := time.Since(theirs).Abs(); off > badClock {
				return finding{what: "Clock: it differs from the database's by " + off.Round(time.Second).String(),
					advice: "Let both machines keep time by NTP: openings and deadlines hang on it."}
			}
		}
	}
	return finding{ok: true, what: "Database: " + name + " answers, its schema is up to date"}
}

func lookMail(ctx context.Context, env environment) finding {
	if env.SMTPURL == "" {
		return finding{ok: true, what: "Mail: none set", advice: "Letters stay in the outbox on the desk. Set AGORA_SMTP_URL to send them."}
	}
	if _, err := mail.NewSMTP(env.SMTPURL); err != nil {
		return finding{what: "Mail: AGORA_SMTP_URL is wrong", advice: err.Error()}
	}
	u, err := url.Parse(env.SMTPURL)
	if err != nil {
		return finding{what: "Mail: AGORA_SMTP_URL is wrong", advice: "Write it as smtp://user:password@host:587."}
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"smtps": "465"}[u.Scheme]
		if port == "" {
			port = "587"
		}
	}
	dialer := net.Dialer{Timeout: dialTime}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return finding{what: "Mail: " + u.Host + " does not answer", advice: "Check host and port of AGORA_SMTP_URL (" + err.Error() + ")."}
	}
	conn.Close()
	return finding{ok: true, what: "Mail: " + u.Host + " answers"}
}
