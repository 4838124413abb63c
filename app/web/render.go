package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/text"
	"agora/templates"
)

// pages holds every page's template once per language. It is built at start
// and never changes, so requests share it without a lock.
type pages struct {
	byLang map[text.Lang]map[string]*template.Template
}

// loadPages parses base and pages for all languages side by side.
func loadPages(words *text.Catalogue) (*pages, error) {
	p := &pages{byLang: map[text.Lang]map[string]*template.Template{}}
	sets := make([]map[string]*template.Template, len(text.Langs))
	errs := make([]error, len(text.Langs))
	var all sync.WaitGroup
	for i, l := range text.Langs {
		all.Go(func() { sets[i], errs[i] = parseLang(words, l) })
	}
	all.Wait()
	for i, l := range text.Langs {
		if errs[i] != nil {
			return nil, errs[i]
		}
		p.byLang[l] = sets[i]
	}
	return p, nil
}

func parseLang(words *text.Catalogue, l text.Lang) (map[string]*template.Template, error) {
	base, err := template.New("").Funcs(templates.Funcs()).Funcs(funcs(words, l)).ParseFS(templates.FS, "base/*.html")
	if err != nil {
		return nil, err
	}
	// A file whose name starts with _ holds parts that the pages of its area share.
	shared, err := fs.Glob(templates.FS, "pages/*/_*.html")
	if err != nil {
		return nil, err
	}
	if len(shared) > 0 {
		if base, err = base.ParseFS(templates.FS, shared...); err != nil {
			return nil, err
		}
	}
	set := map[string]*template.Template{}
	files, err := fs.Glob(templates.FS, "pages/*/*.html")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if strings.HasPrefix(path.Base(file), "_") {
			continue
		}
		name := strings.TrimSuffix(strings.TrimPrefix(file, "pages/"), ".html")
		one, err := base.Clone()
		if err != nil {
			return nil, err
		}
		if set[name], err = one.ParseFS(templates.FS, file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return set, nil
}

// funcs are what templates may call, bound to one language. They are pure.
func funcs(words *text.Catalogue, l text.Lang) template.FuncMap {
	at := func(f func(text.Lang, time.Time) string) func(time.Time) string {
		return func(t time.Time) string { return f(l, t) }
	}
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return words.T(l, key, args...) },
		"date":     at(text.Date),
		"longdate": at(text.LongDate),
		"clock":    at(text.Clock),
		"at":       at(text.At),
		"datetime": at(text.DateTime),
		"days":     func(from, to time.Time) string { return text.Days(l, from, to) },
		"span":     func(from, to time.Time) string { return text.Span(l, from, to) },
		"num":      func(n any) string { return text.Show(l, n) },
		"iso":      func(t time.Time) string { return t.Format(time.RFC3339) },
		"markdown": markdown,
		"initials": initials,
		"lang":     func() string { return string(l) },
	}
}

// render sends a page that is made for this visitor alone.
func (v *visit) render(name, title string, p any) error {
	body, err := v.draw(name, title, p)
	if err != nil {
		return err
	}
	if len(v.c.Response().Header.Peek(fiber.HeaderCacheControl)) == 0 {
		v.c.Set(fiber.HeaderCacheControl, "no-store")
	}
	v.c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return v.c.Send(body)
}

// draw makes a page whole in memory: an error in a template never leaves half a
// page on the screen.
func (v *visit) draw(name, title string, p any) ([]byte, error) {
	t := v.site.pages.byLang[v.lang][name]
	if t == nil {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	var b bytes.Buffer
	f := v.frame(title)
	if shaped, ok := p.(interface{ shape(*frame) }); ok {
		shaped.shape(&f)
	}
	if err := t.ExecuteTemplate(&b, "frame", map[string]any{"F": f, "P": p}); err != nil {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	return b.Bytes(), nil
}
