package certificate_test

import (
	"agora/app/door"
	"agora/app/registration"
)

// scan reads a ticket at a session.
func (w *world) scan(r registration.Registration, session string) {
	w.Helper()
	_, _, err := w.door.Enter(w.Context(), w.e, door.Source{Person: "door"}, w.door.NewScan(r, session, door.In, door.ByCode), r)
	w.ok(err)
}
