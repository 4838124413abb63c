// Command agora serves community days and seminars: registration, programme,
// live questions, badges and certificates.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"agora/app/file/content"
)

// command is one of the words after "agora".
type command struct {
	name, args, help string
	run              func(ctx context.Context, env environment, args []string, out io.Writer) error
}

// commands is everything the program can be asked to do.
func commands() []command {
	return []command{
		{"serve", "[--demo] [--addr 127.0.0.1:8080] [--data DIR]", "serve the site", serve},
		{"migrate", "", "bring the database's schema up to date", migrateSchema},
		{"sign-in", "EMAIL [--owner]", "print a sign-in link; with --owner the person becomes an owner", signIn},
		{"import", "FILE --edition SERIES/EDITION", "read schedule.xml, schedule.json or .ics into an edition", importFile},
		{"export", "--edition SERIES/EDITION [--format xml|json|ics]", "write an edition's programme", exportFile},
		{"backup", "FILE", "write everything into one file, also while the server runs", backup},
		{"restore", "FILE", "read a backup into an empty data folder", restore},
		{"rehearse", "[--people 5000] [--seats 300] [--viewers 500] [--seconds 10] [--data DIR] [--clean]",
			"try the running server with a crowd, in a practice edition that is removed again", rehearsal},
		{"doctor", "", "check configuration, database, disk, clock and mail", doctor},
	}
}

// readTextCommand is the word by which the program calls itself to read a file
// that may be made to harm (see content.Child); it is not for people.
const readTextCommand = "read-text"

func main() {
	if len(os.Args) > 1 && os.Args[1] == readTextCommand {
		os.Exit(content.Child(os.Args[2:], os.Stdin, os.Stdout))
	}
	ownTemp(os.Getenv, os.Setenv)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// ownTemp has files that come with forms lie in the data folder while they are
// looked at: a container may have no other place for them, or one in memory.
func ownTemp(getenv func(string) string, setenv func(key, value string) error) {
	data := getenv("AGORA_DATA")
	if data == "" || getenv("TMPDIR") != "" {
		return
	}
	temp, err := filepath.Abs(filepath.Join(data, "temp"))
	if err != nil || os.MkdirAll(temp, 0o700) != nil {
		return // whoever needs the data folder says what is wrong with it
	}
	_ = setenv("TMPDIR", temp) // then the system's own place is used
}

// run is main with everything given, so that tests can call it.
func run(ctx context.Context, args []string, getenv func(string) string, out, errs io.Writer) int {
	slog.SetDefault(slog.New(slog.NewTextHandler(errs, nil)))
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return 0
	}
	for _, c := range commands() {
		if c.name != args[0] {
			continue
		}
		env, err := readEnvironment(getenv)
		if err == nil {
			err = c.run(ctx, env, args[1:], out)
		}
		switch {
		case errors.Is(err, errUsage):
			if err != errUsage { // it says what is wrong with them
				fmt.Fprintln(errs, err)
			}
			fmt.Fprintf(errs, "Usage: agora %s %s\n", c.name, c.args)
			return 2
		case err != nil:
			fmt.Fprintln(errs, plain(err))
			return 1
		}
		return 0
	}
	fmt.Fprintf(errs, "There is no command %q.\n\n", args[0])
	usage(errs)
	return 2
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Agora: registration, programme, live questions and paper for community days.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  agora %-8s %s\n            %s\n", c.name, c.args, c.help)
	}
	fmt.Fprint(w, "\nSettings are environment variables; README.md lists them.\n")
}

var errUsage = errors.New("wrong arguments")
