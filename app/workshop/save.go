package workshop

import (
	"context"
	"maps"
	"slices"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/registration"
	"agora/app/text"
)

// The letters this area writes.
const (
	promoted = mail.WorkshopPromoted
	removed  = mail.WorkshopRemoved
	dropped  = mail.WorkshopDropped
)

// save writes what was decided, again in a number of statements that does not
// grow with the acts.
func (t *turn) save(ctx context.Context) error {
	b := t.board
	// Changes go first: who left and came again would else stand there twice.
	if rows := slices.Collect(maps.Values(b.changed)); len(rows) > 0 {
		if _, err := t.tx.NewUpdate().Model(&rows).Column("state", "line", "changed_at").Bulk().Exec(ctx); err != nil {
			return err
		}
	}
	if len(b.fresh) > 0 {
		if _, err := t.tx.NewInsert().Model(&b.fresh).Exec(ctx); err != nil {
			return err
		}
	}
	if err := t.saveWorkshops(ctx); err != nil {
		return err
	}
	if err := db.Remember(ctx, t.tx, t.answers); err != nil {
		return err
	}
	if err := t.write(ctx); err != nil {
		return err
	}
	for _, entry := range t.audits {
		if err := audit.Write(ctx, t.tx, b.now, entry); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) saveWorkshops(ctx context.Context) error {
	var counters []*Workshop
	for _, id := range ordered(t.board.touched) {
		w := t.board.workshops[id]
		if !t.edited[id] {
			counters = append(counters, w)
			continue
		}
		_, err := t.tx.NewUpdate().Model(w).WherePK().
			Column("title", "about", "audience", "capacity", "taken", "waiting", "line").Exec(ctx)
		if err != nil {
			return err
		}
	}
	if len(counters) > 0 {
		if _, err := t.tx.NewUpdate().Model(&counters).Column("taken", "waiting", "line").Bulk().Exec(ctx); err != nil {
			return err
		}
	}
	for _, id := range t.removed {
		for _, statement := range []string{"DELETE FROM sign_up WHERE workshop_id = ?", "DELETE FROM workshop WHERE id = ?"} {
			if _, err := t.tx.NewRaw(statement, id).Exec(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// write queues the letters.
func (t *turn) write(ctx context.Context) error {
	to := map[string]bool{}
	for _, n := range t.board.news {
		to[n.registration] = true
	}
	if err := t.loadRegistrations(ctx, to); err != nil {
		return err
	}
	letters := make([]mail.Letter, 0, len(t.board.news))
	for _, n := range t.board.news {
		if r := t.regs[n.registration]; r != nil {
			letters = append(letters, t.s.letter(t.board.edition, *r, n))
		}
	}
	return mail.Queue(ctx, t.tx, t.board.now, letters...)
}

// letter writes what a person is told, in their language. A table, which has
// no time and room of its own, is where and when the edition is.
func (s *Service) letter(e edition.Edition, r registration.Registration, n news) mail.Letter {
	l, w := r.Language, n.workshop
	when := text.Days(l, e.Local(e.StartsAt), e.Local(e.EndsAt))
	where, _ := e.In(e.Venue, l)
	if w.Scheduled() {
		from := e.Local(w.StartsAt)
		when = text.LongDate(l, from) + " " + text.At(l, from)
	}
	if room, _ := e.In(w.Room, l); room != "" {
		where = room
	}
	return mail.Letter{EditionID: e.ID, Email: r.Email, Name: r.Name, Language: l, Kind: n.kind, Args: map[string]any{
		"name": r.Name, "edition": e.Name(l), "workshop": w.Name(e, l), "when": when, "where": where, "ticket": s.ticket(r),
	}}
}

// title is a workshop's name as an argument of a message: each reader gets it
// in their own language.
type title struct {
	edition  edition.Edition
	workshop Workshop
}

// Say puts the title into a language.
func (x title) Say(l text.Lang) string { return x.workshop.Name(x.edition, l) }

// String is for logs.
func (x title) String() string { return x.Say(text.English) }

// hours are a workshop's times as an argument of a message.
type hours title

// Say writes the times; with the day where the edition has several.
func (x hours) Say(l text.Lang) string {
	e := x.edition
	from, to := e.Local(x.workshop.StartsAt), e.Local(x.workshop.EndsAt)
	span := text.At(l, from) + "–" + text.Clock(l, to)
	if first, last := e.Local(e.StartsAt), e.Local(e.EndsAt); first.YearDay() != last.YearDay() || first.Year() != last.Year() {
		return text.LongDate(l, from) + " " + span
	}
	return span
}

// String is for logs.
func (x hours) String() string { return x.Say(text.English) }
