package material

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"agora/app/db"
	"agora/app/edition"
	"agora/app/program"
	"agora/app/program/exchange"
	"agora/app/text"
)

// perStatement is how many rows one INSERT writes.
const perStatement = 200

// Adopt takes over the attachments and recordings of an imported programme, in
// the import's transaction; it is what program.ImportOptions asks for. What a
// session has already is not doubled; only web addresses belong here, and the
// import keeps the others.
func (s *Service) Adopt(ctx context.Context, tx bun.IDB, e edition.Edition, list []program.Attached) error {
	var ours []string
	if err := tx.NewSelect().Table("session").Column("id").Where("edition_id = ?", e.ID).Scan(ctx, &ours); err != nil {
		return err
	}
	has := make(map[string]map[string]bool, len(ours)) // addresses by session
	for _, id := range ours {
		has[id] = map[string]bool{}
	}
	var known []Material
	if err := tx.NewSelect().Model(&known).Column("session_id", "url", "rank").Where(ofEdition, e.ID).Scan(ctx); err != nil {
		return err
	}
	last := map[string]int64{}
	for _, m := range known {
		has[m.SessionID][m.URL] = true
		last[m.SessionID] = max(last[m.SessionID], m.Rank)
	}
	base := text.Finnish
	if len(e.Languages) > 0 {
		base = e.Languages[0]
	}
	var rows []Material
	for _, a := range list {
		if has[a.SessionID] == nil || has[a.SessionID][a.URL] || !web(a.URL) {
			continue
		}
		has[a.SessionID][a.URL] = true
		last[a.SessionID]++
		id := db.NewID()
		m := Material{ID: id, EditionID: e.ID, SessionID: a.SessionID, Slug: id, Kind: kindOf(a), Title: text.Texts{}, URL: a.URL,
			Extra: Extra{Imported: true, Word: a.Kind}, Rank: last[a.SessionID], CreatedAt: s.now()}
		if a.Title != "" {
			m.Title[base] = a.Title
		}
		rows = append(rows, m)
	}
	for part := range slices.Chunk(rows, perStatement) {
		if _, err := tx.NewInsert().Model(&part).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
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

// Fill adds the material of a programme's sessions to the schedule made of it:
// the first recording as such, everything else as attachments.
func (s *Service) Fill(ctx context.Context, p *program.Programme, x *exchange.Schedule) error {
	by, err := s.OfEdition(ctx, p.Edition)
	if err != nil {
		return err
	}
	ids := map[string]string{}
	for _, session := range p.Sessions {
		ids[session.GUID] = session.ID
	}
	for i := range x.Sessions {
		session := &x.Sessions[i]
		seen := map[string]bool{session.RecordingURL: true}
		for _, l := range session.Attachments {
			seen[l.URL] = true
		}
		for _, m := range by[ids[session.GUID]] {
			if seen[m.URL] {
				continue
			}
			seen[m.URL] = true
			if m.Kind == Recording && m.Extra.Word == "" && session.RecordingURL == "" {
				session.RecordingURL = m.URL
				continue
			}
			title, _ := m.Title.In(text.Finnish, p.Edition.Languages...)
			session.Attachments = append(session.Attachments, exchange.Link{Title: title, URL: m.URL, Kind: m.word()})
		}
	}
	return nil
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
	}
	return "web"
}
