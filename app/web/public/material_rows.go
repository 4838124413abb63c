package public

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"agora/app/material"
	"agora/app/program"
	"agora/app/text"
	"agora/app/web/page"
)

// materialRow is a file, a link or a recording in a list.
type materialRow struct {
	Href, Icon, Kind, Note string
	Title                  page.Words
	ID                     string // of the row in its page; none for what has no address of ours
	Facts                  []string
	Player                 *playerBox
	Captions               []captionLink
	Transcript             string
	kind                   material.Kind
	language               string
}

// playerBox shows something in the page once somebody presses. Kind is "frame"
// for another place, "pdf", "video" or "audio".
type playerBox struct {
	Kind, Src, Of, Icon, Label, Note string
	Title                            string
	origin                           string
}

// captionLink is a recording's words in one language.
type captionLink struct{ Href, Lang, Language, Text string }

var materialIcons = map[material.Kind]string{material.Slides: "file", material.Recording: "play", material.Writeup: "edit",
	material.Handout: "file", material.Link: "link"}

// lister makes rows for one visitor. base is where the addresses of material
// begin: the edition's, or a ticket's, whose holder sees more.
type lister struct {
	v    *page.Visit
	base string
	// plays says that the page loads the script that shows things in the page.
	plays bool
}

// materialRows are a session's material, and the links its schedule file brought.
func materialRows(v *page.Visit, list []material.Material, x *program.Session) []materialRow {
	return lister{v: v, base: v.Edition.Path() + "/materials/"}.rows(list, x)
}

func (l lister) rows(list []material.Material, x *program.Session) []materialRow {
	var rows []materialRow
	seen := map[string]bool{}
	for _, m := range list {
		seen[m.URL] = true
		rows = append(rows, l.row(m, x))
	}
	links := append(append([]program.Link{}, x.Extra.Attachments...), x.Extra.Links...)
	if x.Extra.RecordingURL != "" {
		links = append([]program.Link{{Title: l.v.T("material.kind.recording"), URL: x.Extra.RecordingURL, Kind: "media"}}, links...)
	}
	for _, link := range links {
		if seen[link.URL] || shownHost(link.URL) == "" {
			continue
		}
		seen[link.URL] = true
		row := materialRow{Href: link.URL, Icon: "link", Title: page.Words{Text: link.Title}, Note: shownHost(link.URL), kind: material.Link, language: x.Language}
		if link.Kind == "media" {
			row.Icon, row.kind = materialIcons[material.Recording], material.Recording
		}
		if link.Title == "" {
			row.Title.Text = page.ShownURL(link.URL)
		}
		rows = append(rows, row)
	}
	return rows
}

func (l lister) row(m material.Material, x *program.Session) materialRow {
	v := l.v
	row := materialRow{Href: l.base + m.Slug, ID: "m-" + m.Slug, Icon: materialIcons[m.Kind], Kind: v.T("material.kind." + string(m.Kind)),
		Title: v.Words(m.Title), kind: m.Kind, language: m.Language}
	if row.language == "" {
		row.language = x.Language
	}
	if row.Title.Text == "" {
		row.Title = page.Words{Text: row.Kind}
	}
	if row.Title.Text == row.Kind {
		row.Kind = ""
	}
	row.Note, row.Facts = sourceOf(v, m), factsOf(v, m)
	if m.Kind == material.Recording {
		l.read(&row, m)
	}
	if l.plays {
		row.Player = l.player(m, row.Title.Text)
	}
	return row
}

// sourceOf says what it is: a file of a size, or on whose site.
func sourceOf(v *page.Visit, m material.Material) string {
	if m.File == nil {
		return shownHost(m.URL)
	}
	return strings.ToUpper(strings.TrimPrefix(m.File.Kind.Extension(), ".")) + ", " + text.Size(v.Lang, m.File.Size)
}

// factsOf are its language and licence, and that not everybody sees it.
func factsOf(v *page.Visit, m material.Material) (facts []string) {
	if m.Language != "" {
		facts = append(facts, page.LanguageNames(v.Lang, m.Language))
	}
	if m.Licence != "" {
		facts = append(facts, m.Licence)
	}
	if m.Visibility == material.Registered {
		facts = append(facts, v.T("materials_page.for_registered"))
	}
	return facts
}

// read adds what of a recording can be read.
func (l lister) read(row *materialRow, m material.Material) {
	row.Transcript = m.TranscriptURL
	for _, c := range m.Captions {
		name := page.LanguageNames(l.v.Lang, c.Language)
		row.Captions = append(row.Captions, captionLink{Href: row.Href + "/captions/" + c.Language + ".vtt", Lang: c.Language, Language: name,
			Text: l.v.T("material_row.captions", "language", name)})
	}
}

// player is how material is shown in the page; nil for what is only linked.
func (l lister) player(m material.Material, title string) *playerBox {
	v := l.v
	if m.File != nil {
		if m.File.Kind != "pdf" {
			return nil
		}
		return &playerBox{Kind: "pdf", Src: l.base + m.Slug + "#navpanes=0&view=FitH", Of: m.Slug, Icon: "file", Label: v.T("material_row.show"), Title: title, origin: page.Self}
	}
	p, ok := v.Site.Material.Player(m, 0)
	if !ok {
		return nil
	}
	box := &playerBox{Kind: "frame", Src: p.Src, Of: m.Slug, Icon: "play", Label: v.T("material_row.play"), Title: title, origin: p.Origin,
		Note: v.T("material_row.host_note", "host", p.Name)}
	switch {
	case p.Media && p.Audio:
		box.Kind, box.Label = "audio", v.T("material_row.listen")
	case p.Media:
		box.Kind = "video"
	case m.Kind != material.Recording:
		box.Icon, box.Label = "file", v.T("material_row.show")
	}
	return box
}

// letIn opens the page's policy for what its rows show.
func letIn(v *page.Visit, rows []materialRow) {
	var frames, media []string
	for _, r := range rows {
		switch {
		case r.Player == nil:
		case r.Player.Kind == "video" || r.Player.Kind == "audio":
			media = append(media, page.Self, r.Player.origin) // the captions are ours
		default:
			frames = append(frames, r.Player.origin)
		}
	}
	if len(frames)+len(media) > 0 {
		v.LetIn(frames, media)
	}
}

// shownHost is whose site an address leads to; empty for what is no web address.
func shownHost(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// momentLink leads to where in a recording a question was answered.
type momentLink struct{ Href, Of, Src, Text string }

// moment finds a moment in a session's recordings; nil where none shows it.
func (l lister) moment(list []material.Material, at time.Time) *momentLink {
	m, offset, ok := material.Moment(list, at)
	if !ok {
		return nil
	}
	seconds := int64(offset / time.Second)
	link := &momentLink{Href: l.base + m.Slug + "?t=" + strconv.FormatInt(seconds, 10), Of: m.Slug}
	many := slices.ContainsFunc(list, func(o material.Material) bool { return o.Kind == material.Recording && o.ID != m.ID })
	if title := l.v.Words(m.Title).Text; many && title != "" {
		link.Text = l.v.T("session_page.moment_of", "at", text.Offset(l.v.Lang, offset), "title", title)
	} else {
		link.Text = l.v.T("session_page.moment", "at", text.Offset(l.v.Lang, offset))
	}
	if p, plays := l.v.Site.Material.Player(m, offset); plays {
		link.Src = p.Src
	}
	return link
}
