package form

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/app/fail"
	"agora/app/text"
)

// Limits of what is answered.
const (
	MaxText   = 200           // one line that still fits a column of a list
	MaxLong   = 1000          // a paragraph; longer texts are for mail
	MaxNumber = 1_000_000_000 // exact in every spreadsheet and JSON reader
)

// Check cleans the answers and gives every problem at once, under answers.<key>.
// Answers to fields that are not shown are dropped, and such fields are not
// required; an answer nobody asked for is a problem, so that a misspelt key is
// not lost silently. What is left empty is not in the result.
func (f Form) Check(given Answers) (Answers, error) { return f.check(given, true) }

// CheckSome is Check for answers somebody else gives, such as a list an organiser
// has of people: nothing is required.
func (f Form) CheckSome(given Answers) (Answers, error) { return f.check(given, false) }

func (f Form) check(given Answers, demand bool) (Answers, error) {
	problems, kept := fail.Fields{}, Answers{}
	for key := range given {
		if f.at(key) < 0 {
			problems.Add(fieldName(key), "form.unknown")
		}
	}
	for _, field := range f.Fields {
		// Conditions look back only, so kept holds already what they need, and
		// what was dropped hides what depends on it.
		if !f.Shown(field, kept) {
			continue
		}
		answer, problem := field.clean(given[field.Key])
		switch {
		case problem != nil:
			problems.Add(fieldName(field.Key), problem.Key, problem.Args...)
		case answer != nil:
			kept[field.Key] = answer
		case field.Required && demand:
			problems.Add(fieldName(field.Key), "field.required")
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return kept, nil
}

// fieldName is where an answer's problem stands. A key comes from outside and
// may hold anything, so it is cut before it is shown to anybody.
func fieldName(key string) string {
	key = strings.ToValidUTF8(strings.ReplaceAll(key, "\x00", ""), "")
	if r := []rune(key); len(r) > maxKey {
		key = string(r[:maxKey])
	}
	return "answers." + key
}

// clean gives the answer in the one form it is stored in, or nil when nothing
// was answered.
func (f Field) clean(given any) (any, *fail.Problem) {
	switch f.Kind {
	case Text, Long:
		return f.cleanText(given)
	case Choice:
		return f.cleanChoice(given)
	case Several:
		return f.cleanSeveral(given)
	case YesNo:
		return cleanYesNo(given)
	case Number:
		return cleanNumber(given)
	}
	return nil, wrong("form.kind")
}

func wrong(key string, args ...any) *fail.Problem { return &fail.Problem{Key: key, Args: args} }

func (f Field) cleanText(given any) (any, *fail.Problem) {
	s, ok := oneString(given)
	if !ok {
		return nil, wrong("form.text")
	}
	s, ok = plain(s, f.Kind == Long)
	most := MaxText
	if f.Kind == Long {
		most = MaxLong
	}
	switch {
	case !ok:
		return nil, wrong("field.characters")
	case s == "":
		return nil, nil
	case utf8.RuneCountInString(s) > most:
		return nil, wrong("field.long", "max", most)
	}
	return s, nil
}

// plain puts typed or pasted text through text.Clean and leaves out control
// characters, which come along from other programs unseen.
func plain(s string, lines bool) (string, bool) {
	s, ok := text.Clean(s)
	if !ok {
		return "", false
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' && lines:
			return r
		case strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r):
			if lines {
				return '\n'
			}
			return ' '
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s), true
}

// oneString reads a text; a form sends it as a list of one.
func oneString(given any) (string, bool) {
	switch v := given.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case []string:
		if len(v) <= 1 {
			return strings.Join(v, ""), true
		}
	case []any:
		if len(v) == 0 {
			return "", true
		}
		if len(v) == 1 {
			return oneString(v[0])
		}
	}
	return "", false
}

func (f Field) cleanChoice(given any) (any, *fail.Problem) {
	s, ok := oneString(given)
	switch s = strings.TrimSpace(s); {
	case ok && s == "":
		return nil, nil
	case !ok || f.option(s) < 0:
		return nil, wrong("form.option_unknown")
	}
	return s, nil
}

func (f Field) cleanSeveral(given any) (any, *fail.Problem) {
	keys, ok := list(given)
	if !ok {
		return nil, wrong("form.option_unknown")
	}
	chosen := map[string]bool{}
	for _, key := range keys {
		if key = strings.TrimSpace(key); key == "" {
			continue
		}
		if f.option(key) < 0 {
			return nil, wrong("form.option_unknown")
		}
		chosen[key] = true
	}
	if len(chosen) == 0 {
		return nil, nil
	}
	// In the form's order, so that equal answers look equal.
	kept := make([]string, 0, len(chosen))
	for _, o := range f.Options {
		if chosen[o.Key] && !slices.Contains(kept, o.Key) {
			kept = append(kept, o.Key)
		}
	}
	return kept, nil
}

// list reads the ways several strings arrive: from JSON, from a form, from a
// form with one box ticked.
func list(given any) ([]string, bool) {
	switch v := given.(type) {
	case nil:
		return nil, true
	case string:
		return []string{v}, true
	case []string:
		return v, true
	case []any:
		out := make([]string, 0, len(v))
		for _, one := range v {
			s, ok := one.(string)
			if !ok {
				return nil, false
			}
			out = append(out, s)
		}
		return out, true
	}
	return nil, false
}

func cleanYesNo(given any) (any, *fail.Problem) {
	if b, ok := given.(bool); ok {
		return b, nil
	}
	s, ok := oneString(given)
	if !ok {
		return nil, wrong("form.yes_no")
	}
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return nil, nil
	case "yes", "true", "on", "1":
		return true, nil
	case "no", "false", "off", "0":
		return false, nil
	}
	return nil, wrong("form.yes_no")
}

func cleanNumber(given any) (any, *fail.Problem) {
	n, ok := number(given)
	if !ok {
		s, isText := oneString(given)
		s = digits.Replace(strings.TrimSpace(s))
		if isText && s == "" {
			return nil, nil
		}
		parsed, err := strconv.ParseInt(s, 10, 64)
		if !isText || err != nil && !errors.Is(err, strconv.ErrRange) {
			return nil, wrong("field.number")
		}
		n = parsed
	}
	if n < -MaxNumber || n > MaxNumber {
		return nil, wrong("form.number_range", "min", int64(-MaxNumber), "max", int64(MaxNumber))
	}
	return n, nil
}

// digits takes off what people and catalogues put into numbers: 1 007, −5.
var digits = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "−", "-")

// number reads a typed whole number. One that is too great for an int64 stays
// too great.
func number(given any) (int64, bool) {
	switch v := given.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case float64:
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			return 0, false
		}
		return int64(min(max(v, -2*MaxNumber), 2*MaxNumber)), true
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return number(f)
		}
	}
	return 0, false
}
