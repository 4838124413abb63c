package page

import "agora/app/edition"

// LogoPath is where the logo of somebody who is thanked is served: among the
// pictures of the edition it was sent in for. Empty without one.
func LogoPath(e edition.Edition, t edition.Thanks) string {
	if t.Logo == "" || t.LogoAt == "" {
		return ""
	}
	return "/" + e.Series.Slug + "/" + t.LogoAt + "/pictures/" + t.Logo
}

// PicturePath is where a picture of an edition is served; empty without one.
func PicturePath(e edition.Edition, id string) string {
	if id == "" {
		return ""
	}
	return e.Path() + "/pictures/" + id
}
