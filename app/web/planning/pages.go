// Package planning is what organisers plan the programme with: its sessions, the
// grid they are moved on, rooms and tracks, schedule files, releases, and on the
// day the delays. What becomes of a session afterwards (speakers, material, the
// questions asked) is in desk. The package owns no tables.
package planning

import "agora/app/web/page"

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
