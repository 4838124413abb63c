package carry

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/fail"
	"agora/app/program"
	"agora/app/proposal"
	"agora/app/text"
)

// Everything that may come along does, and nothing else.
func TestNextTakesEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.plan(Parts[:]...)
		p.Input.Lead, p.Input.Practical = w.from.Lead, edition.Practical{"contact": w.from.Practical["contact"]}
		e, err := w.carry.Next(t.Context(), "org", w.from, p)
		w.must(err)
		for query, want := range map[string]string{
			"SELECT slug, city, venue, stream_url, practical, planned_from FROM edition WHERE id = ?":                                                                `2028|{"fi":"Turku"}|{}||{"contact":{"fi":"järjestäjät@example.org"}}|` + w.from.ID,
			"SELECT kind, CAST(capacity AS TEXT), CAST(overbook AS TEXT), CAST(taken + held + waiting + line AS TEXT) FROM place WHERE edition_id = ? ORDER BY kind": "onsite|250|20|0\nremote|-|0|0",
			"SELECT COUNT(*) FROM registration_setup WHERE edition_id = ? AND rules LIKE '%\"offer_hours\":12%' AND form LIKE '%Paidan koko%'":                       "1",
			"SELECT slug, name, stream_url FROM room WHERE edition_id = ?":                                                                                           `sali|{"fi":"Sali"}|`,
			"SELECT slug, name, color FROM track WHERE edition_id = ?":                                                                                               `yhteisot|{"fi":"Yhteisöt"}|#0d5c52`,
			"SELECT x.kind, x.title, x.abstract, r.slug, k.slug FROM session AS x LEFT JOIN slot AS s ON s.session_id = x.id AND s.release_id IS NULL LEFT JOIN room AS r ON r.id = s.room_id LEFT JOIN track AS k ON k.id = x.track_id WHERE x.edition_id = ? ORDER BY s.starts_at": `keynote|{"fi":"Avoin: Pääpuhe"}|{}|sali|yhteisot
break|{"fi":"Lounas"}|{}|-|-
workshop|{"fi":"Työpaja"}|{"fi":"Tehdään itse."}|sali|-
meetup|{"fi":"Avoin: Tapaaminen"}|{}|-|-`,
			"SELECT title, CAST(capacity AS TEXT), CAST(taken + waiting AS TEXT) FROM workshop WHERE edition_id = ? ORDER BY rank":                              "{}|20|0\n{\"fi\":\"Aihepöytä\"}|8|0",
			"SELECT p.name, r.role FROM role AS r JOIN person AS p ON p.id = r.person_id WHERE r.scope = 'edition:' || CAST(? AS TEXT) ORDER BY p.name":         "Maija|organiser\nOlli|door_staff",
			"SELECT audience, subject, person_id FROM message WHERE edition_id = ? AND sent_at IS NULL":                                                         `everybody|{"fi":"Nähdään"}|org`,
			"SELECT kind, name, what, url FROM thanks WHERE edition_id = ? ORDER BY rank":                                                                       "partner|Leipomo|{\"fi\":\"Pullat\"}|https://example.org/\nhost|Yliopisto|{}|\nvolunteer|Maija|{}|",
			"SELECT text, CAST(version AS TEXT) FROM call WHERE edition_id = ?":                                                                                 `{"fi":"Kerro meille"}|1`,
			"SELECT basis, CAST(minutes AS TEXT), remote, CAST(remote_minutes AS TEXT), own, CAST(version AS TEXT) FROM certificate_rules WHERE edition_id = ?": `stated|0|live|90|{"fi":"Kiitos"}|1`,
			"SELECT COUNT(*) FROM speaker WHERE edition_id = ?":                                                                                                 "0",
			"SELECT COUNT(*) FROM release WHERE edition_id = ?":                                                                                                 "0",
		} {
			if got := w.lines(query, e.ID); got != want {
				t.Errorf("%s\n got %s\nwant %s", query, got, want)
			}
		}
		// The day begins an hour later than the last did, and the programme with it.
		draft, err := w.programs.Draft(t.Context(), e)
		w.must(err)
		var times []string
		for _, x := range draft.Sessions {
			times = append(times, e.Local(x.StartsAt).Format("02 15:04")+"–"+e.Local(x.EndsAt).Format("15:04"))
		}
		if got := fmt.Sprint(times); got != "[24 10:15–11:00 24 13:00–14:00 24 14:00–16:00 25 02:00–03:00]" {
			t.Error(got)
		}
		var call proposal.Call
		w.must(d.Read.NewSelect().Model(&call).Where("edition_id = ?", e.ID).Scan(t.Context()))
		if !call.OpensAt.Equal(at("2027-08-31 09:00")) || !call.ClosesAt.Equal(at("2027-10-24 23:59")) {
			t.Error("the call:", call.OpensAt, call.ClosesAt)
		}
		report, ok, err := w.carry.ReportOf(t.Context(), e)
		want := map[Part]int{Form: 1, Rules: 1, Tracks: 1, Rooms: 1, Skeleton: 3, Workshops: 2, Call: 1, Team: 2, Messages: 1, Partners: 1, Thanked: 2, Certificates: 1}
		if err != nil || !ok || report.From != w.from.ID || report.Late != 0 || !maps.Equal(report.Parts, want) {
			t.Errorf("%+v %v %v", report, ok, err)
		}
		if _, ok, err := w.carry.ReportOf(t.Context(), w.from); ok || err != nil {
			t.Error("2027 was planned from nothing", err)
		}
	})
}

