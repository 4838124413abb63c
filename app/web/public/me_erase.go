package public

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/web/page"
)

// MeErase removes a person: first their places go on to those who wait, then
// every area forgets them at once, or none does.
func (s Pages) MeErase(v *page.Visit) error {
	f := v.Sent()
	if !f.Has("sure") {
		f.Refused(fail.Wrong("sure", "me.erase_sure"))
		return s.mePage(v, f)
	}
	// Looked at first: whoever has to stay keeps their places too.
	if err := s.Accounts.Erasable(v.Ctx, v.Person.ID); err != nil {
		return err
	}
	regs, err := s.Registrations.AllOfPerson(v.Ctx, v.Person.ID)
	if err != nil {
		return err
	}
	for _, r := range regs {
		e, err := s.Editions.ByID(v.Ctx, r.EditionID)
		if err != nil {
			return err
		}
		if r.Live() && e.Phase(v.Now, false) != edition.Archive {
			if _, err := s.Registrations.Cancel(v.Ctx, e, r); err != nil {
				return err
			}
		}
	}
	err = s.DB.Tx(v.Ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, erase := range s.Erasers {
			if err := erase(ctx, tx, v.Person.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.Editions.Forget()
	if err := s.QA.AnnounceAll(v.Ctx); err != nil {
		return err
	}
	v.DropCookie(s.LoginCookie())
	v.Say("info", "flash.erased")
	return v.Redirect("/")
}
