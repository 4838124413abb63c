package carry

import (
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/text"
)

// exec writes as other areas do, without their rules.
func (w *world) exec(query string, args ...any) {
	w.Helper()
	_, err := w.db.Write.NewRaw(query, args...).Exec(w.Context())
	w.must(err)
}

// The figures count what everybody may know, edition by edition, in one query.
func TestCompare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.from
		session := w.lines("SELECT id FROM session WHERE edition_id = ? AND slug = 'avaus'", e.ID)
		speaker := w.lines("SELECT id FROM speaker WHERE edition_id = ?", e.ID)
		other := w.lines("SELECT id FROM session WHERE edition_id = ? AND slug = 'ilta'", e.ID)
		w.exec("UPDATE place SET taken = 290, waiting = 7 WHERE edition_id = ? AND kind = 'onsite'", e.ID)
		w.exec("UPDATE place SET taken = 160 WHERE edition_id = ? AND kind = 'remote'", e.ID)
		for id, set := range map[string][5]string{"a": {"link", "public", "now", "", other}, "b": {"link", "hidden", "now", "", other}, "c": {"link", "registered", "now", "", other},
			"d": {"link", "public", "after", "", other}, "e": {"link", "public", "at", "2027-02-01 09:00", other}, "f": {"link", "public", "at", "2027-03-01 09:00", other},
			"g": {"link", "public", "now", "", other}, "h": {"recording", "public", "now", "", session}, "i": {"recording", "public", "now", "", other}} {
			by := ""
			if id == "g" {
				by = speaker
			}
			w.exec(`INSERT INTO material (id, session_id, edition_id, slug, kind, title, url, extra, rank, created_at, visibility, shown, speaker_id) VALUES (?, ?, ?, ?, ?, '{}', '', '{}', 1, ?, ?, ?, ?)`,
				id, set[4], e.ID, id, set[0], now, set[1], set[2], by)
			if set[3] != "" {
				w.exec("UPDATE material SET shown_at = ? WHERE id = ?", at(set[3]), id)
			}
			w.exec("INSERT INTO download (material_id, day, n) VALUES (?, '2027-01-26', 10)", id)
		}
		w.exec("INSERT INTO live_room (session_id, epoch, version, changed, state, room_key, created_at) VALUES (?, 'e', 1, 0, 'closed', '', ?)", session, now)
		for i, state := range []string{"answered", "answered", "later", "rejected", "new", "withdrawn", "approved"} {
			w.exec(`INSERT INTO question (id, session_id, version, state, text, original, owner, asker, source, votes, rank, reason, asked_at) VALUES (?, ?, 1, ?, 'Miksi', 'Miksi', '', '', '', 0, 0, '', ?)`,
				string(rune('a'+i)), session, state, now)
		}
		w.exec("INSERT INTO answer (id, question_id, name, text, created_at) VALUES ('x', 'a', 'P', 'Siksi', ?), ('y', 'a', 'Q', 'Niin', ?)", now, now)
		want := Figures{Onsite: 290, Remote: 160, Sessions: 3, Speakers: 1, Asked: 4, Answered: 2, Written: 1, Material: 6, Recordings: 2, Downloads: 60}
		check := func(want Figures) {
			t.Helper()
			all, err := New(d, w.clock.Now, w.words, w.editions, nil).Compare(t.Context(), e.Series)
			w.must(err)
			if got := all[e.ID]; got != want || len(all) != 1 {
				t.Errorf("\n got %+v\nwant %+v", got, want)
			}
		}
		check(want)
		// A consent taken back hides what hangs on it: what she brought, and the
		// recording in which she speaks.
		w.exec("INSERT INTO withdrawn (speaker_id, part, edition_id) VALUES (?, 'material', ?)", speaker, e.ID)
		want.Material, want.Downloads = 5, 50
		check(want)
		w.exec("INSERT INTO withdrawn (speaker_id, part, edition_id) VALUES (?, 'recording', ?)", speaker, e.ID)
		want.Material, want.Recordings, want.Downloads = 4, 1, 40
		check(want)
		// Another series has none of this.
		all, err := w.carry.Compare(t.Context(), edition.Series{ID: "another"})
		if err != nil || len(all) != 0 {
			t.Error(all, err)
		}
	})
}

// Who spoke before is told with every year, and only of what is public.
func TestReturned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		p := w.plan(Skeleton)
		e, err := w.carry.Next(t.Context(), "org", w.from, p)
		w.must(err)
		returned := func() int {
			t.Helper()
			list, err := w.carry.Returned(t.Context(), e, text.Finnish)
			w.must(err)
			for _, r := range list {
				if r.Name != "Puhuja" || r.Slug != "puhuja" || len(r.Years) != 1 || r.Years[0] != (Year{Edition: "2027", Slug: "puhuja"}) {
					t.Errorf("%+v", r)
				}
			}
			return len(list)
		}
		w.speaks(e, "Puhuja")
		w.exec("UPDATE speaker SET who = 'same'")
		if n := returned(); n != 0 {
			t.Error("a draft was told:", n)
		}
		_, err = w.programs.Release(t.Context(), "org", e, "", nil)
		w.must(err)
		if n := returned(); n != 1 {
			t.Error(n)
		}
		// It is read again when an edition of the series has changed.
		w.exec("UPDATE speaker SET who = id")
		w.exec("UPDATE edition SET revision = revision + 1")
		w.editions.Forget()
		if n := returned(); n != 0 {
			t.Error("somebody else of that name:", n)
		}
	})
}

// speaks puts somebody on the first open session of an edition.
func (w *world) speaks(e edition.Edition, name string) {
	w.Helper()
	draft, err := w.programs.Draft(w.Context(), e)
	w.must(err)
	x := draft.BySlug("avoin-paapuhe")
	_, err = w.programs.SaveSession(w.Context(), "org", e, x.ID, program.SessionInput{Title: fi("Paluu"), Kind: x.Kind, StartsAt: x.StartsAt, EndsAt: x.EndsAt,
		Speakers: []program.SpeakerRef{{Name: name}}})
	w.must(err)
}
