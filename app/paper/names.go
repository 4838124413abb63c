package paper

import (
	"context"
	"io"
	"strings"
	"time"
)

// NameList is the door's list on paper, for the day when nothing else works.
type NameList struct {
	Series, Edition, Title string
	How                    string // what to do with it afterwards
	Name, Code, Marks      string // the headings
	People                 []Named
	Page                   func(n, total int) string
	Date                   time.Time
	Accent                 Colour
}

// Named is one person of it. Letter is what they stand under.
type Named struct {
	Letter, Name, Organisation, Code string
	Marks                            []string
}

// The list in millimetres.
const (
	nameRow  = 7.4
	nameTop  = 50.0
	nameMost = 30 // rows on a page
)

// nameLine is a letter or a person.
type nameLine struct {
	letter string
	person Named
	index  int
}

// Names prints the list.
func (p *Press) Names(ctx context.Context, w io.Writer, l NameList) (Report, error) {
	var report Report
	err := safely(func() error {
		l.Accent = accentOr(l.Accent)
		s := p.sheet(a4W*mm, a4H*mm, l.Date, l.Title)
		f := &leaf{sheet: s, report: &report}
		pages := namePages(l.People)
		for i, page := range pages {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.page()
			f.names(l, page)
			f.foot(l.How, l.Page, i+1, len(pages), a4W, a4H)
		}
		report.Pages = s.pdf.PageCount()
		return s.write(w)
	})
	return report, err
}

// namePages begins a letter only where somebody of it follows on the same page.
func namePages(people []Named) (pages [][]nameLine) {
	var page []nameLine
	letter := ""
	for i, who := range people {
		fresh := who.Letter != letter || len(page) == 0
		if fresh && len(page)+2 > nameMost || len(page)+1 > nameMost {
			pages, page, fresh = append(pages, page), nil, true
		}
		if fresh {
			page, letter = append(page, nameLine{letter: who.Letter}), who.Letter
		}
		page = append(page, nameLine{person: who, index: i})
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages
}

func (f *leaf) names(l NameList, page []nameLine) {
	f.head(l.Series, l.Edition, l.Title+" "+letters(page), l.Accent, a4W)
	for i, words := range [...]string{l.Name, l.Code, l.Marks} {
		f.text("heading", words, Box{[...]float64{leafMargin + 9, 118, 144}[i], 42, 42, 5}, f.sized(8, 6, 1, false), 0, quiet)
	}
	y := nameTop
	for _, one := range page {
		if one.letter != "" {
			f.text("letter", one.letter, Box{leafMargin, y + 1, 20, 6}, f.sized(11, 8, 1, true), 0, l.Accent)
			f.line(leafMargin, y+nameRow-.2, a4W-leafMargin, y+nameRow-.2, .6, l.Accent.tint(.5))
			y += nameRow
			continue
		}
		f.index, f.who = one.index, one.person.Name
		f.reliably("row", func() {}, func() error { f.named(one.person, y); return f.err })
		y += nameRow
	}
}

// letters tells from which letter to which a page goes.
func letters(page []nameLine) string {
	first, last := page[0].letter, ""
	for _, one := range page {
		if one.letter != "" {
			last = one.letter
		}
	}
	if first == last {
		return first
	}
	return first + "–" + last
}

func (f *leaf) named(who Named, y float64) {
	f.stroke(ink).num(.8).op("w")
	f.num((leafMargin+.6)*mm, f.sheet.y((y+5.6)*mm), 4*mm, 4*mm).op("re").op("S").draw()
	name := f.text("name", who.Name, Box{leafMargin + 9, y + .8, 82, 5.2}, f.sized(10.5, 7, 1, true), 0, ink)
	used := 0.0
	for _, one := range name.lines {
		used = max(used, one.width(name.size)/mm)
	}
	if rest := 82 - used - 2; who.Organisation != "" && rest > 12 {
		f.text("organisation", who.Organisation, Box{leafMargin + 9 + used + 2, y + 1.4, rest, 4.4}, f.sized(8, 6, 1, false), 0, quiet)
	}
	f.text("code", who.Code, Box{118, y + 1.2, 24, 5}, f.sized(9, 7, 1, false), 0, ink)
	f.text("marks", strings.Join(who.Marks, " · "), Box{144, y + .6, a4W - leafMargin - 144, 6.4}, f.sized(8, 5.5, 2, false), 0, ink)
	f.line(leafMargin, y+nameRow-.2, a4W-leafMargin, y+nameRow-.2, .3, hair)
}
