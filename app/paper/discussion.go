package paper

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"
)

// Discussion is what was asked in a session with the answers, in words ready to print.
type Discussion struct {
	Series   string
	Edition  string
	Label    string // what the paper is: questions and answers
	Title    string // of the session
	Speakers []string
	When     string
	Blank    string // stands where nothing of a text can be printed
	Lost     string // says at the end, where it is so, that some characters were left out
	Page     func(n, total int) string
	Date     time.Time
	Accent   Colour

	Questions []Asked
}

// Asked is one question.
type Asked struct {
	Text    string
	By      string
	Notes   []string // what is known of it besides, on the line of who asked
	Remark  string   // how it was answered, where that is not written
	Answers []Answered
}

// Answered is one written answer, as plain text with an empty line between paragraphs.
type Answered struct{ By, Text string }

// The page of a discussion, in points.
const (
	sideMargin = 24 * mm
	topMargin  = 22 * mm
	footRoom   = 24 * mm
	indent     = 11 * mm // of questions, beside their numbers
	inset      = 5 * mm  // of answers, beside their rule
)

// Discussion prints one. It is set twice: pages say how many there are.
func (p *Press) Discussion(ctx context.Context, w io.Writer, d Discussion) (Report, error) {
	var report Report
	err := safely(func() error {
		d.Accent = accentOr(d.Accent)
		dry := flow{press: p, d: d, report: new(Report)}
		if err := dry.all(ctx); err != nil {
			return err
		}
		s := p.sheet(210*mm, 297*mm, d.Date, d.Title)
		wet := flow{press: p, d: d, sheet: s, total: dry.page, report: &report}
		if err := wet.all(ctx); err != nil {
			return err
		}
		report.Pages = s.pdf.PageCount()
		return s.write(w)
	})
	return report, err
}

// flow sets text down pages. Without a sheet it only measures.
type flow struct {
	press       *Press
	d           Discussion
	sheet       *sheet
	report      *Report
	index       int
	y           float64
	page, total int
	err         error // the first failure; setting goes on harmlessly after it
}

// letter is how a text is set.
type letter struct {
	chain  chain
	size   float64
	colour Colour
}

func (l letter) step() float64 { return l.size * 1.42 }

const (
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	column     = pageWidth - 2*sideMargin
)

func (f *flow) all(ctx context.Context) error {
	f.turn()
	f.head()
	for i, q := range f.d.Questions {
		if err := ctx.Err(); err != nil {
			return err
		}
		f.index = i
		f.question(i, q)
		f.report.Printed++
	}
	if f.d.Lost != "" && f.report.lost() {
		f.room(3 * f.plain(9, quiet).step())
		f.text(f.d.Lost, f.plain(9, quiet), sideMargin, column)
	}
	return f.err
}

// turn begins a page, with its foot.
func (f *flow) turn() {
	f.page++
	f.y = topMargin
	if f.sheet == nil {
		return
	}
	f.sheet.page()
	foot := style{chain: f.press.sans, narrow: f.press.narrow, max: 8.5, good: 7.5, min: 6.5, lines: 1}
	y := pageHeight - 15*mm
	f.sheet.rule(sideMargin, y-4, sideMargin+column, y-4, .5, hair)
	left, _ := f.press.pass(f.d.Edition + " · " + f.d.Title)
	f.keep(f.sheet.block(f.press.fit(left, column-26*mm, 12, foot), sideMargin, y, column-26*mm, 0, quiet))
	if f.d.Page != nil {
		right, _ := f.press.pass(f.d.Page(f.page, f.total))
		f.keep(f.sheet.block(f.press.fit(right, 22*mm, 12, foot), sideMargin+column-22*mm, y, 22*mm, 1, quiet))
	}
}

func (f *flow) keep(err error) {
	if f.err == nil {
		f.err = err
	}
}

// head is the top of the first page.
func (f *flow) head() {
	if f.sheet != nil {
		f.sheet.mark(sideMargin, f.y+5, 10*mm, f.d.Accent)
	}
	series := f.bold(13, ink)
	f.text(f.d.Series, series, sideMargin+13*mm, column-13*mm)
	f.y += 9 * mm
	f.text(f.d.Label, f.bold(12, f.d.Accent), sideMargin, column)
	f.text(f.d.Title, f.bold(21, ink), sideMargin, column)
	f.y += 3
	if len(f.d.Speakers) > 0 {
		f.text(strings.Join(f.d.Speakers, ", "), f.plain(11, ink), sideMargin, column)
	}
	if f.d.When != "" {
		f.text(f.d.When, f.plain(10, quiet), sideMargin, column)
	}
	f.y += 4 * mm
}

func (f *flow) plain(size float64, c Colour) letter { return letter{f.press.sans, size, c} }
func (f *flow) bold(size float64, c Colour) letter  { return letter{f.press.bold, size, c} }

// question sets one question and its answers. Its words stay together, with the
// beginning of what follows.
func (f *flow) question(i int, q Asked) {
	asked, by := f.bold(11.5, ink), f.plain(9, quiet)
	x, w := sideMargin+indent, column-indent
	lines := f.wrap(q.Text, asked, w)
	if whole := float64(len(lines))*asked.step() + by.step() + 3*asked.step() + 6*mm; f.y+whole > pageHeight-footRoom && whole < pageHeight/2 {
		f.turn()
	} else if f.sheet != nil {
		f.sheet.rule(sideMargin, f.y, sideMargin+column, f.y, .5, hair)
	}
	f.y += 4 * mm
	f.room(asked.step())
	top := f.y
	f.number(i+1, asked)
	f.y = top
	f.lines(lines, asked, x)
	f.text(strings.Join(append([]string{q.By}, q.Notes...), " · "), by, x, w)
	if q.Remark != "" {
		f.y += 1
		f.text(q.Remark, f.plain(9.5, ink), x, w)
	}
	for _, a := range q.Answers {
		f.y += 2.5 * mm
		f.answer(a, x, w)
	}
	f.y += 5 * mm
}

func (f *flow) number(n int, l letter) {
	l.colour = f.d.Accent
	f.text(strconv.Itoa(n), l, sideMargin, indent)
}

// answer sets who answered and what, beside a rule that goes on over pages.
func (f *flow) answer(a Answered, x, w float64) {
	name, words := f.bold(9.5, ink), f.plain(10.5, ink)
	f.room(name.step() + 2*words.step())
	from := f.y + 2
	rule := func() {
		if f.sheet != nil {
			f.sheet.rule(x+1, from, x+1, f.y-1, 1.4, f.d.Accent.tint(.45))
		}
	}
	f.text(a.By, name, x+inset, w-inset)
	for i, paragraph := range strings.Split(a.Text, "\n\n") {
		if i > 0 {
			f.y += words.step() * .45
		}
		for _, l := range f.wrap(paragraph, words, w-inset) {
			if f.y+words.step() > pageHeight-footRoom {
				rule()
				f.turn()
				from = f.y + 2
			}
			f.lines([]line{l}, words, x+inset)
		}
	}
	rule()
}

// room turns the page unless so much of it is left.
func (f *flow) room(h float64) {
	if f.y+h > pageHeight-footRoom {
		f.turn()
	}
}

func (f *flow) text(s string, l letter, x, w float64) { f.lines(f.wrap(s, l, w), l, x) }

func (f *flow) lines(list []line, l letter, x float64) {
	for _, one := range list {
		f.room(l.step())
		if f.sheet != nil {
			f.keep(f.sheet.put(one, x, f.y+l.size*1.05, l.size, l.colour))
		}
		f.y += l.step()
	}
}
