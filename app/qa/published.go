package qa

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// Published gives what is published in writing to some questions, of any rooms, in
// order, by question.
func Published(ctx context.Context, idb bun.IDB, questionIDs []string) (map[string][]Answer, error) {
	by := map[string][]Answer{}
	if len(questionIDs) == 0 {
		return by, nil
	}
	var rows []answerRow
	err := idb.NewSelect().Model(&rows).Where("question_id IN (?)", bun.List(questionIDs)).Where("text <> ''").Where(consented).
		Order("created_at", "id").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading written answers: %w", err)
	}
	for _, a := range rows {
		by[a.QuestionID] = append(by[a.QuestionID], a.answer())
	}
	return by, nil
}
