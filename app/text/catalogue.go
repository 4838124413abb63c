package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"
)

//go:embed catalogue
var files embed.FS

// message is one entry: a sentence, or one sentence per plural form.
type message struct {
	// Zero is for where "0 people" would be a poor sentence; it may be left out.
	Zero  string `json:"zero"`
	One   string `json:"one"`
	Other string `json:"other"`
	// plural says that the form is chosen by the argument n.
	plural bool
}

func (m *message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.Other)
	}
	type forms message
	m.plural = true
	return json.Unmarshal(b, (*forms)(m))
}

// Catalogue holds every message in every language. It never changes after Load,
// so any number of goroutines may read it.
type Catalogue struct {
	messages map[Lang]map[string]message
}

// Load reads the embedded catalogues. A key that stands in two files of one
// language is an error: nobody could tell which one counts.
func Load() (*Catalogue, error) {
	c := &Catalogue{messages: map[Lang]map[string]message{}}
	for _, l := range Langs {
		c.messages[l] = map[string]message{}
		paths, err := fs.Glob(files, path.Join("catalogue", string(l), "*.json"))
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			if err := c.read(l, p); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (c *Catalogue) read(l Lang, p string) error {
	b, err := files.ReadFile(p)
	if err != nil {
		return err
	}
	var entries map[string]message
	if err := json.Unmarshal(b, &entries); err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	for key, m := range entries {
		if _, twice := c.messages[l][key]; twice {
			return fmt.Errorf("%s: %q stands in another file too", p, key)
		}
		c.messages[l][key] = m
	}
	return nil
}

// T gives the message in the language. args are name/value pairs that fill
// {name}; the one named n chooses the plural form and is written with the
// language's digits grouping. A key nobody wrote comes back in ⟦ ⟧, so that it
// is seen, and tests look for the marks.
func (c *Catalogue) T(l Lang, key string, args ...any) string {
	m, ok := c.messages[l][key]
	if !ok {
		return "⟦" + key + "⟧"
	}
	s := m.Other
	switch {
	case m.plural && counts(args, 1):
		s = m.One
	case m.Zero != "" && counts(args, 0):
		s = m.Zero
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", Show(l, args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Has reports whether the language has the key.
func (c *Catalogue) Has(l Lang, key string) bool {
	_, ok := c.messages[l][key]
	return ok
}

// Keys lists every key of a language in order.
func (c *Catalogue) Keys(l Lang) []string {
	keys := make([]string, 0, len(c.messages[l]))
	for k := range c.messages[l] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// counts tells whether the argument n is the number. Finnish, Swedish and English
// share the rule of CLDR for whole numbers: exactly 1 is "one", everything else
// "other".
func counts(args []any, number int) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			return fmt.Sprint(args[i+1]) == strconv.Itoa(number)
		}
	}
	return false
}

// Spoken is an argument that is put differently in each language, such as an
// organiser's title.
type Spoken interface{ Say(l Lang) string }

// Show writes an argument as the language does: whole numbers grouped, what is
// spoken in its words, the rest as it is.
func Show(l Lang, v any) string {
	switch n := v.(type) {
	case int:
		return Number(l, int64(n))
	case int64:
		return Number(l, n)
	case string:
		return n
	case Spoken:
		return n.Say(l)
	}
	return fmt.Sprint(v)
}
