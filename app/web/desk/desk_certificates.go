package desk

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"agora/app/certificate"
	"agora/app/fail"
	"agora/app/printing"
	"agora/app/registration"
	"agora/app/text"
	"agora/app/web/page"
	"agora/templates"
)

// certificatesPerPage is how many people a page of the list holds.
const certificatesPerPage = 50

// certificatesPage lists who has a certificate, who can have one, and who none and why.
type certificatesPage struct {
	Tabs             []page.NavLink
	Base             string
	States           []page.Pill
	Search           templates.Field
	Hidden           string // the state that is asked by
	Rows             []certificateRow
	Pages            templates.Pages
	Any              bool
	Entitled, Issued int
	Changed          int
	Kind, Language   templates.Field
	Letters          string // what becomes of the letters after the day
	Ready            bool
}

// certificateRow is one person's certificate.
type certificateRow struct {
	Name, Organisation, Href string
	Kind                     certificate.Kind
	State                    string // issued, ready, changed, revoked, none
	Why, Length, Number      string
	ID                       string
}

// certificateStates are the states of the list, in the order of its pills.
var certificateStates = [...]string{"ready", "issued", "changed", "revoked", "none"}

func certificateState(st certificate.Standing) string {
	switch {
	case st.Issued != nil && !st.Issued.Holds():
		return "revoked"
	case st.Changed():
		return "changed"
	case st.Issued != nil:
		return "issued"
	case st.Entitled:
		return "ready"
	}
	return "none"
}

// certificateTabs are the two pages about certificates.
func certificateTabs(v *page.Visit) []page.NavLink {
	base := deskOf(v, "/certificates")
	return []page.NavLink{
		{Href: base, Text: v.T("certificates.tab_people"), Current: v.C.Path() == base},
		{Href: base + "/rules", Text: v.T("certificates.tab_rules"), Current: v.C.Path() == base+"/rules"},
	}
}

