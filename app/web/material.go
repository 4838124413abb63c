package web

import (
	"fmt"
	"net/url"
	"strings"

	"agora/app/material"
	"agora/app/program"
	"agora/templates"
)

// materialRow is a file, a link or a recording in a list.
type materialRow struct {
	Href, Icon, Kind, Note string
	Title                  words
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
	Title    words
	Href     string
	Class    string
	Speakers string
	Rows     []materialRow
}

func (p materialsPage) shape(f *frame) { f.Description = p.about }

// materials lists what the sessions of the newest release left behind.
func (s *Site) materials(v *visit) error {
	p, err := s.Program.Programme(v.ctx, v.edition)
	if err != nil {
		return err
	}
	return v.publicPage("program/materials", v.t("materials_page.title"), fmt.Sprint(p.Edition.Revision), func() (any, error) {
		by, err := s.Material.OfEdition(v.ctx, v.edition)
		if err != nil {
			return nil, err
		}
		page := materialsPage{Base: v.edition.Path(), about: v.t("materials_page.about", "name", v.edition.Name(v.lang))}
		for _, x := range p.Sessions {
			rows := v.materialRows(by[x.ID], x)
			if len(rows) == 0 {
				continue
			}
			one := materialSession{Title: v.sessionWords(x, x.Title), Href: v.sessionHref(x), Rows: rows}
			names := make([]string, len(x.Speakers))
			for i, who := range x.Speakers {
				names[i] = who.Name
			}
			one.Speakers = strings.Join(names, ", ")
			if x.Track != nil {
				one.Class = "track-" + x.Track.Slug
			}
			page.Sessions = append(page.Sessions, one)
			page.Count += len(rows)
		}
		if page.Count == 0 {
			page.Empty = &templates.Empty{Title: v.t("materials_page.empty_title"), Text: v.t("materials_page.empty_text"),
				Href: v.edition.Path() + "/program", Action: v.t("materials_page.empty_act")}
		}
		return page, nil
	})
}

// sessionMaterial is one session's.
func (s *Site) sessionMaterial(v *visit, x *program.Session) ([]materialRow, error) {
	list, err := s.Material.OfSession(v.ctx, v.edition, x.ID)
	if err != nil {
		return nil, err
	}
	return v.materialRows(list, x), nil
}

// materialRows are a session's material, and the links its schedule file brought.
func (v *visit) materialRows(list []material.Material, x *program.Session) []materialRow {
	var rows []materialRow
	seen := map[string]bool{}
	for _, m := range list {
		seen[m.URL] = true
		row := materialRow{Href: m.URL, Icon: materialIcons[m.Kind], Kind: v.t("material.kind." + string(m.Kind)), Title: v.words(m.Title), Note: shownHost(m.URL)}
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
		links = append([]program.Link{{Title: v.t("material.kind.recording"), URL: x.Extra.RecordingURL, Kind: "media"}}, links...)
	}
	for _, l := range links {
		if seen[l.URL] || shownHost(l.URL) == "" {
			continue
		}
		seen[l.URL] = true
		row := materialRow{Href: l.URL, Icon: "link", Title: words{Text: l.Title}, Note: shownHost(l.URL)}
		if l.Kind == "media" {
			row.Icon = materialIcons[material.Recording]
		}
		if l.Title == "" {
			row.Title.Text = shownURL(l.URL)
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

// shownURL is an address as people write it.
func shownURL(address string) string {
	s := strings.TrimPrefix(strings.TrimPrefix(address, "https://"), "http://")
	return shorten(strings.TrimSuffix(strings.TrimPrefix(s, "www."), "/"), 60)
}

// materialEntries are the feed's lines about material of public sessions.
func (s *Site) materialEntries(v *visit, p *program.Programme) ([]atomEntry, error) {
	by, err := s.Material.OfEdition(v.ctx, v.edition)
	if err != nil {
		return nil, err
	}
	var entries []atomEntry
	for _, x := range p.Sessions {
		for _, m := range by[x.ID] {
			title := v.words(m.Title).Text
			if title == "" {
				title = v.t("material.kind." + string(m.Kind))
			}
			entries = append(entries, atomEntry{ID: "urn:uuid:" + m.ID, at: m.CreatedAt, Updated: atomTime(m.CreatedAt),
				Title: v.t("feed.material", "material", title, "session", x.Name(v.lang)),
				Link:  atomLink{Rel: "alternate", Type: "text/html", Href: s.root() + v.sessionHref(x)}})
		}
	}
	return entries, nil
}
