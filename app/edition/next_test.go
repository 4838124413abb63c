package edition

import (
	"testing"
	"time"

	"agora/app/apptest"
	"agora/app/text"
)

// edition makes one of a series by its four times.
func dayOf(t *testing.T, rule Rule, slug string, times ...string) Edition {
	t.Helper()
	return Edition{ID: slug, Slug: slug, Zone: "Europe/Helsinki", Series: Series{DateRule: rule}, Title: text.One(text.Finnish, slug),
		StartsAt: apptest.Helsinki(times[0]).UTC(), EndsAt: apptest.Helsinki(times[1]).UTC(), OpensAt: apptest.Helsinki(times[2]).UTC(), ClosesAt: apptest.Helsinki(times[3]).UTC()}
}

// shownTimes are a proposal's four times on the edition's clock, with their offsets.
func shownTimes(n Next, e Edition) [4]string {
	const layout = "2006-01-02 15:04 -07"
	return [4]string{e.Local(n.StartsAt).Format(layout), e.Local(n.EndsAt).Format(layout), e.Local(n.OpensAt).Format(layout), e.Local(n.ClosesAt).Format(layout)}
}

func TestNextByRule(t *testing.T) {
	rule := NewRule(time.January, 4, time.Monday)
	e := dayOf(t, rule, "2027", "2027-01-25 09:00", "2027-01-25 17:00", "2026-11-23 09:00", "2027-01-18 23:59")
	old := dayOf(t, rule, "2016", "2016-01-25 09:00", "2016-01-25 16:00", "2015-11-02 09:00", "2016-01-18 23:59")
	now := apptest.Helsinki("2026-11-21 14:00")
	n := Propose(e, []Edition{e, old}, now)
	want := [4]string{"2028-01-24 09:00 +02", "2028-01-24 17:00 +02", "2027-11-22 09:00 +02", "2028-01-17 23:59 +02"}
	if got := shownTimes(n, e); got != want || n.Slug != "2028" || !n.ByRule || n.Late || n.Skipped || n.Endless {
		t.Errorf("%v %+v", got, n)
	}
	// From the archive, the next is still the one after the last.
	n = Propose(old, []Edition{e, old}, now)
	want = [4]string{"2028-01-24 09:00 +02", "2028-01-24 16:00 +02", "2027-11-01 09:00 +02", "2028-01-17 23:59 +02"}
	if got := shownTimes(n, old); got != want || n.Slug != "2028" {
		t.Errorf("%v %+v", got, n)
	}
	// Years that were skipped stay skipped: the archive alone, eleven years later.
	if n = Propose(old, []Edition{old}, now); n.Slug != "2027" || n.StartsAt.In(old.Location()).Format(time.DateOnly) != "2027-01-25" || !n.Late {
		t.Errorf("%+v", n)
	}
	// Two months before the day the usual opening has passed: tomorrow then.
	now = apptest.Helsinki("2027-01-02 10:00")
	if n = Propose(old, []Edition{old}, now); !n.Late || shownTimes(n, old)[2] != "2027-01-03 09:00 +02" || shownTimes(n, old)[3] != "2027-01-18 23:59 +02" {
		t.Errorf("%v %+v", shownTimes(n, old), n)
	}
	// A week before, the usual close has passed too.
	now = apptest.Helsinki("2027-01-20 10:00")
	if n = Propose(old, []Edition{old}, now); !n.ClosesAt.Equal(n.StartsAt) || !n.OpensAt.Before(n.ClosesAt) {
		t.Errorf("%v", shownTimes(n, old))
	}
}

func TestNextWithoutRule(t *testing.T) {
	e := dayOf(t, "", "kevat", "2028-02-29 12:00", "2028-03-01 16:00", "2028-01-01 09:00", "2028-02-28 23:59")
	n := Propose(e, []Edition{e}, apptest.Helsinki("2028-03-05 10:00"))
	want := [4]string{"2029-02-28 12:00 +02", "2029-03-01 16:00 +02", "2028-12-31 09:00 +02", "2029-02-27 23:59 +02"}
	if got := shownTimes(n, e); got != want || n.ByRule || n.Slug != "2029" {
		t.Errorf("%v %+v", got, n)
	}
	e.EndsAt = time.Time{}
	if n = Propose(e, nil, apptest.Helsinki("2028-03-05 10:00")); !n.Endless || n.EndsAt.Sub(n.StartsAt) != 8*time.Hour {
		t.Errorf("without an end: %+v", n)
	}
	// A year that already has another edition gets the next address.
	other := dayOf(t, "", "2029", "2027-05-05 12:00", "2027-05-05 16:00", "2027-01-01 09:00", "2027-02-28 23:59")
	if n = Propose(e, []Edition{e, other}, apptest.Helsinki("2028-03-05 10:00")); n.Slug != "2029-2" {
		t.Error(n.Slug)
	}
}

// The night of 25 to 26 March 2028 has no half past three in Helsinki, and that
// of 28 to 29 October 2028 has two.
func TestNextInTheNightsOfTheClocks(t *testing.T) {
	// Opens 30 days before the day at 3.30; the next day is on 25 April 2028.
	e := dayOf(t, "", "2027", "2027-04-25 09:00", "2027-04-25 17:00", "2027-03-26 03:30", "2027-04-24 23:59")
	n := Propose(e, []Edition{e}, apptest.Helsinki("2027-05-01 10:00"))
	want := [4]string{"2028-04-25 09:00 +03", "2028-04-25 17:00 +03", "2028-03-26 04:30 +03", "2028-04-24 23:59 +03"}
	if got := shownTimes(n, e); got != want || !n.Skipped {
		t.Errorf("spring: %v %+v", got, n)
	}
	// Opening stays at nine although an hour is lost on the way.
	e = dayOf(t, "", "2027", "2027-04-25 09:00", "2027-04-25 17:00", "2027-03-20 09:00", "2027-04-24 23:59")
	n = Propose(e, []Edition{e}, apptest.Helsinki("2027-05-01 10:00"))
	if got := shownTimes(n, e); got[2] != "2028-03-20 09:00 +02" || n.Skipped {
		t.Errorf("before spring: %v", got)
	}
	e = dayOf(t, "", "2027", "2027-11-28 09:00", "2027-11-28 17:00", "2027-10-29 03:30", "2027-11-27 23:59")
	n = Propose(e, []Edition{e}, apptest.Helsinki("2027-12-01 10:00"))
	if got := shownTimes(n, e); got[2] != "2028-10-29 03:30 +03" || n.Skipped {
		t.Errorf("autumn: the first of two: %v", got)
	}
}

func TestMovedAlong(t *testing.T) {
	from := dayOf(t, "", "2027", "2027-03-27 09:00", "2027-03-28 17:00", "2027-01-01 09:00", "2027-03-01 09:00")
	to := dayOf(t, "", "2028", "2028-03-25 10:30", "2028-03-26 17:00", "2028-01-01 09:00", "2028-03-01 09:00")
	for was, want := range map[string]string{
		"2027-03-27 09:00": "2028-03-25 10:30 +02", "2027-03-27 23:45": "2028-03-26 01:15 +02", "2027-03-28 12:00": "2028-03-26 13:30 +03",
		"2027-03-26 18:00": "2028-03-24 19:30 +02", // the evening before
		"2027-03-28 02:00": "2028-03-26 04:30 +03", // half past three is skipped
	} {
		if got := to.Local(MovedAlong(from, to, apptest.Helsinki(was))).Format("2006-01-02 15:04 -07"); got != want {
			t.Errorf("%s: %s, want %s", was, got, want)
		}
	}
}
