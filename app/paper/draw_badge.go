package paper

import (
	"bytes"
	"context"
	"io"
	"slices"
)

// partPages is how many pages are drawn before they are written: it bounds the memory of a large batch.
const partPages = 400

// Badges prints a batch in the given order and reports what had to give. One bad badge never stops the others: it
// is listed and its place stays white. A large batch is written in parts as it is drawn.
func (p *Press) Badges(ctx context.Context, w io.Writer, d Design, badges []Badge, o BadgeOptions) (Report, error) {
	var report Report
	if err := d.Check(); err != nil {
		return report, err
	}
	o.Accent = accentOr(o.Accent)
	part := partPages * d.Columns * d.Rows
	if len(badges) <= part {
		return report, safely(func() error {
			b, err := p.some(ctx, d, badges, 0, len(badges), o, &report)
			if err != nil {
				return err
			}
			return b.write(w)
		})
	}
	whole := newBinder(w)
	var buffer bytes.Buffer
	for from := 0; from < len(badges); from += part {
		err := safely(func() error {
			b, err := p.some(ctx, d, badges, from, min(from+part, len(badges)), o, &report)
			if err != nil {
				return err
			}
			buffer.Reset()
			return b.write(&buffer)
		})
		if err == nil {
			err = whole.add(buffer.Bytes())
		}
		if err != nil {
			return report, err
		}
	}
	return report, whole.close()
}

// some draws the badges from one index to another into a document of their own.
func (p *Press) some(ctx context.Context, d Design, badges []Badge, from, to int, o BadgeOptions, report *Report) (*batch, error) {
	told := report
	if from > 0 {
		told = new(Report) // what stands on every badge was told with the first part
	}
	b := p.batch(d, o, told)
	b.report = report
	for i := from; i < to; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		b.one(i, badges[i])
		if o.Progress != nil {
			o.Progress(i+1, len(badges))
		}
	}
	report.Pages += b.pages()
	return b, nil
}

// batch is a run of badges on sheets of one design.
type batch struct {
	*sheet
	design  Design
	options BadgeOptions
	report  *Report
	ground  func(x, y float64)
	still   []still // words that are the same on each badge, set once
}

type still struct {
	element Element
	setting setting
}

func (p *Press) batch(d Design, o BadgeOptions, report *Report) *batch {
	return p.begin(p.sheet(d.Page.W*mm, d.Page.H*mm, o.Date, o.Title), d, o, report)
}

// begin sets what is the same on every badge.
func (p *Press) begin(s *sheet, d Design, o BadgeOptions, report *Report) *batch {
	b := &batch{sheet: s, design: d, options: o, report: report}
	for _, e := range d.Elements {
		words := map[string]string{ElementSeries: o.Series, ElementEdition: o.Edition, ElementText: e.Text}[e.Kind]
		if words != "" {
			text, notes := p.pass(words)
			set := p.fit(text, e.Box.W*mm, e.Box.H*mm, p.style(e))
			report.fitted(Shared, text, e.Kind, append(notes, set.notes...))
			b.still = append(b.still, still{e, set})
		}
	}
	return b
}

// one draws badge i into its cell, and makes the cell white again if that fails half-way.
func (b *batch) one(i int, badge Badge) {
	cell := i % (b.design.Columns * b.design.Rows)
	if cell == 0 {
		b.at(0, 0)
		b.page()
		if b.design.Cuts {
			b.cuts()
		}
		if b.ground == nil {
			b.ground = b.repeated(b.design.Cell.W*mm, b.design.Cell.H*mm, b.paint)
		}
	}
	left, top := b.margins()
	w, h := b.design.Cell.W*mm, b.design.Cell.H*mm
	b.at(left+w*float64(cell%b.design.Columns), top+h*float64(cell/b.design.Columns))
	from := len(b.report.Remarks)
	who := ""
	err := safely(func() (err error) { who, err = b.badge(i, badge); return err })
	for k := range b.report.Remarks[from:] {
		b.report.Remarks[from+k].Who = who
	}
	if err != nil {
		b.ops = b.ops[:0]
		b.rect(0, 0, w, h, white)
		b.report.add(i, who, "badge", []note{{Failed, err.Error()}})
		return
	}
	b.report.Printed++
}

func (b *batch) margins() (left, top float64) {
	d := b.design
	return (d.Page.W - d.Cell.W*float64(d.Columns)) / 2 * mm, (d.Page.H - d.Cell.H*float64(d.Rows)) / 2 * mm
}

// paint is what all badges have in common and gofpdf can keep as one form: the hall and the mark.
func (b *batch) paint(s *sheet) {
	for _, e := range b.design.Elements {
		x, y, w, h := e.Box.points()
		switch e.Kind {
		case ElementHall:
			seats, radius := hall(b.options.Seats)
			scale := min(w/2, h)
			seats = slices.DeleteFunc(seats, func(d seat) bool { return b.onCode(x+w/2+d.x*scale, y+h-d.y*scale, radius*scale) })
			s.dots(seats, x+w/2, y+h, scale, radius*scale, b.options.Accent.tint(.10))
		case ElementMark:
			s.mark(x, y+h-.8, w, b.options.Accent)
		}
	}
}

