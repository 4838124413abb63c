package demo

import (
	"context"
	"fmt"
	"time"

	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/registration"
	"agora/app/text"
)

// newSeries makes CMADFI.
func (h *house) newSeries(ctx context.Context) error {
	var s seriesText
	if err := read("series", &s); err != nil {
		return err
	}
	h.clock.set(time.Date(2014, time.November, 3, 18, 0, 0, 0, h.zone))
	var err error
	h.series, err = h.editions.NewSeries(ctx, h.organiser, edition.SeriesInput{
		Slug: Series, Title: s.Title, About: s.About, Hashtag: s.Hashtag, Accent: s.Accent,
		DateRule: edition.NewRule(time.January, 4, time.Monday),
	})
	return err
}

// newEdition makes an edition with its places; remote ones are unlimited.
func (h *house) newEdition(ctx context.Context, slug string, t editionText, from, to, opens, closes time.Time) (edition.Edition, error) {
	seats := int64(capacity)
	return h.registrations.NewEdition(ctx, h.organiser, h.series, edition.Input{
		Slug: slug, Title: t.Title, Lead: t.Lead, City: t.City, Venue: t.Venue, Zone: h.zone.String(),
		Languages: text.Langs[:], StartsAt: from, EndsAt: to, OpensAt: opens, ClosesAt: closes,
		StreamURL: t.Stream, Practical: t.Practical,
	}, map[registration.Kind]*int64{registration.Onsite: &seats, registration.Remote: nil})
}

// stage is a programme being made: what the files' keys stand for.
type stage struct {
	h        *house
	e        edition.Edition
	rooms    map[string]program.Room
	tracks   map[string]program.Track
	speakers map[string]program.Speaker
	sessions map[string]program.Session
	// withPlaces are the workshops, in the order of the programme.
	withPlaces []program.Session
}

// newStage saves rooms, tracks and speakers.
func (h *house) newStage(ctx context.Context, e edition.Edition, t editionText, speakers []speakerText) (*stage, error) {
	s := &stage{h: h, e: e, rooms: map[string]program.Room{}, tracks: map[string]program.Track{},
		speakers: map[string]program.Speaker{}, sessions: map[string]program.Session{}}
	for _, r := range t.Rooms {
		room, err := h.program.SaveRoom(ctx, h.organiser, e, "", program.RoomInput{
			Name: r.Name, Description: r.Description, Capacity: r.Capacity, StreamURL: r.Stream})
		if err != nil {
			return s, fmt.Errorf("the room %s: %w", r.Key, err)
		}
		s.rooms[r.Key] = room
	}
	for _, r := range t.Tracks {
		track, err := h.program.SaveTrack(ctx, h.organiser, e, "", program.TrackInput{Name: r.Name, Color: r.Color})
		if err != nil {
			return s, fmt.Errorf("the track %s: %w", r.Key, err)
		}
		s.tracks[r.Key] = track
	}
	for _, w := range speakers {
		speaker, err := h.program.SaveSpeaker(ctx, h.organiser, e, "", program.SpeakerInput{Name: w.Name, Biography: w.Biography})
		if err != nil {
			return s, fmt.Errorf("the speaker %s: %w", w.Key, err)
		}
		s.speakers[w.Key] = speaker
	}
	return s, nil
}

// input turns a session's text into what the form would send, without its times.
func (s *stage) input(x sessionText) (program.SessionInput, error) {
	in := program.SessionInput{Title: x.Title, Subtitle: x.Subtitle, Abstract: x.Abstract, Description: x.Description,
		Kind: x.Kind, Language: x.Language, Capacity: x.Capacity}
	room, known := s.rooms[x.Room]
	if !known {
		return in, fmt.Errorf("no room is called %q", x.Room)
	}
	track, known := s.tracks[x.Track]
	if !known && x.Track != "" {
		return in, fmt.Errorf("no track is called %q", x.Track)
	}
	in.RoomID, in.TrackID = room.ID, track.ID
	for _, key := range x.Speakers {
		who, known := s.speakers[key]
		if !known {
			return in, fmt.Errorf("no speaker is called %q", key)
		}
		in.Speakers = append(in.Speakers, program.SpeakerRef{ID: who.ID})
	}
	return in, nil
}

// addSessions puts the sessions on the edition's day.
func (s *stage) addSessions(ctx context.Context, list []sessionText) error {
	for _, x := range list {
		if err := s.addSession(ctx, x); err != nil {
			return fmt.Errorf("the session %s: %w", x.Title, err)
		}
	}
	return nil
}

func (s *stage) addSession(ctx context.Context, x sessionText) error {
	in, err := s.input(x)
	if err != nil {
		return err
	}
	if in.StartsAt, err = x.at(s.h, s.e.StartsAt); err != nil {
		return err
	}
	in.EndsAt = in.StartsAt.Add(time.Duration(x.Minutes) * time.Minute)
	saved, err := s.h.program.SaveSession(ctx, s.h.organiser, s.e, "", in)
	if err != nil {
		return err
	}
	if x.Key != "" {
		s.sessions[x.Key] = saved
	}
	if saved.Capacity != nil {
		s.withPlaces = append(s.withPlaces, saved)
	}
	for _, m := range x.Material {
		in := material.Input{Kind: m.Kind, Title: m.Title, URL: m.URL}
		if _, err := s.h.material.Add(ctx, material.Organiser(s.h.organiser), s.e, saved.ID, in); err != nil {
			return err
		}
	}
	return nil
}
