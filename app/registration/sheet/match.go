package sheet

import (
	"regexp"
	"slices"
	"strings"

	"agora/app/registration/form"
)

// Column is what a column of a list holds: one of those below, or the answers to
// a field of the form, which are named "answers." and the field's key.
type Column string

// The columns every list may have.
const (
	Name         Column = "name"
	FirstName    Column = "first_name"
	LastName     Column = "last_name"
	Email        Column = "email"
	Organisation Column = "organisation"
	Place        Column = "place"
	Language     Column = "language"
	Photo        Column = "photo"
	Needs        Column = "needs"
)

const answers = "answers."

// Answer is the column of a form's field.
func Answer(key string) Column { return Column(answers + key) }

// words are the headings of each column as Fold writes them, in Finnish, Swedish
// and English, first those that Agora's own lists use.
var words = map[Column][]string{
	Name: {"nimi", "namn", "name", "koko nimi", "etu ja sukunimi", "etunimi ja sukunimi", "osallistuja", "osallistujan nimi", "henkilo", "ilmoittautuja",
		"fullstandigt namn", "for och efternamn", "deltagare", "deltagarens namn", "full name", "attendee", "attendee name", "participant", "participant name", "your name", "nimesi", "ditt namn"},
	FirstName: {"etunimi", "fornamn", "first name", "etunimet", "kutsumanimi", "tilltalsnamn", "given name", "given names", "forename", "firstname", "attendee first name"},
	LastName:  {"sukunimi", "efternamn", "last name", "slaktnamn", "surname", "family name", "lastname", "attendee last name"},
	Email: {"sahkoposti", "e post", "e mail", "email", "sahkopostiosoite", "sahkopostisi", "sposti", "s posti", "meili", "epost", "e postadress", "epostadress", "mejl", "mejladress", "mailadress",
		"mail", "mail address", "email address", "e mail address", "attendee email", "your email", "din e post"},
	Organisation: {"organisaatio", "organisation", "organisation", "yritys", "tyonantaja", "yhteiso", "yhdistys", "yritys tai yhteiso", "yritys organisaatio", "organisaatio yritys", "tyopaikka", "taustaorganisaatio",
		"foretag", "arbetsgivare", "forening", "foretag organisation", "organization", "company", "employer", "affiliation", "company organisation", "company organization", "company name", "yrityksen nimi"},
	Place: {"paikka", "plats", "place", "osallistumistapa", "osallistun", "paikan paalla vai etana", "lasnaolo", "deltagande", "deltar", "deltagandesatt", "pa plats eller pa distans",
		"attendance", "participation", "on site or remote", "onsite or remote", "mode"},
	Language: {"kieli", "sprak", "language", "asiointikieli", "viestintakieli", "kontaktsprak", "preferred language", "lang", "locale"},
	Photo: {"valokuvat", "fotografering", "photos", "photo", "kuvauslupa", "valokuvaus", "saako kuvata", "kuva", "fotolov", "fototillstand", "foto", "far du fotograferas",
		"photo consent", "photographs", "photography", "may you be photographed"},
	Needs: {"ruokavalio ja esteettomyys", "kost och tillganglighet", "diet and access", "needs", "ruokavalio", "erityisruokavalio", "ruokarajoitteet", "allergiat", "esteettomyys", "erityistarpeet",
		"kost", "specialkost", "allergier", "matallergier", "tillganglighet", "diet", "dietary needs", "dietary requirements", "allergies", "accessibility", "special needs", "access needs"},
}

// ownWords is how many of the words stand in Agora's own lists.
const ownWords = 3

// aside is what headings say besides their name: (pakollinen), *, [kysymys 3].
var aside = regexp.MustCompile(`[(\[][^)\]]*[)\]]`)

func folded(heading string) string {
	if s := form.Fold(aside.ReplaceAllString(heading, " ")); s != "" {
		return s
	}
	return form.Fold(heading)
}

// alias gives the column a heading means, or "".
func alias(heading string) Column {
	s := folded(heading)
	for column, known := range words {
		if slices.Contains(known, s) {
			return column
		}
	}
	return ""
}

// Match finds the columns of a list by their headings: Agora's own first, then
// the form's fields by label in any language or by key, then other words for the
// same. Of two headings with one meaning the first counts. Columns are counted
// from 0.
func Match(header []string, f form.Form) map[Column]int {
	found, used := map[Column]int{}, map[int]bool{}
	find := func(meaning func(heading string) Column) {
		for i, h := range header {
			if used[i] || h == "" {
				continue
			}
			column := meaning(h)
			if _, twice := found[column]; column != "" && !twice {
				found[column], used[i] = i, true
			}
		}
	}
	find(own)
	find(func(heading string) Column { return fieldOf(heading, f) })
	find(alias)
	return found
}

// own gives the column of a heading that Agora itself writes.
func own(heading string) Column {
	s := form.Fold(heading)
	for column, known := range words {
		if slices.Contains(known[:ownWords], s) {
			return column
		}
	}
	return ""
}

func fieldOf(heading string, f form.Form) Column {
	for _, field := range f.Fields {
		if strings.EqualFold(strings.TrimPrefix(heading, answers), field.Key) {
			return Answer(field.Key)
		}
	}
	whole, short := form.Fold(heading), folded(heading)
	for _, field := range f.Fields {
		for _, label := range field.Label {
			// A label without any letter or digit is like no other.
			if l := form.Fold(label); l != "" && (l == whole || l == short || folded(label) == short) {
				return Answer(field.Key)
			}
		}
	}
	return ""
}

// Unmatched are the headings that no column was found for, to be told before
// their cells are left out.
func Unmatched(header []string, found map[Column]int) (left []string) {
	used := map[int]bool{}
	for _, i := range found {
		used[i] = true
	}
	for i, h := range header {
		if h != "" && !used[i] {
			left = append(left, h)
		}
	}
	return left
}
