package public

import (
	"strings"

	"agora/app/fail"
	"agora/app/web/page"
)

// pictureCache lets browsers keep a picture for an hour: what stands at its
// address never changes, but it may have to go.
const pictureCache = "public, max-age=3600"

// Picture sends a picture of a speaker or a partner: one that was drawn anew and
// taken up. Files of any other kind have no public address of their own.
func (s Pages) Picture(v *page.Visit) error {
	f, err := v.Site.Files.ByID(v.Ctx, v.Param("picture"))
	if err != nil {
		return err
	}
	if f.EditionID != v.Edition.ID || !f.Kept || !f.Kind.Image() || !strings.HasPrefix(f.Scope, "picture:") {
		return fail.Missing("file.missing")
	}
	withheld, err := s.Speaking.Withholds(v.Ctx, f.ID)
	if err != nil {
		return err
	}
	if withheld {
		return fail.Missing("file.missing")
	}
	return v.SendFile(f, false, pictureCache)
}
