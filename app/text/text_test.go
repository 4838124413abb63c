package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDatesAndNumbersPerLanguage(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2027, 1, 25, 9, 5, 0, 0, helsinki)
	for _, c := range []struct{ got, want string }{
		{LongDate(Finnish, at), "maanantaina 25.1.2027"},
		{LongDate(Swedish, at), "måndag 25.1.2027"},
		{LongDate(English, at), "Monday 25 January 2027"},
		{DateTime(Finnish, at), "25.1.2027 klo\u00a09.05"},
		{DateTime(Swedish, at), "25.1.2027 kl.\u00a09.05"},
		{DateTime(English, at), "25 January 2027, 09:05"},
		{Number(Finnish, 1007), "1\u00a0007"},
		{Number(English, 1234567), "1,234,567"},
		{Number(Swedish, -1000), "−1\u00a0000"},
		{Number(Finnish, 999), "999"},
		{Percent(Finnish, 42), "42\u00a0%"},
		{Days(Finnish, at, at.AddDate(0, 0, 1)), "25.–26.1.2027"},
		{Days(English, at, at.AddDate(0, 0, 1)), "25–26 January 2027"},
		{Length(90 * time.Minute), "1\u00a0h 30\u00a0min"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]Lang{
		"sv-FI,sv;q=0.9,en;q=0.8": Swedish,
		"en-GB,en;q=0.5":          English,
		"de,fr;q=0.8":             Finnish,
		"":                        Finnish,
		"\x00garbage;;q=":         Finnish,
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("Negotiate(%q) = %s, want %s", header, got, want)
		}
	}
	if got := Negotiate("de", English, Swedish); got != English {
		t.Errorf("without a match the first offered counts, got %s", got)
	}
}

func TestTextsFallBackAndSayTheirLanguage(t *testing.T) {
	texts := Texts{Swedish: "Program", English: "Programme"}
	for _, c := range []struct {
		want, lang Lang
		text       string
	}{{English, English, "Programme"}, {Finnish, Swedish, "Program"}} {
		s, l := texts.In(c.want, Swedish)
		if s != c.text || l != c.lang {
			t.Errorf("In(%s) = %q in %s", c.want, s, l)
		}
	}
	v, err := texts.Value()
	if err != nil {
		t.Fatal(err)
	}
	var back Texts
	if err := back.Scan(v); err != nil || back[English] != "Programme" {
		t.Errorf("did not survive the database: %v %v", back, err)
	}
}

func TestCleanRefusesWhatNoColumnHolds(t *testing.T) {
	for _, bad := range []string{"a\x00b", "\xff\xfe"} {
		if _, ok := Clean(bad); ok {
			t.Errorf("Clean let %q through", bad)
		}
	}
	if s, ok := Clean("  Åsa\r\nÖhman "); !ok || s != "Åsa\nÖhman" {
		t.Errorf("Clean = %q %v", s, ok)
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// Every language has every key, none is empty, plural entries hold both forms
// and the same placeholders stand in all three.
func TestCatalogues(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range Langs {
		for key, m := range c.messages[l] {
			ref := c.messages[Finnish][key]
			if !c.Has(Finnish, key) {
				t.Errorf("%s has %q and fi does not", l, key)
				continue
			}
			if strings.TrimSpace(m.Other) == "" || m.plural && strings.TrimSpace(m.One) == "" {
				t.Errorf("%s %q is empty", l, key)
			}
			if m.plural != ref.plural {
				t.Errorf("%s %q is plural in one language only", l, key)
			}
			if got, want := placeholders(m.Other), placeholders(ref.Other); !slices.Equal(got, want) {
				t.Errorf("%s %q holds %v, fi %v", l, key, got, want)
			}
		}
		for _, key := range c.Keys(Finnish) {
			if !c.Has(l, key) {
				t.Errorf("%s lacks %q", l, key)
			}
		}
	}
}

func placeholders(s string) []string {
	found := placeholder.FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestPluralsAndUnknownKeys(t *testing.T) {
	c := &Catalogue{messages: map[Lang]map[string]message{English: {
		"seats": {One: "One seat is free.", Other: "{n} seats are free.", plural: true},
	}}}
	for n, want := range map[int]string{1: "One seat is free.", 0: "0 seats are free.", 1007: "1,007 seats are free."} {
		if got := c.T(English, "seats", "n", n); got != want {
			t.Errorf("n=%d: %q, want %q", n, got, want)
		}
	}
	if got := c.T(English, "nobody.wrote.this"); got != "⟦nobody.wrote.this⟧" {
		t.Errorf("an unknown key must be seen, got %q", got)
	}
}

func TestNamesInTheOrderOfTheLanguage(t *testing.T) {
	names := []string{"Öhman", "Aalto", "Åberg", "Ärlig", "zeta"}
	slices.SortFunc(names, Collator(Finnish))
	if want := []string{"Aalto", "zeta", "Åberg", "Ärlig", "Öhman"}; !slices.Equal(names, want) {
		t.Errorf("got %v", names)
	}
}