// Without any part there is the edition and its places, and nothing else.
func TestNextTakesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e, err := w.carry.Next(t.Context(), "org", w.from, w.plan())
		w.must(err)
		for _, table := range []string{"registration_setup", "call", "room", "track", "session", "speaker", "workshop", "message", "thanks", "certificate_rules"} {
			if got := w.lines("SELECT COUNT(*) FROM "+table+" WHERE edition_id = ?", e.ID); got != "0" {
				t.Errorf("%s: %s", table, got)
			}
		}
		if got := w.lines("SELECT kind, CAST(capacity AS TEXT), CAST(overbook AS TEXT) FROM place WHERE edition_id = ? ORDER BY kind", e.ID); got != "onsite|250|0\nremote|-|0" {
			t.Error(got)
		}
		if got := w.lines("SELECT COUNT(*) FROM role WHERE scope = 'edition:' || CAST(? AS TEXT)", e.ID); got != "0" {
			t.Error(got)
		}
	})
}

// Workshops come with their sessions, which wait for a time when the skeleton
// does not come.
func TestWorkshopsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e, err := w.carry.Next(t.Context(), "org", w.from, w.plan(Workshops))
		w.must(err)
		if got := w.lines("SELECT title, abstract, kind FROM session WHERE edition_id = ?", e.ID); got != `{"fi":"Työpaja"}|{"fi":"Tehdään itse."}|workshop` {
			t.Error(got)
		}
		if got := w.lines("SELECT COUNT(*) FROM slot AS s JOIN session AS x ON x.id = s.session_id WHERE x.edition_id = ?", e.ID); got != "0" {
			t.Error(got, "slots")
		}
	})
}

// An empty session gets an address of its own with its name; one that was
// released keeps the address people have.
func TestOpenSessionsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e, err := w.carry.Next(t.Context(), "org", w.from, w.plan(Skeleton))
		w.must(err)
		draft, err := w.programs.Draft(t.Context(), e)
		w.must(err)
		name := func(slug, title string) string {
			x := draft.BySlug(slug)
			made, err := w.programs.SaveSession(t.Context(), "org", e, x.ID, program.SessionInput{Title: fi(title), Kind: x.Kind, StartsAt: x.StartsAt, EndsAt: x.EndsAt})
			w.must(err)
			return made.Slug
		}
		if got := name("avoin-paapuhe", "Avoin: Pääpuhe"); got != "avoin-paapuhe" {
			t.Error("saved without a name:", got)
		}
		if got := name("avoin-paapuhe", "Tervetuloa"); got != "tervetuloa" {
			t.Error(got)
		}
		if got := name("avoin-paapuhe", "Tervetuloa taas"); got != "tervetuloa" {
			t.Error("named again:", got)
		}
		_, err = w.programs.Release(t.Context(), "org", e, "", nil)
		w.must(err)
		if got := name("avoin-tapaaminen", "Ilta"); got != "avoin-tapaaminen" {
			t.Error("after the release:", got)
		}
	})
}

// A skeleton of two days on one keeps what does not fit, without a time.
func TestSkeletonOutsideTheDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.plan(Skeleton)
		p.Input.StartsAt = at("2028-01-24 15:00") // six hours later: the evening ends in the morning
		e, err := w.carry.Next(t.Context(), "org", w.from, p)
		w.must(err)
		report, _, err := w.carry.ReportOf(t.Context(), e)
		if err != nil || report.Parts[Skeleton] != 4 || report.Late != 1 {
			t.Errorf("%+v %v", report, err)
		}
	})
}

// The same form plans once, from as many windows as it is sent.
func TestNextOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const windows = 6
		var made [windows]edition.Edition
		var errs [windows]error
		var all sync.WaitGroup
		for i := range windows {
			all.Go(func() { made[i], errs[i] = w.carry.Next(t.Context(), "org", w.from, w.plan(Parts[:]...)) })
		}
		all.Wait()
		for i := range windows {
			if errs[i] != nil || made[i].ID != made[0].ID || made[i].Path() != "/cmadfi/2028" {
				t.Errorf("%d: %s %v", i, made[i].Path(), errs[i])
			}
		}
		for query, want := range map[string]string{"SELECT COUNT(*) FROM edition": "2", "SELECT COUNT(*) FROM place": "4",
			"SELECT COUNT(*) FROM thanks": "6", "SELECT COUNT(*) FROM audit WHERE act = 'edition.planned'": "1"} {
			if got := w.lines(query); got != want {
				t.Errorf("%s: %s", query, got)
			}
		}
		// With something else in it, the form says what it has made.
		other := w.plan()
		other.Input.Slug = "2029"
		if _, err := w.carry.Next(t.Context(), "org", w.from, other); err != nil {
			e, ok := fail.As(err)
			if !ok || e.Kind != fail.Conflict || e.Key != "next.made_already" {
				t.Error(err)
			}
		} else {
			t.Error("the same form made two editions")
		}
		if got := w.lines("SELECT COUNT(*) FROM edition"); got != "2" {
			t.Error(got)
		}
	})
}

