package speaking_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"agora/app/fail"
	"agora/app/material"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
)

// stands tells a session's items in one line.
func (w *world) stands(slug string) string {
	w.Helper()
	c, err := w.Chase(w.Context(), w.e, text.Finnish)
	w.ok(err)
	for _, x := range c.Sessions {
		if x.Session.Slug == slug {
			var said []string
			for _, n := range speaking.OfSession {
				said = append(said, fmt.Sprint(n, " ", x.Items[n]))
			}
			return strings.Join(said, ", ")
		}
	}
	return ""
}

func TestWhatIsHereAndWhatIsNot(t *testing.T) {
	each(t, 5, func(w *world) {
		aino := w.speaker("Aino", "Avaus")
		x := w.draft().BySlug("avaus")
		w.equal("at first", w.stands("avaus"), "abstract owed, slides owed, writeup unasked, recording later")
		_, err := w.material.Add(w.Context(), material.Author{}, w.e, x.ID, material.Input{Kind: material.Slides, URL: "https://example.org/a", Visibility: material.Hidden, Shown: material.Now})
		w.ok(err)
		w.ok(w.Spare(w.Context(), "org", w.e, x.ID, speaking.NeedAbstract, true))
		w.equal("one here, one let off", w.stands("avaus"), "abstract spared, slides here, writeup unasked, recording later")
		w.set(day.Add(10 * time.Hour))
		w.equal("after the day", w.stands("avaus"), "abstract spared, slides here, writeup unasked, recording owed")
		c, err := w.Chase(w.Context(), w.e, text.Finnish)
		w.ok(err)
		if len(c.Speakers) != 1 || c.Speakers[0].Items[speaking.NeedAnswer] != speaking.StandsUnasked || c.Speakers[0].Items[speaking.NeedBiography] != speaking.StandsOwed {
			w.Errorf("speakers %+v", c.Speakers)
		}
		w.set(start)
		w.invite(aino, "aino@example.fi")
		_, err = w.Decline(w.Context(), w.e, w.side(aino))
		w.ok(err)
		w.ok(w.Spare(w.Context(), "org", w.e, x.ID, speaking.NeedAbstract, false))
		w.equal("nobody to bring it", w.stands("avaus"), "abstract unasked, slides here, writeup unasked, recording unasked")
	})
}

func TestRulesAreSavedOnce(t *testing.T) {
	each(t, 5, func(w *world) {
		w.speaker("Aino", "Avaus")
		rules := speaking.Rules{Due: day, Speaker: []speaking.Need{speaking.NeedPicture, "moon"}, Texts: []string{"title"},
			Session: map[program.Kind][]speaking.Need{program.Talk: {speaking.NeedWriteup}}}
		w.ok(w.SaveRules(w.Context(), "org", w.e, 0, rules))
		w.refused(w.SaveRules(w.Context(), "org", w.e, 0, rules), fail.Conflict, "speaking.meanwhile")
		w.ok(w.SaveRules(w.Context(), "org", w.e, 1, rules))
		setup, err := w.Setup(w.Context(), w.e.ID)
		w.ok(err)
		w.equal("saved", fmt.Sprint(setup.Version, setup.Rules.Speaker, setup.Rules.Session, setup.Rules.Texts), "2 [picture] map[talk:[writeup]] [title]")
		w.equal("asked", w.stands("avaus"), "abstract unasked, slides unasked, writeup owed, recording unasked")
	})
}

// Letters are read before they are sent, in any language and by people who have no
// link yet; what is read opens nothing.
func TestLettersAreReadBefore(t *testing.T) {
	each(t, 5, func(w *world) {
		aino := w.speaker("Aino", "Avaus")
		board, err := w.Board(w.Context(), w.e, text.Finnish)
		w.ok(err)
		for name, write := range map[string]speaking.Writer{"invitation": w.InvitationTo, "reminder": w.ReminderTo} {
			for _, l := range text.Langs {
				letter, err := write(w.Context(), w.e, board[0], l)
				w.ok(err)
				subject, body, err := w.mails.Preview(letter)
				w.ok(err)
				if subject == "" || !contains(body, "Avaus") || !contains(body, "/speak/…") || contains(body+subject, "⟦") {
					w.Errorf("%s in %s: %s\n%s", name, l, subject, body)
				}
			}
		}
		if len(w.letters()) != 0 {
			w.Errorf("reading sent %v", w.letters())
		}
		if _, err := w.Of(w.Context(), w.e, aino.ID); !fail.Is(err, fail.NotFound) {
			w.Errorf("reading made a link: %v", err)
		}
	})
}

func TestPicturesByOrganisers(t *testing.T) {
	each(t, 5, func(w *world) {
		aino := w.speaker("Aino", "Avaus")
		put := func(id, scope string) {
			_, err := w.db.Write.NewRaw(`INSERT INTO file (id, edition_id, scope, name, kind, size, sha256, width, height, reading, kept, created_at)
				VALUES (?, ?, ?, 'a.png', 'png', 1, '', 1, 1, 'useless', FALSE, ?)`, id, w.e.ID, scope, start).Exec(w.Context())
			w.ok(err)
		}
		kept := func() string {
			var ids []string
			w.ok(w.db.Read.NewRaw("SELECT id FROM file WHERE kept ORDER BY id").Scan(w.Context(), &ids))
			return strings.Join(ids, " ")
		}
		for _, n := range []string{"1", "2"} {
			put("cut"+n, "picture:"+aino.ID)
			put("raw"+n, "speaker:"+aino.ID)
		}
		put("other", "picture:somebody")
		w.refused(w.GivePicture(w.Context(), "org", w.e, aino.ID, "", "other"), fail.NotFound, "file.missing")
		w.ok(w.GivePicture(w.Context(), "org", w.e, aino.ID, "raw1", "cut1"))
		w.equal("without a link only what is shown", kept(), "cut1")
		w.invite(aino, "aino@example.fi")
		w.ok(w.GivePicture(w.Context(), "org", w.e, aino.ID, "raw2", "cut2"))
		w.equal("with one, to be cut anew", kept(), "cut2 raw2")
		w.equal("shown", w.find("Aino").Picture, "cut2")
		w.ok(w.db.Tx(w.Context(), func(ctx context.Context, tx bun.Tx) error {
			_, err := tx.NewRaw("UPDATE speaking SET consent = ?", speaking.Consent{speaking.Picture: {At: start}}).Exec(ctx)
			return err
		}))
		w.refused(w.GivePicture(w.Context(), "org", w.e, aino.ID, "", "cut1"), fail.Conflict, "speaking.picture_refused")
		w.ok(w.GivePicture(w.Context(), "org", w.e, aino.ID, "", ""))
		w.equal("taken away", w.find("Aino").Picture+kept(), "")
	})
}
