// Package asking is where organisers put together their own questions: those of
// the registration, and those of the open call. The package owns no tables.
package asking

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
