package proposal

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/account"
	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/fail"
	"agora/app/registration/form"
	"agora/app/text"
)

func score(n int64) Review { return Review{Stance: Scored, Score: &n} }

func (w *world) review(who account.Person, p Proposal, r Review) {
	w.Helper()
	if err := w.s.Review(w.Context(), w.edition, who, p.Code, r); err != nil {
		w.Fatal(err)
	}
}

func (w *world) now() Call {
	w.Helper()
	c, err := w.s.Call(w.Context(), w.edition.ID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func TestOthersReviewsAreSeenOnlyAfterOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.propose(talk("a@example.fi", "Yksi"))
		r, s, u := w.person("r@example.fi"), w.person("s@example.fi"), w.person("u@example.fi")
		said := score(5)
		said.Comment = "Tätä tarvitaan."
		w.review(r, p, said)
		see := func(who account.Person) []Review {
			t.Helper()
			_, others, err := w.s.Task(t.Context(), w.now(), who, p.Code)
			if err != nil {
				t.Fatal(err)
			}
			return others
		}
		if others := see(s); len(others) != 0 {
			t.Errorf("seen before one's own: %+v", others)
		}
		w.review(s, p, Review{Stance: Abstained, Score: said.Score})
		if others := see(s); len(others) != 1 || others[0].Comment != "Tätä tarvitaan." || others[0].Reviewer != "Arvioija r" {
			t.Errorf("%+v", others)
		}
		w.review(u, p, Review{Stance: Conflict, Comment: "Sama työpaikka"})
		if others := see(u); len(others) != 0 {
			t.Errorf("too close, yet they see %+v", others)
		}
		if others := see(r); len(others) != 1 || others[0].Stance != Abstained || others[0].Score != nil {
			t.Errorf("%+v", others)
		}
		w.review(s, p, score(2))
		row, all, err := w.s.One(t.Context(), w.edition.ID, p.Code)
		if err != nil || len(all) != 3 || row.Average != 3.5 || row.Spread != 1.5 || row.Conflicts != 1 || row.Abstained != 0 || !slices.Equal(row.Scores, []int64{2, 5}) {
			t.Errorf("%+v %+v, %v", row, all, err)
		}
	})
}

func TestNobodyReviewsTheirOwnNorAnotherEditions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		in := talk("r@example.fi", "Oma")
		in.Others = Others{{"S", "s@example.fi"}}
		p, q := w.propose(in), w.propose(talk("a@example.fi", "Toisen"))
		gone := w.propose(talk("b@example.fi", "Peruttu"))
		if _, err := w.s.Withdraw(t.Context(), w.edition, gone.ID); err != nil {
			t.Fatal(err)
		}
		for _, email := range []string{"r@example.fi", "s@example.fi"} {
			who := w.person(email)
			tasks, err := w.s.Tasks(t.Context(), w.now(), who)
			if err != nil || len(tasks) != 1 || tasks[0].Code != q.Code {
				t.Errorf("%s has %+v, %v", email, tasks, err)
			}
			for _, one := range []Proposal{p, gone} {
				_, _, err = w.s.Task(t.Context(), w.now(), who, one.Code)
				w.refused(err, fail.NotFound, "proposal.missing")
				w.refused(w.s.Review(t.Context(), w.edition, who, one.Code, score(5)), fail.NotFound, "proposal.missing")
			}
		}
		other := w.newEdition("webinar")
		w.refused(w.s.Review(t.Context(), other, w.person("u@example.fi"), q.Code, score(5)), fail.NotFound, "proposal.no_call")
		if n := w.count("review"); n != 0 {
			t.Errorf("%d reviews", n)
		}
	})
}

func TestReviewsAreChecked(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	p, who := w.propose(talk("a@example.fi", "Yksi")), w.person("r@example.fi")
	long := score(3)
	long.Comment = strings.Repeat("ä", MaxComment+1)
	for _, r := range []Review{{}, score(0), score(6), score(-1), {Stance: Scored}, {Stance: "best"}} {
		w.wrong(w.s.Review(t.Context(), w.edition, who, p.Code, r), "score")
	}
	w.wrong(w.s.Review(t.Context(), w.edition, who, p.Code, long), "comment")
}

