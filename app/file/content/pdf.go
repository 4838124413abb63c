package content

import (
	"fmt"
	"io"
	"math"

	"github.com/ledongthuc/pdf"
)

// The words of a PDF are drawn, not written: a page is a program that puts glyphs
// at places. Here its drawing is followed only as far as it takes to know which
// letters stand next to each other.

const (
	// maxPages is how many pages are read; the words of a talk stand on fewer.
	maxPages = 2000
	// maxForms is how deep drawings may be drawn inside of each other.
	maxForms = 8
	// maxSaved bounds the states that a page may keep.
	maxSaved = 64
)

// pdfWords writes the words of a PDF, page after page. A page that cannot be read
// leaves out what is after its mistake.
func pdfWords(r io.ReaderAt, size int64, out io.Writer) error {
	doc, err := openPDF(r, size)
	if err != nil {
		return err
	}
	fonts := map[string]*pdfFont{}
	for i := 1; i <= min(doc.NumPage(), maxPages); i++ {
		p := &pdfPage{out: out, fonts: fonts}
		if i > 1 {
			if _, err := io.WriteString(out, "\n"+newPage+"\n"); err != nil {
				return err
			}
		}
		p.read(doc, i)
		if p.err != nil {
			return p.err
		}
	}
	return nil
}

// matrix is a transformation as PDF writes it.
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// mul gives the transformation that does m first and then n.
func (m matrix) mul(n matrix) matrix {
	return matrix{m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5]}
}

// pdfState is what q saves and Q brings back.
type pdfState struct {
	ctm                                    matrix
	font                                   *pdfFont
	size, char, word, scale, leading, rise float64
}

// pdfPage follows the drawing of one page.
type pdfPage struct {
	out       io.Writer
	err       error
	fonts     map[string]*pdfFont
	state     pdfState
	saved     []pdfState
	text      matrix // where the next glyph goes
	line      matrix // where its line began
	x, y      float64
	written   bool
	endsBlank bool
}

func (p *pdfPage) read(doc *pdf.Reader, number int) {
	defer func() {
		// The library panics over what it does not understand.
		if caught := recover(); caught != nil && p.err == nil {
			p.write("\n")
		}
	}()
	page := doc.Page(number)
	p.state = pdfState{ctm: identity, scale: 1}
	p.draw(page.V.Key("Contents"), page.Resources(), 0)
	p.write("\n\n")
}

func (p *pdfPage) write(s string) {
	if p.err == nil && s != "" {
		_, p.err = io.WriteString(p.out, s)
		p.endsBlank = s[len(s)-1] == ' ' || s[len(s)-1] == '\n'
	}
	if p.err != nil {
		panic(p.err) // ends the page; told apart by read
	}
}

// draw follows one stream of drawing.
func (p *pdfPage) draw(stream, resources pdf.Value, depth int) {
	if stream.Kind() != pdf.Stream && stream.Kind() != pdf.Array {
		return
	}
	pdf.Interpret(stream, func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		if op == "Do" && len(args) == 1 {
			p.form(resources.Key("XObject").Key(args[0].Name()), resources, depth+1)
			return
		}
		if op == "Tf" && len(args) == 2 {
			p.state.font, p.state.size = p.font(resources.Key("Font").Key(args[0].Name())), args[1].Float64()
			return
		}
		if !p.place(op, args) {
			p.show(op, args)
		}
	})
}

// form draws a drawing inside of the drawing.
func (p *pdfPage) form(form, resources pdf.Value, depth int) {
	if depth > maxForms || form.Key("Subtype").Name() != "Form" {
		return
	}
	if own := form.Key("Resources"); own.Kind() == pdf.Dict {
		resources = own
	}
	state, saved := p.state, p.saved
	if m := form.Key("Matrix"); m.Len() == 6 {
		p.state.ctm = numbers(m.Index, 6).mul(p.state.ctm)
	}
	p.saved = nil
	p.draw(form, resources, depth)
	p.state, p.saved = state, saved
}

// numbers reads a matrix.
func numbers(at func(int) pdf.Value, n int) (m matrix) {
	for i := range n {
		m[i] = at(i).Float64()
	}
	return m
}

