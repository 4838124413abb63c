package file

import (
	"strings"
	"testing"
	"unicode/utf8"

	"agora/app/file/content"
)

// A name is what any computer may save a file under, and ends as its kind does.
func TestCleanName(t *testing.T) {
	long := strings.Repeat("Pitkä nimi ", 40)
	for _, c := range []struct {
		name string
		kind Kind
		want string
	}{
		{"Diat.pdf", content.PDF, "Diat.pdf"},
		{"Diat.PDF", content.PDF, "Diat.PDF"},
		{"kuva.jpeg", content.JPEG, "kuva.jpeg"},
		{"../../etc/passwd", content.TXT, "passwd.txt"},
		{`C:\fakepath\esitys.pptx`, content.PPTX, "esitys.pptx"},
		{"a/b\\c.pdf", content.PDF, "c.pdf"},
		{"\u202efdp.exe", content.PDF, "fdp.exe.pdf"},
		{"a\u200b\u2066b\x00\x1b[31m\r\nSet-Cookie: x.pdf", content.PDF, "ab[31m Set-Cookie- x.pdf"},
		{"diat.pdf.exe", content.PDF, "diat.pdf.exe.pdf"},
		{"v1.2", content.PDF, "v1.2.pdf"},
		{"  . ", content.PDF, "file.pdf"},
		{"", content.PNG, "file.png"},
		{"..", "", "file"},
		{".pdf", content.PDF, "file.pdf"},
		{"con.pdf", content.PDF, "file-con.pdf"},
		{"LPT1", content.TXT, "file-LPT1.txt"},
		{"a<b>c:d|e?f*g.pdf", content.PDF, "a-b-c-d-e-f-g.pdf"},
		{"A\u0308iti.txt", content.TXT, "Äiti.txt"},
		{"\xff\xfe.pdf", content.PDF, "file.pdf"},
		{"muistio.md", content.TXT, "muistio.md"},
		{long + ".pdf", content.PDF, strings.TrimRight(string([]rune(long)[:maxName-4]), " ") + ".pdf"},
	} {
		got := CleanName(c.name, c.kind)
		if got != c.want {
			t.Errorf("%q became %q, want %q", c.name, got, c.want)
		}
		if utf8.RuneCountInString(got) > maxName || CleanName(got, c.kind) != got {
			t.Errorf("%q is too long, or changes again", got)
		}
	}
}