func TestReviewersSeeNeitherNamesNorWhatIsKeptFromThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		c := w.now()
		own := form.Form{Fields: []form.Field{
			{Key: "level", Kind: form.Text, Label: text.One(text.Finnish, "Taso"), Purpose: text.One(text.Finnish, "Arvioijille"), KeepDays: 30},
			{Key: "travel", Kind: form.Text, Label: text.One(text.Finnish, "Matkat"), Purpose: text.One(text.Finnish, "Järjestäjille"), KeepDays: 30},
		}}
		if _, err := w.s.SaveForm(t.Context(), "org", w.edition, c.Version, own, []string{"travel", "nothing"}); err != nil {
			t.Fatal(err)
		}
		in := talk("a@example.fi", "Nimetön")
		in.Note, in.Others = "Tunnen teidät", Others{{"Bo Öhman", "bo@example.fi"}}
		in.Answers = form.Answers{"level": "alku", "travel": "Helsingistä junalla"}
		p := w.propose(in)
		look := func() string {
			t.Helper()
			tasks, err := w.s.Tasks(t.Context(), w.now(), w.person("r@example.fi"))
			if err != nil {
				t.Fatal(err)
			}
			one, _, err := w.s.Task(t.Context(), w.now(), w.person("r@example.fi"), p.Code)
			if err != nil {
				t.Fatal(err)
			}
			said, err := json.Marshal([]any{tasks, one})
			if err != nil {
				t.Fatal(err)
			}
			return string(said)
		}
		named := look()
		for text, want := range map[string]bool{"Nimetön": true, "alku": true, "Aino Åberg": true, "Bo Öhman": true, in.Biography: true,
			"junalla": false, "Tunnen": false, "a@example.fi": false, "bo@example.fi": false} {
			if strings.Contains(named, text) != want {
				t.Errorf("%q seen: %v", text, !want)
			}
		}
		w.call(CallInput{Rules: Rules{Best: 5, Each: 3, Anonymous: true}})
		blind := look()
		for text, want := range map[string]bool{"Nimetön": true, "alku": true, "Aino": false, "Bo Öhman": false, in.Biography: false, "junalla": false} {
			if strings.Contains(blind, text) != want {
				t.Errorf("anonymous: %q seen: %v", text, !want)
			}
		}
	})
}

func TestTasksBeginWithTheLeastReviewedAndShuffleTheRest(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	var list []Proposal
	for range 12 {
		list = append(list, w.propose(talk(db.NewID()+"@example.fi", "Puhe")))
	}
	r, s := w.person("r@example.fi"), w.person("s@example.fi")
	w.review(s, list[0], score(4))
	w.review(r, list[1], score(4))
	codes := func(who account.Person) (codes []string, done int) {
		t.Helper()
		tasks, err := w.s.Tasks(t.Context(), w.now(), who)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range tasks {
			codes = append(codes, one.Code)
			if one.Done() {
				done++
			}
		}
		return codes, done
	}
	mine, done := codes(r)
	if done != 1 || mine[11] != list[1].Code || mine[10] != list[0].Code {
		t.Errorf("%d done, %v", done, mine)
	}
	if again, _ := codes(r); !slices.Equal(mine, again) {
		t.Error("the order does not stay")
	}
	theirs, _ := codes(s)
	if slices.Equal(mine[:10], theirs[:10]) {
		t.Error("all reviewers read in one order")
	}
}

func TestAChangeAfterAReviewShows(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	p, r := w.propose(talk("a@example.fi", "Yksi")), w.person("r@example.fi")
	w.review(r, p, score(4))
	w.clock.Move(time.Hour)
	w.decide(Accepted, p)
	if row, _, _ := w.s.One(t.Context(), w.edition.ID, p.Code); row.Changed != 0 {
		t.Error("a decision is no change of the proposal")
	}
	if _, err := w.s.Change(t.Context(), w.edition, p.ID, talk("a@example.fi", "Aivan toinen"), w.read(p).Version, false); err != nil {
		t.Fatal(err)
	}
	row, _, err := w.s.One(t.Context(), w.edition.ID, p.Code)
	task, _, bad := w.s.Task(t.Context(), w.now(), r, p.Code)
	if err != nil || bad != nil || row.Changed != 1 || !task.Changed {
		t.Errorf("%+v %+v %v %v", row, task, err, bad)
	}
}

