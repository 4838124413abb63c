package paper

import (
	"context"
	"io"
	"time"
)

// Certificate is one person's certificate, in sentences ready to print in that person's language. The site shows
// the same content as a page at the address in QR.
type Certificate struct {
	Series  string
	Edition string      // city and year
	Title   string      // what it is: certificate of attendance
	Before  string      // the words before the name, and
	Name    string      //
	After   string      // those after it
	Facts   []Fact      // date, place, hours: up to four side by side
	Parts   []string    // the sessions it counts, a line each
	Own     string      // the organiser's own words
	Signed  string      // place and date of signing
	Signers []Signature // up to two, side by side
	Number  string      // number or code, with its word
	Verify  string      // how to check it, with the address in letters
	QR      string      // the address to check it at
	Caption string      // what the dots are, below the hall
	Seats   int         // dots of the hall; 0 is 300
	Dot     int         // the person's own, from 1; 0 for none, as for remote places
	Accent  Colour
}

// Fact is a label with its value.
type Fact struct{ Label, Value string }

// Signature is who signs. Picture is a PNG or JPEG, or nil for a line to sign on.
type Signature struct {
	Name, Title string
	Picture     []byte
}

// CertificateOptions is what a batch shares.
type CertificateOptions struct {
	Title    string // of the file
	Date     time.Time
	Progress func(done, total int) // may be nil
}

const (
	maxFacts   = 4
	maxSigners = 2
	// MaxParts is how many lines of Parts there is room for; callers sum up the rest.
	MaxParts = 8
)

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
			d := diploma{leaf{sheet: s, index: i, report: &report}}
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
type diploma struct{ leaf }

func (d *diploma) draw(c Certificate) {
	c.Accent = accentOr(c.Accent)
	d.who, _ = d.press.pass(c.Name)
	d.reliably("certificate", func() { d.rect(0, 0, d.w, d.h, white) }, func() error { return d.content(c) })
}

// The page in millimetres: the words end where the facts begin.
const (
	certLeft  = 24
	certWidth = 162
	factsTop  = 210
	// titleTop is where the words begin when they are few; long ones begin higher,
	// up to mostLift, and the hall becomes smaller.
	titleTop = 147
	mostLift = 46
)

func (d *diploma) content(c Certificate) error {
	name := d.measureName(c.Name)
	after := d.measure("after", c.After, 150, 22, d.sized(13, 8, 3, false))
	parts := d.measureParts(c.Parts)
	own := d.measure("own", c.Own, certWidth, 24, d.sized(10, 7.5, 6, false))
	need := 15.5 + name.room + 3 + after.height()/mm
	for _, more := range [...]float64{heightOf(parts), own.height() / mm} {
		if more > 0 {
			need += more + 3
		}
	}
	lift := min(max(0, need-(factsTop-4-titleTop)), mostLift)
	d.hall(c, lift)
	d.mark(24*mm, 23.9*mm, 10.6*mm, c.Accent)
	d.text("series", c.Series, Box{36.6, 17.8, 70, 8}, d.sized(15, 9, 1, true), 0, ink)
	d.text("edition", c.Edition, Box{106, 18.3, 80, 8}, d.sized(11, 8, 1, false), 1, quiet)
	y := titleTop - lift
	d.text("title", c.Title, Box{certLeft, y, certWidth, 8}, d.sized(14, 9, 1, true), 0, c.Accent)
	d.text("before", c.Before, Box{certLeft, y + 8.6, certWidth, 6.5}, d.sized(11.5, 8, 1, false), 0, quiet)
	y += 15.5
	d.name(name, y)
	y += name.room + 3
	d.print(after, Box{certLeft, y, 150, 0}, 0, ink)
	y += after.height()/mm + 3
	for _, p := range parts {
		d.print(p, Box{certLeft + 4, y, certWidth - 4, 0}, 0, ink)
		d.line(certLeft+.4, y+.6, certLeft+.4, y+p.height()/mm+.6, 1.6, c.Accent.tint(.45))
		y += p.height()/mm + .9
	}
	if len(parts) > 0 {
		y += 3
	}
	d.print(own, Box{certLeft, y, certWidth, 0}, 0, ink)
	d.facts(c.Facts)
	d.signatures(c)
	return d.err
}

// measureParts sets the sessions, each on its line.
func (d *diploma) measureParts(parts []string) []setting {
	if len(parts) > MaxParts {
		d.report.add(d.index, d.who, "parts", []note{{Cut, parts[MaxParts]}})
		parts = parts[:MaxParts]
	}
	var list []setting
	for _, p := range parts {
		list = append(list, d.measure("parts", p, certWidth-4, 5, d.sized(10, 7, 1, false)))
	}
	return list
}

