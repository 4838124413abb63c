package live

import (
	"slices"
	"strings"

	"agora/app/db"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
	"agora/templates"
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
		err = s.liveOwn(v, viewer, qa.Request{Do: qa.ActWithdraw, Question: f.Get("withdraw")}).Err()
	case f.Has("poll") && s.Site.Polls != nil:
		return s.liveBallot(v, x, viewer, f)
	case f.Has("tell"):
		return s.liveTellMe(v, x, viewer, f)
	case f.Has("revise"):
		return s.liveRevise(v, x, viewer, f)
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
	r := qa.Request{Op: f.Key(), Do: qa.ActAsk, Text: f.Values["text"], Speaker: f.Get("speaker")}
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

// liveOwn does something to an own question. It tries the secrets this browser
// holds; which of them is the question's own only their owner knows.
func (s Pages) liveOwn(v *page.Visit, viewer qa.Viewer, r qa.Request) (ack qa.Ack) {
	for _, r.Secret = range append(askedSecrets(v), "") {
		r.Op = db.NewID()
		if ack = s.QA.Do(v.Ctx, viewer, r); ack.Code != qa.CodeNotYours {
			return ack
		}
	}
	return ack
}

// liveRevise changes the text of an own question that nobody took up yet.
func (s Pages) liveRevise(v *page.Visit, x *program.Session, viewer qa.Viewer, f *page.Form) error {
	r := qa.Request{Do: qa.ActRevise, Question: f.Get("revise"), Text: f.Values["text"]}
	if was, sent := f.Values["was"]; sent {
		was = strings.ReplaceAll(was, "\r\n", "\n") // as browsers send it
		r.Was = &was
	}
	ack := s.liveOwn(v, viewer, r)
	if ack.Code == "" {
		v.Say("success", "flash.saved")
		return v.Redirect(livePlace(v, x))
	}
	if err := notDone(f, ack); err != nil {
		return err
	}
	return s.showLive(v, f)
}

// liveForm fills in the form to ask with, as it is or as it came back; with
// "revise" it holds an own question to be changed.
func liveForm(v *page.Visit, p *livePage, x *program.Session, f *page.Form) {
	a := &p.Ask
	a.Key, a.Text, a.Name, a.Anonymous = f.Key(), f.Values["text"], f.Get("name"), f.Has("anonymous") && !a.Named
	a.Errors, a.NameErrors, a.SpeakerErrors = f.Errors("text"), f.Errors("name"), f.Errors("speaker")
	if a.Name == "" && v.SignedIn() {
		a.Name = v.Person.Name
	}
	// Of one speaker there is nobody to choose.
	if len(x.Speakers) > 1 {
		for _, who := range x.Speakers {
			a.Speakers = append(a.Speakers, templates.Option{Value: who.ID, Text: who.Name, Checked: f.Get("speaker") == who.ID})
		}
	}
	id := f.Get("revise")
	if id == "" {
		id = v.Query("revise")
	}
	for _, q := range append(slices.Clone(p.Own), p.Questions...) {
		if q.ID != id || !q.CanRevise {
			continue
		}
		a.Revise, a.Was, a.BackHref = q.ID, q.Text, p.ActHref
		if f.Values["text"] == "" && len(a.Errors) == 0 {
			a.Text = q.Text
		}
	}
	p.tellForm(v, f)
}
