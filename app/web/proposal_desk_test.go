package web

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/mail"
	"agora/app/proposal"
	"agora/app/text"
)

const desk2028Proposals = "/desk/cmadfi/2028/proposals"

// reviewer signs somebody in who may review an edition, and nothing else.
func (c *openCall) reviewer(name, editionID string) string {
	c.t.Helper()
	token, who, err := c.Accounts.MakeLink(c.t.Context(), account.Invite{Email: name + "@agora.test", Name: "Nimi " + name, Language: text.Finnish})
	c.must(err)
	login, err := c.Accounts.Redeem(c.t.Context(), token, "tests")
	c.must(err)
	c.logins[name] = login.Token
	c.must(c.DB.Tx(c.t.Context(), func(ctx context.Context, tx bun.Tx) error {
		return c.Accounts.Grant(ctx, tx, "", who.ID, account.OfEdition(editionID), account.Reviewer)
	}))
	return name
}

// row is how a page names a proposal at its present version.
func (c *openCall) row(path string) string {
	p := c.of(path)
	body := c.page(asOwner, desk2028Proposals+"/"+p.Code)
	return control(body, "row")[0]
}

func (c *openCall) decides(to string, paths ...string) {
	c.t.Helper()
	v := url.Values{"to": {to}}
	for _, p := range paths {
		v.Add("row", c.row(p))
	}
	c.leads(c.post(asOwner, desk2028Proposals+"/decide", v), desk2028Proposals)
}

// The call is opened on one page with a suggestion, refused with every problem
// beside its field, and not overwritten by somebody who looked at it earlier.
func TestTheCallsDesk(t *testing.T) {
	c := newOpenCall(t)
	e := c.newEdition("2029", nil, nil)
	fi := func(key string, args ...any) string { return c.Words.T(text.Finnish, key, args...) }
	path := "/desk/cmadfi/2029/call"
	fresh := c.planForm(asOwner, path)
	if fresh.Get("kind_talk") != "30, 45" || fresh.Get("version") != "0" {
		t.Errorf("nothing is suggested: %v", fresh)
	}
	c.sameProblems(c.post(asOwner, path, url.Values{"version": {"0"}, "opens_at": {"2027-02-01T10:00"}, "closes_at": {"2027-01-01T10:00"}, "best": {"1"}, "each": {"x"}, "kind_talk": {"puoli tuntia"}}),
		map[string]string{"kind_talk": fi("call_desk.minutes_form"), "each": fi("field.number")})
	c.sameProblems(c.post(asOwner, path, url.Values{"version": {"0"}, "opens_at": {"2027-02-01T10:00"}, "closes_at": {"2027-01-01T10:00"}, "best": {"1"}, "each": {"11"}, "kind_talk": {"0"}, "text_fi": {strings.Repeat("ä", 5001)}}),
		map[string]string{"closes_at": fi("proposal.closes_before"), "best": fi("proposal.best_range", "min", 2, "max", 10), "each": fi("proposal.each_range", "max", 10),
			"kind_talk": fi("proposal.minutes_range", "max", 480, "n", 6), "text_fi": fi("field.long", "max", 5000)})
	c.leads(c.post(asOwner, path, fresh), path)
	call, err := c.Proposals.Call(t.Context(), e.ID)
	if err != nil || call.Version != 1 || len(call.Kinds) != 3 {
		t.Errorf("%+v, %v", call, err)
	}
	later := c.planForm(asOwner, path)
	later.Set("closes_at", "2027-01-10T20:00")
	c.leads(c.post(asOwner, path, later), path)
	if r := c.post(asOwner, path, later); r.status != http.StatusConflict || control(r.body, "version")[0] != "2" {
		t.Errorf("an older page overwrites: status %d", r.status)
	}
	if call, _ = c.Proposals.Call(t.Context(), e.ID); e.Local(call.ClosesAt).Format("2006-01-02 15:04") != "2027-01-10 20:00" {
		t.Errorf("closes %v", call.ClosesAt)
	}
}

