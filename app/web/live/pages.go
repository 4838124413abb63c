// Package live is the rooms in which questions are asked while a session is on:
// the audience's page, the day's, the moderators' desk, and what joins them to the
// hub of websockets. The package owns no tables.
package live

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
