package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"

	"agora/app/demo"
	"agora/app/edition"
	"agora/app/file"
	"agora/app/material"
	"agora/app/program"
	"agora/app/speaking"
	"agora/app/text"
)

// pngOf is a PNG of that size, dark on its left and light on its right.
func pngOf(width, height int) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			img.SetGray(x, y, color.Gray{Y: uint8(x * 255 / width)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// linked gives a speaker of the edition a link; their name is part of the slug.
func (h *webHouse) linked(e edition.Edition, slug, email string) speaking.Speaking {
	h.t.Helper()
	x, err := h.Speaking.Prepare(h.t.Context(), "", e, h.speaker(e, slug).ID, email, text.Finnish)
	h.must(err)
	return x
}

func (h *webHouse) side(e edition.Edition, speakerID string) speaking.Speaking {
	h.t.Helper()
	x, err := h.Speaking.Of(h.t.Context(), e, speakerID)
	h.must(err)
	return x
}

// speak is the path of a speaker's own pages.
func (h *webHouse) speak(x speaking.Speaking) string { return "/speak/" + h.Speaking.Token(x) }

// aSpeakersSide are real addresses of every page behind a link: of a speaker of the
// past day, with a picture, a piece of material and questions.
func (h *webHouse) aSpeakersSide() map[string]string {
	h.t.Helper()
	ctx, e := h.t.Context(), h.find(demo.Archive)
	draft, err := h.Program.Draft(ctx, e)
	h.must(err)
	var who *program.Speaker
	var asked []speaking.Asked
	for _, one := range draft.Speakers {
		if list, err := h.Speaking.Questions(ctx, one); err == nil && len(list) > 0 {
			who, asked = one, list
			break
		}
	}
	x := h.linked(e, who.Slug, "puhuja@agora.test")
	whole, err := h.Files.TakePicture(ctx, e.ID, x.Scope(), "kuva.png", bytes.NewReader(pngOf(900, 700)), file.Crop{})
	h.must(err)
	cut, err := h.Files.Picture(ctx, whole.ID, x.Scope(), x.PictureScope(), file.Crop{Width: 320, Height: 320})
	h.must(err)
	_, err = h.Speaking.SavePicture(ctx, e, x, whole.ID, cut.ID)
	h.must(err)
	session := asked[0].Of
	f, err := h.Files.Take(ctx, e.ID, x.Scope(), "kalvot.txt", strings.NewReader("Kalvot tekstinä.\n"))
	h.must(err)
	m, err := h.Material.Add(ctx, material.Author{Speaker: who.ID}, e, session.ID, material.Input{Kind: material.Slides, FileID: f.ID})
	h.must(err)
	u, err := h.Files.Begin(ctx, e.ID, x.Scope(), "puhe.pdf", 10)
	h.must(err)
	base := h.speak(x)
	put := strings.NewReplacer("/speak/:token", base, ":slug", session.Slug, ":picture", cut.ID, ":material", m.ID, ":question", asked[0].ID, ":upload", u.ID)
	paths := map[string]string{}
	for _, r := range routes(nil) {
		if strings.HasPrefix(r.path, "/speak/") {
			paths[r.path] = put.Replace(r.path)
		}
	}
	return paths
}

// endedLink is one that was renewed.
func (h *webHouse) endedLink() string {
	h.t.Helper()
	e := h.find(demo.Coming)
	draft, err := h.Program.Draft(h.t.Context(), e)
	h.must(err)
	i := slices.IndexFunc(draft.Speakers, func(who *program.Speaker) bool { return len(who.Sessions) > 0 })
	x := h.linked(e, draft.Speakers[i].Slug, "")
	_, err = h.Speaking.Renew(h.t.Context(), "", e, x.SpeakerID)
	h.must(err)
	return h.speak(x)
}
