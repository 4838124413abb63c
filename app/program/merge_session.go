package program

import (
	"reflect"
	"slices"
	"strings"

	"agora/app/db"
	"agora/app/program/exchange"
	"agora/app/text"
)

// session takes over one session with its slot and speakers. What the file
// leaves empty stays as it is: calendars hold less than schedule files.
func (m *merge) session(x exchange.Session, track *Track, room *Room, speakers map[string]*Speaker) {
	old := m.sessions.known[x.GUID]
	row := Session{ID: db.NewID(), EditionID: m.e.ID, GUID: x.GUID, CreatedAt: m.now}
	if old != nil {
		row = *old
	} else {
		row.Slug = m.sessions.slugs.take(given(x.Slug, x.Title, "session"))
	}
	m.texts(&row, x)
	if track != nil {
		row.TrackID = &track.ID
	}
	if row.Kind == "" || x.Kind != "" && x.Kind != row.Extra.Word {
		row.Kind = kindOf(x.Kind)
	}
	row.Cancelled = row.Cancelled || x.Cancelled
	m.extra(&row, x)
	moved := m.slot(row.ID, x, room)
	recast := m.cast(row.ID, x, speakers)
	title := first(row.Title)
	if old != nil && !moved && !recast && reflect.DeepEqual(*old, row) {
		m.done.Unchanged++
		return
	}
	if old != nil && old.Extra.FileVersion > 0 && old.Extra.FileVersion < old.Version {
		m.done.Overwritten = append(m.done.Overwritten, title)
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

// texts stores the file's texts under the language of the session or, where the
// program does not speak it, under the edition's first.
func (m *merge) texts(row *Session, x exchange.Session) {
	if x.Language != "" {
		row.Language = x.Language
	}
	key, foreign := m.base, ""
	if tag, _, _ := strings.Cut(row.Language, ","); tag != "" {
		base, _, _ := strings.Cut(tag, "-")
		if l, ok := text.ParseLang(base); ok {
			key = l
		} else {
			foreign = tag
		}
	}
	was := row.Extra.TextKey
	put := func(t *text.Texts, s string) {
		if s == "" {
			s = (*t)[key]
			if was != "" && s == "" {
				s = (*t)[was]
			}
		}
		*t = with(*t, key, s)
		if was != "" && was != key {
			delete(*t, was)
		}
	}
	put(&row.Title, x.Title)
	put(&row.Subtitle, x.Subtitle)
	put(&row.Abstract, x.Abstract)
	put(&row.Description, x.Description)
	row.Extra.TextKey, row.Extra.TextLanguage = key, foreign
}

// extra keeps what has no column, and sorts out what material takes over.
func (m *merge) extra(row *Session, x exchange.Session) {
	extra := &row.Extra
	keep := func(kept *string, s string) {
		if s != "" {
			*kept = s
		}
	}
	if x.ID > 0 {
		extra.Number = x.ID
	}
	keep(&extra.Word, x.Kind)
	keep(&extra.URL, x.URL)
	keep(&extra.RecordingLicense, x.RecordingLicense)
	keep(&extra.RecordingURL, x.RecordingURL)
	extra.DoNotRecord = extra.DoNotRecord || x.DoNotRecord
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
func (m *merge) slot(sessionID string, x exchange.Session, room *Room) bool {
	if x.Start.IsZero() {
		return false
	}
	row := Slot{ID: db.NewID(), SessionID: sessionID, StartsAt: x.Start, EndsAt: x.Start.Add(x.Duration)}
	old := m.slots.known[sessionID]
	if old != nil {
		row.ID, row.RoomID = old.ID, old.RoomID
	}
	if room != nil {
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

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// cast gives the session its speakers and reports whether they change.
func (m *merge) cast(sessionID string, x exchange.Session, speakers map[string]*Speaker) bool {
	if len(x.Speakers) == 0 {
		return false
	}
	var list []sessionSpeaker
	for i, p := range x.Speakers {
		list = append(list, sessionSpeaker{SessionID: sessionID, SpeakerID: speakers[p.GUID].ID, Rank: int64(i + 1)})
	}
	if slices.EqualFunc(m.who[sessionID], list, func(a, b sessionSpeaker) bool { return a.SpeakerID == b.SpeakerID }) {
		return false
	}
	m.recast = append(m.recast, sessionID)
	m.newWho = append(m.newWho, list...)
	return true
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
