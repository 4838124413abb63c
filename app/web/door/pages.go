// Package door is what is used at the door: the page that scans, by role or on a
// device that joined by a link, what it exchanges with the server, and the desk's
// page of devices. Everything works as plain forms; scripts add the camera, work
// without network and a count that moves by itself.
//
// A device asks for news every few seconds with the number of the last change it
// heard of, and at once after every scan. That is simpler than a socket, goes through
// every guest network, and costs a handful of small answers for all doors together;
// what matters at a door, the verdict, needs no answer at all.
//
// The package owns no tables.
package door

import (
	"agora/app/web/page"
)

// Pages answers; each handler is a line of the table in app/web/routes.go.
type Pages struct{ *page.Site }
