package account

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"agora/app/db"
	"agora/app/text"
)

const (
	// maxEmail and maxLocal are the limits of SMTP (RFC 5321), in bytes.
	maxEmail = 254
	maxLocal = 64
	// maxLabel is the limit of one part of a domain (RFC 1035).
	maxLabel = 63
)

// ParseEmail gives an address the way it is stored, or the key of what is
// wrong with it. It is stricter than the mail standards: what people type has
// no quotes or comments, and a domain with an ending.
func ParseEmail(s string) (email, problem string) {
	if !utf8.ValidString(s) {
		return "", "account.email.form"
	}
	s = normalise(s)
	local, domain, found := strings.Cut(s, "@")
	switch {
	case s == "":
		return "", "account.email.missing"
	case strings.ContainsFunc(s, unseen):
		return "", "account.email.space"
	case !found || strings.Contains(domain, "@"):
		return "", "account.email.at"
	case len(s) > maxEmail || len(local) > maxLocal:
		return "", "account.email.long"
	case local == "" || domain == "":
		return "", "account.email.form"
	case !strings.Contains(strings.Trim(domain, "."), "."):
		return "", "account.email.end"
	case !dotted(local, localRune) || !isDomain(domain):
		return "", "account.email.form"
	}
	return s, ""
}

// normalise makes different ways of writing an address one.
func normalise(s string) string {
	return norm.NFC.String(strings.ToLower(strings.TrimSpace(s)))
}

func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func localRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

func domainRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || r == '-'
}

// dotted reports whether s is parts of allowed runes with single dots between.
func dotted(s string, allowed func(rune) bool) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool { return !allowed(r) }) {
			return false
		}
	}
	return true
}

func isDomain(s string) bool {
	if !dotted(s, domainRune) {
		return false
	}
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if len(l) > maxLabel || strings.HasPrefix(l, "-") || strings.HasSuffix(l, "-") {
			return false
		}
	}
	last := labels[len(labels)-1]
	return utf8.RuneCountInString(last) > 1 && strings.ContainsFunc(last, unicode.IsLetter)
}

// newRows gives the rows to insert and their addresses, each once, in one order
// for every node: two that insert the same people the other way round would
// wait for each other for ever.
func newRows(now time.Time, people []NewPerson) (rows []Person, emails []string) {
	rows = make([]Person, 0, len(people))
	for _, p := range people {
		language, ok := text.ParseLang(string(p.Language))
		if !ok {
			language = text.Finnish
		}
		rows = append(rows, Person{ID: db.NewID(), Email: normalise(p.Email), Name: p.Name, Language: language, CreatedAt: now})
	}
	slices.SortStableFunc(rows, func(a, b Person) int { return cmp.Compare(a.Email, b.Email) })
	rows = slices.CompactFunc(rows, func(a, b Person) bool { return a.Email == b.Email })
	for _, r := range rows {
		emails = append(emails, r.Email)
	}
	return rows, emails
}
