package carry

import (
	"context"
	"strings"

	"agora/app/edition"
)

// Figures compare one edition with another. They are counts of people, never
// people.
type Figures struct {
	Onsite   int64 // registered for a seat
	Remote   int64 // registered to follow
	Came     int64 // through the door
	Sessions int64 // of the public programme, without breaks
	Speakers int64
	Asked    int64 // questions, without those refused or taken back
	Answered int64 // of those, on stage or in writing
	// Written is how many questions have an answer in writing.
	Written    int64
	Material   int64 // files, links and recordings that anybody may see
	Recordings int64
	Downloads  int64
}

// Empty tells whether there is nothing to compare.
func (f Figures) Empty() bool { return f == Figures{} }

// These name an edition's own things; e are the editions of the series.
const (
	// shown are the sessions of the newest releases, without breaks.
	shown = `FROM e JOIN session AS x ON x.edition_id = e.id JOIN slot AS t ON t.session_id = x.id JOIN release AS r ON r.id = t.release_id
		AND r.number = (SELECT MAX(n.number) FROM release AS n WHERE n.edition_id = e.id)`
	held  = ` WHERE NOT x.cancelled AND x.kind <> 'break' GROUP BY e.id`
	asked = `FROM e JOIN session AS x ON x.edition_id = e.id JOIN question AS q ON q.session_id = x.id`
	// visible is what anybody may see, as app/material has it, but for a session's
	// own end, which is the edition's here.
	visible = `FROM e JOIN material AS m ON m.edition_id = e.id AND m.visibility = 'public'
		AND (m.shown = 'now' OR m.shown = 'after' AND e.ends_at <= ?1 OR m.shown = 'at' AND m.shown_at <= ?1)
		AND NOT EXISTS (SELECT 1 FROM withdrawn AS g WHERE g.edition_id = e.id AND (g.part = 'material' AND m.kind <> 'recording' AND g.speaker_id = m.speaker_id
			OR g.part = 'recording' AND m.kind = 'recording' AND (g.speaker_id = m.speaker_id
				OR g.speaker_id IN (SELECT w.speaker_id FROM session_speaker AS w WHERE w.session_id = m.session_id))))`
)

// counts are the figures by name, each the rest of a query that counts n by e.id.
// They only read: every table is written by the area it is of.
var counts = []struct{ name, n, rest string }{
	{"onsite", "SUM(p.taken)", "FROM e JOIN place AS p ON p.edition_id = e.id WHERE p.kind = 'onsite' GROUP BY e.id"},
	{"remote", "SUM(p.taken)", "FROM e JOIN place AS p ON p.edition_id = e.id WHERE p.kind = 'remote' GROUP BY e.id"},
	{"came", "COUNT(*)", "FROM e JOIN check_in AS c ON c.edition_id = e.id GROUP BY e.id"},
	{"sessions", "COUNT(*)", shown + held},
	{"speakers", "COUNT(DISTINCT w.speaker_id)", shown + " JOIN session_speaker AS w ON w.session_id = x.id" + held},
	{"asked", "COUNT(*)", asked + " WHERE q.state NOT IN ('new', 'rejected', 'withdrawn') GROUP BY e.id"},
	{"answered", "COUNT(*)", asked + " WHERE q.state = 'answered' GROUP BY e.id"},
	{"written", "COUNT(DISTINCT a.question_id)", asked + " JOIN answer AS a ON a.question_id = q.id WHERE q.state = 'answered' GROUP BY e.id"},
	{"material", "COUNT(*)", visible + " GROUP BY e.id"},
	{"recordings", "COUNT(*)", visible + " WHERE m.kind = 'recording' GROUP BY e.id"},
	{"downloads", "SUM(d.n)", visible + " JOIN download AS d ON d.material_id = m.id GROUP BY e.id"},
}

// place is where a figure is kept.
func (f *Figures) place(name string) *int64 {
	return map[string]*int64{"onsite": &f.Onsite, "remote": &f.Remote, "came": &f.Came, "sessions": &f.Sessions, "speakers": &f.Speakers,
		"asked": &f.Asked, "answered": &f.Answered, "written": &f.Written, "material": &f.Material, "recordings": &f.Recordings, "downloads": &f.Downloads}[name]
}

// Compare gives the figures of all editions of a series by their ids: one query,
// however many there are, and kept for a while. Nobody changes what is given.
func (s *Service) Compare(ctx context.Context, series edition.Series) (map[string]Figures, error) {
	return s.figures.Get(ctx, series.ID, func(ctx context.Context) (map[string]Figures, error) {
		parts := make([]string, len(counts))
		for i, c := range counts {
			parts[i] = "SELECT '" + c.name + "' AS name, e.id AS edition_id, " + c.n + " AS n " + c.rest
		}
		var rows []struct {
			Name, EditionID string
			N               int64
		}
		err := s.db.Read.NewRaw("WITH e AS (SELECT id, ends_at FROM edition WHERE series_id = ?0) "+strings.Join(parts, "\nUNION ALL "), series.ID, s.now()).Scan(ctx, &rows)
		if err != nil {
			return nil, err
		}
		found := map[string]Figures{}
		for _, r := range rows {
			f := found[r.EditionID]
			*f.place(r.Name) = r.N
			found[r.EditionID] = f
		}
		return found, nil
	})
}
