package paper

import (
	"context"
	"io"
	"time"
)

// Certificate is one person's certificate, in sentences ready to print in that person's language. The site shows
// the same content as a page at the address in QR.
type Certificate struct {
	Series      string
	Edition     string // city and year
	Title       string // what it is: certificate of attendance
	Before      string // the words before the name, and
	Name        string //
	After       string // those after it
	Facts       []Fact // date, place, hours: up to four side by side
	Signed      string // place and date of signing
	Signer      string
	SignerTitle string
	Number      string // number or code, with its word
	Verify      string // how to check it, with the address in letters
	QR          string // the address to check it at
	Caption     string // what the dots are, below the hall
	Seats       int    // dots of the hall; 0 is 300
	Own         int    // the person's own dot, from 1; 0 for none, as for remote places
	Accent      Colour
}

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// CertificateOptions is what a batch shares.
type CertificateOptions struct {
	Title    string // of the file
	Date     time.Time
	Progress func(done, total int) // may be nil
}

const maxFacts = 4

// Certificate prints one.
func (p *Press) Certificate(ctx context.Context, w io.Writer, c Certificate, o CertificateOptions) (Report, error) {
	return p.Certificates(ctx, w, []Certificate{c}, o)
}

// Certificates prints several into one file, a page each. One that fails leaves a white page and a remark.
func (p *Press) Certificates(ctx context.Context, w io.Writer, list []Certificate, o CertificateOptions) (Report, error) {
	var report Report
	err := safely(func() error {
		s := p.sheet(210*mm, 297*mm, o.Date, o.Title)
		for i, c := range list {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.page()
			d := diploma{sheet: s, index: i, report: &report}
			d.draw(c)
			if o.Progress != nil {
				o.Progress(i+1, len(list))
			}
		}
		report.Pages = s.pdf.PageCount()
		return s.write(w)
	})
	return report, err
}

// diploma is the page of one certificate.
type diploma struct {
	*sheet
	index  int
	report *Report
	who    string
	err    error // the first failure; drawing goes on harmlessly after it
}

func (d *diploma) draw(c Certificate) {
	c.Accent = accentOr(c.Accent)
	d.who, _ = d.press.pass(c.Name)
	if err := safely(func() error { return d.content(c) }); err != nil {
		d.ops = d.ops[:0]
		d.rect(0, 0, d.w, d.h, white)
		d.report.add(d.index, d.who, "certificate", []note{{Failed, err.Error()}})
		return
	}
	d.report.Printed++
}

func (d *diploma) content(c Certificate) error {
	d.picture(c)
	d.mark(24*mm, 23.9*mm, 10.6*mm, c.Accent)
	d.text("series", c.Series, Box{36.6, 17.8, 70, 8}, d.sized(15, 9, 1, true), 0, ink)
	d.text("edition", c.Edition, Box{106, 18.3, 80, 8}, d.sized(11, 8, 1, false), 1, quiet)
	d.text("title", c.Title, Box{24, 147, 162, 8}, d.sized(14, 9, 1, true), 0, c.Accent)
	d.text("before", c.Before, Box{24, 155.6, 162, 6.5}, d.sized(11.5, 8, 1, false), 0, quiet)
	below := 162.5 + d.name(c.Name)/mm
	d.text("after", c.After, Box{24, below + 3, 150, 204 - below}, d.sized(13, 8, 3, false), 0, ink)
	d.facts(c.Facts)
	d.signature(c)
	return d.err
}

// type1 is a style from its largest and smallest size.
func (d *diploma) sized(largest, smallest float64, lines int, bold bool) style {
	st := style{chain: d.press.sans, narrow: d.press.narrow, max: largest, good: largest * .8, min: smallest, lines: lines}
	if bold {
		st.chain, st.narrow = d.press.bold, d.press.narrowBold
	}
	return st
}

// text fits words into a box (millimetres) from its top and remembers what had to give.
func (d *diploma) text(field, words string, b Box, st style, align float64, c Colour) setting {
	clean, notes := d.press.pass(words)
	x, y, w, h := b.points()
	set := d.press.fit(clean, w, h, st)
	d.report.fitted(d.index, d.who, field, append(notes, set.notes...))
	if err := d.block(set, x, y, w, align, c); err != nil && d.err == nil {
		d.err = err
	}
	return set
}

