package speaking

import (
	"context"

	"github.com/uptrace/bun"

	"agora/app/edition"
	"agora/app/program"
)

// SaveTexts changes the texts of one of the speaker's sessions, as far as the
// organisers leave them to speakers; other texts stay as they are. Where the
// session is public they show at once.
func (s *Service) SaveTexts(ctx context.Context, e edition.Edition, x Speaking, sessionID string, in program.TextsInput) (Speaking, error) {
	return s.act(ctx, e, x, SectionSession, func(ctx context.Context, tx bun.Tx, x *Speaking) ([]Change, error) {
		setup, err := setupOf(ctx, tx, e.ID)
		if err != nil {
			return nil, err
		}
		before, after, err := s.programs.WriteTexts(ctx, tx, e, sessionID, x.SpeakerID, setup.Rules.leave(in))
		if err != nil {
			return nil, err
		}
		changes := differences("title", sessionID, before.Title, after.Title)
		changes = append(changes, differences("subtitle", sessionID, before.Subtitle, after.Subtitle)...)
		changes = append(changes, differences("abstract", sessionID, before.Abstract, after.Abstract)...)
		return append(changes, differences("description", sessionID, before.Description, after.Description)...), nil
	})
}

// leave takes out what is not for speakers to change.
func (r Rules) leave(in program.TextsInput) program.TextsInput {
	if !r.Allows("title") {
		in.Title = nil
	}
	if !r.Allows("subtitle") {
		in.Subtitle = nil
	}
	if !r.Allows("abstract") {
		in.Abstract = nil
	}
	if !r.Allows("description") {
		in.Description = nil
	}
	return in
}
