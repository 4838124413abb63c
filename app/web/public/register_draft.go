package public

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/web/page"
)

// draftCookie holds the secret of a form that was saved before it was sent. It
// is set for the form's own address only, so each edition has one of its own.
const draftCookie = "agora_draft"

// draftSecret is how long a secret is: what is shorter was not made here, and
// could be guessed by others.
const draftSecret = 32

// RegisterSave keeps a form that is not sent yet, for this browser alone.
func (s Pages) RegisterSave(v *page.Visit) error {
	if !v.Now.Before(v.Edition.ClosesAt) {
		return v.Redirect(v.Edition.Path() + "/register")
	}
	f := v.Sent()
	gatherAnswers(f)
	dropBlankRows(f)
	f.Key()
	secret, err := s.Registrations.SaveDraft(v.Ctx, v.Edition, secretOf(v), typedIn(f))
	if err != nil {
		return again(v, f, err)
	}
	setDraft(v, secret, v.Edition.ClosesAt.Add(24*time.Hour).Sub(v.Now))
	v.Say("success", "flash.draft_saved")
	return v.Redirect(v.Edition.Path() + "/register")
}

// RegisterForget deletes a saved form.
func (s Pages) RegisterForget(v *page.Visit) error {
	if secret := secretOf(v); secret != "" {
		if err := s.Registrations.DropDraft(v.Ctx, secret); err != nil {
			return err
		}
		v.Say("success", "flash.draft_forgotten")
	}
	setDraft(v, "", -time.Second)
	return v.Redirect(v.Edition.Path() + "/register")
}

// refill puts into the form what this browser saved earlier.
func (s Pages) refill(v *page.Visit, f *page.Form) error {
	saved, err := s.Registrations.Draft(v.Ctx, v.Edition, secretOf(v))
	if err != nil || saved == nil {
		return err
	}
	// What was left empty on purpose must not come back from elsewhere.
	clear(f.Values)
	for name, value := range saved {
		f.Values[name] = value
	}
	f.Values[fromDraft] = "1"
	return nil
}

// lacks notes what a saved form is still without, while there is time: the press
// at the opening should have nothing left to ask. Colleagues answer the
// edition's own questions themselves, later.
func (s Pages) lacks(v *page.Visit, f *page.Form) error {
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	status := v.C.Response().StatusCode()
	people, own := partyOf(v, f, setup.Form).People, setup.Form
	numbers := rows(f)
	for i, in := range people {
		name := func(field string) string { return field }
		if i > 0 {
			in.Place, own = people[0].Place, form.Form{}
			name = func(field string) string { return rowName(numbers[i-1], field) }
		}
		if bad, ok := fail.As(in.Check(v.Edition, own)); ok {
			named := fail.Fields{}
			for field, problems := range bad.Fields {
				named[name(field)] = problems
			}
			f.Refused(named.Err())
		}
	}
	v.C.Status(status) // looking at what is not finished is no mistake
	return nil
}

// fromDraft marks a form that was filled from what was saved. No control has
// this name.
const fromDraft = " draft"

// sent forgets the saved form once it has become a registration. The place is
// taken by then: a draft that stays until it is purged spoils nothing.
func (s Pages) sent(v *page.Visit) {
	secret := secretOf(v)
	if secret == "" {
		return
	}
	if err := s.Registrations.DropDraft(v.Ctx, secret); err != nil {
		s.Log.Warn("a sent form was not forgotten", "error", err.Error())
		return
	}
	setDraft(v, "", -time.Second)
}

// typedIn are the controls of the form and nothing else of what was sent.
func typedIn(f *page.Form) map[string]string {
	kept := map[string]string{}
	for name, value := range f.Values {
		_, _, row := rowField(name)
		if row || strings.HasPrefix(name, answers) {
			kept[name] = value
		}
	}
	for _, name := range []string{"place", "code", "name", "email", "organisation", "photo", "needs", "consent", "meanwhile", "together", "key"} {
		if f.Has(name) {
			kept[name] = f.Values[name]
		}
	}
	return kept
}

func secretOf(v *page.Visit) string {
	if secret := v.C.Cookies(draftCookie); len(secret) == draftSecret {
		return secret
	}
	return ""
}

func setDraft(v *page.Visit, secret string, life time.Duration) {
	c := &fiber.Cookie{Name: draftCookie, Value: secret, Path: v.Edition.Path() + "/register", MaxAge: int(life.Seconds()),
		Secure: v.Site.Secure, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode}
	if life < 0 {
		c.Expires = time.Unix(0, 0)
	}
	v.C.Cookie(c)
}