// place does what moves the pen; false when op is none of these.
func (p *pdfPage) place(op string, args []pdf.Value) bool {
	arg := func(i int) float64 {
		if i < len(args) {
			return args[i].Float64()
		}
		return 0
	}
	switch op {
	case "q":
		if len(p.saved) < maxSaved {
			p.saved = append(p.saved, p.state)
		}
	case "Q":
		if n := len(p.saved); n > 0 {
			p.state, p.saved = p.saved[n-1], p.saved[:n-1]
		}
	case "cm":
		if len(args) == 6 {
			p.state.ctm = numbers(func(i int) pdf.Value { return args[i] }, 6).mul(p.state.ctm)
		}
	case "BT":
		p.text, p.line = identity, identity
	case "Tm":
		if len(args) == 6 {
			p.line = numbers(func(i int) pdf.Value { return args[i] }, 6)
			p.text = p.line
		}
	case "Td":
		p.nextLine(arg(0), arg(1))
	case "TD":
		p.state.leading = -arg(1)
		p.nextLine(arg(0), arg(1))
	case "T*":
		p.nextLine(0, -p.state.leading)
	case "TL":
		p.state.leading = arg(0)
	case "Tc":
		p.state.char = arg(0)
	case "Tw":
		p.state.word = arg(0)
	case "Tz":
		p.state.scale = arg(0) / 100
	case "Ts":
		p.state.rise = arg(0)
	default:
		return false
	}
	return true
}

func (p *pdfPage) nextLine(x, y float64) {
	p.line = matrix{1, 0, 0, 1, x, y}.mul(p.line)
	p.text = p.line
}

// show writes the glyphs that an operator shows.
func (p *pdfPage) show(op string, args []pdf.Value) {
	switch {
	case op == "Tj" && len(args) == 1:
		p.glyphs(args[0].RawString())
	case op == "'" && len(args) == 1:
		p.nextLine(0, -p.state.leading)
		p.glyphs(args[0].RawString())
	case op == `"` && len(args) == 3:
		p.state.word, p.state.char = args[0].Float64(), args[1].Float64()
		p.nextLine(0, -p.state.leading)
		p.glyphs(args[2].RawString())
	case op == "TJ" && len(args) == 1:
		for i := range args[0].Len() {
			if v := args[0].Index(i); v.Kind() == pdf.String {
				p.glyphs(v.RawString())
			} else {
				p.forward(-v.Float64() / 1000 * p.state.size * p.state.scale)
			}
		}
	}
}

// forward moves the pen along its line.
func (p *pdfPage) forward(by float64) { p.text = matrix{1, 0, 0, 1, by, 0}.mul(p.text) }

// What counts as a new line and as a new word, in heights of a letter.
const (
	lineStep = 0.45
	wordStep = 0.14
	backStep = 0.6
)

// glyphs writes a run of glyphs, with a blank or a line's end before it where its
// place asks for one.
func (p *pdfPage) glyphs(raw string) {
	if p.state.font == nil || raw == "" {
		return
	}
	at := p.text.mul(p.state.ctm)
	height := math.Hypot(at[2], at[3]) * math.Abs(p.state.size)
	if along := math.Hypot(at[0], at[1]); p.written && height > 0 && along > 0 {
		dx, dy := at[4]-p.x, at[5]-p.y
		forward := (dx*at[0] + dy*at[1]) / along
		across := (dy*at[0] - dx*at[1]) / along
		switch {
		case math.Abs(across) > lineStep*height:
			p.write("\n")
		case (forward > wordStep*height || forward < -backStep*height) && !p.endsBlank:
			p.write(" ")
		}
	}
	text, width, n, blanks := p.state.font.decode(raw)
	p.write(text)
	p.forward((width/1000*p.state.size + float64(n)*p.state.char + float64(blanks)*p.state.word) * p.state.scale)
	at = p.text.mul(p.state.ctm)
	p.x, p.y, p.written = at[4], at[5], true
}

// font gives a font, read once for the whole document.
func (p *pdfPage) font(v pdf.Value) *pdfFont {
	if v.Kind() != pdf.Dict {
		return nil
	}
	key := fmt.Sprint(v)
	f, known := p.fonts[key]
	if !known {
		f = newPDFFont(v)
		p.fonts[key] = f
	}
	return f
}
