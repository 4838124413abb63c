package demo

import (
	"context"
	"fmt"

	"agora/app/program"
)

// returning is who spoke at the archive's day too, and is known to be the same;
// another namesake is left for the organiser to tell.
const returning = "pirjo"

// places are where some of those who speak can be found on the web.
var places = map[string][]program.Link{
	"pirjo":  {{Title: "Esimerkkiranta", URL: "https://pirjo.example"}, {URL: "https://social.example/@pirjo"}},
	"mans":   {{Title: "Ännu, ännu", URL: "https://blogg.example/mans"}},
	"rasmus": {{URL: "https://social.example/@rasmus"}},
}

// comeBack gives speakers their links, and one of them the talk of years ago.
func (s *stage) comeBack(ctx context.Context) error {
	for key, links := range places {
		who, known := s.speakers[key]
		if !known {
			return fmt.Errorf("no speaker is called %q", key)
		}
		in := program.SpeakerInput{Name: who.Name, Biography: who.Biography, Links: links}
		if _, err := s.h.program.SaveSpeaker(ctx, s.h.organiser, s.e, who.ID, in); err != nil {
			return fmt.Errorf("the links of %s: %w", key, err)
		}
	}
	before, err := s.h.program.SpokeBefore(ctx, s.e)
	if err != nil {
		return err
	}
	id := s.speakers[returning].ID
	if len(before[id]) == 0 {
		return fmt.Errorf("%s did not speak before", returning)
	}
	return s.h.program.Same(ctx, s.h.organiser, s.e, id, before[id][0].SpeakerID)
}
