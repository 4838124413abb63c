package file

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"agora/app/fail"
)

// quarters is a picture whose corners are red, green, blue and white.
func quarters(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, map[[2]bool]color.NRGBA{{true, true}: {255, 0, 0, 255}, {false, true}: {0, 255, 0, 255},
				{true, false}: {0, 0, 255, 255}, {false, false}: {255, 255, 255, 255}}[[2]bool{x < w/2, y < h/2}])
		}
	}
	return img
}

// photographed writes a JPEG as a camera does: lying, with a note how it was held
// and where on earth.
func photographed(t *testing.T, img image.Image, orientation uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM\x00*\x00\x00\x00\x08")
	tiff = binary.BigEndian.AppendUint16(tiff, 2)
	for _, e := range [][3]uint32{{0x0112, 3, uint32(orientation) << 16}, {0x8825, 4, 38}} {
		tiff = binary.BigEndian.AppendUint16(tiff, uint16(e[0]))
		tiff = binary.BigEndian.AppendUint16(tiff, uint16(e[1]))
		tiff = binary.BigEndian.AppendUint32(tiff, 1)
		tiff = binary.BigEndian.AppendUint32(tiff, e[2])
	}
	tiff = append(tiff, "\x00\x00\x00\x00GPSLatitude 62.2415 N"...)
	exif := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(exif)+2))
	return append(append(head, exif...), b.Bytes()[2:]...)
}

// corners tells the colours of a picture's corners by their first letters.
func (h *house) corners(f File) string {
	h.t.Helper()
	img, _, err := image.Decode(bytes.NewReader(h.bytesOf(f)))
	h.must(err)
	b, s := img.Bounds(), ""
	for _, p := range []image.Point{{2, 2}, {b.Dx() - 3, 2}, {2, b.Dy() - 3}, {b.Dx() - 3, b.Dy() - 3}} {
		r, g, bl, _ := img.At(p.X, p.Y).RGBA()
		letter := "?"
		for l, is := range map[string]bool{"r": r>>15 == 1 && g>>15 == 0 && bl>>15 == 0, "g": r>>15 == 0 && g>>15 == 1 && bl>>15 == 0,
			"b": r>>15 == 0 && g>>15 == 0 && bl>>15 == 1, "w": r>>15 == 1 && g>>15 == 1 && bl>>15 == 1} {
			if is {
				letter = l
			}
		}
		s += letter
	}
	return s
}

// lying gives how a camera stores an upright picture, held in some way: the
// standard's own words, not the code's.
func lying(up *image.NRGBA, orientation int) *image.NRGBA {
	w, h := up.Bounds().Dx(), up.Bounds().Dy()
	sw, sh := w, h
	if orientation > 4 {
		sw, sh = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, sw, sh))
	for y := range sh {
		for x := range sw {
			// EXIF: where the stored picture's row 0 and column 0 are seen.
			at := map[int]image.Point{1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {w - 1 - y, x}, 7: {w - 1 - y, h - 1 - x}, 8: {y, h - 1 - x}}[orientation]
			out.Set(x, y, up.At(at.X, at.Y))
		}
	}
	return out
}

