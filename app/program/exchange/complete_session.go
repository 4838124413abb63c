package exchange

import (
	"strings"
	"time"
)

func completeSessions(s Schedule, n *notes) []Session {
	people := mergePeople(s, n)
	guids := map[string]Session{}
	ids := map[int64]bool{}
	slugs := newSpelling()
	var sessions []Session
	for _, x := range s.Sessions {
		x = completeTexts(x, n)
		if !completeTimes(&x, n) {
			x.Start = time.Time{}
		}
		if !identify(&x, s.Acronym, guids, n) {
			continue
		}
		x.URL = keptURL(x.URL, s.BaseURL, x.Title, n)
		x.RecordingURL = keptURL(x.RecordingURL, s.BaseURL, x.Title, n)
		x.Links = completeLinks(x.Links, s.BaseURL, x.Title, n)
		x.Attachments = completeLinks(x.Attachments, s.BaseURL, x.Title, n)
		x.Speakers = completeSpeakers(x, s.Acronym, people, n)
		slug := cleanSlug(x.Slug)
		if slug != x.Slug && x.Slug != "" {
			n.add(slugChanged, 0, x.Slug+" → "+slug)
		}
		if slug == "" {
			slug = firstOf(slugify(x.Title), "session-"+x.GUID[:8])
		}
		x.Slug = slug
		slugs.reserve(slug)
		sessions = append(sessions, x)
	}
	for i := range sessions {
		x := &sessions[i]
		if x.ID > 0 && !ids[x.ID] {
			ids[x.ID] = true
			continue
		}
		if x.ID > 0 {
			n.add(idMade, 0, x.Title+": "+positive(x.ID))
		}
		x.ID = -1
	}
	for i := range sessions {
		x := &sessions[i]
		if x.ID < 0 {
			x.ID = madeID(x.GUID, ids)
			ids[x.ID] = true
		}
		if slug := slugs.unique(x.Slug); slug != x.Slug {
			n.add(slugRepeated, 0, x.Slug+" → "+slug)
			x.Slug = slug
		}
	}
	return sessions
}

func completeTexts(x Session, n *notes) Session {
	x.Title, x.Subtitle, x.Kind = cleanLine(x.Title), cleanLine(x.Subtitle), cleanLine(x.Kind)
	x.Track, x.Room = cleanLine(x.Track), cleanLine(x.Room)
	x.RecordingLicense = cleanLine(x.RecordingLicense)
	x.Abstract = prose(x.Abstract, "event/abstract", n)
	x.Description = prose(x.Description, "event/description", n)
	x.Language, _ = cleanLanguage(x.Language)
	return x
}

// completeTimes is false when the session has no slot that a file could hold.
func completeTimes(x *Session, n *notes) bool {
	x.Duration = x.Duration.Round(time.Minute)
	if x.Duration <= 0 || x.Duration > maxDuration {
		n.add(badDuration, 0, x.Title)
		x.Duration = defaultDuration
	}
	x.Start = x.Start.UTC().Truncate(time.Second)
	return sensible(x.Start)
}

// identify settles the GUID. The same session listed twice counts once; one GUID in two slots becomes two sessions.
func identify(x *Session, acronym string, seen map[string]Session, n *notes) bool {
	guid, ok := cleanGUID(x.GUID)
	if !ok {
		if x.GUID != "" {
			n.add(guidMade, 0, x.Title+": "+x.GUID)
		}
		guid = madeGUID("session", acronym, firstOf(x.GUID, positive(x.ID), x.Slug, x.Title+x.Start.String()))
	}
	shared := false
	for other, taken := seen[guid]; taken; other, taken = seen[guid] {
		if other.Title == x.Title && other.Start.Equal(x.Start) && other.Room == x.Room {
			n.add(sessionRepeated, 0, x.Title)
			return false
		}
		shared = true
		guid = madeGUID("slot", guid, x.Start.Format(time.RFC3339), x.Room, x.Title)
	}
	if shared {
		n.add(guidRepeated, 0, x.Title+": "+x.GUID)
	}
	x.GUID = guid
	seen[guid] = *x
	return true
}

func completeLinks(links []Link, base, called string, n *notes) []Link {
	var kept []Link
	for _, l := range links {
		clean, ok := cleanURL(l.URL, base)
		if !ok {
			n.add(badLink, 0, called+": "+l.URL)
			continue
		}
		l.URL, l.Title = clean, cleanLine(l.Title)
		if kind := strings.ToLower(strings.TrimSpace(l.Kind)); officialKind(kind) {
			l.Kind = kind
		} else {
			n.add(linkKind, 0, l.Kind)
			l.Kind = ""
		}
		kept = append(kept, l)
	}
	return kept
}

// officialKind holds the words that the JSON schema has for a link.
func officialKind(kind string) bool {
	switch kind {
	case "", "slides", "paper", "web", "blog", "article", "media", "related", "activitypub":
		return true
	}
	return false
}

// speakerKey finds a person's GUID, made from the name where there is none.
func speakerKey(p Speaker, acronym string) string {
	if guid, ok := cleanGUID(p.GUID); ok {
		return guid
	}
	return madeGUID("speaker", acronym, firstOf(p.GUID, cleanLine(p.Name)))
}

// mergePeople gathers what the sessions say about each person; the first word counts.
func mergePeople(s Schedule, n *notes) map[string]Speaker {
	people := map[string]Speaker{}
	for _, x := range s.Sessions {
		for _, p := range x.Speakers {
			guid := speakerKey(p, s.Acronym)
			known, met := people[guid]
			name := cleanLine(p.Name)
			if met && name != "" && known.Name != "" && name != known.Name {
				n.add(speakerDiffers, 0, known.Name+" / "+name)
			}
			known.GUID = guid
			known.Name = firstOf(known.Name, name)
			if known.Biography == "" {
				known.Biography = prose(p.Biography, "person/biography", n)
			}
			if known.URL == "" {
				known.URL = keptURL(p.URL, s.BaseURL, name, n)
			}
			if known.Links == nil {
				known.Links = completeLinks(p.Links, s.BaseURL, name, n)
			}
			people[guid] = known
		}
	}
	return people
}

func completeSpeakers(x Session, acronym string, people map[string]Speaker, n *notes) []Speaker {
	var kept []Speaker
	here := map[string]bool{}
	for _, p := range x.Speakers {
		guid := speakerKey(p, acronym)
		if here[guid] {
			n.add(speakerRepeated, 0, x.Title+": "+people[guid].Name)
			continue
		}
		here[guid] = true
		if people[guid].Name != "" {
			kept = append(kept, people[guid])
		}
	}
	return kept
}
