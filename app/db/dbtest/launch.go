package dbtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"agora/app/apptest"
)

// Cluster is a PostgreSQL server of a test's own, which may be harmed.
type Cluster struct {
	URL     string
	folder  string
	options string
	bin     string
	as      *syscall.SysProcAttr
}

// NewCluster starts a server that keeps its promises of durability, with more
// settings than the usual ones, such as "max_connections=10". It is taken down
// when the test ends.
func NewCluster(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	c, err := launch(append(settings, "fsync=on")...)
	if err != nil {
		apptest.Missing(t, "PostgreSQL ("+err.Error()+")")
	}
	t.Cleanup(c.stop)
	return c
}

// launch starts a PostgreSQL cluster in a temporary folder, on a free port of
// the loopback. It gives up durability, which tests of rules do not need,
// unless a setting says otherwise.
func launch(settings ...string) (c *Cluster, err error) {
	c = &Cluster{}
	if c.bin, err = programs(); err != nil {
		return nil, err
	}
	if c.folder, err = os.MkdirTemp("", "agora-postgres-"); err != nil {
		return nil, err
	}
	if c.as, err = owner(c.folder); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	if err := c.run("initdb", "-D", c.data(), "-U", "agora", "--auth=trust", "-E", "UTF8", "--locale=C", "-N"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	c.options = fmt.Sprintf("-c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", port)
	for _, s := range append([]string{"fsync=off", "max_connections=100"}, settings...) {
		c.options += " -c " + s
	}
	c.URL = fmt.Sprintf("postgres://agora@127.0.0.1:%d/postgres?sslmode=disable", port)
	if err := c.start("start"); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.folder))
	}
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *Cluster) start(how ...string) error {
	return c.run("pg_ctl", append([]string{"-D", c.data(), "-l", filepath.Join(c.folder, "log"), "-w", "-o", c.options}, how...)...)
}

func (c *Cluster) run(name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.bin, name), args...)
	cmd.SysProcAttr = c.as
	cmd.Dir = c.folder
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

func (c *Cluster) stop() {
	_ = c.Thaw()
	_ = c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
	_ = os.RemoveAll(c.folder)
}

// Crash ends the server as a power cut does, and starts it again.
func (c *Cluster) Crash() error { return c.start("restart", "-m", "immediate") }

// Freeze stops every process of the server, so that it neither answers nor
// goes away; Thaw lets them go on.
func (c *Cluster) Freeze() error { return c.signal(syscall.SIGSTOP) }

// Thaw ends a freeze.
func (c *Cluster) Thaw() error { return c.signal(syscall.SIGCONT) }

// signal reaches the first process, which could make more, before the others.
func (c *Cluster) signal(s syscall.Signal) error {
	b, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(b), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	if err := syscall.Kill(postmaster, s); err != nil {
		return err
	}
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range all {
		pid, parent := parentOf(path)
		if parent != postmaster {
			continue
		}
		if err := syscall.Kill(pid, s); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return err
}

// parentOf reads a process' number and its parent's: "12 (name) S 7 …", where
// the name may hold anything.
func parentOf(path string) (pid, parent int) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, 0 // it has ended meanwhile
	}
	end := strings.LastIndexByte(string(b), ')')
	rest := strings.Fields(string(b[end+1:]))
	if len(rest) < 2 {
		return 0, 0
	}
	pid, _ = strconv.Atoi(filepath.Base(filepath.Dir(path)))
	parent, _ = strconv.Atoi(rest[1])
	return pid, parent
}

// programs finds the folder with initdb: on the PATH, or where Debian keeps it.
func programs() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("initdb is not installed and AGORA_TEST_POSTGRES_URL is not set")
	}
	return filepath.Dir(slices.Max(found)), nil
}

// owner gives the folder to somebody PostgreSQL agrees to run as: it refuses root.
func owner(folder string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(folder, uid, gid); err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("running as root and there is nobody to run PostgreSQL as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
