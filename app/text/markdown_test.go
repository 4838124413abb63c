package text

import (
	"strings"
	"testing"
)

var evilNames = []string{
	"**x**", "[a](http://evil.example)", "<script>alert(1)</script>", "`x`", "https://evil.example", "a@evil.example", "![p](http://evil.example/p.png)",
	"# x", "1. x", "&lt;b&gt;", `x" onmouseover="alert(1)`, "\\", "x0agora0ticket0x", "{ticket}", "javascript:alert(1)", "a\n\nb\n- c", "|x|y|",
}

func fill(name string) Fill {
	return Fill{Words: map[string]string{"name": name}, Addresses: map[string]string{"ticket": "https://agora.example/ticket/abc_d-e"}}
}

// Whatever somebody is called, it is read as their name and as nothing else.
func TestNamesAreNeverMarkdown(t *testing.T) {
	const before, after = "<p>Hei <strong>", "</strong>, tervetuloa.</p>\n"
	for _, name := range evilNames {
		got := string(Markdown("Hei **{name}**, tervetuloa.", fill(name)))
		inside, ok := strings.CutPrefix(got, before)
		inside, ended := strings.CutSuffix(inside, after)
		if !ok || !ended || strings.ContainsAny(inside, "<>\n") {
			t.Errorf("%q became %q", name, got)
		}
		if plain := Plain("Hei **{name}**, tervetuloa.", fill(name)); plain != "Hei "+OneLine(name)+", tervetuloa." {
			t.Errorf("%q became %q", name, plain)
		}
	}
	// The same words in the organiser's own text are Markdown: the test can fail.
	if got := string(Markdown("Hei [a](http://evil.example) **x**", Fill{})); !strings.Contains(got, "<a href") || !strings.Contains(got, "<strong>") {
		t.Errorf("Markdown does nothing: %s", got)
	}
}

func TestNoNameMakesAnAddress(t *testing.T) {
	got := string(Markdown("[auki]({name})", fill("javascript:alert(1)")))
	if strings.Contains(got, "javascript") {
		t.Error(got)
	}
}

func TestOurAddressesAreLinksWhereverTheyStand(t *testing.T) {
	const address = "https://agora.example/ticket/abc_d-e"
	for _, c := range []struct{ in, html, plain string }{
		{"Lippusi: {ticket}", `<p>Lippusi: <a href="` + address + `" rel="nofollow">` + address + "</a></p>\n", "Lippusi: " + address},
		{"[Lippusi]({ticket})", `<p><a href="` + address + `" rel="nofollow">Lippusi</a></p>` + "\n", "Lippusi (" + address + ")"},
	} {
		if got := string(Markdown(c.in, fill("Aino"))); got != c.html {
			t.Errorf("%q became %q", c.in, got)
		}
		if got := Plain(c.in, fill("Aino")); got != c.plain {
			t.Errorf("%q became %q", c.in, got)
		}
	}
}

func TestOnlyProseStaysOfMarkdown(t *testing.T) {
	for in, want := range map[string]string{
		"## Ovet":                        "<p><strong>Ovet</strong></p>\n",
		"<b onclick=x>a</b>":             "<p>a</p>\n",
		"<p>a</p>":                       "\n",
		"[a](javascript:alert(1))":       "<p>a</p>\n",
		"![p](https://evil.example/p.x)": "<p></p>\n",
		"a\n<script>b</script>":          "<p>a</p>\n\n",
	} {
		if got := string(Markdown(in, Fill{})); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := string(Prose("<p>a <img src=x onerror=y><b>c</b></p>")); got != "<p>a <b>c</b></p>" {
		t.Errorf("HTML of a schedule file became %q", got)
	}
}

func TestPlainReadsAsWritten(t *testing.T) {
	in := "## Ovet\n\nOvet aukeavat *klo 8*,\nnarikka on **auki**. 5 \\* 3 &amp; 2\n\n- yksi\n- [kaksi](https://a.example)\n  - sisempi\n\n" +
		"3. kolme\n4. neljä\n\n> lainaus\n> jatkuu\n\n```\nkoodi *ei* muutu\n```\n\n---\n\n| a | b |\n|---|---|\n| c | d |\n\nhttps://b.example <br>loppu"
	want := "Ovet\n\nOvet aukeavat klo 8,\nnarikka on auki. 5 * 3 & 2\n\n- yksi\n- kaksi (https://a.example)\n  - sisempi\n\n" +
		"3. kolme\n4. neljä\n\n> lainaus\n> jatkuu\n\n    koodi *ei* muutu\n\n* * *\n\na | b\nc | d\n\nhttps://b.example loppu"
	if got := Plain(in, Fill{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestALineIsOneLine(t *testing.T) {
	if got := fill("Aino\r\nBcc: x@example.com").Line("{name}, tule"); got != "Aino Bcc: x@example.com, tule" {
		t.Error(got)
	}
}
