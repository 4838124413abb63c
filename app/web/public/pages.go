// Package public is what visitors and those who come see: editions, the programme
// in all its forms, registering, one's ticket, signing in and one's own data, and
// the API for other programs. The package owns no tables.
package public

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
