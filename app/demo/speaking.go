package demo

import (
	"context"
	"fmt"
	"time"

	"agora/app/material"
	"agora/app/speaking"
	"agora/app/text"
)

// comingSpeakers is how many of those who were asked to speak have accepted, and
// so have a seat that they did not register for.
const comingSpeakers = 8

// unanswered is how many have not answered: a place is kept for each.
const unanswered = 2

// asked says how it stands with those who speak: who has not answered, and who has
// said what may be published.
var asked = []struct {
	key     string
	lang    text.Lang
	days    int // ago that they accepted; 0: not yet
	consent map[speaking.Subject]bool
	licence string
}{
	{key: "lucja", lang: text.English, days: 12},
	{key: "gorg", lang: text.English, days: 11, consent: word(true), licence: material.Licences[0]},
	{key: "inigo", lang: text.English, days: 10, consent: word(true), licence: speaking.Reserved},
	{key: "erno", lang: text.Finnish, days: 9, consent: word(false), licence: material.Licences[1]},
	{key: "rasmus", lang: text.Swedish, days: 8, consent: word(true), licence: material.Licences[0]},
	{key: "pirjo", lang: text.Finnish, days: 6},
	{key: "deniz", lang: text.English, days: 4},
	{key: "helga", lang: text.Swedish, days: 3},
	{key: "sisko", lang: text.Finnish},
	{key: "ilo", lang: text.Finnish},
}

// word is a yes to everything, but perhaps not to the recording.
func word(recording bool) map[speaking.Subject]bool {
	return map[speaking.Subject]bool{speaking.Picture: true, speaking.Slides: true, speaking.Recording: recording, speaking.Answers: true}
}

// invite asks them before registration opens, while places can be kept for them.
func (s *stage) invite(ctx context.Context, speakers []speakerText, opens time.Time) error {
	names := map[string]string{}
	for _, who := range speakers {
		names[who.Key] = who.Name
	}
	s.h.clock.set(opens.Add(-30 * time.Minute))
	for _, who := range asked {
		if _, err := s.h.speaking.Invite(ctx, s.h.organiser, s.e, s.speakers[who.key].ID, address(names[who.key]), who.lang); err != nil {
			return fmt.Errorf("asking %s: %w", who.key, err)
		}
	}
	return nil
}

// answer lets most of them accept, and some say what may be published.
func (s *stage) answer(ctx context.Context, cast *Cast) error {
	for _, who := range asked {
		x, err := s.h.speaking.Of(ctx, s.e, s.speakers[who.key].ID)
		if err != nil {
			return err
		}
		if who.days == 0 {
			continue
		}
		s.h.clock.set(s.h.now.AddDate(0, 0, -who.days))
		if _, err := s.h.speaking.Accept(ctx, s.e, x, speaking.Yes{}); err != nil {
			return fmt.Errorf("%s accepts: %w", who.key, err)
		}
		if who.consent != nil {
			in := speaking.ConsentInput{Version: x.Version, Words: who.consent, Licence: who.licence}
			if _, err := s.h.speaking.SaveConsent(ctx, s.e, x, in); err != nil {
				return fmt.Errorf("%s agrees: %w", who.key, err)
			}
		}
		if cast.Speak == "" {
			cast.Speak = "/speak/" + s.h.speaking.Token(x)
		}
	}
	return nil
}
