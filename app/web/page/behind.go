package page

import (
	"context"

	"agora/app/edition"
	"agora/app/text"
)

// Behind is a visit without a visitor: what works in the background makes texts,
// addresses and colours by the same functions as the pages. It has no request, so
// nothing can be read from one or answered.
func (s *Site) Behind(ctx context.Context, lang text.Lang, e edition.Edition) *Visit {
	return &Visit{Site: s, Ctx: ctx, Now: s.Now(), Lang: lang, Edition: e}
}
