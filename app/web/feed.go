package web

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"time"

	"agora/app/program"
	"agora/app/text"
)

// maxFeed bounds the feed: readers keep what they have seen.
const maxFeed = 100

// atomFeed tells what is new: releases of the programme, and material.
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

// feed is Atom 1.0, in the reader's language.
func (s *Site) feed(v *visit) error {
	return v.export("feed.xml", kindAtom, string(v.lang), func(w io.Writer, p *program.Programme) error {
		entries, err := s.feedEntries(v, p)
		if err != nil {
			return err
		}
		root := s.root() + v.edition.Path()
		feed := atomFeed{Lang: string(v.lang), ID: "urn:uuid:" + v.edition.ID, Title: v.t("feed.title_of", "name", v.edition.Name(v.lang)),
			Updated: atomTime(v.edition.CreatedAt), Author: atomAuthor{Name: v.seriesName(), URI: s.root() + "/" + v.edition.Series.Slug},
			Links: []atomLink{
				{Rel: "self", Type: "application/atom+xml", Href: root + "/feed.xml?lang=" + string(v.lang)},
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
func (s *Site) feedEntries(v *visit, p *program.Programme) ([]atomEntry, error) {
	releases, err := s.Program.Releases(v.ctx, v.edition)
	if err != nil {
		return nil, err
	}
	root := s.root() + v.edition.Path()
	entries, err := s.materialEntries(v, p)
	if err != nil {
		return nil, err
	}
	for _, r := range releases {
		e := atomEntry{ID: "urn:uuid:" + r.ID, Title: v.releaseTitle(r), Updated: atomTime(r.ReleasedAt), at: r.ReleasedAt,
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: root + "/program"}}
		if note := v.words(r.Note).Text; note != "" {
			e.Content = &atomText{Type: "html", Text: string(markdown(note))}
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b atomEntry) int { return b.at.Compare(a.at) })
	return entries[:min(len(entries), maxFeed)], nil
}

func (v *visit) releaseTitle(r program.Release) string {
	title := v.t("feed.release", "number", fmt.Sprint(r.Number))
	if r.Name != "" {
		title = v.t("feed.release_named", "number", fmt.Sprint(r.Number), "name", r.Name)
	}
	return title
}

func atomTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// published tells in words when something came out.
func (v *visit) published(t time.Time) string { return text.DateTime(v.lang, v.edition.Local(t)) }
