package templates_test

import (
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rsc.io/qr"

	"agora/app/text"
	"agora/static"
	"agora/templates"
)

type link struct {
	Href, Text string
	Current    bool
}

type lang struct {
	Lang, Name, Href string
	Current          bool
}

type series struct {
	Name, Href string
	Mark       template.HTML
}

type me struct{ Name, Initials, Href string }

type flash struct{ Kind, Text string }

// frame has the fields that app/web/page's Frame has; the templates see nothing else.
type frame struct {
	Lang, Title, Description, Static, Theme, SignInHref, SearchHref, SearchIn, Path, FooterText, Manifest, AppIcon string
	Series                                                                                                         *series
	Nav, Desk                                                                                                      []link
	Langs                                                                                                          []lang
	Person                                                                                                         *me
	Flash                                                                                                          *flash
	Notice                                                                                                         *struct{}
	Bare, Wide, Noindex                                                                                            bool
	Scripts                                                                                                        []string
}

// galleryPages are the sample pages of testdata/gallery, each with its kind of frame.
var galleryPages = map[string]frame{
	"edition": {Scripts: []string{"countdown"}}, "program": {Wide: true}, "form": {}, "live": {}, "rooms": {}, "moderator": {Wide: true}, "ticket": {},
	"desk":  {Desk: []link{{"#1", "Tilanne", true}, {"#2", "Ilmoittautuneet", false}, {"#3", "Ohjelma", false}, {"#4", "Puhujat", false}, {"#5", "Live", false}, {"#6", "Ovi", false}, {"#7", "Tulosteet", false}, {"#8", "Viestit", false}}},
	"stage": {Bare: true}, "screen": {Bare: true}, "door": {Bare: true},
}

func TestGalleryRendersInEveryLanguage(t *testing.T) {
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range text.Langs {
		for name, f := range galleryPages {
			checkMarkup(t, string(l)+"/"+name, renderGallery(t, words, l, name, f))
		}
	}
}

// TestGalleryToFolder writes the sample pages to AGORA_GALLERY for looking at them.
func TestGalleryToFolder(t *testing.T) {
	dir := os.Getenv("AGORA_GALLERY")
	if dir == "" {
		dir = t.TempDir()
	}
	words, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range galleryPages {
		write(t, filepath.Join(dir, name+".html"), []byte(renderGallery(t, words, "fi", name, f)))
	}
	theme, err := os.ReadFile("testdata/gallery/theme.css")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "theme.css"), append(theme, templates.GridSheet(12, 60)...))
	err = fs.WalkDir(static.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(static.FS, path)
		write(t, filepath.Join(dir, "static", path), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func renderGallery(t *testing.T, words *text.Catalogue, l text.Lang, name string, f frame) string {
	t.Helper()
	return renderSample(t, words, l, name, f, samples(t))
}

func galleryFrame(f frame, l text.Lang, name string) frame {
	f.Lang, f.Title, f.Static, f.Theme = string(l), "CMADFI 2027 · "+name, "static", "theme.css"
	f.Series = &series{Name: "CMADFI", Href: "#", Mark: templates.Mark()}
	f.Nav = []link{{"#", "Tapahtuma", true}, {"#", "Ohjelma", false}, {"#", "Materiaalit", false}, {"#", "Live", false}}
	f.Langs = []lang{{"fi", "Suomi", "?lang=fi", l == "fi"}, {"sv", "Svenska", "?lang=sv", l == "sv"}, {"en", "English", "?lang=en", l == "en"}}
	if f.Desk == nil {
		f.SignInHref, f.SearchHref = "/sign-in", "/search"
		return f
	}
	f.Person = &me{"Åsa Öhman", "ÅÖ", "/me"}
	f.Flash = &flash{"success", "Ohjelman versio 2 on julkaistu."}
	return f
}

func gallerySet(t *testing.T, words *text.Catalogue, l text.Lang, name string) *templates.Set {
	t.Helper()
	set, err := templates.NewSet(template.FuncMap{
		"t": func(key string, args ...any) string { return words.T(l, key, args...) },
	})
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("testdata/gallery/" + name + ".html")
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Add(name, name, string(source)); err != nil {
		t.Fatal(err)
	}
	return set
}

var (
	idPattern    = regexp.MustCompile(` id="([^"]*)"`)
	refPattern   = regexp.MustCompile(` (?:for|aria-describedby|aria-labelledby)="([^"]*)"`)
	inlineScript = regexp.MustCompile(`<script>|<style| style="| on[a-z]+="`)
)

// checkMarkup holds what every page must: nothing inline, ids once and only real ones
// referred to, every word in the catalogue, one h1.
func checkMarkup(t *testing.T, name, html string) {
	t.Helper()
	if found := inlineScript.FindString(html); found != "" {
		t.Errorf("%s: inline %q", name, found)
	}
	if strings.Contains(html, "⟦") || strings.Contains(html, "ZgotmplZ") || strings.Contains(html, "<no value>") {
		t.Errorf("%s: a word or value is missing", name)
	}
	if n := strings.Count(html, "<h1"); n != 1 {
		t.Errorf("%s: %d h1", name, n)
	}
	ids := map[string]bool{}
	for _, m := range idPattern.FindAllStringSubmatch(html, -1) {
		if ids[m[1]] {
			t.Errorf("%s: id %q twice", name, m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range refPattern.FindAllStringSubmatch(html, -1) {
		for id := range strings.FieldsSeq(m[1]) {
			if !ids[id] {
				t.Errorf("%s: refers to missing id %q", name, id)
			}
		}
	}
}

func sampleCode(t *testing.T) template.HTML {
	code, err := qr.Encode("K7M4-PQ2X sample", qr.M)
	if err != nil {
		t.Fatal(err)
	}
	var d strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				d.WriteString("M" + itoa(x) + " " + itoa(y) + "h1v1h-1z")
			}
		}
	}
	n := itoa(code.Size)
	return template.HTML(`<svg viewBox="0 0 ` + n + " " + n + `" shape-rendering="crispEdges" role="img" aria-label="QR"><path d="` + d.String() + `"/></svg>`)
}
