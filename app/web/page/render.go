package page

import (
	"errors"
	"html/template"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"agora/app/text"
	"agora/templates"
)

// loadPages parses all languages side by side.
func loadPages(words *text.Catalogue) (map[text.Lang]*templates.Set, error) {
	sets := make([]*templates.Set, len(text.Langs))
	errs := make([]error, len(text.Langs))
	var all sync.WaitGroup
	for i, l := range text.Langs {
		all.Go(func() {
			if sets[i], errs[i] = templates.NewSet(Funcs(words, l)); errs[i] == nil {
				errs[i] = sets[i].AddPages()
			}
		})
	}
	all.Wait()
	byLang := map[text.Lang]*templates.Set{}
	for i, l := range text.Langs {
		byLang[l] = sets[i]
	}
	return byLang, errors.Join(errs...)
}

// Funcs are what templates may call, bound to one language. They are pure.
func Funcs(words *text.Catalogue, l text.Lang) template.FuncMap {
	at := func(f func(text.Lang, time.Time) string) func(time.Time) string {
		return func(t time.Time) string { return f(l, t) }
	}
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return words.T(l, key, args...) },
		"date":     at(text.Date),
		"clock":    at(text.Clock),
		"at":       at(text.At),
		"datetime": at(text.DateTime),
		"days":     func(from, to time.Time) string { return text.Days(l, from, to) },
		"num":      func(n any) string { return text.Show(l, n) },
		"iso":      func(t time.Time) string { return t.Format(time.RFC3339) },
		"markdown": text.Prose,
		"lang":     func() string { return string(l) },
	}
}

// Render sends a page that is made for this visitor alone.
func (v *Visit) Render(name, title string, p any) error {
	body, err := v.draw(name, title, p)
	if err != nil {
		return err
	}
	if len(v.C.Response().Header.Peek(fiber.HeaderCacheControl)) == 0 {
		v.C.Set(fiber.HeaderCacheControl, "no-store")
	}
	v.C.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return v.C.Send(body)
}

// draw makes a page whole in memory.
func (v *Visit) draw(name, title string, p any) ([]byte, error) {
	f := v.frame(title)
	if shaped, ok := p.(interface{ Shape(*Frame) }); ok {
		shaped.Shape(&f)
	}
	return v.Site.Sets[v.Lang].Draw(name, f, p)
}
