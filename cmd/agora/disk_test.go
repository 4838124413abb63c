package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"agora/app/apptest"
)

// The disk under a site on SQLite fills up while people register, and has room
// again later.
func TestFullDiskIsSurvived(t *testing.T) {
	t.Run("no space left", func(t *testing.T) {
		s := newSite(t, "", siteSeats, nil)
		disk := onDiskOfItsOwn(s)
		harm(t, s, func(ctx context.Context, h *harmed) {
			filler := filepath.Join(disk(), "filler")
			if err := fill(filler); err != nil {
				t.Fatal(err)
			}
			h.refuse(ctx)
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
		})
	})
	// Where nobody may mount a disk, a limit of the system on the size of files
	// stops SQLite in the middle of its writing as well.
	t.Run("no larger files", func(t *testing.T) {
		s := newSite(t, "", siteSeats, nil)
		harm(t, s, func(ctx context.Context, h *harmed) {
			limitFiles(t, s, strconv.Itoa(64<<10))
			h.refuse(ctx)
			limitFiles(t, s, "unlimited")
		})
	})
}

// refuse waits until many answers of the fault have been given.
func (h *harmed) refuse(ctx context.Context) {
	h.site.t.Helper()
	refused := h.refused()
	h.site.until(ctx, "refused", func() bool { return h.refused() >= refused+manyRefused })
}

// diskSize is the whole disk of a site: room for many thousands of registrations.
const diskSize = "64m"

// onDiskOfItsOwn has the server start in a namespace of its own, with a small
// disk in memory that holds the data. disk gives the way to it from outside.
func onDiskOfItsOwn(s *site) (disk func() string) {
	s.t.Helper()
	prepared, data := s.data, s.t.TempDir()
	s.env = append(s.env, "AGORA_DATA="+data)
	s.wrap = func(cmd *exec.Cmd) {
		script := `mount -t tmpfs -o size=` + diskSize + ` none "$1" && cp -a "$2/." "$1" && exec "$0" serve`
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", script, program(s.t), data, prepared}
		cmd.SysProcAttr = inNamespace()
	}
	try := exec.CommandContext(s.t.Context(), "mount", "-t", "tmpfs", "none", data)
	try.SysProcAttr = inNamespace()
	if out, err := try.CombinedOutput(); err != nil {
		apptest.Missing(s.t, fmt.Sprintf("a disk of its own (%v %s)", err, out))
	}
	disk = func() string { return filepath.Join("/proc", strconv.Itoa(s.cmd.Process.Pid), "root", data) }
	s.ended = func(end func()) {
		// The disk goes with the server unless somebody holds on to it.
		hold, err := os.Open(disk())
		if err != nil {
			s.t.Fatal(err)
		}
		defer hold.Close()
		end()
		s.data = s.t.TempDir()
		for _, name := range []string{"agora.db", "agora.db-wal"} {
			if err := copyFile(filepath.Join("/proc/self/fd", strconv.Itoa(int(hold.Fd())), name), filepath.Join(s.data, name)); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return disk
}

func inNamespace() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(filepath.Clean(from))
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(filepath.Clean(to))
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// fill writes until the disk is full to the last byte.
func fill(path string) error {
	f, err := os.Create(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			return err
		}
	}
	return nil
}

func limitFiles(t *testing.T, s *site, size string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "prlimit", "--pid", strconv.Itoa(s.cmd.Process.Pid), "--fsize="+size+":unlimited").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
