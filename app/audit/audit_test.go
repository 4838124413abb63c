package audit_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/audit"
	"agora/app/db"
	"agora/app/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

var start = time.Date(2027, 1, 25, 7, 0, 0, 0, time.UTC)

func write(t *testing.T, d *db.DB, at time.Time, e audit.Entry) {
	t.Helper()
	if err := audit.Write(t.Context(), d.Write, at, e); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, d *db.DB, edition, before string, limit int) []audit.Line {
	t.Helper()
	lines, err := audit.Find(t.Context(), d.Read, audit.Query{Edition: edition, Before: before, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestPagesFollowOneAnotherWithoutGapEvenAtOneMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for i, act := range []string{"edition.change", "session.move", "place.resize", "role.grant", "release.make"} {
			// Three of the five happen at the same moment.
			write(t, d, start.Add(time.Duration(max(0, i-2))*time.Minute), audit.Entry{Person: "p", Edition: "e", Act: act})
		}
		write(t, d, start, audit.Entry{Person: "p", Edition: "other", Act: "edition.change"})
		seen := map[string]bool{}
		before := ""
		for range 3 {
			for _, l := range list(t, d, "e", before, 2) {
				if seen[l.Act] || l.Edition != "e" {
					t.Errorf("%s of %s again", l.Act, l.Edition)
				}
				seen[l.Act] = true
				before = l.ID
			}
		}
		if len(seen) != 5 {
			t.Errorf("saw %v", seen)
		}
		if got := list(t, d, "e", "", 1); got[0].Act != "release.make" || !got[0].At.Equal(start.Add(2*time.Minute)) {
			t.Errorf("the newest is %+v", got)
		}
	})
}

func TestLinesNameThePersonAsTheyAreNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, err := d.Write.NewRaw(`INSERT INTO person (id, email, name, language, created_at)
			VALUES ('p1', 'aino@example.fi', 'Aino', 'fi', ?), ('p2', 'nimetön@example.fi', '', 'fi', ?)`, start, start).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{"p1", "p2", "gone"} {
			write(t, d, start, audit.Entry{Person: p, Edition: "e", Act: "edition.change", Subject: "e", Detail: "300 → 320"})
		}
		want := map[string]string{"p1": "Aino", "p2": "nimetön@example.fi", "gone": ""}
		for _, l := range list(t, d, "e", "", 10) {
			if l.PersonName != want[l.Person] || l.Subject != "e" || l.Detail != "300 → 320" {
				t.Errorf("%+v", l)
			}
		}
	})
}

func TestAnUndoneActLeavesNoLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		failed := errors.New("the act failed")
		err := d.Tx(t.Context(), func(ctx context.Context, tx bun.Tx) error {
			if err := audit.Write(ctx, tx, start, audit.Entry{Edition: "e", Act: "edition.change"}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) || len(list(t, d, "e", "", 10)) != 0 {
			t.Errorf("a line without its act: %v", err)
		}
	})
}

func TestFindNarrowsByActAndSubject(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, err := d.Write.NewRaw(`INSERT INTO person (id, email, name, language, created_at) VALUES ('p1', 'aino@example.fi', 'Aino', 'fi', ?)`, start).Exec(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, act := range []string{"session.new", "session.change", "sessionx.new", "role.grant", "room.save"} {
			write(t, d, start.Add(time.Duration(i)*time.Minute), audit.Entry{Person: "p1", Edition: "e", Act: act, Subject: map[bool]string{true: "p1", false: "s1"}[act == "role.grant"]})
		}
		write(t, d, start, audit.Entry{Person: "p1", Edition: "other", Act: "session.new", Subject: "s1"})
		for _, c := range []struct {
			q    audit.Query
			want []string
		}{
			{audit.Query{Acts: []string{"session.", "room."}, Limit: 9}, []string{"room.save", "session.change", "session.new"}},
			{audit.Query{Acts: []string{"role.grant"}, Limit: 9}, []string{"role.grant"}},
			{audit.Query{Subject: "s1", Limit: 2}, []string{"room.save", "sessionx.new"}},
			{audit.Query{Acts: []string{"%"}, Subject: "nothing", Limit: 9}, nil},
		} {
			c.q.Edition = "e"
			lines, err := audit.Find(t.Context(), d.Read, c.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range lines {
				if got = append(got, l.Act); l.PersonEmail != "aino@example.fi" || (l.SubjectName == "Aino") != (l.Act == "role.grant") {
					t.Errorf("%+v", l)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%+v: %v, want %v", c.q, got, c.want)
			}
		}
	})
}

// Who came by a link is no person, and is told from the system, which is nobody.
func TestLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, start, audit.Entry{Person: audit.ByLink("moderator"), Edition: "e", Act: "question.approve"})
		write(t, d, start.Add(time.Minute), audit.Entry{Edition: "e", Act: "question.approve"})
		write(t, d, start.Add(2*time.Minute), audit.Entry{Person: "p", Edition: "e", Act: "question.approve"})
		var got []string
		for _, l := range list(t, d, "e", "", 10) {
			got = append(got, l.Link)
		}
		if want := []string{"", "", "moderator"}; !slices.Equal(got, want) {
			t.Errorf("by the links %q, want %q", got, want)
		}
	})
}