func heightOf(list []setting) (h float64) {
	for _, s := range list {
		h += s.height()/mm + .9
	}
	return h
}

// hall draws the hall of that day with the person's own dot.
func (d *diploma) hall(c Certificate, lift float64) {
	scale, cx, base := (79-lift)*mm, 105*mm, (128-lift)*mm
	seats, radius := hall(c.Seats)
	radius *= 1.2 * scale
	d.dots(seats, cx, base, scale, radius, c.Accent.tint(.24))
	if c.Dot > 0 && len(seats) > 0 {
		own := seats[min(dotOf(c.Dot-1, max(c.Seats, len(seats))), len(seats)-1)]
		d.dots([]seat{own}, cx, base, scale, radius*1.8, white)
		d.dots([]seat{own}, cx, base, scale, radius*1.35, mine)
	}
	u := scale / 79 // the stage is as wide as the hall allows
	d.stroke(quiet).op("1 J").num(1.1).op("w").move(cx-13*u, base+1.5*u)
	d.num(d.x(cx-6*u), d.y(base-2.2*u), d.x(cx+6*u), d.y(base-2.2*u), d.x(cx+13*u), d.y(base+1.5*u)).op("c").op("S")
	d.sheet.draw()
	d.text("caption", c.Caption, Box{certLeft, 132 - lift, certWidth, 5}, d.sized(8.5, 6, 1, false), .5, quiet)
}

// measured is a name, or the room of a line to write on where nothing of it can be
// printed.
type measured struct {
	set  setting
	room float64
}

func (d *diploma) measureName(name string) measured {
	st := d.sized(36, 12, 2, true)
	st.good = 22
	set := d.measure("name", name, certWidth, 23, st)
	if len(set.lines) > 0 {
		return measured{set, set.height() / mm}
	}
	if !d.report.Has(d.index, Missing) {
		d.report.add(d.index, d.who, "name", []note{{Missing, ""}})
	}
	return measured{set, 14}
}

func (d *diploma) name(name measured, y float64) {
	if len(name.set.lines) == 0 {
		d.line(certLeft, y+name.room, certLeft+certWidth, y+name.room, .7, quiet)
		return
	}
	d.print(name.set, Box{certLeft, y, certWidth, 0}, 0, ink)
}

func (d *diploma) facts(facts []Fact) {
	if len(facts) > maxFacts {
		d.report.add(d.index, d.who, "facts", []note{{Cut, facts[maxFacts].Label}})
		facts = facts[:maxFacts]
	}
	d.line(certLeft, factsTop, certLeft+certWidth, factsTop, .6, hair)
	d.line(certLeft, factsTop+18, certLeft+certWidth, factsTop+18, .6, hair)
	for i, f := range facts {
		w := certWidth / float64(len(facts))
		x := certLeft + w*float64(i)
		d.text("facts", f.Label, Box{x, factsTop + 2.3, w - 4, 5}, d.sized(8.5, 6, 1, false), 0, quiet)
		d.text("facts", f.Value, Box{x, factsTop + 7, w - 4, 9.5}, d.steady(11, 7, 2, true), 0, ink)
	}
}

// signatures draws the lines to sign on with names and titles below, and on the
// right how to verify.
func (d *diploma) signatures(c Certificate) {
	d.text("signed", c.Signed, Box{certLeft, 233, 80, 6}, d.sized(10, 7, 1, false), 0, ink)
	signers := c.Signers
	if len(signers) == 0 {
		signers = []Signature{{}}
	}
	signers = signers[:min(len(signers), maxSigners)]
	w := (80 - 6*float64(len(signers))) / float64(len(signers))
	for i, s := range signers {
		x := certLeft + float64(i)*(w+6)
		if s.Picture != nil {
			if err := d.picture(s.Picture, Box{x + 1, 241, w - 2, 19}); err != nil {
				d.report.add(d.index, d.who, "signature", []note{{Failed, err.Error()}})
			}
		}
		d.line(x, 261, x+w, 261, .7, ink)
		d.text("signer", s.Name, Box{x, 262.3, w, 6}, d.sized(10.5, 7, 1, true), 0, ink)
		d.text("signer", s.Title, Box{x, 267.2, w, 8}, d.sized(9, 6.5, 2, false), 0, quiet)
	}
	const side = 34.0
	if err := d.qr(c.QR, (186+side*4/37-side)*mm, 230*mm, side*mm); err != nil {
		d.report.add(d.index, d.who, "qr", []note{{BadCode, err.Error()}})
	}
	d.text("number", c.Number, Box{106, 262.3, 80, 5.5}, d.sized(9, 6.5, 1, true), 1, ink)
	d.text("verify", c.Verify, Box{106, 267.2, 80, 9}, d.sized(8.5, 6, 2, false), 1, quiet)
}
