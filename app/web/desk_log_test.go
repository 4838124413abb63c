package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/audit"
	"agora/app/registration"
	"agora/app/registration/form"
	"agora/app/text"
)

// bodyRows are the rows of a page's first table without its headings: the texts
// of the first cell, then of the others.
func bodyRows(body string) (list [][]string) {
	_, table, _ := strings.Cut(body, "<tbody>")
	table, _, _ = strings.Cut(table, "</tbody>")
	for _, tr := range strings.Split(table, "<tr>")[1:] {
		list = append(list, append(headings(tr, "th"), headings(tr, "td")...))
	}
	return list
}

// TestLogInWords: what was done, about what, by whom and when, in words and on the
// edition's clock; nothing of another edition.
func TestLogInWords(t *testing.T) {
	h, e := peopleDay(t)
	var by string
	h.must(h.DB.Read.NewRaw("SELECT id FROM person WHERE email = 'organiser@agora.test'").Scan(t.Context(), &by))
	_, err := h.DB.Write.NewRaw("DELETE FROM audit WHERE edition_id = ?", e.ID).Exec(t.Context())
	h.must(err)
	minute := 0
	do := func(what func() error) {
		minute++
		h.at(siteNow.Add(time.Duration(minute) * time.Minute))
		h.must(what())
	}
	var r registration.Registration
	do(func() error {
		return h.Registrations.Resize(t.Context(), e, by, registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: seats(1200), registration.Remote: nil}, Overbook: map[registration.Kind]int64{registration.Onsite: 5}})
	})
	do(func() error {
		res, err := h.Registrations.Add(t.Context(), e, by, registration.Input{Name: "Eka <b>", Email: "eka@agora.test", Place: registration.Remote})
		r = res.Registration
		return err
	})
	do(func() error {
		return h.DB.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			return h.Accounts.Grant(ctx, tx, by, by, account.OfEdition(e.ID), account.DoorStaff)
		})
	})
	do(func() error {
		return audit.Write(t.Context(), h.DB.Write, h.Now(), audit.Entry{Person: "", Edition: e.ID, Act: "thing.new", Subject: "x", Detail: "{"})
	})
	who := "Nimi organiser" + "organiser@agora.test"
	want := [][]string{
		{"thing.new", "", "the system", "21 November 2026, 14:04"},
		{"Gave a role", "Nimi organiserDoor staff", who, "21 November 2026, 14:03"},
		{"Added a person", r.Code, who, "21 November 2026, 14:02"},
		{"Changed the number of places", "On site: 1,200, overbooked by 5 · Remotely: no limit", who, "21 November 2026, 14:01"},
	}
	body := h.page(asOrganiser, peopleDesk+"/log", "Accept-Language", "en")
	sameRows(t, "the log", bodyRows(body), want)
	if !strings.Contains(body, `<a href="`+peopleDesk+"/registrations/"+r.Code+`">`) || strings.Contains(body, "Eka") {
		t.Error("the log does not lead to the registration, or names the person")
	}
	sameRows(t, "settings", bodyRows(h.page(asOrganiser, peopleDesk+"/log?group=settings", "Accept-Language", "en")), want[3:])
	sameRows(t, "messages", bodyRows(h.page(asOrganiser, peopleDesk+"/log?group=messages", "Accept-Language", "en")), nil)
	for _, w := range []string{asModerator, asOtherOrganiser} {
		if got := h.get(w, peopleDesk+"/log"); got.status != http.StatusForbidden {
			t.Errorf("%s: status %d", w, got.status)
		}
	}
}

// TestLogPages follow one another without gap or repetition.
func TestLogPages(t *testing.T) {
	h, e := peopleDay(t)
	_, err := h.DB.Write.NewRaw("DELETE FROM audit WHERE edition_id = ?", e.ID).Exec(t.Context())
	h.must(err)
	for i := range 120 {
		h.must(audit.Write(t.Context(), h.DB.Write, siteNow, audit.Entry{Edition: e.ID, Act: fmt.Sprintf("session.x%d", i)}))
		h.must(audit.Write(t.Context(), h.DB.Write, siteNow, audit.Entry{Edition: e.ID, Act: "role.grant"}))
	}
	var seen []string
	next := peopleDesk + "/log?group=program"
	for pages := 0; next != ""; pages++ {
		if pages == 4 {
			t.Fatal("the pages do not end")
		}
		body := h.page(asOrganiser, next)
		for _, row := range bodyRows(body) {
			seen = append(seen, row[0])
		}
		_, after, more := strings.Cut(body, "</tbody></table>")
		if next = ""; more && strings.Contains(after, "before=") {
			next = strings.ReplaceAll(between(after, `href="`, `"`, ""), "&amp;", "&")
		}
	}
	if len(seen) != 120 || seen[0] != "session.x119" || seen[119] != "session.x0" || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 120 {
		t.Errorf("saw %d, from %v", len(seen), seen[:min(3, len(seen))])
	}
}

