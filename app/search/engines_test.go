package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"agora/app/db"
	"agora/app/db/dbtest"
	"agora/app/qa"
	"agora/app/text"
)

// vocabulary are words that share beginnings, stems and letters, in all languages.
var vocabulary = strings.Fields(`yhteisö yhteisön yhteisöjen yhteisömanageri yhteisöllisyys yhteinen yhdessä viestintä viestinnän viesti viestit ja on että
	gemenskap gemenskaper gemenskapen kommunikation kommunicera och att det community communities commune manager managers managing the and of
	Måns mans man Öberg oberg Åsa asa Häkkinen ÄÄNI aani naïve naive straße strasse 2027 2016 25.1.2027 EU:n EU kello klo 10:30 #elämänturvaajat e-mail C++ 日本語 मेल`)

func someWords(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		words[i] = vocabulary[min(r.IntN(len(vocabulary)), r.IntN(len(vocabulary)))]
	}
	return strings.Join(words, []string{" ", ", ", " – "}[r.IntN(3)])
}

// fillAlike makes the same content from the same seed, whatever the engine.
func fillAlike(w *world, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	years := []string{"2016", "2027"}
	for i := range 40 {
		year := years[r.IntN(2)]
		who := fmt.Sprintf("who%02d", i)
		w.speaker(year, who, someWords(r, 2), someWords(r, r.IntN(8)))
		id := fmt.Sprintf("talk%02d", i)
		w.talk(year, talk{id: id, title: someWords(r, 1+r.IntN(4)), abstract: someWords(r, r.IntN(12)), lang: text.Langs[r.IntN(3)], speakers: []string{who}, draft: r.IntN(8) == 0})
		if r.IntN(2) == 0 {
			w.piece(id, "piece"+id, someWords(r, r.IntN(2)), someWords(r, r.IntN(60)))
		}
		if r.IntN(2) == 0 {
			w.question(id, "q"+id, someWords(r, 6), qa.States[r.IntN(len(qa.States))], someWords(r, 4))
		}
	}
	w.refresh()
}

// aQuestion is what somebody might type.
func aQuestion(r *rand.Rand) string {
	var parts []string
	for range 1 + r.IntN(3) {
		word := vocabulary[r.IntN(len(vocabulary))]
		switch r.IntN(8) {
		case 0:
			word = "-" + word
		case 1:
			word = `"` + someWords(r, 2) + `"`
		case 2:
			word = `-"` + someWords(r, 2) + `"`
		case 3:
			letters := []rune(word)
			word = string(letters[:1+r.IntN(len(letters))]) + "*"
		case 4:
			letters := []rune(word)
			word = string(letters[:1+r.IntN(len(letters))])
		}
		parts = append(parts, word)
	}
	return strings.Join(parts, " ")
}

// TestEnginesFindTheSame: the same hits in the same order, whatever is asked.
func TestEnginesFindTheSame(t *testing.T) {
	a, b := newWorld(t, dbtest.OpenSQLite(t), "2016", "2027"), newWorld(t, dbtest.OpenPostgres(t), "2016", "2027")
	fillAlike(a, 11)
	fillAlike(b, 11)
	r := rand.New(rand.NewPCG(5, 5))
	found := 0
	for range 250 {
		words := aQuestion(r)
		change := func(q *Ask) {
			q.Kind = append(Kinds[:], "", "", "")[r.IntN(len(Kinds)+3)]
			q.Edition = []string{"", "", "cmadfi-2016"}[r.IntN(3)]
			q.Language = []string{"", "", "sv"}[r.IntN(3)]
		}
		var ask Ask
		change(&ask)
		same := func(q *Ask) { q.Kind, q.Edition, q.Language = ask.Kind, ask.Edition, ask.Language }
		x, y := a.ask(words, same), b.ask(words, same)
		if found += len(x); !slices.Equal(x, y) {
			t.Fatalf("%q %+v:\n%s finds %v\n%s finds %v", words, ask, a.d.Engine, x, b.d.Engine, y)
		}
	}
	if found < 250 {
		t.Errorf("only %d hits in all: the test is blind", found)
	}
}

// TestFoundIsThere compares what is found with a look through the texts
// themselves: of every entry, its words by themselves.
func TestFoundIsThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fillAlike(w, 23)
		for _, word := range []string{"yhteisö", "mans", "strasse", "2016", "managers", "viestit", "語"} {
			want := w.lookThrough(t, word)
			var got []string
			for n := range 3 {
				got = append(got, w.ask(word, func(a *Ask) { a.Kind, a.Page = Session, n+1 })...)
				if w.result(word, func(a *Ask) { a.Kind = Session }).Pages == n+1 {
					break
				}
			}
			whole := slices.DeleteFunc(slices.Clone(got), func(name string) bool { return !slices.Contains(want, name) })
			slices.Sort(whole)
			if slices.Sort(want); !slices.Equal(whole, want) || len(got) < len(want) {
				t.Errorf("%s: found %v, want at least %v", word, got, want)
			}
		}
	})
}