// Decisions are nobody's before they are told; telling writes one letter each,
// makes the session and invites; pressing again does nothing.
func TestDecidingAndTelling(t *testing.T) {
	c := newOpenCall(t)
	yes := c.proposes(talk("others", "1", "others.0.name", "Bo Öhman", "others.0.email", "bo@agora.test"))
	no, later := c.proposes(talk("key", "b", "email", "b@agora.test", "title", "Ei mahdu")), c.proposes(talk("key", "c", "email", "c@agora.test", "title", "Ehkä"))
	c.decides("accepted", yes, no)
	c.decides("waiting", later)
	for _, path := range []string{yes, no, later} {
		if shown := textOf(c.page(asStranger, path)); !strings.Contains(shown, "Ehdotus on järjestäjillä") {
			t.Errorf("%s knows before it was told", path)
		}
	}
	c.decides("sent", no) // taken back
	c.decides("declined", no)
	stale := url.Values{"to": {"accepted"}, "row": {c.of(no).Code + ".1"}}
	c.leads(c.post(asOwner, desk2028Proposals+"/decide", stale), desk2028Proposals)
	if p := c.of(no); p.State != proposal.Declined {
		t.Errorf("an older page decides: %s", p.State)
	}
	for _, v := range []url.Values{{"to": {"accepted"}, "row": {"nonsense"}}, {"to": {"withdrawn"}, "row": {c.row(no)}}} {
		if r := c.post(asOwner, desk2028Proposals+"/decide", v); r.status != http.StatusUnprocessableEntity {
			t.Errorf("%v: status %d", v, r.status)
		}
	}
	c.leads(c.post(asOwner, desk2028Proposals+"/"+c.of(no).Code+"/words", url.Values{"words": {"Ensi vuonna <b>uudelleen</b>."}}), desk2028Proposals+"/"+c.of(no).Code)
	tell := desk2028Proposals + "/tell"
	rows := control(c.page(asOwner, tell), "row")
	if len(rows) != 3 {
		t.Fatalf("%v", rows)
	}
	send := url.Values{"row": rows, "act": {"preview"}, "declined_fi": {"Ehdotuksia tuli 40."}}
	letters := c.count("SELECT count(*) FROM mail")
	preview := c.post(asOwner, tell, send)
	if words := textOf(preview.body); preview.status != http.StatusOK || !strings.Contains(words, "Ehdotuksia tuli 40.") || !strings.Contains(words, "Ensi vuonna &lt;b&gt;uudelleen&lt;/b&gt;.") || strings.Contains(preview.body, yes) ||
		c.count("SELECT count(*) FROM mail") != letters {
		t.Errorf("status %d\n%s", preview.status, words)
	}
	send.Set("act", "send")
	send.Set("accepted_fi", strings.Repeat("ä", 1001))
	c.sameProblems(c.post(asOwner, tell, send), map[string]string{"accepted_fi": c.Words.T(text.Finnish, "field.long", "max", 1000)})
	send.Del("accepted_fi")
	for range 2 {
		c.leads(c.post(asOwner, tell, send), desk2028Proposals)
	}
	for kind, email := range map[string]string{mail.ProposalAccepted: "aino@agora.test", mail.ProposalDeclined: "b@agora.test", mail.ProposalWaiting: "c@agora.test"} {
		if n := c.count("SELECT count(*) FROM mail WHERE kind = ?", kind); n != 1 || c.count("SELECT count(*) FROM mail WHERE kind = ? AND email = ?", kind, email) != 1 {
			t.Errorf("%d letters %s", n, kind)
		}
	}
	if n := c.count("SELECT count(*) FROM session WHERE edition_id = ?", c.e.ID); n != 1 || c.count("SELECT count(*) FROM speaking WHERE state = 'invited' AND email IN ('aino@agora.test', 'bo@agora.test')") != 2 {
		t.Errorf("%d sessions", n)
	}
	if shown := textOf(c.page(asStranger, no)); !strings.Contains(shown, "ei mahtunut tällä kertaa mukaan") || !strings.Contains(shown, "Ehdotuksia tuli 40.") {
		t.Error("the proposer is not told on their page")
	}
	if shown := textOf(c.page(asStranger, yes)); !strings.Contains(shown, "Tervetuloa puhumaan") || strings.Contains(shown, "Peru ehdotus") {
		t.Error("the accepted one is not told on their page")
	}
	if r := c.post(asStranger, yes+"/withdraw", nil); r.status != http.StatusConflict {
		t.Errorf("withdrawn after telling: status %d", r.status)
	}
	if body := c.page(asOwner, tell); !strings.Contains(body, c.Words.T(text.Finnish, "proposal_desk.all_told")) {
		t.Error("the page still has something to tell")
	}
}

