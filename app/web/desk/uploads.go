package desk

import (
	"slices"
	"strings"

	"agora/app/fail"
	"agora/app/program"
	"agora/app/web/page"
)

// UploadBegin lets an organiser send a file in parts, for what ?for= names:
// edition:ID, session:ID, speaker:ID, or picture:ID of a speaker or the edition.
func (s Pages) UploadBegin(v *page.Visit) error {
	kind, id, _ := strings.Cut(v.Query("for"), ":")
	known := (kind == "edition" || kind == "picture") && id == v.Edition.ID
	if !known && id != "" {
		draft, err := v.Site.Program.Draft(v.Ctx, v.Edition)
		if err != nil {
			return err
		}
		switch kind {
		case "session":
			known = draft.ByID(id) != nil
		case "speaker", "picture":
			known = slices.ContainsFunc(draft.Speakers, func(s *program.Speaker) bool { return s.ID == id })
		}
	}
	if !known {
		return fail.Missing("file.upload_gone")
	}
	return v.UploadBegin(v.Edition.ID, v.Query("for"))
}

// UploadState tells how far a sending came.
func (s Pages) UploadState(v *page.Visit) error { return v.UploadState(v.Edition.ID, v.Query("for")) }

// UploadPart takes the next part.
func (s Pages) UploadPart(v *page.Visit) error { return v.UploadPart(v.Edition.ID, v.Query("for")) }

// UploadAbort gives a sending up.
func (s Pages) UploadAbort(v *page.Visit) error { return v.UploadAbort(v.Edition.ID, v.Query("for")) }
