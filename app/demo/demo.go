// Package demo fills an empty database with a series to look around in: the
// archived edition of 2016, the coming one with registration open, and a
// session that is live at this moment.
//
// Everything goes through the use cases that real data goes through, with a
// clock of its own that is moved to when things happened. The texts stand in
// content/; their people are invented and their addresses end in example.org.
//
// Tables: none of its own.
package demo

import (
	"context"
	"fmt"
	"time"

	"agora/app/account"
	"agora/app/db"
	"agora/app/fail"
	"agora/app/file"
	"agora/app/text"
)

// Slugs of what is made here; the contract names them.
const (
	Series  = "cmadfi"
	Archive = "2016"
	Coming  = "2027"
)

// linkLife is how long the cast's links work: longer than anybody looks around.
const linkLife = 30 * 24 * time.Hour

// ErrNotEmpty says that there are series already; nothing has been written.
var ErrNotEmpty error = fail.Clash("demo.not_empty")

// Member is somebody to sign in as. Token and Link sign in once.
type Member struct {
	Name  string
	Email string
	ID    string
	Token string
	Link  string // whole address of the sign-in
	Next  string // path the link leads to
}

// Cast is who and what a visitor of the demonstration starts from.
type Cast struct {
	Organiser Member // an owner
	Moderator Member // of the coming edition
	Speaker   Member // of the coming edition
	Attendee  Member // holds a seat in the coming edition, and was there in 2016

	Ticket string // path of the attendee's ticket
	Speak  string // path of the speaker's own pages
	Verify string // path that proves the attendee's certificate of 2016
	Live   string // path of the session that is live now
}

// Seed fills an empty database. secret and baseURL are the server's own: with
// others the tickets would not open. Without files, slides stay links.
func Seed(ctx context.Context, d *db.DB, files *file.Service, now time.Time, secret []byte, baseURL string) (Cast, error) {
	h, err := newHouse(d, files, now, secret, baseURL)
	if err != nil {
		return Cast{}, err
	}
	defer h.close()
	known, err := h.editions.AllSeries(ctx)
	if err != nil {
		return Cast{}, err
	}
	if len(known) > 0 {
		return Cast{}, ErrNotEmpty
	}
	var cast Cast
	err = h.quickly(ctx, func() error {
		cast, err = h.seed(ctx)
		return err
	})
	return cast, err
}

// seed does everything in the order of the real years.
func (h *house) seed(ctx context.Context) (Cast, error) {
	var cast Cast
	var err error
	if cast.Organiser, err = h.member(ctx, "Orvokki Esimerkki", text.Finnish, true, "/desk/"+Series+"/"+Coming); err != nil {
		return cast, err
	}
	h.organiser = cast.Organiser.ID
	if err := h.newSeries(ctx); err != nil {
		return cast, fmt.Errorf("the series: %w", err)
	}
	if cast.Verify, err = h.archive(ctx); err != nil {
		return cast, fmt.Errorf("the edition %s: %w", Archive, err)
	}
	if err := h.coming(ctx, &cast); err != nil {
		return cast, fmt.Errorf("the edition %s: %w", Coming, err)
	}
	return cast, nil
}

// member makes somebody to sign in as; the address follows from the name.
func (h *house) member(ctx context.Context, name string, language text.Lang, owner bool, next string) (Member, error) {
	h.clock.set(h.now)
	m := Member{Name: name, Email: address(name), Next: next}
	token, person, err := h.accounts.MakeLink(ctx, account.Invite{
		Email: m.Email, Name: name, Language: language, Owner: owner, Life: linkLife, Next: next,
	})
	if err != nil {
		return m, err
	}
	m.ID, m.Token, m.Link = person.ID, token, h.accounts.URL(token)
	return m, nil
}