func TestTheListIsFilteredSortedAndOfTwoQueries(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	a, b, c := w.propose(talk("a@example.fi", "Beta")), w.propose(talk("b@example.fi", "alfa")), w.propose(talk("c@example.fi", "Gamma"))
	r, s := w.person("r@example.fi"), w.person("s@example.fi")
	w.review(r, a, score(1))
	w.review(s, a, score(5))
	w.review(r, b, score(4))
	w.decide(Declined, c)
	for _, one := range []struct {
		f    Filter
		want []Proposal
	}{
		{Filter{}, []Proposal{b, a, c}},
		{Filter{Order: BySpread}, []Proposal{a, b, c}},
		{Filter{Order: ByCount}, []Proposal{c, b, a}},
		{Filter{Order: ByTitle}, []Proposal{b, a, c}},
		{Filter{State: Declined}, []Proposal{c}},
		{Filter{Untold: true}, []Proposal{c}},
		{Filter{Words: "aino GAM"}, []Proposal{c}},
		{Filter{Words: "c@example.fi"}, []Proposal{c}},
		{Filter{Words: "nothing"}, nil},
		{Filter{Kind: "workshop"}, nil},
	} {
		list, _, err := w.s.List(t.Context(), w.edition.ID, one.f)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for _, x := range list {
			got = append(got, x.Title)
		}
		for _, p := range one.want {
			want = append(want, p.Title)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: %v, want %v", one.f, got, want)
		}
	}
}

func TestExportEraseAndPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		aino, rev := w.person("a@example.fi"), w.person("r@example.fi")
		in := talk("b@example.fi", "Yhdessä")
		in.Others = Others{{"Aino", "a@example.fi"}, {"C", "c@example.fi"}}
		mine, session, shared := w.propose(talk("a@example.fi", "Oma")), w.propose(talk("a@example.fi", "Mukaan")), w.propose(in)
		said := score(4)
		said.Comment = "Hyvä puhuja"
		w.review(rev, mine, said)
		w.review(rev, session, said)
		w.decide(Accepted, session)
		w.decide(Declined, mine)
		out, err := w.s.Export(t.Context(), aino.ID)
		if err != nil || len(out.(Exported).Proposals) != 3 {
			t.Fatalf("%+v, %v", out, err)
		}
		for _, one := range out.(Exported).Proposals {
			if one.State != Sent {
				t.Errorf("an export tells a decision: %+v", one)
			}
		}
		w.tell(session)
		if out, err := w.s.Export(t.Context(), rev.ID); err != nil || len(out.(Exported).Reviews) != 2 || out.(Exported).Reviews[0].Comment != "Hyvä puhuja" {
			t.Errorf("%+v, %v", out, err)
		}
		w.tx(func(ctx context.Context, tx bun.Tx) error { return w.s.Erase(ctx, tx, aino.ID) })
		if n := w.count("proposal WHERE id = ?", mine.ID); n != 0 || w.count("review") != 1 {
			t.Error("what was not accepted is still there")
		}
		if now := w.read(session); now.Name+now.Email+now.Biography != "" || now.SessionID == "" {
			t.Errorf("%+v", now)
		}
		if _, err := w.s.ByToken(t.Context(), w.s.Token(session)); !fail.Is(err, fail.NotFound) {
			t.Error("the link still opens")
		}
		if now := w.read(shared); now.By("a@example.fi") || len(now.Others) != 1 {
			t.Errorf("%+v", now)
		}
		w.tx(func(ctx context.Context, tx bun.Tx) error { return w.s.Erase(ctx, tx, rev.ID) })
		if n := w.count("review WHERE comment <> ''"); n != 0 || w.count("review WHERE score = 4") != 1 {
			t.Error("a reviewer's comment is still there, or the score is not")
		}
		w.clock.Set(KeptUntil(w.edition).Add(-time.Second))
		if n, err := w.s.Purge(t.Context()); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		w.clock.Set(KeptUntil(w.edition))
		if n, err := w.s.Purge(t.Context()); n != 2 || err != nil || w.count("review") != 0 || w.count("session") != 1 || w.count("call") != 1 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestAnswersGoWhenWasPromised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		own := form.Form{Fields: []form.Field{{Key: "travel", Kind: form.Text, Label: text.One(text.Finnish, "Matkat"), Purpose: text.One(text.Finnish, "Kulut"), KeepDays: 14}}}
		long, special := own, own
		long.Fields = []form.Field{own.Fields[0]}
		long.Fields[0].KeepDays = MaxKeepDays + 1
		special.Fields = []form.Field{own.Fields[0]}
		special.Fields[0].Special = true
		_, err := w.s.SaveForm(t.Context(), "org", w.edition, w.now().Version, long, nil)
		w.wrong(err, "fields.0.keep_days")
		_, err = w.s.SaveForm(t.Context(), "org", w.edition, w.now().Version, special, nil)
		w.wrong(err, "fields.0.special")
		_, err = w.s.SaveForm(t.Context(), "org", w.edition, 0, own, nil)
		w.refused(err, fail.Conflict, "proposal.call_meanwhile")
		if _, err = w.s.SaveForm(t.Context(), "org", w.edition, w.now().Version, own, nil); err != nil {
			t.Fatal(err)
		}
		in := talk("a@example.fi", "x")
		in.Answers = form.Answers{"travel": "junalla", "other": "?"}
		_, err = w.s.Propose(t.Context(), w.edition, in, noon, true, db.Key{})
		w.wrong(err, "answers.other")
		in.Answers = form.Answers{"travel": "junalla"}
		p := w.propose(in)
		for days, want := range map[int]int{13: 1, 14: 0} {
			w.clock.Set(w.edition.EndsAt.AddDate(0, 0, days))
			if days == 14 {
				if _, err := w.s.Purge(t.Context()); err != nil || len(w.read(p).Answers) != want {
					t.Errorf("after %d days: %v, %v", days, w.read(p).Answers, err)
				}
			}
		}
	})
}

func TestACallIsChecked(t *testing.T) {
	w := newWorld(t, dbtest.OpenSQLite(t))
	c := w.now()
	save := func(in CallInput) error {
		_, err := w.s.SaveCall(t.Context(), "org", w.edition, c.Version, in)
		return err
	}
	w.wrong(save(CallInput{}), "opens_at", "closes_at", "best", "each")
	ok := Rules{Best: 5, Each: 3}
	w.wrong(save(CallInput{OpensAt: closes, ClosesAt: opens, Rules: ok, Kinds: c.Kinds}), "closes_at")
	w.wrong(save(CallInput{OpensAt: opens, ClosesAt: closes, Rules: ok}), "kinds")
	w.wrong(save(CallInput{OpensAt: opens, ClosesAt: closes, Rules: ok, Kinds: Offers{{"talk", []int64{0}}, {"workshop", []int64{481}}}}), "kind_talk", "kind_workshop")
	w.wrong(save(CallInput{OpensAt: opens, ClosesAt: closes, Rules: Rules{Best: 11, Each: 11}, Kinds: c.Kinds, Text: text.One(text.Finnish, strings.Repeat("ä", maxText+1))}), "best", "each", "text")
	if _, err := w.s.SaveCall(t.Context(), "org", w.edition, c.Version-1, CallInput{OpensAt: opens, ClosesAt: closes, Rules: ok, Kinds: c.Kinds}); !fail.Is(err, fail.Conflict) {
		t.Errorf("%v", err)
	}
	if none, err := w.s.Call(t.Context(), w.newEdition("2028").ID); err != nil || none.Phase(noon) != None {
		t.Errorf("%+v, %v", none, err)
	}
}
