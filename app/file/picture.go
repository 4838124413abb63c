package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/draw"

	"agora/app/fail"
	"agora/app/file/content"
)

const (
	// maxDecoded bounds the memory of one decoded picture; it holds 50 million
	// points, more than phones take. One is decoded at a time.
	maxDecoded = 200 << 20
	// maxShown is the longest side of a picture that is not cut to a box.
	maxShown    = 2000
	jpegQuality = 85
)

// Crop says what of a picture is kept: a box of Width by Height around the focus,
// which is told in parts of the picture (0.5, 0.5 is its middle). Without Width
// nothing is cut off. Pictures are made smaller, never larger.
type Crop struct {
	Width, Height  int
	FocusX, FocusY float64
}

// TakePicture takes a picture: turned upright, cut, and drawn anew, so that
// nothing stays of what its camera wrote into it.
func (s *Service) TakePicture(ctx context.Context, editionID, scope, name string, r io.Reader, c Crop) (File, error) {
	w, err := s.receive(r, MaxPicture, pictureTooLarge)
	if err != nil {
		return File{}, err
	}
	defer w.Close()
	return s.redraw(ctx, w, File{EditionID: editionID, Scope: scope, Name: name}, c)
}

func pictureTooLarge() error {
	return fail.Wrong(content.Field, "file.picture_too_large", "max", MaxPicture>>20)
}

// Picture makes a picture of toScope from a file that was sent in for scope, which
// is left as it is.
func (s *Service) Picture(ctx context.Context, fileID, scope, toScope string, c Crop) (File, error) {
	f, err := s.ByID(ctx, fileID)
	switch {
	case err != nil:
		return File{}, err
	case f.Scope != scope:
		return File{}, fail.Missing("file.missing")
	case !f.Kind.Image():
		return File{}, fail.Wrong(content.Field, "file.refused.no_picture", "kind", f.Kind.Label())
	}
	r, err := s.Open(ctx, f, 0, -1)
	if err != nil {
		return File{}, s.away(err)
	}
	defer r.Close()
	return s.TakePicture(ctx, f.EditionID, toScope, f.Name, r, c)
}

// redraw decodes, turns, cuts and encodes.
func (s *Service) redraw(ctx context.Context, w *whole, f File, c Crop) (File, error) {
	found, err := content.Recognise(w, w.size, f.Name)
	if err != nil {
		return File{}, err
	}
	if !found.Kind.Image() {
		return File{}, fail.Wrong(content.Field, "file.refused.no_picture", "kind", found.Kind.Label())
	}
	select {
	case s.drawing <- struct{}{}:
		defer func() { <-s.drawing }()
	case <-ctx.Done():
		return File{}, fail.Later(awayPause, ctx.Err())
	}
	src, err := decodePicture(w, found)
	if err != nil {
		return File{}, err
	}
	dst := cut(src, content.Orientation(w, w.size, found.Kind), c)
	body, kind, err := encodePicture(dst, found.Kind)
	if err != nil {
		return File{}, err
	}
	out, err := s.newWhole()
	if err != nil {
		return File{}, err
	}
	defer out.Close()
	if _, err := out.Write(body); err != nil {
		return File{}, s.away(err)
	}
	f.Kind, f.Width, f.Height = kind, int64(dst.Bounds().Dx()), int64(dst.Bounds().Dy())
	return s.keepBytes(ctx, out, f, nil)
}

// decodePicture decodes what its head says will fit. A decoder that panics over a
// made-up picture has met a harmed one.
func decodePicture(w *whole, found content.Found) (img image.Image, err error) {
	harmed := fail.Wrong(content.Field, "file.refused.harmed")
	defer func() {
		if p := recover(); p != nil {
			img, err = nil, errors.Join(harmed, fmt.Errorf("panic while decoding: %v", p))
		}
	}()
	section := io.NewSectionReader(w, 0, w.size)
	config, _, err := image.DecodeConfig(section)
	if err != nil {
		return nil, harmed
	}
	bytesPer := int64(4)
	if _, _, _, a := config.ColorModel.Convert(deep{}).RGBA(); a == deepAlpha {
		bytesPer = 8
	}
	if found.Width*found.Height*bytesPer > maxDecoded {
		return nil, fail.Wrong(content.Field, "file.refused.pixels", "width", found.Width, "height", found.Height)
	}
	if _, err = section.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if img, _, err = image.Decode(section); err != nil {
		return nil, harmed
	}
	return img, nil
}

