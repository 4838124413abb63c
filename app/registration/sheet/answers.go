package sheet

import (
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/registration/form"
)

// mostCommas bounds how many commas are looked for in one option's label.
const mostCommas = 6

// answers reads the form's own columns and has the form check them.
func (r *reading) answers(f form.Form) form.Answers {
	given := form.Answers{}
	for _, field := range f.Fields {
		cell := r.cell(Answer(field.Key))
		if strings.TrimSpace(cell) == "" {
			continue
		}
		given[field.Key] = meant(field, r.choices[field.Key], cell)
	}
	kept, err := f.CheckSome(given)
	if e, ok := fail.As(err); ok {
		// In the form's order, for the report to be the same every time.
		for _, field := range f.Fields {
			for _, p := range e.Fields[answers+field.Key] {
				r.wrong(Answer(field.Key), p.Key, p.Args...)
			}
		}
	}
	return kept
}

// meant turns the words of a cell into what Check reads.
func meant(field form.Field, c choices, cell string) any {
	switch field.Kind {
	case form.YesNo:
		switch said := form.Fold(cell); {
		case slices.Contains(yeses, said):
			return true
		case slices.Contains(noes, said):
			return false
		}
	case form.Choice:
		if key, ok := c.find(cell); ok {
			return key
		}
	case form.Several:
		return c.several(cell)
	case form.Number:
		whole, fraction, _ := strings.Cut(strings.TrimSpace(cell), ".")
		if strings.Trim(fraction, "0") == "" {
			return whole // spreadsheets write 3.0
		}
	}
	return cell
}

// choices are the options of one field by every way they are written: key, label
// in any language, label folded.
type choices map[string]string

func choicesOf(field form.Field) choices {
	c := choices{}
	add := func(words, key string) {
		if _, taken := c[words]; !taken && words != "" {
			c[words] = key
		}
	}
	for _, o := range field.Options {
		add(o.Key, o.Key)
	}
	for _, o := range field.Options {
		for _, label := range o.Label {
			add(strings.ToLower(label), o.Key)
		}
	}
	for _, o := range field.Options {
		for _, label := range o.Label {
			add(form.Fold(label), o.Key)
		}
	}
	return c
}

func (c choices) find(said string) (key string, ok bool) {
	said = strings.TrimSpace(said)
	for _, way := range []string{said, strings.ToLower(said), form.Fold(said)} {
		if key, ok := c[way]; ok {
			return key, true
		}
	}
	return "", false
}

// several parts a cell at line ends and semicolons, as Agora writes it, and
// what is no option then at commas: a label may hold one.
func (c choices) several(cell string) (keys []string) {
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		if key, ok := c.find(part); ok {
			keys = append(keys, key)
			continue
		}
		keys = append(keys, c.amongCommas(strings.Split(part, ","))...)
	}
	return keys
}

// amongCommas takes as many of the words as make an option, then goes on behind.
func (c choices) amongCommas(words []string) (keys []string) {
	for len(words) > 0 && len(keys) <= form.MaxOptions {
		taken, key := 1, strings.TrimSpace(words[0]) // Check tells what is none
		for n := min(len(words), mostCommas); n > 0; n-- {
			if option, ok := c.find(strings.Join(words[:n], ",")); ok {
				taken, key = n, option
				break
			}
		}
		keys = append(keys, key)
		words = words[taken:]
	}
	return keys
}