// A reviewer gives scores one after the other, sees others' only afterwards, and
// nothing of who it is when the review is anonymous.
func TestReviewing(t *testing.T) {
	c := newOpenCall(t, func(in *proposal.CallInput) { in.Rules.Anonymous = true })
	paths := []string{c.proposes(talk()), c.proposes(talk("key", "b", "email", "b@agora.test", "title", "Toinen puhe")), c.proposes(talk("key", "c", "email", "eka@agora.test", "title", "Arvioijan oma"))}
	eka, toka := c.reviewer("eka", c.e.ID), c.reviewer("toka", c.e.ID)
	list := "/desk/cmadfi/2028/review"
	if body := textOf(c.page(eka, list)); strings.Contains(body, "Arvioijan oma") || strings.Contains(body, "Aino") || !strings.Contains(body, "Arvioitu 0/2") {
		t.Error("the list shows one's own, or who it is")
	}
	at := func(i int) string { return list + "/" + c.of(paths[i]).Code }
	for _, who := range []string{eka, toka} {
		body := c.page(who, at(0))
		if words := textOf(body); strings.Contains(words, "Aino") || strings.Contains(words, "aino@") || strings.Contains(words, "Yhteisömanageri") || strings.Contains(body, "Näet näin") {
			t.Errorf("%s sees who it is", who)
		}
	}
	c.sameProblems(c.post(eka, at(0), url.Values{"comment": {"x"}}), map[string]string{"score": c.Words.T(text.Finnish, "proposal.score_missing")})
	c.sameProblems(c.post(eka, at(0), url.Values{"score": {"6"}}), map[string]string{"score": c.Words.T(text.Finnish, "proposal.score_range", "max", 5)})
	c.leads(c.post(eka, at(0), url.Values{"score": {"5"}, "comment": {"Tätä tarvitaan"}, "then": {"next"}}), at(1))
	c.leads(c.post(eka, at(1), url.Values{"score": {"abstain"}, "then": {"next"}}), list)
	if body := textOf(c.page(toka, at(0))); strings.Contains(body, "Tätä tarvitaan") {
		t.Error("others' reviews are seen before one's own")
	}
	c.leads(c.post(toka, at(0), url.Values{"score": {"2"}, "then": {"stay"}}), at(0))
	if body := textOf(c.page(toka, at(0))); !strings.Contains(body, "Tätä tarvitaan") || !strings.Contains(body, "Nimi eka") {
		t.Error("others' reviews are not seen after one's own")
	}
	c.leads(c.post(toka, at(0), url.Values{"score": {"conflict"}, "then": {"stay"}}), at(0))
	if body := textOf(c.page(toka, at(0))); strings.Contains(body, "Tätä tarvitaan") {
		t.Error("who is too close still sees what others say")
	}
	for _, r := range []reply{c.get(eka, at(2)), c.post(eka, at(2), url.Values{"score": {"5"}})} {
		if r.status != http.StatusNotFound {
			t.Errorf("one's own proposal: status %d", r.status)
		}
	}
	for _, path := range []string{desk2028Proposals, desk2028Proposals + "/" + c.of(paths[0]).Code, desk2028Proposals + ".csv", "/desk/cmadfi/2028/call", "/desk/cmadfi/2028"} {
		if r := c.get(eka, path); r.status != http.StatusForbidden {
			t.Errorf("%s as a reviewer: status %d", path, r.status)
		}
	}
	other := c.reviewer("muu", c.newEdition("2029", nil, nil).ID)
	for _, r := range []reply{c.get(other, list), c.get(other, at(0)), c.post(other, at(0), url.Values{"score": {"1"}})} {
		if r.status != http.StatusForbidden {
			t.Errorf("another edition's reviewer: status %d", r.status)
		}
	}
	if body := textOf(c.page(asOwner, desk2028Proposals+"/"+c.of(paths[0]).Code)); !strings.Contains(body, "Aino Åberg") || !strings.Contains(body, "Liian lähellä") {
		t.Error("organisers do not see who and what")
	}
	if body := c.page(eka, "/desk"); !strings.Contains(body, `href="`+list+`"`) {
		t.Error("the desk does not lead a reviewer to their work")
	}
}

// The list of proposals leaves as a sheet that runs nothing, and is read with the
// same number of questions however long it is.
func TestProposalsAsASheet(t *testing.T) {
	c := newOpenCall(t)
	c.proposes(talk("title", `=HYPERLINK("http://evil.example","x")`, "abstract", "+1", "name", "@SUM(A1)"))
	r := c.get(asOwner, desk2028Proposals+".csv?sort=title")
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 2 || len(lines[0]) != len(lines[1]) {
		t.Fatalf("%v\n%s", err, r.body)
	}
	for _, cell := range lines[1] {
		if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
			t.Errorf("a formula: %q", cell)
		}
	}
	if !slices.Contains(lines[1], `'=HYPERLINK("http://evil.example","x")`) || !strings.Contains(r.header.Get("Content-Disposition"), "cmadfi-2028-proposals.csv") {
		t.Errorf("%v", lines[1])
	}
	if x := c.get(asOwner, desk2028Proposals+".xlsx"); x.status != http.StatusOK || !strings.HasPrefix(x.body, "PK") {
		t.Errorf("status %d", x.status)
	}
	var q queries
	c.DB.Read = c.DB.Read.WithQueryHook(&q)
	asked := func() int64 {
		c.page(asOwner, desk2028Proposals) // what is kept in memory is there then
		before := q.n.Load()
		c.page(asOwner, desk2028Proposals)
		return q.n.Load() - before
	}
	one := asked()
	c.proposes(talk("key", "b", "email", "b@agora.test"))
	c.proposes(talk("key", "c", "email", "c@agora.test"))
	if three := asked(); three != one {
		t.Errorf("%d questions for one proposal, %d for three", one, three)
	}
}
