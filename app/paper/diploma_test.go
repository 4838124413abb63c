package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// fullCertificate has everything that may stand on one.
func fullCertificate(t *testing.T, name string) Certificate {
	t.Helper()
	c := sampleCertificate(name)
	for i := range MaxParts {
		c.Parts = append(c.Parts, fmt.Sprintf("Istunto numero %d, jonka otsikko on melko pitkä · 45 min", i+1))
	}
	c.Own = strings.Repeat("Päivä kokoaa yhteisöjen rakentajat vuosittain samaan saliin. ", 5)
	c.Signers = []Signature{{"Päivi Järjestäjä", "Puheenjohtaja, Yhteisömanagerit ry", scribble(t)}, {"Otto Öhman", "Agoran isäntä", scribble(t)}}
	return c
}

// What stands on a full certificate is all there, in the order it is read, and
// nothing is printed over something else.
func TestFullCertificate(t *testing.T) {
	var b bytes.Buffer
	long := "Maximiliana-Konstantina von Württemberg-Papadopoulos-Lehtonen"
	list := []Certificate{sampleCertificate("Åsa Öhman"), fullCertificate(t, "Åsa Öhman"), fullCertificate(t, long)}
	r, err := press(t).Certificates(t.Context(), &b, list, CertificateOptions{Title: "Todistukset"})
	if err != nil || r.Printed != 3 || r.Pages != 3 || len(r.NeedsLook()) > 0 {
		t.Fatalf("%v %+v", err, r)
	}
	lookAt(t, "certificate", b.Bytes())
	text := strings.Join(strings.Fields(tool(t, b.Bytes(), "pdftotext", "-f", "2", "-l", "2", "PDF", "-")), " ")
	at := 0
	for _, words := range []string{"Osallistumistodistus", "Todistamme, että", "Åsa Öhman", "osallistui", "Istunto numero 1,", "Istunto numero 8,", "Päivä kokoaa", "Kesto"} {
		i := strings.Index(text[at:], words)
		if i < 0 {
			t.Fatalf("%q is missing or stands too early in: %s", words, text)
		}
		at += i
	}
	for _, words := range []string{"Päivi Järjestäjä", "Agoran isäntä", "Todistus 2027-0118"} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is missing", words)
		}
	}
	if n := strings.Count(tool(t, b.Bytes(), "pdfimages", "-list", "PDF"), "image"); n < 1 {
		t.Error("no signature was printed")
	}
	if out := tool(t, b.Bytes(), "qpdf", "--check", "PDF"); strings.Contains(out, "WARNING") {
		t.Error(out)
	}
}

// More sessions than there is room for are told; a picture that is none leaves a
// line to sign on.
func TestCertificateThatIsTooFull(t *testing.T) {
	c := fullCertificate(t, "Åsa Öhman")
	c.Parts = append(c.Parts, "Yhdeksäs")
	c.Signers[0].Picture = []byte("GIF89a no picture")
	c.Own = strings.Repeat("Sanoja ", 400)
	var b bytes.Buffer
	r, err := press(t).Certificate(t.Context(), &b, c, CertificateOptions{})
	if err != nil || r.Printed != 1 || !r.Has(0, Cut) || !r.Has(0, Failed) {
		t.Fatalf("%v %+v", err, r)
	}
	lookAt(t, "certificate-full", b.Bytes())
	tool(t, b.Bytes(), "qpdf", "--check", "PDF")
}

// Signatures are drawn anew for paper, so they change neither from one time to the
// next nor with the file's other pages, and one picture is held once.
func TestSignaturesAreReproducible(t *testing.T) {
	print := func(n int) []byte {
		var b bytes.Buffer
		var list []Certificate
		for range n {
			list = append(list, fullCertificate(t, "Åsa Öhman"))
		}
		if _, err := press(t).Certificates(t.Context(), &b, list, CertificateOptions{}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(print(2), print(2)) {
		t.Error("certificates with signatures differ from one time to the next")
	}
	if one, many := len(print(1)), len(print(20)); many > one+19*12_000 {
		t.Errorf("a certificate more takes %d bytes", (many-one)/19)
	}
}
