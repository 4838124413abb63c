package paper

import "context"

// A sheet of A4 that is folded three times and cut once in the middle becomes a
// booklet of eight pages. Seen flat, the lower row holds the back, the front and
// the next two; the upper row stands on its head.
const (
	pocketW, pocketH = 74.25, 105.0
	pocketMargin     = 6.0
	pocketHead       = 11.0
	pocketPages      = 8
)

// pocketCells gives the column, and whether it is the upper row, of each page.
var pocketCells = [pocketPages]struct {
	column int
	upper  bool
}{{1, false}, {2, false}, {3, false}, {3, true}, {2, true}, {1, true}, {0, true}, {0, false}}

func (p *Press) pocket(ctx context.Context, d Programme, report *Report) (*sheet, error) {
	s := p.sheet(297*mm, 210*mm, d.Date, d.Title)
	f := &leaf{sheet: s, report: report}
	inside := paginate(f.pieces(d, pocketList), pocketH-pocketHead-10)
	total := 1 + len(inside)
	sheets := max(1, (total+pocketPages-1)/pocketPages)
	for page := range sheets * pocketPages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.index = page
		if page%pocketPages == 0 {
			s.page()
			f.folds()
		}
		cell := pocketCells[page%pocketPages]
		x, y := float64(cell.column)*pocketW, pocketH
		if cell.upper {
			y = 0
			s.pdf.TransformBegin()
			s.pdf.TransformRotate(180, (x+pocketW/2)*mm, (y+pocketH/2)*mm)
		}
		f.reliably("page", func() {}, func() error {
			switch {
			case page == 0:
				f.cover(d, x, y)
			case page < total:
				f.pocketPage(d, inside[page-1], page+1, total, x, y)
			}
			return f.err
		})
		if cell.upper {
			s.pdf.TransformEnd()
		}
	}
	return s, nil
}

// folds are hairlines where the sheet is folded, and a thicker one where it is cut.
func (f *leaf) folds() {
	for _, x := range []float64{1, 2, 3} {
		f.line(x*pocketW, 0, x*pocketW, 210, .25, hair)
	}
	f.line(0, pocketH, 297, pocketH, .25, hair)
	f.line(pocketW, pocketH, 3*pocketW, pocketH, .9, quiet)
}

func (f *leaf) cover(d Programme, x, y float64) {
	w := pocketW - 2*pocketMargin
	f.mark((x+pocketMargin)*mm, (y+20)*mm, 14*mm, d.Accent)
	f.text("series", d.Series, Box{x + pocketMargin, y + 24, w, 12}, f.sized(15, 9, 1, true), 0, ink)
	f.text("edition", d.Edition, Box{x + pocketMargin, y + 32, w, 8}, f.sized(10, 7, 1, false), 0, quiet)
	f.text("title", d.Title, Box{x + pocketMargin, y + 40, w, 14}, f.sized(12, 8, 2, true), 0, d.Accent)
	if d.QR != "" {
		const side = 26.0
		if err := f.qr(d.QR, (x+pocketMargin-side*4/37)*mm, (y+64)*mm, side*mm); err == nil {
			f.text("newest", d.Newest, Box{x + pocketMargin + side - 1, y + 67, w - side, 22}, f.sized(7.5, 5.5, 5, false), 0, quiet)
		}
	}
	f.text("release", d.Release, Box{x + pocketMargin, y + 96, w, 5}, f.sized(6.5, 5, 1, false), 0, quiet)
}

func (f *leaf) pocketPage(d Programme, page []piece, n, total int, x, y float64) {
	w := pocketW - 2*pocketMargin
	f.text("series", d.Series+" · "+d.Edition, Box{x + pocketMargin, y + 4.6, w, 5}, f.sized(6, 5, 1, false), 0, quiet)
	printPieces(page, x+pocketMargin, y+pocketHead)
	if d.Page != nil {
		f.text("foot", d.Page(n, total), Box{x + pocketMargin, y + pocketH - 6, w, 4}, f.sized(6, 5, 1, false), .5, quiet)
	}
}
