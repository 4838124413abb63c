package program

import (
	"strings"
	"time"

	"agora/app/program/exchange"
	"agora/app/text"
)

// Schedule gives a programme as schedule files and calendars carry it: each
// session in its own language. The heading is the edition's; baseURL is the
// program's address. What material knows is added by material.
func Schedule(p *Programme, baseURL string) exchange.Schedule {
	e := p.Edition
	root := strings.TrimSuffix(baseURL, "/") + e.Path()
	lead, _ := e.In(e.Lead, p.language(""))
	x := exchange.Schedule{
		Acronym: e.Acronym(), Title: e.Name(p.language("")), Description: lead, Version: p.version(),
		Start: date(e.Local(e.StartsAt)), End: date(e.Local(e.EndsAt)), TimeZone: e.Zone,
		BaseURL: root, URL: root, SlotMinutes: int(gridStep / time.Minute),
	}
	for _, t := range p.Tracks {
		x.Tracks = append(x.Tracks, exchange.Track{Name: p.in(t.Name), Slug: t.Slug, Color: t.Color})
	}
	for _, r := range p.Rooms {
		room := exchange.Room{Name: p.in(r.Name), GUID: r.GUID, Description: p.in(r.Description)}
		if r.Capacity != nil {
			room.Capacity = int(*r.Capacity)
		}
		x.Rooms = append(x.Rooms, room)
	}
	for _, s := range p.Sessions {
		x.Sessions = append(x.Sessions, p.session(s, root))
	}
	return exchange.Complete(x)
}

func (p *Programme) session(s *Session, root string) exchange.Session {
	l := p.language(s.Language)
	in := func(t text.Texts) string {
		found, _ := t.In(l, p.Edition.Languages...)
		return found
	}
	x := exchange.Session{
		GUID: s.GUID, ID: s.Extra.Number, Slug: s.Slug, Title: in(s.Title), Subtitle: in(s.Subtitle),
		Abstract: in(s.Abstract), Description: in(s.Description), Language: s.Language, Kind: s.Extra.Word,
		Start: s.StartsAt.UTC(), Duration: s.Length(), URL: s.Extra.URL, Links: outward(s.Extra.Links),
		Attachments: outward(s.Extra.Attachments), RecordingURL: s.Extra.RecordingURL,
		RecordingLicense: s.Extra.RecordingLicense, DoNotRecord: s.Extra.DoNotRecord, Cancelled: s.Cancelled,
	}
	if x.Kind == "" && s.Extra.FileVersion == 0 {
		x.Kind = string(s.Kind)
	}
	if x.URL == "" {
		x.URL = root + "/sessions/" + s.Slug
	}
	if s.Track != nil {
		x.Track = p.in(s.Track.Name)
	}
	if s.Room != nil {
		x.Room = p.in(s.Room.Name)
	}
	for _, who := range s.Speakers {
		x.Speakers = append(x.Speakers, exchange.Speaker{GUID: who.GUID, Name: who.Name, Biography: p.in(who.Biography),
			URL: who.Extra.URL, Links: outward(who.Extra.Links)})
	}
	return x
}

// language picks the one of the program's that a session's texts are written in.
func (p *Programme) language(tags string) text.Lang {
	tag, _, _ := strings.Cut(tags, ",")
	base, _, _ := strings.Cut(tag, "-")
	if l, ok := text.ParseLang(base); ok {
		return l
	}
	if len(p.Edition.Languages) > 0 {
		return p.Edition.Languages[0]
	}
	return text.Finnish
}

func (p *Programme) in(t text.Texts) string {
	s, _ := t.In(p.language(""), p.Edition.Languages...)
	return s
}

func (p *Programme) version() string {
	if p.Release.Name != "" {
		return p.Release.Name
	}
	return text.Number(text.English, p.Release.Number)
}

func outward(list []Link) []exchange.Link {
	var out []exchange.Link
	for _, l := range list {
		out = append(out, exchange.Link(l))
	}
	return out
}

// date is a day as schedules keep it: midnight UTC.
func date(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
