package live

import (
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
)

// Act asks, votes and withdraws by form, for those whose browser runs no
// script or whose network lets no websocket through.
func (s Pages) Act(v *page.Visit) error {
	_, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	if !takesQuestions(v, x) {
		return fail.New(fail.Conflict, qa.CodeClosed.Key())
	}
	if _, err := s.QA.Open(v.Ctx, x.ID); err != nil {
		return err
	}
	viewer := viewer(v, x.ID, qa.Audience)
	switch {
	case f.Has("vote"):
		id, wish, _ := strings.Cut(f.Get("vote"), " ")
		on := wish == "on"
		err = s.QA.Do(v.Ctx, viewer, qa.Request{Op: db.NewID(), Do: qa.ActVote, Question: id, On: &on}).Err()
	case f.Has("withdraw"):
		err = s.liveWithdraw(v, viewer, f.Get("withdraw"))
	default:
		return s.liveAsk(v, x, viewer, f)
	}
	if err != nil {
		return err
	}
	return v.Redirect(livePlace(v, x))
}

// livePlace is the page itself, with what the visitor chose.
func livePlace(v *page.Visit, x *program.Session) string {
	return v.SessionHref(x) + "/live" + liveQuery(v)
}

// liveAsk keeps what was typed whatever the answer is.
func (s Pages) liveAsk(v *page.Visit, x *program.Session, viewer qa.Viewer, f *page.Form) error {
	r := qa.Request{Op: f.Key(), Do: qa.ActAsk, Text: f.Values["text"]}
	if !f.Has("anonymous") {
		if name := f.Get("name"); name != "" {
			r.Name = &name
		} else {
			f.Note("name", "live.name_missing")
		}
	}
	if len(f.Problems) == 0 {
		ack := s.QA.Do(v.Ctx, viewer, r)
		if ack.Code == "" {
			if ack.Secret != "" {
				keepSecret(v, v.SessionHref(x), ack.Secret)
			}
			v.Say("success", "flash.asked")
			return v.Redirect(livePlace(v, x))
		}
		if err := notDone(f, ack); err != nil {
			return err
		}
	} else {
		v.C.Status(page.Statuses[fail.Invalid])
	}
	return s.showLive(v, f)
}

// notDone puts a refused act beside the text it was about. What failed in here is
// not the visitor's to mend.
func notDone(f *page.Form, ack qa.Ack) error {
	err := ack.Err()
	kind := fail.KindOf(err)
	if kind == fail.Internal || kind == fail.Busy {
		return err
	}
	field := "text"
	if e, ok := fail.As(err); ok {
		for name := range e.Fields {
			field = name
		}
	}
	f.Note(field, ack.Code.Key(), ack.Args...)
	f.V.C.Status(page.Statuses[kind])
	return nil
}

// liveWithdraw tries the secrets this browser holds; which of them is the
// question's own only their owner knows.
func (s Pages) liveWithdraw(v *page.Visit, viewer qa.Viewer, question string) error {
	var err error
	for _, secret := range append(askedSecrets(v), "") {
		err = s.QA.Do(v.Ctx, viewer, qa.Request{Op: db.NewID(), Do: qa.ActWithdraw, Question: question, Secret: secret}).Err()
		if !fail.Is(err, fail.Forbidden) {
			return err
		}
	}
	return err
}

// liveForm fills in the form to ask with, as it is or as it came back.
func liveForm(v *page.Visit, p *livePage, f *page.Form) {
	p.Ask = liveAsk{Key: f.Key(), Text: f.Values["text"], Name: f.Get("name"), Anonymous: f.Has("anonymous"),
		Errors: f.Errors("text"), NameErrors: f.Errors("name")}
	if p.Ask.Name == "" && v.SignedIn() {
		p.Ask.Name = v.Person.Name
	}
}
