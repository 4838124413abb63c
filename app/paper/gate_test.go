package paper

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/jung-kurt/gofpdf"
	"golang.org/x/text/unicode/norm"
)

func TestOddNamesPrintOrAreTold(t *testing.T) {
	p := press(t)
	for _, name := range oddNames(1000) {
		clean, notes := p.pass(name)
		if !utf8.ValidString(clean) {
			t.Fatalf("%q: invalid UTF-8 came through", name)
		}
		asIs := strings.Join(strings.Fields(norm.NFC.String(name)), " ")
		if clean != asIs && len(notes) == 0 {
			t.Errorf("%q became %q and nobody is told", name, clean)
		}
		for _, r := range clean {
			if r > 0xFFFF || r != zwj && r != zwnj && !p.prints(r) {
				t.Errorf("%q: %U came through", name, r)
			}
		}
		for _, chain := range []chain{p.bold, p.narrow} {
			for _, run := range p.set(clean, chain).runs {
				for _, r := range run.text {
					if _, ok := run.face.cover().width(r); !ok {
						t.Errorf("%q: %U would be blank in %s", name, r, run.face.family)
					}
				}
			}
		}
	}
}

func TestGate(t *testing.T) {
	p := press(t)
	for _, c := range []struct {
		in, want string
		kinds    []Kind
	}{
		{"Åsa Öhman", "Åsa Öhman", nil},
		{"Ġorġ Żammit", "Ġorġ Żammit", nil},
		{"A\u030Asa", "Åsa", nil},
		{"  Anna \t\n Maria ", "Anna Maria", nil},
		{"Anna 👩\u200d🚀 Laine", "Anna Laine", []Kind{Dropped}},
		{"Aino🇫🇮", "Aino", []Kind{Dropped}},
		{"Eero ❤\ufe0f", "Eero", []Kind{Dropped}},
		{"Eero ♥", "Eero ♥", nil},
		{"A\u200bn\u202ena\x00", "Anna", []Kind{Cleaned}},
		{"𝓐nna", "Anna", []Kind{Cleaned}},
		{"Pe\xffkka", "Pe\uFFFDkka", []Kind{Repaired}},
		{"李明", "", []Kind{Missing}},
		{"Anna 李明", "Anna", []Kind{Missing}},
		{"An李a", "An□a", []Kind{Missing}},
		{"कुमार", "", []Kind{Missing}},
		{"שלום", "שלום", []Kind{Direction}},
		{"😀", "", []Kind{Dropped}},
		{"", "", nil},
	} {
		got, notes := p.pass(c.in)
		var kinds []Kind
		for _, n := range notes {
			kinds = append(kinds, n.kind)
		}
		if got != c.want || !slices.Equal(kinds, c.kinds) {
			t.Errorf("%q: got %q %v, want %q %v", c.in, got, kinds, c.want, c.kinds)
		}
	}
}

// Each protection has its reason: without the gate, gofpdf itself fails like this.
func TestRawGofpdfNeedsTheGate(t *testing.T) {
	raw := func(text string) (*gofpdf.Fpdf, []byte, error) {
		var b bytes.Buffer
		pdf := gofpdf.New("P", "pt", "A6", "")
		err := safely(func() error {
			pdf.AddUTF8FontFromBytes("dv", "", bytes.Clone(dejavusans.TTF))
			pdf.AddPage()
			pdf.SetFont("dv", "", 20)
			pdf.Text(20, 40, text)
			return pdf.Output(&b)
		})
		return pdf, b.Bytes(), err
	}
	if _, _, err := raw("Anna 😀"); err == nil {
		t.Error("an emoji no longer breaks gofpdf: the gate may be relaxed")
	}
	if _, _, err := raw("Anna \xe2"); err == nil {
		t.Error("invalid UTF-8 no longer breaks gofpdf: the gate may be relaxed")
	}
	if _, b, err := raw("李明"); err != nil || len(b) == 0 {
		t.Errorf("a missing glyph is told by gofpdf now (%v): the gate may be relaxed", err)
	}
	if _, ok := press(t).sans.faces[0].cover().width('李'); ok {
		t.Error("the control needs a letter that DejaVu lacks")
	}
	p := press(t)
	for _, bad := range []string{"Anna 😀", "Anna \xe2", "李明"} {
		if r, err := p.Badges(t.Context(), new(bytes.Buffer), A6(), samples([]string{bad}), BadgeOptions{}); err != nil || len(r.Remarks) == 0 {
			t.Errorf("%q: %v, %v", bad, err, r)
		}
	}
}

// gofpdf pads tables in place when it sums them up: shared font bytes would be written by two documents at once.
func TestGofpdfWritesIntoFontBytes(t *testing.T) {
	raw := bytes.Clone(dejavusans.TTF)
	pad := -1
	for i := range int(raw[4])<<8 | int(raw[5]) {
		at := 12 + 16*i
		r := &ttf{b: raw}
		if name := string(raw[at : at+4]); name == "name" || name == "cvt " || name == "prep" || name == "fpgm" {
			if size := r.u32(at + 12); size%4 != 0 {
				pad = r.u32(at+8) + size
			}
		}
	}
	if pad < 0 {
		t.Fatal("the control needs a table of odd length")
	}
	raw[pad] = 0xAA
	gofpdf.UTF8CutFont(raw, "a")
	if raw[pad] == 0xAA {
		t.Error("gofpdf leaves font bytes alone now: the copies may go")
	}
	f := press(t).sans.faces[0]
	a, _ := f.load()
	a[0] = 0xFF
	if b, _ := f.load(); b[0] == 0xFF {
		t.Error("two documents share font bytes")
	}
}

// The gate holds only if nothing goes round it: one file hands text to gofpdf.
func TestOnlyTheSheetTouchesText(t *testing.T) {
	others := []string{"audit.Write(", "w.Write("} // the log, and bytes of finished pages
	calls := regexp.MustCompile(`\w*\.(Text|Cell|CellFormat|MultiCell|Write|Writef|WriteAligned|SetTitle|SetAuthor|SetSubject|SetKeywords|HTMLBasicNew|Bookmark)\(`)
	files, _ := filepath.Glob("*.go")
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || name == "sheet.go" || name == "fonts.go" {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range calls.FindAllSubmatch(src, -1) {
			if !slices.Contains(others, string(m[0])) {
				t.Errorf("%s calls gofpdf's %s past the gate", name, m[0])
			}
		}
	}
}

func TestBuiltInFontsAreRead(t *testing.T) {
	for i, raw := range [][]byte{dejavusans.TTF, dejavusansbold.TTF, dejavusanscondensed.TTF, dejavusanscondensedbold.TTF} {
		c, err := readCoverage(raw)
		if err != nil {
			t.Fatal(i, err)
		}
		pdf := gofpdf.New("P", "pt", "A6", "")
		pdf.AddUTF8FontFromBytes("f", "", bytes.Clone(raw))
		pdf.SetFont("f", "", 1)
		for _, r := range "AÅĠżŁÑőﺏא☃Ậ \u00A0" {
			if w, ok := c.width(r); !ok || w != pdf.GetStringSymbolWidth(string(r)) {
				t.Errorf("font %d: %c is %d wide, gofpdf says %d", i, r, w, pdf.GetStringSymbolWidth(string(r)))
			}
		}
		for cut := 0; cut < len(raw); cut += 4099 {
			readCoverage(raw[:cut]) // must not panic
		}
	}
}
