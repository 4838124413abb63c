package public

import (
	"context"
	"time"

	"agora/app/edition"
	"agora/app/fail"
	"agora/app/registration"
	"agora/app/web/page"
	"agora/templates"
)

// RegisterForm asks who comes. It may be filled in and saved before the opening.
func (s Pages) RegisterForm(v *page.Visit) error {
	f := v.Blank()
	f.Set("photo", string(registration.PhotoAsk)).Set("meanwhile", "1").Set("together", "yes")
	if v.SignedIn() {
		f.Set("name", v.Person.Name).Set("email", v.Person.Email)
	}
	if err := s.refill(v, f); err != nil {
		return err
	}
	for _, name := range []string{"place", "code"} {
		if asked := v.Query(name); asked != "" {
			f.Set(name, asked)
		}
	}
	if f.Has(fromDraft) {
		if err := s.lacks(v, f); err != nil {
			return err
		}
	}
	return newRegisterPage(v, f, nil)
}

// Register claims a place, or several for colleagues. What was decided stands on
// the ticket page at once.
func (s Pages) Register(v *page.Visit) error {
	f := v.Sent()
	gatherAnswers(f)
	if changesRows(f) {
		return newRegisterPage(v, f, nil)
	}
	dropBlankRows(f)
	setup, err := s.Registrations.Setup(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	res, err := s.claim(v, f, partyOf(v, f, setup.Form))
	if err == nil {
		s.sent(v)
		return v.Redirect("/ticket/" + s.Registrations.Token(res.Registration))
	}
	return again(v, f, err)
}

// again shows the form once more, with what was typed and why it was not taken.
func again(v *page.Visit, f *page.Form, err error) error {
	err = page.OrLater(err)
	switch e, _ := fail.As(err); {
	case f.Refused(err):
		return newRegisterPage(v, f, nil)
	case e != nil && e.Kind == fail.Conflict:
		v.C.Status(page.Statuses[fail.Conflict])
		return newRegisterPage(v, f, &templates.Notice{Kind: "info", Text: v.Sentence(e.Key, e.Args)})
	case e != nil && e.Kind == fail.Busy:
		// Nobody types a form again because it was crowded; the key stays too.
		v.PutOff(e)
		v.C.Status(page.Statuses[fail.Busy])
		// Waiting has used up the request's time; drawing the form takes little.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Ctx), time.Second)
		defer cancel()
		v.Ctx = ctx
		return newRegisterPage(v, f, &templates.Notice{Kind: "bad", Text: v.Sentence(e.Key, e.Args)})
	}
	return err
}

// claim hands the form in. A key that stands for other words is of a page that
// somebody went back to: what is sent now is an act of its own.
func (s Pages) claim(v *page.Visit, f *page.Form, party registration.Party) (registration.Result, error) {
	res, err := s.handIn(v, f, party)
	if e, ok := fail.As(err); ok && len(e.Fields["idempotency_key"]) > 0 {
		delete(f.Values, "key")
		return s.handIn(v, f, party)
	}
	return res, err
}

func (s Pages) handIn(v *page.Visit, f *page.Form, party registration.Party) (registration.Result, error) {
	key := page.ActKey(registerScope(v.Edition), f.Key())
	if len(party.People) == 1 {
		return s.Registrations.Register(v.Ctx, v.Edition, party.People[0], key)
	}
	return s.Registrations.RegisterParty(v.Ctx, v.Edition, party, key)
}

func registerScope(e edition.Edition) string { return "register:" + e.ID }
