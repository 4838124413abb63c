package alike

import (
	"fmt"
	"strings"
	"testing"
)

// room holds real kinds of questions in three languages; what stands after is asked
// in other words, and must find it (or find nothing).
var room = map[string]string{
	"talk":     "Miten saamme työntekijät mukaan työntekijälähettiläisyyteen vapaaehtoisesti?",
	"reward":   "Pitäisikö somessa aktiivisia työntekijöitä palkita jotenkin?",
	"budget":   "Kuinka paljon budjettia työntekijälähettilyysohjelma vaatii vuodessa?",
	"measure":  "Millä mittareilla seuraatte sisäisen yhteisön onnistumista?",
	"guide":    "Voiko somen pelisäännöt tiivistää yhdelle kalvolle?",
	"boss":     "Miten johdon saa kirjoittamaan omalla äänellään sosiaalisessa mediassa?",
	"free":     "Saako omalla vapaa-ajalla kirjoittaa työasioista?",
	"mishap":   "Kertokaa hauskin kömmähdys, joka teille on sattunut!",
	"tools":    "Vilka verktyg använder ni för den interna gemenskapen?",
	"crisis":   "Hur hanterar ni kritik i sociala medier när krisen kommer?",
	"time":     "How much time should employees spend on advocacy each week?",
	"language": "Do you write posts in English or in Finnish for an international audience?",
	"hashtag":  "Mistä keksitte tunnisteen #elämänturvaajat?",
}

func filled() *Index {
	x := New()
	for id, s := range room {
		x.Put(id, s)
	}
	return x
}

func all(string) bool { return true }

func TestFindsWhatAsksTheSame(t *testing.T) {
	x := filled()
	for typed, want := range map[string]string{
		"Miten työntekijöitä saisi mukaan lähettiläisiksi?":          "talk",
		"Palkitaanko aktiivisia työntekijöitä?":                      "reward",
		"Paljonko budjetti on vuodessa?":                             "budget",
		"millaisia mittareita teillä on yhteisön seuraamiseen":       "measure",
		"Mahtuvatko pelisäännöt yhteen kalvoon":                      "guide",
		"johto kirjoittamaan someen omalla äänellä":                  "boss",
		"kirjoittamnen vapaa-ajalla työasioista ok?":                 "free", // a slip of the finger
		"Hauskin kömmähdyksenne?":                                    "mishap",
		"Vilket verktyg har ni för intern gemenskap?":                "tools",
		"Hur hanterades kritiken i sociala medier":                   "crisis",
		"How many hours a week should an employee spend on advocacy": "time",
		"#elämänturvaajat – mistä idea?":                             "hashtag",
		"ELAMANTURVAAJAT":                                            "hashtag", // typed without the dots
	} {
		got := x.Find(typed, 3, all)
		if len(got) == 0 || got[0].ID != want {
			t.Errorf("%q: %+v, want %s first", typed, got, want)
		}
	}
}

func TestFindsNothingWhereNothingIsAlike(t *testing.T) {
	x := filled()
	for _, typed := range []string{
		"", "?", "Miten?", "ja on ei se", "Missä lounas syödään?", "Kuka vastaa tietosuojasta?", "När börjar nästa föreläsning?", "Is the recording published?",
		"Onko naulakko vartioitu?", strings.Repeat("a", 600), "Mitä mieltä te olette?",
	} {
		if got := x.Find(typed, 3, all); len(got) != 0 {
			t.Errorf("%q: %+v", typed, got)
		}
	}
}

func TestTypingBringsItCloser(t *testing.T) {
	x := filled()
	whole := "Pitäisikö aktiivisia työntekijöitä palkita"
	found := false
	for n := 1; n <= len(whole); n++ {
		got := x.Find(whole[:n], 1, all)
		found = len(got) == 1 && got[0].ID == "reward"
	}
	if !found {
		t.Error("not found although all of it was typed")
	}
}

func TestPairsForMerging(t *testing.T) {
	x := filled()
	if got := x.Pairs(10, all); len(got) != 0 {
		t.Errorf("of different questions: %+v", got)
	}
	x.Put("reward2", "Palkitaanko aktiivisia työntekijöitä somesta?")
	x.Put("tools2", "Vilka verktyg för den interna gemenskapen rekommenderar ni?")
	got := x.Pairs(10, all)
	if len(got) != 2 {
		t.Fatalf("pairs: %+v", got)
	}
	for _, p := range got {
		if !strings.HasPrefix(p.B, p.A) {
			t.Errorf("not the same: %+v", p)
		}
	}
	if one := x.Like("reward", 5, all); len(one) != 1 || one[0].ID != "reward2" {
		t.Errorf("like one: %+v", one)
	}
	if none := x.Like("reward", 5, func(id string) bool { return id != "reward2" }); len(none) != 0 {
		t.Errorf("what is not wanted: %+v", none)
	}
	if none := x.Like("nothing", 5, all); none != nil {
		t.Errorf("like nothing: %+v", none)
	}
}

func TestTextsThatChange(t *testing.T) {
	x := filled()
	for n := range 400 {
		x.Put("mishap", fmt.Sprintf("Kertokaa hauskin kömmähdys numero %d", n))
	}
	x.Put("mishap", "Missä kahvi tarjoillaan?")
	if got := x.Find("hauskin kömmähdys", 3, all); len(got) != 0 {
		t.Errorf("an earlier text is found: %+v", got)
	}
	if got := x.Find("missä kahvia on", 3, all); len(got) != 1 || x.Len() != len(room) {
		t.Errorf("the new text: %+v of %d", got, x.Len())
	}
	x.Drop("mishap")
	x.Drop("nothing")
	if got := x.Find("missä kahvia on", 3, all); len(got) != 0 {
		t.Errorf("what was dropped: %+v", got)
	}
}

// A room of two thousand questions is looked through while somebody types.
func BenchmarkFind(b *testing.B) {
	x := New()
	words := strings.Fields(strings.Join([]string{room["talk"], room["reward"], room["budget"], room["measure"], room["guide"], room["boss"], room["tools"], room["crisis"], room["time"]}, " "))
	for i := range 2000 {
		var s []string
		for j := range 12 {
			s = append(s, words[(i*7+j*j*3+i*j)%len(words)])
		}
		x.Put(fmt.Sprint(i), strings.Join(s, " "))
	}
	for b.Loop() {
		x.Find("Miten työntekijöitä voisi palkita aktiivisuudesta somessa?", 3, all)
	}
}
