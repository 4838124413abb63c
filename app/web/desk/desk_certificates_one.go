package desk

import (
	"slices"
	"strconv"
	"time"

	"agora/app/certificate"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// certificateOnePage is all about one person's certificate.
type certificateOnePage struct {
	Name, Base, Back  string
	Kind              certificate.Kind
	State, Why, Place string
	Facts             []templates.Fact
	Parts             []string
	Entitled          bool
	Registration      string // its page, where there is one
	Word              *certificateWord
	Problems          []templates.Problem
	History           []certificatePast
	Changed           bool
	CanRenew          bool
	ID                string // of the one that holds
	Reason            templates.Choice
	Note              templates.Field
}

// certificateWord is the form of the organiser's word.
type certificateWord struct {
	Action  string
	Present templates.Choice
	Minutes templates.Field
	Said    bool
}

// certificatePast is one that was given out, whether it holds or not.
type certificatePast struct {
	ID, Number, Code, Name, Verify string
	Issued                         time.Time
	Revoked                        *time.Time
	Reason, Note                   string
	Told                           *time.Time
	Holds                          bool
}

// CertificatePerson shows the certificate of one person, CertificateSpeaker that of
// one speaker.
func (s Pages) CertificatePerson(v *page.Visit) error { return s.certificateOne(v, v.Blank()) }

// CertificateSpeaker: see CertificatePerson.
func (s Pages) CertificateSpeaker(v *page.Visit) error { return s.certificateOne(v, v.Blank()) }

func (s Pages) certificateOne(v *page.Visit, f *page.Form) error {
	st, err := s.personStanding(v)
	if err != nil {
		return err
	}
	past, err := s.Certificates.History(v.Ctx, v.Edition, st)
	if err != nil {
		return err
	}
	p := certificateOnePage{Name: st.Name, Base: deskOf(v, "/certificates"), Back: deskOf(v, "/certificates"), Kind: st.Kind, State: certificateState(st),
		Why: v.T("certificate.why." + string(st.Why)), Place: placeWord(v, st.Registration), Entitled: st.Entitled, Changed: st.Changed(),
		CanRenew: st.Changed() || st.Withdrawn()}
	if st.Registration.ID != "" {
		p.Registration = deskOf(v, "/registrations/"+st.Registration.Code)
	}
	p.facts(v, st)
	for _, i := range past {
		p.History = append(p.History, newCertificatePast(v, i))
	}
	if st.Issued != nil {
		p.ID = st.Issued.ID
	}
	if st.Kind == certificate.Attendance {
		p.Word = newCertificateWord(v, f, st)
	}
	if !f.Has("reason") {
		f.Set("reason", string(certificate.Mistake))
	}
	var reasons []templates.Option
	for _, r := range certificate.Reasons {
		reasons = append(reasons, templates.Option{Value: string(r), Text: v.T("certificate.reason." + string(r))})
	}
	p.Reason, p.Note = f.Choice("reason", "certificates.reason", reasons...), f.Field("note", "text", "certificates.note")
	p.Note.Optional = true
	p.Problems = f.Summary()
	return v.Render("desk/certificate", st.Name, p)
}

// facts are what is known of how long they were there.
func (p *certificateOnePage) facts(v *page.Visit, st certificate.Standing) {
	length := func(d time.Duration) string { return text.Length(d) }
	if st.Entitled && st.Facts.Minutes > 0 {
		p.Facts = append(p.Facts, templates.Fact{Term: v.T("certificate.fact_length"), Text: length(time.Duration(st.Facts.Minutes) * time.Minute)})
	}
	if st.Live > 0 {
		p.Facts = append(p.Facts, templates.Fact{Term: v.T("certificates.in_live"), Text: length(st.Live)})
	}
	for _, part := range st.Facts.Sessions {
		p.Parts = append(p.Parts, v.Words(part.Title).Text+" · "+length(time.Duration(part.Minutes)*time.Minute))
	}
}

func newCertificateWord(v *page.Visit, f *page.Form, st certificate.Standing) *certificateWord {
	w := &certificateWord{Action: deskOf(v, "/certificates/person/"+st.Registration.Code), Said: st.Word != nil}
	if !f.Has("present") {
		f.Set("present", "")
		if st.Word != nil {
			f.Set("present", map[bool]string{true: "yes", false: "no"}[st.Word.Present])
			if st.Word.Minutes > 0 {
				f.Set("minutes", strconv.FormatInt(st.Word.Minutes, 10))
			}
		}
	}
	w.Present = f.Choice("present", "certificates.word", templates.Option{Value: "", Text: v.T("certificates.word_none"), Hint: v.T("certificates.word_none_hint")},
		templates.Option{Value: "yes", Text: v.T("certificates.word_yes")}, templates.Option{Value: "no", Text: v.T("certificates.word_no")})
	w.Minutes = f.Field("minutes", "number", "certificates.word_minutes")
	w.Minutes.Optional, w.Minutes.Min, w.Minutes.Max = true, "1", certificate.MaxMinutes
	return w
}

func newCertificatePast(v *page.Visit, i certificate.Issued) certificatePast {
	past := certificatePast{ID: i.ID, Number: text.Number(v.Lang, i.Number), Code: i.Code, Name: i.Name, Verify: "/verify/" + i.Code,
		Issued: v.Edition.Local(i.IssuedAt), Holds: i.Holds(), Note: i.Note}
	if i.RevokedAt != nil {
		at := v.Edition.Local(*i.RevokedAt)
		past.Revoked, past.Reason = &at, v.T("certificate.reason."+string(i.Reason))
	}
	if i.ToldAt != nil {
		at := v.Edition.Local(*i.ToldAt)
		past.Told = &at
	}
	return past
}

// CertificateWord takes an organiser's word on one person.
func (s Pages) CertificateWord(v *page.Visit) error {
	st, err := s.personStanding(v)
	if err != nil {
		return err
	}
	f := v.Sent()
	minutes := f.Count("minutes")
	if len(f.Problems) == 0 {
		switch f.Get("present") {
		case "yes", "no":
			n := int64(0)
			if minutes != nil {
				n = *minutes
			}
			err = s.Certificates.Give(v.Ctx, v.Person.ID, v.Edition, st.Registration.ID, f.Get("present") == "yes", n)
		default:
			err = s.Certificates.TakeBack(v.Ctx, v.Person.ID, v.Edition, st.Registration.ID)
		}
	}
	if bad, err := f.Failed(err); bad {
		if err != nil {
			return err
		}
		return s.certificateOne(v, f)
	}
	v.Say("success", "flash.certificate_word")
	return v.Redirect(certificateHref(v, st))
}

// CertificateRevoke ends one.
func (s Pages) CertificateRevoke(v *page.Visit) error {
	f := v.Sent()
	if err := s.Certificates.Revoke(v.Ctx, v.Person.ID, v.Edition, v.Param("certificate"), certificate.Reason(f.Get("reason")), shortNote(f.Get("note"))); err != nil {
		return err
	}
	v.Say("success", "flash.certificate_revoked")
	return s.backToPerson(v)
}

// CertificateRenew gives a new one for it.
func (s Pages) CertificateRenew(v *page.Visit) error {
	if _, err := s.Certificates.Renew(v.Ctx, v.Person.ID, v.Edition, v.Param("certificate")); err != nil {
		return err
	}
	v.Say("success", "flash.certificate_renewed")
	return s.backToPerson(v)
}

// CertificateIssue gives one person theirs.
func (s Pages) CertificateIssue(v *page.Visit) error {
	st, err := s.personStanding(v)
	if err != nil {
		return err
	}
	if _, err := s.Certificates.Issue(v.Ctx, v.Edition, []certificate.Standing{st}); err != nil {
		return err
	}
	v.Say("success", "flash.certificate_issued")
	return v.Redirect(certificateHref(v, st))
}

// backToPerson leads to the page of the certificate's holder.
func (s Pages) backToPerson(v *page.Visit) error {
	i, err := s.Certificates.ByID(v.Ctx, v.Edition.ID, v.Param("certificate"))
	if err != nil {
		return err
	}
	all, err := s.Certificates.All(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(st certificate.Standing) bool { return st.Issued != nil && st.Issued.About(i) })
	if at < 0 {
		return v.Redirect(deskOf(v, "/certificates"))
	}
	return v.Redirect(certificateHref(v, all[at]))
}

// maxNote bounds the organisers' own word on a revocation.
const maxNote = 300

func shortNote(s string) string {
	if r := []rune(s); len(r) > maxNote {
		return string(r[:maxNote])
	}
	return s
}
