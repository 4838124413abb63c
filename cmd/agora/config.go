package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"agora/app"
)

const (
	defaultAddr = "127.0.0.1:8080"
	defaultData = "data"
)

// environment is the configuration as the environment gives it.
type environment struct {
	app.Config
	ownData bool // the folder was chosen, not taken by default
}

// readEnvironment reads every AGORA_ variable. The first wrong one stops the
// start with a sentence that names it and says how to mend it.
func readEnvironment(getenv func(string) string) (environment, error) {
	var e environment
	values := map[string]*string{
		"AGORA_ADDR": &e.Addr, "AGORA_BASE_URL": &e.BaseURL, "AGORA_DATA": &e.Data, "AGORA_DATABASE_URL": &e.DatabaseURL,
		"AGORA_SMTP_URL": &e.SMTPURL, "AGORA_NATS_URL": &e.NATSURL, "AGORA_SECRET": &e.Secret, "AGORA_FONTS": &e.Fonts,
		"AGORA_S3_URL": &e.S3URL,
	}
	for name, into := range values {
		v, err := setting(getenv, name)
		if err != nil {
			return e, err
		}
		*into = v
	}
	if e.Addr == "" {
		e.Addr = defaultAddr
	}
	if e.ownData = e.Data != ""; !e.ownData {
		e.Data = defaultData
	}
	proxies, err := setting(getenv, "AGORA_TRUSTED_PROXIES")
	if err != nil {
		return e, err
	}
	e.TrustedProxies = strings.FieldsFunc(proxies, func(r rune) bool { return r == ',' || r == ' ' })
	hosts, err := setting(getenv, "AGORA_VIDEO_HOSTS")
	if err != nil {
		return e, err
	}
	e.VideoHosts = strings.FieldsFunc(strings.ToLower(hosts), func(r rune) bool { return r == ',' || r == ' ' })
	if getenv("AGORA_METRICS_ADDR") != "" {
		return e, errors.New("AGORA_METRICS_ADDR is set, but this version does not use it yet; remove it")
	}
	if self, err := os.Executable(); err == nil { // else files are kept, but not searched
		e.ReadText = []string{self, readTextCommand}
	}
	return e, e.check()
}

// setting reads a variable, or the file that its _FILE twin names.
func setting(getenv func(string) string, name string) (string, error) {
	value, file := getenv(name), getenv(name+"_FILE")
	switch {
	case file == "":
		return value, nil
	case value != "":
		return "", fmt.Errorf("both %s and %s_FILE are set; keep one of them", name, name)
	}
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return "", fmt.Errorf("%s_FILE names a file that cannot be read (%w); check its path and rights", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// check looks at each value as far as that is possible without using it.
func (e *environment) check() error {
	if _, _, err := net.SplitHostPort(e.Addr); err != nil {
		return fmt.Errorf("AGORA_ADDR %q is no address to listen on; write host and port, such as %s", e.Addr, defaultAddr)
	}
	if e.BaseURL != "" {
		e.BaseURL = strings.TrimSuffix(e.BaseURL, "/")
		u, err := url.Parse(e.BaseURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" {
			return fmt.Errorf("AGORA_BASE_URL %q is no web address; write where people reach the site, such as https://day.example.fi", e.BaseURL)
		}
	}
	if e.DatabaseURL != "" && !strings.HasPrefix(e.DatabaseURL, "postgres://") && !strings.HasPrefix(e.DatabaseURL, "postgresql://") {
		return fmt.Errorf("AGORA_DATABASE_URL has to start with postgres://; leave it empty to use SQLite in the data folder")
	}
	if e.Secret != "" && len(e.Secret) < 32 {
		return fmt.Errorf("AGORA_SECRET is too short; use at least 32 characters, such as the output of \"openssl rand -hex 32\"")
	}
	for _, p := range e.TrustedProxies {
		if _, _, err := net.ParseCIDR(p); err != nil && net.ParseIP(p) == nil {
			return fmt.Errorf("AGORA_TRUSTED_PROXIES holds %q; write addresses or ranges, such as 10.0.0.0/8", p)
		}
	}
	for _, h := range e.VideoHosts {
		if u, err := url.Parse("https://" + h); err != nil || u.Host != h || u.Hostname() != h || strings.ContainsAny(h, ";'*") || !strings.Contains(h, ".") {
			return fmt.Errorf("AGORA_VIDEO_HOSTS holds %q; write the names of PeerTube servers, such as video.example.fi", h)
		}
	}
	if e.Fonts != "" {
		if info, err := os.Stat(e.Fonts); err != nil || !info.IsDir() {
			return fmt.Errorf("AGORA_FONTS %q is no folder; name one with .ttf files, or leave it empty", e.Fonts)
		}
	}
	return nil
}

// reachedAt gives the base URL to use when none is configured.
func (e environment) reachedAt(addr string) string {
	if e.BaseURL != "" {
		return e.BaseURL
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
