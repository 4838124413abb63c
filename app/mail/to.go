package mail

import "context"

// To gives the newest letters of an edition to one address.
func (s *Service) To(ctx context.Context, edition, email string, limit int) ([]Shown, error) {
	var rows []Row
	err := s.db.Read.NewSelect().Model(&rows).Where("edition_id = ? AND email = ?", edition, email).
		OrderExpr("created_at DESC, id DESC").Limit(int64(min(max(limit, 1), maxShown))).Scan(ctx)
	shown := make([]Shown, len(rows))
	for i, r := range rows {
		shown[i] = s.show(r)
	}
	return shown, err
}
