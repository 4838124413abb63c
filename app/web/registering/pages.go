// Package registering is where organisers look after those who come: the list of
// registrations and each of them, lists in and out, places and the rules of who
// gets one, what people sign up to within the day, and what the kitchen has to
// know. The package owns no tables.
package registering

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
