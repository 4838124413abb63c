package paper

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// A batch that is written in parts is one document: all pages, in order, the same bytes again, sound to others' eyes.
func TestALargeBatchIsOneDocument(t *testing.T) {
	p := press(t)
	list := attendees(2*partPages + 7)
	for i := range list {
		list[i].Name, list[i].Given = fmt.Sprintf("Vieras %04d", i), ""
	}
	list[3].Name, list[partPages+3].Name = "李明 3", "\xff"
	pdf, report := printBadges(t, p, A6(), list)
	again, _ := printBadges(t, p, A6(), list)
	if report.Pages != len(list) || report.Printed != len(list) || !bytes.Equal(pdf, again) {
		t.Errorf("%d pages, %d printed, the same: %v", report.Pages, report.Printed, bytes.Equal(pdf, again))
	}
	if !report.Has(3, Missing) || !report.Has(partPages+3, Repaired) {
		t.Errorf("the report lost who it is about: %+v", report.NeedsLook())
	}
	tool(t, pdf, "qpdf", "--check", "PDF")
	text := strings.Split(tool(t, pdf, "pdftotext", "PDF", "-"), "\f")
	if len(text)-1 != len(list) {
		t.Fatalf("%d pages for pdftotext", len(text)-1)
	}
	for _, i := range []int{0, partPages - 1, partPages, 2 * partPages, len(list) - 1} {
		if !strings.Contains(text[i], list[i].Name) {
			t.Errorf("page %d: %q", i, text[i])
		}
	}
	if info := tool(t, pdf, "pdfinfo", "PDF"); !strings.Contains(info, "Nimilaput") {
		t.Error(info)
	}
}

func TestABrokenPartIsNotBound(t *testing.T) {
	pdf, _ := printBadges(t, press(t), A6(), samples(plainNames[:1]))
	for _, bad := range [][]byte{nil, []byte("%PDF-1.3\n"), pdf[:len(pdf)/2], bytes.Replace(pdf, []byte("/Type /Pages"), []byte("/Type /Pagez"), 1),
		bytes.Replace(pdf, []byte("xref\n0 "), []byte("xref\n9 "), 1), bytes.Replace(pdf, []byte("/Root"), []byte("/Rood"), 1)} {
		if err := newBinder(new(bytes.Buffer)).add(bad); err == nil {
			t.Errorf("%d bytes are taken", len(bad))
		}
	}
	if err := newBinder(new(bytes.Buffer)).close(); err == nil {
		t.Error("nothing makes a document")
	}
}
