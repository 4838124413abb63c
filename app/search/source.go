package search

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/search/stem"
	"agora/app/text"
)

// maxFileText is how much of a file's words is searched, in letters: what a book
// holds, and little enough for one to be taken apart while others wait.
const maxFileText = 400_000

// indexEdition brings an edition's entries up to date, but for the questions.
func (s *Service) indexEdition(ctx context.Context, w *writing, e edition.Edition) error {
	before, err := s.known(ctx, "edition_id = ?", e.ID)
	if err != nil {
		return err
	}
	if err := s.indexTitle(ctx, w, e, before); err != nil {
		return err
	}
	release, err := newestRelease(ctx, s.db.Read, e.ID)
	if err != nil {
		return err
	}
	open := map[string]bool{} // sessions
	if release != "" {
		for _, index := range []func(context.Context, *writing, edition.Edition, string, map[known]entry, map[string]bool) error{
			s.indexSessions, s.indexSpeakers, s.indexMaterial} {
			if err := index(ctx, w, e, release, before, open); err != nil {
				return err
			}
		}
	}
	for _, old := range before {
		if old.Kind == Question && open[old.SessionID] {
			continue
		}
		if err := w.drop(ctx, old.ID); err != nil {
			return err
		}
	}
	return nil
}

// newestRelease gives the id of what the public sees; empty: nothing yet.
func newestRelease(ctx context.Context, idb bun.IDB, editionID string) (id string, err error) {
	err = idb.NewRaw(`SELECT id FROM release WHERE edition_id = ? ORDER BY number DESC LIMIT 1`, editionID).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

func (s *Service) indexTitle(ctx context.Context, w *writing, e edition.Edition, before map[known]entry) error {
	languages := ""
	for _, l := range e.Languages {
		languages += string(l) + " "
	}
	one := newEntry(e, Edition, e.ID, "", e.Series.Title, e.Series.Hashtag, e.Slug, e.Title, e.Lead, e.City, e.Venue, e.Practical, languages)
	_, err := w.offer(ctx, one, before, func(b *bag) error {
		b.about(Edition, e, languages)
		b.name(inTitle, e.Slug+" "+e.Series.Hashtag)
		for _, t := range []text.Texts{e.Series.Title, e.Title, e.City} {
			b.texts(inTitle, t, nil)
		}
		for _, city := range e.City {
			b.name(inTitle, city)
		}
		b.texts(inAll, e.Lead, nil)
		b.texts(inAll, e.Venue, nil)
		for _, topic := range edition.Topics {
			b.texts(inAll, e.Practical[topic], nil)
		}
		return nil
	})
	return err
}

func (s *Service) indexSessions(ctx context.Context, w *writing, e edition.Edition, release string, before map[known]entry, open map[string]bool) error {
	for last := ""; ; {
		var list []program.Session
		err := s.db.Read.NewSelect().Model(&list).Join("JOIN slot ON slot.session_id = session.id AND slot.release_id = ?", release).
			Where("session.edition_id = ?", e.ID).Where("session.id > ?", last).Order("session.id").Limit(chunk).Scan(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		ids := make([]string, len(list))
		for i, x := range list {
			ids[i] = x.ID
		}
		names, err := speakerNames(ctx, s.db.Read, ids)
		if err != nil {
			return err
		}
		for i := range list {
			x := &list[i]
			last, open[x.ID] = x.ID, true
			fresh, err := w.offer(ctx, newEntry(e, Session, x.ID, x.ID, x.Title, x.Subtitle, x.Abstract, x.Description, x.Language, x.Extra.TextKey, x.Extra.TextLanguage, names[x.ID]),
				before, func(b *bag) error { return b.session(e, x, names[x.ID]) })
			if err != nil {
				return err
			}
			if fresh { // its questions may have been there before it was public
				w.seen = append(w.seen, seen{roomOf(x.ID), unseen})
			}
		}
	}
}

// unseen is a version that nothing has.
const unseen = -1

func (b *bag) session(e edition.Edition, x *program.Session, names []string) error {
	b.about(Session, e, x.Language)
	b.texts(inTitle, x.Title, x)
	b.texts(inTitle, x.Subtitle, x)
	for _, name := range names {
		b.name(inNames, name)
	}
	b.texts(inAll, x.Abstract, x)
	b.texts(inAll, x.Description, x)
	return nil
}

// speakerNames gives who speaks in sessions, in order.
func speakerNames(ctx context.Context, idb bun.IDB, sessions []string) (map[string][]string, error) {
	by := map[string][]string{}
	if len(sessions) == 0 {
		return by, nil
	}
	var rows []struct{ SessionID, Name string }
	err := idb.NewRaw(`SELECT w.session_id, p.name FROM session_speaker AS w JOIN speaker AS p ON p.id = w.speaker_id
		WHERE w.session_id IN (?) ORDER BY w.session_id, w.rank`, bun.List(sessions)).Scan(ctx, &rows)
	for _, r := range rows {
		by[r.SessionID] = append(by[r.SessionID], r.Name)
	}
	return by, err
}

func (s *Service) indexSpeakers(ctx context.Context, w *writing, e edition.Edition, release string, before map[known]entry, _ map[string]bool) error {
	for last := ""; ; {
		var list []program.Speaker
		err := s.db.Read.NewSelect().Model(&list).Where("edition_id = ?", e.ID).Where("id > ?", last).
			Where(`EXISTS (SELECT 1 FROM session_speaker AS w JOIN slot ON slot.session_id = w.session_id AND slot.release_id = ?
				WHERE w.speaker_id = speaker.id)`, release).Order("id").Limit(chunk).Scan(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		for i := range list {
			who := &list[i]
			last = who.ID
			_, err := w.offer(ctx, newEntry(e, Speaker, who.ID, "", who.Name, who.Biography), before, func(b *bag) error {
				b.about(Speaker, e, "")
				b.name(inTitle, who.Name)
				b.texts(inAll, who.Biography, nil)
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
}

// piece is material with the language of its session.
type piece struct {
	material.Material `bun:",extend"`

	Spoken string
}

func (s *Service) indexMaterial(ctx context.Context, w *writing, e edition.Edition, release string, before map[known]entry, _ map[string]bool) error {
	for last := ""; ; {
		var list []piece
		err := s.db.Read.NewSelect().Model(&list).ColumnExpr("material.*").ColumnExpr("x.language AS spoken").
			Join("JOIN session AS x ON x.id = material.session_id").
			Join("JOIN slot ON slot.session_id = x.id AND slot.release_id = ?", release).
			Where("material.edition_id = ?", e.ID).Where("material.visibility = ?", material.Public).Where("material.id > ?", last).
			Order("material.id").Limit(chunk).Scan(ctx)
		if err != nil || len(list) == 0 {
			return err
		}
		read, err := filesRead(ctx, s.db.Read, list)
		if err != nil {
			return err
		}
		for i := range list {
			m := &list[i]
			last = m.ID
			files := m.files(read)
			_, err := w.offer(ctx, newEntry(e, Material, m.ID, m.SessionID, m.Title, m.Language, m.Spoken, files), before, func(b *bag) error {
				return s.fillMaterial(ctx, b, e, m, files)
			})
			if err != nil {
				return err
			}
		}
	}
}

// files are those of a piece of material whose words have been read: its own, and
// a recording's captions.
func (m *piece) files(read map[string]bool) (ids []string) {
	for _, id := range allFiles(m.Material) {
		if read[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

func allFiles(m material.Material) []string {
	var ids []string
	if m.FileID != "" {
		ids = append(ids, m.FileID)
	}
	for _, c := range m.Captions {
		ids = append(ids, c.FileID)
	}
	return ids
}

func filesRead(ctx context.Context, idb bun.IDB, list []piece) (map[string]bool, error) {
	var all, read []string
	for _, m := range list {
		all = append(all, allFiles(m.Material)...)
	}
	if len(all) > 0 {
		if err := idb.NewSelect().Table("file").Column("id").Where("id IN (?)", bun.List(all)).Where("reading = ?", file.Read).Scan(ctx, &read); err != nil {
			return nil, err
		}
	}
	by := make(map[string]bool, len(read))
	for _, id := range read {
		by[id] = true
	}
	return by, nil
}

func (s *Service) fillMaterial(ctx context.Context, b *bag, e edition.Edition, m *piece, files []string) error {
	spoken := m.Language
	if spoken == "" {
		spoken = m.Spoken
	}
	b.about(Material, e, spoken)
	b.texts(inTitle, m.Title, nil)
	for _, id := range files {
		words, err := fileText(ctx, s.db.Read, id, maxFileText)
		if err != nil {
			return err
		}
		b.text(inAll, languageOf(m.Language, words), words)
	}
	return nil
}

// fileText gives the first letters of what was read out of a file.
func fileText(ctx context.Context, idb bun.IDB, id string, letters int) (s string, err error) {
	err = idb.NewRaw(`SELECT substr(text, 1, ?) FROM file_text WHERE file_id = ?`, letters, id).Scan(ctx, &s)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return s, err
}

// languageOf is the language of a text: what is said of it when that is one, else
// what it looks like.
func languageOf(said, s string) text.Lang {
	if list := tags(said); len(list) == 1 && slices.Contains(text.Langs[:], text.Lang(list[0])) {
		return text.Lang(list[0])
	}
	return stem.Language(s)
}
