package static

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestHashIsStable(t *testing.T) {
	first, err := Hash()
	if err != nil || len(first) != 16 {
		t.Fatal(first, err)
	}
	if again, _ := Hash(); again != first {
		t.Fatal("two hashes of one folder differ")
	}
}

// TestImportsExist: a stylesheet or module named by another must be in the folder.
func TestImportsExist(t *testing.T) {
	names := regexp.MustCompile(`@import url\("([^"]+)"\)`)
	sheet, err := FS.ReadFile("css/agora.css")
	if err != nil {
		t.Fatal(err)
	}
	imported := map[string]bool{"agora.css": true}
	for _, m := range names.FindAllStringSubmatch(string(sheet), -1) {
		imported[m[1]] = true
	}
	entries, err := fs.ReadDir(FS, "css")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !imported[e.Name()] {
			t.Errorf("css/%s is imported nowhere", e.Name())
		}
		delete(imported, e.Name())
	}
	for name := range imported {
		t.Errorf("css/%s is imported but missing", name)
	}
}

// TestColoursAreTokens: outside tokens.css (and paper, in print.css) no colour is written.
func TestColoursAreTokens(t *testing.T) {
	colour := regexp.MustCompile(`:[^;{}]*(#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(|oklch\()`)
	err := fs.WalkDir(FS, "css", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, "tokens.css") || strings.HasSuffix(path, "print.css") {
			return err
		}
		content, err := fs.ReadFile(FS, path)
		if found := colour.FindString(string(content)); found != "" {
			t.Errorf("%s: %s", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTokensContrast(t *testing.T) {
	content, err := FS.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]string{}
	pair := regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)
	for _, m := range pair.FindAllStringSubmatch(string(content), -1) {
		tokens[m[1]] = [2]string{m[2], m[3]}
	}
	text, control := 4.5, 3.0
	for _, c := range []struct {
		front, ground string
		least         float64
	}{
		{"ink", "paper", 7}, {"ink", "sheet", 7}, {"ink", "shade", 7}, {"ink", "live-soft", 7}, {"ink", "accent-soft", 7}, {"ink", "bad-soft", 7},
		{"ink-2", "paper", text}, {"ink-2", "sheet", text}, {"ink-2", "shade", text}, {"ink-2", "live-soft", text},
		{"accent", "paper", text}, {"accent", "sheet", text}, {"accent", "accent-soft", text}, {"accent", "shade", text}, {"accent-ink", "accent", text},
		{"live", "paper", text}, {"live", "live-soft", text}, {"live-ink", "live", text},
		{"bad", "paper", text}, {"bad", "sheet", text}, {"bad", "bad-soft", text}, {"bad-ink", "bad", text},
		{"mine", "paper", text}, {"mine", "sheet", text}, {"mine", "mine-soft", text}, {"mine-ink", "mine", text},
		{"edge", "paper", control}, {"edge", "sheet", control}, {"edge", "shade", control},
	} {
		for scheme := range 2 {
			front, ground := tokens[c.front][scheme], tokens[c.ground][scheme]
			if front == "" || ground == "" {
				t.Fatalf("%s or %s is no token", c.front, c.ground)
			}
			if got := contrast(front, ground); got < c.least {
				t.Errorf("%s on %s (scheme %d): %.2f, wanted %.1f", c.front, c.ground, scheme, got, c.least)
			}
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		v := float64(n) / 255
		if v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}
