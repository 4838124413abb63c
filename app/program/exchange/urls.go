package exchange

import (
	"net/url"
	"strings"
)

// cleanURL gives an address that may stand in a page and that both schemas accept: absolute, of a harmless scheme,
// every odd character escaped. A relative one is read against base.
func cleanURL(written, base string) (string, bool) {
	s := strings.TrimSpace(written)
	if s == "" || len(s) > 8000 {
		return "", false
	}
	u, err := url.Parse(escapeURL(s))
	if err != nil {
		return "", false
	}
	if !u.IsAbs() {
		root, err := url.Parse(base)
		if base == "" || err != nil || !root.IsAbs() {
			return "", false
		}
		u = root.ResolveReference(u)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch u.Scheme {
	case "http", "https":
		if !plainHost(u.Host) {
			return "", false
		}
	case "mailto", "tel":
		if u.Opaque == "" {
			return "", false
		}
	default:
		return "", false
	}
	return escapeURL(u.String()), true
}

// webURL is cleanURL for fields that the schemas hold to http.
func webURL(written, base string) (string, bool) {
	s, ok := cleanURL(written, base)
	return s, ok && strings.HasPrefix(s, "http")
}

func plainHost(host string) bool {
	if host == "" || strings.HasPrefix(host, ":") {
		return false
	}
	if strings.HasPrefix(host, "[") {
		return !strings.Contains(host, "%")
	}
	for _, r := range host {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_', r == ':':
		default:
			return false
		}
	}
	return true
}

// escapeURL percent-encodes what RFC 3986 has no place for, and leaves a good address as it is.
func escapeURL(s string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	authority := -1 // where host and port end; brackets are allowed before it only
	if i := strings.Index(s, "://"); i >= 0 {
		authority = len(s)
		if j := strings.IndexAny(s[i+3:], "/?#"); j >= 0 {
			authority = i + 3 + j
		}
	}
	fragment := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		keep := false
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~:/?@!$&'()*+,;=", c) >= 0:
			keep = true
		case c == '[' || c == ']':
			keep = i < authority
		case c == '#':
			keep, fragment = !fragment, true
		case c == '%':
			keep = i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		}
		if keep {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}