// lookThrough reads the released sessions and compares their words one by one.
func (w *world) lookThrough(t *testing.T, word string) (list []string) {
	t.Helper()
	var rows []struct {
		ID, Language string
		Title        text.Texts
		Abstract     text.Texts
		Name         string
	}
	err := w.d.Read.NewRaw(`SELECT x.id, x.language, x.title, x.abstract, p.name FROM session AS x JOIN slot ON slot.session_id = x.id
		JOIN session_speaker AS s ON s.session_id = x.id JOIN speaker AS p ON p.id = s.speaker_id WHERE slot.release_id IS NOT NULL`).Scan(t.Context(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	l := &looking{query: parse(`"` + word + `"`), begun: -1}
	m := newMatcher(l)
	for _, r := range rows {
		lang := text.Lang(r.Language)
		if len(m.marks(lang, r.Title.String()))+len(m.marks(lang, r.Abstract.String()))+len(m.marks("de", r.Name)) > 0 {
			list = append(list, "session "+r.ID)
		}
	}
	return list
}

// FuzzFind: whatever somebody types, no engine says that it is wrong.
func FuzzFind(f *testing.F) {
	for _, s := range []string{"", " ", `"`, `""`, `"""`, "-", "--", `-"`, "*", "a*", "AND", "OR NOT", "NEAR(a b, 3)", "a AND", "(", ")", "a:b", "tokens : x", "{a b} : c", "^a", "a + b",
		"'", "''", `\`, `\'`, "!", "&", "|", "<->", ":*", "a & !b", "%", "_", ";", "--x", "/* */", "\x00", "a\x00b", "\xff\xfe", "\u202Eabc", "👩‍👩‍👧", "🇫🇮", "שלום", "مرحبا بالعالم", "日本語", "ﬁ",
		"yhteisö", "yhteisö -viestintä \"ja on\" *", strings.Repeat("a", 10_000), strings.Repeat("ä ", 5_000), strings.Repeat(`"`, 5_000), strings.Repeat("-", 999) + "a", strings.Repeat("yhteisö* ", 100),
		"?", "??", "?0", "$1", "{word}", "\U0010FFFF", "e\u0301\u0301\u0301", "İI", "ǅ", "ẞ"} {
		f.Add(s)
	}
	r := rand.New(rand.NewPCG(1, 9))
	signs := []string{`"`, "-", "*", " ", " ", "yhteisö", "ja", "\xff", "'", `\`, "ä", "日", "\u0301", "a", "AND", "NOT", "(", ")", ":", "^", "&", "|", "!", "\u200d", "1", "ß", "İ", "”", "?", "\n"}
	for range 150 {
		s := ""
		for range r.IntN(40) {
			s += signs[r.IntN(len(signs))]
		}
		f.Add(s)
	}
	ctx := context.Background()
	var houses []*Service
	for _, open := range []func(testing.TB) *db.DB{dbtest.OpenSQLite, dbtest.OpenPostgres} {
		w := newWorld(f, open(f), "2016", "2027")
		fillAlike(w, 3)
		houses = append(houses, w.Service)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var first []string
		for i, service := range houses {
			r, err := service.Find(ctx, Ask{Text: s, Lang: text.Finnish, Page: len(s) % 3})
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			if got := names(r.Hits); i == 0 {
				first = got
			} else if !slices.Equal(first, got) {
				t.Fatalf("%q: %v and %v", s, first, got)
			}
			for _, h := range r.Hits {
				if text := show(h.Title) + show(h.Snippet.Marked); strings.ContainsAny(text, "\x00\u202E\n") {
					t.Fatalf("%q shows %q", s, text)
				}
			}
		}
	})
}

// The number of statements does not grow with what is found.
func TestStatements(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		smallDay(w)
		counted := &dbtest.Queries{}
		w.d.Read = w.d.Read.WithQueryHook(counted)
		ask := func(words string) int64 {
			w.ask(words)
			before := counted.Load()
			w.ask(words)
			return counted.Load() - before
		}
		few, more := ask("luottamus"), int64(0)
		for i := range 60 {
			id := fmt.Sprintf("more%02d", i)
			w.talk("2016", talk{id: id, title: "Luottamus", abstract: "Luottamus kantaa."})
			w.piece(id, "piece"+id, "Luottamus", "Luottamuksesta luottamukseen.")
			w.question(id, "q"+id, "Miten luottamus syntyy?", qa.StateAnswered, "Luottamus ajan kanssa.")
		}
		w.refresh()
		if more = ask("luottamus"); more > few {
			t.Errorf("%d statements for one hit, %d for many", few, more)
		}
		if few > 40 {
			t.Errorf("%d statements", few)
		}
	})
}
