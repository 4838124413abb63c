package app

import (
	"context"

	"agora/app/fail"
	"agora/app/qa"
	"agora/app/text"
)

// answerLetter says what stands in the letter to those who asked to be told of an
// answer: the edition, and the page of the session.
func (a *App) answerLetter(baseURL string) qa.Letters {
	return func(ctx context.Context, answered qa.Answered, lang text.Lang) (edition, link string, err error) {
		e, err := a.Editions.ByID(ctx, answered.Edition)
		if err != nil {
			return "", "", err
		}
		link = baseURL + e.Path()
		p, err := a.Program.Programme(ctx, e)
		if err != nil && !fail.Is(err, fail.NotFound) {
			return "", "", err
		}
		if err == nil {
			if x := p.ByID(answered.Session); x != nil {
				link += "/sessions/" + x.Slug
			}
		}
		edition, _ = e.Title.In(lang, e.Languages...)
		return edition, link, nil
	}
}
