package page

import (
	"agora/app/fail"
	"agora/app/program"
	"agora/app/text"
)

// DraftSession finds the session of the address; without one it is to be made.
func (v *Visit) DraftSession() (*program.Programme, *program.Session, error) {
	return OfDraft(v, (*program.Programme).BySlug, "program.session_missing")
}

// OfDraft finds in the draft what the address names, which is nil where it names
// nothing.
func OfDraft[T any](v *Visit, find func(*program.Programme, string) *T, missing string) (*program.Programme, *T, error) {
	draft, err := v.Site.Program.Draft(v.Ctx, v.Edition)
	if err != nil {
		return nil, nil, err
	}
	slug := v.Param("slug")
	if slug == "" {
		return draft, nil, nil
	}
	one := find(draft, slug)
	if one == nil {
		return nil, nil, fail.Missing(missing)
	}
	return draft, one, nil
}

// ClashLine is a clash of the draft in words, with where to mend it.
type ClashLine struct{ When, Text, Href string }

// ClashLine says what cannot be as it is planned, with where to mend it.
func (v *Visit) ClashLine(c program.Clash) ClashLine {
	about := c.First
	if c.Second != nil {
		about = c.Second
	}
	key, args := c.Words()
	return ClashLine{Href: "/desk" + v.Edition.Path() + "/program/" + about.Slug, Text: v.Sentence(key, args),
		When: v.DayTab(about.StartsAt) + " " + text.At(v.Lang, about.StartsAt)}
}
