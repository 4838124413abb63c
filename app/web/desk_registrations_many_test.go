package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/registration"
	"agora/app/registration/sheet"
)

// TestRegistrationsCostTheSame: the number of queries does not grow with the rows.
func TestRegistrationsCostTheSame(t *testing.T) {
	h, e := peopleDay(t)
	h.ownForm(e)
	paths := []string{"/registrations", "/registrations.csv?special=1", "/needs", "/log", "/registrations/import", ""}
	count, seconds := &queries{}, time.Duration(0)
	h.DB.Read = h.DB.Read.WithQueryHook(count)
	cost := func(path string) int64 {
		seconds += 2 // what is kept for a second is asked anew
		h.at(siteNow.Add(seconds * time.Second))
		h.Editions.Forget()
		before := count.n.Load()
		h.page(asOrganiser, peopleDesk+path)
		return count.n.Load() - before
	}
	h.page(asOrganiser, peopleDesk)
	one := map[string]int64{}
	h.add(e, "Eka Eskola", registration.Remote)
	for _, path := range paths {
		cost(path)
		if one[path] = cost(path); one[path] < 2 {
			t.Errorf("%s was not counted", path)
		}
	}
	for i := range 4 {
		h.add(e, fmt.Sprintf("Muu %d", i), registration.Remote)
	}
	for _, path := range paths {
		if n := cost(path); n != one[path] {
			t.Errorf("%q: %d queries with one registration, %d with five", path, one[path], n)
		}
	}
}

// BenchmarkRegistrationSearch looks for a name among five thousand.
func BenchmarkRegistrationSearch(b *testing.B) {
	h, e := peopleDay(b)
	var people []registration.Input
	for i := range 5000 {
		people = append(people, registration.Input{Name: fmt.Sprintf("Henkilö %d", i), Email: fmt.Sprintf("h%d@agora.test", i), Place: registration.Remote})
	}
	id, err := h.Registrations.PutList(b.Context(), e, "", people)
	h.must(err)
	_, err = h.Registrations.TakeList(b.Context(), e, "", id)
	h.must(err)
	for b.Loop() {
		if got := namesListed(h.page(asOrganiser, peopleDesk+"/registrations?q=4711")); len(got) != 1 {
			b.Fatal(got)
		}
	}
}

// TestTenThousandLines with bad ones among them are reported on and registered.
func TestTenThousandLines(t *testing.T) {
	h, e := peopleDay(t)
	var b strings.Builder
	b.WriteString("Name,E-mail,Place\n")
	bad := 0
	for i := range sheet.MaxRows {
		place := "remote"
		if i%10 == 3 {
			place, bad = "moon", bad+1
		}
		fmt.Fprintf(&b, "Person %d,p%d@agora.test,%s\n", i, i, place)
	}
	r := h.sendList(asOrganiser, "all.csv", []byte(b.String()), usual())
	figs := headings(between(r.body, `<ul class="figs">`, "</ul>", ""), "b")
	if want := []string{"9\u00a0000", "0", "1\u00a0000"}; r.status != http.StatusOK || !slices.Equal(figs, want) {
		t.Fatalf("status %d, %q, want %q", r.status, figs, want)
	}
	if rows := reportRows(r.body); len(rows) != bad || rows[0][0] != "5" || rows[len(rows)-1][0] != fmt.Sprint(sheet.MaxRows-7+2) {
		t.Errorf("%d lines to mend, from %v to %v", len(rows), rows[0], rows[len(rows)-1])
	}
	done := h.post(asOrganiser, peopleDesk+"/registrations/import/take", url.Values{"list": {between(r.body, `name="list" value="`, `"`, "")}})
	if done.status != http.StatusOK {
		t.Fatalf("status %d", done.status)
	}
	if n := h.count("SELECT count(*) FROM registration WHERE edition_id = ? AND state = 'confirmed'", e.ID); n != 9000 {
		t.Errorf("%d registered", n)
	}
	if rows := exported(t, h.get(asOrganiser, peopleDesk+"/registrations.csv")); len(rows) != 9001 {
		t.Errorf("%d lines taken away", len(rows))
	}
}

// breaking takes the table away before the second piece of an export is read.
type breaking struct {
	h      *webHouse
	pieces int
}

func (b *breaking) BeforeQuery(ctx context.Context, q *bun.QueryEvent) context.Context {
	if strings.Contains(q.Query, "id > '") {
		if b.pieces++; b.pieces == 2 {
			if _, err := b.h.DB.Write.ExecContext(context.WithoutCancel(ctx), "ALTER TABLE registration RENAME TO gone"); err != nil {
				b.h.t.Error(err)
			}
		}
	}
	return ctx
}

func (b *breaking) AfterQuery(context.Context, *bun.QueryEvent) {}

// TestHalfAListIsNone: when the database goes away in the middle, the download
// breaks off and does not end like a whole one.
func TestHalfAListIsNone(t *testing.T) {
	h, e := peopleDay(t)
	var people []registration.Input
	for i := range 1200 {
		people = append(people, registration.Input{Name: fmt.Sprintf("Henkilö %d", i), Email: fmt.Sprintf("h%d@agora.test", i), Place: registration.Remote})
	}
	id, err := h.Registrations.PutList(t.Context(), e, "", people)
	h.must(err)
	_, err = h.Registrations.TakeList(t.Context(), e, "", id)
	h.must(err)
	read := func() (int, error) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+h.address+peopleDesk+"/registrations.csv", nil)
		h.must(err)
		req.Header.Set("Cookie", h.login(asOrganiser))
		res, err := h.client.Do(req)
		h.must(err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		return bytes.Count(b, []byte("\r\n")), err
	}
	if n, err := read(); n != 1201 || err != nil {
		t.Fatalf("the control: %d lines, %v", n, err)
	}
	h.DB.Read = h.DB.Read.WithQueryHook(&breaking{h: h})
	n, err := read()
	_, restored := h.DB.Write.ExecContext(t.Context(), "ALTER TABLE gone RENAME TO registration")
	h.must(restored)
	if err == nil || n > 600 {
		t.Errorf("%d lines came and the end: %v", n, err)
	}
}
