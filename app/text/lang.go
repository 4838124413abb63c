// Package text is everything about languages: the catalogues of messages, how
// dates and numbers are written, and the texts organisers give per language.
package text

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Lang is one of the program's own languages.
type Lang string

// The languages the program speaks, first the one it falls back to.
const (
	Finnish Lang = "fi"
	Swedish Lang = "sv"
	English Lang = "en"
)

// Langs lists them in the order they are offered.
var Langs = [...]Lang{Finnish, Swedish, English}

// Name is what the language calls itself.
func (l Lang) Name() string {
	switch l {
	case Swedish:
		return "svenska"
	case English:
		return "English"
	}
	return "suomi"
}

// ParseLang recognises a language's code.
func ParseLang(code string) (Lang, bool) {
	for _, l := range Langs {
		if string(l) == code {
			return l, true
		}
	}
	return "", false
}

// Negotiate picks a language for an Accept-Language header. Without any match
// the first of offered is taken, or Finnish when nothing is offered.
func Negotiate(header string, offered ...Lang) Lang {
	if len(offered) == 0 {
		offered = Langs[:]
	}
	tags := make([]language.Tag, len(offered))
	for i, l := range offered {
		tags[i] = language.Make(string(l))
	}
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(wanted) == 0 {
		return offered[0]
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return offered[0]
	}
	return offered[i]
}

// Texts is one text of an organiser in one or more languages. In the database
// it is a JSON object.
type Texts map[Lang]string

// One is a text in a single language.
func One(l Lang, s string) Texts { return Texts{l: s} }

// In gives the text in the language, else in the first of order that has one,
// else in any; and the language it is in, for the lang attribute.
func (t Texts) In(l Lang, order ...Lang) (string, Lang) {
	if s := t[l]; s != "" {
		return s, l
	}
	for _, o := range order {
		if s := t[o]; s != "" {
			return s, o
		}
	}
	for _, o := range Langs {
		if s := t[o]; s != "" {
			return s, o
		}
	}
	return "", l
}

// String gives the text in the first language that has it.
func (t Texts) String() string {
	s, _ := t.In(Finnish)
	return s
}

// Empty reports whether there is no text in any language.
func (t Texts) Empty() bool { return t.String() == "" }

// Value stores the text as JSON.
func (t Texts) Value() (driver.Value, error) {
	kept := map[Lang]string{}
	for l, s := range t {
		if s != "" {
			kept[l] = s
		}
	}
	b, err := json.Marshal(kept)
	return string(b), err
}

// Scan reads what Value stored.
func (t *Texts) Scan(src any) error {
	*t = Texts{}
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), (*map[Lang]string)(t))
	case []byte:
		return json.Unmarshal(v, (*map[Lang]string)(t))
	}
	return fmt.Errorf("texts: cannot read %T", src)
}

// Clean trims a text somebody typed and refuses what no database column may
// hold: invalid UTF-8 and NUL. Line ends become \n.
func Clean(s string) (string, bool) {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return "", false
	}
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), true
}
