package program

import (
	"agora/app/db"
	"agora/app/program/exchange"
)

// speaker takes over a person. What a file leaves empty stays: only
// schedule.json tells more than the name.
func (m *merge) speaker(x exchange.Speaker) *Speaker {
	extra := Extra{URL: x.URL, Links: links(x.Links)}
	old := m.speakers.known[x.GUID]
	if old == nil && m.byName {
		old = m.speakers.known[nameKey(x.Name)]
	}
	if old == nil {
		who := &Speaker{ID: db.NewID(), EditionID: m.e.ID, GUID: x.GUID, Version: 1, Slug: m.speakers.slugs.take(slugOf(x.Name, "speaker")),
			Name: x.Name, Biography: with(nil, m.base, x.Biography), Extra: extra}
		m.speakers.added = append(m.speakers.added, who)
		sub := m.subject(who.ID, x.Name, true)
		sub.take("name", "", x.Name)
		sub.take("biography", "", x.Biography)
		sub.done()
		m.byID[who.ID] = x.Name
		return who
	}
	who := *old
	sub := m.subject(who.ID, who.Name, false)
	if sub.take("name", who.Name, x.Name) {
		who.Name = x.Name
	}
	if x.Biography != "" && sub.take("biography", who.Biography[m.base], x.Biography) {
		who.Biography = with(who.Biography, m.base, x.Biography)
	}
	sub.done()
	if extra.URL == "" {
		extra.URL = old.Extra.URL
	}
	if extra.Links == nil {
		extra.Links = old.Extra.Links
	}
	who.Extra = extra
	return update(&m.speakers, old, who)
}
