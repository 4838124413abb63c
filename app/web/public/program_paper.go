package public

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/gofiber/fiber/v2"

	"agora/app/fail"
	"agora/app/paper"
	"agora/app/web/page"
)

// ProgramPDF is the newest released programme on paper, in the language of the
// page: ?design=list, grid or pocket. It is printed once for everybody.
func (s Pages) ProgramPDF(v *page.Visit) error {
	layout := paper.Layout(v.Query("design"))
	if !slices.Contains(paper.Layouts[:], layout) {
		layout = paper.List
	}
	p, err := s.Program.Programme(v.Ctx, v.Edition)
	if err != nil {
		return err
	}
	if p.Empty() {
		return fail.Missing("papers.no_program")
	}
	v.C.Set(fiber.HeaderContentDisposition, `inline; filename="`+v.Edition.Acronym()+"-"+string(layout)+`.pdf"`)
	key := fmt.Sprintf("program.pdf\x00%s\x00%s\x00%s\x00%d", v.Edition.ID, v.Lang, layout, v.Edition.Revision)
	return v.SendMade(key, "no-cache", func() ([]byte, string, error) {
		var b bytes.Buffer
		_, err := s.Paper.Press.Programme(v.Ctx, &b, v.PaperProgramme(p), layout)
		return b.Bytes(), "application/pdf", err
	})
}
