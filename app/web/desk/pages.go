// Package desk is what organisers work with: editions and their settings, the call,
// speakers and material, the team, mail and paper. Tasks with pages enough for a
// package have one beside it: planning, registering, asking. It owns no tables.
package desk

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
