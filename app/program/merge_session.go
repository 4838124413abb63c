package program

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"agora/app/db"
	"agora/app/program/exchange"
	"agora/app/text"
)

// session takes over one session with its slot and speakers. What the file
// leaves empty stays as it is: calendars hold less than schedule files.
func (m *merge) session(x exchange.Session, track *Track, room *Room, speakers map[string]*Speaker) {
	old := m.knownSession(x)
	row := Session{ID: db.NewID(), EditionID: m.e.ID, GUID: x.GUID, CreatedAt: m.now}
	if old != nil {
		row = *old
		m.sessions.claimed[old] = true
	} else {
		row.Slug = m.sessions.slugs.take(given(x.Slug, x.Title, "session"))
	}
	sub := m.subject(row.ID, first(row.Title), old == nil)
	m.texts(sub, &row, x)
	if track != nil && sub.takeAs("track", deref(row.TrackID), track.ID, m.byID[deref(row.TrackID)], x.Track) {
		row.TrackID = &track.ID
	}
	m.kind(sub, &row, x)
	if x.Cancelled && sub.take("cancelled", marked(row.Cancelled), marked(true)) {
		row.Cancelled = true
	}
	m.extra(sub, &row, x)
	moved := m.slot(sub, row.ID, x, room)
	recast := m.cast(sub, row.ID, x, speakers)
	sub.done()
	title := first(row.Title)
	if sub.kept {
		m.done.Kept = append(m.done.Kept, title)
	}
	if old != nil && !moved && !recast && reflect.DeepEqual(*old, row) {
		m.done.Unchanged++
		return
	}
	row.Version++
	row.Extra.FileVersion = row.Version
	row.ChangedAt = m.now
	if old == nil {
		m.sessions.added = append(m.sessions.added, &row)
		m.done.Added = append(m.done.Added, title)
		return
	}
	m.sessions.changed = append(m.sessions.changed, &row)
	m.done.Changed = append(m.done.Changed, title)
}

// kind takes over the file's own word for what a session is.
func (m *merge) kind(sub *subject, row *Session, x exchange.Session) {
	here := cmp.Or(row.Extra.Word, string(row.Kind))
	switch {
	case x.Kind == "":
		row.Kind = cmp.Or(row.Kind, kindOf(""))
		return
	case row.Kind == kindOf(x.Kind) && (row.Extra.Word == "" || row.Extra.Word == string(row.Kind)):
		here = x.Kind // the same, in a word of ours
	}
	if sub.take("kind", here, x.Kind) {
		if row.Kind == "" || x.Kind != row.Extra.Word {
			row.Kind = kindOf(x.Kind)
		}
		row.Extra.Word = x.Kind
	}
}

// knownSession finds what a file's session is here: by guid or, when the file
// has none, by its number or its title and speakers.
func (m *merge) knownSession(x exchange.Session) *Session {
	if old := m.sessions.known[x.GUID]; old != nil || !m.byName {
		return old
	}
	var names []string
	for _, p := range x.Speakers {
		names = append(names, p.Name)
	}
	for _, key := range []string{numberKey(x.ID), titleKey(x.Title, names)} {
		if old := m.sessions.known[key]; old != nil && !m.sessions.claimed[old] {
			return old
		}
	}
	return nil
}

// texts stores the file's texts under the language of the session or, where the
// program does not speak it, under the edition's first.
func (m *merge) texts(sub *subject, row *Session, x exchange.Session) {
	if x.Language != "" && sub.take("language", row.Language, x.Language) {
		row.Language = x.Language
	}
	key, foreign := m.base, ""
	if tag, _, _ := strings.Cut(cmp.Or(x.Language, row.Language), ","); tag != "" {
		base, _, _ := strings.Cut(tag, "-")
		if l, ok := text.ParseLang(base); ok {
			key = l
		} else {
			foreign = tag
		}
	}
	was := row.Extra.TextKey
	put := func(field string, t *text.Texts, s string) {
		here, from := (*t)[key], key
		if here == "" && was != "" {
			here, from = (*t)[was], was
		}
		if s == "" {
			s = here
		} else if !sub.take(field, here, s) {
			return
		}
		*t = with(*t, key, s)
		if from != key || was != "" && was != key {
			delete(*t, was)
		}
	}
	put("title", &row.Title, x.Title)
	put("subtitle", &row.Subtitle, x.Subtitle)
	put("abstract", &row.Abstract, x.Abstract)
	put("description", &row.Description, x.Description)
	row.Extra.TextKey, row.Extra.TextLanguage = key, foreign
}

