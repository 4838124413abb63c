package registering

import (
	"slices"

	"agora/app/fail"
	"agora/app/registration"
	"agora/app/web/page"
)

// decidePage asks once more before something is decided about several people.
type decidePage struct {
	Verdict registration.Verdict
	Action  string
	Back    string
	People  []listedRow
	Left    int // ticked, but nothing is to be decided about them
}

// mostTicked is more than a page of the list can tick.
const mostTicked = 4 * perPage

// RegistrationsDecide approves, refuses or cancels those who are ticked: first it
// says who and how many, and only the second press does it.
func (s Pages) RegistrationsDecide(v *page.Visit) error {
	f := v.Sent()
	base := "/desk" + v.Edition.Path() + "/registrations"
	verdict := registration.Verdict(f.Get("verdict"))
	if !slices.Contains(registration.Verdicts[:], verdict) {
		return fail.New(fail.Invalid, "desk_people.verdict_none")
	}
	var codes []string
	for _, code := range v.C.Request().PostArgs().PeekMulti("row") {
		codes = append(codes, registration.CleanCode(string(code)))
	}
	if len(codes) > mostTicked {
		return fail.New(fail.Invalid, "desk_people.ticked_most", "max", mostTicked)
	}
	rows, err := s.Registrations.ByCodes(v.Ctx, v.Edition.ID, codes)
	if err != nil {
		return err
	}
	var ids []string
	var about []registration.Registration
	for _, r := range rows {
		if verdict.Applies(r) {
			ids, about = append(ids, r.ID), append(about, r)
		}
	}
	if len(about) == 0 && !f.Has("sure") {
		v.Say("bad", "flash.decided_nobody")
		return v.Redirect(base + filterQuery(v))
	}
	if f.Has("sure") {
		return s.decided(v, verdict, ids, len(codes))
	}
	p := decidePage{Verdict: verdict, Action: base + "/decide" + filterQuery(v), Back: base + filterQuery(v), Left: len(rows) - len(about)}
	if p.People, err = s.listed(v, about); err != nil {
		return err
	}
	return v.Render("desk/decide", v.T("desk_people.decide_"+string(verdict)), p)
}

// decided does it. Those whom somebody else decided about meanwhile stay as they
// are, and that is told.
func (s Pages) decided(v *page.Visit, verdict registration.Verdict, ids []string, wanted int) error {
	done, err := s.Registrations.Decide(v.Ctx, v.Edition, v.Person.ID, verdict, ids)
	if err != nil {
		return err
	}
	switch {
	case done == 0:
		v.Say("info", "flash.decided_before")
	case done < wanted:
		v.Say("success", "flash.decided_some")
	default:
		v.Say("success", "flash.decided_"+string(verdict))
	}
	return v.Redirect("/desk" + v.Edition.Path() + "/registrations" + filterQuery(v))
}

// verdictOn is the act of a registration's own page.
func (s Pages) verdictOn(v *page.Visit, verdict registration.Verdict) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return err
	}
	done, err := s.Registrations.Decide(v.Ctx, v.Edition, v.Person.ID, verdict, []string{r.ID})
	if err != nil {
		return err
	}
	if done == 0 {
		v.Say("info", "flash.decided_before")
	} else {
		v.Say("success", "flash.decided_"+string(verdict))
	}
	return v.Redirect("/desk" + v.Edition.Path() + "/registrations/" + r.Code)
}

// RegistrationApprove lets in somebody who waits for an organiser's word.
func (s Pages) RegistrationApprove(v *page.Visit) error {
	return s.verdictOn(v, registration.ToApprove)
}

// RegistrationRefuse tells them that there is no place for them.
func (s Pages) RegistrationRefuse(v *page.Visit) error { return s.verdictOn(v, registration.ToRefuse) }

// RegistrationCancel cancels on behalf of somebody who asked for it by mail.
func (s Pages) RegistrationCancel(v *page.Visit) error { return s.verdictOn(v, registration.ToCancel) }

// RegistrationLetter sends somebody their ticket again.
func (s Pages) RegistrationLetter(v *page.Visit) error {
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return err
	}
	sent, err := s.Registrations.SendAgain(v.Ctx, v.Edition, v.Person.ID, r)
	if err != nil {
		return err
	}
	if sent {
		v.Say("success", "flash.letter_again")
	} else {
		v.Say("info", "flash.letter_just_now")
	}
	return v.Redirect("/desk" + v.Edition.Path() + "/registrations/" + r.Code)
}
