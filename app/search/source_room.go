package search

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/qa"
	"agora/app/search/stem"
)

// asked is a question as the public sees it. Its asker's name is not searched:
// who asks in a hall has not asked to be found by it for ever.
type asked struct {
	ID        string
	SessionID string
	Text      string
	answers   []qa.Answer
}

// said is what the answers say and who says it.
func (q asked) said() (all []string) {
	for _, a := range q.answers {
		all = append(all, a.By, a.Text)
	}
	return all
}

// publicStates are those in which the audience sees a question.
func publicStates() (list []qa.State) {
	for _, state := range qa.States {
		if qa.Audience.Sees(state) {
			list = append(list, state)
		}
	}
	return list
}

// indexRoom brings the entries of a session's questions up to date.
func (s *Service) indexRoom(ctx context.Context, w *writing, editions map[string]edition.Edition, sessionID string) error {
	before, err := s.known(ctx, "session_id = ? AND kind = ?", sessionID, Question)
	if err != nil {
		return err
	}
	var of struct{ EditionID, Language string }
	err = s.db.Read.NewRaw(`SELECT x.edition_id, x.language FROM search_entry AS e JOIN session AS x ON x.id = e.subject
		WHERE e.session_id = ? AND e.kind = ?`, sessionID, Session).Scan(ctx, &of)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return err
	default:
		e, known := editions[of.EditionID]
		if !known {
			if e, err = s.editions.ByID(ctx, of.EditionID); err != nil {
				return err
			}
			editions[of.EditionID] = e
		}
		if err := s.indexQuestions(ctx, w, e, sessionID, of.Language, before); err != nil {
			return err
		}
	}
	for _, old := range before {
		if err := w.drop(ctx, old.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) indexQuestions(ctx context.Context, w *writing, e edition.Edition, sessionID, spoken string, before map[known]entry) error {
	list, err := questions(ctx, s.db.Read, "session_id = ?", sessionID)
	if err != nil {
		return err
	}
	for _, q := range list {
		_, err := w.offer(ctx, newEntry(e, Question, q.ID, sessionID, q.Text, q.said(), spoken), before, func(b *bag) error {
			b.about(Question, e, spoken)
			b.text(inAll, stem.Language(q.Text), q.Text)
			for _, a := range q.answers {
				b.name(inAll, a.By)
				words := plain(a.Text)
				b.text(inAll, stem.Language(words), words)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// questions reads questions that the public sees, with their answers, in two
// statements.
func questions(ctx context.Context, idb bun.IDB, where string, args ...any) ([]asked, error) {
	var list []asked
	err := idb.NewSelect().Table("question").Column("id", "session_id", "text").Where(where, args...).
		Where("state IN (?)", bun.List(publicStates())).Order("id").Scan(ctx, &list)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, q := range list {
		ids[i] = q.ID
	}
	answers, err := qa.Published(ctx, idb, ids)
	for i, q := range list {
		list[i].answers = answers[q.ID]
	}
	return list, err
}
