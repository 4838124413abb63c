package carry

import (
	"context"
	"strings"

	"agora/app/account"
	"agora/app/edition"
	"agora/app/registration"
)

// offers count what an edition has of each part, so that nobody is asked about
// what is not there.
var offers = []struct {
	part  Part
	query string
}{
	{Tracks, "SELECT COUNT(*) AS n FROM track WHERE edition_id = ?0"},
	{Rooms, "SELECT COUNT(*) AS n FROM room WHERE edition_id = ?0"},
	{Skeleton, `SELECT COUNT(*) AS n FROM session AS x JOIN slot AS t ON t.session_id = x.id LEFT JOIN release AS r ON r.id = t.release_id
		WHERE x.edition_id = ?0 AND NOT x.cancelled AND COALESCE(r.number, 0) = (SELECT COALESCE(MAX(n.number), 0) FROM release AS n WHERE n.edition_id = ?0)`},
	{Workshops, "SELECT COUNT(*) AS n FROM workshop AS w LEFT JOIN session AS x ON x.id = w.session_id WHERE w.edition_id = ?0 AND (x.id IS NULL OR NOT x.cancelled)"},
	{Call, "SELECT COUNT(*) AS n FROM call WHERE edition_id = ?0"},
	{Team, "SELECT COUNT(DISTINCT person_id) AS n FROM role WHERE scope = ?1 AND role <> ?2"},
	{Messages, "SELECT COUNT(*) AS n FROM message WHERE edition_id = ?0"},
	{Partners, "SELECT COUNT(*) AS n FROM thanks WHERE edition_id = ?0 AND kind = 'partner'"},
	{Thanked, "SELECT COUNT(*) AS n FROM thanks WHERE edition_id = ?0 AND kind <> 'partner'"},
	{Certificates, "SELECT COUNT(*) AS n FROM certificate_rules WHERE edition_id = ?0"},
}

// Offer counts what may come along from an edition, by part; a part that is not
// named has nothing to offer. The number of queries is fixed.
func (s *Service) Offer(ctx context.Context, from edition.Edition, setup registration.Setup) (map[Part]int, error) {
	parts := make([]string, len(offers))
	for i, o := range offers {
		parts[i] = "SELECT '" + string(o.part) + "' AS part, c.n FROM (" + o.query + ") AS c"
	}
	var rows []struct {
		Part Part
		N    int
	}
	err := s.db.Read.NewRaw(strings.Join(parts, "\nUNION ALL "), from.ID, account.OfEdition(from.ID), account.Speaker).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	offered := map[Part]int{Rules: 1}
	if n := len(setup.Form.Fields); n > 0 {
		offered[Form] = n
	}
	for _, r := range rows {
		if r.N > 0 {
			offered[r.Part] = r.N
		}
	}
	return offered, nil
}
