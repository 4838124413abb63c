package web

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
)

// Eraser forgets one person in one area, inside the transaction of all of them.
type Eraser func(ctx context.Context, tx bun.IDB, personID string) error

// meErase removes a person: first their places go on to those who wait, then
// every area forgets them at once, or none does.
func (s *Site) meErase(v *visit) error {
	f := v.sent()
	if !f.has("sure") {
		f.refused(fail.Wrong("sure", "me.erase_sure"))
		return s.mePage(v, f)
	}
	// Looked at first: whoever has to stay keeps their places too.
	if err := s.Accounts.Erasable(v.ctx, v.person.ID); err != nil {
		return err
	}
	regs, err := s.Registrations.AllOfPerson(v.ctx, v.person.ID)
	if err != nil {
		return err
	}
	for _, r := range regs {
		e, err := s.Editions.ByID(v.ctx, r.EditionID)
		if err != nil {
			return err
		}
		if r.Live() && e.Phase(v.now, false) != edition.Archive {
			if _, err := s.Registrations.Cancel(v.ctx, e, "", r); err != nil {
				return err
			}
		}
	}
	err = s.DB.Tx(v.ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, erase := range s.Erasers {
			if err := erase(ctx, tx, v.person.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Editions.Forget()
	if err := s.QA.AnnounceAll(v.ctx); err != nil {
		return err
	}
	v.dropCookie(s.loginCookie())
	v.say("info", "flash.erased")
	return v.redirect("/")
}
