package public

import (
	"agora/app/fail"
	"agora/app/file"
	"agora/app/file/content"
	"agora/app/speaking"
	"agora/app/web/page"
	"agora/templates"
)

const (
	// portraitSize is the side of the square that is shown of a picture.
	portraitSize = 640
	// leastSide is the shorter side below which a picture would be shown blurred.
	leastSide = 120
)

// focuses say which part of a picture is kept: where faces usually are, or an end.
var focuses = map[string]file.Crop{
	"face":  {Width: portraitSize, Height: portraitSize, FocusX: 0.5, FocusY: 0.4},
	"start": {Width: portraitSize, Height: portraitSize, FocusX: 0, FocusY: 0},
	"end":   {Width: portraitSize, Height: portraitSize, FocusX: 1, FocusY: 1},
}

// speakPicturePage shows the speaker's picture as others see it.
type speakPicturePage struct {
	Top     speakTop
	Picture string
	Hidden  bool // they have said no to its being shown
	Again   bool // what was handed in is there, to be cut anew
	Upload  templates.Upload
	Focus   templates.Choice
}

func (p speakPicturePage) Shape(f *page.Frame) { f.Scripts = append(f.Scripts, "upload") }

// SpeakPicture shows the picture, to be changed.
func (s Pages) SpeakPicture(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error { return s.picturePage(v, k, v.Blank()) })
}

// SpeakPictureSave takes another picture, cuts the one that is there anew, or takes
// it away.
func (s Pages) SpeakPictureSave(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		f := v.Sent()
		if f.Has("remove") {
			if _, err := s.Speaking.RemovePicture(v.Ctx, v.Edition, k.X); err != nil {
				return err
			}
			return k.saved(v)
		}
		if bad, err := f.Failed(s.takePicture(v, k, f)); bad {
			if err != nil {
				return err
			}
			return s.picturePage(v, k, f)
		}
		v.Say("success", "flash.speak_picture")
		return v.Redirect(k.Self + "/picture")
	})
}

func (s Pages) takePicture(v *page.Visit, k ownSide, f *page.Form) error {
	crop, known := focuses[f.Get("focus")]
	if !known {
		crop = focuses["face"]
	}
	sent, err := f.File(v, "file", v.Edition.ID, k.X.Scope())
	if err != nil {
		return err
	}
	original := k.X.Original
	if sent != "" {
		// Drawn anew, so that nothing of what a camera wrote into it is kept.
		whole, err := s.Files.Picture(v.Ctx, sent, k.X.Scope(), k.X.Scope(), file.Crop{})
		if err == nil && min(whole.Width, whole.Height) < leastSide {
			err = fail.Wrong("file", "speak.picture_small", "width", whole.Width, "height", whole.Height, "least", leastSide)
		}
		if fail.Is(err, fail.Invalid) {
			f.Set("file", "").Set("file_name", "") // another has to be chosen
		}
		if err != nil {
			return err
		}
		original = whole.ID
	}
	if original == "" {
		return fail.Wrong("file", "speak.picture_missing")
	}
	cut, err := s.Files.Picture(v.Ctx, original, k.X.Scope(), k.X.PictureScope(), crop)
	if err != nil {
		return err
	}
	_, err = s.Speaking.SavePicture(v.Ctx, v.Edition, k.X, original, cut.ID)
	return err
}

func (s Pages) picturePage(v *page.Visit, k ownSide, f *page.Form) error {
	p := speakPicturePage{Hidden: k.X.Consent.Refuses(speaking.Picture), Again: k.X.Original != ""}
	if id := k.picture(); id != "" {
		p.Picture = k.Self + "/picture/" + id
	}
	p.Upload = f.Upload("file", "speak.picture_file", k.Self+"/uploads", content.JPEG, content.PNG, content.WebP)
	if !f.Has("focus") {
		f.Set("focus", "face")
	}
	var options []templates.Option
	for _, name := range []string{"face", "start", "end"} {
		options = append(options, templates.Option{Value: name, Text: v.T("speak.focus_" + name)})
	}
	p.Focus = f.Choice("focus", "speak.focus", options...)
	p.Top = k.top(v, f, "speak.picture")
	return v.Render("speak/picture", p.Top.Title, p)
}

// SpeakPictureFile sends the speaker's own picture, also one that nobody else sees.
func (s Pages) SpeakPictureFile(v *page.Visit) error {
	return s.opened(v, func(k ownSide) error {
		if v.Param("picture") != k.picture() {
			return fail.Missing("file.missing")
		}
		f, err := s.Files.ByID(v.Ctx, k.picture())
		if err != nil {
			return err
		}
		return v.SendFile(f, false, "private, no-store")
	})
}

// SpeakUploadBegin and its kin take the speaker's files part by part.
func (s Pages) SpeakUploadBegin(v *page.Visit) error {
	return s.sending(v, func(editionID, scope string) error { return v.UploadBegin(editionID, scope) })
}

// SpeakUploadState tells how far a sending has come.
func (s Pages) SpeakUploadState(v *page.Visit) error {
	return s.sending(v, func(editionID, scope string) error { return v.UploadState(editionID, scope) })
}

// SpeakUploadPart takes the next part.
func (s Pages) SpeakUploadPart(v *page.Visit) error {
	return s.sending(v, func(editionID, scope string) error { return v.UploadPart(editionID, scope) })
}

// SpeakUploadAbort ends a sending.
func (s Pages) SpeakUploadAbort(v *page.Visit) error {
	return s.sending(v, func(editionID, scope string) error { return v.UploadAbort(editionID, scope) })
}

// sending opens the link without drawing anything: a program is answered.
func (s Pages) sending(v *page.Visit, then func(editionID, scope string) error) error {
	x, err := s.Speaking.ByToken(v.Ctx, v.Param("token"))
	if err != nil {
		return err
	}
	return then(x.EditionID, x.Scope())
}