// onCode tells dots that the white round a QR code would cut in half; they are left out whole.
func (b *batch) onCode(cx, cy, r float64) bool {
	return slices.ContainsFunc(b.design.Elements, func(e Element) bool {
		x, y, w, h := e.Box.points()
		return e.Kind == ElementQR && cx+r > x && cx-r < x+w && cy+r > y && cy-r < y+h
	})
}

func (b Box) points() (x, y, w, h float64) { return b.X * mm, b.Y * mm, b.W * mm, b.H * mm }

func (b *batch) badge(i int, badge Badge) (string, error) {
	name, notes := b.press.pass(badge.Name)
	who := name
	if who == "" {
		who, _ = b.press.pass(badge.Code)
	}
	b.report.add(i, "", "name", notes)
	b.ground(b.ox, b.oy)
	for _, s := range b.still {
		if err := b.place(s.element, s.setting, ink); err != nil {
			return who, err
		}
	}
	for _, e := range b.design.Elements {
		if err := b.element(i, e, badge, name); err != nil {
			return who, err
		}
	}
	return who, nil
}

func (b *batch) element(i int, e Element, badge Badge, name string) error {
	switch e.Kind {
	case ElementName:
		return b.name(i, e, badge, name)
	case ElementOrganisation:
		return b.words(i, e, "organisation", badge.Organisation)
	case ElementCode:
		return b.words(i, e, "code", badge.Code)
	case ElementRole:
		x, y, w, h := e.Box.points()
		band := b.design.colour(badge.RoleKind, b.options.Accent)
		b.rect(x, y, w, h, band)
		e.Box = b.inset(e.Box)
		return b.coloured(i, e, "role", badge.Role, band.on())
	case ElementFirst:
		return b.first(i, e, badge.First)
	case ElementAnswer:
		return b.words(i, e, "answer", badge.Answers[e.Field])
	case ElementLogo:
		return b.logo(e)
	case ElementPhoto:
		return b.photo(i, e, badge)
	case ElementQR:
		x, y, _, _ := e.Box.points()
		if err := b.qr(badge.QR, x, y, min(e.Box.W, e.Box.H)*mm); err != nil {
			b.report.add(i, "", "qr", []note{{BadCode, err.Error()}})
		}
	}
	return nil
}

// inset is where words stand inside the role band: in line with the name where the band is that long, else with a
// small margin of their own.
func (b *batch) inset(band Box) Box {
	margin := min(3, band.W/10)
	for _, e := range b.design.Elements {
		if e.Kind == ElementName && e.Box.X > band.X && e.Box.X+e.Box.W < band.X+band.W {
			margin = e.Box.X - band.X
		}
	}
	if 2*margin >= band.W-1 {
		margin = 0
	}
	return Box{band.X + margin, band.Y, band.W - 2*margin, band.H}
}

func (b *batch) photo(i int, e Element, badge Badge) error {
	if badge.PhotoWord == "" {
		return nil
	}
	x, y, _, h := e.Box.points()
	b.camera(x, y, h, badge.Photo)
	shift := e.Box.H * 1.3
	e.Box.X, e.Box.W = e.Box.X+shift, e.Box.W-shift
	return b.coloured(i, e, "photo", badge.PhotoWord, badge.Photo.colour())
}

func (b *batch) words(i int, e Element, field, text string) error {
	c := ink
	if e.Quiet {
		c = quiet
	}
	return b.coloured(i, e, field, text, c)
}

func (b *batch) coloured(i int, e Element, field, text string, c Colour) error {
	clean, notes := b.press.pass(text)
	set := b.press.fit(clean, e.Box.W*mm, e.Box.H*mm, b.press.style(e))
	b.report.fitted(i, "", field, append(notes, set.notes...))
	return b.place(e, set, c)
}

// style gives an element's fonts and sizes.
func (p *Press) style(e Element) style {
	st := style{chain: p.sans, narrow: p.narrow, max: e.Max, good: e.Good, min: e.Min, lines: e.Lines}
	if e.Bold {
		st.chain, st.narrow = p.bold, p.narrowBold
	}
	return st
}

// place draws a setting into its box.
func (b *batch) place(e Element, set setting, c Colour) error {
	x, y, w, h := e.Box.points()
	if e.Quiet && c == ink {
		c = quiet
	}
	switch {
	case e.Bottom:
		y += h - set.height()
	case len(set.lines) == 1 && e.Lines == 1: // one line in a low box: centred by the height of its capitals
		y += (h+.73*set.size)/2 - ascent*set.size
	}
	return b.block(set, x, y, w, e.align(), c)
}

func (e Element) align() float64 {
	switch {
	case e.Centre:
		return .5
	case e.Right:
		return 1
	}
	return 0
}

// block draws lines downwards from y; align is the share of the free space left of each.
func (s *sheet) block(set setting, x, y, w, align float64, c Colour) error {
	for k, l := range set.lines {
		base := y + set.size*(ascent+leading*float64(k))
		if err := s.put(l, x+align*(w-l.width(set.size)), base, set.size, c); err != nil {
			return err
		}
	}
	return nil
}
