package paper

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode"
)

var (
	errNotTrueType = errors.New("not a TrueType font (.ttf with outlines of its own; .otf and .ttc cannot be used)")
	errNoUnicode   = errors.New("has no Unicode table that gofpdf can read (cmap format 4)")
	errTruncated   = errors.New("is cut off or damaged")
	errNoEmbedding = errors.New("does not allow embedding")
)

// coverage says which characters of the Basic Multilingual Plane a font can print, and how wide each is in
// thousandths of its size. Values are stored plus one; zero is "has no glyph".
type coverage struct{ pages [256]*[256]uint16 }

func (c *coverage) width(r rune) (int, bool) {
	if r < 0 || r > 0xFFFF {
		return 0, false
	}
	p := c.pages[r>>8]
	if p == nil || p[r&255] == 0 {
		return 0, false
	}
	return int(p[r&255]) - 1, true
}

func (c *coverage) set(r, width int) {
	p := c.pages[r>>8]
	if p == nil {
		p = new([256]uint16)
		c.pages[r>>8] = p
	}
	p[r&255] = uint16(width + 1)
}

// ttf reads big-endian numbers; a read past the end sets bad instead of panicking, to be checked once.
type ttf struct {
	b      []byte
	tables map[string]int
	bad    bool
}

func (t *ttf) u16(at int) int {
	if at < 0 || at+2 > len(t.b) {
		t.bad = true
		return 0
	}
	return int(binary.BigEndian.Uint16(t.b[at:]))
}

func (t *ttf) u32(at int) int { return t.u16(at)<<16 | t.u16(at+2) }

// readCoverage reads the very subtable that gofpdf will use (the first Unicode one of format 4), so that both
// agree on what is printable. Format 12 would add only characters gofpdf panics on.
func readCoverage(b []byte) (*coverage, error) {
	t := &ttf{b: b, tables: map[string]int{}}
	if v := t.u32(0); v != 0x00010000 && v != 0x74727565 {
		return nil, errNotTrueType
	}
	for i := range t.u16(4) {
		at := 12 + 16*i
		if at+16 > len(b) {
			return nil, errTruncated
		}
		t.tables[string(b[at:at+4])] = t.u32(at + 8)
	}
	for _, name := range []string{"name", "head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "post", "OS/2"} {
		if _, ok := t.tables[name]; !ok {
			return nil, errNotTrueType
		}
	}
	if fs := t.u16(t.tables["OS/2"] + 8); fs == 2 || fs&0x0300 != 0 {
		return nil, errNoEmbedding
	}
	sub := t.unicodeTable()
	if sub == 0 {
		return nil, errNoUnicode
	}
	c := t.segments(sub)
	if t.bad {
		return nil, errTruncated
	}
	return c, nil
}

func (t *ttf) unicodeTable() int {
	cmap := t.tables["cmap"]
	for i := range t.u16(cmap + 2) {
		at := cmap + 4 + 8*i
		platform, encoding := t.u16(at), t.u16(at+2)
		sub := cmap + t.u32(at+4)
		if (platform == 0 || platform == 3 && encoding == 1) && t.u16(sub) == 4 {
			return sub
		}
	}
	return 0
}

// segments walks a format 4 table: parallel arrays of last, first, delta and offset per stretch of characters.
func (t *ttf) segments(sub int) *coverage {
	c := &coverage{}
	end, n := sub+t.u16(sub+2), t.u16(sub+6)/2
	last, first := sub+14, sub+16+2*n
	delta, offset := first+2*n, first+4*n
	for i := range n {
		from, to := t.u16(first+2*i), t.u16(last+2*i)
		off := t.u16(offset + 2*i)
		for r := from; r <= to && r < 0xFFFF; r++ {
			g := r
			if off != 0 {
				at := offset + 2*i + off + 2*(r-from)
				if at >= end {
					continue
				}
				if g = t.u16(at); g == 0 {
					continue
				}
			}
			g = (g + t.u16(delta+2*i)) & 0xFFFF
			if g != 0 && (t.drawn(g) || unicode.IsSpace(rune(r))) {
				c.set(r, t.advance(g))
			}
			if t.bad {
				return c
			}
		}
	}
	return c
}

// drawn is false for glyphs without an outline: fonts map some letters to them, and those would print as blanks.
func (t *ttf) drawn(glyph int) bool {
	loca := t.tables["loca"]
	if t.u16(t.tables["head"]+50) == 0 {
		return t.u16(loca+2*glyph) != t.u16(loca+2*glyph+2)
	}
	return t.u32(loca+4*glyph) != t.u32(loca+4*glyph+4)
}

// advance rounds as gofpdf does, so that what is measured here is what the page shows.
func (t *ttf) advance(glyph int) int {
	metrics := t.u16(t.tables["hhea"] + 34)
	w := t.u16(t.tables["hmtx"] + 4*min(glyph, max(metrics-1, 0)))
	em := t.u16(t.tables["head"] + 18)
	if em == 0 {
		t.bad = true
		return 0
	}
	return min(int(math.Round(float64(w)*1000/float64(em))), math.MaxUint16-1)
}
