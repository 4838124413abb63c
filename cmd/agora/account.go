package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"time"

	"agora/app"
	"agora/app/account"
	"agora/app/text"
)

// withApp builds the site without serving it, does one thing and closes it.
func withApp(ctx context.Context, env environment, do func(*app.App) error) error {
	env.BaseURL = env.reachedAt(env.Addr)
	a, err := app.New(ctx, env.Config, time.Now, slog.Default())
	if err != nil {
		return err
	}
	defer a.Close()
	return do(a)
}

func signIn(ctx context.Context, env environment, args []string, out io.Writer) error {
	owner := false
	words, err := flags("sign-in", args, func(fs *flag.FlagSet) {
		fs.BoolVar(&owner, "owner", false, "")
		fs.StringVar(&env.Data, "data", env.Data, "")
	})
	if err != nil || len(words) != 1 {
		return errUsage
	}
	return withApp(ctx, env, func(a *app.App) error {
		token, person, err := a.Accounts.MakeLink(ctx, account.Invite{Email: words[0], Language: text.Finnish, Owner: owner})
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "A link for %s, to be used once within 30 minutes:\n  %s\n", person.Email, a.Accounts.URL(token))
		return nil
	})
}

func migrateSchema(ctx context.Context, env environment, args []string, out io.Writer) error {
	words, err := flags("migrate", args, func(fs *flag.FlagSet) { fs.StringVar(&env.Data, "data", env.Data, "") })
	if err != nil || len(words) > 0 {
		return errUsage
	}
	return withApp(ctx, env, func(*app.App) error {
		fmt.Fprintln(out, "The schema is up to date.")
		return nil
	})
}
