package app

import (
	"time"

	"agora/app/rehearse"
)

// Rehearsal prepares a rehearsal of the server that answers at host and port
// and works on this database. stopwatch measures; tell hears of the progress.
func (a *App) Rehearsal(address string, stopwatch func() time.Time, tell rehearse.Progress) *rehearse.Rehearsal {
	return rehearse.New(rehearse.Parts{DB: a.DB, Now: a.now, Stopwatch: stopwatch,
		Editions: a.Editions, Program: a.Program, Registrations: a.Registrations, QA: a.qa}, address, tell)
}
