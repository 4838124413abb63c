package paper

import (
	"math/rand"
	"strings"
	"testing"
)

// scripts are the alphabets that odd names are made of.
var scripts = map[string]string{
	"finnish":    "aeiouyäöåhjklmnprstvÄÖÅKLM",
	"sami":       "áčđŋšŧžÁČĐŊŠŦŽaeo",
	"vietnamese": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
	"decomposed": "a\u0308o\u0308e\u0302\u0301u\u031b\u0309x\u0302q\u0323",
	"greek":      "αβγδεζηθικλμνξοπρστυφχψωΆΈΉΊ",
	"cyrillic":   "абвгдежзийклмнопрстуфхцчшщъыьэюяЁїєґ",
	"arabic":     "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژکگی",
	"hebrew":     "אבגדהוזחטיכלמנסעפצקרשתםןףךץ\u05B8\u05BC",
	"cjk":        "李明王小龍田中花子김민수ひらカナ",
	"devanagari": "राजेशकुमारप्रियाशर्मा",
	"thai":       "สมชายใจดี",
	"georgian":   "გიორგი",
	"armenian":   "Արմեն",
	"emoji":      "😀👩\u200d🚀👨\u200d👩\u200d👧\u200d👦🇫🇮🏴\U000E0067\U000E0062\U000E007F👍🏽❤\ufe0f1\ufe0f\u20e3☃⭐",
	"fancy":      "𝓐𝓷𝓷𝓪𝐁𝐨𝐛ＡＢ①㈱",
	"hidden":     "a\u200bb\u200c\u200d\u2060\ufeff\u00ad\u202e\u202a\u061c\u180eo\u034f\u3164",
	"control":    "a\x00b\x07\x1b[31mc\t\n\r\x7f\u0085\u2028d",
	"private":    "a\ue000\uf8ff\ufffe\uffffb\U0010FFFF\U000F0000",
	"invalid":    "a\xff\xfe\xc3(\xe2\x82\xf0\x9f\x98b\xed\xa0\x80\xc0\xaf",
	"pdf":        `()\)(<<>>%{nb}/[]`,
}

// oddNames gives n names, always the same: each script pure and mixed with another, short and long.
func oddNames(n int) []string {
	rng := rand.New(rand.NewSource(2027))
	keys := []string{"finnish", "sami", "vietnamese", "decomposed", "greek", "cyrillic", "arabic", "hebrew", "cjk", "devanagari", "thai",
		"georgian", "armenian", "emoji", "fancy", "hidden", "control", "private", "invalid", "pdf"}
	names := []string{"", " ", "\u200b", "😀", "\xff", "李明", strings.Repeat("W", 60), strings.Repeat("Anna Maria ", 11), strings.Repeat("á", 120),
		strings.Repeat("a\u0301", 300), strings.Repeat("\u0301", 40), "A" + strings.Repeat("\u0323", 200), strings.Repeat("(", 70), strings.Repeat("ﷺ", 20),
		strings.Repeat("א", 90), strings.Repeat("ب", 90) + " Anna", strings.Repeat("-", 80), strings.Repeat("a-", 100), strings.Repeat("x ", 5000)}
	letters := func(key string, count int) string {
		if key == "invalid" || key == "emoji" {
			return scripts[key] + scripts["finnish"][:count%20]
		}
		pool := []rune(scripts[key])
		var b strings.Builder
		for range count {
			b.WriteRune(pool[rng.Intn(len(pool))])
		}
		return b.String()
	}
	for len(names) < n {
		a, b := keys[len(names)%len(keys)], keys[rng.Intn(len(keys))]
		long := 1 + rng.Intn(12)
		if rng.Intn(10) == 0 {
			long = 60
		}
		names = append(names, letters(a, long)+[]string{" ", "-", "", " \u00A0"}[rng.Intn(4)]+letters(b, 1+rng.Intn(14)))
	}
	return names[:n]
}

func press(t testing.TB) *Press {
	t.Helper()
	p, problems := NewPress("")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

func sample(name string) Badge {
	return Badge{Name: name, Organisation: "Energiayhtiö", Role: "Osallistuja", RoleKind: RoleAttendee,
		QR: "https://cmadfi.example/ticket/K7M4-PQ2X", Code: "K7M4-PQ2X", Photo: PhotoAsk, PhotoWord: "Kysy ensin"}
}

func samples(names []string) []Badge {
	out := make([]Badge, len(names))
	for i, n := range names {
		out[i] = sample(n)
	}
	return out
}
