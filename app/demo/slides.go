package demo

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jung-kurt/gofpdf"

	"agora/app/edition"
	"agora/app/material"
)

// deckText is a speaker's slides: one page for each heading.
type deckText struct {
	Session, Name, Speaker string
	Pages                  []struct {
		Heading string
		Lines   []string
	}
}

// handIn puts files of slides in the place of the links that the day began with:
// the addresses stay, and the words in them are found.
func (h *house) handIn(ctx context.Context, e edition.Edition, at time.Time) error {
	var decks []deckText
	if err := read("2016-slides", &decks); err != nil {
		return err
	}
	p, err := h.program.Programme(ctx, e)
	if err != nil {
		return err
	}
	for _, d := range decks {
		x := p.BySlug(d.Session)
		if x == nil {
			return fmt.Errorf("no session %s", d.Session)
		}
		h.clock.set(at)
		if err := h.handInDeck(ctx, e, x.ID, d); err != nil {
			return fmt.Errorf("the slides of %s: %w", d.Session, err)
		}
	}
	return nil
}

func (h *house) handInDeck(ctx context.Context, e edition.Edition, sessionID string, d deckText) error {
	by := material.Organiser(h.organiser)
	list, err := h.material.OfSession(ctx, e, sessionID)
	if err != nil {
		return err
	}
	pdf, err := d.print(h.clock.now())
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Kind != material.Slides {
			continue
		}
		f, err := h.files.Take(ctx, e.ID, by.Scope(sessionID), d.Name, bytes.NewReader(pdf))
		if err != nil {
			return err
		}
		_, err = h.material.NewVersion(ctx, by, e, m.ID, material.Source{FileID: f.ID})
		return err
	}
	return fmt.Errorf("it has none")
}

// Colours of the slides: the hall's ground, its ink and its seats.
var (
	slidePaper = [3]int{250, 249, 245}
	slideInk   = [3]int{28, 28, 30}
	slideSeat  = [3]int{13, 92, 80}
)

// print makes the file: wide pages, the first and last with the rows of the hall.
func (d deckText) print(at time.Time) ([]byte, error) {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "mm", Size: gofpdf.SizeType{Wd: 320, Ht: 180}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.SetMargins(28, 24, 28)
	pdf.SetAutoPageBreak(false, 0)
	latin := pdf.UnicodeTranslatorFromDescriptor("")
	pdf.SetTitle(d.Pages[0].Heading, true)
	pdf.SetAuthor(d.Speaker, true)
	for i, page := range d.Pages {
		cover := i == 0 || i == len(d.Pages)-1
		pdf.AddPage()
		pdf.SetFillColor(slidePaper[0], slidePaper[1], slidePaper[2])
		pdf.Rect(0, 0, 320, 180, "F")
		top, size := 26.0, 34.0
		if cover {
			drawHall(pdf)
			top, size = 104, 44
		}
		pdf.SetTextColor(slideInk[0], slideInk[1], slideInk[2])
		pdf.SetFont("Helvetica", "B", size)
		pdf.SetXY(28, top)
		pdf.MultiCell(264, size*.42, latin(page.Heading), "", "L", false)
		pdf.Ln(7)
		pdf.SetFont("Helvetica", "", 22)
		for _, line := range page.Lines {
			if !cover {
				pdf.SetFillColor(slideSeat[0], slideSeat[1], slideSeat[2])
				pdf.Circle(31, pdf.GetY()+5.5, 2, "F")
				pdf.SetX(40)
			}
			pdf.MultiCell(320-28-pdf.GetX(), 11, latin(line), "", "L", false)
			pdf.Ln(5)
		}
	}
	var b bytes.Buffer
	err := pdf.Output(&b)
	return b.Bytes(), err
}

// drawHall draws three rows of seats above the words of a cover.
func drawHall(pdf *gofpdf.Fpdf) {
	pdf.SetFillColor(slideSeat[0], slideSeat[1], slideSeat[2])
	for row := range 3 {
		seats, radius := 9+4*row, 34+float64(row)*14
		for i := range seats {
			angle := math.Pi * float64(i) / float64(seats-1)
			pdf.Circle(98-radius*math.Cos(angle), 90-radius*math.Sin(angle), 3, "F")
		}
	}
}
