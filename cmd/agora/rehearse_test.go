package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"agora/app"
)

// commandLine runs the program as a shell would.
func commandLine(t *testing.T, env map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, func(name string) string { return env[name] }, &o, &e)
	return code, o.String(), e.String()
}

func TestRehearseTriesThisMachineOnly(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8080", ":8080": "127.0.0.1:8080", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80",
		"localhost:80": "127.0.0.1:80", "[::1]:80": "[::1]:80", "127.0.0.2:80": "127.0.0.2:80",
		"192.0.2.1:80": "", "day.example.fi:443": "", "10.0.0.1:8080": "", "[2001:db8::1]:80": "", "127.0.0.1.example.fi:80": "",
	} {
		got, err := ownAddress(addr)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v, want %q", addr, got, err, want)
		}
	}
	code, _, errs := commandLine(t, map[string]string{"AGORA_ADDR": "192.0.2.1:80", "AGORA_DATA": t.TempDir()}, "rehearse")
	if code != 2 || !strings.Contains(errs, "AGORA_ADDR is 192.0.2.1:80") {
		t.Errorf("%d %s", code, errs)
	}
}

func TestRehearseSaysWhatIsInTheWay(t *testing.T) {
	env := map[string]string{"AGORA_DATA": t.TempDir()}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--people", "20001"}, 2, "--people takes a number from 1 to 20,000"},
		{[]string{"--viewers", "0"}, 2, "--viewers takes"},
		{[]string{"--seconds", "soon"}, 2, "Usage: agora rehearse"},
		{[]string{"everybody"}, 2, "Usage: agora rehearse"},
		{nil, 1, "there is no database in"},
	} {
		if code, _, errs := commandLine(t, env, append([]string{"rehearse"}, c.args...)...); code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("%v: %d %s", c.args, code, errs)
		}
	}
}

func TestRehearseEndsWithAVerdict(t *testing.T) {
	data := t.TempDir()
	a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", BaseURL: "http://127.0.0.1:8080", Data: data}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	address, err := a.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- a.Run(ctx) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	env := map[string]string{"AGORA_ADDR": address}
	code, out, errs := commandLine(t, env, "rehearse", "--people", "20", "--seats", "3", "--viewers", "4", "--seconds", "1", "--data", data)
	if code != 0 || errs != "" || !strings.Contains(out, "\nReady: 20 people were answered in ") || !strings.Contains(out, "\n  confirmed, waiting           3, 17\n") ||
		strings.Contains(out, "\r") || strings.Contains(out, "%!") {
		t.Errorf("%d %s\n%s", code, errs, out)
	}
	if code, out, errs := commandLine(t, env, "rehearse", "--clean", "--data", data); code != 0 || !strings.Contains(out, "left: 0.") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

func TestTheProgressBarStaysOnOneLine(t *testing.T) {
	var out bytes.Buffer
	bar := progress{out: &out, terminal: true}
	for done := range 11 {
		bar.show("Registering", done*500, 5000)
	}
	bar.show("Joining", 0, 0)
	bar.end()
	last := strings.Split(out.String(), "\r")
	if strings.Contains(out.String(), "\n") || !strings.Contains(out.String(), "[########################] 5000 of 5000") {
		t.Errorf("%q", out.String())
	}
	if strings.TrimSpace(last[len(last)-1]) != "" || strings.TrimSpace(last[len(last)-2]) != "" {
		t.Errorf("the line is not left clean: %q", last)
	}
}