// TestNeedsAreCounted of those with a seat, and name nobody.
func TestNeedsAreCounted(t *testing.T) {
	h, e := peopleDay(t)
	h.ownForm(e)
	h.must(h.Registrations.Resize(t.Context(), e, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: seats(4)}}))
	says := func(needs, aid string) func(*registration.Input) {
		return func(in *registration.Input) {
			in.Needs, in.Consent = needs, true
			if aid != "" {
				in.Answers = form.Answers{"aid": aid}
			}
		}
	}
	h.add(e, "Eka Eskola", registration.Onsite, says("Vegaani", ""))
	h.add(e, "Toka Talo", registration.Onsite, says("  vegaani.", "pyörätuoli"))
	h.add(e, "Kolmas Koski", registration.Onsite, says("<b>pähkinät</b>", ""))
	h.add(e, "Neljäs Niemi", registration.Onsite)
	h.add(e, "Viides Vaara", registration.Onsite, says("jonottaja", ""))
	h.add(e, "Kuudes Kallio", registration.Remote, says("etänä", ""))
	body := h.page(asOrganiser, peopleDesk+"/needs")
	sameRows(t, "diets", bodyRows(body), [][]string{{"Vegaani", "2"}, {"<b>pähkinät</b>", "1"}, {"ei vastausta", "1"}})
	_, second, _ := strings.Cut(body, "</table>")
	sameRows(t, "aids", bodyRows(second), [][]string{{"pyörätuoli", "1"}, {"ei vastausta", "3"}})
	for _, never := range []string{"Eskola", "@agora.test\"", "jonottaja", "etänä<", "eka.eskola"} {
		if strings.Contains(body, never) {
			t.Errorf("it holds %s", never)
		}
	}
	// The kitchen of another edition is not this one's; its own opens for it.
	if got := h.page(asCatering, "/desk"); !strings.Contains(got, `href="/desk/cmadfi/2027/needs"`) || strings.Contains(got, "/2028") {
		t.Error("the kitchen's desk leads elsewhere")
	}
	if got := h.page(asCatering, "/desk/cmadfi/2027/needs"); strings.Contains(got, `"/desk/cmadfi/2027/registrations"`) {
		t.Error("the kitchen is led to the registrations")
	}
	for _, who := range []string{asModerator, asOtherOrganiser, asDoorStaff, asCatering} {
		if got := h.get(who, peopleDesk+"/needs"); got.status != http.StatusForbidden || strings.Contains(got.body, "Vegaani") {
			t.Errorf("%s: status %d", who, got.status)
		}
	}
}

// TestCurveOnTheDesk draws what was taken, left and waiting, hour by hour.
func TestCurveOnTheDesk(t *testing.T) {
	h, e := peopleDay(t)
	h.add(e, "Eka Eskola", registration.Onsite)
	if body := h.page(asOrganiser, peopleDesk); strings.Contains(body, "chart-plot") {
		t.Error("one point is drawn as a curve")
	}
	h.at(siteNow.Add(time.Hour))
	h.add(e, "Toka Talo", registration.Onsite)
	h.add(e, "Kolmas Koski", registration.Onsite)
	h.at(siteNow.Add(2 * time.Hour))
	h.must(h.Registrations.Resize(t.Context(), e, "", registration.Sizes{Capacity: map[registration.Kind]*int64{registration.Onsite: nil}}))
	body := h.page(asOrganiser, peopleDesk)
	_, chart, _ := strings.Cut(body, `<div class="chart"`)
	sameRows(t, "the table", bodyRows(chart), [][]string{{"21.11. klo\u00a014.00", "1", "1", "0"}, {"21.11. klo\u00a015.00", "2", "0", "1"}, {"21.11. klo\u00a016.00", "3", h.Words.T(text.Finnish, "frame.chart.unlimited"), "0"}})
	if !strings.Contains(chart, `class="waits" d="M0 200 500 150 1000 200"`) {
		t.Error("those who waited are not drawn")
	}
	if body := h.page(asModerator, "/desk/cmadfi/2027"); strings.Contains(body, "chart-plot") {
		t.Error("a moderator sees the curve")
	}
}