// picture draws the hall of that day with the person's own dot.
func (d *diploma) picture(c Certificate) {
	const scale, cx, base = 79 * mm, 105 * mm, 128 * mm
	seats, radius := hall(c.Seats)
	radius *= 1.2 * scale
	d.dots(seats, cx, base, scale, radius, c.Accent.tint(.24))
	if c.Own > 0 && len(seats) > 0 {
		own := seats[min(dotOf(c.Own-1, max(c.Seats, len(seats))), len(seats)-1)]
		d.dots([]seat{own}, cx, base, scale, radius*1.8, white)
		d.dots([]seat{own}, cx, base, scale, radius*1.35, mine)
	}
	d.stroke(quiet).op("1 J").num(1.1).op("w").move(cx-13*mm, base+1.5*mm)
	d.num(d.x(cx-6*mm), d.y(base-2.2*mm), d.x(cx+6*mm), d.y(base-2.2*mm), d.x(cx+13*mm), d.y(base+1.5*mm)).op("c").op("S")
	d.sheet.draw()
	d.text("caption", c.Caption, Box{24, 132, 162, 5}, d.sized(8.5, 6, 1, false), .5, quiet)
}

// name sets the name, or a line to write on where nothing of it can be printed, and tells how high it became.
func (d *diploma) name(name string) float64 {
	b := Box{24, 162.5, 162, 23}
	st := d.sized(36, 12, 2, true)
	st.good = 22
	set := d.text("name", name, b, st, 0, ink)
	if len(set.lines) > 0 {
		return set.height()
	}
	x, y, w, _ := b.points()
	const room = 14 * mm
	d.rule(x, y+room, x+w, y+room, .7, quiet)
	if !d.report.Has(d.index, Missing) {
		d.report.add(d.index, d.who, "name", []note{{Missing, ""}})
	}
	return room
}

func (d *diploma) facts(facts []Fact) {
	if len(facts) > maxFacts {
		d.report.add(d.index, d.who, "facts", []note{{Cut, facts[maxFacts].Label}})
		facts = facts[:maxFacts]
	}
	d.rule(24*mm, 210*mm, 186*mm, 210*mm, .6, hair)
	d.rule(24*mm, 228*mm, 186*mm, 228*mm, .6, hair)
	for i, f := range facts {
		w := 162 / float64(len(facts))
		x := 24 + w*float64(i)
		d.text("facts", f.Label, Box{x, 212.3, w - 4, 5}, d.sized(8.5, 6, 1, false), 0, quiet)
		value := d.sized(11, 7, 2, true)
		value.good = value.max // a second line rather than a smaller size: neighbours should look alike
		d.text("facts", f.Value, Box{x, 217, w - 4, 9.5}, value, 0, ink)
	}
}

// signature draws the line to sign on with name and title below, and on the right how to verify.
func (d *diploma) signature(c Certificate) {
	d.text("signed", c.Signed, Box{24, 234, 80, 6}, d.sized(10, 7, 1, false), 0, ink)
	d.rule(24*mm, 259*mm, 98*mm, 259*mm, .7, ink)
	d.text("signer", c.Signer, Box{24, 260.5, 74, 6}, d.sized(10.5, 7, 1, true), 0, ink)
	d.text("signer", c.SignerTitle, Box{24, 265.4, 74, 5.5}, d.sized(9, 6.5, 1, false), 0, quiet)
	const side = 34.0
	if err := d.qr(c.QR, (186+side*4/37-side)*mm, 230*mm, side*mm); err != nil {
		d.report.add(d.index, d.who, "qr", []note{{BadCode, err.Error()}})
	}
	d.text("number", c.Number, Box{106, 261, 80, 5.5}, d.sized(9, 6.5, 1, true), 1, ink)
	d.text("verify", c.Verify, Box{106, 265.4, 80, 9}, d.sized(8.5, 6, 2, false), 1, quiet)
}