// CertificatesPage shows the list.
func (s Pages) CertificatesPage(v *page.Visit) error {
	all, err := s.Certificates.All(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	rules, err := s.Certificates.Rules(v.Ctx, v.Edition.ID)
	if err != nil {
		return err
	}
	p := certificatesPage{Tabs: certificateTabs(v), Base: deskOf(v, "/certificates"), Any: len(all) > 0, Ready: certificate.Ready(v.Edition, v.Now)}
	counts := map[string]int64{}
	for _, st := range all {
		state := certificateState(st)
		counts[state]++
		if st.Entitled {
			p.Entitled++
		}
		if state == "issued" || state == "changed" {
			p.Issued++
		}
	}
	p.Changed = int(counts["changed"])
	p.Letters = lettersWords(v, rules)
	p.pills(v, counts, len(all))
	p.list(v, all)
	p.order(v)
	return v.Render("desk/certificates", v.T("certificates.title"), p)
}

// lettersWords says what becomes of the letters: they are to come, on their way, or
// have gone.
func lettersWords(v *page.Visit, r certificate.Rules) string {
	due := certificate.Due(v.Edition)
	switch {
	case certificate.Told(v.Edition, v.Now):
		return v.T("certificates.letters_gone")
	case !r.Letter:
		return v.T("certificates.letters_off")
	case v.Now.Before(due):
		return v.T("certificates.letters_when", "when", text.LongDate(v.Lang, due)+" "+text.At(v.Lang, due))
	}
	return v.T("certificates.letters_going")
}

// certificateNames are what the address of the list asks by, its page aside.
var certificateNames = []string{"q", "state"}

func (p *certificatesPage) pills(v *page.Visit, counts map[string]int64, all int) {
	counts[""] = int64(all)
	for _, state := range append([]string{""}, certificateStates[:]...) {
		current := v.Query("state") == state
		if counts[state] == 0 && !current {
			continue
		}
		p.States = append(p.States, page.Pill{Text: v.T("certificates.state_" + orAll(state)), N: counts[state], Current: current,
			Href: p.Base + v.AskedAs(certificateNames, "state", state)})
	}
	f := v.Blank().Set("q", v.Query("q"))
	p.Search, p.Hidden = f.Field("q", "search", "desk.search"), v.Query("state")
}

func orAll(state string) string {
	if state == "" {
		return "all"
	}
	return state
}

// list puts those who are asked for into rows, a page of them.
func (p *certificatesPage) list(v *page.Visit, all []certificate.Standing) {
	wanted := strings.ToLower(strings.TrimSpace(v.Query("q")))
	all = slices.DeleteFunc(all, func(st certificate.Standing) bool {
		found := wanted == "" || strings.Contains(strings.ToLower(st.Name), wanted) || strings.EqualFold(st.Registration.Code, wanted) ||
			st.Issued != nil && st.Issued.Code == certificate.CleanCode(wanted)
		return !found || v.Query("state") != "" && certificateState(st) != v.Query("state")
	})
	at := v.LeafAt()
	p.Pages = v.Leaf(at, (len(all)+certificatesPerPage-1)/certificatesPerPage)
	from := min((at-1)*certificatesPerPage, len(all))
	for _, st := range all[from:min(from+certificatesPerPage, len(all))] {
		p.Rows = append(p.Rows, newCertificateRow(v, st))
	}
}

func newCertificateRow(v *page.Visit, st certificate.Standing) certificateRow {
	row := certificateRow{Name: st.Name, Organisation: st.Registration.Organisation, Kind: st.Kind, State: certificateState(st),
		Why: v.T("certificate.why." + string(st.Why)), Href: certificateHref(v, st)}
	facts := st.Facts
	if i := st.Issued; i != nil {
		row.Number, row.ID = text.Number(v.Lang, i.Number), i.ID
		if i.Holds() {
			facts = i.Facts
		}
	}
	if facts.Minutes > 0 && (st.Entitled || row.State == "issued") {
		row.Length = text.Length(time.Duration(facts.Minutes) * time.Minute)
	}
	return row
}

// certificateHref is the page of one person's certificate.
func certificateHref(v *page.Visit, st certificate.Standing) string {
	if st.Kind == certificate.Speaking {
		return deskOf(v, "/certificates/speaker/"+st.Speaker.Slug)
	}
	return deskOf(v, "/certificates/person/"+st.Registration.Code)
}

// order is the form that orders them all on paper.
func (p *certificatesPage) order(v *page.Visit) {
	f := v.Blank()
	p.Kind, p.Language = f.Field("kind", "select", "certificates.print_kind"), f.Field("language", "select", "certificates.print_language")
	p.Kind.Options = []templates.Option{{Text: v.T("certificates.print_both")}}
	for _, k := range certificate.Kinds {
		p.Kind.Options = append(p.Kind.Options, templates.Option{Value: string(k), Text: v.T("certificate.title." + string(k))})
	}
	p.Language.Options = []templates.Option{{Text: v.T("certificates.print_own")}}
	for _, l := range text.Langs {
		p.Language.Options = append(p.Language.Options, templates.Option{Value: string(l), Text: l.Name()})
	}
}

// certificatesKind is the name of their bulk work.
const certificatesKind = "certificates"

// CertificatesPrint gives out all that can be had and orders them on paper.
func (s Pages) CertificatesPrint(v *page.Visit) error {
	f := v.Sent()
	bulk := certificate.Bulk{}
	if k := certificate.Kind(f.Get("kind")); slices.Contains(certificate.Kinds[:], k) {
		bulk.Kind = k
	}
	if l, ok := text.ParseLang(f.Get("language")); ok {
		bulk.Language = l
	}
	n, err := bulk.Prepare(v.Ctx, s.Certificates, v.Edition)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.Clash("certificates.nobody")
	}
	lang := v.Lang
	if bulk.Language != "" {
		lang = bulk.Language
	}
	p, err := s.Printing.Order(v.Ctx, v.Edition, printing.Order{By: v.Person.ID, Kind: certificatesKind, Name: v.Edition.Acronym() + "-" + v.T("certificates.file"),
		Lang: lang, Options: bulk, Total: n})
	if err != nil {
		return err
	}
	return v.Redirect(deskOf(v, "/printing/"+p.ID))
}

