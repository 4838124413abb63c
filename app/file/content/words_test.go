package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"github.com/jung-kurt/gofpdf"

	"agora/app/apptest"
)

// TestMain lets the test binary be the process that reads words, and the one that
// tells what such a process used: a child of the tests themselves would count
// their memory as its own.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "read-text" {
		os.Exit(Child(os.Args[2:], os.Stdin, os.Stdout))
	}
	if len(os.Args) > 1 && os.Args[1] == "measure" {
		os.Exit(measure(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// used is what a process took of memory, in bytes, and of work.
type used struct {
	Memory int64
	Work   time.Duration
}

// measure runs the test binary again and tells on the standard error what it used.
func measure(args []string) int {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Stdin, cmd.Stdout, cmd.Env = os.Stdin, os.Stdout, []string{}
	err := cmd.Run()
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 3
	}
	if e := json.NewEncoder(os.Stderr).Encode(used{usage.Maxrss << 10, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}); e != nil {
		return 3
	}
	if err != nil {
		return 1
	}
	return 0
}

// child reads words as the site does: in a process of its own.
func child(t *testing.T, kind Kind, body []byte) (string, used, error) {
	t.Helper()
	return childWithin(t, "unlimited", kind, body)
}

// childWithin gives the process fewer seconds than it gives itself.
func childWithin(t *testing.T, seconds string, kind Kind, body []byte) (string, used, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", `ulimit -t "$0"; exec "$@"`, seconds, os.Args[0], "measure", "read-text", string(kind))
	var told bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.Env = f, &told, []string{}
	out, err := cmd.Output()
	if ctx.Err() != nil {
		t.Fatalf("%s: the process did not end by itself", kind)
	}
	var u used
	if e := json.Unmarshal(told.Bytes(), &u); e != nil || u.Memory == 0 {
		t.Fatalf("%s: what it used is not known: %v %q", kind, e, told.String())
	}
	return string(out), u, err
}

const slide = `<p:sld xmlns:a="x"><a:p><a:r><a:t>Teko</a:t></a:r><a:r><a:t>äly</a:t></a:r></a:p><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:sld>`

// The words of every kind come out in the order of its pages, and notes and
// struck text stay in.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		body []byte
		want string
	}{
		{PPTX, office(t, mainPPTX, entry{"ppt/slides/slide10.xml", fmt.Sprintf(slide, "kymmenes")}, entry{"ppt/slides/slide2.xml", fmt.Sprintf(slide, "toinen &amp; sivu")},
			entry{"ppt/notesSlides/notesSlide1.xml", fmt.Sprintf(slide, "muistiinpano")}), "Tekoäly\ntoinen & sivu\n\f\nTekoäly\nkymmenes"},
		{DOCX, office(t, mainDOCX, entry{"word/document.xml", `<w:document xmlns:w="x"><w:p><w:r><w:t>Yksi</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>kaksi</w:t></w:r><w:del><w:r><w:delText>poissa</w:delText></w:r></w:del></w:p><w:p><w:r><w:t>kolme</w:t></w:r></w:p></w:document>`}),
			"Yksi kaksi\nkolme"},
		{XLSX, office(t, mainXLSX, entry{"xl/sharedStrings.xml", `<sst><si><t>Nimi</t></si><si><r><t>Mat</t></r><r><t>ti</t></r></si></sst>`}), "Nimi\nMatti"},
		{ODP, openDocument(t, ODP, `<x xmlns:text="t" xmlns:presentation="p"><text:p>Hei <text:span>sinä</text:span><text:s/>siellä</text:p><presentation:notes><text:p>salaa</text:p></presentation:notes><text:h>Otsikko</text:h></x>`), "Hei sinä siellä\nOtsikko"},
		{ODT, openDocument(t, ODT, `<x xmlns:text="t"><text:tracked-changes><text:p>vanha</text:p></text:tracked-changes><text:p>uusi</text:p></x>`), "uusi"},
		{TXT, []byte("Etelä-\n\f\nsuomi\n\f\n\f\nloppu"), "Etelä-\n\f\nsuomi\n\f\n\f\nloppu"},
		{TXT, []byte("Päivän  ohjel-\nmisto,  ﬁlmi ja Etelä-\nSuomi\n\n\nloppu-"), "Päivän ohjelmisto, filmi ja Etelä-\nSuomi\nloppu-"},
		{VTT, []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nHei\n"), "WEBVTT\n00:01.000 --> 00:02.000\nHei"},
	} {
		got, _, err := child(t, c.kind, c.body)
		if err != nil || got != c.want {
			t.Errorf("%s: %q %v\nwant %q", c.kind, got, err, c.want)
		}
	}
}

// PDFs of three makers give the words that pdftotext finds in them.
func TestWordsOfPDF(t *testing.T) {
	pdftotext := apptest.Program(t, "pdftotext")
	files := map[string][]byte{"plain": pdfOf(t, "Community day", "Efficient (offices) and \\ slashes"), "fonts": pdfWithFont(t), "browser": printed(t)}
	for name, body := range files {
		got, _, err := child(t, PDF, body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		want, err := exec.CommandContext(t.Context(), pdftotext, path, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		wanted := strings.Fields(string(want))
		if len(wanted) < 4 {
			t.Fatalf("%s: pdftotext finds only %q", name, want)
		}
		// It ends each page with a form feed; ours stand between pages.
		if n := strings.Count(string(want), "\f") - 1; strings.Count(got, "\f") != n {
			t.Errorf("%s: %d pages are told apart, not %d", name, strings.Count(got, "\f")+1, n+1)
		}
		have := " " + strings.Join(strings.Fields(got), " ") + " "
		for _, word := range wanted {
			if !strings.Contains(have, " "+word+" ") {
				t.Errorf("%s: %q is missing in %q", name, word, got)
			}
		}
	}
}

func pdfWithFont(t *testing.T) []byte {
	t.Helper()
	p := gofpdf.New("P", "mm", "A4", "")
	p.AddUTF8FontFromBytes("dv", "", bytes.Clone(dejavusans.TTF))
	for _, line := range []string{"Tekoälyä kouluihin – yhteisöpäivä Åbossa", "Ελληνικά και русский текст"} {
		p.AddPage()
		p.SetFont("dv", "", 14)
		p.MultiCell(0, 8, line, "", "", false)
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// printed is a page as Chromium prints it: every glyph at a place of its own.
func printed(t *testing.T) []byte {
	t.Helper()
	folder := t.TempDir()
	page, out := filepath.Join(folder, "a.html"), filepath.Join(folder, "a.pdf")
	html := `<!doctype html><meta charset="utf-8"><h1>Yhteisöpäivä 2027</h1><p>Ohjelmistokehityksen työvoimapula, <b>saavutettavuus</b> ja efficient workflows.</p><table><tr><td>yksi<td>kaksi</table>`
	if err := os.WriteFile(page, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), apptest.Program(t, "chromium", "chromium-browser", "google-chrome"),
		"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(folder, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+out, page)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rawPDF writes objects down as they are.
func rawPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	places := make([]int, 0, len(objects))
	for i, o := range objects {
		places = append(places, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict, body string) string {
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

// onePage is a document with one page that is drawn so.
func onePage(resources, contents string) []byte {
	return rawPDF("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>",
		"<</Type /Page /Parent 2 0 R /Contents 4 0 R /Resources <<"+resources+">>>>", contents,
		"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>")
}

// What is made to harm ends its own process within bounds; the words read before
// are kept.
func TestHarmfulFiles(t *testing.T) {
	bomb := strings.Repeat("(x) Tj ", 1<<20)
	for name, c := range map[string]struct {
		kind Kind
		body []byte
	}{
		"pages in a circle":   {PDF, rawPDF("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [2 0 R] /Count 2000000000>>")},
		"a parent of itself":  {PDF, rawPDF("<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>", "<</Type /Page /Parent 3 0 R>>")},
		"a length of itself":  {PDF, onePage("", "<</Length 4 0 R>>\nstream\nx\nendstream")},
		"a form in itself":    {PDF, onePage("/XObject <</X 4 0 R>>", stream("/Subtype /Form", "/X Do /X Do"))},
		"brackets for ever":   {PDF, onePage("", stream("", strings.Repeat("[", 4<<20)))},
		"a string for ever":   {PDF, onePage("", stream("", "("+strings.Repeat("(", 4<<20)))},
		"states for ever":     {PDF, onePage("/Font <</F 5 0 R>>", stream("", strings.Repeat("q ", 1<<20)+"BT /F 9 Tf "+bomb))},
		"elements for ever":   {DOCX, office(t, mainDOCX, entry{"word/document.xml", strings.Repeat("<a>", 4<<20)})},
		"a name for ever":     {DOCX, office(t, mainDOCX, entry{"word/document.xml", "<" + strings.Repeat("a", 40<<20)})},
		"words for ever":      {ODT, openDocument(t, ODT, "<p>"+strings.Repeat("sana ", 8<<20)+"</p>")},
		"no regular document": {PPTX, []byte("PK\x03\x04 nothing")},
	} {
		t.Run(name, func(t *testing.T) {
			seconds := "1"
			if name == "pages in a circle" { // one sees the bound itself
				seconds = "unlimited"
			}
			words, u, err := childWithin(t, seconds, c.kind, c.body)
			if len(words) > MaxWords {
				t.Errorf("%d bytes of words", len(words))
			}
			if u.Memory > childMemory {
				t.Errorf("%d MB of memory", u.Memory>>20)
			}
			if u.Work > (childSeconds+2)*time.Second {
				t.Errorf("%v of work", u.Work)
			}
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Error(err)
			}
		})
	}
	// A page that breaks off leaves what was drawn before it.
	words, _, err := child(t, PDF, onePage("/Font <</F 5 0 R>>", stream("", "BT /F 12 Tf (Ennen) Tj ET >> ) begin (")))
	if err != nil || words != "Ennen" {
		t.Errorf("before a mistake: %q %v", words, err)
	}
}

// The process takes a kind with words and nothing else.
func TestChildsArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"png"}, {"pdf", "more"}} {
		if code := Child(args, os.Stdin, nil); code != 2 {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}
