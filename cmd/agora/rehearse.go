package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"agora/app"
	"agora/app/rehearse"
)

// rehearsal runs a bounded load test of one's own running server. It ends with
// exit code 1 when the site is not ready.
func rehearsal(ctx context.Context, env environment, args []string, out io.Writer) error {
	plan, clean := rehearse.Plan{}, false
	words, err := flags("rehearse", args, func(fs *flag.FlagSet) {
		fs.IntVar(&plan.People, "people", 5000, "")
		fs.IntVar(&plan.Seats, "seats", 300, "")
		fs.IntVar(&plan.Viewers, "viewers", 500, "")
		fs.IntVar(&plan.Seconds, "seconds", 10, "")
		fs.BoolVar(&clean, "clean", false, "")
		fs.StringVar(&env.Data, "data", env.Data, "")
	})
	if err != nil || len(words) > 0 {
		return errUsage
	}
	address, err := ownAddress(env.Addr)
	if err != nil {
		return misused{err.Error()}
	}
	if err := plan.Check(); err != nil {
		return misused{err.Error()}
	}
	if err := enough(plan); err != nil {
		return misused{err.Error()}
	}
	if file := filepath.Join(env.Data, "agora.db"); env.DatabaseURL == "" {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("there is no database in %q; name the server's data folder with --data or AGORA_DATA", env.Data)
		}
	}
	bar := progress{out: out, terminal: isTerminal(out)}
	return withApp(ctx, env, func(a *app.App) error {
		r := a.Rehearsal(address, time.Now, bar.show)
		if clean {
			n, err := r.Clean(ctx)
			bar.end()
			if err == nil {
				fmt.Fprintf(out, "Removed what earlier rehearsals had left: %d.\n", n)
			}
			return err
		}
		fmt.Fprintf(out, "Rehearsing at %s: %d people for %d seats, then %d viewers for %d s. Ctrl-C stops it; the practice edition is removed in any case.\n",
			address, plan.People, plan.Seats, plan.Viewers, plan.Seconds)
		result, err := r.Run(ctx, plan)
		bar.end()
		return told(out, result, err)
	})
}

// told prints the verdict and the figures.
func told(out io.Writer, result rehearse.Result, err error) error {
	switch {
	case errors.Is(err, context.Canceled) && !errors.Is(err, rehearse.ErrLeft):
		return errors.New("stopped; the practice edition was removed")
	case err != nil:
		return err
	}
	fmt.Fprintf(out, "\n%s\n%s", result.Verdict(), result.Figures())
	if !result.Ready() {
		return errors.New("the site is not ready yet")
	}
	return nil
}

// ownAddress is where this machine's own server answers. Other machines are not
// tried: a load test of somebody else's server is an attack.
func ownAddress(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", err
	}
	ip := net.ParseIP(host)
	switch {
	case host == "" || host == "localhost" || ip != nil && ip.IsUnspecified():
		return net.JoinHostPort("127.0.0.1", port), nil
	case ip != nil && ip.IsLoopback():
		return net.JoinHostPort(host, port), nil
	}
	return "", fmt.Errorf("AGORA_ADDR is %s, which is not this machine's own; a rehearsal goes to the loopback alone: "+
		"run it beside the server, which then listens on 127.0.0.1 or on all addresses (0.0.0.0)", addr)
}

// enough compares the open files that are needed with those that are allowed.
func enough(plan rehearse.Plan) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return nil // then nobody knows, and joining will tell
	}
	if uint64(plan.Files()) > uint64(limit.Cur) {
		return fmt.Errorf("%d viewers need %d open files, and %d are allowed here; raise that with \"ulimit -n 20000\" "+
			"(where the server is started too), or ask for fewer viewers", plan.Viewers, plan.Files(), limit.Cur)
	}
	return nil
}

// misused is a sentence about wrong arguments.
type misused struct{ sentence string }

func (m misused) Error() string        { return m.sentence }
func (m misused) Is(target error) bool { return target == errUsage }

// progress draws one line that is redrawn where somebody watches; elsewhere it
// names each stage once.
type progress struct {
	out      io.Writer
	terminal bool
	stage    string
	width    int
}

const barWidth = 24

func (p *progress) show(stage string, done, total int) {
	if !p.terminal {
		if stage != p.stage {
			fmt.Fprintf(p.out, "%s …\n", stage)
		}
		p.stage = stage
		return
	}
	full := 0
	if total > 0 {
		full = barWidth * done / total
	}
	line := fmt.Sprintf("%-32s [%s%s] %d of %d", stage, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, total)
	fmt.Fprintf(p.out, "\r%-*s", p.width, line)
	p.width = len(line)
	p.stage = stage
}

// end leaves the line.
func (p *progress) end() {
	if p.terminal && p.stage != "" {
		fmt.Fprintf(p.out, "\r%-*s\r", p.width, "")
	}
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
