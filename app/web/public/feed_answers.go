package public

import (
	"agora/app/program"
	"agora/app/qa"
	"agora/app/web/page"
)

// answering tells of the sessions with published written answers.
func (s Pages) answering(v *page.Visit) ([]qa.AnsweredSince, error) {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(p.Sessions))
	for i, x := range p.Sessions {
		ids[i] = x.ID
	}
	return qa.Answering(v.Ctx, s.DB.Read, ids)
}

// answerEntries are one for each session, renewed by every answer: readers are told
// that there is more to read, not of each sentence.
func (s Pages) answerEntries(v *page.Visit, p *program.Programme, list []qa.AnsweredSince) (entries []atomEntry) {
	for _, a := range list {
		for _, x := range p.Sessions {
			if x.ID == a.SessionID {
				entries = append(entries, atomEntry{ID: "urn:uuid:" + x.ID + "#questions", at: a.At, Updated: atomTime(a.At), Title: v.T("feed.answers", "session", x.Name(v.Lang)),
					Link:    atomLink{Rel: "alternate", Type: "text/html", Href: s.root() + v.SessionHref(x) + "#questions"},
					Content: &atomText{Type: "text", Text: v.T("feed.answers_n", "n", a.N)}})
			}
		}
	}
	return entries
}
