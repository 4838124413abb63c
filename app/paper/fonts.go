package paper

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensed"
	"codeberg.org/go-fonts/dejavu/dejavusanscondensedbold"
	"github.com/jung-kurt/gofpdf"
)

// Limits of a font folder: they protect memory at start, since every font found there is read once.
const (
	maxFontFiles = 64
	maxFontBytes = 32 << 20
)

// face is one font. Fonts of the binary are read when first needed; those of a folder once at start, and again
// from disk for each document that uses them, so that an idle server does not hold Noto in memory.
type face struct {
	family string // its name inside the document
	bold   bool
	cover  func() *coverage
	load   func() ([]byte, error) // a copy of its own for each caller: gofpdf writes into font bytes
	slim   func() []byte          // the everyday scripts only, nil when there is no such cut
}

// Press prints. It holds the fonts and nothing else, and may be used from many goroutines at once.
type Press struct{ sans, bold, narrow, narrowBold chain }

// chain is the order in which fonts are asked for a letter, and the space added after each letter of everyday
// scripts, in thousandths: DejaVu's bold is drawn for screens and stands too loose in large sizes.
type chain struct {
	faces []*face
	track int
}

// everyday is what nearly every name here is written in. gofpdf parses a font for each document; parsing a cut of
// these 1,400 characters instead of the whole font is what keeps a single badge in its budget.
var everyday = [][2]rune{{0x20, 0x7E}, {0xA0, 0x24F}, {0x370, 0x3FF}, {0x400, 0x52F}, {0x1E00, 0x1EFF}, {0x2010, 0x2027}, {0x20AC, 0x20AC}, {0x300, 0x336}}

func isEveryday(s string) bool {
	for _, r := range s {
		if r > 0x7E && !slices.ContainsFunc(everyday, func(e [2]rune) bool { return r >= e[0] && r <= e[1] }) {
			return false
		}
	}
	return true
}

// NewPress opens the fonts that come with the program and those of a folder (may be ""). A font file that cannot be
// used is no reason not to start: it comes back as a problem, in words for the log.
func NewPress(folder string) (*Press, []error) {
	sans, bold := built("dv", false, dejavusans.TTF), built("dvb", true, dejavusansbold.TTF)
	narrow, narrowBold := built("dvc", false, dejavusanscondensed.TTF), built("dvcb", true, dejavusanscondensedbold.TTF)
	found, problems := readFolder(folder)
	light, heavy := []*face{}, []*face{}
	for _, f := range found {
		if f.bold {
			heavy = append(heavy, f)
		} else {
			light = append(light, f)
		}
	}
	regular := append(slices.Clone(light), heavy...)
	strong := append(slices.Clone(heavy), light...)
	// Each chain holds every font, so a letter is missing only if no font at all has it.
	return &Press{
		sans:       chain{append([]*face{sans, bold}, regular...), 0},
		bold:       chain{append([]*face{bold, sans}, strong...), -22},
		narrow:     chain{append([]*face{narrow, sans, bold}, regular...), 0},
		narrowBold: chain{append([]*face{narrowBold, bold, sans}, strong...), -10},
	}, problems
}

func built(family string, bold bool, raw []byte) *face {
	return &face{
		family: family,
		bold:   bold,
		cover: sync.OnceValue(func() *coverage {
			c, err := readCoverage(raw)
			if err != nil {
				return &coverage{} // a test reads every built-in font, so this is never shipped
			}
			return c
		}),
		load: func() ([]byte, error) { return bytes.Clone(raw), nil },
		slim: sync.OnceValue(func() []byte { return cutEveryday(bytes.Clone(raw)) }),
	}
}

func cutEveryday(raw []byte) []byte {
	var set strings.Builder
	for _, e := range everyday {
		for r := e[0]; r <= e[1]; r++ {
			set.WriteRune(r)
		}
	}
	return gofpdf.UTF8CutFont(raw, set.String())
}

func readFolder(folder string) (faces []*face, problems []error) {
	if folder == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(folder) // sorted by name, so the order of fallback is stable
	if err != nil {
		return nil, []error{fmt.Errorf("paper: font folder: %w", err)}
	}
	for _, e := range entries {
		if e.IsDir() || !strings.EqualFold(filepath.Ext(e.Name()), ".ttf") {
			continue
		}
		if len(faces) == maxFontFiles {
			return faces, append(problems, fmt.Errorf("paper: more than %d fonts in %s; the rest is not used", maxFontFiles, folder))
		}
		f, err := readFile(filepath.Join(folder, e.Name()), len(faces))
		if err != nil {
			problems = append(problems, fmt.Errorf("paper: font %s %w", e.Name(), err))
			continue
		}
		faces = append(faces, f)
	}
	return faces, problems
}

func readFile(path string, n int) (*face, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFontBytes {
		return nil, fmt.Errorf("is larger than %d MB", maxFontBytes>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	cover, err := readCoverage(raw)
	if err != nil {
		return nil, err
	}
	sum := crc32.ChecksumIEEE(raw)
	f := &face{
		family: "folder" + strconv.Itoa(n),
		bold:   strings.Contains(strings.ToLower(filepath.Base(path)), "bold"),
		cover:  func() *coverage { return cover },
		slim:   func() []byte { return nil },
	}
	// A file replaced since start no longer matches its coverage; refusing it beats printing the wrong letters.
	f.load = func() ([]byte, error) {
		b, err := os.ReadFile(path)
		if err == nil && crc32.ChecksumIEEE(b) != sum {
			err = errors.New("has changed since the start")
		}
		if err != nil {
			return nil, fmt.Errorf("paper: font %s: %w", filepath.Base(path), err)
		}
		return b, nil
	}
	return f, tryFont(raw, cover)
}

// tryFont makes gofpdf print one letter of the font, because it panics on tables it does not understand and would
// otherwise do so in the middle of somebody's batch.
func tryFont(raw []byte, cover *coverage) error {
	letter := rune(0)
	for r := rune(0x21); r < 0xFFFF && letter == 0; r++ {
		if _, ok := cover.width(r); ok {
			letter = r
		}
	}
	if letter == 0 {
		return errNoUnicode
	}
	return safely(func() error {
		pdf := gofpdf.New("P", "pt", "A6", "")
		pdf.AddUTF8FontFromBytes("try", "", bytes.Clone(raw))
		pdf.AddPage()
		pdf.SetFont("try", "", 12)
		pdf.Text(20, 20, string(letter))
		return pdf.Output(new(bytes.Buffer))
	})
}

// safely turns a panic of the PDF library into an error.
func safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("paper: the PDF library gave up: %v", p)
		}
	}()
	return do()
}
