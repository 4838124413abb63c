package exchange

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"agora/app/text"
)

// TestEveryRemarkHasWords walks the source for keys, so that a new kind cannot be forgotten in a language.
func TestEveryRemarkHasWords(t *testing.T) {
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	quoted := regexp.MustCompile(`"(exchange\.[a-z_.]+)"`)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllSubmatch(source, -1) {
			keys[string(m[1])] = true
		}
	}
	if len(keys) < 40 {
		t.Fatalf("only %d keys found", len(keys))
	}
	for key := range keys {
		for _, lang := range text.Langs {
			for _, n := range []int{1, 3} {
				got := catalogue.T(lang, key, "n", n, "line", 7, "megabytes", 64, "cell", "x", "max", 9, "minutes", 30)
				if strings.ContainsAny(got, "⟦{") || got == "" {
					t.Errorf("%s %s: %q", lang, key, got)
				}
			}
		}
	}
}
