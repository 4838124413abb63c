package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/mail"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/registration/form"
	"agora/app/text"
)

// openCall is an edition with a call that is open for ten days.
type openCall struct {
	*webHouse
	e  edition.Edition
	at string // the address of the form
}

func newOpenCall(t *testing.T, change ...func(*proposal.CallInput)) *openCall {
	t.Helper()
	h := openHouse(t, dbtest.OpenSQLite(t))
	h.makeOwner()
	c := &openCall{webHouse: h, e: h.newEdition("2028", seats(10), nil), at: "/cmadfi/2028/propose"}
	in := proposal.CallInput{OpensAt: siteNow.AddDate(0, 0, -1), ClosesAt: siteNow.AddDate(0, 0, 10), Text: text.One(text.Finnish, "Kerro **meille**"),
		Kinds: proposal.Offers{{Kind: program.Talk, Minutes: []int64{30, 45}}, {Kind: program.Workshop, Minutes: []int64{90}}}, Rules: proposal.Rules{Best: 5, Each: 3}}
	for _, f := range change {
		f(&in)
	}
	_, err := h.Proposals.SaveCall(t.Context(), "", c.e, 0, in)
	h.must(err)
	return c
}

// talk is a filled-in form.
func talk(change ...string) url.Values {
	v := url.Values{"key": {"0198f3a0-0000-7000-8000-00000000000a"}, "act": {"send"}, "title": {"Hiljaiset äänet"}, "abstract": {"Miten kuunnella?"}, "kind": {"talk:30"},
		"spoken": {"fi"}, "name": {"Aino Åberg"}, "email": {"aino@agora.test"}, "biography": {"Yhteisömanageri."}}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

// proposes sends a form and gives the address it led to.
func (c *openCall) proposes(v url.Values) string {
	c.t.Helper()
	r := c.post(asStranger, c.at, v)
	if r.status != http.StatusSeeOther || !strings.HasPrefix(r.location(), "/proposal/") {
		c.t.Fatalf("status %d to %q\n%.900s", r.status, r.location(), r.body)
	}
	return r.location()
}

// of gives the proposal at an address.
func (c *openCall) of(path string) proposal.Proposal {
	c.t.Helper()
	p, err := c.Proposals.ByToken(c.t.Context(), strings.TrimPrefix(path, "/proposal/"))
	c.must(err)
	return p
}

// A stranger proposes, finds their way back by the letter, changes and withdraws.
func TestAProposalFromTheFormToItsEnd(t *testing.T) {
	c := newOpenCall(t)
	if body := c.page(asStranger, "/cmadfi/2028"); strings.Count(body, `href="/cmadfi/2028/propose"`) != 1 {
		t.Error("the edition's page does not lead to its call")
	}
	body := c.page(asStranger, c.at)
	if !strings.Contains(body, "<strong>meille</strong>") || !slices.Equal(control(body, "spoken"), []string{"fi"}) {
		t.Error("the page does not say what it is about")
	}
	own := c.proposes(talk("others", "2", "others.0.name", "Bo Öhman", "others.0.email", "bo@agora.test", "others.1.name", "", "others.1.email", ""))
	if again := c.proposes(talk("others", "2", "others.0.name", "Bo Öhman", "others.0.email", "bo@agora.test")); again != own || c.count("SELECT count(*) FROM proposal") != 1 {
		t.Errorf("pressed twice: %s and %s", own, again)
	}
	var args string
	c.must(c.DB.Read.NewRaw("SELECT args FROM mail WHERE kind = ? AND email = 'aino@agora.test'", mail.ProposalReceived).Scan(t.Context(), &args))
	var said struct{ Link string }
	c.must(json.Unmarshal([]byte(args), &said))
	if said.Link != siteBase+own {
		t.Errorf("the letter leads to %s, want %s", said.Link, own)
	}
	shown := textOf(c.page(asStranger, own))
	for _, want := range []string{"Hiljaiset äänet", "Ehdotus on järjestäjillä", "Bo Öhman", "aino@agora.test", "30\u00a0min"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	edit := c.page(asStranger, own+"/edit")
	if got := control(edit, "title"); !slices.Equal(got, []string{"Hiljaiset äänet"}) || area(edit, "abstract") != "Miten kuunnella?" || !slices.Equal(control(edit, "kind"), []string{"talk:30"}) ||
		!slices.Equal(control(edit, "others.0.name"), []string{"Bo Öhman"}) {
		t.Errorf("the form is not filled: %v", got)
	}
	c.leads(c.post(asStranger, own+"/edit", talk("version", control(edit, "version")[0], "title", "Hiljaisten ääni", "others", "0")), own)
	if p := c.of(own); p.Title != "Hiljaisten ääni" || len(p.Others) != 0 || p.State != proposal.Sent {
		t.Errorf("%+v", p)
	}
	c.leads(c.post(asStranger, own+"/withdraw", nil), own)
	if shown := textOf(c.page(asStranger, own)); !strings.Contains(shown, "Ehdotus on peruttu") || strings.Contains(shown, "Muokkaa ehdotusta") {
		t.Error("the page does not say that it is withdrawn")
	}
	c.leads(c.get(asStranger, own+"/edit"), own)
}

// What is wrong stands beside its field with everything typed kept; hostile text
// stays text.
func TestAProposalIsRefusedWithEverythingKept(t *testing.T) {
	c := newOpenCall(t)
	fi := func(key string, args ...any) string { return c.Words.T(text.Finnish, key, args...) }
	before := c.dump()
	evil := `"><script>alert(1)</script>`
	r := c.post(asStranger, c.at, talk("title", strings.Repeat("ä", 151), "abstract", "", "kind", "talk:31", "spoken", "xx", "email", "aino", "biography", evil,
		"others", "1", "others.0.name", "Bo", "others.0.email", "bo@"))
	c.sameProblems(r, map[string]string{"title": fi("field.long", "max", 150), "abstract": fi("field.required"), "kind": fi("proposal.kind_unknown"), "spoken": fi("proposal.spoken_missing"),
		"email": fi("account.email.at"), "others.0.email": fi("account.email.form")})
	if got := area(r.body, "biography"); got != evil || !slices.Equal(control(r.body, "title"), []string{strings.Repeat("ä", 151)}) || !slices.Equal(control(r.body, "others.0.name"), []string{"Bo"}) {
		t.Errorf("what was typed is gone: %q", got)
	}
	for _, f := range pageFaults(r.body, "fi") {
		t.Error(f)
	}
	if diff := differing(before, c.dump()); diff != "" {
		t.Errorf("%s changed", diff)
	}
	own := c.proposes(talk("title", evil, "abstract", evil, "biography", evil, "note", evil, "name", "<b>Aino</b>"))
	for _, f := range pageFaults(c.page(asStranger, own), "fi") {
		t.Error(f)
	}
	if body := c.page(asStranger, own); strings.Contains(body, "<script>alert") || strings.Contains(body, "<b>Aino") {
		t.Error("typed text became markup")
	}
	// Another one under the key of a page that somebody went back to is its own.
	if other := c.proposes(talk("title", "Toinen")); other == own || c.count("SELECT count(*) FROM proposal") != 2 {
		t.Error("what was written anew is lost")
	}
	c.proposes(talk("title", "Kolmas"))
	r = c.post(asStranger, c.at, talk("title", "Neljäs", "key", "another"))
	c.sameProblems(r, map[string]string{"email": fi("proposal.address_full", "n", 3)})
	// A row more is drawn, and nothing is sent.
	r = c.post(asStranger, c.at, talk("more", "1"))
	if r.status != http.StatusOK || strings.Count(r.body, `name="others.0.name"`) != 1 || !slices.Equal(control(r.body, "title"), []string{"Hiljaiset äänet"}) {
		t.Errorf("status %d", r.status)
	}
}

// The call's clock: nothing before, the grace for what was begun in time, and
// what comes too late can still be copied from the page.
func TestProposingByTheClock(t *testing.T) {
	c := newOpenCall(t)
	mark := control(c.page(asStranger, c.at), "begun")[0]
	draft := c.proposes(talk("act", "keep", "abstract", "", "kind", ""))
	if p := c.of(draft); p.State != proposal.Draft || c.count("SELECT count(*) FROM mail WHERE kind = ?", mail.ProposalKept) != 1 {
		t.Errorf("%+v", p)
	}
	closes := siteNow.AddDate(0, 0, 10)
	c.webHouse.at(closes.Add(20 * time.Minute))
	body := c.page(asStranger, c.at)
	if strings.Contains(body, `name="title"`) || !strings.Contains(textOf(body), "Haku on päättynyt") {
		t.Error("a closed call still asks")
	}
	late := c.post(asStranger, c.at, talk("key", "late", "title", "Myöhässä"))
	if late.status != http.StatusConflict || !slices.Equal(control(late.body, "title"), []string{"Myöhässä"}) || area(late.body, "abstract") != "Miten kuunnella?" {
		t.Errorf("status %d", late.status)
	}
	if forged := c.post(asStranger, c.at, talk("key", "forged", "begun", "1."+mark)); forged.status != http.StatusConflict {
		t.Errorf("a forged mark: status %d", forged.status)
	}
	c.proposes(talk("key", "grace", "begun", mark, "title", "Ehti sittenkin"))
	version := control(c.page(asStranger, draft+"/edit"), "version")[0]
	c.leads(c.post(asStranger, draft+"/edit", talk("version", version, "title", "Valmis")), draft)
	if p := c.of(draft); p.State != proposal.Sent {
		t.Errorf("%+v", p)
	}
	c.webHouse.at(closes.Add(31 * time.Minute))
	if r := c.post(asStranger, c.at, talk("key", "too late", "begun", mark)); r.status != http.StatusConflict {
		t.Errorf("after the grace: status %d", r.status)
	}
	if r := c.post(asStranger, draft+"/edit", talk("version", "2")); r.status != http.StatusConflict || !slices.Equal(control(r.body, "title"), []string{"Hiljaiset äänet"}) {
		t.Errorf("changing after the grace: status %d", r.status)
	}
	c.leads(c.get(asStranger, draft+"/edit"), draft)
	// Before the opening there is a page, and no form.
	c.webHouse.at(siteNow.AddDate(0, 0, -2))
	if body := textOf(c.page(asStranger, c.at)); !strings.Contains(body, "Haku avautuu") {
		t.Error("the page does not say when the call opens")
	}
	if r := c.post(asStranger, c.at, talk("key", "early")); r.status != http.StatusConflict {
		t.Errorf("before the opening: status %d", r.status)
	}
}

// Two windows, forged links and editions without a call.
func TestProposalsOfOthers(t *testing.T) {
	c := newOpenCall(t)
	own := c.proposes(talk())
	before := c.dump()
	for _, path := range []string{"/proposal/x", own + "x", own[:len(own)-1], "/proposal/" + strings.Repeat("A", 43)} {
		for _, act := range []string{"", "/edit"} {
			if r := c.get(asOwner, path+act); r.status != http.StatusNotFound {
				t.Errorf("%s%s: status %d", path, act, r.status)
			}
		}
		for _, act := range []string{"/edit", "/withdraw"} {
			if r := c.post(asStranger, path+act, talk()); r.status != http.StatusNotFound {
				t.Errorf("%s%s: status %d", path, act, r.status)
			}
		}
	}
	c.newEdition("2029", nil, nil)
	for _, r := range []reply{c.get(asStranger, "/cmadfi/2029/propose"), c.post(asStranger, "/cmadfi/2029/propose", talk()), c.post(asStranger, "/cmadfi/2029/propose/links", url.Values{"lost": {"aino@agora.test"}})} {
		if r.status != http.StatusNotFound {
			t.Errorf("without a call: status %d", r.status)
		}
	}
	for _, table := range []string{"proposal", "mail", "review", "call"} {
		if before[table] != c.dump()[table] {
			t.Errorf("%s changed", table)
		}
	}
	version := control(c.page(asStranger, own+"/edit"), "version")[0]
	c.leads(c.post(asStranger, own+"/edit", talk("version", version, "title", "Ensimmäinen ikkuna")), own)
	r := c.post(asStranger, own+"/edit", talk("version", version, "title", "Toinen ikkuna"))
	if r.status != http.StatusConflict || c.of(own).Title != "Ensimmäinen ikkuna" || !slices.Equal(control(r.body, "title"), []string{"Toinen ikkuna"}) {
		t.Errorf("status %d", r.status)
	}
	// Sending once more is a decision.
	c.leads(c.post(asStranger, own+"/edit", talk("version", control(r.body, "version")[0], "title", "Toinen ikkuna")), own)
}

// Lost links go to their owner; nobody else learns anything.
func TestLostLinks(t *testing.T) {
	c := newOpenCall(t)
	own := c.proposes(talk())
	known := c.post(asStranger, c.at+"/links", url.Values{"lost": {" Aino@agora.test "}})
	unknown := c.post(asStranger, c.at+"/links", url.Values{"lost": {"kuka@agora.test"}})
	if known.status != http.StatusSeeOther || unknown.status != known.status || known.location() != unknown.location() ||
		known.cookie(flashCookieName).Value != unknown.cookie(flashCookieName).Value {
		t.Error("the answer tells who has proposed")
	}
	var args string
	c.must(c.DB.Read.NewRaw("SELECT args FROM mail WHERE kind = ?", mail.ProposalLinks).Scan(t.Context(), &args))
	if !strings.Contains(args, own) || c.count("SELECT count(*) FROM mail WHERE kind = ?", mail.ProposalLinks) != 1 {
		t.Errorf("%s", args)
	}
	r := c.post(asStranger, c.at+"/links", url.Values{"lost": {"x"}})
	c.sameProblems(r, map[string]string{"lost": c.Words.T(text.Finnish, "account.email.at")})
}

// The call's own questions are asked, answered and shown, and those kept from
// reviewers are not shown to them.
func TestTheCallsOwnQuestions(t *testing.T) {
	c := newOpenCall(t)
	desk := "/desk/cmadfi/2028/call/questions"
	save := func(key string, v url.Values) reply {
		v.Set("version", "1")
		v.Set("kind", "text")
		v.Set("keep_days", "30")
		for name, value := range url.Values(hidden(c.page(asOwner, desk+"/"+key), "version", "was")) {
			v[name] = value
		}
		return c.post(asOwner, desk+"/"+key, v)
	}
	c.leads(save("new-field", url.Values{"label_fi": {"Taso"}, "purpose_fi": {"Arvioijille"}, "required": {"1"}}), desk)
	c.leads(save("new-field", url.Values{"label_fi": {"Matkat"}, "purpose_fi": {"Järjestäjille"}, "unseen": {"1"}}), desk)
	r := save("new-field", url.Values{"label_fi": {"Liian kauan"}, "purpose_fi": {"x"}})
	c.leads(r, desk)
	v := url.Values{"label_fi": {"Liian kauan"}, "purpose_fi": {"x"}, "keep_days": {"181"}, "kind": {"text"}}
	for name, value := range hidden(c.page(asOwner, desk+"/liian_kauan"), "version", "was") {
		v[name] = value
	}
	c.sameProblems(c.post(asOwner, desk+"/liian_kauan", v), map[string]string{"keep_days": c.Words.T(text.Finnish, "proposal.keep_most", "max", 180)})
	r = c.post(asStranger, c.at, talk())
	c.sameProblems(r, map[string]string{"answers.taso": c.Words.T(text.Finnish, "field.required")})
	own := c.proposes(talk("answers.taso", "alku", "answers.matkat", "Junalla Vaasasta"))
	if shown := textOf(c.page(asStranger, own)); !strings.Contains(shown, "Junalla Vaasasta") {
		t.Error("the proposer does not see their own answer")
	}
	code := c.of(own).Code
	review := textOf(c.page(asOwner, "/desk/cmadfi/2028/review/"+code))
	if !strings.Contains(review, "alku") || strings.Contains(review, "Vaasasta") {
		t.Error("reviewers see what is kept from them")
	}
	if one := textOf(c.page(asOwner, "/desk/cmadfi/2028/proposals/"+code)); !strings.Contains(one, "Junalla Vaasasta") {
		t.Error("organisers do not see the answer")
	}
	if got, err := c.Proposals.Call(t.Context(), c.e.ID); err != nil || len(got.Form.Fields) != 3 || got.Form.Fields[0].Kind != form.Text || !slices.Equal(got.Rules.Unseen, []string{"matkat"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// hidden gives the hidden values of a form by their names.
func hidden(body string, names ...string) map[string][]string {
	values := map[string][]string{}
	for _, name := range names {
		values[name] = control(body, name)[:1]
	}
	return values
}
