package web

import (
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
)

// liveAct asks, votes and withdraws by form, for those whose browser runs no
// script or whose network lets no websocket through.
func (s *Site) liveAct(v *visit) error {
	_, x, err := s.liveBySlug(v)
	if err != nil {
		return err
	}
	f := v.sent()
	if !v.takesQuestions(x) {
		return fail.New(fail.Conflict, qa.CodeClosed.Key())
	}
	if _, err := s.QA.Open(v.ctx, x.ID); err != nil {
		return err
	}
	viewer := v.viewer(x.ID, qa.Audience)
	switch {
	case f.has("vote"):
		id, wish, _ := strings.Cut(f.get("vote"), " ")
		on := wish == "on"
		err = s.QA.Do(v.ctx, viewer, qa.Request{Op: db.NewID(), Do: qa.ActVote, Question: id, On: &on}).Err()
	case f.has("withdraw"):
		err = s.liveWithdraw(v, viewer, f.get("withdraw"))
	default:
		return s.liveAsk(v, x, viewer, f)
	}
	if err != nil {
		return err
	}
	return v.redirect(v.livePlace(x))
}

// livePlace is the page itself, with what the visitor chose.
func (v *visit) livePlace(x *program.Session) string {
	return v.sessionHref(x) + "/live" + v.liveQuery()
}

// liveAsk keeps what was typed whatever the answer is.
func (s *Site) liveAsk(v *visit, x *program.Session, viewer qa.Viewer, f *form) error {
	r := qa.Request{Op: f.key(), Do: qa.ActAsk, Text: f.values["text"]}
	if !f.has("anonymous") {
		if name := f.get("name"); name != "" {
			r.Name = &name
		} else {
			f.note("name", "live.name_missing")
		}
	}
	if len(f.problems) == 0 {
		ack := s.QA.Do(v.ctx, viewer, r)
		if ack.Code == "" {
			if ack.Secret != "" {
				v.keepSecret(v.sessionHref(x), ack.Secret)
			}
			v.say("success", "flash.asked")
			return v.redirect(v.livePlace(x))
		}
		if err := f.notDone(ack); err != nil {
			return err
		}
	} else {
		v.c.Status(statuses[fail.Invalid])
	}
	return s.showLive(v, f)
}

// notDone puts a refused act beside the text it was about. What failed in here is
// not the visitor's to mend.
func (f *form) notDone(ack qa.Ack) error {
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
	f.note(field, ack.Code.Key(), ack.Args...)
	f.v.c.Status(statuses[kind])
	return nil
}

// liveWithdraw tries the secrets this browser holds; which of them is the
// question's own only their owner knows.
func (s *Site) liveWithdraw(v *visit, viewer qa.Viewer, question string) error {
	var err error
	for _, secret := range append(v.askedSecrets(), "") {
		err = s.QA.Do(v.ctx, viewer, qa.Request{Op: db.NewID(), Do: qa.ActWithdraw, Question: question, Secret: secret}).Err()
		if !fail.Is(err, fail.Forbidden) {
			return err
		}
	}
	return err
}

// liveForm fills in the form to ask with, as it is or as it came back.
func (v *visit) liveForm(p *livePage, f *form) {
	p.Ask = liveAsk{Key: f.key(), Text: f.values["text"], Name: f.get("name"), Anonymous: f.has("anonymous"),
		Errors: f.errors("text"), NameErrors: f.errors("name")}
	if p.Ask.Name == "" && v.signedIn() {
		p.Ask.Name = v.person.Name
	}
}