// Two organisers who plan the same year at once: one edition, and the other is
// told that the address is taken.
func TestTwoPlanTheSameYear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var errs [4]error
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				p := w.plan(Parts[:]...)
				p.Key.Key = fmt.Sprint("form ", i)
				_, errs[i] = w.carry.Next(t.Context(), "org", w.from, p)
			})
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			switch e, bad := fail.As(err); {
			case err == nil:
				made++
			case !bad || len(e.Fields["slug"])+len(e.Fields["starts_at"]) == 0:
				t.Error(err)
			}
		}
		if made != 1 || w.lines("SELECT COUNT(*) FROM edition") != "2" || w.lines("SELECT COUNT(*) FROM track") != "2" {
			t.Errorf("%d were made", made)
		}
	})
}

// What cannot be planned is said beside its field, and leaves nothing behind.
func TestNextRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for name, c := range map[string]struct {
			change func(*Plan)
			field  string
			key    string
		}{
			"an address that is taken": {func(p *Plan) { p.Input.Slug = "2027" }, "slug", "edition.slug_taken"},
			"an address of our own":    {func(p *Plan) { p.Input.Slug = "new" }, "slug", "edition.slug_kept"},
			"a day that has passed": {func(p *Plan) {
				p.Input.StartsAt, p.Input.EndsAt = at("2027-02-01 09:00"), at("2027-02-01 17:00")
			}, "starts_at", "next.past"},
			"a day that is taken": {func(p *Plan) {
				w.clock.Set(at("2027-01-01 09:00"))
				p.Input.StartsAt, p.Input.EndsAt, p.Input.OpensAt, p.Input.ClosesAt = at("2027-01-25 16:00"), at("2027-01-25 20:00"), at("2027-01-02 09:00"), at("2027-01-20 09:00")
			}, "starts_at", "next.days_taken"},
			"no title":            {func(p *Plan) { p.Input.Title = text.Texts{} }, "title", "field.required"},
			"it ends before":      {func(p *Plan) { p.Input.EndsAt = at("2028-01-24 09:00") }, "ends_at", "edition.ends_before"},
			"closed before it is": {func(p *Plan) { p.Input.OpensAt, p.Input.ClosesAt = at("2027-01-01 09:00"), at("2027-02-01 09:00") }, "closes_at", "next.closes_past"},
			"fewer than no seats": {func(p *Plan) { p.Capacity["onsite"] = of(-1) }, "capacity_onsite", "registration.capacity_form"},
		} {
			w.clock.Set(now)
			p := w.plan(Parts[:]...)
			c.change(&p)
			_, err := w.carry.Next(t.Context(), "org", w.from, p)
			e, ok := fail.As(err)
			if !ok || e.Kind != fail.Invalid || len(e.Fields[c.field]) != 1 || e.Fields[c.field][0].Key != c.key {
				t.Errorf("%s: %v", name, err)
			}
		}
		for query, want := range map[string]string{"SELECT COUNT(*) FROM edition": "1", "SELECT COUNT(*) FROM idempotency WHERE scope = 'next'": "0"} {
			if got := w.lines(query); got != want {
				t.Errorf("%s: %s", query, got)
			}
		}
	})
}

// When one area fails, none has written.
func TestNextIsAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		before := w.lines("SELECT (SELECT COUNT(*) FROM room) + (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM role) + (SELECT COUNT(*) FROM message) + (SELECT COUNT(*) FROM audit)")
		// The last thing to be written breaks.
		_, err := d.Write.ExecContext(t.Context(), "ALTER TABLE thanks RENAME TO thanks_away")
		w.must(err)
		if _, err := w.carry.Next(t.Context(), "org", w.from, w.plan(Parts[:]...)); err == nil {
			t.Fatal("planned without a table")
		}
		_, err = d.Write.ExecContext(t.Context(), "ALTER TABLE thanks_away RENAME TO thanks")
		w.must(err)
		if after := w.lines("SELECT (SELECT COUNT(*) FROM room) + (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM role) + (SELECT COUNT(*) FROM message) + (SELECT COUNT(*) FROM audit)"); after != before {
			t.Errorf("%s rows were %s", after, before)
		}
		// And the same form works afterwards.
		if _, err := w.carry.Next(t.Context(), "org", w.from, w.plan(Parts[:]...)); err != nil {
			t.Error(err)
		}
	})
}
