package dbtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// launch starts a PostgreSQL cluster in a temporary folder, on a free port of
// the loopback. It gives up durability, which tests of rules do not need.
func launch() (address string, stop func(), err error) {
	bin, err := programs()
	if err != nil {
		return "", nil, err
	}
	folder, err := os.MkdirTemp("", "agora-postgres-")
	if err != nil {
		return "", nil, err
	}
	as, err := owner(folder)
	if err != nil {
		return "", nil, err
	}
	run := func(name string, args ...string) error {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.SysProcAttr = as
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, out)
		}
		return nil
	}
	data := filepath.Join(folder, "data")
	if err := run("initdb", "-D", data, "-U", "agora", "--auth=trust", "-E", "UTF8", "--locale=C", "-N"); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(folder))
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	options := fmt.Sprintf("-F -c port=%d -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100", port)
	if err := run("pg_ctl", "-D", data, "-l", filepath.Join(folder, "log"), "-w", "-o", options, "start"); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(folder))
	}
	stop = func() {
		_ = run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
		_ = os.RemoveAll(folder)
	}
	return fmt.Sprintf("postgres://agora@127.0.0.1:%d/postgres?sslmode=disable", port), stop, nil
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
