package public

import (
	"encoding/xml"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"agora/app/program"
	"agora/app/qa"
	"agora/app/text"
	"agora/app/web/page"
)

// maxFeed bounds the feed: readers keep what they have seen.
const maxFeed = 100

// atomFeed tells what is new: releases of the programme, material, and written
// answers.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomAuthor  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
	URI  string `xml:"uri"`
}

type atomEntry struct {
	ID      string    `xml:"id"`
	Title   string    `xml:"title"`
	Updated string    `xml:"updated"`
	Link    atomLink  `xml:"link"`
	Content *atomText `xml:"content,omitempty"`
	at      time.Time
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// Feed is Atom 1.0, in the reader's language.
func (s Pages) Feed(v *page.Visit) error {
	answering, err := s.answering(v)
	if err != nil {
		return err
	}
	return export(v, "feed.xml", kindAtom, fmt.Sprint(v.Lang, answering), func(w io.Writer, p *program.Programme) error {
		entries, err := s.feedEntries(v, p, answering)
		if err != nil {
			return err
		}
		root := s.root() + v.Edition.Path()
		feed := atomFeed{Lang: string(v.Lang), ID: "urn:uuid:" + v.Edition.ID, Title: v.T("feed.title_of", "name", v.Edition.Name(v.Lang)),
			Updated: atomTime(v.Edition.CreatedAt), Author: atomAuthor{Name: v.SeriesName(), URI: s.root() + "/" + v.Edition.Series.Slug},
			Links: []atomLink{
				{Rel: "self", Type: "application/atom+xml", Href: root + "/feed.xml?lang=" + string(v.Lang)},
				{Rel: "alternate", Type: "text/html", Href: root + "/program"},
			},
			Entries: entries,
		}
		if len(entries) > 0 {
			feed.Updated = entries[0].Updated
		}
		if _, err := io.WriteString(w, xml.Header); err != nil {
			return err
		}
		return xml.NewEncoder(w).Encode(feed)
	})
}

// feedEntries are the newest first. An entry's id is that of what it tells of,
// and so never changes.
func (s Pages) feedEntries(v *page.Visit, p *program.Programme, answering []qa.AnsweredSince) ([]atomEntry, error) {
	log, err := s.Program.Changelog(v.Ctx, v.Edition, maxReleases)
	if err != nil {
		return nil, err
	}
	entries, err := s.materialEntries(v, p)
	if err != nil {
		return nil, err
	}
	entries = append(entries, s.answerEntries(v, p, answering)...)
	for _, l := range log {
		entries = append(entries, s.releaseEntry(v, l))
	}
	slices.SortStableFunc(entries, func(a, b atomEntry) int { return b.at.Compare(a.at) })
	return entries[:min(len(entries), maxFeed)], nil
}

// releaseEntry tells of a version: the organiser's note, and what it changed.
func (s Pages) releaseEntry(v *page.Visit, l program.ReleaseLog) atomEntry {
	r, row := l.Release, newReleaseRow(v, l)
	e := atomEntry{ID: "urn:uuid:" + r.ID, Title: releaseTitle(v, r), Updated: atomTime(r.ReleasedAt), at: r.ReleasedAt,
		Link: atomLink{Rel: "alternate", Type: "text/html", Href: s.root() + v.Edition.Path() + "/changes#" + row.ID}}
	var b strings.Builder
	if row.Note.Text != "" {
		b.WriteString(string(text.Prose(row.Note.Text)))
	}
	if row.First != "" {
		b.WriteString("<p>" + html.EscapeString(row.First) + "</p>")
	}
	if lines := append(row.Lines, row.More...); len(lines) > 0 {
		b.WriteString("<ul>")
		for _, line := range lines {
			b.WriteString("<li>" + html.EscapeString(line) + "</li>")
		}
		b.WriteString("</ul>")
	}
	if b.Len() > 0 {
		e.Content = &atomText{Type: "html", Text: xmlText(b.String())}
	}
	return e
}

// xmlText leaves out what XML has no place for; encoding/xml would put a sign there.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}

func releaseTitle(v *page.Visit, r program.Release) string {
	if r.Name != "" {
		return v.T("feed.release_named", "number", fmt.Sprint(r.Number), "name", r.Name)
	}
	return v.T("feed.release", "number", fmt.Sprint(r.Number))
}

func atomTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
