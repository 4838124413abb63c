package exchange

import (
	"strings"

	"golang.org/x/text/language"
)

// language keeps what the file says as language tags and reports every other spelling.
func (r *reading) language(written string, line int, called string) string {
	tags, good := cleanLanguage(written)
	switch {
	case tags == "" && written != "":
		r.notes.add(languageUnknown, line, called+": "+written)
	case !good:
		r.notes.add(languageChanged, line, written+" → "+tags)
	}
	return tags
}

// cleanLanguage reads "en", "de, en", "de-formal", "suomi/svenska"; good tells that nothing had to be guessed or left.
func cleanLanguage(written string) (tags string, good bool) {
	good = true
	var list []string
	seen := map[string]bool{}
	for _, part := range strings.FieldsFunc(written, func(r rune) bool { return strings.ContainsRune(",;/&+", r) }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		tag, sure := languageTag(part)
		good = good && sure
		if tag == "" || seen[tag] {
			continue
		}
		seen[tag] = true
		list = append(list, tag)
	}
	return strings.Join(list, ", "), good
}

func languageTag(part string) (tag string, sure bool) {
	part = strings.ReplaceAll(part, "_", "-")
	if len(part) > 35 {
		return "", false
	}
	if t, err := language.Raw.Parse(part); err == nil {
		return t.String(), true
	}
	if named := languageNamed(strings.ToLower(part)); named != "" {
		return named, false
	}
	base, _, _ := strings.Cut(part, "-")
	if t, err := language.Raw.Parse(base); err == nil && base != part {
		return t.String(), false
	}
	return "", false
}

// languageNamed knows the languages of Nordic and European days by the names people type.
func languageNamed(name string) string {
	switch name {
	case "finnish", "suomi", "suomeksi", "finska", "finnisch":
		return "fi"
	case "swedish", "svenska", "på svenska", "ruotsi", "ruotsiksi", "schwedisch":
		return "sv"
	case "english", "englanti", "englanniksi", "engelska", "englisch":
		return "en"
	case "german", "deutsch", "saksa", "tyska":
		return "de"
	case "french", "français", "ranska", "franska":
		return "fr"
	case "estonian", "eesti", "viro", "estniska":
		return "et"
	case "norwegian", "norsk", "norja", "norska":
		return "no"
	case "danish", "dansk", "tanska", "danska":
		return "da"
	case "dutch", "nederlands", "hollanti", "nederländska":
		return "nl"
	case "spanish", "español", "espanja", "spanska":
		return "es"
	case "italian", "italiano", "italia", "italienska":
		return "it"
	case "russian", "русский", "venäjä", "ryska":
		return "ru"
	case "northern sami", "davvisámegiella", "pohjoissaame":
		return "se"
	}
	return ""
}
