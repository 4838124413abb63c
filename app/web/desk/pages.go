// Package desk is what organisers work with: editions and their settings, speakers
// and material, registrations, people, mail and paper. The programme is planned in
// planning, beside it. The package owns no tables.
package desk

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
