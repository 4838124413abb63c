package public

import (
	"fmt"
	"net/url"
	"strings"

	"agora/app/material"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// materialRow is a file, a link or a recording in a list.
type materialRow struct {
	Href, Icon, Kind, Note string
	Title                  page.Words
}

// materialsPage is all material of an edition, session by session.
type materialsPage struct {
	Empty    *templates.Empty
	Count    int
	Sessions []materialSession
	Base     string
	about    string
}

type materialSession struct {
	Title    page.Words
	Href     string
	Class    string
	Speakers string
	Rows     []materialRow
}

func (p materialsPage) Shape(f *page.Frame) { f.Description = p.about }

// Materials lists what the sessions of the newest release left behind.
func (s Pages) Materials(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	return v.PublicPage("program/materials", v.T("materials_page.title"), fmt.Sprint(p.Edition.Revision), func() (any, error) {
		by, err := s.Material.OfEdition(v.Ctx, v.Edition)
		if err != nil {
			return nil, err
		}
		page := materialsPage{Base: v.Edition.Path(), about: v.T("materials_page.about", "name", v.Edition.Name(v.Lang))}
		for _, x := range p.Sessions {
			rows := materialRows(v, by[x.ID], x)
			if len(rows) == 0 {
				continue
			}
			one := materialSession{Title: v.SessionWords(x, x.Title), Href: v.SessionHref(x), Speakers: strings.Join(speakerNames(x), ", "), Rows: rows}
			if x.Track != nil {
				one.Class = "track-" + x.Track.Slug
			}
			page.Sessions = append(page.Sessions, one)
			page.Count += len(rows)
		}
		if page.Count == 0 {
			page.Empty = &templates.Empty{Title: v.T("materials_page.empty_title"), Text: v.T("materials_page.empty_text"),
				Href: v.Edition.Path() + "/program", Action: v.T("materials_page.empty_act")}
		}
		return page, nil
	})
}

// sessionMaterial is one session's.
func (s Pages) sessionMaterial(v *page.Visit, x *program.Session) ([]materialRow, error) {
	list, err := s.Material.OfSession(v.Ctx, v.Edition, x.ID)
	if err != nil {
		return nil, err
	}
	return materialRows(v, list, x), nil
}

// materialRows are a session's material, and the links its schedule file brought.
func materialRows(v *page.Visit, list []material.Material, x *program.Session) []materialRow {
	var rows []materialRow
	seen := map[string]bool{}
	for _, m := range list {
		seen[m.URL] = true
		row := materialRow{Href: m.URL, Icon: materialIcons[m.Kind], Kind: v.T("material.kind." + string(m.Kind)), Title: v.Words(m.Title), Note: shownHost(m.URL)}
		if row.Title.Text == "" {
			row.Title.Text = row.Kind
		}
		if row.Title.Text == row.Kind {
			row.Kind = ""
		}
		rows = append(rows, row)
	}
	links := append(append([]program.Link{}, x.Extra.Attachments...), x.Extra.Links...)
	if x.Extra.RecordingURL != "" {
		links = append([]program.Link{{Title: v.T("material.kind.recording"), URL: x.Extra.RecordingURL, Kind: "media"}}, links...)
	}
	for _, l := range links {
		if seen[l.URL] || shownHost(l.URL) == "" {
			continue
		}
		seen[l.URL] = true
		row := materialRow{Href: l.URL, Icon: "link", Title: page.Words{Text: l.Title}, Note: shownHost(l.URL)}
		if l.Kind == "media" {
			row.Icon = materialIcons[material.Recording]
		}
		if l.Title == "" {
			row.Title.Text = page.ShownURL(l.URL)
		}
		rows = append(rows, row)
	}
	return rows
}

var materialIcons = map[material.Kind]string{material.Slides: "file", material.Recording: "play", material.Writeup: "edit", material.Link: "link"}

// shownHost is whose site an address leads to; empty for what is no web address.
func shownHost(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// materialEntries are the feed's lines about material of public sessions.
func (s Pages) materialEntries(v *page.Visit, p *program.Programme) ([]atomEntry, error) {
	by, err := s.Material.OfEdition(v.Ctx, v.Edition)
	if err != nil {
		return nil, err
	}
	var entries []atomEntry
	for _, x := range p.Sessions {
		for _, m := range by[x.ID] {
			title := v.Words(m.Title).Text
			if title == "" {
				title = v.T("material.kind." + string(m.Kind))
			}
			entries = append(entries, atomEntry{ID: "urn:uuid:" + m.ID, at: m.CreatedAt, Updated: atomTime(m.CreatedAt),
				Title: v.T("feed.material", "material", title, "session", x.Name(v.Lang)),
				Link:  atomLink{Rel: "alternate", Type: "text/html", Href: s.root() + v.SessionHref(x)}})
		}
	}
	return entries, nil
}
