package paper

import (
	"strings"
	"testing"
)

func (l line) String() string {
	var b strings.Builder
	for _, r := range l.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

func nameStyle(p *Press, d Design) (style, float64, float64) {
	for _, e := range d.Elements {
		if e.Kind == ElementName {
			return p.style(e), e.Box.W * mm, e.Box.H * mm
		}
	}
	panic("design without a name")
}

func TestNamesStayInTheirBox(t *testing.T) {
	p := press(t)
	for _, d := range Designs() {
		st, w, h := nameStyle(p, d)
		for _, name := range oddNames(1000) {
			clean, _ := p.pass(name)
			set := p.fit(clean, w, h, st)
			if clean != "" && len(set.lines) == 0 {
				t.Fatalf("%s: %q vanished", d.Name, clean)
			}
			for _, l := range set.lines {
				if l.width(set.size) > w+.01 {
					t.Errorf("%s: %q is %.1f wide in %.1f", d.Name, l, l.width(set.size), w)
				}
			}
			if set.height() > h+.01 {
				t.Errorf("%s: %q is %.1f high in %.1f", d.Name, clean, set.height(), h)
			}
			if set.size != 0 && (set.size < st.min || set.size > st.max || len(set.lines) > st.lines) {
				t.Errorf("%s: %q at %.1f on %d lines", d.Name, clean, set.size, len(set.lines))
			}
		}
	}
	// The measure can fail: the same text at the largest size does not fit.
	st, w, _ := nameStyle(p, A6())
	if l := p.set("Maximiliana-Konstantina von Württemberg", st.chain); l.width(st.max) <= w {
		t.Error("the control should be too wide")
	}
}

func TestFitSteps(t *testing.T) {
	p := press(t)
	st, w, h := nameStyle(p, A6())
	for _, c := range []struct {
		name  string
		lines int
		kind  Kind
	}{
		{"Åsa", 1, ""},
		{"Aleksanteri Lindström", 2, Fitted},
		{"Henrietta Virtanen-Lindqvist", 3, Fitted},
		{"Maximiliana-Konstantina von Württemberg-Papadopoulos-Lehtonen", 3, Condensed},
		{"Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppila", 3, Broken},
		{strings.Repeat("Wolfgang Amadeus ", 14), 3, Cut},
	} {
		clean, _ := p.pass(c.name)
		set := p.fit(clean, w, h, st)
		var kind Kind
		var joined []string
		for _, n := range set.notes {
			kind = n.kind
		}
		for _, l := range set.lines {
			joined = append(joined, l.String())
		}
		if len(set.lines) != c.lines || kind != c.kind {
			t.Errorf("%q: %d lines, %q, at %.1f: %q", c.name, len(set.lines), kind, set.size, joined)
		}
		whole := strings.ReplaceAll(strings.Join(joined, ""), " ", "")
		given := strings.ReplaceAll(clean, " ", "")
		if c.kind == Cut {
			if !strings.HasSuffix(whole, ellipsis) || !strings.HasPrefix(given, strings.TrimSuffix(whole, ellipsis)) {
				t.Errorf("cut to %q", whole)
			}
		} else if whole != given {
			t.Errorf("%q is not intact: %q", given, whole)
		}
	}
}

func TestCutKeepsLettersWhole(t *testing.T) {
	p := press(t)
	st := style{chain: p.sans, narrow: p.narrow, max: 12, good: 10, min: 10, lines: 1}
	text := strings.Repeat("x\u0302\u0323", 40)
	for w := 20.0; w < 120; w++ {
		set := p.fit(text, w, 30, st)
		got := strings.TrimSuffix(set.lines[0].String(), ellipsis)
		if len(got)%len("x\u0302\u0323") != 0 {
			t.Fatalf("at %.0f a letter lost a mark: %q", w, got)
		}
	}
}

func TestBalance(t *testing.T) {
	parts := []part{{"aa", 20, 5}, {"bb", 20, 5}, {"cc-", 30, 5}, {"dd", 20, 0}}
	for _, c := range []struct{ n, want int }{{1, 100}, {2, 50}, {3, 45}, {4, 30}} {
		ends, got := balance(parts, c.n)
		if got != c.want || len(ends) != c.n || ends[c.n-1] != len(parts) {
			t.Errorf("%d lines: %d %v", c.n, got, ends)
		}
	}
}

func TestVisualOrder(t *testing.T) {
	for in, want := range map[string]string{
		"Åsa Öhman":        "Åsa Öhman",
		"שלום":             "םולש",
		"דוד כהן":          "ןהכ דוד",
		"Anna כהן Laine":   "Anna ןהכ Laine",
		"דוד (Dave) כהן":   "ןהכ (Dave) דוד",
		"כהן 42":           "42 ןהכ",
		"ש\u05C1לום":       "םולש\u05C1",
		"علي":              "\uFEF2\uFEE0\uFECB",
		"سلام":             "\uFEE1\uFEFC\uFEB3",
		"می\u200Cخواهم x":  "x \uFEE2\uFEEB\uFE8D\uFEEE\uFEA7\uFBFD\uFEE3",
		"Ä\u200b":          "Ä\u200b",
		"(a) [b]":          "(a) [b]",
		"א(ב)":             "(ב)א",
		"1. א":             "א .1",
		"Ρωμαίος-Иван Ñ ő": "Ρωμαίος-Иван Ñ ő",
	} {
		if got := visual(in); got != want {
			t.Errorf("%q: got %+q, want %+q", in, got, want)
		}
	}
}

func TestArabicFormsHaveGlyphs(t *testing.T) {
	p := press(t)
	for r, a := range arabic {
		for k := range rune(a.count) {
			if !p.prints(a.form + k) {
				t.Errorf("%c: no glyph for form %U", r, a.form+k)
			}
		}
	}
}
