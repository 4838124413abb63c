package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	in := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %.200s", err, svg)
		}
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Value, "NaN") {
					t.Fatalf("%s has %s=%.60q", e.Name.Local, a.Name.Local, a.Value)
				}
			}
		}
	}
}

// What is looked at before printing, on the screen or in the list, is what printing then reports.
func TestLookingIsAsPrinting(t *testing.T) {
	p, names := press(t), oddNames(1000)
	for _, d := range Designs() {
		list := samples(names)
		_, printed := printBadges(t, p, d, list)
		looked, err := p.Look(t.Context(), d, list, BadgeOptions{Series: "CMADFI", Edition: "Jyväskylä 2027", Title: "Nimilaput"})
		if err != nil || !reflect.DeepEqual(printed, looked) {
			t.Fatalf("%s: %v; printing says %d, looking %d", d.Name, err, len(printed.Remarks), len(looked.Remarks))
		}
	}
	for i, name := range names[:120] {
		svg, report, err := p.Show(A6(), sample(name), BadgeOptions{Series: "CMADFI"})
		if err != nil || report.Printed+len(report.NeedsLook()) == 0 {
			t.Errorf("name %d %q: %v %+v", i, name, err, report)
		}
		wellFormed(t, svg)
	}
}

// A name whose letters do not all print is on the list; one that prints as it is, is not.
func TestEachPrintsOrIsListed(t *testing.T) {
	p, names := press(t), oddNames(1000)
	_, report := printBadges(t, p, Label90(), samples(names))
	if report.Printed != len(names) {
		t.Errorf("%d of %d printed", report.Printed, len(names))
	}
	listed := map[int]bool{}
	for _, r := range report.NeedsLook() {
		listed[r.Index] = true
	}
	for i, name := range names {
		clean, notes := p.pass(name)
		lost := false
		for _, n := range notes {
			lost = lost || n.kind == Dropped || n.kind == Missing || n.kind == Repaired || n.kind == Cut
		}
		if (lost || clean == "") && !listed[i] {
			t.Errorf("%q prints as %q and nobody is told", name, clean)
		}
	}
	for i, name := range plainNames {
		if _, r := printBadges(t, p, A6(), []Badge{sample(name)}); len(r.NeedsLook()) > 0 {
			t.Errorf("%d %s: %+v", i, name, r.NeedsLook())
		}
	}
}

// The view's letters stand where the PDF's stand: the same picture, drawn twice, has the same ink.
func TestTheViewIsTrue(t *testing.T) {
	p := press(t)
	svg, _, err := p.Show(Sheet8(), sample("Maximiliana-Konstantina von Württemberg"), BadgeOptions{Series: "CMADFI"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(svg, `viewBox="0 0 90 65"`) {
		t.Errorf("%.120s", svg)
	}
	// The widest coordinate of the name's outlines stays inside its box: 84 mm of 90, in points.
	furthest := 0.0
	for _, m := range regexp.MustCompile(`<path fill="#1a1c20" d="([^"]*)"`).FindAllStringSubmatch(svg, -1) {
		for _, pair := range regexp.MustCompile(`[MLQC ](-?[\d.]+) -?[\d.]+`).FindAllStringSubmatch(m[1], -1) {
			x, err := strconv.ParseFloat(pair[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			furthest = max(furthest, x)
		}
	}
	if furthest < 60*mm || furthest > 90*mm {
		t.Errorf("the ink ends at %.1f points", furthest)
	}
}

func TestLogo(t *testing.T) {
	photo := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range photo.Pix {
		photo.Pix[i] = byte(i * i >> 3)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	clear.Set(3, 3, color.NRGBA{9, 9, 9, 90})
	for name, write := range map[string]func(io.Writer) error{
		"a photograph":  func(w io.Writer) error { return jpeg.Encode(w, photo, nil) },
		"clear":         func(w io.Writer) error { return png.Encode(w, clear) },
		"a single dot":  func(w io.Writer) error { return png.Encode(w, image.NewGray(image.Rect(0, 0, 1, 1))) },
		"a long ribbon": func(w io.Writer) error { return png.Encode(w, image.NewGray(image.Rect(0, 0, 4000, 2))) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		made, err := Logo(b.Bytes())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := A6()
		d.Logo = made
		d.Elements = append(d.Elements, Element{Kind: ElementLogo, Box: Box{10, 10, 30, 20}})
		one, report := printBadges(t, press(t), d, samples(plainNames))
		two, _ := printBadges(t, press(t), d, samples(plainNames))
		if report.Printed != len(plainNames) || !bytes.Equal(one, two) || bytes.Count(one, []byte("/Subtype /Image")) != 1 {
			t.Errorf("%s: %d printed, the same %v, %d pictures", name, report.Printed, bytes.Equal(one, two), bytes.Count(one, []byte("/Subtype /Image")))
		}
		tool(t, one, "qpdf", "--check", "PDF")
	}
	for _, bad := range []string{"", "GIF89a", "no picture at all", "\x89PNG\r\n\x1a\n"} {
		if _, err := Logo([]byte(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	d := A6()
	for _, foreign := range []func(io.Writer) error{func(w io.Writer) error { return png.Encode(w, clear) }, func(w io.Writer) error { return jpeg.Encode(w, photo, nil) }} {
		var b bytes.Buffer
		if err := foreign(&b); err != nil {
			t.Fatal(err)
		}
		if d.Logo = b.Bytes(); d.Check() == nil {
			t.Error("a picture that Logo did not make passes")
		}
	}
}

func TestColoursOfRoles(t *testing.T) {
	d := A6()
	d.Roles = map[RoleKind]string{RoleSpeaker: "#ffee00"}
	if got := d.colour(RoleSpeaker, pine); got != (Colour{0xff, 0xee, 0}) || got.on() != ink {
		t.Errorf("%v, words in %v", got, got.on())
	}
	for _, k := range RoleKinds {
		if got := d.colour(k, pine); k != RoleSpeaker && got.on() != white {
			t.Errorf("%s: words in %v on %v", k, got.on(), got)
		}
	}
	d.Roles[RoleDoor] = "yellow"
	if d.Check() == nil {
		t.Error("a colour that is none passes")
	}
}

// The digest is the person's: another name, role or answer makes another, the design does not come into it.
func TestDigest(t *testing.T) {
	b := sample("Åsa Öhman")
	same := sample("Åsa Öhman")
	if b.Digest() != same.Digest() || b.Digest() == "" {
		t.Error("the same badge has two digests")
	}
	for _, change := range []func(*Badge){func(b *Badge) { b.Name += "x" }, func(b *Badge) { b.RoleKind = RoleSpeaker }, func(b *Badge) { b.Photo = PhotoNo },
		func(b *Badge) { b.First = "x" }, func(b *Badge) { b.Answers = map[string]string{"a": "b"} }, func(b *Badge) { b.QR += "x" }} {
		other := sample("Åsa Öhman")
		if change(&other); other.Digest() == b.Digest() {
			t.Errorf("%+v has the same digest", other)
		}
	}
}
