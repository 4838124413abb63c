package material

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"agora/app/fail"
	"agora/app/text"
)

const (
	maxTitle      = 200  // one line in a list
	maxURL        = 2000 // what browsers and mails carry
	maxPerSession = 50   // keeps a session's page a page
)

// Input is what is said of a piece of material.
type Input struct {
	Kind  Kind
	Title text.Texts
	URL   string
}

func (in *Input) check() error {
	f := fail.Fields{}
	if !slices.Contains(Kinds[:], in.Kind) {
		f.Add("kind", "material.kind_unknown")
	}
	kept := text.Texts{}
	for l, s := range in.Title {
		clean, ok := text.Clean(s)
		clean = strings.Join(strings.Fields(clean), " ")
		_, known := text.ParseLang(string(l))
		switch {
		case !ok || !known:
			f.Add("title", "field.characters")
		case len([]rune(clean)) > maxTitle:
			f.Add("title", "field.long", "max", maxTitle)
		case clean != "":
			kept[l] = clean
		}
	}
	in.Title = kept
	in.URL = strings.TrimSpace(in.URL)
	if key, max := problemOf(in.URL); key != "" {
		f.Add("url", key, "max", max)
	}
	return f.Err()
}

// problemOf says why an address may not stand in a page, if so.
func problemOf(address string) (key string, max int) {
	if address == "" {
		return "field.required", maxURL
	}
	if len(address) > maxURL {
		return "field.long", maxURL
	}
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "", u.Opaque != "",
		strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "material.url_web", maxURL
	case u.User != nil:
		return "material.url_secret", maxURL
	}
	return "", 0
}
