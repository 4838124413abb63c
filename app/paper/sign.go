package paper

import (
	"context"
	"io"
	"time"
)

// Sign hangs beside the door of a room for a day.
type Sign struct {
	Series, Edition string
	Room, Day       string
	Slots           []SignSlot
	QR              string // the live room; empty for none
	Ask             string // the words beside it
	Code            string // the day's short code, large; empty for none
}

// SignSlot is one session on a sign.
type SignSlot struct {
	Time, Title, Speakers string
	Break                 bool
}

// SignOptions is what all signs share.
type SignOptions struct {
	Title  string
	Page   func(n, total int) string
	Date   time.Time
	Accent Colour
}

// The sign on A4 lying down, in millimetres.
const (
	signList = 62.0
	signFoot = 186.0
	signCode = 46.0
)

// Signs prints them, a page each. A day with more than fits goes on smaller.
func (p *Press) Signs(ctx context.Context, w io.Writer, signs []Sign, o SignOptions) (Report, error) {
	var report Report
	err := safely(func() error {
		o.Accent = accentOr(o.Accent)
		s := p.sheet(gridW*mm, gridH*mm, o.Date, o.Title)
		for i, sign := range signs {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.page()
			f := &leaf{sheet: s, index: i, report: &report, who: sign.Room}
			f.reliably("sign", func() { f.ground(Box{0, 0, gridW, gridH}, white) }, func() error { f.sign(sign, o, i+1, len(signs)); return f.err })
		}
		report.Pages = s.pdf.PageCount()
		return s.write(w)
	})
	return report, err
}

func (f *leaf) sign(s Sign, o SignOptions, n, total int) {
	f.mark(leafMargin*mm, 19.4*mm, 8.6*mm, o.Accent)
	f.text("series", s.Series+" · "+s.Edition, Box{leafMargin + 11, 14, 120, 8}, f.sized(11, 8, 1, true), 0, ink)
	f.text("day", s.Day, Box{gridW - leafMargin - 110, 14, 110, 8}, f.sized(12, 8, 1, false), 1, quiet)
	f.text("room", s.Room, Box{leafMargin, 26, gridW - 2*leafMargin, 30}, f.sized(66, 24, 2, true), 0, o.Accent)
	w := gridW - 2*leafMargin
	if s.QR != "" {
		w -= signCode + 10
		x := gridW - leafMargin - signCode
		if err := f.qr(s.QR, x*mm, signList*mm, signCode*mm); err != nil {
			f.report.add(f.index, f.who, "qr", []note{{BadCode, err.Error()}})
		}
		f.text("ask", s.Ask, Box{x, signList + signCode + 1, signCode, 16}, f.sized(11, 8, 3, false), .5, ink)
		f.text("code", s.Code, Box{x, signList + signCode + 18, signCode, 12}, f.sized(22, 12, 1, true), .5, ink)
	}
	f.signSlots(s.Slots, w)
	f.foot("", o.Page, n, total, gridW, gridH)
}

// signSlots sets the day's sessions as large as all of them fit.
func (f *leaf) signSlots(slots []SignSlot, w float64) {
	if len(slots) == 0 {
		return
	}
	h := min(24, (signFoot-signList)/float64(len(slots)))
	size := min(19, h*1.15)
	for i, x := range slots {
		y := signList + float64(i)*h
		colour := ink
		if x.Break {
			colour = quiet
		}
		f.line(leafMargin, y, leafMargin+w, y, .4, hair)
		f.text("time", x.Time, Box{leafMargin, y + h*.12, 40, h * .8}, f.sized(size, 6, 1, true), 0, colour)
		title := f.text("title", x.Title, Box{leafMargin + 44, y + h*.1, w - 44, h * .58}, f.sized(size, 5, 2, !x.Break), 0, colour)
		rest := h*.84 - title.height()/mm
		if x.Speakers != "" && rest > 2 {
			f.text("speakers", x.Speakers, Box{leafMargin + 44, y + h*.1 + title.height()/mm, w - 44, rest}, f.sized(size*.72, 5, 1, false), 0, quiet)
		}
	}
}
