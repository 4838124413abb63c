package paper

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavumathtexgyre"
	"codeberg.org/go-fonts/dejavu/dejavusansmono"
)

// extra finds a letter that only the extra font has.
func extra(t *testing.T, p *Press) string {
	t.Helper()
	c, err := readCoverage(dejavumathtexgyre.TTF)
	if err != nil {
		t.Fatal(err)
	}
	for r := rune(0x100); r < 0xFFFF; r++ {
		if _, ok := c.width(r); ok && !p.prints(r) && !invisible(r) && !unicode.Is(unicode.M, r) && p.plain(r) == "" && (r < 0xE000 || r > 0xF8FF) {
			return string(r)
		}
	}
	t.Fatal("the test needs a letter that the built-in fonts lack")
	return ""
}

func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, raw := range files {
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFolderFontsFillGaps(t *testing.T) {
	letter := extra(t, press(t))
	name := "Anna " + letter + letter
	if _, r := printBadges(t, press(t), A6(), samples([]string{name})); len(r.Remarks) == 0 || strings.Contains(r.Remarks[0].Who, letter) {
		t.Errorf("the control: without the font %q is told, not printed: %+v", letter, r)
	}
	p, problems := NewPress(folder(t, map[string][]byte{"Math.ttf": dejavumathtexgyre.TTF, "note.txt": []byte("x")}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	pdf, r := printBadges(t, p, A6(), samples([]string{name}))
	if len(r.NeedsLook()) > 0 || r.Has(0, Dropped) {
		t.Errorf("%+v", r)
	}
	if text := tool(t, pdf, "pdftotext", "-raw", "PDF", "-"); !strings.Contains(text, letter+letter) {
		t.Errorf("%q is not in %q", letter, text)
	}
}

func TestBadFontFilesAreToldNotFatal(t *testing.T) {
	otf := append([]byte("OTTO"), dejavusansmono.TTF[4:]...)
	locked := bytes.Clone(dejavusansmono.TTF)
	for i := range int(locked[5]) {
		at := 12 + 16*i
		if string(locked[at:at+4]) == "OS/2" {
			locked[(&ttf{b: locked}).u32(at+8)+9] = 2
		}
	}
	p, problems := NewPress(folder(t, map[string][]byte{
		"a.ttf": otf, "b.ttf": dejavusansmono.TTF[:20000], "c.ttf": []byte("no font"), "d.ttf": nil, "e.ttf": locked,
		"f.ttf": append(bytes.Clone(dejavusansmono.TTF[:300]), make([]byte, 400000)...),
	}))
	if len(problems) != 6 {
		t.Errorf("%d problems: %v", len(problems), problems)
	}
	if !errors.Is(errors.Join(problems...), errNoEmbedding) {
		t.Error("a font that forbids embedding is used")
	}
	if _, r := printBadges(t, p, A6(), samples(plainNames)); r.Printed != len(plainNames) {
		t.Errorf("%+v", r)
	}
	if _, problems := NewPress("/nowhere/at/all"); len(problems) != 1 {
		t.Error("a missing folder is not told")
	}
}

// A font that vanishes while the program runs takes only those badges with it that need it.
func TestOneBadBadgeNeverBreaksTheBatch(t *testing.T) {
	dir := folder(t, map[string][]byte{"Math.ttf": dejavumathtexgyre.TTF})
	p, _ := NewPress(dir)
	badges := samples([]string{"Åsa", "Eero " + extra(t, press(t)), "Liisa"})
	for _, spoil := range []func(string) error{
		func(path string) error { return os.WriteFile(path, dejavusansmono.TTF, 0o600) },
		func(path string) error { return os.WriteFile(path, []byte("gone"), 0o600) },
		os.Remove,
	} {
		if err := spoil(filepath.Join(dir, "Math.ttf")); err != nil {
			t.Fatal(err)
		}
		for _, d := range Designs() {
			pdf, r := printBadges(t, p, d, badges)
			if r.Printed != 2 || !r.Has(1, Failed) || r.Has(0, Failed) || r.Has(2, Failed) {
				t.Errorf("%+v", r)
			}
			text := tool(t, pdf, "pdftotext", "-raw", "PDF", "-")
			if !strings.Contains(text, "Åsa") || !strings.Contains(text, "Liisa") {
				t.Errorf("the others are not printed: %q", text)
			}
		}
	}
}

func TestSafelyCatchesPanics(t *testing.T) {
	if err := safely(func() error { panic("index out of range") }); err == nil || !strings.Contains(err.Error(), "index") {
		t.Error(err)
	}
	want := errors.New("plain")
	if err := safely(func() error { return want }); err != want {
		t.Error(err)
	}
}
