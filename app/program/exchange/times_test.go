package exchange

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"00:30", 30 * time.Minute, true}, {"0:30", 30 * time.Minute, true}, {"1:30:00", 90 * time.Minute, true},
		{"90", 90 * time.Minute, true}, {"1:00:00:00", 24 * time.Hour, true}, {"00:05:00", 5 * time.Minute, true},
		{"PT1H30M", 90 * time.Minute, true}, {"pt45m", 45 * time.Minute, true}, {"P1DT1H", 25 * time.Hour, true},
		{"00:29:40", 30 * time.Minute, true}, {" 01:00 ", time.Hour, true},
		{"", 0, false}, {"-1:00", 0, false}, {"an hour", 0, false}, {"1:2:3:4:5", 0, false}, {"PT", 0, true},
		{"P1", 0, false}, {"PTH", 0, false}, {"999999999999999999", 0, false}, {"1:75", 0, false},
	} {
		got, ok := parseDuration(c.text)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q: got %v %v, want %v %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func TestMoments(t *testing.T) {
	helsinki, _ := location("Europe/Helsinki")
	for _, c := range []struct{ text, want string }{
		{"2027-01-25T09:00:00+02:00", "2027-01-25T07:00:00Z"},
		{"2027-01-25T09:00:00Z", "2027-01-25T09:00:00Z"},
		{"2027-01-25T09:00+0200", "2027-01-25T07:00:00Z"},
		{"2027-01-25 09:00:00 +02:00", "2027-01-25T07:00:00Z"},
		{"2027-01-25 09:00", "2027-01-25T07:00:00Z"},
		{"2027-07-25T09:00:00", "2027-07-25T06:00:00Z"},
		{"2027-01-25T09:00:00.750+02:00", "2027-01-25T07:00:00Z"},
		{"2027-01-25", "2027-01-25T00:00:00Z"},
		{"2027-13-25", ""}, {"9999-01-01T00:00:00Z", ""}, {"tomorrow", ""}, {"", ""},
	} {
		m, ok := parseMoment(c.text, helsinki)
		got := ""
		if ok {
			got = m.at.UTC().Format(time.RFC3339)
		}
		equal(t, got, c.want)
	}
}

func TestClocks(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"09:30": 9*time.Hour + 30*time.Minute, "9.30": 9*time.Hour + 30*time.Minute, "25:00": 25 * time.Hour,
		"10:00:30": 10*time.Hour + 30*time.Second, "48:00": -1, "10:60": -1, "noon": -1, "10": -1,
	} {
		got, ok := parseClock(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestZones(t *testing.T) {
	for name, want := range map[string]string{
		"Europe/Helsinki": "Europe/Helsinki", "FLE Standard Time": "Europe/Helsinki", "UTC": "UTC", "Local": "", "": "",
		"../etc/passwd": "", "Mars/One": "",
	} {
		got := ""
		if loc, ok := location(name); ok {
			got = loc.String()
		}
		equal(t, got, want)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{slugify("Ääni & Łódź: Straße ’27"), "aani-lodz-strasse-27"},
		{slugify("日本語"), ""},
		{cleanSlug("-Already_Good-"), "already_good"},
		{bareSlug("democon-25-opening", []string{"democon"}, "25"), "opening"},
		{bareSlug("fosdem-2025-7-x", []string{"fosdem-2025", "fosdem2025"}, "7"), "x"},
		{bareSlug("democon-25", []string{"democon"}, "25"), "25"},
		{bareSlug("free", []string{"", ""}, ""), "free"},
		{fullSlug("abcd", Session{ID: 1, Slug: "a"}), "abcd-01-a"},
		{cleanAcronym("CMADFI-2027", "", time.Time{}), "cmadfi2027"},
		{cleanAcronym("ab", "", utc("2027-01-25T00:00:00Z")), "ab2027"},
		{cleanAcronym("", "", time.Time{}), "schedule"},
		{trackSlug("", "C"), "track-c"},
		{trackSlug("", "日本語"), "track"},
	} {
		equal(t, c.got, c.want)
	}
}

func TestLanguages(t *testing.T) {
	for _, c := range []struct {
		text, want string
		good       bool
	}{
		{"en", "en", true}, {"de, en", "de, en", true}, {"suomi / svenska", "fi, sv", false}, {"de-formal", "de", false},
		{"pt_br", "pt-BR", true}, {"en,en", "en", true}, {"klingon!", "", false}, {"", "", true},
	} {
		got, good := cleanLanguage(c.text)
		equal(t, got, c.want)
		equal(t, good, c.good)
	}
}

func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{"<p>One</p>\n<p>Two<br/>three</p>", "One\n\nTwo\nthree"},
		{`<p>See <a href="https://example.org/x?a=1&amp;b=2">the page</a>, <em>now</em>.</p>`, "See [the page](https://example.org/x?a=1&b=2), *now*."},
		{"<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>", "1. a\n2. b\n  - c"},
		{"<pre><code>if a < b {\n}</code></pre><p>x</p>", "```\nif a < b {\n}\n```\n\nx"},
		{"<p>Use <code>*p</code> and snake_case, 2 * 3 &lt;b&gt;</p>", "Use `*p` and snake_case, 2 \\* 3 \\<b>"},
		{`<p>Trap <a href="javascript:alert(1)">here</a><script>alert(1)</script></p>`, "Trap here"},
		{"<!-- x --><p>not ours</p>", ""}, {"<3 hearts", ""}, {"<unknown>x", ""}, {"plain <b>inside</b>", ""}, {"<p", ""},
	} {
		got, ok := markdown(c.html)
		equal(t, got, c.want)
		equal(t, ok, c.want != "")
		if again, turned := markdown(got); turned {
			t.Errorf("turned twice: %q", again)
		}
	}
}
