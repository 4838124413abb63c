package exchange

import (
	"strings"
	"time"
)

// readCalendar takes every VEVENT with a time of day for a session.
func readCalendar(text []byte, zone string, n *notes) (Schedule, error) {
	calendar, err := calendarTree(text)
	if err != nil {
		return Schedule{}, err
	}
	r := newReading(n)
	for _, own := range []string{"version", "prodid", "calscale", "method", "refresh-interval", "x-published-ttl", "uid", "last-modified"} {
		swallow(calendar.first(own))
	}
	title := calendar.str("x-wr-calname")
	if other := calendar.str("name"); title == "" {
		title = other
	}
	r.s.Title = unescape(title)
	r.s.Description = unescape(calendar.str("x-wr-caldesc", "description"))
	r.s.URL = calendar.str("url")
	r.calendarZone(calendar, zone)
	r.acronyms = []string{"", cleanAcronym("", r.s.Title, time.Time{})}
	seen := map[string]bool{}
	for _, e := range calendar.all("vevent") {
		r.calendarEvent(e, seen)
	}
	calendar.leftovers(n)
	return r.s, nil
}

func (r *reading) calendarZone(calendar *node, given string) {
	names := []string{calendar.str("x-wr-timezone")}
	for _, z := range calendar.all("vtimezone") {
		names = append(names, z.str("tzid"))
		swallow(z)
	}
	for _, name := range append(names, given) {
		if loc, ok := location(name); ok {
			r.loc, r.s.TimeZone = loc, loc.String()
			return
		}
	}
	r.notes.add(zoneMissing, calendar.line, "UTC")
}

func (r *reading) calendarEvent(e *node, seen map[string]bool) {
	for _, own := range []string{"dtstamp", "sequence", "created", "last-modified", "transp"} {
		swallow(e.first(own))
	}
	summary := e.first("summary")
	s := Session{
		Title: cleanLine(unescape(summary.plain())), Room: cleanLine(unescape(e.text1("location"))),
		Description: unescape(e.text1("description")), URL: e.text1("url"),
	}
	s.Language = r.language(summary.str("language"), e.line, s.Title)
	var wholeDay, ok bool
	s.Start, wholeDay, ok = r.calendarTime(e.first("dtstart"))
	switch {
	case wholeDay:
		r.notes.add(allDay, e.line, s.Title)
	case !ok:
		r.notes.add(noTime, e.line, s.Title)
	case s.Title == "":
		r.notes.add(noTitle, e.line, e.text1("uid"))
	}
	if wholeDay || !ok || s.Title == "" {
		swallow(e)
		return
	}
	s.Duration = r.calendarDuration(e, s)
	s.Cancelled = strings.EqualFold(e.text1("status"), "CANCELLED")
	r.calendarIdentity(e, &s, seen)
	r.calendarExtras(e, &s)
	if s.Room == "" {
		r.notes.add(roomMissing, e.line, s.Title)
	}
	r.room(Room{Name: s.Room}, e.line)
	r.s.Sessions = append(r.s.Sessions, s)
}

// plain is the bare value of a property, without taking its parameters for markup.
func (n *node) plain() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

func (n *node) text1(name string) string { return n.first(name).plain() }

func (r *reading) calendarDuration(e *node, s Session) time.Duration {
	d, ok := time.Duration(0), false
	if end, _, dated := r.calendarTime(e.first("dtend")); dated {
		d, ok = end.Sub(s.Start).Round(time.Minute), true
	} else {
		d, ok = parseDuration(e.text1("duration"))
	}
	if !ok || d <= 0 || d > maxDuration {
		r.notes.add(badDuration, e.line, s.Title)
		return defaultDuration
	}
	return d
}

// calendarIdentity makes a GUID of the UID. A recurrence is a session of its own, told apart by its date.
func (r *reading) calendarIdentity(e *node, s *Session, seen map[string]bool) {
	uid := unescape(e.text1("uid"))
	recurrence := e.text1("recurrence-id")
	local, _, _ := strings.Cut(uid, "@")
	guid, isGUID := cleanGUID(local)
	switch {
	case uid == "":
		s.GUID = madeGUID("session", r.acronyms[1], s.Title, s.Room)
		if seen[s.GUID] {
			s.GUID = madeGUID("session", s.GUID, s.Start.String())
		}
		r.notes.add(guidMade, e.line, s.Title)
	case recurrence != "":
		s.GUID = madeGUID("uid", uid, recurrence)
	case isGUID:
		s.GUID = guid
	default:
		s.GUID = madeGUID("uid", uid)
	}
	seen[s.GUID] = true
	for _, rule := range []string{"rrule", "rdate", "exdate"} {
		if p := e.first(rule); p != nil {
			swallow(p)
			r.notes.add(recurring, p.line, s.Title+": "+strings.ToUpper(rule)+":"+p.text)
		}
	}
}

// calendarExtras reads categories, attachments, and speakers as Pentabarf and its heirs list them: attendees without an
// address. Real attendees are people's private matter; they are counted, not named.
func (r *reading) calendarExtras(e *node, s *Session) {
	if c := e.first("categories"); c != nil {
		list := splitList(c.text)
		s.Track = cleanLine(list[0])
		for _, more := range list[1:] {
			r.notes.add(notKept, c.line, "categories: "+more)
		}
	}
	for _, a := range e.all("attach") {
		if clean, ok := cleanURL(a.plain(), ""); ok {
			s.Attachments = append(s.Attachments, Link{URL: clean, Title: cleanLine(a.str("filename"))})
		} else {
			r.notes.add(badLink, a.line, s.Title)
		}
	}
	for _, a := range append(e.all("attendee"), e.all("organizer")...) {
		name := cleanLine(a.str("cn"))
		swallow(a)
		if strings.EqualFold(a.plain(), "invalid:nomail") && name != "" {
			s.Speakers = append(s.Speakers, r.namedSpeaker(Speaker{Name: name}, name, a.line))
			continue
		}
		r.notes.add(notKept, a.line, "vevent/"+a.name)
	}
}
