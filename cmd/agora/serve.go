package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"agora/app"
	"agora/app/account"
	"agora/app/fail"
	"agora/app/text"
)

// flags reads a command's flags, which may stand before or after its words.
func flags(name string, args []string, set func(*flag.FlagSet)) ([]string, error) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	set(fs)
	var words []string
	for {
		if err := fs.Parse(args); err != nil {
			return nil, errUsage
		}
		if fs.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, fs.Arg(0)), fs.Args()[1:]
	}
}

func serve(ctx context.Context, env environment, args []string, out io.Writer) error {
	addr, data := env.Addr, ""
	words, err := flags("serve", args, func(fs *flag.FlagSet) {
		fs.BoolVar(&env.Demo, "demo", false, "")
		fs.StringVar(&addr, "addr", addr, "")
		fs.StringVar(&data, "data", "", "")
	})
	if err != nil || len(words) > 0 {
		return errUsage
	}
	env.Addr = addr
	if env.Demo {
		env.SMTPURL = "" // the demo's people are made up: nobody is written to
	}
	if err := env.check(); err != nil {
		return err
	}
	switch {
	case data != "":
		env.Data = data
	case env.Demo && !env.ownData:
		// A demo leaves nothing behind unless it is told where to.
		if env.Data, err = os.MkdirTemp("", "agora-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(env.Data)
	}
	// The base URL is known before anything is built: links and origins hang on it.
	env.BaseURL = env.reachedAt(env.Addr)
	a, err := app.New(ctx, env.Config, time.Now, slog.Default())
	if err != nil {
		return err
	}
	defer a.Close()
	listening, err := a.Listen()
	if err != nil {
		return err
	}
	if env.Demo {
		err = a.SeedDemo(ctx, out)
	} else {
		err = firstOwner(ctx, a, out)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Agora serves %s (listening on %s). Stop it with Ctrl-C.\n", env.BaseURL, listening)
	return a.Run(ctx)
}

// firstOwner makes the owner at the first start and prints their link. When it
// was missed, "agora sign-in EMAIL --owner" makes another.
func firstOwner(ctx context.Context, a *app.App, out io.Writer) error {
	exists, err := a.Accounts.OwnerExists(ctx)
	if err != nil || exists {
		return err
	}
	token, _, err := a.Accounts.MakeLink(ctx, account.Invite{Email: "owner@agora.invalid", Language: text.Finnish, Owner: true, Life: 24 * time.Hour, Next: "/desk"})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "There is no owner yet. Open this link within a day to become the owner:\n  %s\n"+
		"Later, make one with: agora sign-in EMAIL --owner\n", a.Accounts.URL(token))
	return nil
}

// plain turns an error into the sentence that is printed. Messages of the areas
// are keys; the program speaks English on the command line.
func plain(err error) string {
	var e *fail.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	words, loadErr := text.Load()
	if loadErr != nil {
		return err.Error()
	}
	s := words.T(text.English, e.Key, e.Args...)
	for name, list := range e.Fields {
		for _, p := range list {
			s += fmt.Sprintf("\n  %s: %s", name, words.T(text.English, p.Key, p.Args...))
		}
	}
	return s
}