// printCertificates is their bulk work: it prints what was given out before.
func printCertificates(site *page.Site) printing.Kind {
	return printing.Kind{Name: certificatesKind, Print: func(ctx context.Context, p printing.Printout, w io.Writer, progress func(done, total int)) (printing.Outcome, error) {
		var bulk certificate.Bulk
		if err := p.Read(&bulk); err != nil {
			return printing.Outcome{}, err
		}
		e, err := site.Editions.ByID(ctx, p.EditionID)
		if err != nil {
			return printing.Outcome{}, err
		}
		report, err := bulk.Print(ctx, site.Certificates, w, e, p.Lang, progress)
		remarks := []printRemark{} // without names: what is kept of a printout names nobody
		for _, r := range report.NeedsLook() {
			if len(remarks) < mostRemarks {
				remarks = append(remarks, printRemark{Field: r.Field, Kind: r.Kind, Detail: r.Detail})
			}
		}
		return printing.Outcome{Pages: report.Pages, Remarks: remarks}, err
	}}
}

// CertificatesRenew gives new ones for all that say something which has changed.
func (s Pages) CertificatesRenew(v *page.Visit) error {
	if _, err := s.Certificates.RenewChanged(v.Ctx, v.Person.ID, v.Edition); err != nil {
		return err
	}
	v.Say("success", "flash.certificates_renewed")
	return v.Redirect(deskOf(v, "/certificates"))
}

// CertificatePDF prints one that was given out.
func (s Pages) CertificatePDF(v *page.Visit) error {
	i, err := s.Certificates.ByID(v.Ctx, v.Edition.ID, v.Param("certificate"))
	if err != nil {
		return err
	}
	return v.SendCertificate(i)
}

// TicketCertificate is the holder's own download: ?kind=speaking for who spoke.
func (s Pages) TicketCertificate(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	i, err := s.Certificates.Mine(v.Ctx, v.Edition, r, certificateKind(v))
	if err != nil {
		return err
	}
	return v.SendCertificate(i)
}

func certificateKind(v *page.Visit) certificate.Kind {
	if certificate.Kind(v.Query("kind")) == certificate.Speaking {
		return certificate.Speaking
	}
	return certificate.Attendance
}

// TicketCertificateRenew gives the holder a new one with today's name.
func (s Pages) TicketCertificateRenew(v *page.Visit) error {
	r, err := v.Holder()
	if err != nil {
		return err
	}
	i, err := s.Certificates.Mine(v.Ctx, v.Edition, r, certificate.Attendance)
	if err != nil {
		return err
	}
	if i.Name != r.Name {
		if _, err := s.Certificates.Renew(v.Ctx, "", v.Edition, i.ID); err != nil {
			return err
		}
		v.Say("success", "flash.certificate_renewed")
	}
	return v.Redirect("/ticket/" + v.Param("token"))
}

// VerifyCertificate is the download for who holds it, and for organisers; to
// everybody else it is not there.
func (s Pages) VerifyCertificate(v *page.Visit) error {
	i, err := s.Certificates.Verify(v.Ctx, v.Param("code"))
	if err != nil {
		return err
	}
	if v.Edition, err = s.Editions.ByID(v.Ctx, i.EditionID); err != nil {
		return err
	}
	if !v.OwnsCertificate(i) {
		return fail.Missing("verify.unknown")
	}
	return v.SendCertificate(i)
}

// personStanding finds how it stands with the person of the address.
func (s Pages) personStanding(v *page.Visit) (certificate.Standing, error) {
	if slug := v.Param("speaker"); slug != "" {
		list, err := s.Certificates.Speakers(v.Ctx, v.Edition)
		if i := slices.IndexFunc(list, func(st certificate.Standing) bool { return st.Speaker.Slug == slug }); err == nil && i >= 0 {
			return list[i], nil
		}
		return certificate.Standing{}, errors.Join(err, noneIf(err == nil))
	}
	r, err := s.Registrations.ByCode(v.Ctx, v.Edition.ID, v.Param("code"))
	if err != nil {
		return certificate.Standing{}, err
	}
	list, err := s.Certificates.Of(v.Ctx, v.Edition, r)
	if err != nil {
		return certificate.Standing{}, err
	}
	return list[0], nil
}

func noneIf(missing bool) error {
	if missing {
		return fail.Missing("certificate.nobody")
	}
	return nil
}

// placeWord is what kind of place somebody has.
func placeWord(v *page.Visit, r registration.Registration) string {
	if kind, attends := r.Attends(); attends {
		return v.T("place." + string(kind))
	}
	return ""
}
