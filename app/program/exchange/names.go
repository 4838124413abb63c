package exchange

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlugLength keeps addresses short enough to be read out of a mail.
const maxSlugLength = 160

// plain spells a name with the letters that addresses allow, in lower case; what cannot be spelled becomes a space.
func plain(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case r == 'ß':
			b.WriteString("ss")
		case r == 'æ':
			b.WriteString("ae")
		case r == 'œ':
			b.WriteString("oe")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'đ', r == 'ð':
			b.WriteByte('d')
		case r == 'ł':
			b.WriteByte('l')
		case r == 'þ':
			b.WriteString("th")
		case r == 'ŋ':
			b.WriteByte('n')
		case r == 'ŧ':
			b.WriteByte('t')
		case r == 'ı':
			b.WriteByte('i')
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// slugify makes an address of a title; empty when the title has no letter we can spell.
func slugify(title string) string {
	return cutSlug(strings.Join(strings.Fields(strings.ReplaceAll(plain(title), "_", " ")), "-"))
}

func cutSlug(s string) string {
	if len(s) > maxSlugLength {
		s = s[:maxSlugLength]
		if i := strings.LastIndexByte(s, '-'); i > maxSlugLength/2 {
			s = s[:i]
		}
	}
	return strings.Trim(s, "-_")
}

// cleanSlug keeps a slug that a file or organiser gave, as far as addresses and both schemas allow.
func cleanSlug(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		if r == '-' {
			b.WriteByte('-')
			continue
		}
		b.WriteString(strings.ReplaceAll(plain(string(r)), " ", "-"))
	}
	return cutSlug(b.String())
}

// bareSlug takes the acronym and then the number off a slug: files write "democon-25-opening", addresses "opening".
// WriteXML and WriteJSON put both back.
func bareSlug(written string, acronyms []string, number string) string {
	slug := strings.ToLower(strings.TrimSpace(written))
	for _, acronym := range acronyms {
		if rest, ok := strings.CutPrefix(slug, acronym+"-"); ok && acronym != "" && rest != "" {
			slug = rest
			break
		}
	}
	digits, rest, found := strings.Cut(slug, "-")
	if found && rest != "" && number != "" && strings.TrimLeft(digits, "0") == strings.TrimLeft(number, "0") {
		return rest
	}
	return slug
}

// fullSlug is a session's slug as files carry it. The number is padded so that its part never falls short of the
// four characters that the schema asks for.
func fullSlug(acronym string, s Session) string {
	number := strconv.FormatInt(s.ID, 10)
	for len(number)+1+len(s.Slug) < 4 {
		number = "0" + number
	}
	return acronym + "-" + number + "-" + s.Slug
}

// cleanAcronym leaves letters and digits: the official JSON schema refuses "cmadfi-2027".
func cleanAcronym(written, title string, start time.Time) string {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == ' ' || r == '_' {
				return -1
			}
			return r
		}, plain(s))
	}
	acronym := letters(written)
	if acronym == "" {
		acronym = letters(title)
	}
	if len(acronym) < 4 && !start.IsZero() {
		acronym += start.Format("2006")
	}
	if len(acronym) < 4 {
		acronym += "schedule"
	}
	return acronym[:min(len(acronym), 40)]
}

// trackSlug fits both schemas: a letter first, two characters at least, no dash at the end.
func trackSlug(written, name string) string {
	slug := strings.ReplaceAll(cleanSlug(written), "_", "-")
	if slug == "" {
		slug = slugify(name)
	}
	if slug == "" || len(slug) < 2 || slug[0] < 'a' {
		slug = strings.TrimRight("track-"+slug, "-")
	}
	return slug
}

// cleanColor gives "#rrggbb" for the spellings of it that are about.
func cleanColor(written string) (string, bool) {
	s := strings.ToLower(strings.TrimSpace(written))
	if s == "" {
		return "", true
	}
	s = strings.TrimPrefix(s, "#")
	if len(s) == 3 || len(s) == 4 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	if len(s) == 8 {
		s = s[:6] // without its transparency
	}
	if _, err := hex.DecodeString(s); err != nil || len(s) != 6 {
		return "", false
	}
	return "#" + s, true
}

// cleanGUID gives the usual spelling of a UUID, false when it is none.
func cleanGUID(written string) (string, bool) {
	s := strings.ToLower(strings.TrimSpace(written))
	s = strings.Trim(strings.TrimPrefix(s, "urn:uuid:"), "{}")
	if len(s) == 36 && s[8] == '-' && s[13] == '-' && s[18] == '-' && s[23] == '-' {
		s = strings.ReplaceAll(s, "-", "")
	}
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != 16 {
		return "", false
	}
	return dashed(raw), true
}

// madeGUID derives an identity from facts, in the manner of UUID version 5: importing a file again finds the same.
func madeGUID(facts ...string) string {
	sum := sha1.Sum([]byte("agora exchange\x00" + strings.Join(facts, "\x00")))
	raw := sum[:16]
	raw[6] = raw[6]&0x0f | 0x50
	raw[8] = raw[8]&0x3f | 0x80
	return dashed(raw)
}

func dashed(raw []byte) string {
	h := hex.EncodeToString(raw)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