// Pictures are turned as they were held, cut around the focus and say nothing of
// where they were taken.
func TestPicture(t *testing.T) {
	each(t, func(h *house) {
		take := func(body []byte, c Crop) File {
			h.t.Helper()
			f, err := h.TakePicture(h.ctx, edition, "picture:1", "Kuva.jpg", bytes.NewReader(body), c)
			h.must(err)
			if b := h.bytesOf(f); bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
				h.t.Error("the camera's notes are still there")
			}
			return f
		}
		for orientation := 1; orientation <= 8; orientation++ {
			body := photographed(h.t, lying(quarters(60, 40), orientation), uint16(orientation))
			if !bytes.Contains(body, []byte("GPS")) {
				h.t.Fatal("the test's own picture tells nothing")
			}
			f := take(body, Crop{})
			if f.Width != 60 || f.Height != 40 || h.corners(f) != "rgbw" || f.Kind != "jpeg" || f.Reading != Useless || f.Kept {
				h.t.Errorf("held in way %d: %d × %d, corners %s, %+v", orientation, f.Width, f.Height, h.corners(f), f)
			}
		}
		straight := photographed(h.t, quarters(100, 50), 1)
		for c, want := range map[Crop]string{
			{20, 20, 0.1, 0.1}: "rrbb", {20, 20, 0.9, 0.9}: "ggww", {20, 20, 0.5, 0}: "rgbw", {10, 2, 0.2, 0.1}: "rgrg", {10, 2, 0.2, 1}: "bwbw", {10, 2, -5, 99}: "bwbw",
		} {
			f := take(straight, c)
			if int(f.Width) != c.Width || int(f.Height) != c.Height || c.Height > 10 && h.corners(f) != want {
				h.t.Errorf("%+v: %d × %d, corners %s, want %s", c, f.Width, f.Height, h.corners(f), want)
			}
		}
		if f := take(straight, Crop{Width: 1000, Height: 500, FocusX: 0.5, FocusY: 0.5}); f.Width != 100 || f.Height != 50 {
			h.t.Errorf("made larger: %d × %d", f.Width, f.Height)
		}
		if f := take(photographed(h.t, quarters(3000, 20), 1), Crop{}); f.Width != maxShown || f.Height != 13 {
			h.t.Errorf("a long one: %d × %d", f.Width, f.Height)
		}
	})
}

// Pictures that one can see through stay so; from a file that was sent before, a
// picture for another scope is made.
func TestPictureKinds(t *testing.T) {
	each(t, func(h *house) {
		img := quarters(40, 40)
		img.Set(20, 20, color.NRGBA{})
		var through bytes.Buffer
		h.must(png.Encode(&through, img))
		sent := h.take("Logo.png", through.Bytes())
		f, err := h.Picture(h.ctx, sent.ID, scope, "picture:7", Crop{})
		h.must(err)
		if f.Kind != "png" || f.Scope != "picture:7" || f.Name != "Logo.png" || f.EditionID != edition || f.ID == sent.ID {
			h.t.Errorf("%+v", f)
		}
		if _, err := h.Picture(h.ctx, sent.ID, "session:2", "picture:7", Crop{}); !fail.Is(err, fail.NotFound) {
			h.t.Errorf("another's file: %v", err)
		}
		document := h.take("a.pdf", pdf(1000))
		if _, err := h.Picture(h.ctx, document.ID, scope, "picture:7", Crop{}); keyOf(err) != "file.refused.no_picture" {
			h.t.Errorf("a document: %v", err)
		}
		before := len(h.stored())
		wide := bytes.Clone(through.Bytes())
		binary.BigEndian.PutUint32(wide[16:], 9000)
		binary.BigEndian.PutUint32(wide[20:], 9000)
		binary.BigEndian.PutUint32(wide[29:], crc32.ChecksumIEEE(wide[12:29]))
		for name, c := range map[string]struct {
			body []byte
			want string
		}{
			"81 million points": {wide, "file.refused.pixels"},
			"cut off":           {through.Bytes()[:through.Len()/2], "file.refused.harmed"},
			"drawn by code":     {[]byte("<svg xmlns='x'/>"), "file.refused.svg"},
			"a document":        {pdf(1000), "file.refused.mislabelled"},
			"too large":         {make([]byte, MaxPicture+1), "file.picture_too_large"},
		} {
			if _, err := h.TakePicture(h.ctx, edition, "picture:1", "a.png", bytes.NewReader(c.body), Crop{}); keyOf(err) != c.want {
				h.t.Errorf("%s: %v", name, err)
			}
		}
		if len(h.stored()) != before {
			h.t.Error("something of what was refused is stored")
		}
	})
}
