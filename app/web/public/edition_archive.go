package public

import (
	"fmt"
	"hash/fnv"

	"agora/app/carry"
	"agora/app/edition"
	"agora/app/material"
	"agora/app/program"
	"agora/app/web/page"
	"agora/templates"
)

// archivePart is what an edition that is over leads with: what it left behind,
// and how it went in figures.
type archivePart struct {
	Left    []leftCard
	Figures []figure
}

// leftCard leads to one kind of what a day left behind.
type leftCard struct{ Title, Text, Note, Href, Icon string }

// figure is a count with its name.
type figure struct {
	N    int64
	Name string
}

// yearsPart leads to the other editions of the series.
type yearsPart struct {
	Before, After *page.EditionCard
	All           string // the series' page
	AllName       page.Words
}

// returningRow is a speaker who was here before.
type returningRow struct {
	Person templates.Person
	Years  []templates.Fact // the edition and the speaker's page there
}

// editionPast is what an edition knows of itself and of the others; it is read
// once for the page and for its key.
type editionPast struct {
	years   []edition.Edition
	figures carry.Figures
}

// pastOf looks at the other editions, and in the archive at what was left. All
// of it is kept in memory for a while.
func (s Pages) pastOf(v *page.Visit, phase edition.Phase, p *program.Programme) (past editionPast, key string, err error) {
	if past.years, err = s.Editions.Of(v.Ctx, v.Edition.Series); err != nil {
		return past, "", err
	}
	sum := fnv.New64a()
	for _, e := range past.years {
		fmt.Fprint(sum, e.Slug, e.Revision, " ")
	}
	if phase == edition.Archive {
		all, err := s.Carry.Compare(v.Ctx, v.Edition.Series)
		if err != nil {
			return past, "", err
		}
		past.figures = all[v.Edition.ID]
		due, err := s.Material.Due(v.Ctx, v.Edition, p, v.Now)
		if err != nil {
			return past, "", err
		}
		_, mark, err := s.Material.Answered(v.Ctx, v.Edition, seenStates)
		if err != nil {
			return past, "", err
		}
		fmt.Fprint(sum, past.figures, due, mark)
	}
	return past, fmt.Sprintf("%x", sum.Sum64()), nil
}

// fillPast puts on the page what belongs to the life of the series.
func (s Pages) fillPast(v *page.Visit, p *editionPage, programme *program.Programme, past editionPast) (err error) {
	p.Years = newYears(v, past.years)
	if p.Thanks, err = s.thanks(v); err != nil {
		return err
	}
	if p.Returning, err = s.returning(v, programme); err != nil || p.Phase != edition.Archive {
		return err
	}
	p.Archive, err = s.archived(v, programme, past.figures)
	return err
}

// archived counts what the day left behind, as a stranger may see it.
func (s Pages) archived(v *page.Visit, p *program.Programme, n carry.Figures) (*archivePart, error) {
	by, err := s.Material.Visible(v.Ctx, v.Edition, p, v.Now, false)
	if err != nil {
		return nil, err
	}
	answers, _, err := s.Material.Answered(v.Ctx, v.Edition, seenStates)
	if err != nil {
		return nil, err
	}
	a, base := &archivePart{}, v.Edition.Path()
	files, recordings, answered, written := 0, 0, int64(0), int64(0)
	for _, list := range by {
		for _, m := range list {
			if m.Kind == material.Recording {
				recordings++
			} else {
				files++
			}
		}
	}
	for _, x := range answers {
		// A question that was answered on stage may have been answered in writing too.
		answered, written = answered+max(x.Stage, x.Written), written+x.Written
	}
	add := func(n int, key, icon, href, note string) {
		if n > 0 {
			a.Left = append(a.Left, leftCard{Title: v.T("archive." + key), Text: v.T("archive."+key+"_n", "n", n), Note: note, Href: base + href, Icon: icon})
		}
	}
	note := ""
	if written > 0 && written < answered {
		note = v.T("archive.written_n", "n", written)
	}
	add(files, "material", "file", "/materials", "")
	add(recordings, "recordings", "play", "/materials?kind="+string(material.Recording), "")
	add(int(answered), "answers", "mic", "/materials?kind="+answersKind, note)
	add(int(n.Speakers), "speakers", "people", "/speakers", "")
	a.Figures = figures(v, n)
	return a, nil
}

// figures are those that say something.
func figures(v *page.Visit, n carry.Figures) []figure {
	var list []figure
	for _, c := range comparable(n) {
		if c.N > 0 {
			list = append(list, figure{N: c.N, Name: v.T("series." + c.Name)})
		}
	}
	return list
}

// comparable are the figures by which editions are compared, in the order of the
// table; Name is the end of its key.
func comparable(n carry.Figures) []figure {
	return []figure{{n.Onsite, "onsite"}, {n.Came, "came"}, {n.Remote, "remote"}, {n.Sessions, "sessions"}, {n.Speakers, "speakers"},
		{n.Asked, "asked"}, {n.Answered, "answered"}, {n.Material, "material"}, {n.Downloads, "downloads"}}
}

// newYears finds the editions beside this one; years holds the newest first.
func newYears(v *page.Visit, years []edition.Edition) yearsPart {
	y := yearsPart{All: "/" + v.Edition.Series.Slug, AllName: v.Words(v.Edition.Series.Title)}
	card := func(e edition.Edition) *page.EditionCard { c := v.Card(e); return &c }
	for i, e := range years {
		if e.ID != v.Edition.ID {
			continue
		}
		if i > 0 {
			y.After = card(years[i-1])
		}
		if i+1 < len(years) {
			y.Before = card(years[i+1])
		}
	}
	return y
}

// returning lists the speakers whom the series has heard before.
func (s Pages) returning(v *page.Visit, p *program.Programme) ([]returningRow, error) {
	list, err := s.Carry.Returned(v.Ctx, v.Edition, v.Lang)
	if err != nil {
		return nil, err
	}
	var rows []returningRow
	for _, r := range list {
		who := p.SpeakerBySlug(r.Slug)
		if who == nil {
			continue
		}
		row := returningRow{Person: speakerFace(v, who, "")}
		row.Person.Href = v.Edition.Path() + "/speakers/" + r.Slug
		for _, y := range r.Years {
			row.Years = append(row.Years, templates.Fact{Text: y.Edition, Href: "/" + v.Edition.Series.Slug + "/" + y.Edition + "/speakers/" + y.Slug})
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// cityOf is a place to show an edition by; without one it is its name.
func cityOf(v *page.Visit, e edition.Edition) page.Words {
	before := v.Edition
	v.Edition = e
	defer func() { v.Edition = before }()
	if w := v.Words(e.City); w.Text != "" {
		return w
	}
	return page.Words{}
}
