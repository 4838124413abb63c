package paper

import (
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// mm is a millimetre in points. Everything inside the package is measured in points from the top left corner.
const mm = 72 / 25.4

// sheet is one PDF being drawn. It is the only place that touches gofpdf: text enters through put and title alone,
// shapes as raw operators, which are a tenth of the size and time of gofpdf's own.
//
// The same sheet may draw into a view for the screen instead, or, with neither, only measure.
type sheet struct {
	pdf    *gofpdf.Fpdf
	view   *view
	press  *Press
	w, h   float64
	ox, oy float64 // origin of the cell being drawn
	known  map[string]bool
	ops    []byte
}

func (p *Press) sheet(w, h float64, date time.Time, title string) *sheet {
	// Always "portrait" with the size as it is: gofpdf swaps the sides of templates in landscape documents.
	pdf := gofpdf.NewCustom(&gofpdf.InitType{OrientationStr: "P", UnitStr: "pt", Size: gofpdf.SizeType{Wd: w, Ht: h}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(stamp(date))
	pdf.SetModificationDate(stamp(date))
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetProducer("Agora", false)
	if t, _ := p.pass(title); t != "" {
		pdf.SetTitle(t, true)
	}
	return &sheet{pdf: pdf, press: p, w: w, h: h, known: map[string]bool{}}
}

func (s *sheet) page() {
	if s.pdf != nil {
		s.pdf.AddPage()
	}
}

func (s *sheet) at(x, y float64) { s.ox, s.oy = x, y }

// put draws one line with its baseline at y.
func (s *sheet) put(l line, x, y, size float64, c Colour) error {
	x, y = x+s.ox, y+s.oy
	switch {
	case s.view != nil:
		return s.view.put(l, x, y, size, c)
	case s.pdf == nil:
		return nil
	}
	s.pdf.SetTextColor(int(c.R), int(c.G), int(c.B))
	for _, r := range l.runs {
		family, err := s.font(r)
		if err != nil {
			return err
		}
		s.pdf.SetFont(family, "", size)
		if r.track != 0 {
			s.num(float64(r.track) * size / 1000)
			s.pdf.RawWriteStr(string(s.ops) + "Tc")
			s.ops = s.ops[:0]
		}
		s.pdf.Text(x, y, r.text)
		if r.track != 0 {
			s.pdf.RawWriteStr("0 Tc")
		}
		x += float64(r.units) * size / 1000
	}
	if err := s.pdf.Error(); err != nil {
		s.pdf.ClearError()
		return err
	}
	return nil
}

// font brings the run's font into the document: the everyday cut while it suffices, the whole font only for those
// runs that need it.
func (s *sheet) font(r run) (string, error) {
	family, cut := r.face.family, r.face.slim()
	if cut != nil && isEveryday(r.text) {
		family += "e"
		if !s.known[family] {
			s.pdf.AddUTF8FontFromBytes(family, "", append([]byte(nil), cut...))
		}
	} else if !s.known[family] {
		raw, err := r.face.load()
		if err != nil {
			return "", err
		}
		s.pdf.AddUTF8FontFromBytes(family, "", raw)
	}
	s.known[family] = true
	return family, nil
}

var errEmpty = errors.New("paper: nothing to print")

// pages is how many there are so far.
func (s *sheet) pages() int {
	if s.pdf == nil {
		return 0
	}
	return s.pdf.PageCount()
}

// write closes the document. gofpdf cuts its fonts here, so this is guarded too.
func (s *sheet) write(w io.Writer) error {
	if s.pdf.PageCount() == 0 {
		return errEmpty
	}
	return safely(func() error { return s.pdf.Output(w) })
}

// The operators below collect in ops; draw sends them as one piece, wrapped so that they change nothing else.

func (s *sheet) num(vs ...float64) *sheet {
	for _, v := range vs {
		s.ops = strconv.AppendFloat(s.ops, v, 'f', 2, 64)
		s.ops = append(s.ops, ' ')
	}
	return s
}

func (s *sheet) op(name string) *sheet {
	s.ops = append(append(s.ops, name...), '\n')
	return s
}

func (s *sheet) fill(c Colour) *sheet   { return s.colour(c).op("rg") }
func (s *sheet) stroke(c Colour) *sheet { return s.colour(c).op("RG") }

func (s *sheet) colour(c Colour) *sheet {
	for _, v := range []uint8{c.R, c.G, c.B} {
		s.ops = strconv.AppendFloat(s.ops, float64(v)/255, 'f', 3, 64)
		s.ops = append(s.ops, ' ')
	}
	return s
}

func (s *sheet) x(x float64) float64 { return x + s.ox }
func (s *sheet) y(y float64) float64 { return s.h - y - s.oy }

func (s *sheet) move(x, y float64) *sheet { return s.num(s.x(x), s.y(y)).op("m") }
func (s *sheet) to(x, y float64) *sheet   { return s.num(s.x(x), s.y(y)).op("l") }

func (s *sheet) draw() {
	switch {
	case s.view != nil:
		s.view.draw(s.ops, s.h)
	case s.pdf != nil:
		s.pdf.RawWriteStr("q\n" + string(s.ops) + "Q")
	}
	s.ops = s.ops[:0]
}

// repeated draws something once as a form and stamps it wherever the returned function is called.
func (s *sheet) repeated(w, h float64, do func(*sheet)) func(x, y float64) {
	if s.pdf == nil {
		return func(x, y float64) { do(&sheet{view: s.view, press: s.press, w: s.w, h: s.h, ox: x, oy: y}) }
	}
	size := gofpdf.SizeType{Wd: w, Ht: h}
	form := s.pdf.CreateTemplateCustom(gofpdf.PointType{}, size, func(t *gofpdf.Tpl) {
		do(&sheet{pdf: &t.Fpdf, press: s.press, w: w, h: h})
	})
	return func(x, y float64) {
		s.pdf.UseTemplateScaled(form, gofpdf.PointType{X: x, Y: y}, size)
	}
}