// deep is a colour that only a model of 16 bits keeps as it is.
type deep struct{}

const deepAlpha = 0x1234

// RGBA gives the colour.
func (deep) RGBA() (r, g, b, a uint32) { return 0, 0, 0, deepAlpha }

// cut turns a picture upright, cuts the box out of it and makes it as small as
// the box, in one drawing.
func cut(src image.Image, orientation int, c Crop) *image.NRGBA {
	b := src.Bounds()
	w, h := b.Dx(), b.Dy()
	if orientation > 4 {
		w, h = h, w
	}
	part := box(w, h, c)
	scale := 1.0
	if c.Width > 0 {
		scale = min(1, float64(c.Width)/float64(part.Dx()))
	} else {
		scale = min(1, maxShown/float64(max(w, h)))
	}
	width, height := max(1, int(math.Round(float64(part.Dx())*scale))), max(1, int(math.Round(float64(part.Dy())*scale)))
	lying := image.Rect(0, 0, width, height)
	if orientation > 4 {
		lying = image.Rect(0, 0, height, width)
	}
	// Drawn lying, as it is stored, and then turned: the small one is turned, not the large.
	small := image.NewNRGBA(lying)
	draw.CatmullRom.Scale(small, lying, src, turnBack(part, w, h, orientation).Add(b.Min), draw.Src, nil)
	return turn(small, orientation)
}

// box is the part of an upright picture that is kept.
func box(w, h int, c Crop) image.Rectangle {
	if c.Width <= 0 || c.Height <= 0 {
		return image.Rect(0, 0, w, h)
	}
	bw, bh := w, int(math.Round(float64(w)*float64(c.Height)/float64(c.Width)))
	if bh > h {
		bw, bh = int(math.Round(float64(h)*float64(c.Width)/float64(c.Height))), h
	}
	bw, bh = max(1, min(bw, w)), max(1, min(bh, h))
	x := clamp(int(math.Round(within(c.FocusX)*float64(w)))-bw/2, w-bw)
	y := clamp(int(math.Round(within(c.FocusY)*float64(h)))-bh/2, h-bh)
	return image.Rect(x, y, x+bw, y+bh)
}

// within keeps a focus inside of the picture; what is no number is its middle.
func within(f float64) float64 {
	if math.IsNaN(f) {
		return 0.5
	}
	return min(max(f, 0), 1)
}

func clamp(at, most int) int { return min(max(at, 0), most) }

// place tells where a point of the upright picture of w by h lies in the stored one.
func place(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

// turnBack gives the stored part of an upright part.
func turnBack(part image.Rectangle, w, h, orientation int) image.Rectangle {
	x0, y0 := place(part.Min.X, part.Min.Y, w, h, orientation)
	x1, y1 := place(part.Max.X-1, part.Max.Y-1, w, h, orientation)
	return image.Rect(min(x0, x1), min(y0, y1), max(x0, x1)+1, max(y0, y1)+1)
}

// turn gives the stored picture upright.
func turn(src *image.NRGBA, orientation int) *image.NRGBA {
	if orientation <= 1 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if orientation > 4 {
		w, h = h, w
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := place(x, y, w, h, orientation)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// encodePicture keeps what one can see through, and drawings while they are
// small, as PNG; everything else is a photograph.
func encodePicture(img *image.NRGBA, was Kind) ([]byte, Kind, error) {
	var drawn, photo bytes.Buffer
	opaque := img.Opaque()
	if !opaque || was == content.PNG || was == content.GIF {
		if err := png.Encode(&drawn, img); err != nil {
			return nil, "", err
		}
		if !opaque {
			return drawn.Bytes(), content.PNG, nil
		}
	}
	if err := jpeg.Encode(&photo, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return nil, "", err
	}
	if drawn.Len() > 0 && drawn.Len() < 2*photo.Len() {
		return drawn.Bytes(), content.PNG, nil
	}
	return photo.Bytes(), content.JPEG, nil
}