// extra keeps what has no column, and sorts out what material takes over.
func (m *merge) extra(sub *subject, row *Session, x exchange.Session) {
	extra := &row.Extra
	keep := func(kept *string, s string) {
		if s != "" {
			*kept = s
		}
	}
	if x.ID > 0 && !(m.byName && extra.Number > 0) {
		extra.Number = x.ID
	}
	keep(&extra.URL, x.URL)
	keep(&extra.RecordingLicense, x.RecordingLicense)
	keep(&extra.RecordingURL, x.RecordingURL)
	// A wish not to be recorded is taken back by a person, not by a file.
	if x.DoNotRecord && sub.take("do_not_record", marked(extra.DoNotRecord), marked(true)) {
		extra.DoNotRecord = true
	}
	if x.Links != nil {
		extra.Links = links(x.Links)
	}
	if x.Attachments != nil {
		extra.Attachments = links(x.Attachments)
	}
	if !m.handOver {
		return
	}
	var rest []Link
	for _, l := range extra.Attachments {
		if strings.HasPrefix(l.URL, "https://") || strings.HasPrefix(l.URL, "http://") {
			m.attached = append(m.attached, Attached{SessionID: row.ID, Link: l})
		} else {
			rest = append(rest, l)
		}
	}
	extra.Attachments = rest
	if extra.RecordingURL != "" {
		m.attached = append(m.attached, Attached{SessionID: row.ID, Link: Link{URL: extra.RecordingURL}, Recording: true})
		extra.RecordingURL = ""
	}
}

// slot places the session in the draft and reports whether that moves it.
func (m *merge) slot(sub *subject, sessionID string, x exchange.Session, room *Room) bool {
	if x.Start.IsZero() {
		return false
	}
	row := Slot{ID: db.NewID(), SessionID: sessionID, StartsAt: x.Start, EndsAt: x.Start.Add(x.Duration)}
	old := m.slots.known[sessionID]
	if old == nil {
		// Taken out of the programme here: a file that says what it said before does not bring it back.
		if !sub.takeAs("when", "", spanText(row, time.UTC), "", spanText(row, m.e.Location())) {
			return false
		}
	} else {
		row.ID, row.RoomID = old.ID, old.RoomID
		if !sub.takeAs("when", spanText(*old, time.UTC), spanText(row, time.UTC), spanText(*old, m.e.Location()), spanText(row, m.e.Location())) {
			row.StartsAt, row.EndsAt = old.StartsAt, old.EndsAt
		}
	}
	if room != nil && sub.takeAs("room", deref(row.RoomID), room.ID, m.byID[deref(row.RoomID)], x.Room) {
		row.RoomID = &room.ID
	}
	switch {
	case old == nil:
		m.slots.added = append(m.slots.added, &row)
	case old.StartsAt.Equal(row.StartsAt) && old.EndsAt.Equal(row.EndsAt) && same(old.RoomID, row.RoomID):
		return false
	default:
		m.slots.changed = append(m.slots.changed, &row)
	}
	return true
}

func spanText(s Slot, loc *time.Location) string {
	return s.StartsAt.In(loc).Format("2006-01-02 15:04") + "–" + s.EndsAt.In(loc).Format("15:04")
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// cast gives the session its speakers and reports whether they change.
func (m *merge) cast(sub *subject, sessionID string, x exchange.Session, speakers map[string]*Speaker) bool {
	if len(x.Speakers) == 0 {
		return false
	}
	var list []sessionSpeaker
	for i, p := range x.Speakers {
		list = append(list, sessionSpeaker{SessionID: sessionID, SpeakerID: speakers[p.GUID].ID, Rank: int64(i + 1)})
	}
	before := m.who[sessionID]
	if !sub.takeAs("speakers", idsOf(before), idsOf(list), strings.Join(m.namesOf(before), ", "), strings.Join(m.namesOf(list), ", ")) ||
		slices.EqualFunc(before, list, func(a, b sessionSpeaker) bool { return a.SpeakerID == b.SpeakerID }) {
		return false
	}
	m.recast = append(m.recast, sessionID)
	m.newWho = append(m.newWho, list...)
	return true
}

func idsOf(who []sessionSpeaker) string {
	ids := make([]string, 0, len(who))
	for _, w := range who {
		ids = append(ids, w.SpeakerID)
	}
	return strings.Join(ids, " ")
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// marked writes a yes or no as a value that may be empty.
func marked(yes bool) string {
	if yes {
		return "✓"
	}
	return ""
}

// says reports whether a text is s in some language.
func says(t text.Texts, s string) bool {
	for _, v := range t {
		if v == s {
			return true
		}
	}
	return false
}

// update notes the new row as changed, unless it is the same as the old one.
func update[T any](s *side[T], old *T, row T) *T {
	if reflect.DeepEqual(*old, row) {
		return old
	}
	*old = row
	s.changed = append(s.changed, old)
	return old
}

func positive(n int) *int64 {
	if n <= 0 {
		return nil
	}
	v := int64(n)
	return &v
}

func links(list []exchange.Link) []Link {
	var kept []Link
	for _, l := range list {
		kept = append(kept, Link(l))
	}
	return kept
}
