package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"agora/app"
)

func backup(ctx context.Context, env environment, args []string, out io.Writer) error {
	words, err := flags("backup", args, func(fs *flag.FlagSet) { fs.StringVar(&env.Data, "data", env.Data, "") })
	if err != nil || len(words) != 1 {
		return errUsage
	}
	if err := app.Backup(ctx, env.Config, time.Now(), words[0]); err != nil {
		return err
	}
	info, err := os.Stat(words[0])
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Backed up to %s (%d kB). It holds the secret and personal data: keep it safe.\n", words[0], (info.Size()+1023)/1024)
	return nil
}

func restore(ctx context.Context, env environment, args []string, out io.Writer) error {
	words, err := flags("restore", args, func(fs *flag.FlagSet) { fs.StringVar(&env.Data, "data", env.Data, "") })
	if err != nil || len(words) != 1 {
		return errUsage
	}
	if err := app.Restore(ctx, env.Config, words[0]); err != nil {
		return err
	}
	fmt.Fprintf(out, "Restored into %s. Start the site with: agora serve --data %s\n", env.Data, env.Data)
	return nil
}

func importFile(ctx context.Context, env environment, args []string, out io.Writer) error {
	target := ""
	words, err := flags("import", args, func(fs *flag.FlagSet) {
		fs.StringVar(&target, "edition", "", "")
		fs.StringVar(&env.Data, "data", env.Data, "")
	})
	if err != nil || len(words) != 1 {
		return errUsage
	}
	f, err := os.Open(filepath.Clean(words[0]))
	if err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	defer f.Close()
	return withApp(ctx, env, func(a *app.App) error { return a.ImportFile(ctx, f, filepath.Base(words[0]), target, out) })
}

func exportFile(ctx context.Context, env environment, args []string, out io.Writer) error {
	target, format := "", "xml"
	words, err := flags("export", args, func(fs *flag.FlagSet) {
		fs.StringVar(&target, "edition", "", "")
		fs.StringVar(&format, "format", format, "")
		fs.StringVar(&env.Data, "data", env.Data, "")
	})
	if err != nil || len(words) > 0 || !strings.Contains(target, "/") {
		return errUsage
	}
	return withApp(ctx, env, func(a *app.App) error { return a.ExportFile(ctx, target, format, out) })
}
