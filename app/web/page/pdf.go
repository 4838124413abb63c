package page

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v2"

	"agora/app/paper"
)

// SendPDF prints into memory and sends the file whole: an error never leaves
// half a document behind.
func (v *Visit) SendPDF(name string, print func(context.Context, *bytes.Buffer) (paper.Report, error)) error {
	var b bytes.Buffer
	report, err := print(v.Ctx, &b)
	if err != nil {
		return err
	}
	if n := len(report.NeedsLook()); n > 0 {
		v.Site.Log.Info("printed with remarks", "file", name, "remarks", n)
	}
	v.C.Set(fiber.HeaderContentType, "application/pdf")
	v.C.Set(fiber.HeaderContentDisposition, `inline; filename="`+v.Edition.Acronym()+"-"+name+`.pdf"`)
	v.C.Set(fiber.HeaderCacheControl, "no-store")
	return v.C.Send(b.Bytes())
}
