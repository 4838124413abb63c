package public

import (
	"fmt"
	"time"

	"agora/app/agenda"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// maxReleases is how many versions the page goes back.
	maxReleases = 50
	// openChanges is how many changes of a version stand open; the rest unfold.
	openChanges = 20
)

// changesPage is the public log of the programme's versions.
type changesPage struct {
	Empty    *templates.Empty
	Releases []releaseRow
	Base     string
}

type releaseRow struct {
	ID, Title      string
	When, Datetime string
	Note           page.Words
	First          string
	Lines, More    []string
}

// Changes tells what each version of the programme changed.
func (s Pages) Changes(v *page.Visit) error {
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	return v.PublicPage("program/changes", v.T("changes_page.title"), fmt.Sprint(p.Edition.Revision), func() (any, error) {
		log, err := s.Program.Changelog(v.Ctx, v.Edition, maxReleases)
		if err != nil {
			return nil, err
		}
		made := changesPage{Base: v.Edition.Path()}
		for _, l := range log {
			made.Releases = append(made.Releases, newReleaseRow(v, l))
		}
		if len(log) == 0 {
			made.Empty = &templates.Empty{Title: v.T("changes_page.empty_title"), Text: v.T("changes_page.empty_text"), Href: v.Edition.Path(), Action: v.T("programme.empty_act")}
		}
		return made, nil
	})
}

func newReleaseRow(v *page.Visit, l program.ReleaseLog) releaseRow {
	r := l.Release
	row := releaseRow{ID: fmt.Sprint("v", r.Number), Title: v.T("changes_page.number", "number", r.Number), When: v.SentenceTime(r.ReleasedAt),
		Datetime: v.Edition.Local(r.ReleasedAt).Format(time.RFC3339), Note: v.Words(r.Note)}
	if r.Name != "" {
		row.Title = v.T("changes_page.named", "number", r.Number, "name", r.Name)
	}
	if r.Number == 1 {
		row.First = v.T("changes_page.first", "n", len(l.Changes))
		return row
	}
	words := agenda.Words{Catalogue: v.Site.Words, Lang: v.Lang, Edition: v.Edition}
	for i, c := range l.Changes {
		if i < openChanges {
			row.Lines = append(row.Lines, words.Change(c))
		} else {
			row.More = append(row.More, words.Change(c))
		}
	}
	return row
}
