package exchange

import (
	"strconv"
	"strings"
)

// session reads one event in the room it stands under.
func (r *reading) session(e *node, frame dayFrame, room string) {
	s := Session{
		Title: cleanLine(e.str("title")), Subtitle: e.str("subtitle"), Kind: cleanLine(e.str("type")),
		Track: cleanLine(e.str("track")), GUID: e.str("guid"), URL: e.str("url"),
		Abstract: e.str("abstract"), Description: e.str("description"),
	}
	number := e.str("id")
	s.ID, _ = strconv.ParseInt(number, 10, 64)
	written := e.str("slug")
	s.Slug = strings.Trim(bareSlug(written, r.acronyms, number), "-_")
	called := s.Title
	if called == "" {
		called = strings.TrimSpace(number + " " + s.GUID)
	}
	s.Room = r.roomOf(e, room, called)
	var ok bool
	if s.Start, ok = r.start(e, frame, called); !ok {
		r.notes.add(noTime, e.line, called)
		swallow(e)
		return
	}
	s.Duration = r.duration(e, s.Start, called)
	if s.Title == "" {
		// A break is often nothing but its type.
		if s.Title = firstOf(cleanLine(s.Subtitle), s.Kind); s.Title == "" {
			r.notes.add(noTitle, e.line, called)
			swallow(e)
			return
		}
	}
	s.Language = r.language(e.str("language"), e.line, called)
	s.Speakers = r.speakers(e, called)
	s.Links = r.links(e, "links", "link")
	s.Attachments = r.links(e, "attachments", "attachment")
	r.recording(e, &s)
	if s.GUID == "" {
		s.GUID = r.sessionGUID(s, written)
		r.notes.add(guidMade, e.line, called)
	}
	// The number stands in for an address where a file of ours has none to give.
	if strings.EqualFold(s.URL, "urn:uuid:"+s.GUID) {
		s.URL = ""
	}
	r.used[s.Room] = true
	r.s.Sessions = append(r.s.Sessions, s)
}

func (r *reading) roomOf(e *node, under, called string) string {
	inside := cleanLine(e.str("room"))
	if under == "" && inside == "" {
		r.notes.add(roomMissing, e.line, called)
		return ""
	}
	if under == "" {
		r.room(Room{Name: inside}, e.line)
		return inside
	}
	if inside != "" && inside != under {
		r.notes.add(roomDiffers, e.line, called+": "+under+" / "+inside)
	}
	return under
}

// sessionGUID makes the same identity from the same file every time, from the steadiest thing the file offers.
func (r *reading) sessionGUID(s Session, slug string) string {
	for _, known := range []struct{ kind, value string }{
		{"id", positive(s.ID)}, {"slug", slug}, {"url", s.URL}, {"title", s.Title},
	} {
		if known.value != "" {
			return madeGUID("session", r.acronyms[1], known.kind, known.value)
		}
	}
	return ""
}

func positive(id int64) string {
	if id <= 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func (r *reading) speakers(e *node, called string) []Speaker {
	var list []*node
	for _, group := range []struct{ many, one string }{{"persons", "person"}, {"speakers", "speaker"}} {
		for _, holder := range append(e.all(group.many), e) {
			list = append(list, holder.all(group.one)...)
			if holder != e {
				list = append(list, items(holder, "person")...)
			}
		}
	}
	var speakers []Speaker
	for _, p := range list {
		p.name = "person"
		speaker := Speaker{
			GUID: p.str("guid"), Name: cleanLine(p.str("name", "public_name", "full_public_name")),
			Biography: p.str("biography", "description", "abstract"), URL: p.str("url"),
		}
		speaker.Links = r.links(p, "links", "link")
		id, code := p.str("id"), p.str("code")
		if speaker.Name == "" && !p.json {
			speaker.Name = cleanLine(p.value())
		}
		if speaker.Name == "" {
			if id+code+speaker.GUID != "" {
				r.notes.add(speakerNameless, p.line, called+": "+firstOf(speaker.GUID, code, id))
			}
			continue
		}
		if speaker.GUID == "" {
			speaker = r.namedSpeaker(speaker, firstOf(code, id, speaker.Name), p.line)
		} else if id+code != "" {
			r.notes.add(notKept, p.line, "person/id")
		}
		speakers = append(speakers, speaker)
	}
	return speakers
}

// namedSpeaker gives a speaker the GUID that the file lacks, from the best that it tells about the person.
func (r *reading) namedSpeaker(p Speaker, fact string, line int) Speaker {
	p.GUID = madeGUID("speaker", r.acronyms[1], fact)
	if !r.unnamed[p.GUID] {
		r.unnamed[p.GUID] = true
		r.notes.add(speakerGUID, line, p.Name)
	}
	return p
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func (r *reading) links(e *node, many, one string) []Link {
	var links []Link
	for _, group := range e.all(many) {
		for _, l := range append(group.all(one), items(group, one)...) {
			link := Link{URL: l.str("href", "url"), Kind: strings.ToLower(l.str("type"))}
			if link.Title = cleanLine(l.str("title", "name")); link.Title == "" && !l.json {
				link.Title = cleanLine(l.value())
			}
			if link.URL == "" && strings.HasPrefix(link.Title, "http") {
				link.URL, link.Title = link.Title, ""
			}
			if link.URL == "" {
				if link.Title != "" {
					r.notes.add(badLink, l.line, link.Title)
				}
				continue
			}
			if clean, ok := cleanURL(link.URL, r.s.BaseURL); ok {
				link.URL = clean
				links = append(links, link)
			} else {
				r.notes.add(badLink, l.line, link.URL)
			}
		}
	}
	return links
}

func (r *reading) recording(e *node, s *Session) {
	recording := e.first("recording")
	if s.RecordingLicense = recording.str("license"); s.RecordingLicense == "" {
		s.RecordingLicense = e.str("recording_license")
	}
	if s.RecordingURL = recording.str("url", "link"); s.RecordingURL == "" {
		s.RecordingURL = e.str("video_download_url", "video_url")
	}
	for _, refusal := range []string{recording.str("optout"), e.str("do_not_record")} {
		switch strings.ToLower(refusal) {
		case "true", "1", "yes":
			s.DoNotRecord = true
		}
	}
}
