package material

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/text"
)

// Adopt takes over the attachments and recordings of an imported programme, in
// the import's transaction; it is what program.ImportOptions asks for. What a
// session has already is not doubled, not even by an address of our own that an
// earlier export of ours gave out; only web addresses belong here, and the import
// keeps the others.
func (s *Service) Adopt(ctx context.Context, tx bun.IDB, e edition.Edition, list []program.Attached) error {
	a, err := s.newAdoption(ctx, tx, e)
	if err != nil {
		return err
	}
	for _, one := range list {
		a.take(one, s.now())
	}
	for part := range slices.Chunk(a.rows, perStatement) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(a.versions, perStatement) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// adoption is what an import has to know of the edition's sessions and material.
type adoption struct {
	e        edition.Edition
	slugs    map[string]string          // of the sessions, by their id
	has      map[string]map[string]bool // addresses by session
	last     map[string]int64
	used     []string
	base     text.Lang
	rows     []Material
	versions []Version
}

func (s *Service) newAdoption(ctx context.Context, tx bun.IDB, e edition.Edition) (*adoption, error) {
	a := &adoption{e: e, slugs: map[string]string{}, has: map[string]map[string]bool{}, last: map[string]int64{}, base: text.Finnish}
	var ours []struct{ ID, Slug string }
	if err := tx.NewSelect().Table("session").Column("id", "slug").Where("edition_id = ?", e.ID).Scan(ctx, &ours); err != nil {
		return nil, err
	}
	for _, x := range ours {
		a.slugs[x.ID], a.has[x.ID] = x.Slug, map[string]bool{}
	}
	var known []Material
	if err := tx.NewSelect().Model(&known).Column("session_id", "slug", "url", "rank").Where("edition_id = ?", e.ID).Scan(ctx); err != nil {
		return nil, err
	}
	for _, m := range known {
		if a.has[m.SessionID] != nil {
			a.has[m.SessionID][m.URL], a.has[m.SessionID][s.address(e, m)] = true, true
			a.last[m.SessionID] = max(a.last[m.SessionID], m.Rank)
		}
		a.used = append(a.used, m.Slug)
	}
	if len(e.Languages) > 0 {
		a.base = e.Languages[0]
	}
	return a, nil
}

func (a *adoption) take(one program.Attached, now time.Time) {
	if a.has[one.SessionID] == nil || a.has[one.SessionID][one.URL] || !web(one.URL) {
		return
	}
	a.has[one.SessionID][one.URL] = true
	a.last[one.SessionID]++
	m := Material{ID: db.NewID(), EditionID: a.e.ID, SessionID: one.SessionID, Kind: kindOf(one), Title: text.Texts{}, URL: one.URL, Version: 1,
		Visibility: Public, Shown: Now, Extra: Extra{Imported: true, Word: one.Kind}, Rank: a.last[one.SessionID], CreatedAt: now, ChangedAt: now}
	if one.Title != "" {
		m.Title[a.base] = one.Title
	}
	m.Slug = newSlug(a.used, a.slugs[one.SessionID], titleIn(a.e, m))
	a.used = append(a.used, m.Slug)
	a.rows = append(a.rows, m)
	a.versions = append(a.versions, Version{MaterialID: m.ID, Number: 1, URL: m.URL, CreatedAt: now})
}

func web(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}

func kindOf(a program.Attached) Kind {
	if a.Recording {
		return Recording
	}
	switch a.Kind {
	case "slides":
		return Slides
	case "paper", "blog", "article":
		return Writeup
	case "media":
		return Recording
	}
	return Link
}

// address is where a piece of material is for ever, as other sites and files say it.
func (s *Service) address(e edition.Edition, m Material) string {
	return strings.TrimSuffix(s.baseURL, "/") + m.Path(e)
}

// Fill adds what strangers see of the material of a programme's sessions to the
// schedule made of it: the first recording as such, everything else as
// attachments. The addresses are ours and stay, except where a schedule file
// brought one that is still what it said.
func (s *Service) Fill(ctx context.Context, p *program.Programme, x *exchange.Schedule) error {
	by, err := s.Visible(ctx, p.Edition, p, s.now(), false)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, session := range p.Sessions {
		ids[session.GUID] = session.ID
	}
	for i := range x.Sessions {
		s.fill(p.Edition, &x.Sessions[i], by[ids[x.Sessions[i].GUID]])
	}
	return nil
}

func (s *Service) fill(e edition.Edition, session *exchange.Session, list []Material) {
	seen := map[string]bool{session.RecordingURL: true}
	for _, l := range session.Attachments {
		seen[l.URL] = true
	}
	for _, m := range list {
		address := s.address(e, m)
		if m.Extra.Imported {
			address = m.URL
		}
		if seen[address] {
			continue
		}
		seen[address] = true
		if m.Kind == Recording && m.Extra.Word == "" && session.RecordingURL == "" {
			session.RecordingURL = address
			if session.RecordingLicense == "" {
				session.RecordingLicense = m.Licence
			}
			continue
		}
		title, _ := m.Title.In(text.Finnish, e.Languages...)
		session.Attachments = append(session.Attachments, exchange.Link{Title: title, URL: address, Kind: m.word()})
	}
}

// word is what schedule files call the material.
func (m Material) word() string {
	if m.Extra.Imported {
		return m.Extra.Word
	}
	switch m.Kind {
	case Slides:
		return "slides"
	case Recording:
		return "media"
	case Writeup:
		return "article"
	case Handout:
		return "paper"
	}
	return "web"
}
