package content

import (
	"bytes"
	"image"
	_ "image/gif"  // registers the decoder
	_ "image/jpeg" // registers the decoder
	_ "image/png"  // registers the decoder
	"io"

	_ "golang.org/x/image/webp" // registers the decoder
)

// maxSide and maxPixels bound a picture by what its head says, before anything
// of it is decoded: a few bytes can tell of a picture that fills all memory.
const (
	maxSide   = 20000
	maxPixels = 120 << 20
)

// pictureKind knows pictures by how they begin.
func pictureKind(head []byte) (Kind, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, true
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return JPEG, true
	case bytes.HasPrefix(head, []byte("GIF87a")), bytes.HasPrefix(head, []byte("GIF89a")):
		return GIF, true
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return WebP, true
	}
	return "", false
}

// lookPicture reads a picture's size out of its head.
func lookPicture(r io.ReaderAt, size int64, kind Kind) (Found, error) {
	config, _, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil || config.Width < 1 || config.Height < 1 {
		return Found{}, refused("file.refused.harmed")
	}
	if config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels {
		return Found{}, refused("file.refused.pixels", "width", config.Width, "height", config.Height)
	}
	return Found{Kind: kind, Width: int64(config.Width), Height: int64(config.Height)}, nil
}
