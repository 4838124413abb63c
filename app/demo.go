package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"agora/app/demo"
)

// SeedDemo fills an empty site with the demo's content and prints ready sign-in
// links. A folder that already holds a site is left as it is.
func (a *App) SeedDemo(ctx context.Context, out io.Writer) error {
	cast, err := demo.Seed(ctx, a.DB, a.files, a.now(), a.secret, a.Config.BaseURL)
	if errors.Is(err, demo.ErrNotEmpty) {
		fmt.Fprintln(out, "The data folder already holds a site; it is served as it is. Make a link with: agora sign-in EMAIL")
		return nil
	}
	if err != nil {
		return fmt.Errorf("the demo's content: %w", err)
	}
	a.Editions.Forget()
	fmt.Fprintf(out, "A demo with made-up people. Sign in as:\n")
	for _, who := range []struct{ role, link string }{
		{"organiser", a.Accounts.URL(cast.Organiser.Token)},
		{"moderator", a.Accounts.URL(cast.Moderator.Token)},
		{"speaker", a.Accounts.URL(cast.Speaker.Token)},
		{"attendee", a.Accounts.URL(cast.Attendee.Token)},
	} {
		fmt.Fprintf(out, "  %-10s %s\n", who.role, who.link)
	}
	fmt.Fprintf(out, "Look at:\n  %-10s %s\n  %-10s %s\n  %-10s %s\n  %-10s %s\n", "a ticket", a.Config.BaseURL+cast.Ticket,
		"to speak", a.Config.BaseURL+cast.Speak, "live now", a.Config.BaseURL+cast.Live, "a proof", a.Config.BaseURL+cast.Verify)
	return nil
}
