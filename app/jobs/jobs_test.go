package jobs

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

// A job runs on one node at a time, and one that panics is only logged.
func TestOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2027, 1, 25, 10, 0, 0, 0, time.UTC)
		now := func() time.Time { return at }
		var log bytes.Buffer
		ran := ""
		node := func(name string) (*Runner, Job) {
			job := Job{Name: "job", Every: time.Second, Run: func(context.Context) error { ran += name; return nil }}
			return New(d, now, slog.New(slog.NewTextHandler(&log, nil)), name, job), job
		}
		a, job := node("a")
		b, same := node("b")
		a.Once(t.Context(), job)
		b.Once(t.Context(), same)
		a.Once(t.Context(), job)
		at = at.Add(2 * leaseLife)
		b.Once(t.Context(), same)
		if ran != "aab" {
			t.Errorf("ran %q", ran)
		}
		b.Once(t.Context(), Job{Name: "bad", Every: time.Second, Run: func(context.Context) error { panic("oh no") }})
		if !strings.Contains(log.String(), "oh no") {
			t.Errorf("log: %s", log.String())
		}
	})
}
