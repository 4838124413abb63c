package page

import "agora/app/edition"

// PicturePath is where a picture of an edition is served; empty without one.
func PicturePath(e edition.Edition, id string) string {
	if id == "" {
		return ""
	}
	return e.Path() + "/pictures/" + id
}
