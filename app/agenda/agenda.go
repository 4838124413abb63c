// Package agenda is one person's own way through an edition: the sessions they
// have marked, those they are signed up to and those they speak at. It tells
// them where two of these overlap, gives their calendar a feed, and writes to
// them when a release moves what is theirs, and to nobody else.
//
// Table: favourite.
package agenda

import (
	"slices"
	"time"

	"github.com/uptrace/bun"

	"agora/app/program"
	"agora/app/text"
	"agora/app/workshop"
)

// maxMarked bounds what one person may mark in an edition: more than any
// programme holds, so it only stops who plays.
const maxMarked = 3000

// row is a session that a person has marked.
type row struct {
	bun.BaseModel `bun:"table:favourite"`

	PersonID  string `bun:",pk"`
	SessionID string `bun:",pk"`
	EditionID string
	CreatedAt time.Time
}

// Item is one of the person's own sessions, and why it is theirs. State and
// Position are those of the sign-up; State is empty without one.
type Item struct {
	Session  *program.Session
	Marked   bool
	Speaks   bool
	State    workshop.State
	Position int64
	// Clashes are the person's other sessions at the same time.
	Clashes []*program.Session
}

// Day is what a person has on one day of the programme.
type Day struct {
	Day   *program.Day
	Items []*Item
}

// Table is a topic table the person is signed up to; it has no time of its own.
type Table struct {
	Name     text.Texts
	State    workshop.State
	Position int64
}

// Agenda is all of it, in the order of the days.
type Agenda struct {
	Days   []Day
	Tables []Table
	Items  []*Item
}

// Empty reports whether there is nothing to show.
func (a Agenda) Empty() bool { return len(a.Items) == 0 && len(a.Tables) == 0 }

// Of makes the agenda of marked sessions alone, as a device keeps them without
// an account. Ids that the programme does not have are left out.
func Of(p *program.Programme, marked []string) Agenda {
	var b builder
	for _, id := range marked {
		if i := b.item(p, id); i != nil {
			i.Marked = true
		}
	}
	return b.agenda(p)
}

// builder collects a person's sessions, each once.
type builder struct {
	items  map[string]*Item
	tables []Table
}

// item gives the entry of a session, nil when the programme does not have it.
func (b *builder) item(p *program.Programme, sessionID string) *Item {
	x := p.ByID(sessionID)
	if x == nil {
		return nil
	}
	if b.items == nil {
		b.items = map[string]*Item{}
	}
	i := b.items[sessionID]
	if i == nil {
		i = &Item{Session: x}
		b.items[sessionID] = i
	}
	return i
}

// agenda puts the entries into the programme's order and finds what overlaps.
func (b *builder) agenda(p *program.Programme) Agenda {
	a := Agenda{Tables: b.tables}
	for _, d := range p.Days {
		day := Day{Day: d}
		for _, x := range d.Sessions {
			if i := b.items[x.ID]; i != nil {
				day.Items = append(day.Items, i)
				a.Items = append(a.Items, i)
			}
		}
		if len(day.Items) > 0 {
			a.Days = append(a.Days, day)
		}
	}
	clashes(a.Items)
	return a
}

// clashes notes on both sides what nobody can be at both of.
func clashes(items []*Item) {
	list := slices.Clone(items)
	slices.SortStableFunc(list, func(a, b *Item) int { return a.Session.StartsAt.Compare(b.Session.StartsAt) })
	for n, a := range list {
		for _, b := range list[n+1:] {
			if !b.Session.StartsAt.Before(a.Session.EndsAt) {
				break
			}
			if !a.Session.Cancelled && !b.Session.Cancelled && a.Session.EndsAt.After(b.Session.StartsAt) && b.Session.Length() > 0 {
				a.Clashes, b.Clashes = append(a.Clashes, b.Session), append(b.Clashes, a.Session)
			}
		}
	}
}
